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
import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mojibake_fix.damage import gloss, proposal
from mojibake_fix.damage.habit import due, habit_of
from mojibake_fix.damage.phase import ENCODINGS, MARKS, Place, Stretch, stretches
from mojibake_fix.damage.proposal import CONTEXT, Proposal, Run, following, runs, spelled
from mojibake_fix.damage.shift import ORPHANS
from mojibake_fix.encodings import FULL_WIDTH, LOST, SWALLOWED, Charset, charset
from mojibake_fix.lattice import Channel, Edge, Way, search
from mojibake_fix.records import Loss, Policy

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

# A mark is shown as it is or folded to ASCII; “” never fold to a mark of the list.
_FOLDED = FULL_WIDTH | {".": "。", "'": "’"}

# Log-probabilities in nats of what the damage does. A cut before a mark or a gloss leaves a sign of its own, so its prior is
# mild; a byte that vanished without a sign must be rarer than a false alarm: of 418,656 clean lines and beginnings of lines none
# was changed with -12 or -8, and one line with -5. One byte in 190 was added.
MARK_CUT, GLOSS_CUT, VISIBLE_HOLE = -8.0, -3.0, -16.0
BYTE_LOST, BYTE_ADDED = -12.0, -12.0 - math.log(190)
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


def edges(observed: str, written: Charset, *, openings: Container[int], glossed: bool) -> list[list[Edge]]:
    """Build the byte lattice of a stretch that a slip may have gone through.

    Args:
        observed: The stretch as it is seen.
        written: The double-byte character set that it was held in.
        openings: Where a byte may have been lost or added without leaving an orphan.
        glossed: Whether the glosses of the text are the artefact and go as well.
    """
    return [
        [
            Edge(1),
            *_inside(observed, position, written),
            *(_orphaned(observed, position, written) if observed[position] in ORPHANS else ()),
            *(_unsigned(observed[position], written) if position in openings else ()),
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
        if _FOLDED.get(following, following) in tuple(MARKS) or not written.swallowed_before(following):
            yield Edge(1, (LOST,), END_ORPHAN, "orphan")
        yield Edge(1, (LOST, SWALLOWED), END_SWALLOWED, "orphan")
    yield Edge(1, (LOST,), VISIBLE_HOLE, "orphan", opening=True)
    yield from _mark_cuts(observed, position, written)
    bracket = _READING.match(observed, position + 1)
    if bracket:
        yield from _gloss_cuts(observed, position, bracket, written)


# The character that a mark cut took the lead byte of is 。 in 37 of 41 real runs; the model knows most of that. 0, 1 and 2.2
# nats more bring back 65, 67 and 63 % of 60 lines.
_BEFORE_CUT = {"。": 1.0}


def _mark_cuts(observed: str, position: int, written: Charset) -> Iterator[Edge]:
    """`?！`: cut across two characters. `??！`: each byte between two cuts is the first of a mark, and known by it."""
    orphans = _ORPHANS.match(observed, position)
    end = orphans.end() if orphans else position
    yield from _cuts_before(observed, position, end, written)
    if end > position + 1 and observed[end - 1] == "?":  # a folded ？ looks like one more orphan
        yield from _cuts_before(observed, position, end - 1, written)


def _cuts_before(observed: str, position: int, end: int, written: Charset) -> Iterator[Edge]:
    """The cuts of orphans at `observed[position:end]`, the last of which came before a mark at `end`."""
    shown = observed[end : end + 1]
    firsts = {mark: written.spell(mark)[0] for mark in MARKS if written.spell(mark)}
    mark = shown if shown in firsts else _FOLDED.get(shown, "")
    if mark not in firsts:
        return
    known: tuple[int, ...] = tuple(firsts[mark])
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
    damaged = glosses.artefact
    cut_before: set[str] = set()
    typed: list[_Found] = []
    for candidate in _found(text, found, glosses, policy, model):
        one = candidate.proposal
        if candidate.might_be_typed:
            typed.append(candidate)
            continue
        if one.steps[0].family == "slip" and one.log_odds >= policy.margin:
            damaged = True
            cut_before.add(candidate.mark)
        yield one
    yield from (_against_typing(one.proposal, text, model) for one in typed if one.mark in cut_before)
    if damaged:
        yield from _lone_orphans(text)


@dataclass(frozen=True, slots=True)
class _Found:
    """The proposal of a run, the mark that it was cut before, and whether somebody might have typed what is seen there."""

    proposal: Proposal
    mark: str
    might_be_typed: bool


# People type ?! and ?? in any number, without letters in them; they do not mix in full-width marks.
_TYPED = re.compile(r"[^A-Za-z]+|\?\?.*")
# Characters that a run must show where neither a mark nor a reading tells how it began.
_FEWEST = 2


def _found(
    text: str, found: Sequence[Place], glosses: gloss.Evidence, policy: Policy, model: CharacterModel
) -> Iterator[_Found]:
    """Give the proposals of all runs."""
    habit = habit_of(text) if found else {}
    for stretch in stretches(text, found):
        around = text[max(0, stretch.start - CONTEXT) : stretch.start], following(text, stretch.end)
        searched = _searched(text, stretch, around, habit, glosses, model)
        if searched is None:
            continue
        way, channel = searched
        for run in runs(way, *around):
            start, end = stretch.start + run.start, stretch.start + run.end
            seen, kind = text[start:end], run.moves[0].edge.kind
            if kind in ("orphan", "lost", "added") and sum(one not in ORPHANS for one in seen) < _FEWEST:
                continue
            if kind == "gloss":
                proposals = gloss.propose_behind_run(text, start, end, glosses)
            else:
                observed, mechanism = text[stretch.start : stretch.end], _mechanism(run)
                certainty = policy.slip_certainty
                proposals = proposal.propose(
                    "slip", run, observed, stretch.start, channel, policy, mechanism, certainty
                )
            mark = text[stretch.start + run.moves[0].end - 1]
            typed = kind == "mark" and seen.isascii() and bool(_TYPED.fullmatch(seen))
            yield from (_Found(one, _FOLDED.get(mark, mark), typed) for one in proposals)


# A page that is cut before a mark is cut wherever its bytes stand next to each other: half of the prior of a cut is returned.
_CUT_ELSEWHERE = 4.0


def _against_typing(one: Proposal, text: str, model: CharacterModel) -> Proposal:
    """Weigh a run of a page that is cut before the same mark elsewhere against the same marks typed, full-width ones if need be."""
    before, after = text[max(0, one.start - CONTEXT) : one.start], following(text, one.end)
    seen = text[one.start : one.end]
    typed = "".join(_FOLDED.get(character, character) for character in seen)
    gained = model.log_probability(typed + after, before) - model.log_probability(seen + after, before)
    log_odds = one.log_odds - max(0.0, gained) + _CUT_ELSEWHERE
    return replace(
        one, steps=tuple(replace(step, log_odds=round(log_odds, 3)) for step in one.steps), log_odds=log_odds
    )


def _searched(
    text: str,
    stretch: Stretch,
    around: tuple[str, str],
    habit: Mapping[str, float],
    glosses: gloss.Evidence,
    model: CharacterModel,
) -> tuple[Way, Channel] | None:
    """Search a stretch in each encoding that it may have been held in; the best way, with what it was found with."""
    observed, (before, after) = text[stretch.start : stretch.end], around
    expected = due(text, stretch.start, stretch.end)
    favoured = {**habit, **{mark: habit.get(mark, 0.0) + odds for mark, odds in expected.items()}}
    best: tuple[Way, Channel] | None = None
    for name in ENCODINGS:
        written = charset(name)
        if name != "cp936" and not (stretch.openings and _is_written(observed, written)):
            continue
        losable = frozenset() if stretch.openings else written.leads  # a reader shows a sign for lead bytes only
        channel = Channel(written, model, habit=favoured, losable=losable)
        openings = frozenset(position - stretch.start for position in stretch.openings)
        lattice = edges(observed, written, openings=openings, glossed=glosses.artefact)
        way = search(lattice, channel, observed=observed, before=before, after=after)
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
