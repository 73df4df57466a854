"""Configuration: the table `[tool.mojibake-fix]` of the nearest `pyproject.toml`, upward from the working directory.

Its keys are the options of the commands (`in-place`, `policy`, …), in a table of the command's name; `exclude` at the
top holds for all commands:

    [tool.mojibake-fix]
    exclude = ["fixtures/"]

    [tool.mojibake-fix.check]
    rules = ["bom"]

Paths are relative to the file. A key or a value that means nothing is an error: it was meant to do something.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from mojibake_fix.failure import Failure, near

TABLE = "mojibake-fix"
PATHS = ("baseline", "write_baseline", "output", "journal")
"""Parameters of the commands whose values are paths."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a `pyproject.toml` says.

    Attributes:
        root: The directory of the file; the working directory where there is none.
        exclude: Patterns of files that every command passes by, relative to `root`.
        commands: For each command, its options and their values as they are written.
    """

    root: Path
    exclude: tuple[str, ...] = ()
    commands: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """The file."""
        return self.root / "pyproject.toml"

    def defaults(self, command: click.Command, name: str) -> dict[str, Any]:
        """Return what the file says of a command's options, under the names of their parameters.

        Raises:
            Failure: There is no such option, or it cannot have that value.
        """
        known = _options(command)
        found: dict[str, Any] = {}
        for key, value in self.commands.get(name, {}).items():
            where = f"{self.path}: [tool.{TABLE}.{name}] {key}"
            option = known.get(key.replace("_", "-"))
            if option is None:
                raise Failure(f"{where}: no such option of {name}; {near(key, _documented(command))}")
            _require_value(option, value, where)
            found[option.name or key] = self._located(value) if option.name in PATHS else value
        return found

    def _located(self, path: str) -> str:
        """Lead from the working directory to a path that is relative to the file."""
        here = os.path.relpath(self.root)
        return path if here == os.curdir or os.path.isabs(path) else os.path.join(here, path)  # noqa: PTH117, PTH118


def load(directory: Path) -> Settings:
    """Read the settings that hold in a directory.

    Raises:
        Failure: The file is not TOML, or the table does not have the shape above.
    """
    for root in (directory, *directory.parents):
        path = root / "pyproject.toml"
        if os.path.isfile(path):  # noqa: PTH113  (unlike Path.is_file, it bears what may not be looked at)
            return _read(path)
    return Settings(directory)


def _read(path: Path) -> Settings:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: not TOML: {error}") from error
    tools = document.get("tool", {})
    table = tools.get(TABLE, {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise Failure(f"{path}: [tool.{TABLE}] is a table")
    exclude = table.pop("exclude", [])
    if not isinstance(exclude, list) or not all(isinstance(pattern, str) for pattern in exclude):
        raise Failure(f"{path}: [tool.{TABLE}] exclude: takes a list of patterns")
    for name, options in table.items():
        if not isinstance(options, dict):
            raise Failure(f"{path}: [tool.{TABLE}] {name}: only `exclude`, and a table for each command, can be there")
    return Settings(path.parent, tuple(exclude), table)


def _options(command: click.Command) -> dict[str, click.Parameter]:
    """Options by the names that users know; those of their parameters, which are no option's, go as well."""
    named = {str(option.name).replace("_", "-"): option for option in command.params}
    for option in command.params:
        if isinstance(option, click.Option):
            named |= {name.removeprefix("--"): option for name in option.opts if name.startswith("--")}
    return named


def _documented(command: click.Command) -> list[str]:
    options = (option for option in command.params if isinstance(option, click.Option))
    return [name.removeprefix("--") for option in options for name in option.opts if name.startswith("--")]


def _require_value(option: click.Parameter, value: Any, where: str) -> None:
    """Refuse a value that the option cannot have."""
    if (option.multiple or option.nargs == -1) != isinstance(value, list):
        raise Failure(f"{where}: takes {'one value' if isinstance(value, list) else 'a list'}, not {value!r}")
    wanted, kinds = _kind(option)
    for item in value if isinstance(value, list) else [value]:
        if not isinstance(item, kinds) or (isinstance(item, bool) and kinds is not bool):
            raise Failure(f"{where}: takes {wanted}, not {item!r}")
        try:
            option.type.convert(item, option, None)
        except click.BadParameter as error:
            raise Failure(f"{where}: {error.message}") from error


def _kind(option: click.Parameter) -> tuple[str, type | tuple[type, ...]]:
    if isinstance(option.type, click.types.BoolParamType):
        return "true or false", bool
    if isinstance(option.type, click.types.IntParamType):
        return "a whole number", int
    if isinstance(option.type, click.types.FloatParamType):
        return "a number", (int, float)
    return "text", str
