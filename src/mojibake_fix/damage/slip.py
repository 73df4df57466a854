"""Slips: double-byte text read out of phase, 能力。”會上， → 能力?!睍\ue490?,

One byte was lost, added, or cut off from its partner, and the reader took the rest of the run in the wrong pairs until
a byte below 0x80 (or the next cut) brought it back into phase. Four things set it off:

* **mark** - the bytes were cut before a punctuation mark that lies *across* two characters: 。” is A1A3 A1B1, and
  A3A1 is ！. The byte before the cut has no partner and shows as one `?`.
* **gloss** - a glossed hanzi was found across two characters: 詢如 is D483 C8E7, 83C8 is 內, and `(nèi)` went between.
  The byte before the bracket swallowed it: 詢?nèi)绾.
* **lost** - one byte is gone. Nothing shows where.
* **added** - one byte is too many. Nothing shows where.

Inside the run the observed characters are exact: their bytes are the author's bytes. `edges` builds the byte lattice of a
stretch; what the trigger itself tells (the mark's first byte, the reading) is in the patterns, the model decides the rest.
"""

from __future__ import annotations

import functools
import heapq
import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mojibake_fix.damage import gloss, proposal
from mojibake_fix.encodings import LOST, SWALLOWED, Charset, charset
from mojibake_fix.damage.pairs import probability
from mojibake_fix.damage.proposal import CONTEXT, Proposal, Run, runs, spelled
from mojibake_fix.lattice import Channel, Edge, Way, search
from mojibake_fix.records import Loss, Policy
from mojibake_fix.scan import Suspect

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

MARKS = "！？；，。、"
"""Marks that pages of the known origin were cut before."""

ENCODINGS = ("cp936", "big5")
"""Double-byte character sets that slips are undone in; the usual one first."""

ORPHANS = "?\ufffd"
"""What readers show for a byte that has lost its partner."""

_CODECS = {"cp936": "gb18030", "big5": "big5hkscs"}

# Log-probability, in nats, that a character of clean text has on average at least; no place with more is out of phase.
_USUAL = -6.5

# What is read in phase has at least this; a part of a text without its context has some 1.5 nats less than within it.
_READS_WELL = -9.0

# A mark is shown as it is or folded to ASCII; “” never fold to a mark of the list.
_FOLDED = {chr(code - 0xFEE0): chr(code) for code in range(0xFF01, 0xFF5F)} | {" ": "\u3000", ".": "。", "'": "’"}

# Log-probabilities in nats of what the damage does. A cut before a mark or a gloss leaves a sign of its own, so its prior is
# mild; a byte that vanished without a sign must be rarer than a false alarm in a corpus of 100,000 lines of 100 characters
# (ln 1e-7 = -16). One byte in 190 was added.
MARK_CUT, GLOSS_CUT, VISIBLE_HOLE = -8.0, -3.0, -16.0
BYTE_LOST, BYTE_ADDED = -16.0, -24.0
# U+FFFD is no sign that anybody types, but other damage leaves it too.
REPLACED_CUT = -6.0
# A run ends at an orphan (15 of 73 real runs at a gloss, 11 at a mark), which may have swallowed a byte (4 of 73).
END_ORPHAN, END_SWALLOWED = -2.0, -6.0
# A tag whose `<` is missing right after an orphan is evidence by itself, against what the model (which knows no markup) gives it.
END_TAG = 6.0
# Inside a run an ASCII sign may be a folded full-width pair: most of the known sources fold.
FOLD = -1.5

# `<` before a tag name is certain enough to need no choice.
_TAG = re.compile(r"/?(?:p|br|img|div|span|td|tr|a|b|i|li|ul|h[1-6]|strong|em|font|table)\b[^<]{0,200}")


_ORPHANS = re.compile(f"[{ORPHANS}]{{1,12}}")
_TO_FULL_WIDTH = str.maketrans("！？；，。!?;,.", "！？；，。！？；，。")
_READING = re.compile(rf"[(（]?([{gloss.LETTERS}]{{1,6}})[)）]")
_CUT_BEFORE = re.compile(rf"[{ORPHANS}][(（]?([{gloss.LETTERS}]{{1,6}})[)）]\Z")
_GLOSS_BEFORE = re.compile(rf"[(（][{gloss.LETTERS}]{{1,6}}[)）]\Z")


