"""`mojibake-fix decode`: turn a file of any encoding into UTF-8, and say what was lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mojibake_fix.commands._shared import STDIN, complain, read, shown, write
from mojibake_fix.failure import Failure

if TYPE_CHECKING:
    from mojibake_fix.records_bytes import Decoded

LOST = 1

SHOWN = 10
"""Lost bytes that are reported one by one."""


@click.command()
@click.argument("path", default=STDIN, metavar="[FILE]")
@click.option("--encoding", "-e", metavar="LABEL", help="The encoding, as browsers read it; detected by default.")
@click.option("--declared", metavar="LABEL", help="What an HTTP header says: evidence for the detector.")
@click.option("--hint", metavar="LANG", help="A language (zh, zh-Hant, ja) or a top-level domain (tw).")
@click.option("--output", "-o", metavar="FILE", help="Write to a file.")
@click.option("--json", "as_json", is_flag=True, help="Print the encoding, segments and losses instead of the text.")
@click.option("--exit-code", is_flag=True, help="Leave with 1 if bytes were lost.")
def command(
    path: str,
    encoding: str | None,
    declared: str | None,
    hint: str | None,
    output: str | None,
    as_json: bool,
    exit_code: bool,
) -> int:
    """Decode FILE (or standard input) to UTF-8. Inputs that mix encodings are decoded stretch by stretch.

    What the encoding was, and each byte that stands for no character, goes to standard error.

    \b
      mojibake-fix decode big5.txt > utf8.txt
      mojibake-fix decode --encoding gb2312 page.html -o page.utf8.html

    Exit status: 0 decoded; 1 with --exit-code, where bytes were lost; 2 the file is binary or could not be read.
    """
    from mojibake_fix.decode import decode
    from mojibake_fix.labels import UnknownEncodingError

    try:
        decoded = decode(read(path), encoding, declared=declared, hint=hint)
    except UnknownEncodingError as error:
        raise Failure(str(error)) from error
    if decoded.encoding is None:
        raise Failure(f"{shown(path)}: binary data, not text; --encoding LABEL decodes it all the same")
    if as_json:
        click.echo(decoded.to_json())
    else:
        _report(decoded, shown(path))
        _deliver(decoded.text.encode("utf-8", "replace"), output)
    return LOST if decoded.losses and exit_code else 0


def _deliver(data: bytes, output: str | None) -> None:
    if output is None:
        write(data)
        return
    from mojibake_fix.corpus.atomic import replacing

    with replacing(Path(output)) as file:
        file.write(data)


def _report(decoded: Decoded, name: str) -> None:
    if decoded.mixed:
        complain(f"{name}: mixed encodings")
        for segment in decoded.segments:
            complain(f"  bytes {segment.start}-{segment.end}: {segment.encoding}")
    elif decoded.detection is not None:
        complain(f"{name}: {decoded.encoding} (probability {decoded.detection.probability:.3f})")
    for loss in decoded.losses[:SHOWN]:
        complain(f"{name}: lost at offset {loss.offset}: {loss.data[:8].hex(' ').upper()} ({loss.why})")
    if len(decoded.losses) > SHOWN:
        complain(f"{name}: and {len(decoded.losses) - SHOWN} more places")
