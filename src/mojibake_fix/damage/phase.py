"""Where is a text out of phase? The signs of slips, and suspects that read better one byte on.

A slip shows orphans before marks and readings, or letters between hanzi where a trail byte came out; but so does clean text
(真的吗?!, T恤). What tells them apart costs little: in a run that is out of phase, the same bytes read from the second one on
are text. Only such places are worth a search.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.damage import gloss
from mojibake_fix.damage.habit import is_simplified
from mojibake_fix.damage.pairs import codec_of
from mojibake_fix.damage.ranking import UNREADABLE, probability
from mojibake_fix.damage.runs import following
from mojibake_fix.damage.shift import HALF_KNOWN, ORPHANS, read_better, reads_better, shifted
from mojibake_fix.encodings import LOST, charset
from mojibake_fix.scan import Suspect, is_free, line_end, line_start
from mojibake_fix.traits import IDEOGRAPH, LETTER, LONE_LETTER, ORPHAN, PRIVATE, Profile

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

MARKS = "！？；，。、"
"""Marks that pages of the known origin were cut before."""

ENCODINGS = ("cp936", "big5")
"""Double-byte character sets that slips are undone in; the usual one first."""

# Log-probability, in nats, that a character of clean text has on average at least; no place with more is out of phase.
_USUAL = -6.5

# The same of the two code points before a question mark: 99.6 % of what is out of phase (in GBK) has less there, and 3 % of clean
# text.
_USUAL_BEFORE = -8.0

# What is read in phase has at least this; a part of a text without its context has some 1.5 nats less than within it.
_READS_WELL = -9.0

_TO_FULL_WIDTH = str.maketrans("！？；，。!?;,.", "！？；，。！？；，。")
_ORPHAN = re.compile(rf"[{ORPHANS}]+(?:[(（]?[{gloss.LETTERS}]{{1,6}}[)）]|[！？；，。、!?;,.])?")

_FULL_WIDTH = frozenset(f"{MARKS}（\ufffd")
"""Of what may follow an orphan what is not among letters and ASCII."""

# Code points that a stretch takes in before and after what is suspicious. A run in which nothing is odd is at most this
# long: of 73 real runs the mean is 5 and the longest 19 characters.
_LEFT, _RIGHT = 6, 24
# A run that nothing shows the beginning of is looked for within this many code points.
_LONGEST_RUN = 120
# A stretch is searched as a whole up to here; a longer one goes on in the next stretch. Bounds the memory of a search.
_LONGEST = 400


# Code points beside a sign that are read one byte on, and the nats that this must gain: 4 of 5 real runs are longer than two
# characters, each of which gains some 5 nats in phase.
_PHASES = (2, 3, 4, 6)
_GAIN_AT_ORPHAN, _GAIN_AT_LETTER = 12.0, 6.0
# Nobody types U+FFFD, so that one character before it may be all of a run.
_GAIN_AT_SIGN = 4.0
# An orphan before a mark is a sign by itself; the search has only to find something to gain.
_GAIN_AT_MARK = 0.0
# Where nothing shows that a byte was lost, the search must gain the prior of that at least (`slip.BYTE_LOST`).
_GAIN_WITHOUT_SIGN = 12.0


def _gain_at(orphans: str) -> float:
    """Nats that a run which ends at some orphans must gain."""
    return _GAIN_AT_SIGN if orphans[0] == "\ufffd" else _GAIN_AT_ORPHAN


@dataclass(frozen=True, slots=True)
class Place:
    """Where a slip may have gone through; `unsigned` where no orphan shows where it began."""

    start: int
    end: int
    unsigned: bool


def places(
    text: str,
    suspects: Sequence[Suspect],
    signs: Sequence[Place],
    claimed: Sequence[tuple[int, int]],
    model: CharacterModel,
) -> list[Place]:
    """Gather what may be a slip: signs, and suspects that read better one byte on, outside what is already explained.

    Args:
        text: The whole text.
        suspects: What the scan found.
        signs: What `signs` found.
        claimed: Spans that other families explain, in order.
        model: Scores the readings.
    """

    def is_apart(start: int, end: int) -> bool:
        return is_free(start - 2, end + 1, claimed)

    found = [sign for sign in signs if is_apart(sign.start, sign.end)]
    for suspect in suspects:
        if not suspect.in_text and is_apart(suspect.start, suspect.end):
            run = _run_through(text, suspect, model)
            found += [run] if run is not None else []
    return sorted(found, key=lambda place: (place.start, place.end))


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is searched as a whole; a byte may have been lost or added without a sign in `openings`."""

    start: int
    end: int
    openings: frozenset[int] = frozenset()


