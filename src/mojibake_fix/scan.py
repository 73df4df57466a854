"""The scan that every text goes through: is there anything at all to look at?

Nearly every text is clean, so this must cost next to nothing. Wrong reading scatters text over the whole code, so
garbled text is full of *odd* code points: hanzi that people hardly write, private use, controls, signs of far-off
scripts (`traits.py` finds them). Two of them within four code points, or one beside the sign of an orphaned byte, make a
*cluster*. All clusters of a text are weighed at once with the character model, and what does not expect each other is a
*suspect*; everything after the scan runs on suspects only.
"""

from __future__ import annotations

import functools
import re
import sys
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.drawing import drawings
from mojibake_fix.model import load
from mojibake_fix.traits import (
    BOX,
    HANGUL,
    IDEOGRAPH,
    KANA,
    ODD,
    ORPHAN,
    SIMPLIFIED,
    SMALL_KANA,
    Profile,
    characters,
)
from mojibake_fix.unexpected import unexpected

NEAR = 3
"""Code points that may stand between two odd ones of a cluster."""

GARBLED = -10.5
"""Mean log-probability of a code point, in nats, above which odd characters are text after all: it keeps 97 % of GBK read as
CP1252 and all of UTF-8 read as GBK at four characters, and lets 0.15 places in 1,000 clean characters through."""

_MANY, _GARBLED_TOGETHER = 12, -9.5
"""From so many odd characters on this mean tells enough: of katakana read as CP850 every second character is an â, which the
model comes to expect. Of 300,000 clean lines 40 have such a cluster, half of them rows of rare hanzi."""

_USUAL = 4.0
LEAST_GAIN = 17.0
"""Nats that a repair must be able to gain, against text at the usual cost of a character, to pay for the prior of any damage."""

_SAMPLE = 24
"""Code points of a place that are weighed."""

# Cyrillic letters and box drawing in ways that no text has: a capital behind a small letter, a letter beside a frame, a piece of a
# frame that only mixed frames need. Two of them in a word show a text read in a DOS or KOI8 code page.
_LETTER = re.compile("[Ѐ-ӿ─-▓]")
_ALIEN = re.compile("[а-џ](?=[Ѐ-Я])|[Ѐ-ӿ](?=[─-▓])|[─-▓](?=[Ѐ-ӿ])|[─-▓](?=[╒-╟╡-╢╤-╬])|[╒-╟╡-╢╤-╬](?=[─-▓])")
_MISPLACED = re.compile("(?<![きしちにひみりぎじぢびぴキシチニヒミリギジヂビピ])[ゃゅょ]")
"""A small kana behind what takes none, as in いゅ, which is 中文 in Big5: none is in 1.4 million characters of Japanese."""
_KANA = re.compile("[ぁ-ヺ]")


def is_japanese_in_chinese(text: str) -> bool:
    """Tell whether a text has the kana of Japanese and, beside them, the hanzi of Simplified Chinese.

    >>> is_japanese_in_chinese("駅の前に"), is_japanese_in_chinese("憋娄に郝って、罢の")
    (False, True)
    """
    return _KANA.search(text) is not None and bool(
        _pairs(text, (match.start() for match in _beside_kana().finditer(text)))
    )


_TO_KANA, _FROM_KANA, _TOGETHER_IN_LINE = 3, 1, 40
"""Hanzi that may stand between such a hanzi and the kana behind it, and before it; and code points between two of them."""


@functools.cache
def _beside_kana() -> re.Pattern[str]:
    """Match a word beside kana, with a hanzi that only Simplified Chinese has, or 〖 for the long vowel sign.

    EUC-JP and GBK have the kana in the same places: Japanese that was read as Chinese keeps them.
    """
    behind = "|".join(f"(?<=[ぁ-ヺ]{'[㐀-鿿]' * between}.)" for between in range(_FROM_KANA + 1))
    return re.compile(f"[{characters(SIMPLIFIED)}](?:(?=[㐀-鿿]{{0,{_TO_KANA}}}[ぁ-ヺ])|{behind})")


