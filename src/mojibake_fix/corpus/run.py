"""Paths and streams -> repaired files: cut into pieces, repaired in any number of processes, written in order.

A file is either repaired completely or not at all: what is written goes beside it and is moved into place at the end. A
record that cannot be read is reported with its place and passed on unchanged, and the run goes on. The result does not
depend on the number of processes, because a piece is repaired without knowing the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mojibake_fix.corpus.outlet import Delivery, Outlet, Tally, Watch
from mojibake_fix.corpus.pool import ordered
from mojibake_fix.corpus.source import Source
from mojibake_fix.failure import Failure
from mojibake_fix.formats import format_of
from mojibake_fix.formats.base import Done, Job, Piece


@dataclass(frozen=True, slots=True)
class _Ticket:
    """Comes back with a repaired piece; without a piece the source has ended, well or with an error."""

    source: Source
    piece: Piece | None = None
    read: int = 0
    compression: str = ""
    error: Failure | None = None


def repair_files(sources: Iterable[Source], delivery: Delivery, job: Job, *, jobs: int, watch: Watch) -> Tally:
    """Repair files one after the other, in `jobs` processes.

    A file that cannot be read or written is told to `watch` and counted as a problem; the others are done all the same.

    Raises:
        BrokenPipeError: Nobody reads standard output any longer.
        Failure: A process was killed.
    """
    tally = Tally()
    outlet: Outlet | None = None
    try:
        for ticket, done in ordered(_work, _tickets(sources, job), jobs):
            outlet = outlet or Outlet(ticket.source, delivery, ticket.compression, watch)
            if done is not None and ticket.piece is not None:
                outlet.take(ticket.piece, done, tally)
                watch.progress(ticket.read)
            else:
                outlet.end(ticket.error, tally)
                outlet = None
    finally:
        if outlet is not None:
            outlet.abandon()
    return tally


def _work(task: tuple[str, Piece, Job]) -> Done:
    format_name, piece, job = task
    return format_of(Path(), format_name).repair(piece, job)


def _tickets(sources: Iterable[Source], job: Job) -> Iterator[tuple[_Ticket, tuple[str, Piece, Job] | None]]:
    for source in sources:
        compression = ""
        try:
            with source.open() as (stream, file, compression):
                position = 0
                for piece in source.format.cut(stream):
                    read, position = position, file.tell() if file.seekable() else 0
                    yield _Ticket(source, piece, position - read, compression), (source.format.name, piece, job)
        except (OSError, Failure) as error:
            yield _Ticket(source, compression=compression, error=source.failure(error)), None
        else:
            yield _Ticket(source, compression=compression), None