def inflict(
    text: str,
    trigger: str,
    *,
    encoding: str = "cp936",
    marks: str = MARKS,
    hanzi: str = "",
    offset: int = 0,
    byte: int = 0xD2,
    replacement: str = "?",
    swallow: bool = True,
    fold: bool = False,
) -> str:
    """Damage a text as its bytes would be damaged.

    Args:
        text: The text; every character must be in `encoding`.
        trigger: "mark", "gloss", "lost" or "added".
        encoding: Name of the double-byte character set that the text is held in: "cp936" or "big5".
        marks: For "mark" and "gloss": the marks that the bytes are cut before, at any byte offset.
        hanzi: For "gloss": the hanzi that are glossed, in this order, at any byte offset.
        offset: For "lost" and "added": the offset in bytes.
        byte: For "added": the byte that is put in.
        replacement: What the reader shows for an orphan.
        swallow: Whether the byte after an orphan vanishes with it.
        fold: Whether full-width marks are folded to ASCII at the end.

    Returns:
        What the reader showed. It equals `text` where the trigger found nothing to do.

    Raises:
        ValueError: `text` cannot be written in `encoding`, the trigger is unknown, or `offset` lies outside the bytes.

    >>> inflict("能力。”會上，", "mark", fold=True)
    '能力?!睍\ue490?,'
    >>> inflict("咨詢如何學", "gloss", hanzi="內詢")
    '咨詢(xún)?nèi)绾螌W'
    """
    written = charset(encoding)
    data = written.encode(text)
    if data is None:
        raise ValueError(f"the text holds a character that {encoding} cannot write; choose another encoding")
    if trigger in ("lost", "added") and not 0 <= offset < len(data):
        raise ValueError(f"offset {offset} lies outside the {len(data)} bytes of the text")
    if trigger == "lost":
        pieces = [data[:offset] + data[offset + 1 :]]
    elif trigger == "added":
        pieces = [data[:offset] + bytes([byte]) + data[offset:]]
    elif trigger in ("mark", "gloss"):
        for character in hanzi:
            found, reading = written.encode(character), written.encode(f"({gloss.default_reading(character)})")
            if found is None or reading is None:
                raise ValueError(f"{encoding} cannot write {character!r} with its reading; glosses go with cp936")
            data = data.replace(found, found + reading)
        pieces = _cut(data, [written.spell(mark)[0] for mark in marks])
    else:
        raise ValueError(f"no trigger called {trigger!r}; known: mark, gloss, lost, added")
    shown = "".join(written.read(piece, replacement=replacement, swallow=swallow).text for piece in pieces)
    return (
        shown.translate({ord(full): ascii_ for ascii_, full in _FOLDED.items() if full in "！？；，："})
        if fold
        else shown
    )


def _cut(data: bytes, marks: Sequence[bytes]) -> list[bytes]:
    """Cut bytes before each mark, wherever its two bytes stand next to each other, overlapping ones too."""
    found = re.compile(b"(?=" + b"|".join(map(re.escape, marks)) + b")")
    cuts = [match.start() for match in found.finditer(data)]
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


def edges(observed: str, written: Charset, *, unsigned: bool, glossed: bool) -> list[list[Edge]]:
    """Build the byte lattice of a stretch that a slip may have gone through.

    Args:
        observed: The stretch as it is seen.
        written: The double-byte character set that it was held in.
        unsigned: Whether to consider bytes that were lost or added without leaving an orphan.
        glossed: Whether the glosses of the text are the artefact and go as well.
    """
    orphan = re.compile(f"[{ORPHANS}]")
    return [
        [
            Edge(1),
            *_inside(observed, position, written),
            *(_orphaned(observed, position, written) if orphan.match(observed, position) else ()),
            *(_unsigned(observed[position], written) if unsigned else ()),
            *(_glossed(observed, position) if glossed and observed[position] in "(（" else ()),
        ]
        for position in range(len(observed))
    ]


