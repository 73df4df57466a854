"""`mojibake-fix fix`: repair files."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mojibake_fix.commands._shared import (
    STDIN,
    complain,
    find,
    input_options,
    jobs_option,
    policy_option,
    require_fields,
)
from mojibake_fix.failure import ERROR, Failure
from mojibake_fix.records import Policy

if TYPE_CHECKING:
    from mojibake_fix.corpus.outlet import Delivery, Tally
    from mojibake_fix.corpus.source import Source
    from mojibake_fix.corpus.walk import Found
    from mojibake_fix.formats.base import Job

CHANGED = 1


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@policy_option
@click.option("--in-place", "-i", is_flag=True, help="Replace each file by its repair, atomically.")
@click.option(
    "--output", "-o", metavar="PATH", help="Write to a file; to a directory, for several inputs or a directory."
)
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--exit-code", is_flag=True, help="Leave with 1 if anything was changed, or would be.")
@click.option("--sidecar", is_flag=True, help="Write OUTPUT.plan.jsonl, from which `undo` gives the source back.")
@click.option("--plan-column", metavar="NAME", help="Let each record carry its plan (JSON Lines, Parquet).")
@click.option(
    "--resume", "journal", metavar="JOURNAL", help="Note finished files there; pass by those that did not change since."
)
@click.option("--summary/--no-summary", default=None, help="Table of what was done; default: on a terminal.")
@click.option("--json", "as_json", is_flag=True, help="Summary as JSON (on stderr if the text goes to stdout).")
@jobs_option
@input_options
def command(
    paths: tuple[str, ...],
    policy: Policy,
    in_place: bool,
    output: str | None,
    diff: bool,
    exit_code: bool,
    sidecar: bool,
    plan_column: str | None,
    journal: str | None,
    summary: bool | None,
    as_json: bool,
    jobs: int,
    format_name: str | None,
    fields: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
) -> int:
    """Repair files, directories or standard input: to standard output, to --output, or --in-place.

    Text, HTML and source code; JSON Lines, CSV, TSV, Parquet, WARC and WET; plain or compressed (.gz .bz2 .xz .zst).
    What is not repaired comes out byte for byte as it went in; texts, lines of JSON and rows of tables in another encoding
    come out as UTF-8 (in place they are left alone, with an error). A record that cannot be read is reported with its
    place and passed on unchanged.

    \b
      mojibake-fix fix broken.txt > repaired.txt
      curl -s https://example.org/page | mojibake-fix fix
      mojibake-fix fix --diff docs/
      mojibake-fix fix --in-place --sidecar '*.md'
      mojibake-fix fix --jobs 0 --field text crawl/ -o repaired/ --resume journal.jsonl

    Exit status: 0 done; 1 with --exit-code, where something was changed or would be; 2 a file or a record could not be
    read, or a file not written (everything else is done all the same).
    """
    from mojibake_fix.formats.base import Job

    for path in () if in_place or output or diff else paths:
        if Path(path).is_dir():
            raise Failure(f"{path}: is a directory; say --in-place, --output DIRECTORY or --diff")
    _require_one_way(paths, in_place=in_place, output=output, diff=diff, sidecar=sidecar, journal=journal)
    found = find(paths, exclude, force_exclude=force_exclude)
    job = Job(policy, fields, plan_column, recode=not in_place)
    _require_plan_column(found, format_name, plan_column)
    if diff:
        tally = _show_diff(found, format_name, job)
    else:
        alone = len(found) == 1 and not any(map(os.path.isdir, paths))
        delivery = _delivery(found, output, alone=alone, in_place=in_place, sidecar=sidecar)
        tally = _run(found, delivery, job, format_name, jobs=jobs, journal=journal, progress=in_place or bool(output))
    if tally.files:
        require_fields(fields, tally.fields)
    _print_summary(tally, summary, as_json=as_json, to_stderr=not (in_place or output))
    if tally.problems:
        return ERROR
    return CHANGED if tally.changed and exit_code else 0


def _require_one_way(
    paths: tuple[str, ...], *, in_place: bool, output: str | None, diff: bool, sidecar: bool, journal: str | None
) -> None:
    if in_place + diff + (output is not None) > 1:
        raise click.UsageError("--in-place, --output and --diff exclude each other")
    if in_place and (not paths or STDIN in paths):
        raise click.UsageError("--in-place needs files; standard input has no place")
    if (sidecar or journal) and not (in_place or output):
        raise click.UsageError("--sidecar and --resume need --in-place or --output")


def _require_plan_column(found: list[Found], format_name: str | None, column: str | None) -> None:
    from mojibake_fix.corpus.source import Source

    for item in found if column else []:
        kind = Source(str(item.path), format_name).format
        if str(item.path) != STDIN and not item.path.is_file():
            continue  # reading it will say what it is
        if kind.name not in ("jsonl", "parquet"):
            raise click.UsageError(f"{item.path}: {kind.name} has no room for a plan column; use --sidecar")


def _delivery(found: list[Found], output: str | None, *, alone: bool, in_place: bool, sidecar: bool) -> Delivery:
    """Say where the repairs go: `output` is a file for an input that is `alone`, and else a directory."""
    from mojibake_fix.corpus.outlet import Delivery

    if in_place:
        return Delivery(lambda source: Path(source.path), sidecar=sidecar, keep_unchanged=True)
    if output is None:
        return Delivery()
    directory = Path(output)
    if alone and not directory.is_dir() and not output.endswith("/"):
        return Delivery(lambda _source: directory, sidecar=sidecar)
    if directory.exists() and not directory.is_dir():
        raise Failure(f"{output}: is not a directory; one is needed for several inputs or those of a directory")
    if any(str(item.path) == STDIN for item in found):
        raise Failure(f"{output}: standard input has no name to be written under in a directory; name a file")
    below = {str(item.path): item.below for item in found}
    if len(set(below.values())) < len(below):
        raise Failure(f"{output}: two of the inputs would be written to the same file; name their common directory")
    return Delivery(lambda source: _made(directory / below[source.path]), sidecar=sidecar)


def _made(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _run(
    found: list[Found],
    delivery: Delivery,
    job: Job,
    format_name: str | None,
    *,
    jobs: int,
    journal: str | None,
    progress: bool,
) -> Tally:
    from mojibake_fix.commands._progress import Bar
    from mojibake_fix.corpus.journal import Journal
    from mojibake_fix.corpus.outlet import Watch
    from mojibake_fix.corpus.run import repair_files
    from mojibake_fix.corpus.source import Source

    done = Journal(Path(journal), repr(job)) if journal else None
    sources = [Source(str(item.path), format_name) for item in found]
    with Bar(sum(item.size for item in found), show=progress) as bar:
        watch = Watch(bar.complain, bar.advance, functools.partial(_note, done, delivery))
        tally = repair_files(_undone(sources, delivery, done), delivery, job, jobs=jobs, watch=watch)
    if done is not None:
        done.close()
    return tally


def _undone(sources: list[Source], delivery: Delivery, journal: object) -> Iterable[Source]:
    from mojibake_fix.corpus.journal import Journal

    for source in sources:
        target = delivery.target(source)
        if isinstance(journal, Journal) and target is not None and journal.is_done(Path(source.path), target):
            continue
        yield source


def _note(journal: object, delivery: Delivery, source: Source) -> None:
    from mojibake_fix.corpus.journal import Journal

    target = delivery.target(source)
    if isinstance(journal, Journal) and target is not None:
        journal.add(Path(source.path), target)


def _show_diff(found: list[Found], format_name: str | None, job: Job) -> Tally:
    from mojibake_fix.corpus.outlet import Tally
    from mojibake_fix.corpus.source import Source
    from mojibake_fix.formats.base import Problem
    from mojibake_fix.formats.job import Recording
    from mojibake_fix.reports.diff import print_diff

    job = Recording.of(job)
    tally = Tally(files=len(found), fields=job.seen)
    for source in (Source(str(item.path), format_name) for item in found):
        changed = tally.changed
        told: set[str] = set()
        try:
            for item in source.repairs(job):
                if isinstance(item, Problem):
                    tally.problems += not item.harmless
                    if not (item.once and item.reason in told):
                        complain(f"{source.name}:{item.record}: {item.reason}")
                        told.add(item.reason)
                    continue
                field, repair = item
                tally.families.update(step.family for step in repair.plan.steps)
                tally.losses += len(repair.losses)
                tally.changed += repair.changed or field.recoded
                if repair.changed:
                    place = source.name + (f":{field.record}:{field.name}" if field.name else "")
                    print_diff(repair.source, repair.text, place)
        except BrokenPipeError:
            raise
        except (OSError, Failure) as error:
            tally.problems += 1
            complain(source.failure(error).message)
        tally.changed_files += tally.changed > changed
    return tally


def _print_summary(tally: Tally, wanted: bool | None, *, as_json: bool, to_stderr: bool) -> None:
    import sys

    from mojibake_fix.reports import summary

    if as_json:
        click.echo(summary.as_json(tally), err=to_stderr)
    elif wanted or (wanted is None and sys.stderr.isatty() and tally.files > 0):
        summary.print_table(tally)
