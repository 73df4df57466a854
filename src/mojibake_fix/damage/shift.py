"""Double-byte text read one byte on: what a run that is out of phase was, and what any other text is not.

Whether the characters before a place read better one byte on is asked at every letter between hanzi, at every question mark
and behind every suspect. It is asked of all places of a text at once with arrays (`may_gain`), which leaves next to none of
a clean text, and of each place that is left by itself (`reads_better`).
"""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.damage.pairs import UNREADABLE, steps_of
from mojibake_fix.encodings import Charset, charset

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

ORPHANS = "?\ufffd"
"""What readers show for a byte that has lost its partner."""

HALF_KNOWN = -5.0
"""Log-probability, in nats, of a character of which one byte is known, once context has chosen it."""

TAIL = 4
"""Code points at the end of a run that tell whether it is worth more: each of them gains some 5 nats."""

ROUNDING = 1e-3
"""Nats by which sums over arrays may differ from those of one place."""


def shifted(seen: str, written: Charset) -> str | None:
    """Read double-byte text from its second byte on, with the letter behind it where that is a trail byte.

    >>> shifted("绾螌W", charset("cp936"))
    '何學'
    """
    spelled = [written.spell(character)[:1] for character in seen]
    if not all(spelled[:-1]) or any(len(sequences[0]) != 2 for sequences in spelled[:-1]):
        return None
    data = b"".join(sequences[0] for sequences in spelled[:-1])
    if spelled[-1] and len(spelled[-1][0]) == 1 and seen[-1] not in ORPHANS:
        data += spelled[-1][0]
    return "".join(written.reads.get(data[at : at + 2], "\ufffd") for at in range(1, len(data) - 1, 2))


def reads_better(seen: str, following: str, before: str, name: str, model: CharacterModel) -> bool:
    """Tell whether some last characters of `seen`, double-byte text, read better one byte on.

    Nearly every place in clean text ends here, so that it is done without arrays, which are slower for a few characters.

    Args:
        seen: The text, at most `TAIL` characters.
        following: The character behind it, empty at the end of a text.
        before: What stands before it.
        name: The encoding that it is read in.
        model: Scores the readings.

    >>> from mojibake_fix.model import load
    >>> reads_better("绾螌", "W", "", "cp936", load()), reads_better("中文", "W", "", "cp936", load())
    (True, False)
    """
    read = shifted(seen + following, charset(name))
    if not read:
        return False
    here = steps_of(seen, model, before)
    gains = [there - one for there, one in zip(steps_of(read, model), here, strict=False)]
    gain = HALF_KNOWN - here[-1] if len(gains) < len(seen) else 0.0
    return max(itertools.accumulate(reversed(gains), initial=gain)) > max(gain, 0.0)


def may_gain(
    codes: NDArray[np.uint32],
    starts: NDArray[np.intp],
    ends: NDArray[np.intp],
    least: NDArray[np.float64],
    name: str,
    model: CharacterModel,
) -> NDArray[np.bool_]:
    """Tell where a text in double bytes may read better one byte on: wherever it does, and at few other places.

    Args:
        codes: The code points of the text.
        starts: Where the text begins at the earliest: it is in double bytes from there or from a later place on.
        ends: The index of the code point that it ends before.
        least: Nats that the last characters, as many as it takes, must gain; 0 to gain anything at all.
        name: The encoding that it is read in.
        model: Scores the readings.

    >>> from mojibake_fix.model import load
    >>> codes = np.array([ord(character) for character in "绾螌W中文W"], np.uint32)
    >>> may_gain(codes, np.array([0, 3]), np.array([2, 5]), np.array([6.0, 6.0]), "cp936", load()).tolist()
    [True, False]
    """
    written, reads = _tables(name)
    lengths = _lengths(codes, starts, ends)
    rows, columns = np.arange(len(ends)), np.arange(max(1, int(lengths.max(initial=0))))
    # A row holds the characters of one place in order, then the one that it is before, then anything.
    places = np.minimum((ends - lengths)[:, None] + np.arange(len(columns) + 1), len(codes) - 1)
    seen = codes[places]
    data = written[np.minimum(seen, 0xFFFF)]
    following = data[rows, lengths]
    complete = (following > 0) & (following < 0x100) & (codes[ends] != ord("?"))
    first = np.where(data < 0x100, data, data >> 8)[:, 1:]
    read = reads[(data[:, :-1] & 0xFF).astype(np.intp) << 8 | first]
    known = columns < (lengths - ~complete)[:, None]
    there = model.score_at(read, known.ravel().nonzero()[0])
    gains = np.zeros(read.shape)
    gains[known] = np.where(read[known] == 0xFFFD, UNREADABLE, there) - model.score_at(codes, places[:, :-1][known])
    last = np.where(complete, 0.0, HALF_KNOWN - model.score_at(codes, ends - 1))
    best = last + gains[:, ::-1].cumsum(axis=1).max(1)
    in_pairs = (lengths > 1) & ~((columns < lengths[:, None]) & (data[:, :-1] < 0x100)).any(1)
    better = in_pairs & (best > np.maximum(np.where(least > 0, least, last), 0.0) - ROUNDING)
    # The tables have neither what is beyond the basic plane nor two code points for two bytes.
    exotic = (lengths > 1) & ((seen > 0xFFFF).any(1) | (known & (read == _SEVERAL)).any(1))
    found: NDArray[np.bool_] = better | exotic
    return found


def _lengths(codes: NDArray[np.uint32], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.intp]:
    """How many code points right before each end, and not before its start, are neither ASCII nor U+FFFD."""
    longest = int((ends - starts).max(initial=0))
    before = ends[:, None] - 1 - np.arange(longest)
    in_pairs = (codes[before] >= 0x80) & (codes[before] != 0xFFFD) & (before >= starts[:, None])
    lengths: NDArray[np.intp] = np.logical_and.accumulate(in_pairs, axis=1).sum(1)
    return lengths


_SEVERAL = 0
"""Stands in a table for what is no single code point."""


@functools.cache
def _tables(name: str) -> tuple[NDArray[np.uint16], NDArray[np.uint32]]:
    """The bytes of every character of the basic plane, 0 where there are none, and the code point of every two bytes."""
    known = charset(name)
    written, reads = np.zeros(0x10000, np.uint16), np.full(0x10000, 0xFFFD, np.uint32)
    for character, (usual, *_) in known.writes.items():
        if len(character) == 1 and character <= "\uffff" and len(usual) <= 2:
            written[ord(character)] = int.from_bytes(usual, "big")
    for sequence, character in known.reads.items():
        if len(sequence) == 2:
            reads[int.from_bytes(sequence, "big")] = ord(character) if len(character) == 1 else _SEVERAL
    return written, reads
