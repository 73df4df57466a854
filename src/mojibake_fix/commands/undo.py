"""`mojibake-fix undo`: give the source back."""

from __future__ import annotations

import json
from pathlib import Path

import click

from mojibake_fix.commands._shared import STDIN, read, shown, text_of, write
from mojibake_fix.failure import Failure
from mojibake_fix.records import Plan


@click.command()
@click.argument("path", default=STDIN, metavar="[FILE]")
@click.option("--plan", "plan_path", required=True, metavar="PLAN", help="What `explain --json` printed.")
def command(path: str, plan_path: str) -> int:
    """Undo a repair: from the repaired FILE (or standard input) and its plan, print the source.

    \b
      mojibake-fix explain --json broken.txt > plan.json
      mojibake-fix fix broken.txt > repaired.txt
      mojibake-fix undo repaired.txt --plan plan.json

    Exit status: 0 undone; 2 the plan is not the one of this file, or something could not be read.
    """
    mark, text = text_of(read(path), path)
    try:
        document = json.loads(Path(plan_path).read_bytes())
        plan = Plan.from_json(json.dumps(document["plan"]))
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(f"{plan_path}: not a plan that `mojibake-fix explain --json` printed ({error})") from error
    try:
        write(mark + plan.undo(text).encode())
    except ValueError as error:
        raise Failure(f"{shown(path)}: {error}") from error
    return 0
