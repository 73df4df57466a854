"""Lines that are not UTF-8, read together in the encoding that they are in.

One line is little to tell an encoding by, so those of a piece are read at once, behind the first such lines of the stream.
Lines that are UTF-8 are left out of it and stay as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from mojibake_fix.formats.base import Job, Piece, Problem, decoded
from mojibake_fix.readers import is_utf_8
from mojibake_fix.records_bytes import Decoded

SAMPLE = 1 << 12
"""Bytes of a stream's first lines that are not UTF-8: 2,000 hanzi leave no doubt about an encoding."""

_SURE, _LIKELY = 0.95, 0.6
"""Probability of their encoding from which lines are read in it at once, and where they are asked one by one and do not say.
French, German and Spanish together have 0.8 for windows-1257, each of them 1.0 for windows-1252; one 0xFF has 0.56 for я."""

_ASKED = 100
"""Lines that are asked one by one."""

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
        if len(self._sample) < SAMPLE and not is_utf_8(data):
            for line in data.removeprefix(BOM_UTF8).split(b"\n"):
                if not is_utf_8(line):
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


def recoded(piece: Piece, source: str) -> Recoded:
    """Read a piece whose lines may be in other encodings; `source`, which `decoded` makes of it, stays where all is UTF-8."""
    if is_utf_8(piece.data):
        return Recoded(source)
    mark = BOM_UTF8 if piece.record == 1 and piece.data.startswith(BOM_UTF8) else b""
    lines: list[bytes] = piece.data[len(mark) :].split(b"\n")
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
    return Recoded(mark.decode() + "\n".join(texts), tuple(notes))


def names(piece: Piece) -> tuple[str, ...]:
    """Read the names of the columns of a piece."""
    raw = [name.encode("utf-8", "surrogateescape") for name in piece.header]
    if all(map(is_utf_8, raw)):
        return piece.header
    read = _together([name.replace(b"\n", b" ") for name in raw], piece.sample)
    if read is None:
        return tuple(name.decode("utf-8", "replace") for name in raw)
    return tuple(_split(read, piece.sample))


def read_as(encoding: str) -> str:
    """Say how something was read."""
    return f"read as {encoding}, written as UTF-8"


def unread(record: int, place: str, job: Job) -> Problem:
    """Say that a line is not UTF-8, and what to do."""
    if job.recode:
        reason = f"not UTF-8 {place}, and no encoding fits the line by itself; `mojibake-fix decode` reads whole files"
        return Problem(record, reason)
    reason = (
        "not UTF-8, as other lines may be; `mojibake-fix fix --output` reads them in their encoding and writes UTF-8"
    )
    return Problem(record, reason, once=True)


def _others(lines: Sequence[bytes]) -> list[int]:
    """Numbers of the lines that are not UTF-8, and of those that are by chance."""
    high = [number for number, line in enumerate(lines) if not line.isascii()]
    valid = [number for number in high if is_utf_8(lines[number])]
    by_chance = len(valid) * _RARE < len(high) and not any(_HANZI.search(lines[number]) for number in valid)
    return high if by_chance else sorted(set(high).difference(valid))


def _together(lines: Sequence[bytes], sample: bytes) -> Decoded | None:
    """Read lines behind the sample; None where it is not sure what they are in, or the ends of cells are not ASCII there."""
    from mojibake_fix.decode import decode

    data = sample + b"\n".join(lines)
    if b"\0" in data:  # code units of two or four bytes
        return None
    read = decode(data)
    probability = read.detection.probability if read.detection else 0.0
    if probability < _SURE:
        usual = _of_most(data.split(b"\n")[:_ASKED])
        if usual is None and probability < _LIKELY:
            return None
        read = decode(data, usual) if usual else read
    structure = b"".join(_ALONE.findall(data)).decode()
    return read if structure == "".join(sign for sign in read.text if sign < "\x30") else None


def _of_most(lines: Sequence[bytes]) -> str | None:
    """The encoding that more than half of those lines are in that are sure of theirs."""
    from mojibake_fix.detect import detect

    found = (detect(line) for line in lines if not line.isascii())
    votes = Counter(one.encoding for one in found if one.encoding and one.probability >= _SURE)
    name, count = max(votes.items(), key=lambda vote: vote[1], default=(None, 0))
    return name if 2 * count > votes.total() else None


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
        yield Problem(number, f"{count} of its characters are lost", harmless=True)
