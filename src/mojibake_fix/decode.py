"""bytes -> Decoded: text with nothing lost silently.

Labels mean what they mean to browsers (`readers`); an encoding that is not said is detected; and an input that mixes
encodings is read stretch by stretch (`decode_mixed`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from mojibake_fix import labels, readers
from mojibake_fix.arguments import as_bytes
from mojibake_fix.decode_mixed import LANGUAGES, Stretch, stretches
from mojibake_fix.detect import detect
from mojibake_fix.detect_structure import BOMS
from mojibake_fix.records_bytes import Decoded, Detection, LostBytes, Segment

CESU_8 = "CESU-8"
"""Name of what WHATWG has no name for: see `_HALVES`."""

_NEVER_MIXED = ("UTF-16", "UTF-32", "ISO-2022", "HZ", "replacement", "x-user")
"""Encodings in which ASCII is not ASCII, or that turn up only by themselves."""


def decode(
    data: bytes,
    encoding: str | None = None,
    *,
    declared: str | None = None,
    candidates: Iterable[str] | None = None,
    hint: str | None = None,
    mixed: bool = True,
) -> Decoded:
    """Decode bytes, and say where each stretch and each lost byte was.

    Args:
        data: Any bytes.
        encoding: A label, read as browsers do (`gb2312` is GB18030, `iso-8859-1` is windows-1252); detected by default.
        declared: A declared encoding, evidence for the detector (see `detect`).
        candidates: Labels of the only encodings that the detector considers.
        hint: A language or top-level domain that makes some encodings likelier.
        mixed: Look for stretches in other encodings; not done where `encoding` or `candidates` is given.

    Returns:
        The text without a byte order mark, the encoding, the segments, and the bytes that stand for no character, each
        with a U+FFFD in the text. Binary data is shown as windows-1252.

    Raises:
        UnknownEncodingError: `encoding` or a candidate is no known encoding; the message lists near names.

    >>> decode(b"\\xd6\\xd0\\xce\\xc4\\x80", "gb2312").text
    '中文€'
    >>> result = decode("他說：不要客氣，請坐。".encode("big5") + "這是一則廣告".encode())
    >>> result.text, [segment.encoding for segment in result.segments]
    ('他說：不要客氣，請坐。這是一則廣告', ['Big5', 'UTF-8'])
    """
    data = as_bytes(data, "decode")
    if encoding is not None:
        name = labels.lookup(encoding).name
        return _read(data, [Stretch(0, len(data), name)], name, None)
    detection = detect(data, declared=declared, candidates=candidates, hint=hint)
    main = detection.encoding
    weighed = bool(detection.candidates)  # ASCII alone is not, nor what charset-normalizer named
    parts = [Stretch(0, len(data), main or "windows-1252")]
    if mixed and weighed and candidates is None and main is not None and not main.startswith(_NEVER_MIXED):
        base = _base(data, main, detection)
        if base != "UTF-8":
            parts = stretches(data, base)
        elif not readers.is_utf_8(data):
            parts = list(_with_halves(data, base))
    return _read(data, parts, main, detection)


_HALVES = re.compile(rb"(?:\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf])+")
"""Characters beyond the basic plane in CESU-8, which Java and databases write: each half by itself as UTF-8 writes code points."""


def _with_halves(data: bytes, main: str) -> Iterator[Stretch]:
    """The stretches of data that is mostly UTF-8, those in CESU-8 among them."""
    position = 0
    for match in [*_HALVES.finditer(data), None]:
        start, end = match.span() if match else (len(data), len(data))
        for stretch in stretches(data[position:start], main) if position < start else ():
            yield Stretch(position + stretch.start, position + stretch.end, stretch.encoding)
        if match:
            yield Stretch(start, end, CESU_8)
        position = end


_RARE_LOSSES = 20
"""Characters to a loss below which a rare encoding is not what the input is in; real EUC-TW has hundreds."""


def _base(data: bytes, main: str, detection: Detection) -> str:
    """The encoding that a mixed input is looked at in.

    A mixture fits no encoding, so a rare one may fit it least badly; then it is the likeliest of the usual ones.
    """
    if main in LANGUAGES or not detection.candidates[0].damage:
        return main
    text, lost = readers.read(data[: 1 << 16], main)
    if len(lost) * _RARE_LOSSES <= len(text):
        return main
    return next((other.encoding for other in detection.candidates if other.encoding in LANGUAGES), main)


def _read(data: bytes, parts: Sequence[Stretch], main: str | None, detection: Detection | None) -> Decoded:
    pieces: list[str] = []
    losses: list[LostBytes] = []
    segments: list[Segment] = []
    position = 0
    for part in parts:
        skip = _mark(data, part.encoding) if part.start == 0 else 0
        text, lost = _text(data[part.start + skip : part.end], part.encoding)
        for loss in lost:
            why = "invalid" if loss.why == "truncated" and part.end < len(data) else loss.why
            losses.append(LostBytes(part.start + skip + loss.offset, loss.data, why, position + loss.position))
        segments.append(Segment(part.start, part.end, part.encoding, position, len(text)))
        pieces.append(text)
        position += len(text)
    if len(segments) > 1:
        sizes: dict[str, int] = {}
        for segment in segments:
            sizes[segment.encoding] = sizes.get(segment.encoding, 0) + segment.end - segment.start
        main = max(sizes, key=sizes.__getitem__)
    return Decoded("".join(pieces), main, tuple(segments), tuple(losses), detection)


def _text(data: bytes, encoding: str) -> tuple[str, list[LostBytes]]:
    if encoding == CESU_8:
        return data.decode("utf-8", "surrogatepass").encode("utf-16-le", "surrogatepass").decode("utf-16-le"), []
    return readers.read(data, encoding)


def _mark(data: bytes, encoding: str) -> int:
    """Bytes of the byte order mark of `encoding` that `data` begins with."""
    return next((len(mark) for mark, name, _ in BOMS if name == encoding and data.startswith(mark)), 0)
