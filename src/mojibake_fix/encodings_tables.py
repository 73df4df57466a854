"""The tables behind `encodings`: what each byte sequence of a character set shows, from Python's codecs and readers' rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

# Characters that some readers show for a pair where Python's codec shows another; facts from the vendors' tables
# (Microsoft cp936/cp932/cp949/cp950, Apple, JIS X 0208 and glibc differ in exactly such signs).
ALSO_SHOWN: Mapping[str, Mapping[str, str]] = {
    "cp936": {"・": "A1A4", "〜": "A1AB", "⋯": "A1AD", "─": "A9A4", "ǹ": "A8BF", "ḿ": "A8BC"},
    "cp932": {"〜": "8160", "‖": "8161", "−": "817C", "—": "815C", "¢": "8191", "£": "8192", "¬": "81CA"},
    "euc_jp": {"～": "A1C1", "∥": "A1C2", "－": "A1DD", "―": "A1BD", "￠": "A1F1", "￡": "A1F2", "￢": "A2CC"},
    "big5": {
        "・": "A145",
        "•": "A145",
        "‧": "A145",
        "〜": "A1E3",
        "～": "A1E3",
        "—": "A156",
        "―": "A156",
        "－": "A1D0",
    },
    "cp949": {"～": "A1AD", "〜": "A1AD", "―": "A1AA", "—": "A1AA"},
}


def single_byte_table(codec: str) -> dict[bytes, str]:
    """Return what each byte of a code page shows; one that it does not define is the C1 control of its value.

    >>> single_byte_table("cp1252")[b"\\x81"]
    '\\x81'
    """
    return {bytes([byte]): chr(byte) for byte in range(256)} | decoded(map(_byte, range(256)), (codec,))


def inverse(reads: Mapping[bytes, str], also: Mapping[str, str] = MappingProxyType({})) -> dict[str, tuple[bytes, ...]]:
    """Return the sequences that show each text, the shortest and lowest first, then those of `also` (hexadecimal).

    >>> inverse({b"\\x80": "€", b"\\xa2\\xe3": "€"})
    {'€': (b'\\x80', b'\\xa2\\xe3')}
    """
    writes: dict[str, tuple[bytes, ...]] = {}
    for sequence in sorted(sorted(reads), key=len):
        text = reads[sequence]
        writes[text] = (*writes.get(text, ()), sequence)
    for character, sequence_hex in also.items():
        sequence = bytes.fromhex(sequence_hex)
        if sequence not in writes.get(character, ()):
            writes[character] = (*writes.get(character, ()), sequence)
    return writes


def double_byte_table(name: str) -> dict[bytes, str]:
    """Return what each sequence of a double-byte character set shows: one of `encodings.DOUBLE_BYTE`.

    >>> double_byte_table("cp936")[b"\\xd6\\xd0"]
    '中'
    """
    codecs, trails = {
        "cp936": (("gb18030",), range(0x40, 0xFF)),
        "gb18030": (("gb18030",), range(0x40, 0xFF)),
        "big5": (("big5hkscs", "cp950"), range(0x40, 0xFF)),
        "big5/python": (("big5", "cp950"), range(0x40, 0xFF)),
        "cp932": (("cp932",), range(0x40, 0xFD)),
        "euc_jp": (("euc_jp",), range(0xA1, 0xFF)),
        "cp949": (("cp949",), range(0x41, 0xFF)),
    }[name]
    high = range(0x80, 0x100)
    single = decoded(map(_byte, high), codecs)
    pairs = (bytes((lead, trail)) for lead in high if _byte(lead) not in single for trail in trails)
    reads = dict(zip(map(_byte, range(0x80)), map(chr, range(0x80)), strict=True)) | single | decoded(pairs, codecs)
    if name == "euc_jp":
        reads |= decoded((bytes((0x8F, row, cell)) for row in trails for cell in trails), codecs)
    if name in ("cp936", "gb18030"):
        reads[b"\x80"] = "€"
        if name == "cp936":
            reads[b"\xff"] = "\uf8f5"
    if name == "big5":
        reads = dict(_big5_user_defined()) | reads
    return reads


def _byte(value: int) -> bytes:
    return bytes((value,))


def decoded(sequences: Iterable[bytes], codecs: tuple[str, ...]) -> dict[bytes, str]:
    """What the first of some codecs that knows it makes of each sequence; those that none knows are left out.

    All are decoded as one, a line each, in a tenth of the time: no codec reads a line break as a part of something else.
    """
    found: dict[bytes, str] = {}
    rest = [sequence for sequence in sequences if sequence != b"\n"]
    for codec in codecs:
        shown = b"\n".join(rest).decode(codec, "replace").split("\n")
        known = {sequence: text for sequence, text in zip(rest, shown, strict=True) if "\ufffd" not in text}
        found |= known
        rest = [sequence for sequence in rest if sequence not in known]
    return found


def also_shown(name: str) -> Mapping[str, str]:
    """Return what other readers of a character set show than Python's codec, each with its bytes in hexadecimal.

    cp950 shows private use for every pair of its user-defined areas, where others show the characters of Hong Kong.

    >>> also_shown("big5")["\ue3fb"], also_shown("cp949")["～"], also_shown("latin-1")
    ('8faf', 'A1AD', {})
    """
    shown = ALSO_SHOWN.get({"gb18030": "cp936", "big5/python": "big5"}.get(name, name), {})
    if name == "big5":
        return {**{character: pair.hex() for pair, character in _big5_user_defined()}, **shown}
    return shown


def _big5_user_defined() -> Iterator[tuple[bytes, str]]:
    """Microsoft's end-user-defined areas of cp950 (first lead, last lead, code point): pairs, and what is shown for them."""
    for first, last, code in ((0xFA, 0xFE, 0xE000), (0x8E, 0xA0, 0xE311), (0x81, 0x8D, 0xEEB8), (0xC6, 0xC8, 0xF672)):
        for lead in range(first, last + 1):
            for trail in (*range(0x40, 0x7F), *range(0xA1, 0xFF)):
                if (lead, trail) >= (0xC6, 0xA1) or first != 0xC6:
                    yield bytes([lead, trail]), chr(code)
                code += 1
