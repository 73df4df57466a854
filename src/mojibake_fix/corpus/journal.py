"""The journal of a run: which files are done, so that a run that was stopped goes on where it was."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeAlias

from mojibake_fix.failure import Failure

_State: TypeAlias = tuple[int, int]


@dataclass(slots=True)
class Journal:
    """A JSON Lines file: for every finished source its path, the job, and size and time of it and of its target.

    Those of the source are from before it was read, so that what is written to it meanwhile counts as a change.
    """

    path: Path
    job: str
    _done: dict[str, tuple[_State, _State]] = field(default_factory=dict)
    _begun: dict[str, _State] = field(default_factory=dict)
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
                target = entry["size"], entry["mtime_ns"]
                # Journals of earlier versions say nothing about the source: whether it changed since is not known.
                if entry["job"] == self.job and "source_size" in entry:
                    self._done[entry["source"]] = (entry["source_size"], entry["source_mtime_ns"]), target
            except (ValueError, KeyError, TypeError) as error:
                raise Failure(f"{self.path}: not a journal of mojibake-fix") from error

    def is_done(self, source: Path, target: Path) -> bool:
        """Tell whether this job was done on a source, and both it and its target are as they were left.

        Where it was not, the source is about to be read: what it looks like now is what will be noted of it.
        """
        name = os.path.realpath(source)
        now = _state(source)
        if now is None:
            return False
        self._begun[name] = now
        return self._done.get(name) == (now, _state(target))

    def add(self, source: Path, target: Path) -> None:
        """Note that a source is done; on the disk before anything else happens."""
        name = os.path.realpath(source)
        after = _state(target)
        before = after if name == os.path.realpath(target) else self._begun.pop(name, None)
        if after is None or before is None:
            return  # a pipe or a device: another run cannot tell whether it is the same
        if self._file is None:
            self._file = self.path.open("ab")
        entry = {"source": name, "job": self.job, "size": after[0], "mtime_ns": after[1]}
        entry |= {"source_size": before[0], "source_mtime_ns": before[1]}
        self._file.write(json.dumps(entry).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()


def _state(path: Path) -> _State | None:
    """Size and time of a regular file; None of anything else."""
    try:
        state = path.stat()
    except OSError:
        return None
    return (state.st_size, state.st_mtime_ns) if stat.S_ISREG(state.st_mode) else None
