"""Short strings that are garbled into characters of which none is odd, by themselves or as a line or a field of a text.

GBK and EUC-KR read as each other make hanzi and syllables that are merely not common: 안녕 as 救崇. What gives them away is that
so many are, and that the model expects none of them where it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.model import CharacterModel, load
from mojibake_fix.traits import HANGUL, IDEOGRAPH, KANA, UNCOMMON, Profile

# Of clean strings of 4, 8, 16 and 40 code points 3.2, 1.5, 0.2 and 0.1 % in Simplified, 1.1, 0.2, 0.1 and 0 % in Traditional, 1.4,
# 0.8, 0.4 and 0.1 % in Japanese and 3.5, 0.5, 0 and 0 % in Korean are unexpected in this way; of GBK, EUC-KR and EUC-JP read as
# each other or as Big5 82 to 100 % of those of 4. EUC-JP and GBK have kana in common, so that only the hanzi are wrong; of Hangul
# that is none the model thinks far worse still.
SHORT, _UNCOMMON, _UNEXPECTED, _LEAST_EXPECTED = 40, 3, -9.0, -10.0

_HOPELESS = -8.5
"""Mean of the first uncommon letters above which the rest is not looked at: the first of all has no context."""

FEW = 200
"""Code points up to which a text is looked at as a whole only: telling its rows apart would double the time that it takes."""

_UNCOMMON_IN_ROW = 2
"""One in so many letters of a row is not common where it is worth a look: a quarter of all letters is in clean text, and
four in five of what is garbled."""

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
        rows: Iterable[tuple[int, int]] = [(0, len(seen.text))] if len(seen.text) <= SHORT else []
    else:
        rows = _rows(seen)
    for start, end in rows:
        if _is_unexpected(seen, start, end):
            places = start + (seen.codes[start:end] >= 0x80).nonzero()[0]
            yield int(places[0]), int(places[-1]) + 1


def _rows(seen: Profile) -> Iterator[tuple[int, int]]:
    """Give the lines and fields of a long text that may be unexpected, after a quick look at all."""
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


def _hopeful(seen: Profile, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Give the rows of which enough is not common, and the model does not expect it."""
    short = ends - starts <= SHORT
    starts, ends = starts[short], ends[short]
    if not len(starts):
        return
    first = starts[0]
    traits = seen.traits[first : ends[-1]]
    rare, letters = (traits & some != 0 for some in (UNCOMMON, IDEOGRAPH | HANGUL))
    before_rare, before_letters = (np.concatenate(([0], some.cumsum(dtype=np.int32))) for some in (rare, letters))
    begins, stops = starts - first, ends - first
    counts, lengths = (before[stops] - before[begins] for before in (before_rare, before_letters))
    (rows,) = ((counts > 0) & (_UNCOMMON_IN_ROW * counts >= lengths)).nonzero()
    model = load()
    for some, before, number, least in (
        (rare, before_rare, np.minimum(counts, _UNCOMMON), _HOPELESS), (letters, before_letters, lengths, _UNEXPECTED),
    ):  # fmt: skip
        places = first + some.nonzero()[0]
        rows = rows[_means(model, seen, places, before[begins[rows]], number[rows]) <= least]
    for row in rows.tolist():
        yield int(starts[row]), int(ends[row])


def _means(
    model: CharacterModel, seen: Profile, places: NDArray[np.intp], first: NDArray[np.intp], lengths: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Mean log-probability, in nats, of some runs among places, each so many from its first one on."""
    if not len(first):
        return np.zeros(0)
    begins = np.cumsum(lengths) - lengths
    chosen = np.arange(lengths.sum()) + np.repeat(first - begins, lengths)
    means: NDArray[np.float64] = np.add.reduceat(model.score_at(seen.codes, places[chosen]), begins) / lengths
    return means


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