_AROUND = np.array([*range(-1 - _FROM_KANA, 0), *range(1, _TO_KANA + 2)])


def _pairs_beside_kana(profile: Profile) -> list[tuple[int, int]]:
    """Find two such words near each other in a line, after a quick look at what stands around each."""
    hanzi = profile.places(SIMPLIFIED)
    around = profile.traits.take(hanzi[:, None] + _AROUND, mode="clip")
    places = hanzi[(around & KANA != 0).any(1)].tolist()
    return _pairs(profile.text, (place for place in places if _beside_kana().match(profile.text, place)))


def _pairs(text: str, places: Iterable[int]) -> list[tuple[int, int]]:
    """Pair places that are near each other in a line, each with the next one."""
    pairs, first = [], None
    for place in places:
        if first is None or place - first > _TOGETHER_IN_LINE + 1 or "\n" in text[first:place]:
            first = place
        else:
            pairs.append((first, place + 1))
            first = None
    return pairs


@dataclass(frozen=True, slots=True)
class Suspect:
    """A place that wants a closer look: `text[start:end]` begins and ends with an odd code point or an orphan's sign.

    `in_text` says that it is short and that what stands beside it is as it should be: a rare word, or a few garbled characters.
    """

    start: int
    end: int
    in_text: bool = False


def line_start(text: str, position: int, within: int = sys.maxsize) -> int:
    """Return where the line that holds `position` starts, or the place so many code points before it if that is nearer.

    A line may be a whole text: who asks for every place of one again and again must say how much of it he wants to see.

    >>> line_start("ab\\ncd", 4), line_start("ab\\ncdef", 6, within=2)
    (3, 4)
    """
    first = max(0, position - within)
    return max(first, text.rfind("\n", first, position) + 1)


def line_end(text: str, position: int, within: int = sys.maxsize) -> int:
    """Return where the line that holds `position` ends, before its line break, or the place so many code points on if nearer.

    >>> line_end("ab\\ncd", 0), line_end("ab\\ncd", 0, within=1)
    (2, 1)
    """
    last = min(len(text), position + within)
    end = text.find("\n", position, last)
    return last if end < 0 else end


def suspects(profile: Profile) -> list[Suspect]:
    """Find the places of a text that want a closer look, in order.

    >>> from mojibake_fix.traits import profile
    >>> suspects(profile("乱码实际上很常见，忐忑")), suspects(profile("当参数满足条件πqε0-4μ0时"))
    ([], [])
    >>> suspects(profile("题目：涓枃鐨勬枃"))
    [Suspect(start=3, end=8, in_text=False)]
    """
    clusters = _odd_places(profile) if profile.present & (ODD | KANA | HANGUL) else []
    found = list(_weigh(profile, _joined(profile.text, clusters))) if clusters else []
    taken = [(one.start, one.end) for one in found]
    rows = [Suspect(*row) for row in unexpected(profile) if is_free(*row, taken)]
    return sorted(found + rows, key=lambda one: one.start) if rows else found