def stretches(text: str, found: Sequence[Place]) -> Iterator[Stretch]:
    """Widen places to what a search needs to see, within their lines, and join those that overlap.

    A run that seems to begin at a sign needs no beginning that nothing shows.
    """
    joined: Stretch | None = None
    begun = -_LEFT
    for place in found:
        begun = begun if place.unsigned else place.end
        unseen = place.unsigned and place.start > begun + _LEFT // 2
        left = line_start(text, place.start, _LEFT)
        right = line_end(text, place.end, _LEFT if place.unsigned else _RIGHT)
        openings = frozenset(range(place.start - _LEFT, place.start + _LEFT) if unseen else ())
        if joined is not None and left <= joined.end and right - joined.start <= _LONGEST:
            joined = Stretch(min(joined.start, left), max(joined.end, right), joined.openings | openings)
            continue
        if joined is not None:
            yield joined
            left = max(left, joined.end)
        joined = Stretch(left, right, openings)
    if joined is not None:
        yield joined


def signs(profile: Profile, model: CharacterModel, claimed: Sequence[tuple[int, int]] = ()) -> Iterator[Place]:
    """Find the orphans and lone letters beside which a text is out of phase, and whether a run ends there or begins.

    A gloss that swallowed its bracket, and U+FFFD, are signs by themselves.

    Args:
        profile: The text, looked up.
        model: Scores the readings.
        claimed: Spans that other families explain, in order, in which none is looked for.
    """
    if not profile.present & (ORPHAN | LETTER):
        return
    text = profile.text
    spans = _orphans(profile) if profile.present & ORPHAN else iter(())
    for orphans in _batches((span for span in spans if is_free(*span, claimed)) if claimed else spans):
        starts = np.array([start for start, _ in orphans], np.intp)
        ends = [end for start, end in orphans if end - start > 1]
        means = _means_of_two(profile, np.concatenate((starts - 2, np.array(ends, np.intp))), model)
        least = np.where(profile.codes.take(starts) == ord("?"), _USUAL_BEFORE, _USUAL)
        hopeful = frozenset(_hopeful(profile, starts[means[: len(starts)] <= least], _GAIN_AT_ORPHAN, model))
        unusual = {end for end, mean in zip(ends, means[len(starts) :].tolist(), strict=True) if mean <= _USUAL}
        for start, end in orphans:
            if end - start > 1 and _is_sign(text, end, model, is_unusual=end in unusual):
                yield Place(start, end, unsigned=False)
            elif start in hopeful and (run := _ends_run(text, start, model, _gain_at(text[start]))) is not None:
                yield run
            elif text[start] == "\ufffd" and end - start > 2 and text[end - 1] not in ORPHANS:
                yield Place(start, end, unsigned=False)
    # A run ends at a letter where a trail byte is one, which GB 2312, and so nearly all Simplified text, does not have.
    letters = _lone_letters(profile) if profile.present & LETTER and not is_simplified(text) else ()
    for some in _batches(letter for letter in letters if not claimed or is_free(letter, letter + 1, claimed)):
        places = np.array(some, np.intp)
        before = places[_means_of_two(profile, places - 2, model) <= _USUAL]
        for position in _hopeful(profile, before, _GAIN_AT_LETTER, model):
            run = _ends_run(text, position, model, _GAIN_AT_LETTER)
            if run is not None:
                yield run
        yield from (Place(at, at + 1, unsigned=True) for at in some if _was_hanzi(text, at, model))


