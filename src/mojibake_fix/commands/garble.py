"""`mojibake-fix garble`: damage clean text on purpose."""

from __future__ import annotations

from pathlib import Path

import click

from mojibake_fix.commands._shared import complain, find, input_options, jobs_option, require_fields
from mojibake_fix.failure import ERROR, Failure


@click.command()
@click.argument("family", required=False)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--set", "-s", "settings", multiple=True, metavar="NAME=VALUE", help="A setting; repeatable.")
@click.option("--rate", type=click.FloatRange(0, 1), default=1.0, show_default=True, help="Share of texts damaged.")
@click.option("--seed", default=0, show_default=True, help="Chooses which texts are damaged.")
@click.option("--output", "-o", metavar="PATH", help="Write to a file instead of standard output.")
@click.option("--sidecar", is_flag=True, help="Write OUTPUT.plan.jsonl, from which `undo` gives the clean text back.")
@click.option("--list", "as_list", is_flag=True, help="List the families and their settings.")
@jobs_option
@input_options
def command(
    family: str | None,
    paths: tuple[str, ...],
    settings: tuple[str, ...],
    rate: float,
    seed: int,
    output: str | None,
    sidecar: bool,
    as_list: bool,
    jobs: int,
    format_name: str | None,
    fields: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
) -> int:
    """Inflict a FAMILY of damage on a file or standard input, byte-exactly: to reproduce a report or to make fixtures.

    Texts that cannot take the damage (a character that the encoding lacks) stay as they are.

    \b
      echo 中文字 | mojibake-fix garble mixup -s written=utf-8 -s read=cp936 -s replacement=?
      mojibake-fix garble slip -s trigger=mark clean.txt
      mojibake-fix garble gloss -s hanzi=業發 --rate 0.05 clean.jsonl.zst -o damaged.jsonl.zst
      mojibake-fix garble --list

    Exit status: 0 done; 2 there is no such family or setting, or a file could not be read or written.
    """
    from mojibake_fix import garble
    from mojibake_fix.corpus.outlet import Delivery, Watch
    from mojibake_fix.corpus.run import repair_files
    from mojibake_fix.corpus.source import Source
    from mojibake_fix.formats.base import Job

    if as_list or family is None:
        for name, function in sorted(garble.families().items()):
            click.echo(f"{name}: {garble.describe(function)}")
        return 0
    given = dict(_pair(setting) for setting in settings)
    try:
        garble.bind(family, given)
    except ValueError as error:
        raise Failure(str(error)) from error
    if sidecar and output is None:
        raise click.UsageError("--sidecar needs --output")
    found = find(paths, exclude, force_exclude=force_exclude)
    if len(found) > 1 and output is not None:
        raise click.UsageError("--output takes one input")
    sources = [Source(str(item.path), format_name) for item in found]
    job = Job(fields=fields, garble=garble.Garble(family, tuple(given.items()), rate, seed))
    delivery = Delivery(lambda _source: Path(output) if output else None, sidecar=sidecar)
    tally = repair_files(sources, delivery, job, jobs=jobs, watch=Watch(complain))
    require_fields(fields, tally.fields)
    if not tally.changed:
        complain("nothing was damaged: no text can take this damage, or --rate chose none")
    return ERROR if tally.problems else 0


def _pair(setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not equals:
        raise click.UsageError(f"--set takes NAME=VALUE, not {setting!r}")
    return name, value
