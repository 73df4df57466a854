"""Where records come from: files of every kind, compressed or not, and standard input."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mojibake_fix.failure import Failure
from mojibake_fix.formats import format_of, streams
from mojibake_fix.formats.base import Field, Format, Job, Piece, Problem, Repairs
from mojibake_fix.records import Repair

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read, or standard input.

    Attributes:
        path: Its path; "-" for standard input.
        format_name: Name of its format; None to go by the suffix.
    """

    path: str
    format_name: str | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return "<stdin>" if self.path == STDIN else self.path

    @property
    def format(self) -> Format:
        """How it is cut and repaired."""
        return format_of(Path(self.path), self.format_name)

    @contextlib.contextmanager
    def open(self) -> Iterator[tuple[BinaryIO, io.BufferedReader, str]]:
        """Open the source: what it holds, the file itself (for its position), and how it is compressed.

        Raises:
            Failure: Its compression takes a package that is missing, or is damaged.
            OSError: It cannot be read.
        """
        with contextlib.ExitStack() as stack:
            if self.path == STDIN:
                file = sys.stdin.buffer
                if not isinstance(file, io.BufferedReader):
                    raise Failure("standard input has no bytes to read")
            else:
                file = stack.enter_context(Path(self.path).open("rb"))
            stack.enter_context(streams.damaged_compression(self.name))
            if self.format.seekable:
                yield (file if file.seekable() else io.BytesIO(file.read())), file, ""
                return
            compression = streams.sniffed(file)
            yield streams.reader(file, compression), file, compression

    def pieces(self) -> Iterator[Piece]:
        """Read the source piece by piece."""
        with self.open() as (stream, _, _):
            yield from self.format.cut(stream)

    def repairs(self, job: Job) -> Iterator[tuple[Field, Repair] | Problem]:
        """Give the damaged texts with their repairs, and the records that cannot be read; write nothing."""
        for piece in self.pieces():
            repairs = Repairs(job)
            for item in self.format.fields(piece, job, repairs.wanted):
                yield item if isinstance(item, Problem) else (item, repairs.of(item))

    def failure(self, error: OSError | Failure) -> Failure:
        """Say in one line what went wrong with this source."""
        if isinstance(error, Failure):
            return error
        failure = Failure.of(error)
        return failure if error.filename else Failure(f"{self.name}: {failure.message}")
