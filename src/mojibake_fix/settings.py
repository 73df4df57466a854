"""Configuration: the table `[tool.mojibake-fix]` of the nearest `pyproject.toml`, upward from the working directory.

Its keys are the options of the commands (`in-place`, `policy`, …), in a table of the command's name; `exclude` at the
top holds for all commands:

    [tool.mojibake-fix]
    exclude = ["fixtures/"]

    [tool.mojibake-fix.check]
    rules = ["bom"]
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mojibake_fix.failure import Failure

TABLE = "mojibake-fix"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a `pyproject.toml` says.

    Attributes:
        root: The directory of the file; the working directory where there is none.
        exclude: Patterns of files that every command passes by, relative to `root`.
        commands: For each command, defaults of its options, under the names of their parameters.
    """

    root: Path
    exclude: tuple[str, ...] = ()
    commands: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


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
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {}).get(TABLE, {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Failure(f"{path}: not TOML: {error}") from error
    exclude = table.pop("exclude", [])
    if not isinstance(exclude, list) or not all(isinstance(value, dict) for value in table.values()):
        raise Failure(f"{path}: [tool.{TABLE}] takes `exclude`, a list, and a table for each command")
    commands = {name: {_parameter(key): value for key, value in options.items()} for name, options in table.items()}
    return Settings(path.parent, tuple(exclude), commands)


def _parameter(option: str) -> str:
    return option.replace("-", "_")
