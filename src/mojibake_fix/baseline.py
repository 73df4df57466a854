"""Baselines: the findings that a legacy corpus is adopted with, so that only new damage fails.

A finding is known by its file and its fingerprint, never by its line, so that edits elsewhere do not make it new. A
file that has the same place twice has it counted twice. Files are named relative to the directory of the baseline, however
they were named to `check`.
"""

from __future__ import annotations

import functools
import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mojibake_fix.check import Finding
from mojibake_fix.corpus.source import STDIN, Source
from mojibake_fix.failure import Failure

SCHEMA = 1

Known = Counter[tuple[str, str]]


def write(path: Path, findings: Iterable[Finding]) -> None:
    """Write a baseline of findings, sorted, so that it differs only where they do."""
    from mojibake_fix.corpus.atomic import replacing

    files: dict[str, dict[str, int]] = {}
    name_of = functools.cache(functools.partial(_relative, root=path.parent))
    known = Counter((name_of(finding.path), finding.fingerprint) for finding in findings)
    for (name, fingerprint), count in sorted(known.items()):
        files.setdefault(name, {})[fingerprint] = count
    with replacing(path) as file:
        file.write(json.dumps({"mojibake_fix_baseline": SCHEMA, "files": files}, indent=1).encode() + b"\n")


def read(path: Path) -> Known:
    """Read a baseline.

    Raises:
        Failure: It is none.
        OSError: It cannot be read.
    """
    try:
        document = json.loads(path.read_bytes())
        if document["mojibake_fix_baseline"] != SCHEMA:
            raise Failure(f"{path}: a baseline of another version of mojibake-fix; write it anew")
        return Counter(
            {(name, mark): int(count) for name, marks in document["files"].items() for mark, count in marks.items()}
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{path}: not a baseline that `mojibake-fix check --write-baseline` wrote") from error


def compare(findings: Iterable[Finding], known: Known, root: Path) -> tuple[list[Finding], Known]:
    """Tell the new findings, and what of the baseline, whose directory is `root`, is left."""
    left = known.copy()
    new: list[Finding] = []
    names = functools.cache(functools.partial(_names, root=root))
    for finding in findings:
        keys = ((name, finding.fingerprint) for name in names(finding.path))
        key = next((key for key in keys if left[key] > 0), None)
        if key is None:
            new.append(finding)
        else:
            left[key] -= 1
    return new, +left


def gone(left: Known, files: Iterable[str], root: Path) -> int:
    """Count what is left of a baseline though its files were looked at, or are no more."""
    looked_at = {name for file in files for name in _names(file, root)}
    return sum(
        count
        for (name, _), count in left.items()
        if name in looked_at or not ((root / name).exists() or Path(name).exists())
    )


def _names(path: str, root: Path) -> tuple[str, ...]:
    """The name of a file in a baseline, and those that earlier versions wrote: as it was named, from where `check` ran."""
    return tuple(dict.fromkeys((_relative(path, root), path, _relative(path, Path.cwd()), os.path.abspath(path))))  # noqa: PTH100


def _relative(path: str, root: Path) -> str:
    """Lead from a directory to a file, past links among the directories on the way."""
    if path == Source(STDIN).name:
        return path
    folder, name = os.path.split(path)
    return Path(os.path.relpath(os.path.realpath(folder or os.curdir), os.path.realpath(root)), name).as_posix()
