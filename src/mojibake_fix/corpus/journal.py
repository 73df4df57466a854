"""The journal of a run: which files are done, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from mojibake_fix.failure import Failure


@dataclass(slots=True)
class Journal:
    """A JSON Lines file: for every finished source its path, the job, and what its target looked like afterwards."""

    path: Path
    job: str
    _done: dict[str, tuple[int, int]] = field(default_factory=dict)
    _file: BinaryIO | None = None

    def __post_init__(self) -> None:
        """Read what an earlier run wrote; a last line that a crash cut off is passed by.

        Raises:
            Failure: It is not a journal.
        """
        lines = self.path.read_bytes().split(b"\n")[:-1] if self.path.exists() else []
        for line in lines:
            try:
                entry = json.loads(line)
                if entry["job"] == self.job:
                    self._done[entry["source"]] = (entry["size"], entry["mtime_ns"])
            except (ValueError, KeyError, TypeError) as error:
                raise Failure(f"{self.path}: not a journal of mojibake-fix") from error

    def is_done(self, source: Path, target: Path) -> bool:
        """Tell whether this job was done on a source, and its target is as it was left."""
        state = self._done.get(os.path.realpath(source))
        return state is not None and target.is_file() and _state(target) == state

    def add(self, source: Path, target: Path) -> None:
        """Note that a source is done; on the disk before anything else happens."""
        if self._file is None:
            self._file = self.path.open("ab")
        size, time = _state(target)
        entry = {"source": os.path.realpath(source), "job": self.job, "size": size, "mtime_ns": time}
        self._file.write(json.dumps(entry).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def _state(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_size, state.st_mtime_ns