def _inside(observed: str, position: int, written: Charset) -> Iterator[Edge]:
    """Inside a run every character is its bytes, as it stands or as the full-width sign that was folded."""
    character = observed[position]
    for sequence in written.spell(character):
        yield Edge(1, tuple(sequence))
    full = _FOLDED.get(character)
    if full is not None:
        for sequence in written.spell(full):
            yield Edge(1, tuple(sequence), FOLD)


def _orphaned(observed: str, position: int, written: Charset) -> Iterator[Edge]:
    if _TAG.match(observed, position + 1):
        yield Edge(1, (LOST, ord("<")), END_TAG, "orphan")
    else:
        following = observed[position + 1 : position + 2]
        if following in MARKS or _FOLDED.get(following, "") in MARKS or not written.swallowed_before(following):
            yield Edge(1, (LOST,), END_ORPHAN, "orphan")
        yield Edge(1, (LOST, SWALLOWED), END_SWALLOWED, "orphan")
    yield Edge(1, (LOST,), VISIBLE_HOLE, "orphan", opening=True)
    yield from _mark_cuts(observed, position, written)
    bracket = _READING.match(observed, position + 1)
    if bracket:
        yield from _gloss_cuts(observed, position, bracket, written)


# The character that a mark cut took the lead byte of: 。 in 37 of 41 real runs.
_BEFORE_CUT = {"。": math.log(37 / 4)}


def _mark_cuts(observed: str, position: int, written: Charset) -> Iterator[Edge]:
    """`?！`: cut across two characters. `??！`: each byte between two cuts is the first of a mark, and known by it."""
    orphans = _ORPHANS.match(observed, position)
    end = orphans.end() if orphans else position
    shown = observed[end : end + 1]
    firsts = {mark: written.spell(mark)[0] for mark in MARKS if written.spell(mark)}
    mark = shown if shown in firsts else _FOLDED.get(shown, "")
    if mark not in firsts:
        return
    cut = firsts[mark]
    known: tuple[int, ...] = tuple(cut)
    for _ in range(end - position - 1):
        before = sorted({sequence[0] for sequence in firsts.values() if sequence[1] == known[0]})
        if not before:
            return
        known = (before[0], *known)
    cost = MARK_CUT if "?" in observed[position:end] else REPLACED_CUT
    if end > position + 1:
        cost = 2 * MARK_CUT if "?" in observed[position:end] else 1.5 * MARK_CUT
    yield Edge(end + 1 - position, (LOST, *known), cost, "mark", opening=True, favours=_BEFORE_CUT)
    if end > position + 1:
        yield Edge(end + 1 - position, (LOST, *known), MARK_CUT, "mark")


def _gloss_cuts(observed: str, position: int, bracket: re.Match[str], written: Charset) -> Iterator[Edge]:
    """`?nèi)`: the orphan and the byte before it are a hanzi read nèi. It starts a run, or ends one."""
    reading = gloss.normalised(bracket[1])
    is_read = functools.partial(gloss.is_read, reading=reading)
    length = bracket.end() - position
    for byte in sorted(_orphans_of(observed[:position], reading, written)):
        yield Edge(length, (byte,), GLOSS_CUT, f"gloss {reading}", opening=True)
        yield Edge(length, (byte,), GLOSS_CUT, f"gloss {reading}", spells=is_read)


def _orphans_of(before: str, reading: str, written: Charset) -> set[int]:
    """What the orphan of `?reading)` can have been, given the text that was shown before it."""
    cut = _CUT_BEFORE.search(before)
    while cut is None and (whole := _GLOSS_BEFORE.search(before)) is not None:
        before = before[: whole.start()]
        cut = _CUT_BEFORE.search(before)
    if cut is not None:
        firsts = _orphans_of(before[: cut.start()], gloss.normalised(cut[1]), written)
    else:
        firsts = {sequence[-1] for sequence in written.spell(before[-1:])}
    return {second for first in firsts for second in _partners(written, first, reading)}


@functools.lru_cache(maxsize=4096)
def _partners(written: Charset, first: int, reading: str) -> tuple[int, ...]:
    """Second bytes that make a hanzi with this default reading out of the byte `first`."""
    return tuple(
        second for second in range(0x40, 0xFF) if gloss.is_read(written.reads.get(bytes([first, second]), ""), reading)
    )


