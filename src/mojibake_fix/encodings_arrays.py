"""The double-byte character sets as arrays: the two bytes of every code point, and the code point of every two bytes.

Dictionaries are faster for one character; arrays are for all characters of a text, or of many, in all encodings at once.
"""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.encodings import charset

UNREAD, SEVERAL = 0xFFFD, 0
"""Stand in `shown_for` for two bytes that show nothing, and for those that show more than one code point of the basic plane."""


@functools.cache
def written_as(name: str) -> NDArray[np.uint16]:
    """Return how a character set writes every code point of the basic plane, the first byte in the upper digits.

    Returns:
        0x10000 numbers: below 0x100 for one byte, 0 where it takes three bytes or there is none.

    >>> hex(written_as("cp936")[ord("中")]), hex(written_as("cp936")[ord("A")]), written_as("cp936")[ord("ß")].item()
    ('0xd6d0', '0x41', 0)
    """
    usual = {
        ord(character): sequences[0].rjust(2, b"\0")
        for character, sequences in charset(name).writes.items()
        if len(character) == 1 and character <= "\uffff" and len(sequences[0]) <= 2
    }
    table = np.zeros(0x10000, np.uint16)
    table[list(usual)] = np.frombuffer(b"".join(usual.values()), ">u2")
    return table


@functools.cache
def shown_for(name: str) -> NDArray[np.uint16]:
    """Return what a character set shows for every two bytes.

    Returns:
        0x10000 code points, `UNREAD` and `SEVERAL` among them.

    >>> chr(shown_for("cp936")[0xD6D0]), hex(shown_for("cp936")[0xD620])
    ('中', '0xfffd')
    """
    pairs = {sequence: text for sequence, text in charset(name).reads.items() if len(sequence) == 2}
    table = np.full(0x10000, UNREAD, np.uint16)
    table[np.frombuffer(b"".join(pairs), ">u2")] = [
        ord(text) if len(text) == 1 and text <= "\uffff" else SEVERAL for text in pairs.values()
    ]
    return table
