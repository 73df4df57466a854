"""Bytes to text and back, entry for entry as the WHATWG Encoding Standard has it, with the lost bytes kept.

Python's codecs do the work, with the differences that `tools/build_whatwg.py` found laid over them. After a lead byte
without its partner an ASCII byte is read anew and any other byte is lost with it, as in browsers.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from mojibake_fix import escapes, labels
from mojibake_fix.records_bytes import LostBytes

_SINGLE_BYTES = {"KOI8-U": {b"\xae": "ў", b"\xbe": "Ў"}, "windows-1255": {b"\xca": "\u05ba"}}
"""Where a single-byte index of the standard and Python's codec differ: these three entries, found by comparing all."""

_C1_IS_CONTROL = re.compile(r"windows-\d+|x-mac|mac")
"""Code pages whose undefined bytes below 0xA0 the standard reads as C1 controls."""

_CHUNK = 1 << 16
_AFTER_ERROR = 128
"""Bytes tried at once after an error; errors come in clusters, and Python copies what it tried into each exception."""


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """One encoding, read through a codec of Python and mended.

    Attributes:
        name: WHATWG name.
        codec: Codec of Python.
        extra: Sequences that the codec cannot read.
        mended: Code points that the codec shows for others.
        reread: Matches sequences that the codec reads as others; they are in `extra`.
        longest: Bytes of the longest sequence.
    """

    name: str
    codec: str
    extra: Mapping[bytes, str]
    mended: Mapping[int, str]
    reread: re.Pattern[bytes] | None
    longest: int

    def read(self, data: bytes) -> tuple[str, list[LostBytes]]:
        """Read `data`; U+FFFD stands for the bytes that are lost."""
        pieces: list[str] = []
        losses: list[LostBytes] = []
        position = start = 0
        size = _CHUNK
        while start < len(data):
            end = min(start + size, len(data))
            if self.reread is not None:
                again = self.reread.search(data, start, end)
                end = max(again.start(), start) if again else end
            try:
                piece = data[start:end].decode(self.codec)
                read = end - start
            except UnicodeDecodeError as error:
                read = error.start
                piece = data[start : start + read].decode(self.codec)
            pieces.append(piece)
            position += len(piece)
            start += read
            size = min(size * 2, _CHUNK)
            if start < len(data) and (start < end or read == 0):
                text, length, why = self._one(data, start)
                if why:
                    losses.append(LostBytes(start, data[start : start + length], why, position))
                    size = _AFTER_ERROR
                pieces.append(text)
                position += len(text)
                start += length
        text = "".join(pieces)
        if self.mended and not text.isascii():
            text = text.translate(self.mended)
        return text, losses

    def _one(self, data: bytes, start: int) -> tuple[str, int, str]:
        """Read one sequence: its text, its length, and why it is lost if it is."""
        for length in range(1, min(self.longest, len(data) - start) + 1):
            sequence = data[start : start + length]
            text = self.extra.get(sequence)
            if text is None:
                try:
                    text = sequence.decode(self.codec)
                except UnicodeDecodeError:
                    continue
            return text, length, ""
        length, why = self._lost(data, start)
        return "\ufffd", length, why

    def _lost(self, data: bytes, start: int) -> tuple[int, str]:
        """How many bytes are lost at `start`, and why."""
        if self.longest == 1:
            return 1, "no character"
        try:
            codecs.getincrementaldecoder(self.codec)().decode(data[start : start + self.longest])
        except UnicodeDecodeError as error:
            length = error.end - error.start
        else:
            return len(data) - start, "truncated"
        if self.codec.startswith("utf"):
            return length, "invalid"
        lead, trail = data[start], data[start + 1] if start + 1 < len(data) else 0
        if lead in (0x80, 0xFF) or trail < 0x80 or start + 1 >= len(data):
            return 1, "invalid" if trail < 0x30 or lead in (0x80, 0xFF) else "no character"
        return 2, "no character" if trail != 0xFF else "invalid"


def read(data: bytes, name: str) -> tuple[str, list[LostBytes]]:
    """Read `data` as the encoding that WHATWG or `labels` calls `name`; any bytes are valid input.

    Returns:
        The text, and the bytes that stand for no character, each with a U+FFFD in the text.

    >>> read(bytes.fromhex("D6D0 80 FF 41"), "GBK")
    ('中€�A', [LostBytes(offset=3, data=b'\\xff', why='invalid', position=2)])
    >>> read(bytes.fromhex("877A"), "Big5")[0], read(b"\\x81", "windows-1252")[0]
    ('㡵', '\\x81')
    """
    if name in escapes.NAMES:
        return escapes.read(data, name, lambda part, inner: read(part, inner))
    if name == "EUC-TW":
        return escapes.read_euc_tw(data)
    if name == "x-user-defined":
        return "".join(chr(byte) if byte < 0x80 else chr(0xF700 + byte) for byte in data), []
    if name == "replacement":
        return ("\ufffd", [LostBytes(0, data, "invalid", 0)]) if data else ("", [])
    return reader(name).read(data)


@functools.cache
def reader(name: str) -> Reader:
    """Return the reader of an encoding that a codec of Python reads.

    Raises UnknownEncodingError for an unknown name.
    """
    encoding = labels.lookup(name)
    codec = encoding.codec or encoding.name
    patch = labels.data()["patches"].get("gb18030" if name == "GBK" else name, {})
    extra = {
        bytes.fromhex(key): text for key, text in {**patch.get("unreadable", {}), **patch.get("reread", {})}.items()
    }
    mended = {ord(shown): text for shown, text in patch.get("different", {}).items()}
    again = [re.escape(bytes.fromhex(key)) for key in patch.get("reread", {})]
    extra.update(_SINGLE_BYTES.get(name, {}))
    if codec == "gb18030":
        extra[b"\x80"] = "€"
    if name == "KOI8-U":
        again = [re.escape(byte) for byte in _SINGLE_BYTES[name]]
    longest = _longest(codec)
    if longest == 1 and _C1_IS_CONTROL.match(name):
        extra.update({bytes([byte]): chr(byte) for byte in range(0x80, 0xA0) if not _decodes(bytes([byte]), codec)})
    return Reader(name, codec, extra, mended, re.compile(b"|".join(again)) if again else None, longest)


def _longest(codec: str) -> int:
    if codec in ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        return 4
    if codec in ("euc_jp", "euc_jis_2004"):
        return 3
    if codec in ("cp932", "cp949", "big5hkscs", "cp950", "johab", "big5", "shift_jis_2004", "gbk", "euc_kr"):
        return 2
    return 1


def _decodes(sequence: bytes, codec: str) -> bool:
    try:
        sequence.decode(codec)
    except UnicodeDecodeError:
        return False
    return True