def _unsigned(character: str, written: Charset) -> Iterator[Edge]:
    for sequence in written.spell(character):
        if len(sequence) == 2:
            first, second = sequence
            yield Edge(1, (LOST, first, second), BYTE_LOST, "lost", opening=True)
            yield Edge(1, (first, LOST, second), BYTE_LOST, "lost", opening=True)
            yield Edge(1, (first,), BYTE_ADDED, "added", opening=True)
            yield Edge(1, (second,), BYTE_ADDED, "added", opening=True)


def _glossed(observed: str, position: int) -> Iterator[Edge]:
    """A reading goes: after the hanzi that the text has there, or inside a run after the hanzi that the run shows."""
    bracket = _READING.match(observed, position)
    if bracket:
        reading, length = gloss.normalised(bracket[1]), bracket.end() - position
        yield Edge(length, None, 0.0, "gloss", follows=functools.partial(gloss.is_read, reading=reading))
        if gloss.is_read(observed[position - 1 : position], reading):
            yield Edge(length, (), 0.0, "gloss")


_ORPHAN = re.compile(rf"[{ORPHANS}]+(?:[(（]?[{gloss.LETTERS}]{{1,6}}[)）]|[！？；，。、!?;,.])?")
_HAN_BEFORE_LETTER = re.compile("[㐀-鿿\ue000-\uf8ff](?=[@-~](?![@-~]))")
_LONE_LETTER = re.compile("[@-~](?<=[㐀-鿿\ue000-\uf8ff].)(?![@-~])")

# Code points that a stretch takes in before and after what is suspicious. A run in which nothing is odd is at most this
# long: of 73 real runs the mean is 5 and the longest 19 characters.
_LEFT, _RIGHT, _LEFT_UNSIGNED = 6, 24, 40
# A stretch is searched as a whole up to here; a longer one goes on in the next stretch. Bounds the memory of a search.
_LONGEST = 400


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
    starts = [start for start, _ in claimed]

    def is_free(start: int, end: int) -> bool:
        index = bisect_left(starts, end + 1)
        return index == 0 or claimed[index - 1][1] < start - 1

    found = [sign for sign in signs if is_free(sign.start, sign.end)]
    for suspect in suspects:
        if is_free(suspect.start, suspect.end) and _shifts_well(
            text, suspect.start - 1, suspect.end + 1, model, -BYTE_LOST
        ):
            found.append(Place(suspect.start, suspect.end, unsigned=True))
    return sorted(found, key=lambda place: (place.start, place.end))


def stretches(text: str, found: Sequence[Place]) -> Iterator[Place]:
    """Widen places to what a search needs to see, within their lines, and join those that overlap."""
    joined: Place | None = None
    for place in found:
        left = max(text.rfind("\n", 0, place.start) + 1, place.start - (_LEFT_UNSIGNED if place.unsigned else _LEFT))
        right = min(_line_end(text, place.end), place.end + _RIGHT)
        if joined is not None and left <= joined.end and right - joined.start <= _LONGEST:
            joined = Place(min(joined.start, left), max(joined.end, right), joined.unsigned or place.unsigned)
            continue
        if joined is not None:
            yield joined
            left = max(left, joined.end)
        joined = Place(left, right, place.unsigned)
    if joined is not None:
        yield joined


def signs(text: str, model: CharacterModel) -> Iterator[Place]:
    """Find the orphans and lone letters beside which the text is out of phase, and whether a run ends there or begins.

    A gloss that swallowed its bracket, and U+FFFD, are signs by themselves.
    """
    for match in _orphans(text):
        start, end = match.span()
        if match[0][-1] in ")）":
            yield Place(start, end, unsigned=False)
        elif match[0][-1] not in ORPHANS and _begins_run(text, end, model):
            yield Place(start, end, unsigned=False)
        elif _ends_run(text, start, model):
            yield Place(start, end, unsigned=True)
        elif match[0][-1] not in ORPHANS and match[0].startswith("\ufffd\ufffd"):
            yield Place(start, end, unsigned=False)
    traditional: bool | None = None
    for match in _lone_letters(text):
        # A run ends at a letter where a trail byte is one, which GB 2312, and so nearly all Simplified text, does not have.
        if traditional is None:
            traditional = not _is_simplified(text)
        if not traditional:
            break
        end = match.end() if match.re is _LONE_LETTER else match.end() + 1
        if _ends_run(text, end - 1, model):
            yield Place(end - 1, end, unsigned=True)


