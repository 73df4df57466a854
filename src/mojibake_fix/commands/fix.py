"""`mojibake-fix fix`: repair files."""

from __future__ import annotations

from pathlib import Path

import click

from mojibake_fix.commands._shared import STDIN, policy_option, read, shown, text_of, write
from mojibake_fix.failure import ERROR, Failure
from mojibake_fix.records import Policy

CHANGED = 1


@click.command()
@click.argument("paths", nargs=-1, metavar="[FILE]...")
@policy_option
@click.option("--in-place", "-i", is_flag=True, help="Replace each file by its repair, atomically.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--exit-code", is_flag=True, help="Leave with 1 if anything was changed, or would be.")
def command(paths: tuple[str, ...], policy: Policy, in_place: bool, diff: bool, exit_code: bool) -> int:
    """Repair FILEs (or standard input) to standard output, or in place.

    Clean text comes out byte for byte as it went in; line ends and byte order marks are kept.

    \b
      mojibake-fix fix broken.txt > repaired.txt
      curl -s https://example.org/page | mojibake-fix fix
      mojibake-fix fix --diff *.md
      mojibake-fix fix --in-place *.md

    Exit status: 0 done; 1 with --exit-code, where something was changed or would be; 2 a file could not be read or
    written (the other files are done all the same).
    """
    paths = paths or (STDIN,)
    if in_place and diff:
        raise click.UsageError("--in-place and --diff exclude each other")
    if in_place and STDIN in paths:
        raise click.UsageError("--in-place needs files; standard input has no place")
    changed = failed = False
    for path in paths:
        try:
            changed |= _fix(path, policy, in_place=in_place, diff=diff)
        except BrokenPipeError:
            raise
        except (Failure, OSError) as error:
            (error if isinstance(error, Failure) else Failure.of(error)).show()
            failed = True
    if failed:
        return ERROR
    return CHANGED if changed and exit_code else 0


def _fix(path: str, policy: Policy, *, in_place: bool, diff: bool) -> bool:
    """Repair one file; tell whether that changes it."""
    from mojibake_fix.atomic import replacing
    from mojibake_fix.repair import explain

    data = read(path)
    mark, text = text_of(data, path)
    repair = explain(text, policy)
    repaired = mark + repair.text.encode("utf-8") if repair.changed else data
    if diff:
        from mojibake_fix.reports.diff import print_diff

        print_diff(text, repair.text, shown(path))
    elif not in_place:
        write(repaired)
    elif repair.changed:
        with replacing(Path(path)) as file:
            file.write(repaired)
    return repair.changed
