"""Plain text, HTML, source code: the file is one text.

A file beyond `WHOLE` bytes is taken in parts of that size, cut at the ends of lines, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from mojibake_fix.detect_structure import BOMS
from mojibake_fix.formats.base import Field, Format, Job, Piece, Problem, bad_byte, decoded
from mojibake_fix.formats.recode import read_as
from mojibake_fix.records_bytes import Decoded

WHOLE = 1 << 23
"""Bytes up to which a file is one text: 8 MiB, more than any book; evidence from farther is not about it."""

BOM = "\ufeff"

_WIDE = ("UTF-16", "UTF-32")


class Text(Format):
    """A file that is one text."""

    name = "text"
    suffixes = ()
    all_or_nothing = True

    def cut(self, stream: BinaryIO) -> Iterator[Piece]:
        """Cut only what is very long, at the end of a line."""
        line = 1
        while data := stream.read(WHOLE):
            if not data.endswith(b"\n"):
                data += stream.readline()
            yield Piece(data, line)
            line += data.count(b"\n")

    def fields(self, piece: Piece, job: Job, wanted: Callable[[str], bool]) -> Iterator[Field | Problem]:
        """Give the whole piece, without its byte order mark."""
        text = decoded(piece.data)
        offset = bad_byte(text)
        if offset is not None and job.recode and piece.record == 1 and len(piece.data) <= WHOLE:
            yield from _recoded(piece.data, len(text), offset)
            return
        if offset is not None:
            yield Problem(piece.record + piece.data.count(b"\n", 0, offset), not_utf8(piece.data, offset))
            return
        start = len(BOM) if text.startswith(BOM) and piece.record == 1 else 0
        body = text[start:] if start else text
        if wanted(body):
            yield Field(piece.record, "", body, start, len(text))

    def count(self, piece: Piece) -> int:  # noqa: ARG002
        """One text."""
        return 1


def _recoded(data: bytes, end: int, offset: int) -> Iterator[Field | Problem]:
    """Read the file in the encoding that is detected; say which, and what was lost."""
    from mojibake_fix.decode import decode

    read = decode(data)
    if read.encoding is None:
        yield Problem(1, not_utf8(data, offset))
        return
    lost = f"; {len(read.losses)} of its characters are lost" if read.losses else ""
    yield Problem(1, read_as(_encodings(read, read.encoding)) + lost, harmless=True)
    yield Field(1, "", read.text, 0, end, recoded=True)


def _encodings(read: Decoded, encoding: str) -> str:
    """Name the encoding of a file, or those that it mixes, in the order in which they come."""
    if not read.mixed:
        return encoding
    return f"mixed encodings ({', '.join(dict.fromkeys(segment.encoding for segment in read.segments))})"


def marked(head: bytes) -> str | None:
    """Name the encoding with units of two or four bytes that a file says it is in, by its byte order mark.

    >>> marked(b"\\xff\\xfe-N"), marked(b"\\xff\\xfe\\0\\0-N\\0\\0"), marked(b"abc")
    ('UTF-16LE', 'UTF-32LE', None)
    """
    return next((name for mark, name, _ in BOMS if name.startswith(_WIDE) and head.startswith(mark)), None)


def not_utf8(data: bytes, offset: int) -> str:
    """Say which byte is not UTF-8, and what to do."""
    return (
        f"not UTF-8: byte 0x{data[offset]:02X} at offset {offset}; `mojibake-fix detect` tells what it is, "
        f"`mojibake-fix decode` turns it into UTF-8"
    )
