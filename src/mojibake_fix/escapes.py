"""Encodings that change their character set on the way: ISO-2022-JP, -KR, -CN and HZ; and EUC-TW, which Python lacks.

An input is cut at its escape sequences; between them stand runs of ASCII or of two-byte characters, which are the
EUC form of the same set with the high bits off (RFC 1468, 1554, 1557, 1842, 1843, 1922). CNS 11643 planes 1 and 2 are
Big5 in another order.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

from mojibake_fix import labels
from mojibake_fix.records_bytes import LostBytes

NAMES = ("ISO-2022-JP", "ISO-2022-KR", "ISO-2022-CN", "HZ-GB-2312")
"""Encodings that `read` knows."""

Inner = Callable[[bytes, str], tuple[str, list[LostBytes]]]
"""Reads the EUC form of a run: bytes and the name of the encoding."""

ESCAPE = re.compile(rb"\x1b(?:\$[()*+]?[@-Z]|\([A-Z]|[NO])|\x0e|\x0f")
_PAIRS = re.compile(rb"(?:[\x21-\x7e]{2})+|[\x21-\x7e]$|[^\x21-\x7e]+|[\x21-\x7e]")

_JP_SETS = {
    b"(B": "", b"(J": "roman", b"(I": "katakana", b"$@": "EUC-JP", b"$B": "EUC-JP", b"$(D": "JIS X 0212",
    b"$(O": "EUC-JP", b"$(Q": "EUC-JP", b"$A": "gb18030", b"$(C": "EUC-KR",
}  # fmt: skip
_SHIFTED_SETS = {b"$)A": "gb18030", b"$)E": "gb18030", b"$)G": "CNS 1", b"$)C": "EUC-KR"}
_ROMAN = str.maketrans("\\~", "¥‾")


def read(data: bytes, name: str, inner: Inner) -> tuple[str, list[LostBytes]]:
    """Read `data` as one of `NAMES`; `inner` reads the EUC form of the runs.

    Returns:
        The text, and the bytes that stand for no character, each with a U+FFFD in the text.
    """
    pieces: list[str] = []
    losses: list[LostBytes] = []
    position = 0
    runs = _hz_runs(data) if name == "HZ-GB-2312" else _iso2022_runs(data)
    for start, end, characters in runs:
        text, lost = _read_run(data[start:end], characters, inner)
        if lost and end < len(data):
            lost = [LostBytes(loss.offset, loss.data, "invalid", loss.position) for loss in lost]
        losses += [LostBytes(start + loss.offset, loss.data, loss.why, position + loss.position) for loss in lost]
        pieces.append(text)
        position += len(text)
    return "".join(pieces), losses


def _iso2022_runs(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Runs as start, end and character set."""
    direct = ""
    shifted = ""
    shift = False
    position = 0
    for match in ESCAPE.finditer(data):
        yield position, match.start(), shifted if shift else direct
        position = match.end()
        token = match.group()[1:] if match.group().startswith(b"\x1b") else match.group()
        if token in (b"\x0e", b"\x0f"):
            shift = token == b"\x0e"
        elif token in _SHIFTED_SETS:
            shifted = _SHIFTED_SETS[token]
        elif token in (b"N", b"O"):
            yield position, min(position + 2, len(data)), "CNS 2" if token == b"N" else "CNS 3"
            position = min(position + 2, len(data))
        else:
            direct = _JP_SETS.get(token, direct)
    yield position, len(data), shifted if shift else direct


def _hz_runs(data: bytes) -> Iterator[tuple[int, int, str]]:
    """Runs as start, end and character set; a line's end returns to ASCII, as in RFC 1843."""
    characters = ""
    position = 0
    for match in re.finditer(rb"~[{}~\n]|\n", data):
        token = match.group()
        if token == b"~~":
            yield position, match.start() + 1, characters
        elif token == b"\n":
            yield position, match.start(), characters
            yield match.start(), match.end(), ""
        else:
            yield position, match.start(), characters
        characters = "gb18030" if token == b"~{" else "" if token in (b"~}", b"\n") else characters
        position = match.end()
    yield position, len(data), characters


