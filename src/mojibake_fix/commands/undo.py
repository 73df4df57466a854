"""`mojibake-fix undo`: give the source back."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from mojibake_fix.commands._shared import STDIN, complain, find, input_options, read, shown, text_of, write
from mojibake_fix.failure import ERROR, Failure
from mojibake_fix.records import Plan


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--plan", "plan_path", metavar="PLAN", help="What `explain --json` printed, or a sidecar; for one file.")
@click.option("--plan-column", metavar="NAME", help="The column or field that carries each record's plan.")
@click.option("--in-place", "-i", is_flag=True, help="Replace each file by its source, and remove its sidecar.")
@input_options
def command(
    paths: tuple[str, ...],
    plan_path: str | None,
    plan_column: str | None,
    in_place: bool,
    format_name: str | None,
    fields: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
) -> int:
    """Undo repairs: from repaired files and what was kept of the repair, give the sources back to the byte.

    Without an option, FILE.plan.jsonl beside each file says what to undo. Of compressed files the content is given back
    to the byte, of Parquet the values.

    \b
      mojibake-fix fix --in-place --sidecar corpus/       mojibake-fix undo --in-place corpus/
      mojibake-fix fix --plan-column why a.jsonl > b.jsonl    mojibake-fix undo --plan-column why b.jsonl
      mojibake-fix explain --json a.txt > plan.json           mojibake-fix undo b.txt --plan plan.json

    Exit status: 0 undone; 2 a file could not be read or written, or was changed after it was repaired (everything else is
    undone all the same).
    """
    from mojibake_fix.corpus.sidecar import Sidecar

    del fields
    if plan_path is not None and plan_column is not None:
        raise click.UsageError("--plan and --plan-column exclude each other")
    if plan_path is not None:
        if len(paths) > 1 or in_place:
            raise click.UsageError("--plan undoes one file, to standard output")
        path = paths[0] if paths else STDIN
        plan = _explained(plan_path)
        if plan is not None:
            _undo_text(path, plan)
        else:
            _undo(Path(path), Sidecar.open(Path(plan_path)), plan_column, format_name, in_place=False)
        return 0
    for path in () if in_place else paths:
        if Path(path).is_dir():
            raise Failure(f"{path}: is a directory; say --in-place")
    status = 0
    for found in find(paths, exclude, force_exclude=force_exclude):
        try:
            sidecar = None if plan_column else _sidecar_of(found.path, required=found.named)
            if sidecar or plan_column:
                _undo(found.path, sidecar, plan_column, format_name, in_place=in_place)
        except BrokenPipeError:
            raise
        except (OSError, Failure) as error:
            complain((error if isinstance(error, Failure) else Failure.of(error)).message)
            status = ERROR
    return status


def _explained(path: str) -> Plan | None:
    """Read the plan that `explain --json` printed; None where the file is something else."""
    try:
        return Plan.from_json(json.dumps(json.loads(Path(path).read_bytes())["plan"]))
    except (ValueError, KeyError, TypeError):
        return None


def _undo_text(path: str, plan: Plan) -> None:
    mark, text = text_of(read(path), path)
    try:
        write(mark + plan.undo(text).encode())
    except ValueError as error:
        raise Failure(f"{shown(path)}: {error}") from error


def _sidecar_of(path: Path, *, required: bool) -> object:
    """Open the sidecar beside a file; those found in a directory without one were not changed."""
    from mojibake_fix.corpus.sidecar import Sidecar, beside

    if str(path) == STDIN:
        raise Failure("standard input has no sidecar; say --plan PLAN or --plan-column NAME")
    if not beside(path).exists():
        if not required:
            return None
        path.open("rb").close()  # says what is wrong with the file itself
        raise Failure(f"{path}: has no sidecar {beside(path).name}: nothing to undo, or say --plan or --plan-column")
    return Sidecar.open(beside(path))


def _undo(path: Path, sidecar: object, column: str | None, format_name: str | None, *, in_place: bool) -> None:
    from mojibake_fix.corpus.atomic import replacing, require_replaceable
    from mojibake_fix.corpus.sidecar import Sidecar
    from mojibake_fix.corpus.source import Source
    from mojibake_fix.corpus.undo import undo_columns, undo_file

    source = Source(str(path), format_name)

    def undo_into(file: object) -> None:
        if isinstance(sidecar, Sidecar):
            undo_file(source, sidecar, file)  # type: ignore[arg-type]
        else:
            undo_columns(source, column or "", file)  # type: ignore[arg-type]

    if not in_place:
        undo_into(sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    require_replaceable(path, "--in-place")
    with replacing(path) as file:
        undo_into(file)
    if isinstance(sidecar, Sidecar):
        sidecar.path.unlink()
