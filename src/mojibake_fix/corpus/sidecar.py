"""The sidecar of a repaired file: `FILE.plan.jsonl`, from which `undo` gives the source back to the byte.

One JSON object a line: what was repaired, then each change in the order of the file, then a line that says that it is
complete, with the digests of the source and of the result (of what they hold, where they are compressed).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from mojibake_fix.failure import Failure
from mojibake_fix.formats.base import Change

SUFFIX = ".plan.jsonl"
SCHEMA = 1


def beside(path: Path) -> Path:
    """Name the sidecar of a file.

    >>> beside(Path("a/b.txt")).as_posix()
    'a/b.txt.plan.jsonl'
    """
    return path.with_name(path.name + SUFFIX)


class Digest:
    """SHA-256 of the pieces of a stream; of pieces that are not bytes there is none."""

    def __init__(self) -> None:
        self._hash: Any = hashlib.sha256()

    def update(self, data: Any) -> None:
        """Add a piece."""
        if isinstance(data, bytes):
            self._hash.update(data)
        else:
            self._hash = None

    def text(self) -> str:
        """The digest in hexadecimal, "" where there is none."""
        return self._hash.hexdigest() if self._hash else ""


@dataclass(slots=True)
class SidecarWriter:
    """Writes the sidecar of one file into `file`."""

    file: BinaryIO
    format_name: str
    source: Digest = field(default_factory=Digest)
    result: Digest = field(default_factory=Digest)
    changes: int = 0
    _offset: int = 0

    def __post_init__(self) -> None:
        """Write the first line."""
        self._line({"mojibake_fix": SCHEMA, "format": self.format_name})

    def add(self, before: Any, after: Any, changes: list[Change]) -> None:
        """Add a piece: as it was, as it is, and what was changed in it."""
        self.source.update(before)
        self.result.update(after)
        for change in changes:
            document = json.loads(change.to_json())
            if isinstance(after, bytes):
                document["at"] = change.at + self._offset
            self._line(document)
        self.changes += len(changes)
        self._offset += len(after) if isinstance(after, bytes) else 0

    def close(self) -> None:
        """Write the last line."""
        digests = {"source": self.source.text(), "result": self.result.text()}
        self._line({"complete": True, "changes": self.changes, **digests})

    def _line(self, document: dict[str, Any]) -> None:
        self.file.write(json.dumps(document).encode() + b"\n")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A sidecar that is complete; its changes are read one by one."""

    path: Path
    format_name: str
    source: str
    result: str

    @classmethod
    def open(cls, path: Path) -> Sidecar:
        """Read the first and the last line.

        Raises:
            Failure: It is no sidecar, or not a complete one.
            OSError: It cannot be read.
        """
        with path.open("rb") as file:
            first = last = file.readline()
            for line in file:
                last = line
        try:
            head, foot = json.loads(first), json.loads(last)
            complete = head["mojibake_fix"] == SCHEMA and foot.get("complete", False)
            sidecar = cls(path, head["format"], foot.get("source", ""), foot.get("result", ""))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Failure(f"{path}: not a plan or sidecar that mojibake-fix wrote") from error
        if not complete:
            raise Failure(f"{path}: the sidecar is not complete, or of another version of mojibake-fix")
        return sidecar

    def changes(self) -> Iterator[Change]:
        """Read the changes, in order.

        Raises:
            Failure: A line is not a change.
        """
        with self.path.open("rb") as file:
            file.readline()
            for line in file:
                try:
                    document = json.loads(line)
                    if "complete" in document:
                        return
                    yield Change.from_json(document)
                except ValueError as error:
                    raise Failure(f"{self.path}: {error}") from error