def is_free(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Tell whether a place overlaps none of some spans, which are in order and do not overlap each other.

    >>> is_free(2, 4, [(0, 2), (4, 9)]), is_free(2, 5, [(0, 2), (4, 9)])
    (True, False)
    """
    behind = bisect_left(spans, end, key=itemgetter(0))
    return behind == 0 or spans[behind - 1][1] <= start


_TOGETHER = 1000
"""Clusters that are weighed at once; bounds the memory."""


def _weigh(profile: Profile, clusters: Sequence[tuple[int, int]]) -> Iterator[Suspect]:
    """Keep the clusters that are suspect."""
    for first in range(0, len(clusters), _TOGETHER):
        some = clusters[first : first + _TOGETHER]
        words = [(start, _end_of_letters(profile.text, end)) for start, end in some]
        for cluster, word, improbable in zip(some, words, _improbable(profile, words), strict=True):
            if _is_suspect(profile.text, *word, improbable):
                yield Suspect(*cluster, in_text=_is_in_text(profile.text, *word))


def _joined(text: str, places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join places of a line that are near each other."""
    joined: list[tuple[int, int]] = []
    for start, end in places:
        if joined and start - joined[-1][1] <= 2 * NEAR and "\n" not in text[joined[-1][1] : start]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return joined


def _odd_places(profile: Profile) -> list[tuple[int, int]]:
    """Find the clusters of a text, and kana and hanzi that stand where they should not, in order."""
    present, text = profile.present, profile.text
    found = list(_clusters(profile)) if present & ODD else []
    clusters = len(found)
    if present & SMALL_KANA:
        found += [(place, place + 1) for place in profile.each(SMALL_KANA) if _MISPLACED.match(text, place)]
    if present & HANGUL and present & IDEOGRAPH:
        found += _hanzi_beside_hangul(profile)
    if present & SIMPLIFIED and present & KANA:
        found += _pairs_beside_kana(profile)
    return sorted(found) if len(found) > clusters else found


def _clusters(profile: Profile) -> Iterator[tuple[int, int]]:
    """Find the odd code points within `NEAR` of each other in a line, with the question marks right behind them."""
    text, orphans = profile.text, profile.present & ORPHAN
    start = end = -1 - NEAR
    for place in _not_drawn(profile):
        if place - end > NEAR or (place > end and "\n" in text[end:place]):
            if end - start > 1:
                yield start, end
            start = place
        end = place + 1
        while orphans and text[end : end + 1] == "?":
            end += 1
    if end - start > 1:
        yield start, end


def _not_drawn(profile: Profile) -> Iterator[int]:
    """Find the odd code points that are no part of a frame."""
    places = profile.each(ODD)
    if not profile.present & BOX:
        return places
    drawn = list(drawings(profile.text, profile.each(BOX)))
    return (place for place in places if is_free(place, place + 1, drawn))


def _hanzi_beside_hangul(profile: Profile) -> list[tuple[int, int]]:
    """Find the hanzi right beside Hangul; in text that is mostly hanzi, with the syllables that do not belong there."""
    syllables = profile.places(HANGUL)
    chinese = 2 * len(syllables) < np.count_nonzero(profile.traits & (HANGUL | IDEOGRAPH))
    if chinese:
        beside = _hanzi_at(profile, np.union1d(syllables - 1, syllables + 1))
        strange = np.union1d(beside, syllables)
    else:
        hanzi = _hanzi_at(profile, profile.places(IDEOGRAPH))
        next_to = profile.traits.take(hanzi[:, None] + (-1, 1), mode="clip")
        strange = beside = hanzi[(next_to & HANGUL != 0).any(1)]
    if not len(beside):
        return []
    last = np.append(np.diff(strange) > 1, True)
    ends = strange[last] + 1
    starts = strange[np.append(True, last[:-1])]
    among = beside.searchsorted(starts) < beside.searchsorted(ends)
    spans = zip(starts[among].tolist(), ends[among].tolist(), strict=True)
    return [_as_in_korea(profile.text, start, end) if chinese else (start, end) for start, end in spans]


def _hanzi_at(profile: Profile, places: NDArray[np.intp]) -> NDArray[np.intp]:
    """The places that hold a hanzi of the main block, those outside the text left out."""
    places = places[(places >= 0) & (places < len(profile.codes))]
    hanzi: NDArray[np.intp] = places[
        (profile.traits.take(places) & IDEOGRAPH != 0) & (profile.codes.take(places) >= 0x4E00)
    ]
    return hanzi


def _as_in_korea(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out hanzi at the ends that no Korean encoding has: they stand beside what was read wrongly."""
    while start < end and not text[start].encode("cp949", "ignore"):
        start += 1
    while start < end and not text[end - 1].encode("cp949", "ignore"):
        end -= 1
    return start, end


def _end_of_letters(text: str, position: int) -> int:
    while position < len(text) and _LETTER.match(text, position):
        position += 1
    return position


def _is_suspect(text: str, start: int, end: int, improbable: bool) -> bool:
    """Tell whether a cluster of odd characters is suspect: letters as no word has them, or characters that expect no other."""
    if len(_ALIEN.findall(text, start, end)) > 1:
        return True
    if _SIGN_AND_LOSS.search(text, start, end) or _MISPLACED.search(text, start, end):
        return True
    if improbable:
        return not _is_formula(text, start, end)
    return is_japanese_in_chinese(text[start : end + _TO_KANA + 1])


# Garbled text stands in rows, since nearly all of its bytes are above 0x80; Greek letters and signs of mathematics that stand
# among ASCII by ones and twos are a formula (ν2K(κ), σ1 ≥ σ2), and they are all that single bytes are read as in no code page.
_FORMULA = re.compile("(?:[\x00-\x7f]|[Α-ω′″∂∆∇∏∑√∝∞∫≈≠≤≥⊙⊥](?![Α-ω′″∂∆∇∏∑√∝∞∫≈≠≤≥⊙⊥]{2}))*")


def _is_formula(text: str, start: int, end: int) -> bool:
    return _FORMULA.fullmatch(text, start, end) is not None


# The first two bytes of dashes, quotation marks, arrows, 。 and ， in UTF-8 are these hanzi in GBK; a reader has lost the third.
_SIGN_AND_LOSS = re.compile("[\u9225\u9227\u9229\u922b\u922d\u922e\u923d\u9241\u9286\u951b][?\ufffd]")

# A rare word is this short, and what stands on either side of it reads this well, in nats a character.
_WORD, _BESIDE, _READS_WELL = 4, 4, -9.0
_TEXT = re.compile("[㐀-鿿ぁ-ヺ가-힣，。、；：？！“”《》（）「」]+")


def _is_in_text(text: str, start: int, end: int) -> bool:
    """Tell whether a short cluster stands in text that is as it should be."""
    if end - start > _WORD:
        return False
    before, after = text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE]
    beside = [part for part in (before[before.rfind("\n") + 1 :], after.partition("\n")[0]) if part]
    if not all(map(_TEXT.fullmatch, beside)) or max(map(len, beside), default=0) < _BESIDE:
        return False
    return all(load().log_probability(part) > _READS_WELL * len(part) for part in beside)


def _improbable(profile: Profile, clusters: Sequence[tuple[int, int]]) -> list[bool]:
    """Tell which clusters are improbable.

    Odd characters that belong together (踟蹰, 嶙峋) or come back (桩、桩) are text; garbled ones do not expect each other.
    """
    weighed = [_weighed(profile.text, start, end) for start, end in clusters]
    steps = load().score_at(profile.codes, np.array(list(chain.from_iterable(weighed)), np.intp))
    counts = np.array(list(map(len, weighed)))
    totals = np.add.reduceat(steps, np.cumsum(counts) - counts)
    garbled = np.where(counts < _MANY, GARBLED, _GARBLED_TOGETHER)
    improbable: list[bool] = ((totals < garbled * counts) & (totals + _USUAL * counts < -LEAST_GAIN)).tolist()
    return improbable


def _weighed(text: str, start: int, end: int) -> list[int]:
    """The places of a cluster that are weighed: hanzi, syllables and Greek letters (σ1, σ2) count once, ASCII does not count."""
    places = []
    seen: set[str] = set()
    for place, character in enumerate(text[start : min(end + 1, start + _SAMPLE)], start):
        counts_again = character < "\u2e80" and not "Ͱ" <= character <= "Ͽ"
        if character >= "\x80" and (counts_again or character not in seen):
            places.append(place)
            seen.add(character)
    return places