_TOGETHER = 4096
"""Places that are looked at at once; bounds the memory."""

_T = TypeVar("_T")


def _batches(items: Iterator[_T]) -> Iterator[list[_T]]:
    while some := list(islice(items, _TOGETHER)):
        yield some


def _orphans(profile: Profile) -> Iterator[tuple[int, int]]:
    """Find the signs of orphans with what follows them: the start and the end of each."""
    text, end = profile.text, 0
    for start in profile.each(ORPHAN):
        if start < end:
            continue
        following = text[start + 1 : start + 2]
        alone = following == "\n" or (following >= "\u3000" and following not in _FULL_WIDTH)
        match = None if alone else _ORPHAN.match(text, start)
        end = start + 1 if match is None else match.end()
        yield start, end


def _lone_letters(profile: Profile) -> Sequence[int] | NDArray[np.intp]:
    """Find single letters right behind hanzi."""
    text, traits = profile.text, profile.traits
    if len(text) <= _SHORT:
        return [match.start() for match in LONE_LETTER.finditer(text)]
    behind_hanzi = (traits[:-1] & (IDEOGRAPH | PRIVATE) != 0) & (traits[1:] & LETTER != 0)
    behind_hanzi[:-1] &= traits[2:] & LETTER == 0
    places: NDArray[np.intp] = behind_hanzi.nonzero()[0] + 1
    return places


_SHORT = 200
"""Code points up to which an expression finds letters faster than arrays do."""

_FEW = 12
"""Places up to which reading each one byte on is faster than reading all of them with arrays."""


def _means_of_two(profile: Profile, places: NDArray[np.intp], model: CharacterModel) -> NDArray[np.float64]:
    """Mean log-probability, in nats, of the two code points at each place; where there are no two anything may be."""
    last = len(profile.codes) - 1
    both = (places[:, None] + (0, 1)).clip(0, last)
    steps = model.score_at(profile.codes, both.ravel())
    return np.where((places < 0) | (places >= last), -np.inf, (steps[::2] + steps[1::2]) / 2)


def _hopeful(profile: Profile, ends: NDArray[np.intp], least: float, model: CharacterModel) -> list[int]:
    """The places among `ends` before which a run may end, after a quick look at all; `_ends_run` decides."""
    if len(ends) > _FEW:
        ends = ends[read_better(profile.codes, ends, least, ENCODINGS, model)]
    found: list[int] = ends.tolist()
    return found


def _is_sign(text: str, end: int, model: CharacterModel, *, is_unusual: bool) -> bool:
    """Tell whether orphans, with a mark or a reading, which end there are the sign of a run, behind which nothing usual stands."""
    if text[end - 1] in ")）":
        return True
    if text[end - 1] == "\ufffd":
        return False
    following = text[end : end + 2]
    if following[:1] in tuple(ORPHANS) or (
        following[:1].isalpha() and following[:1].isascii() and following[1:] in tuple("(（")
    ):
        return True
    return is_unusual and any(_shifts_well(text, end - 1, end + length, model, _GAIN_AT_MARK) for length in _PHASES)


def _ends_run(text: str, end: int, model: CharacterModel, least: float) -> Place | None:
    """Return the run that ends at an orphan or a letter at `end`, if there is one."""
    return _run(text, line_start(text, end, _LONGEST_RUN), end, model, least)


_CHINESE, _AT_LEAST = re.compile("[㐀-鿿，。、；：！？」』）\n]"), 2.0
"""What stands behind such a letter, and nats that two or three characters of text cost at least."""

_CLOSEST = 4
"""Hanzi that fit best behind what stands before a letter, and are tried with what stands behind it."""


