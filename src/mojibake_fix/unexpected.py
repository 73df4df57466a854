"""Short strings that are garbled into characters of which none is odd, by themselves or as a line or a field of a text.

GBK and EUC-KR read as each other make hanzi and syllables that are merely not common: 안녕 as 救崇. What gives them away is that
so many are, and that the model expects none of them where it stands.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.model import load
from mojibake_fix.traits import HANGUL, IDEOGRAPH, KANA, UNCOMMON, Profile, characters

# Of clean strings of 4, 8, 16 and 40 code points 3.2, 1.5, 0.2 and 0.1 % in Simplified, 1.1, 0.2, 0.1 and 0 % in Traditional, 1.4,
# 0.8, 0.4 and 0.1 % in Japanese and 3.5, 0.5, 0 and 0 % in Korean are unexpected in this way; of GBK, EUC-KR and EUC-JP read as
# each other or as Big5 82 to 100 % of those of 4. EUC-JP and GBK have kana in common, so that only the hanzi are wrong; of Hangul
# that is none the model thinks far worse still.
SHORT, _UNCOMMON, _UNEXPECTED, _LEAST_EXPECTED = 40, 3, -9.0, -10.0

_HOPELESS = -8.5
"""Mean of the first uncommon letters above which the rest is not looked at: the first of all has no context."""

FEW = 200
"""Code points up to which a text is looked at as a whole only: telling its rows apart would double the time that it takes."""

_ALONE, _FEWER, _KOREAN = -9.5, 2.4, 1.7
"""Mean log-probability, in nats, of the letters of a row without what stands before them, above which it is not looked at; nats
more, divided by the root of their number, since few letters may have any mean; and what a syllable is worth more: the model gives
all of Korean 7 %. Of unexpected rows of 4, 8 and 16 code points 99.8, 98.5 and 99.1 % have less, of clean rows 2 % in Simplified,
6 % in Traditional, 12 % in Japanese and none in Korean."""

_AT_ONCE = 1 << 16
"""Code points that are looked at at once; bounds the memory."""


def unexpected(seen: Profile) -> Iterator[tuple[int, int]]:
    """Find what is short, a whole text or a line or a field of a long one, and of which the model expects nothing.

    Args:
        seen: What the text is made of.

    Yields:
        The start of each, in code points, and the end: what is ASCII before and behind it is left out.

    >>> from mojibake_fix.traits import profile
    >>> list(unexpected(profile("安救崇窍技夸"))), list(unexpected(profile("第一行没有问题")))
    ([(0, 6)], [])
    """
    if not seen.present & UNCOMMON:
        return
    if len(seen.text) <= FEW:
        rows: Iterable[tuple[int, int, bool]] = [(0, len(seen.text), False)] if len(seen.text) <= SHORT else []
    else:
        rows = _rows(seen)
    for start, end, is_sure in rows:
        if is_sure or _is_unexpected(seen, start, end):
            places = start + (seen.codes[start:end] >= 0x80).nonzero()[0]
            yield int(places[0]), int(places[-1]) + 1


def _rows(seen: Profile) -> Iterator[tuple[int, int, bool]]:
    """Give the lines and fields of a long text that may be unexpected, after a quick look at all, and whether they surely are."""
    start, length = 0, len(seen.codes)
    while start < length:
        end = min(start + _AT_ONCE, length)
        codes = seen.codes[start:end]
        breaks = start + ((codes == ord("\n")) | (codes == ord("\t"))).nonzero()[0]
        breaks = np.append(breaks, length) if end == length else breaks
        if len(breaks):
            yield from _hopeful(seen, np.append(start, breaks[:-1] + 1), breaks)
            end = int(breaks[-1]) + 1
        start = end


def _hopeful(seen: Profile, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> Iterator[tuple[int, int, bool]]:
    """Give the rows of which the letters are rare, and the model does not expect them; of some it surely does not."""
    short = ends - starts <= SHORT
    starts, ends = starts[short], ends[short]
    if not len(starts):
        return
    first = starts[0]
    before = np.zeros(ends[-1] - first + 1, np.int64)
    _letters().take(seen.codes[first : ends[-1]], mode="clip").cumsum(out=before[1:])
    sums = before[ends - first] - before[starts - first]
    letters, costs = sums >> _ROOM, sums & (1 << _ROOM) - 1
    rare = costs > _PARTS * (-_ALONE * letters - _FEWER * np.sqrt(letters))
    yield from _unexpected_rows(seen, starts[rare], ends[rare])


_ROOM, _PARTS = 16, 64
"""Binary digits for what the letters of a row cost alone, and the parts of a nat that this is in: 40 cost less than 1,000 nats."""


@functools.cache
def _letters() -> NDArray[np.int32]:
    """Of each code point of the basic plane 0 if it is no letter, else one letter and, in the lower digits, what it costs alone.

    So that one sum tells both of a row.
    """
    table = np.zeros(0x10000, np.int32)
    for traits, worth in ((IDEOGRAPH, 0.0), (HANGUL, _KOREAN)):
        places = np.array([ord(letter) for letter in characters(traits)], np.uint32)
        alone = load().score_codes(places[:, None])[:, 0] + worth
        table[places] = (1 << _ROOM) + np.rint(-_PARTS * alone).astype(np.int32)
    return table


def _unexpected_rows(
    seen: Profile, starts: NDArray[np.intp], ends: NDArray[np.intp]
) -> Iterator[tuple[int, int, bool]]:
    """Give the rows of which the model expects neither the letters as a whole nor the first uncommon ones."""
    lengths = ends - starts
    rows = np.arange(len(starts)).repeat(lengths)
    places = np.arange(len(rows)) + (starts - (lengths.cumsum() - lengths)).repeat(lengths)
    traits = seen.traits.take(places)
    letters = (traits & (IDEOGRAPH | HANGUL) != 0).nonzero()[0]
    rows, steps = rows.take(letters), load().score_at(seen.codes, places.take(letters))
    counts = np.bincount(rows, minlength=len(starts))
    means = np.bincount(rows, steps, len(starts)) / counts.clip(1)
    last = counts.cumsum()
    for row in (means <= _UNEXPECTED).nonzero()[0].tolist():
        of_row = slice(last[row] - counts[row], last[row])
        rare = steps[of_row][traits.take(letters[of_row]) & UNCOMMON != 0]
        many = _UNCOMMON * len(rare) - counts[row]
        if many < 0 or rare[:_UNCOMMON].mean() > _HOPELESS:
            continue
        start, end = int(starts[row]), int(ends[row])
        is_sure = means[row] < _LEAST_EXPECTED and counts[row] > 1
        if is_sure or many >= np.count_nonzero(seen.traits[start:end] & KANA):
            yield start, end, is_sure


def _is_unexpected(seen: Profile, start: int, end: int) -> bool:
    """Tell whether one in `_UNCOMMON` letters of a short text is not common, and the model expects none of what is not ASCII."""
    text, codes, traits = seen.text[start:end], seen.codes[start:end], seen.traits[start:end]
    rare, letters = (traits & UNCOMMON).nonzero()[0], (traits & (IDEOGRAPH | HANGUL)).nonzero()[0]
    if not len(rare) or _UNCOMMON * len(rare) < len(letters):
        return False
    model = load()
    few = rare[:_UNCOMMON].tolist()  # in nearly all clean text these are expected where they stand, which is soon seen
    if sum(model.step(text[max(0, place - 2) : place], text[place]) for place in few) > _HOPELESS * len(few):
        return False
    steps = model.score_codes(codes)
    if _UNCOMMON * len(rare) >= len(letters) + np.count_nonzero(traits & KANA):
        korean = 2 * np.count_nonzero(traits & HANGUL) >= len(letters)
        if float(steps[codes >= 0x80].mean()) < (_LEAST_EXPECTED if korean else _UNEXPECTED):
            return True
    return len(letters) > 1 and float(steps[letters].mean()) < _LEAST_EXPECTED