def _orphans(text: str) -> Iterator[re.Match[str]]:
    """Find the signs of orphans with what follows them; a search for one character is the fastest there is."""
    if "?" not in text and "\ufffd" not in text:
        return
    end = 0
    for sign in heapq.merge(*(re.finditer(re.escape(sign), text) for sign in ORPHANS), key=re.Match.start):
        match = _ORPHAN.match(text, sign.start()) if sign.start() >= end else None
        if match is not None:
            yield match
            end = match.end()


def _lone_letters(text: str) -> Iterator[re.Match[str]]:
    """Find single letters between hanzi, from the rarer of the two: the scan must not stop at every character."""
    letters = sum(map(text[:4000].count, "etao"))
    return (_LONE_LETTER if 20 * letters < min(len(text), 4000) else _HAN_BEFORE_LETTER).finditer(text)


def _begins_run(text: str, position: int, model: CharacterModel) -> bool:
    """Tell whether a run begins behind an orphan and its mark, which ends before `position`."""
    following = text[position : position + 2]
    if following[:1] in tuple(ORPHANS) or (
        following[:1].isalpha() and following[:1].isascii() and following[1:] in tuple("(（")
    ):
        return True
    return any(_shifts_well(text, position - 1, position + length, model, _GAIN_AT_MARK) for length in _PHASES)


def _ends_run(text: str, position: int, model: CharacterModel) -> bool:
    """Tell whether a run ends at an orphan or a letter at `position`."""
    last = text[max(0, position - 2) : position]
    if probability(last, model, text[max(0, position - 4) : max(0, position - 2)]) > _USUAL * len(last):
        return False
    return any(_shifts_well(text, position - length, position, model) for length in _PHASES)


# Code points beside a sign that are read one byte on, and the nats that this must gain: 4 of 5 real runs are longer than two
# characters, each of which gains some 5 nats in phase.
_PHASES = (2, 3, 4, 6)
_SHIFT_GAIN = 8.0
# An orphan before a mark is a sign by itself; the search has only to find something to gain.
_GAIN_AT_MARK = 0.0


def _shifts_well(text: str, start: int, end: int, model: CharacterModel, least: float = _SHIFT_GAIN) -> bool:
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
        read = in_phase.decode(_CODECS[name], "replace")
        score = probability(read, model)
        if score - here > least and score > _READS_WELL * len(read):
            return True
    return False


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def propose(
    text: str, found: Sequence[Place], glosses: gloss.Evidence, policy: Policy, model: CharacterModel
) -> Iterator[Proposal]:
    """Propose the slips of a text, and the glosses inside their stretches.

    Args:
        text: The whole text.
        found: Where to look, from `places`.
        glosses: What the whole text says of its glosses.
        policy: How lost bytes are treated.
        model: Scores the readings.
    """
    habit = _habit(text) if found else {}
    damaged = glosses.artefact
    for stretch in stretches(text, found):
        searched = _searched(text, stretch, habit, glosses, model)
        for run in runs(searched[0]) if searched is not None else ():
            if searched is None or run.moves[0].edge.kind == "gloss" or not _is_run(text, stretch, run):
                continue
            observed, channel = text[stretch.start : stretch.end], searched[1]
            certainty = policy.slip_certainty
            for one in proposal.propose(
                "slip", run, observed, stretch.start, channel, policy, _mechanism(run), certainty
            ):
                damaged = damaged or one.log_odds >= policy.margin
                yield one
    if damaged:
        yield from _lone_orphans(text)


def _is_run(text: str, stretch: Place, run: Run) -> bool:
    """Tell whether a run shows enough to believe in it: a sign between two question marks (?▽?) is a face."""
    if run.moves[0].edge.kind not in ("orphan", "lost", "added"):
        return True
    seen = text[stretch.start + run.start : stretch.start + run.end]
    return sum(character not in ORPHANS for character in seen) >= _FEWEST


