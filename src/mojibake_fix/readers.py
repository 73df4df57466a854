"""Bytes to text and back, entry for entry as the WHATWG Encoding Standard has it, with the lost bytes kept.

Python's codecs do the work, with the differences that `tools/build_whatwg.py` found laid over them. After a lead byte
without its partner an ASCII byte is read anew and any other byte is lost with it, as in browsers.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mojibake_fix import escapes, labels
from mojibake_fix.records_bytes import LostBytes

_SINGLE_BYTES = {"KOI8-U": {b"\xae": "ў", b"\xbe": "Ў"}, "windows-1255": {b"\xca": "\u05ba"}}
"""Where a single-byte index of the standard and Python's codec differ: these three entries, found by comparing all."""

_FOUR_BYTES = b"\x81\x35\xf4\x37"
"""U+E7C7 in the standard's GB18030; in Python's it is U+1E3F, which belongs to A8 BC."""

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
            pieces.append(self._mend(piece))
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
        return "".join(pieces), losses

    def _mend(self, text: str) -> str:
        """Exchange the characters that the codec shows for others."""
        return text.translate(self.mended) if self.mended and not text.isascii() else text

    def _one(self, data: bytes, start: int) -> tuple[str, int, str]:
        """Read one sequence: its text, its length, and why it is lost if it is."""
        for length in range(1, min(self.longest, len(data) - start) + 1):
            sequence = data[start : start + length]
            text = self.extra.get(sequence)
            if text is None:
                try:
                    text = self._mend(sequence.decode(self.codec))
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
            return 1, "invalid" if trail < 0x40 or lead in (0x80, 0xFF) else "no character"
        return 2, "no character" if trail != 0xFF else "invalid"


def is_utf_8(data: bytes) -> bool:
    """Tell whether data is UTF-8 without a fault.

    >>> is_utf_8("中文".encode()), is_utf_8("中文".encode("gbk"))
    (True, False)
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


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
        extra.update({b"\x80": "€", _FOUR_BYTES: "\ue7c7"})
        again = [re.escape(_FOUR_BYTES)]
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


def write(text: str, name: str) -> bytes:
    """Write text as the standard's encoder of `name` does, and what that encoder leaves out where it can be read back.

    Raises:
        UnicodeEncodeError: A character has no bytes in that encoding.
        UnknownEncodingError: No encoding has this name.

    >>> write("中文€", "gbk").hex(" "), write("①", "iso-2022-jp")
    ('d6 d0 ce c4 80', b'\\x1b$B-!\\x1b(B')
    """
    encoding = labels.lookup(name)
    if encoding.name == "ISO-2022-JP":
        return _write_iso_2022_jp(text)
    table = _writing(encoding.name)
    if table is None:
        if encoding.codec is None:
            raise UnicodeEncodeError(encoding.name, text, 0, len(text), f"{encoding.name} is read only")
        return text.encode(encoding.codec)
    try:
        return b"".join([table[character] for character in text])
    except KeyError:
        return b"".join(_write_one(table, text, position, encoding.name) for position in range(len(text)))


def _write_one(table: Mapping[str, bytes], text: str, position: int, name: str) -> bytes:
    character = text[position]
    sequence = table.get(character)
    if sequence is not None:
        return sequence
    if name == "gb18030" and not "\ud800" <= character <= "\udfff" and character != "\ue5e5":
        return _FOUR_BYTES if character == "\ue7c7" else character.encode("gb18030")
    raise UnicodeEncodeError(name, text, position, position + 1, f"{name} has no such character")


_ALIKE = {"¥": "\\", "‾": "~", "−": "－"}
"""Characters that the encoders of EUC-JP, Shift_JIS and ISO-2022-JP write as others."""

_TWICE = {"Big5": "═╞╡╪十卅"}
"""Characters that stand twice in an index and are written as the second."""

_LAST = {"Big5": (0x81, 0xA1), "Shift_JIS": (0xED, 0xEF), "EUC-JP": (0x8F, 0x90)}
"""Lead bytes, from and below, whose characters are written otherwise where they can be."""


@functools.cache
def _writing(name: str) -> dict[str, bytes] | None:
    """The bytes of each character of a double-byte encoding; None for the others."""
    if name not in ("Big5", "GBK", "gb18030", "EUC-JP", "EUC-KR", "Shift_JIS"):
        return None
    table = {chr(byte): bytes([byte]) for byte in range(0x80)}
    first, end = _LAST.get(name, (0, 0))
    later: list[tuple[str, bytes]] = []
    for sequence, character in _entries(name):
        if first <= sequence[0] < end:
            later.append((character, sequence))
        elif character in _TWICE.get(name, ""):
            table[character] = sequence
        else:
            table.setdefault(character, sequence)
    for character, sequence in later:
        table.setdefault(character, sequence)
    if name in ("GBK", "gb18030"):
        for shown in reader("gb18030").mended:
            if shown not in (0xE5E5, 0xE7C7):
                table.setdefault(chr(shown), chr(shown).encode("gb18030"))
    if name == "GBK":
        table["€"] = b"\x80"
    if name in ("EUC-JP", "Shift_JIS"):
        table.update({character: table[other] for character, other in _ALIKE.items()})
    return table


def _entries(name: str) -> Iterator[tuple[bytes, str]]:
    """The sequences of an index that stand for one character, in order."""
    leads = [bytes([lead]) for lead in range(0x80, 0xFF)]
    if name == "EUC-JP":
        leads += [bytes([0x8F, row]) for row in range(0xA1, 0xFF)]
    for lead in leads:
        sequences = [lead + bytes([trail]) for trail in range(0x40, 0xFF)]
        shown = read(b"\n".join([lead, *sequences]), name)[0].split("\n")
        if len(shown) == len(sequences) + 1:
            pairs = [(lead, shown[0]), *zip(sequences, shown[1:], strict=True)]
            yield from ((sequence, text) for sequence, text in pairs if len(text) == 1 and text != "\ufffd")


def _write_iso_2022_jp(text: str) -> bytes:
    table = _writing("EUC-JP") or {}
    pieces: list[bytes] = []
    double = False
    for position, character in enumerate(text):
        sequence = table.get(character, b"")
        if not sequence or sequence[0] in (0x8E, 0x8F):
            raise UnicodeEncodeError("ISO-2022-JP", text, position, position + 1, "JIS X 0208 has no such character")
        if (len(sequence) == 2) != double:
            double = not double
            pieces.append(b"\x1b$B" if double else b"\x1b(B")
        pieces.append(bytes(byte & 0x7F for byte in sequence))
    return b"".join([*pieces, b"\x1b(B"] if double else pieces)
