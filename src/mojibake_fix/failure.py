"""Errors as the command line says them: one line on standard error, exit status 2."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import IO, Any

import click

ERROR = 2
"""Exit status of an error; 0 is done or clean, 1 is changes or findings where they were asked for."""


class Failure(click.ClickException):
    """What could not be done, and what to do about it, in one line."""

    exit_code = ERROR

    @classmethod
    def of(cls, error: OSError) -> Failure:
        """Say what the system refused.

        >>> Failure.of(FileNotFoundError(2, "No such file or directory", "a.txt")).message
        'a.txt: no such file or directory'
        """
        reason = (error.strerror or str(error) or type(error).__name__).rstrip(".")
        reason = reason[:1].lower() + reason[1:]
        return cls(f"{error.filename}: {reason}" if error.filename else reason)

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line."""
        click.echo(f"mojibake-fix: {self.format_message()}", err=file is None, file=file)


def near(name: str, names: Iterable[str]) -> str:
    """Say which of `names` a name may be meant for; all of them where none is near.

    >>> near("polcy", ["policy", "jobs"]), near("x", ["policy", "jobs"])
    ('did you mean policy?', 'there are: policy, jobs')
    """
    names = list(names)
    found = difflib.get_close_matches(name.lower(), names)
    return f"did you mean {' or '.join(found)}?" if found else f"there are: {', '.join(names)}"
