"""Paths as users give them -> files: directories, patterns, `.gitignore`, exclusions."""

from __future__ import annotations

import functools
import glob
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pathspec import GitIgnoreSpec

from mojibake_fix.corpus.atomic import SUFFIX as UNFINISHED
from mojibake_fix.corpus.sidecar import SUFFIX as SIDECAR
from mojibake_fix.corpus.source import STDIN
from mojibake_fix.formats import format_of

SNIFFED = 8192
"""Bytes in which a NUL tells that a file is not text, as git has it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is to be read.

    Attributes:
        path: Its path.
        below: Its path below the directory that was named; its name, where it was named itself.
        named: Whether it was named itself, rather than found in a directory or by a pattern.
    """

    path: Path
    below: Path
    named: bool = False

    @property
    def size(self) -> int:
        """Its bytes; 0 where it cannot be looked at."""
        try:
            return self.path.stat().st_size if self.path.is_file() else 0
        except OSError:
            return 0


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Patterns, as in `.gitignore`, of what is passed by.

    Attributes:
        patterns: The patterns.
        root: The directory that they are relative to.
        force: Exclude also what was named itself (pre-commit names every file).
    """

    patterns: tuple[str, ...] = ()
    root: Path = field(default_factory=Path.cwd)
    force: bool = False

    def exclude(self, path: Path, *, named: bool) -> bool:
        """Tell whether a file is passed by."""
        if not self.patterns or (named and not self.force):
            return False
        below = os.path.relpath(os.path.realpath(path), os.path.realpath(self.root))
        return _spec(self.patterns).match_file(Path(below).as_posix().replace("../", ""))


@functools.lru_cache(maxsize=8)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)


def files(paths: Sequence[str], exclusions: Exclusions) -> Iterator[Found]:
    """Find the files that `paths` name, each once: files, directories (without what git ignores), patterns with `*`."""
    seen: set[str] = set()
    for path in paths:
        for found in _expand(path, exclusions):
            key = os.path.realpath(found.path)  # unlike Path.resolve, it bears links that lead in a circle
            if key not in seen:
                seen.add(key)
                yield found


def _expand(path: str, exclusions: Exclusions) -> Iterator[Found]:
    here = Path(path)
    if path == STDIN:
        yield Found(here, here, named=True)
    elif here.is_dir():
        yield from _below(here, here, (), exclusions)
    elif not here.exists() and (matches := sorted(glob.glob(path, recursive=True))):  # noqa: PTH207  (may be absolute)
        for match in map(Path, matches):
            if match.is_dir():
                yield from _below(match, match, (), exclusions)
            elif not exclusions.exclude(match, named=False) and _is_readable(match):
                yield Found(match, Path(match.name))
    elif not exclusions.exclude(here, named=True):
        yield Found(here, Path(here.name), named=True)  # also where it is missing: opening it will say so


_Ignored = tuple[tuple[Path, GitIgnoreSpec], ...]


def _below(directory: Path, root: Path, ignored: _Ignored, exclusions: Exclusions) -> Iterator[Found]:
    rules = directory / ".gitignore"
    if rules.is_file():
        lines = rules.read_text(encoding="utf-8", errors="replace").splitlines()
        ignored = (*ignored, (directory, GitIgnoreSpec.from_lines(lines)))
    with os.scandir(directory) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        path = directory / entry.name
        folder = entry.is_dir(follow_symlinks=False)
        if entry.name == ".git" or _is_ignored(path, ignored, folder=folder):
            continue
        if folder:
            yield from _below(path, root, ignored, exclusions)
        elif entry.is_file() and not exclusions.exclude(path, named=False) and _is_readable(path):
            yield Found(path, path.relative_to(root))


def _is_ignored(path: Path, ignored: _Ignored, *, folder: bool) -> bool:
    """Apply the rules of every directory above, the innermost last, as git does."""
    verdict = False
    for directory, spec in ignored:
        name = path.relative_to(directory).as_posix() + ("/" if folder else "")
        matched = spec.check_file(name).include
        if matched is not None:
            verdict = matched
    return verdict


def _is_readable(path: Path) -> bool:
    """Tell whether a file found in a directory is one of our kinds, and not one of our own."""
    if path.name.endswith((UNFINISHED, SIDECAR)):
        return False
    kind = format_of(path)
    if kind.name != "text":
        return True
    try:
        with path.open("rb") as file:
            return b"\0" not in file.read(SNIFFED)
    except OSError:
        return True  # opening it again will say why it cannot be read
