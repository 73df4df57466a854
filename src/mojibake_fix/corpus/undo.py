"""Repaired files -> their sources: by the sidecar, or by the plan column that every record carries."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, cast

from mojibake_fix.corpus.outlet import writing
from mojibake_fix.corpus.sidecar import Digest, Sidecar
from mojibake_fix.corpus.source import Source
from mojibake_fix.failure import Failure
from mojibake_fix.formats.base import Change, Piece

BLOCK = 1 << 17
"""Bytes read at a time where nothing was changed."""


def undo_file(source: Source, sidecar: Sidecar, out: BinaryIO) -> None:
    """Undo the repair of a file, with its sidecar, into `out`; compressed if the file is.

    Raises:
        Failure: The sidecar is not that of this file.
        OSError: Something cannot be read or written.
    """
    source = Source(source.path, sidecar.format_name)
    before, after = Digest(), Digest()
    try:
        with source.open() as (stream, _, compression), writing(out, source, compression) as writer:
            for piece in _restored(source, stream, sidecar, after):
                before.update(piece.data)
                writer.write(piece.data)
    except (ValueError, LookupError) as error:
        raise Failure(f"{source.name}: {sidecar.path} is not its sidecar ({error})") from error
    if sidecar.source and (before.text(), after.text()) != (sidecar.source, sidecar.result):
        raise Failure(f"{source.name}: {sidecar.path} is not its sidecar: the file was changed after it was repaired")


def undo_columns(source: Source, column: str, out: BinaryIO) -> None:
    """Undo the repair of a file whose records carry their changes in a column, and take the column away.

    Raises:
        Failure: The column is not there, or not that of its record.
        OSError: Something cannot be read or written.
    """
    with source.open() as (stream, _, compression), writing(out, source, compression) as writer:
        for piece in source.format.cut(stream):
            try:
                writer.write(source.format.undo_columns(piece, column))
            except (ValueError, LookupError) as error:
                raise Failure(f"{source.name}: records from {piece.record} cannot be undone: {error}") from error


def _restored(source: Source, stream: BinaryIO, sidecar: Sidecar, digest: Digest) -> Iterator[Piece]:
    if not source.format.seekable:
        restored = io.BufferedReader(Restored(stream, sidecar.changes(), digest), BLOCK)
        yield from source.format.cut(cast("BinaryIO", restored))
        return
    from mojibake_fix.formats.parquet import undo_rows

    changes = itertools.groupby(sidecar.changes(), key=lambda change: change.record)
    record, group = next(changes, (0, iter(())))
    for piece in source.format.cut(stream):
        number, rows = piece.data
        inside: list[Change] = []
        while piece.record <= record < piece.record + rows.num_rows:
            inside += group
            record, group = next(changes, (0, iter(())))
        yield Piece((number, undo_rows(rows, inside, piece.record)), piece.record, piece.header)


class Restored(io.RawIOBase):
    """A stream in which changes are undone as it is read."""

    def __init__(self, stream: BinaryIO, changes: Iterable[Change], digest: Digest) -> None:
        super().__init__()
        self._blocks = _undone(stream, changes, digest)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on into `buffer`."""
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _undone(stream: BinaryIO, changes: Iterable[Change], digest: Digest) -> Iterator[bytes]:
    position = 0

    def read(size: int) -> bytes:
        nonlocal position
        data = stream.read(size)
        digest.update(data)
        position += len(data)
        return data

    for change in changes:
        while position < change.at:
            block = read(min(BLOCK, change.at - position))
            if not block:
                raise ValueError("the file is shorter than when it was repaired")
            yield block
        yield change.undo(read(change.size))
    while block := read(BLOCK):
        yield block