def _read_run(data: bytes, characters: str, inner: Inner) -> tuple[str, list[LostBytes]]:
    if not characters or characters == "roman":
        text = data.decode("ascii", "replace")
        high = [LostBytes(i, data[i : i + 1], "invalid", i) for i, byte in enumerate(data) if byte > 0x7F]
        return (text.translate(_ROMAN) if characters else text), high
    if characters == "katakana":
        return "".join(chr(0xFF40 + b) if 0x21 <= b <= 0x5F else chr(b) if b < 0x80 else "\ufffd" for b in data), []
    pieces: list[str] = []
    losses: list[LostBytes] = []
    position = 0
    for match in _PAIRS.finditer(data):
        part, start = match.group(), match.start()
        if len(part) >= 2 and 0x21 <= part[0] <= 0x7E:
            text, lost = _read_pairs(part, characters, inner)
        elif part[0] <= 0x20 or part[0] == 0x7F:
            text, lost = part.decode("ascii", "replace"), []
        else:
            why = "truncated" if match.end() == len(data) and len(part) == 1 and part[0] < 0x80 else "invalid"
            text, lost = "\ufffd", [LostBytes(0, part, why, 0)]
        losses += [LostBytes(start + loss.offset, loss.data, loss.why, position + loss.position) for loss in lost]
        pieces.append(text)
        position += len(text)
    return "".join(pieces), losses


def _read_pairs(part: bytes, characters: str, inner: Inner) -> tuple[str, list[LostBytes]]:
    """Read two-byte characters with the high bits off."""
    high = bytes(byte | 0x80 for byte in part)
    if characters.startswith("CNS"):
        text, lost = read_plane(high, int(characters[-1]))
    elif characters == "JIS X 0212":
        text, lost = inner(b"".join(b"\x8f" + high[i : i + 2] for i in range(0, len(high), 2)), "EUC-JP")
        lost = [LostBytes(loss.offset // 3 * 2, loss.data[1:], loss.why, loss.position) for loss in lost]
    else:
        text, lost = inner(high, characters)
    return text, [
        LostBytes(loss.offset, bytes(b & 0x7F for b in loss.data), "no character", loss.position) for loss in lost
    ]


_EUC_TW = re.compile(
    rb"(?P<ascii>[\x00-\x7f]+)|(?P<plane1>(?:[\xa1-\xfe]{2})+)|\x8e(?P<plane>[\xa1-\xb0])(?P<pair>[\xa1-\xfe]{2})"
    rb"|(?P<cut>[\xa1-\xfe]$|\x8e[\xa1-\xb0]?[\xa1-\xfe]?$)|(?P<bad>[\x80-\xff])"
)


def read_euc_tw(data: bytes) -> tuple[str, list[LostBytes]]:
    """Read EUC-TW: planes 1 and 2 of CNS 11643; characters of other planes are reported as lost.

    >>> read_euc_tw(bytes.fromhex("C4E3 C5C6 8EA2A1A1"))
    ('中文乂', [])
    """
    pieces: list[str] = []
    losses: list[LostBytes] = []
    position = 0
    for match in _EUC_TW.finditer(data):
        kind, start, part = match.lastgroup, match.start(), match.group()
        lost: list[LostBytes] = []
        if kind == "ascii":
            text = part.decode("ascii")
        elif kind == "plane1":
            text, lost = read_plane(part, 1)
        elif kind == "pair":
            text, lost = read_plane(match["pair"], match["plane"][0] - 0xA0)
            lost = [LostBytes(0, part, loss.why, 0) for loss in lost]
        else:
            text, lost = "\ufffd", [LostBytes(0, part, "truncated" if kind == "cut" else "invalid", 0)]
        losses += [LostBytes(start + loss.offset, loss.data, loss.why, position + loss.position) for loss in lost]
        pieces.append(text)
        position += len(text)
    return "".join(pieces), losses


def read_plane(data: bytes, plane: int) -> tuple[str, list[LostBytes]]:
    """Read pairs of bytes 0xA1 to 0xFE as characters of one plane of CNS 11643."""
    table = cns(plane)
    text = ""
    losses: list[LostBytes] = []
    for offset in range(0, len(data), 2):
        pair = data[offset : offset + 2]
        character = table.get(pair)
        if character is None:
            losses.append(LostBytes(offset, pair, "no character", len(text)))
        text += character or "\ufffd"
    return text, losses


@functools.cache
def cns(plane: int) -> dict[bytes, str]:
    """Characters of a plane by their pair of bytes, from its runs in Big5."""
    table: dict[bytes, str] = {}
    for number, first, big5, length in labels.data()["cns11643"]:
        if number != plane:
            continue
        for cell in range(length):
            row, column = divmod(first + cell, 94)
            lead, trail = divmod(big5 + cell, 157)
            pair = bytes([lead + 0xA1, trail + (0x40 if trail < 0x3F else 0x62)])
            table[bytes([row + 0xA1, column + 0xA1])] = pair.decode("cp950")
    return table
