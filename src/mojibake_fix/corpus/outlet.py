"""Where repaired pieces go: standard output, or a file that is moved into place when it is complete."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from mojibake_fix.corpus.atomic import Replacement, require_replaceable
from mojibake_fix.corpus.sidecar import Digest, Sidecar, SidecarWriter, beside
from mojibake_fix.corpus.source import STDIN, Source
from mojibake_fix.failure import Failure
from mojibake_fix.formats import streams
from mojibake_fix.formats.base import Done, Piece, Writer
from mojibake_fix.formats.warc import MemberWriter, Warc


@dataclass(slots=True)
class Tally:
    """What a run read, found and did."""

    files: int = 0
    changed_files: int = 0
    records: int = 0
    changed: int = 0
    losses: int = 0
    problems: int = 0
    bytes: int = 0
    families: Counter[str] = field(default_factory=Counter)
    fields: set[str] = field(default_factory=set)

    def add(self, done: Done, piece: Piece) -> None:
        """Add a repaired piece."""
        self.records += done.records
        self.changed += done.changed
        self.losses += done.losses
        self.problems += len(done.problems)
        self.bytes += len(piece.data) if isinstance(piece.data, bytes) else piece.data[1].nbytes
        self.families.update(done.families)
        self.fields |= done.seen


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where repaired files go.

    Attributes:
        target: The path for a source; None for standard output.
        sidecar: Write `FILE.plan.jsonl` beside each changed target.
        keep_unchanged: Leave a target alone where nothing in the source changed (in place: it is the source).
    """

    target: Callable[[Source], Path | None] = field(default=lambda _source: None)
    sidecar: bool = False
    keep_unchanged: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told of what goes on.

    Attributes:
        problem: Told the place and the reason of every record and file that could not be read or written.
        progress: Told how many bytes of the source files were newly read.
        finished: Told of every source whose target is in place.
    """

    problem: Callable[[str], None] = field(default=lambda _message: None)
    progress: Callable[[int], None] = field(default=lambda _bytes: None)
    finished: Callable[[Source], None] = field(default=lambda _source: None)


@contextlib.contextmanager
def writing(file: BinaryIO, source: Source, compression: str) -> Iterator[Writer]:
    """Write pieces of the format of `source` into `file`, compressed; at the end they are complete, and `file` open."""
    with contextlib.ExitStack() as stack:
        kind = source.format
        if isinstance(kind, Warc) and compression == "gzip":
            yield MemberWriter(file)
        elif kind.seekable:
            like = stack.enter_context(Path(source.path).open("rb")) if source.path != STDIN else None
            with contextlib.closing(kind.writer(file, like)) as writer:
                yield writer
        else:
            stream = stack.enter_context(streams.writer(file, compression))
            yield kind.writer(stream, None)


class Outlet:
    """Writes the repair of one source.

    Once something fails, the rest of the source is passed by and the target stays as it was.
    """

    def __init__(self, source: Source, delivery: Delivery, compression: str, watch: Watch) -> None:
        self._source = source
        self._target = delivery.target(source)
        self._delivery = delivery
        self._compression = compression
        self._watch = watch
        self._stack = contextlib.ExitStack()
        self._writer: Writer | None = None
        self._replacement: Replacement | None = None
        self._sidecar: tuple[Replacement, SidecarWriter] | None = None
        self._failed = False
        self._changed = False
        self._told: set[str] = set()

    def take(self, piece: Piece, done: Done, tally: Tally) -> None:
        """Write a piece."""
        tally.add(done, piece)
        for problem in (*done.notes, *done.problems):
            if not (problem.once and problem.reason in self._told):
                self._watch.problem(f"{self._source.name}:{problem.record}: {problem.reason}")
                self._told.add(problem.reason)
        if self._failed:
            return
        if done.problems and self._source.format.all_or_nothing:
            self._fail()
            return
        try:
            self._open()
            if done.changed and not self._changed:
                self._require_new_sidecar()
            self._changed |= done.changed > 0
            if self._writer is not None:
                self._writer.write(done.data)
            if self._sidecar is not None:
                self._sidecar[1].add(piece.data, done.data, done.changes)
        except BrokenPipeError:
            raise
        except (OSError, Failure) as error:
            self._tell(error, tally)

    def end(self, error: Failure | None, tally: Tally) -> None:
        """Move what was written into place, or tell what went wrong."""
        tally.files += 1
        if error is not None:
            self._tell(error, tally)
        if self._failed:
            return
        try:
            self._open()
            self._stack.close()
            self._commit()
        except BrokenPipeError:
            raise
        except (OSError, Failure) as problem:
            self._tell(problem, tally)
            return
        tally.changed_files += self._changed
        self._watch.finished(self._source)

    def abandon(self) -> None:
        """Remove what was written."""
        with contextlib.suppress(Exception):  # compressors flush when they close; where to, no longer matters
            self._stack.close()
        for replacement in (self._replacement, self._sidecar and self._sidecar[0]):
            if replacement:
                replacement.discard()

    def _open(self) -> None:
        if self._writer is not None:
            return
        file: BinaryIO
        compression = self._compression
        if self._target is None:
            file = sys.stdout.buffer
        else:
            if self._delivery.keep_unchanged:
                require_replaceable(self._target, "--in-place")
            if self._delivery.sidecar:
                require_replaceable(self._target, "--sidecar")
                self._open_sidecar(self._target)
            self._replacement = Replacement(self._target)
            file = self._replacement.open()
            if not self._delivery.keep_unchanged:
                compression = streams.compression_of(self._target)
        self._writer = self._stack.enter_context(writing(file, self._source, compression))

    def _open_sidecar(self, target: Path) -> None:
        replacement = Replacement(beside(target))
        try:
            self._sidecar = replacement, SidecarWriter(replacement.open(), self._source.format.name)
        except BaseException:
            replacement.discard()
            raise

    def _require_new_sidecar(self) -> None:
        """Refuse to write over what an earlier repair can be undone with."""
        path = self._sidecar[0].target if self._sidecar else None
        if path and path.exists() and not self._is_stale(path):
            raise Failure(f"{path}: exists; undo with it, or move it away, before the file is repaired again")

    def _is_stale(self, sidecar: Path) -> bool:
        """Tell whether a sidecar is that of a run which was killed before it replaced the file."""
        digest = Digest()
        for piece in self._source.pieces():
            digest.update(piece.data)
        return digest.text() == Sidecar.open(sidecar).source != ""

    def _commit(self) -> None:
        """Sidecar first: at no time is there a repaired file that cannot be undone."""
        if self._replacement is None:
            sys.stdout.buffer.flush()
            return
        if self._sidecar is not None:
            replacement, sidecar = self._sidecar
            if self._changed:
                sidecar.close()
                replacement.commit()
            else:
                replacement.discard()
        if self._delivery.keep_unchanged and not self._changed:
            self._replacement.discard()
        else:
            self._replacement.commit()

    def _tell(self, error: OSError | Failure, tally: Tally) -> None:
        tally.problems += 1
        self._watch.problem(self._source.failure(error).message)
        self._fail()

    def _fail(self) -> None:
        self._failed = True
        self.abandon()
