"""Detection of what comes in pieces, or is too large to be read whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from mojibake_fix.arguments import as_bytes
from mojibake_fix.detect import detect
from mojibake_fix.detect_sample import ENOUGH
from mojibake_fix.records_bytes import Detection

HEAD = 1 << 14
"""Bytes kept from the start: what declarations, escape sequences and NUL bytes are looked for in."""

KEPT = 1 << 16
"""Bytes kept behind the head, from the first byte above 0x7F on."""

CHUNK = 1 << 18
"""Bytes read from a stream in one go."""

_ASCII = bytes(range(128))


class Detector:
    """Detect the encoding of a stream: feed it pieces until `enough`, then ask for the `result`.

    It keeps at most 80 kB, however much it is fed: the head, and what follows the first byte above 0x7F.

    >>> detector = Detector()
    >>> for piece in (b"<p>" * 9000, "中文网页抓取".encode("gbk"), b"</p>"):
    ...     detector.feed(piece)
    >>> detector.result().encoding
    'gb18030'
    """

    def __init__(
        self, *, declared: str | None = None, candidates: Iterable[str] | None = None, hint: str | None = None
    ) -> None:
        """Take what `detect` takes."""
        self._declared = declared
        self._candidates = None if candidates is None else tuple(candidates)
        self._hint = hint
        self._head = bytearray()
        self._body = bytearray()
        self._high = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the stream; a character may be cut between two pieces."""
        data = as_bytes(data, "Detector.feed")
        room = HEAD - len(self._head)
        if room > 0:
            self._head += data[:room]
            self._high += len(data[:room].translate(None, _ASCII))
            data = data[room:]
        if not data or len(self._body) >= KEPT or (not self._body and not self._high and data.isascii()):
            return
        if not self._body and not self._high:
            start = len(data) - len(data.lstrip(_ASCII))
            data = data[max(start - 2, 0) :]
        data = data[: KEPT - len(self._body)]
        self._body += data
        self._high += len(data.translate(None, _ASCII))

    @property
    def enough(self) -> bool:
        """Tell whether more would not change the result: the head is full, and there is a full sample of high bytes."""
        return len(self._head) >= HEAD and (self._high >= 4 * ENOUGH or len(self._body) >= KEPT)

    def result(self) -> Detection:
        """Return what has been detected so far; more may be fed after it."""
        data = bytes(self._head + self._body)
        return detect(data, declared=self._declared, candidates=self._candidates, hint=self._hint)


def detect_stream(
    stream: BinaryIO,
    *,
    declared: str | None = None,
    candidates: Iterable[str] | None = None,
    hint: str | None = None,
) -> Detection:
    """Detect the encoding of an open binary file, reading no more of it than is needed.

    The other arguments are those of `detect`. Raises what reading the stream raises.
    """
    detector = Detector(declared=declared, candidates=candidates, hint=hint)
    while not detector.enough and (data := stream.read(CHUNK)):
        detector.feed(data)
    return detector.result()
