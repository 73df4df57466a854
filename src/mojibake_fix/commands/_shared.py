"""What several commands share: the policy option, reading a file or standard input, writing bytes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mojibake_fix import records
from mojibake_fix.failure import Failure

STDIN = "-"
POLICIES = {policy.name: policy for policy in (records.SAFE, records.RESTORE, records.GUESS)}
BOM = b"\xef\xbb\xbf"


def policy_option(function: Callable[..., Any]) -> Callable[..., Any]:
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
        offset = error.start + len(mark)
        raise Failure(
            f"{shown(path)}: not UTF-8: byte 0x{data[offset]:02X} at offset {offset} ({error.reason}); "
            f"`mojibake-fix detect` tells what it is, `iconv -f ENCODING -t UTF-8` turns it into UTF-8"
        ) from error


def write(data: bytes) -> None:
    """Write bytes to standard output, exactly as they are."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
