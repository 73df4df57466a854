"""The command line: `mojibake-fix COMMAND`, each command loaded from its file in `commands/` when it is asked for."""

from __future__ import annotations

import errno
import functools
import importlib
import io
import os
import pkgutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from mojibake_fix import __version__, commands
from mojibake_fix.failure import Failure, near
from mojibake_fix.settings import TABLE, Settings, load

INTERRUPTED = 130
"""Exit status after Ctrl-C: 128 and the signal's number, as shells have it."""


@functools.cache
def _names() -> tuple[str, ...]:
    return tuple(sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if module.name[0] != "_"))


class Commands(click.Group):
    """A group whose commands are the files of `mojibake_fix.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (the signature is click's)
        """Name the commands, in alphabetical order."""
        return list(_names())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command; None where there is none of that name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"{commands.__name__}.{cmd_name}").command
        if not isinstance(command, click.Command):
            raise TypeError(f"commands/{cmd_name}.py must define `command`, a click.Command")
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the system refuses becomes one clear line."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            _abandon(sys.stdout)
            raise Failure("the program that read our output went away; the output is incomplete") from error
        except OSError as error:
            if error.errno == errno.ENOSPC:
                _abandon(sys.stdout)
            raise Failure.of(error) from error
        return result


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 done, or nothing found; 1 changes or findings, where they were asked for; 2 an error.",
)
@click.version_option(__version__, prog_name="mojibake-fix")
@click.option("--isolated", is_flag=True, help="Ignore [tool.mojibake-fix] in pyproject.toml.")
@click.pass_context
def group(context: click.Context, isolated: bool) -> None:
    """Turn garbled Chinese text back into what its author wrote.

    \b
      mojibake-fix fix broken.txt > repaired.txt      repair a file
      mojibake-fix fix --diff broken.txt              see what would change
      mojibake-fix explain broken.txt                 see why
      mojibake-fix check .                            fail on damage, in CI
    """
    here = Path.cwd()
    context.obj = Settings(here) if isolated else load(here)
    context.default_map = _defaults(context, context.obj)


def _defaults(context: click.Context, settings: Settings) -> dict[str, Any]:
    """Read what the configuration says of each command."""
    defaults: dict[str, Any] = {}
    for name in settings.commands:
        command = group.get_command(context, name)
        if command is None:
            raise Failure(
                f"{settings.path}: [tool.{TABLE}.{name}]: no such command; {near(name, group.list_commands(context))}"
            )
        defaults[name] = settings.defaults(command, name)
    return defaults


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit status."""
    _write_wholly()
    try:
        status = group.main(arguments, prog_name="mojibake-fix", standalone_mode=False)
    except click.Abort:
        click.echo("mojibake-fix: interrupted", err=True)
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    sys.exit(status if isinstance(status, int) else 0)


def _write_wholly() -> None:
    """Buffer standard output even under PYTHONUNBUFFERED: a bare write that a reader left halfway is no error there."""
    stream: Any = sys.stdout
    if isinstance(getattr(stream, "buffer", None), io.RawIOBase):
        whole = open(stream.fileno(), "wb", closefd=False)  # noqa: SIM115
        sys.stdout = io.TextIOWrapper(whole, stream.encoding, stream.errors, line_buffering=True)


def _abandon(stream: Any) -> None:
    """Let the interpreter flush into nothing when it leaves: what is still buffered has nowhere to go."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
