"""Lines that are not UTF-8, read together in the encoding that they are in.

One line is little to tell an encoding by, so those of a piece are read at once, behind the first such lines of the stream.
Lines that are UTF-8 are left out of it and stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mojibake_fix.formats.base import Job, Piece, Problem, decoded
from mojibake_fix.records_bytes import Decoded

SAMPLE = 1 << 12
"""Bytes of a stream's first lines that are not UTF-8: 2,000 hanzi leave no doubt about an encoding."""

_SURE = 0.6
"""Probability of their encoding above which lines are read in it: one 0xFF has 0.56 for я, a line of French, German and Spanish
0.67 for windows-1252, which windows-1250 and two others nearly share."""

_ALONE = re.compile(rb"[\x00-\x2f]")
"""Bytes that are never part of a longer character: what ends lines, cells and strings is among them."""

_RARE = 20
"""Lines to one that is UTF-8 by chance, as 目录 in GBK is: of lines of two hanzi it is one in 39, of three one in 195, and all of
these have letters of two bytes only."""

_HANZI = re.compile(rb"[\xe0-\xf4][\x80-\xbf]{2}")
_HIGH = re.compile(rb"[\x80-\xff]")


class Sampler:
    """Gathers the sample of a stream."""

    def __init__(self) -> None:
        self._sample = b""

    def after(self, data: bytes) -> bytes:
        """Look at the next whole lines of the stream, and return the sample with what they give."""
        if len(self._sample) < SAMPLE and not _is_utf_8(data):
            for line in data.split(b"\n"):
                if not _is_utf_8(line):
                    self._sample += line[:SAMPLE].rstrip(b"\r") + b"\n"
                if len(self._sample) >= SAMPLE:
                    break
        return self._sample


@dataclass(frozen=True, slots=True)
class Recoded:
    """A piece with its lines read.

    Attributes:
        text: Its text; a line that cannot be read is as `decoded` has it.
        notes: The encodings of its lines, each at the first of them, and the lines with lost bytes.
    """

    text: str
    notes: tuple[Problem, ...] = ()


def recoded(piece: Piece) -> Recoded:
    """Read a piece whose lines may be in other encodings than UTF-8."""
    if _is_utf_8(piece.data):
        return Recoded(decoded(piece.data))
    lines: list[bytes] = piece.data.split(b"\n")
    texts = [decoded(line) for line in lines]
    numbers = _others(lines)
    chosen = [lines[number] for number in numbers]
    read = _together(chosen, piece.sample)
    notes: list[Problem] = []
    if read is not None:
        for number, text in zip(numbers, _split(read, piece.sample), strict=True):
            texts[number] = text
        records = [piece.record + number for number in numbers]
        notes += _notes(read, chosen, len(piece.sample), records)
    return Recoded("\n".join(texts), tuple(notes))


def names(piece: Piece) -> tuple[str, ...]:
    """Read the names of the columns of a piece."""
    raw = [name.encode("utf-8", "surrogateescape") for name in piece.header]
    if all(map(_is_utf_8, raw)):
        return piece.header
    read = _together([name.replace(b"\n", b" ") for name in raw], piece.sample)
    if read is None:
        return tuple(name.decode("utf-8", "replace") for name in raw)
    return tuple(_split(read, piece.sample))


def read_as(encoding: str) -> str:
    """Say how something was read."""
    return f"read as {encoding}, written as UTF-8"


def unread(place: str, job: Job) -> str:
    """Say that a line is not UTF-8, and what to do."""
    if job.recode:
        return f"not UTF-8 {place}, and no encoding fits the line by itself; `mojibake-fix decode` reads whole files"
    return f"not UTF-8 {place}; `mojibake-fix fix --output` reads it in its encoding and writes UTF-8"


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _others(lines: Sequence[bytes]) -> list[int]:
    """Numbers of the lines that are not UTF-8, and of those that are by chance."""
    high = [number for number, line in enumerate(lines) if not line.isascii()]
    valid = [number for number in high if _is_utf_8(lines[number])]
    by_chance = len(valid) * _RARE < len(high) and not any(_HANZI.search(lines[number]) for number in valid)
    return high if by_chance else sorted(set(high).difference(valid))


def _together(lines: Sequence[bytes], sample: bytes) -> Decoded | None:
    """Read lines behind the sample; None where it is not sure what they are in, or the ends of cells are not ASCII there."""
    from mojibake_fix.decode import decode

    data = sample + b"\n".join(lines)
    if b"\0" in data:  # code units of two or four bytes
        return None
    read = decode(data)
    structure = b"".join(_ALONE.findall(data)).decode()
    is_sure = read.detection is not None and read.detection.probability >= _SURE
    return read if is_sure and structure == "".join(sign for sign in read.text if sign < "\x30") else None


def _split(read: Decoded, sample: bytes) -> list[str]:
    """Lines of what was read, without the sample."""
    return read.text.split("\n")[sample.count(b"\n") :]


def _notes(read: Decoded, lines: Sequence[bytes], start: int, records: Sequence[int]) -> Iterator[Problem]:
    """Say what was read how; `start` is the offset of the first line in what was read."""
    starts = list(accumulate((len(line) + 1 for line in lines[:-1]), initial=start))
    data = b"\n".join(lines)

    def record(offset: int) -> int:
        return records[bisect_right(starts, offset) - 1]

    told: set[str] = set()
    for segment in read.segments:
        high = _HIGH.search(data, max(segment.start - start, 0), max(segment.end - start, 0))
        if high and segment.encoding not in {*told, "UTF-8"}:
            told.add(segment.encoding)
            yield Problem(record(start + high.start()), read_as(segment.encoding), harmless=True, once=True)
    lost = Counter(record(loss.offset) for loss in read.losses if loss.offset >= start)
    for number, count in lost.items():
        yield Problem(number, f"{count} of its characters are lost", harmless=True, losses=count)
