"""`mojibake-fix detect`: say which encoding files are in."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mojibake_fix.commands._shared import STDIN, complain, shown
from mojibake_fix.failure import ERROR, Failure

if TYPE_CHECKING:
    from mojibake_fix.records_bytes import Detection


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a file, with all candidates.")
@click.option("--declared", metavar="LABEL", help="What an HTTP header says: evidence, never an order.")
@click.option("--candidate", "candidates", multiple=True, metavar="LABEL", help="Only these encodings; repeatable.")
@click.option("--hint", metavar="LANG", help="A language (zh, zh-Hant, ja) or a top-level domain (tw).")
def command(
    paths: tuple[str, ...], as_json: bool, declared: str | None, candidates: tuple[str, ...], hint: str | None
) -> int:
    """Detect the encoding of files, or of standard input; of a large file only as much is read as is needed.

    Printed are the encoding, the codec of Python, the probability, what decided, and the language.

    \b
      mojibake-fix detect *.txt
      mojibake-fix detect --json page.html
      mojibake-fix detect --candidate utf-8 --candidate gbk --candidate big5 table.csv

    Exit status: 0 done; 2 a file could not be read.
    """
    from mojibake_fix.detect_stream import detect_stream
    from mojibake_fix.labels import UnknownEncodingError

    status = 0
    names = paths or (STDIN,)
    width = max(len(shown(path)) for path in names)
    for path in names:
        try:
            with contextlib.nullcontext(sys.stdin.buffer) if path == STDIN else Path(path).open("rb") as stream:
                found = detect_stream(stream, declared=declared, candidates=candidates or None, hint=hint)
        except UnknownEncodingError as error:
            raise Failure(str(error)) from error
        except OSError as error:
            complain(Failure.of(error).message)
            status = ERROR
            continue
        click.echo(_as_json(path, found) if as_json else f"{shown(path):{width}}  {_row(found)}")
        sys.stdout.flush()
    return status


def _as_json(path: str, found: Detection) -> str:
    return json.dumps({"path": path, "binary": found.binary, **found.to_dict()})


def _row(found: Detection) -> str:
    """One line of the table."""
    encoding = found.encoding or "binary"
    return f"{encoding:14} {found.codec or '-':12} {found.probability:5.3f}  {found.basis:10} {found.language}".rstrip()
