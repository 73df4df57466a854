"""`mojibake-fix identify`: which script, which region."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from mojibake_fix.commands._shared import STDIN, read, shown, text_of, write
from mojibake_fix.failure import ERROR, Failure


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a file, with the evidence.")
def command(paths: tuple[str, ...], as_json: bool) -> int:
    """Tell the script of FILEs (or standard input).

    It is simplified, traditional, mixed, japanese, korean, other or undecidable; then the region, and Cantonese.

    \b
      mojibake-fix identify *.txt
      mojibake-fix identify --json article.txt

    Exit status: 0 done; 2 a file could not be read.
    """
    from mojibake_fix.script import identify

    failed = False
    for path in paths or (STDIN,):
        try:
            _, text = text_of(read(path), path)
            found = identify(text)
            if as_json:
                line = json.dumps({"file": shown(path), **asdict(found)}, ensure_ascii=False)
            else:
                details = [found.region, "cantonese" if found.cantonese else None]
                line = "\t".join([shown(path), " ".join(filter(None, [found.script, *details]))])
            write(f"{line}\n".encode("utf-8", "surrogatepass"))
        except BrokenPipeError:
            raise
        except (Failure, OSError) as error:
            (error if isinstance(error, Failure) else Failure.of(error)).show()
            failed = True
    return ERROR if failed else 0
