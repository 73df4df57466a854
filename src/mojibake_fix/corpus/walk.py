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
from mojibake_fix.failure import Failure
from mojibake_fix.formats import format_of, streams
from mojibake_fix.formats.text import marked

SNIFFED = 8192
"""Bytes in which a NUL tells that a file is not text, as git has it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that is to be read.

    Attributes:
        path: Its path.
        below: Its path below the directory that was named; its name, where it was named itself.
        named: Whether it was named itself, or cannot be looked at; not where it was found in a directory or by a pattern.
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

    def exclude(self, path: Path, *, named: bool, folder: bool = False) -> bool:
        """Tell whether a file is passed by, or a directory as a whole."""
        if not self.patterns or (named and not self.force):
            return False
        below = os.path.relpath(os.path.realpath(path), os.path.realpath(self.root))
        return _spec(self.patterns).match_file(Path(below).as_posix().replace("../", "") + "/" * folder)


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
    elif os.path.isdir(path):  # noqa: PTH112  (unlike Path.is_dir, it bears what may not be looked at)
        yield from _below(here, here, (), exclusions)
    elif not os.path.lexists(path) and (matches := sorted(glob.glob(path, recursive=True))):  # noqa: PTH207  (absolute)
        for match in map(Path, matches):
            if os.path.isdir(match):  # noqa: PTH112
                yield from _below(match, match, (), exclusions)
            elif not exclusions.exclude(match, named=False) and _is_readable(match):
                yield Found(match, Path(match.name))
    elif not exclusions.exclude(here, named=True):
        yield Found(here, Path(here.name), named=True)  # also where it is missing: opening it will say so


_Ignored = tuple[tuple[Path, GitIgnoreSpec], ...]


def _below(directory: Path, root: Path, ignored: _Ignored, exclusions: Exclusions) -> Iterator[Found]:
    try:
        ordered, rules = _listed(directory)
    except OSError:
        if not exclusions.exclude(directory, named=False, folder=True):
            yield Found(directory, directory.relative_to(root), named=True)  # opening it will say why it has no files
        return
    if rules is not None:
        ignored = (*ignored, (directory, rules))
    for entry in ordered:
        path = directory / entry.name
        folder = entry.is_dir(follow_symlinks=False)
        if entry.name == ".git" or _is_ignored(path, ignored, folder=folder):
            continue
        if folder:
            yield from _below(path, root, ignored, exclusions)
        elif not exclusions.exclude(path, named=False):
            yield from _found(entry, path, root)


def _listed(directory: Path) -> tuple[list[os.DirEntry[str]], GitIgnoreSpec | None]:
    """List a directory in the order of the names, with the rules of its `.gitignore`."""
    with os.scandir(directory) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    rules = directory / ".gitignore"
    try:
        lines = rules.read_text(encoding="utf-8", errors="replace").splitlines() if os.path.isfile(rules) else []  # noqa: PTH113
    except OSError:
        lines = []  # it is among the files of the directory, and reading it there will say what is wrong
    return ordered, GitIgnoreSpec.from_lines(lines) if lines else None


def _found(entry: os.DirEntry[str], path: Path, root: Path) -> Iterator[Found]:
    try:
        wanted, unknown = entry.is_file() and _is_readable(path), False
    except OSError:  # a link that leads in a circle: opening it will say so
        wanted = unknown = True
    if wanted:
        yield Found(path, path.relative_to(root), named=unknown)


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
        return _is_text(_head(path))
    except (OSError, Failure):
        return True  # opening it again will say why it cannot be read


def _head(path: Path) -> bytes:
    """Read the first bytes of a file, or of what it holds where its suffix says that it is compressed."""
    with path.open("rb") as file, streams.damaged_compression(str(path)):
        if not streams.compression_of(path):
            return file.read(SNIFFED)
        return streams.reader(file, streams.sniffed(file)).read(SNIFFED)


def _is_text(head: bytes) -> bool:
    """Tell whether a file that begins so is text: it holds no NUL, or says that its characters have two bytes or four."""
    encoding = marked(head)
    return "\0" not in head.decode(encoding, "replace") if encoding else b"\0" not in head
