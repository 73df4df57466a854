"""What several commands share: options, reading a file or standard input, writing bytes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from mojibake_fix import records
from mojibake_fix.failure import Failure
from mojibake_fix.settings import Settings

STDIN = "-"
POLICIES = {policy.name: policy for policy in (records.SAFE, records.RESTORE, records.GUESS)}
BOM = b"\xef\xbb\xbf"
FORMATS = ("text", "jsonl", "csv", "tsv", "parquet", "warc")

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


def policy_option(function: Decorated) -> Decorated:
    """Add `--policy`, passed on as a `Policy`."""
    return click.option(
        "--policy",
        type=click.Choice(list(POLICIES)),
        default=records.SAFE.name,
        show_default=True,
        callback=lambda _context, _parameter, name: POLICIES[name],
        help="safe: certain repairs only; restore: also the original script and punctuation; "
        "guess: also fill what is lost with the most likely characters.",
    )(function)


def input_options(function: Decorated, names: tuple[str, ...] = ("--format", "--input-format")) -> Decorated:
    """Add what tells how files are found and read; `names` are those of the option for the kind of input."""
    for option in (
        click.option("--force-exclude", is_flag=True, help="Apply exclusions to files named one by one, too."),
        click.option(
            "--exclude", multiple=True, metavar="PATTERN", help="Pass by files, as in .gitignore; repeatable."
        ),
        click.option(
            "--field",
            "fields",
            multiple=True,
            metavar="NAME",
            help="Only this field or column (inside others: meta.title); repeatable.",
        ),
        click.option(*names, "format_name", type=click.Choice(FORMATS), help="Kind of input, if not by suffix."),
    ):
        function = option(function)
    return function


def jobs_option(function: Decorated) -> Decorated:
    """Add `--jobs`, passed on as a number of at least 1."""
    return click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=0),
        default=1,
        show_default=True,
        callback=lambda _context, _parameter, jobs: jobs or len(os.sched_getaffinity(0)),
        help="Processes; 0 for one a core. The result is the same for any number.",
    )(function)


def find(
    paths: Sequence[str], exclude: Sequence[str], *, force_exclude: bool
) -> list[Any]:  # list[walk.Found]; the module is loaded only when it is needed
    """Find the files that a command line names, with the exclusions of the options and the configuration."""
    from mojibake_fix.corpus import walk

    settings = click.get_current_context().find_object(Settings) or Settings(Path.cwd())
    patterns = (*settings.exclude, *exclude)
    return list(walk.files(paths or (STDIN,), walk.Exclusions(patterns, settings.root, force_exclude)))


def require_fields(fields: Sequence[str], seen: Collection[str]) -> None:
    """Say which of the fields that were asked for no record had: nothing was looked at for them."""
    for name in fields:
        if name not in seen:
            complain(f"--field {name}: no record has text there; fields inside others are named as meta.title is")


def read(path: str) -> bytes:
    """Read a file, or standard input for "-"."""
    return sys.stdin.buffer.read() if path == STDIN else Path(path).read_bytes()


def shown(path: str) -> str:
    """Name a path as messages name it."""
    return "<stdin>" if path == STDIN else path


def text_of(data: bytes, path: str) -> tuple[bytes, str]:
    """Split a UTF-8 file into its byte order mark (or nothing) and its text, line ends as they are.

    Raises:
        Failure: The bytes are not UTF-8; the message names the first bad one.
    """
    mark = BOM if data.startswith(BOM) else b""
    try:
        return mark, data[len(mark) :].decode()
    except UnicodeDecodeError as error:
        from mojibake_fix.formats.text import not_utf8

        raise Failure(f"{shown(path)}: {not_utf8(data, error.start + len(mark))}") from error


def write(data: bytes) -> None:
    """Write bytes to standard output, exactly as they are."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def complain(message: str) -> None:
    """Print a line to standard error."""
    click.echo(f"mojibake-fix: {message}", err=True)
