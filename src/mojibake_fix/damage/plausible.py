"""Which mix-ups of double-byte encodings are plausible at all? A look-up in one table.

Ranking all mix-ups of a suspect takes as long as looking at 5,000 clean code points, and nearly all suspects of clean text are
rare words, in hanzi or syllables that no single byte shows. What each of their characters would be in each pair of double-byte
encodings is known before: where that is on average nothing that people write, the pair is not worth reading.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Mapping

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.damage.pairs import NEVER_SINGLE, WRITERS, Pair, is_of_double_bytes, pairs_of, shows_loss
from mojibake_fix.encodings import DOUBLE_BYTE, charset
from mojibake_fix.encodings_arrays import SEVERAL, UNREAD, shown_for, written_as
from mojibake_fix.model import load

_PLAUSIBLE = 11.5
"""Mean cost of a character alone, in nats, up to which a pair of encodings is worth reading. Of 9,034 and 8,132 strings of 4 and 8
code points 0.13 and 0.04 % cost more in the pair that garbled them; of a rare word 2 to 7 readings are left instead of 12 to 20."""

_PARTS = 4
"""Parts of a nat that the table is in."""
_NEVER = 20.0
"""What a character costs that the reader cannot have shown, and two bytes that the writer has not."""
_OPEN = 8.0
"""What one costs of which the table cannot tell: of one byte or three, so that what is behind it is read otherwise."""
_KANA, _SYLLABLE = 2.5, 2.0
"""Nats that kana and Hangul are worth more: the model, which has less of their text, gives all of it little."""

_TOLD_OTHERWISE = re.compile("[\x80-\u0390\u03ca-\u07ff\uff61-\uff9f\ud800-\udfff\U00010000-\U0010ffff]")
"""Letters of two bytes in UTF-8, which double bytes are read as there; half-width katakana, which may be single bytes; what is not
in two bytes."""
_GREEK = re.compile("[Α-ω]")
"""Such letters, which formulas have beside rare words."""


def plausible(text: str) -> Mapping[str, Collection[str]] | None:
    """Tell which readers and writers make characters of a short text that people write.

    Args:
        text: What readers showed.

    Returns:
        The writers by reader; None where the table cannot tell, since other readers may have shown the text.

    >>> plausible("踉跄"), plausible("娴嬭瘯"), plausible("ÖÐ")
    ({}, {'cp936': ['utf-8'], 'gb18030': ['utf-8']}, None)
    """
    if not _is_told(text):
        return None
    pairs, costs = _costs()
    codes = np.frombuffer(text.encode("utf-16-le"), np.uint16)
    sums = costs.take(codes, axis=0).sum(axis=0, dtype=np.uint32)
    found: dict[str, list[str]] = {}
    for column in (sums <= _PLAUSIBLE * _PARTS * sum(map("\x80".__le__, text))).nonzero()[0].tolist():
        found.setdefault(pairs[column].reader, []).append(pairs[column].writer)
    return found


def _is_told(text: str) -> bool:
    """Tell whether only double-byte readers can have shown a text, and no byte of it was lost.

    >>> _is_told("踟蹰"), _is_told("ÖÐ"), _is_told("涓?枃")
    (True, False, False)
    """
    if not is_of_double_bytes(text) or shows_loss(text) or _TOLD_OTHERWISE.search(text):
        return False
    return len(_GREEK.findall(text)) <= len(NEVER_SINGLE.findall(text))


@functools.cache
def _costs() -> tuple[list[Pair], NDArray[np.uint8]]:
    """The pairs of double-byte readers, and what every code point of the basic plane costs in each, in `_PARTS` of a nat."""
    written = {writer: _in_utf_8() if writer == "utf-8" else _of_writer(writer) for writer in WRITERS}
    pairs = [pair for reader in DOUBLE_BYTE for pair in pairs_of(reader)]
    columns = []
    for pair in pairs:
        sequences = written_as(pair.reader)
        column = written[pair.writer].take(sequences)
        column[sequences == 0] = _NEVER * _PARTS
        if pair.reader == "euc_jp":
            column[list(map(ord, _of_three_bytes()))] = _OPEN * _PARTS
        column[:0x80] = 0
        columns.append(column)
    return pairs, np.stack(columns, axis=1)


def _of_three_bytes() -> list[str]:
    return [character for character, sequences in charset("euc_jp").writes.items() if len(sequences[0]) == 3]


def _of_writer(writer: str) -> NDArray[np.uint8]:
    """What the character costs that every two bytes are; of one byte and of two code points it cannot be told."""
    alone = -load().score_codes(np.arange(0x10000, dtype=np.uint32)[:, None])[:, 0]
    alone[0x3041:0x30FB] -= _KANA
    alone[0xAC00:0xD7A4] -= _SYLLABLE
    alone[[SEVERAL, UNREAD]] = _OPEN, _NEVER
    costs: NDArray[np.uint8] = np.rint(_PARTS * alone.clip(0, _NEVER)).astype(np.uint8).take(shown_for(writer))
    costs[:0x100] = _OPEN * _PARTS
    return costs


def _in_utf_8() -> NDArray[np.uint8]:
    """What two bytes cost as a part of UTF-8, where half of all bytes or more go on with a character that others begin."""
    first, second = np.arange(0x10000) >> 8, np.arange(0x10000) & 0xFF
    goes_on = [(byte >= 0x80) & (byte < 0xC0) for byte in (first, second)]
    begins = [(byte >= 0xC2) & (byte < 0xF5) for byte in (first, second)]
    costs = np.full(0x10000, _NEVER)
    costs[(goes_on[0] & (begins[1] | (second < 0x80))) | (begins[0] & goes_on[1])] = _NEVER / 2
    costs[goes_on[0] & goes_on[1]] = _NEVER / 4
    costs[:0x100] = _NEVER / 4
    return (_PARTS * costs).astype(np.uint8)
