"""Baselines: the findings that a legacy corpus is adopted with, so that only new damage fails.

A finding is known by its file and its fingerprint, never by its line, so that edits elsewhere do not make it new. A
file that has the same place twice has it counted twice.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from mojibake_fix.check import Finding
from mojibake_fix.failure import Failure

SCHEMA = 1

Known = Counter[tuple[str, str]]


def write(path: Path, findings: Iterable[Finding]) -> None:
    """Write a baseline of findings, sorted, so that it differs only where they do."""
    from mojibake_fix.corpus.atomic import replacing

    files: dict[str, dict[str, int]] = {}
    for (name, fingerprint), count in sorted(_count(findings).items()):
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


def compare(findings: Iterable[Finding], known: Known) -> tuple[list[Finding], Known]:
    """Tell the new findings, and what of the baseline is gone."""
    left = known.copy()
    new: list[Finding] = []
    for finding in findings:
        key = (finding.path, finding.fingerprint)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(finding)
    return new, +left


def _count(findings: Iterable[Finding]) -> Known:
    return Counter((finding.path, finding.fingerprint) for finding in findings)
