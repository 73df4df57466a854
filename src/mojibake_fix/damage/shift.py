"""Double-byte text read one byte on: what a run that is out of phase was, and what any other text is not.

Whether the characters before a place read better one byte on is asked at every letter between hanzi, at every question mark
and behind every suspect. It is asked of all places of a text at once with arrays (`read_better`), which leaves next to none of
a clean text, and of each place that is left by itself (`reads_better`).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.damage.ranking import UNREADABLE, steps_of
from mojibake_fix.encodings import Charset, charset
from mojibake_fix.encodings_arrays import SEVERAL, UNREAD, shown_for, written_as

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

ORPHANS = "?\ufffd"
"""What readers show for a byte that has lost its partner."""

HALF_KNOWN = -5.0
"""Log-probability, in nats, of a character of which one byte is known, once context has chosen it."""

TAIL = 6
"""Code points at the end of a run that tell whether it is one: each of them gains some 5 nats."""


def shifted(seen: str, written: Charset) -> str | None:
    """Read double-byte text from its second byte on, with the letter behind it where that is a trail byte.

    >>> shifted("绾螌W", charset("cp936"))
    '何學'
    """
    inner, last = seen[:-1], seen[-1:]
    data = written.encode(inner)
    if data is None or len(data) != 2 * len(inner):
        return None
    if last not in ORPHANS and len(letter := written.encode(last) or b"") == 1:
        data += letter
    return "".join([written.reads.get(data[at : at + 2], "\ufffd") for at in range(1, len(data) - 1, 2)])


def reads_better(
    text: str, start: int, end: int, least: float, names: Sequence[str], model: CharacterModel
) -> list[str]:
    """Return the encodings in which double-byte text reads better one byte on, as far as its last `TAIL` characters tell.

    Some of these gain what is asked, or all of them gain anything and there are more before them. Nearly every place in clean
    text ends here, so that it is done without arrays, which are slower for a few characters.

    Args:
        text: The whole text.
        start: Where the double-byte text begins.
        end: Where it ends.
        least: Nats that the last characters, as many as it takes, must gain.
        names: The encodings that it is read in.
        model: Scores the readings.

    >>> from mojibake_fix.model import load
    >>> reads_better("绾螌W中文W", 0, 2, 6.0, ["cp936"], load()), reads_better("绾螌W中文W", 3, 5, 6.0, ["cp936"], load())
    (['cp936'], [])
    """
    first = max(start, end - TAIL)
    seen, following = text[first:end], text[end : end + 1]
    found = []
    here: list[float] = []
    for name in names:
        read = shifted(seen + following, charset(name))
        if read:
            here = here or steps_of(seen, model, text[max(0, first - 2) : first])
            if _gains(read, here, least, model, longer=first > start):
                found.append(name)
    return found


def _gains(read: str, here: Sequence[float], least: float, model: CharacterModel, *, longer: bool) -> bool:
    """Add up the gains from the end, as long as there is hope: no character can gain more than it costs as it stands."""
    total = HALF_KNOWN - here[-1] if len(read) < len(here) else 0.0
    hope = -sum(here[: len(read)])
    if total > least:
        return True
    for place in reversed(range(len(read))):
        character = read[place]
        there = UNREADABLE if character == "\ufffd" else model.step(read[max(0, place - 2) : place], character)
        total += there - here[place]
        hope += here[place]
        if total > least:
            return True
        if total + hope <= (0 if longer else least):
            return False
    return longer and total > 0


def read_better(
    codes: NDArray[np.uint32],
    ends: NDArray[np.intp],
    least: float,
    names: tuple[str, ...],
    model: CharacterModel,
) -> NDArray[np.bool_]:
    """Tell for many places of a text at once whether `reads_better` finds an encoding; at a few it says so where it does not.

    Args:
        codes: The code points of the text.
        ends: The indices of the code points that double-byte text ends before.
        least: Nats that the last characters, as many as it takes, must gain.
        names: The encodings that it is read in.
        model: Scores the readings.

    >>> from mojibake_fix.model import load
    >>> codes = np.array([ord(character) for character in "绾螌W中文W"], np.uint32)
    >>> read_better(codes, np.array([2, 5]), 6.0, ("cp936",), load()).tolist()
    [True, False]
    """
    writes, reads = _tables(names)
    lengths, longer = _lengths(codes, ends)
    rows, columns = np.arange(len(ends)), np.arange(TAIL)
    # A row holds the characters of one place in order, then the one that it is before, then anything.
    places = np.minimum((ends - lengths)[:, None] + np.arange(TAIL + 1), len(codes) - 1)
    seen, inside = codes[places], columns < lengths[:, None]
    here = np.zeros(inside.shape)
    here[inside] = model.score_at(codes, places[:, :-1][inside])
    # From here on there is a layer for each encoding.
    data = writes[:, np.minimum(seen, 0xFFFF)]
    following = data[:, rows, lengths]
    complete = (following > 0) & (following < 0x100) & (codes[ends] != ord("?"))
    known = columns < (lengths - ~complete)[:, :, None]
    first = np.where(data < 0x100, data, data >> 8)[:, :, 1:]
    pairs = (data[:, :, :-1] & 0xFF).astype(np.intp) << 8 | first
    read = reads[np.arange(len(names))[:, None, None], pairs]
    gains = np.zeros(read.shape)
    gains[known] = np.where(read[known] == UNREAD, UNREADABLE, model.score_at(read, known.ravel().nonzero()[0]))
    gains -= np.where(known, here, 0.0)
    last = np.where(complete, 0.0, HALF_KNOWN - here[rows, np.maximum(lengths - 1, 0)])
    sums = last[:, :, None] + gains[:, :, ::-1].cumsum(axis=2)
    better = (sums.max(2) > least) | (last > least) | (longer & (sums[:, :, -1] > 0))
    in_pairs = ~(inside & (data[:, :, :-1] < 0x100)).any(2)
    # The tables have neither what is beyond the basic plane nor two code points for two bytes.
    exotic = (seen > 0xFFFF).any(1) | (known & (read == SEVERAL)).any(2)
    found: NDArray[np.bool_] = (lengths > 1) & ((in_pairs & better) | exotic).any(0)
    return found


def _lengths(codes: NDArray[np.uint32], ends: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """How many code points right before each end are in double bytes, up to `TAIL`, and whether there are more."""
    before = ends[:, None] - 1 - np.arange(TAIL + 1)
    in_pairs = (codes[before] >= 0x80) & (codes[before] != 0xFFFD) & (before >= 0)
    lengths = np.logical_and.accumulate(in_pairs, axis=1).sum(1)
    return np.minimum(lengths, TAIL), lengths > TAIL


@functools.cache
def _tables(names: tuple[str, ...]) -> tuple[NDArray[np.uint16], NDArray[np.uint16]]:
    """A row for each encoding: how it writes every code point, and what it shows for every two bytes."""
    return np.stack([written_as(name) for name in names]), np.stack([shown_for(name) for name in names])