# Characters that a run must show where neither a mark nor a reading tells how it began.
_FEWEST = 2


def _searched(
    text: str, stretch: Place, habit: Mapping[str, float], glosses: gloss.Evidence, model: CharacterModel
) -> tuple[Way, Channel] | None:
    """Search a stretch in each encoding that it may have been held in; the best way, with what it was found with."""
    observed, before = text[stretch.start : stretch.end], text[max(0, stretch.start - CONTEXT) : stretch.start]
    best: tuple[Way, Channel] | None = None
    for name in ENCODINGS:
        written = charset(name)
        if name != "cp936" and not (stretch.unsigned and _is_written(observed, written)):
            continue
        channel = Channel(written, model, habit=habit)
        lattice = edges(observed, written, unsigned=stretch.unsigned, glossed=glosses.artefact)
        way = search(lattice, channel, observed=observed, before=before)
        if way is not None and (best is None or way.score > best[0].score):
            best = way, channel
    return best


# A sign for an orphan that is a line by itself asks no question.
_LONE_ORPHAN = re.compile(rf"(?m)^[ \t\u3000]*([{ORPHANS}]+)[ \t\u3000]*$")


def _lone_orphans(text: str) -> Iterator[Proposal]:
    """Report what a text that has slips or glosses shows in place of something lost, with nothing left to tell what it was."""
    for match in _LONE_ORPHAN.finditer(text):
        start, end = match.span(1)
        yield Proposal(
            start, end, (), 0.0, (Loss(start, end, "a character of which no byte is left", filled=match[1]),)
        )


def _is_written(observed: str, written: Charset) -> bool:
    """Tell whether a character set has all of a stretch but the signs of orphans."""
    return all(written.spell(character) for character in observed if character not in ORPHANS)


def _mechanism(run: Run) -> str:
    """Say in bytes what happened."""
    trigger = {
        "mark": "the bytes were cut before a mark found across two characters",
        "orphan": "a byte lost its partner",
        "lost": "one byte was lost",
        "added": "one byte was added",
    }.get(run.moves[0].edge.kind, f"a reading was inserted across two characters ({run.moves[0].edge.kind})")
    aligned = " ".join(spelled(glyph.pattern) for _, glyph in run.glyphs if glyph.pattern is not None)
    return f"{trigger}, and what follows was read out of phase; in phase: {aligned}"


# Texts held in GBK quote with “” and rarely with corner brackets; a text's own quotation marks decide where it has any.
_CORNERS, _CURLY, _HABIT = "「」『』", "“”‘’", -4.0


def _habit(text: str) -> dict[str, float]:
    corners = sum(map(text.count, _CORNERS))
    curly = sum(map(text.count, _CURLY))
    habit = dict(_foreign_forms(_is_simplified(text)))
    habit.update(dict.fromkeys(_CURLY if corners > curly else _CORNERS, _HABIT))
    return habit


# Nats against a hanzi of the other script: a page is written in one. Dropping the other script's candidates altogether brings
# back up to 1.7 points more of the lost characters; names and quotations keep a chance this way.
_FOREIGN_FORM = -3.0


def _is_simplified(text: str) -> bool:
    characters = frozenset(text[:4000])
    return len(characters & _forms(simplified=True)) >= len(characters & _forms(simplified=False))


@functools.cache
def _forms(*, simplified: bool) -> frozenset[str]:
    return frozenset(_foreign_forms(not simplified))


@functools.cache
def _foreign_forms(simplified: bool) -> dict[str, float]:  # noqa: FBT001
    """Hanzi that a Simplified text (those outside GB 2312) or a Traditional one (GB 2312 but not Big5) hardly holds."""
    national, taiwan = _repertoire("gb2312"), _repertoire("big5")
    hanzi = [text for text in charset("cp936").writes if "\u3400" <= text <= "\u9fff"]
    only_simplified = national - taiwan
    foreign = [text for text in hanzi if (text not in national if simplified else text in only_simplified)]
    return dict.fromkeys(foreign, _FOREIGN_FORM)


def _repertoire(codec: str) -> frozenset[str]:
    hanzi = "".join(map(chr, range(0x4E00, 0xA000)))
    return frozenset(hanzi.encode(codec, "ignore").decode(codec))