def _was_hanzi(text: str, position: int, model: CharacterModel) -> bool:
    """Tell whether a letter between hanzi may be the trail byte of one that lost its lead byte: 朝鮮b島 for 朝鮮半島."""
    before, letter, after = text[max(0, position - 2) : position], text[position], following(text, position + 1)
    if not _CHINESE.match(after):
        return False
    here = model.log_probability(letter + after, before)
    if here > -_GAIN_WITHOUT_SIGN - _AT_LEAST:
        return False
    hanzi, codes = _with_trail(letter)
    steps = model.steps(before, codes)
    return any(
        float(steps[index]) + model.log_probability(after, before + hanzi[index]) - here > _GAIN_WITHOUT_SIGN
        for index in steps.argpartition(-_CLOSEST)[-_CLOSEST:].tolist()
    )


@functools.cache
def _with_trail(letter: str) -> tuple[str, NDArray[np.uint32]]:
    """The hanzi of which a letter is the trail byte, also as code points."""
    hanzi = "".join(charset(name).match((LOST, ord(letter))).characters for name in ENCODINGS)
    return hanzi, np.frombuffer(hanzi.encode("utf-32-le"), np.uint32)


def _run_through(text: str, suspect: Suspect, model: CharacterModel) -> Place | None:
    """Return the run that goes through a suspect, up to where double bytes end, if there is one."""
    single = _SINGLE.search(text, suspect.end)
    end = min(single.start() if single else len(text), suspect.start + _LONGEST_RUN)
    start = line_start(text, suspect.start, _LEFT)
    # The part that is odd tells enough; nearly all of what is odd in clean text ends here.
    if end > suspect.end + _LEFT and _run(text, start, suspect.end + _LEFT, model, _GAIN_AT_LETTER) is None:
        return None
    return _run(text, start, end, model, _GAIN_WITHOUT_SIGN)


def _run(text: str, start: int, end: int, model: CharacterModel, least: float) -> Place | None:
    """Find where from `text[start:end]` reads better one byte on, by `least` nats; no sign shows where that begins."""
    for single in _SINGLE.finditer(text, start, end):
        start = single.end()
    seen = text[start:end]
    names = reads_better(text, start, end, least, ENCODINGS, model) if len(seen) > 1 else []
    if not names:
        return None
    here = model.score(text[max(0, start - 2) : end])[-len(seen) :]
    best: Place | None = None
    for name in names:
        read = shifted(seen + text[end : end + 1], charset(name))
        if not read:
            continue
        there = model.score(read)
        there[[index for index, character in enumerate(read) if character == "\ufffd"]] = UNREADABLE
        gains = np.cumsum((there - here[: len(there)])[::-1])[::-1]
        if len(there) < len(seen):  # the last character has lost its second byte
            gains += HALF_KNOWN - here[-1]
        first = int(np.argmax(gains))
        if gains[first] > least and 2 * len(_SCATTERED.findall(seen, first)) >= len(seen) - first:
            least, best = float(gains[first]), Place(start + first, end, unsigned=True)
    return best if best is None or not _KANA.search(text, max(0, best.start - _LEFT), best.start) else None


# Two kana in a row before a place: Japanese was not held as GBK or Big5.
_KANA = re.compile("[ぁ-ヺ]{2}")


# Reading out of phase makes hanzi and private use of most bytes; a row of letters (āáǎà) is one that somebody wrote.
_SCATTERED = re.compile("[\u2e80-\u9fff\ue000-\uffff]")

_SINGLE = re.compile("[\x00-\x7f\ufffd]")


def _shifts_well(text: str, start: int, end: int, model: CharacterModel, least: float) -> bool:
    """Tell whether a place reads better from its second byte on. What is not hanzi at its ends is left out."""
    seen = text[max(0, start) : end].translate(_TO_FULL_WIDTH)
    if len(seen) < 2:
        return False
    here = probability(seen[1:], model)
    if here > _USUAL * len(seen[1:]):
        return False
    for name in ENCODINGS:
        data = charset(name).encode(seen)
        if data is None:
            continue
        in_phase = data[1:] if data[-1] < 0x80 else data[1:-1]
        read = in_phase.decode(codec_of(name), "replace")
        score = probability(read, model)
        if score - here > least and score > _READS_WELL * len(read):
            return True
    return False
