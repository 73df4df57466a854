"""Character sets as real readers had them: bytes to characters and back, for every sequence, with positions kept.

Python's codecs are strict where the web was not: its `gbk` can neither read nor write the user-defined areas that
cp936 readers show as private-use code points, and has no 0x80 = €. The tables here are built from Python's codecs at
first use, and completed by the rules that the readers followed:

* cp936 and GB18030 share their two-byte area. User-defined pairs are U+E000-U+E765 (as in Python's `gb18030`),
  0x80 is €, 0xFF is U+F8F5 (Microsoft's cp936 table).
* Big5 is Big5-HKSCS, then cp950 for what HKSCS lacks; pairs that neither has are Microsoft's end-user-defined areas.
  Python's own `big5` and `cp950` follow the first table of the Unicode Consortium, which has kana, Cyrillic and numbers
  in other places of C6A1-C7FC, where the lead bytes of one hanzi in 20 of GBK are: what they show is "big5/python".
* Single bytes that a code page does not define become the C1 control of the same value, as WHATWG has it.
"""

from __future__ import annotations

import functools

from mojibake_fix.encodings_charset import LOST, SWALLOWED, Charset, Match, Pattern, Reading
from mojibake_fix.encodings_tables import also_shown, double_byte_table, inverse, single_byte_table
from mojibake_fix.encodings_utf8 import Utf8, Utf8OrLatin1, Utf8OrSurrogates

__all__ = [
    "CHARSETS",
    "DOUBLE_BYTE",
    "FULL_WIDTH",
    "LOST",
    "SINGLE_BYTE",
    "SWALLOWED",
    "Charset",
    "Match",
    "Pattern",
    "Reading",
    "charset",
]

FULL_WIDTH = {chr(code - 0xFEE0): chr(code) for code in range(0xFF01, 0xFF5F)} | {" ": "\u3000"}
"""The full-width form of each ASCII sign that has one: sources that fold make the second the first."""

SINGLE_BYTE = (
    "latin-1", "cp1250", "cp1251", "cp1252", "cp1254", "cp1257", "cp1258", "cp437", "cp850", "cp852", "cp866",
    "iso8859_2", "iso8859_15", "mac_roman", "mac_cyrillic", "koi8_r",
)  # fmt: skip
DOUBLE_BYTE = ("cp936", "gb18030", "big5", "big5/python", "cp932", "euc_jp", "cp949")
CHARSETS = ("utf-8", "utf-8/latin-1", "utf-8/surrogateescape", *DOUBLE_BYTE, *SINGLE_BYTE)
"""Names that `charset` knows."""


@functools.cache
def charset(name: str) -> Charset:
    """Return the character set called `name`, building its table at first use (about 20 ms for a double-byte set).

    Args:
        name: One of `CHARSETS`.

    Raises:
        LookupError: No such character set; the message lists the names.

    >>> charset("cp1252").read(b"\\xd6\\xd0\\x81").text
    'ÖÐ\\x81'
    """
    if name == "utf-8":
        return Utf8()
    if name == "utf-8/latin-1":
        return Utf8OrLatin1()
    if name == "utf-8/surrogateescape":
        return Utf8OrSurrogates()
    if name in SINGLE_BYTE:
        reads = single_byte_table(name)
        return Charset(name, reads, inverse(reads), frozenset(), 1)
    if name not in DOUBLE_BYTE:
        raise LookupError(f"no character set called {name!r}; known: {', '.join(CHARSETS)}")
    reads = double_byte_table(name)
    leads = frozenset(sequence[0] for sequence in reads if len(sequence) > 1)
    longest = 4 if name == "gb18030" else 3 if name == "euc_jp" else 2
    return Charset(name, reads, inverse(reads, also_shown(name)), leads, longest)
