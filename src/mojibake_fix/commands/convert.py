"""`mojibake-fix convert`: between Simplified and Traditional Chinese."""

from __future__ import annotations

import json

import click

from mojibake_fix.commands._shared import STDIN, read, shown, text_of, write
from mojibake_fix.failure import ERROR, Failure


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@click.option(
    "--to", required=True, help="zh-Hans, zh-Hant, zh-Hant-TW, zh-Hant-HK, ..., or an OpenCC configuration (s2twp)."
)
@click.option(
    "--from", "source", type=click.Choice(["hans", "hant", "tw", "hk"]), help="Script of the source; found by itself."
)
@click.option("--protect", "-p", multiple=True, metavar="WORD", help="A word that stays as it is; may be given again.")
@click.option("--choices", is_flag=True, help="List the ambiguous characters as JSON lines instead of converting.")
def command(paths: tuple[str, ...], to: str, source: str | None, protect: tuple[str, ...], choices: bool) -> int:
    """Convert FILEs (or standard input) between Simplified and Traditional Chinese, to standard output.

    URLs and code in backticks stay as they are.

    \b
      mojibake-fix convert --to zh-Hant-TW article.txt
      mojibake-fix convert --to zh-Hans --protect 乾隆 < article.txt
      mojibake-fix convert --to zh-Hant --choices article.txt

    Exit status: 0 done; 2 a file could not be read, or the target is unknown.
    """
    failed = False
    for path in paths or (STDIN,):
        try:
            mark, text = text_of(read(path), path)
            write(_listed(text, path, to, source, protect) if choices else mark + _converted(text, to, source, protect))
        except BrokenPipeError:
            raise
        except (Failure, OSError) as error:
            (error if isinstance(error, Failure) else Failure.of(error)).show()
            failed = True
    return ERROR if failed else 0


def _converted(text: str, to: str, source: str | None, protect: tuple[str, ...]) -> bytes:
    from mojibake_fix.convert import convert

    try:
        return convert(text, to, source=source, protect=protect).encode("utf-8")
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _listed(text: str, path: str, to: str, source: str | None, protect: tuple[str, ...]) -> bytes:
    """One line of JSON for each ambiguous character: where it is, what it became, what else it might have become."""
    from mojibake_fix.convert import conversion

    try:
        found = conversion(text, to, source=source, protect=protect)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    rows = (
        {
            "file": shown(path),
            "position": choice.position,
            "character": choice.character,
            "chosen": choice.chosen,
            "alternatives": {value: round(odds, 2) for value, odds in choice.alternatives},
        }
        for choice in found.choices
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode("utf-8", "surrogatepass")
