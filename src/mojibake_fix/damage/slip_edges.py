"""The byte lattice of a stretch that a slip may have gone through: what each character can stand for.

Inside a run the observed characters are exact, as they stand or as the full-width signs that were folded. Signs of orphans stand
for lost bytes, of which the trigger itself may tell something: the first byte of a mark, the reading of a hanzi.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Container, Iterator

from mojibake_fix.damage import gloss
from mojibake_fix.damage.phase import MARKS
from mojibake_fix.damage.shift import ORPHANS
from mojibake_fix.encodings import FULL_WIDTH, LOST, SWALLOWED, Charset
from mojibake_fix.lattice import Edge

# A mark is shown as it is or folded to ASCII; “” never fold to a mark of the list.
FOLDED = FULL_WIDTH | {".": "。", "'": "’"}

# Log-probabilities in nats of what the damage does. A cut before a mark or a gloss leaves a sign of its own, so its prior is
# mild; a byte that vanished without a sign must be rarer than a false alarm: of 418,656 clean lines and beginnings of lines none
# was changed with -12 or -8, and one line with -5. One byte in 190 was added.
MARK_CUT, GLOSS_CUT, VISIBLE_HOLE = -8.0, -3.0, -16.0
BYTE_LOST, BYTE_ADDED = -12.0, -12.0 - math.log(190)
# A sign between hanzi, { or ^ or @, is typed more often than the model knows: put into 22,000 clean lines 307 were read as what is
# left of a hanzi without this, and 21 with it. Of such signs that are left of one 3 instead of 31 % become it again.
SIGN_LEFT_ALONE = -7.0
# U+FFFD is no sign that anybody types, but other damage leaves it too.
REPLACED_CUT = -6.0
# The model holds U+FFFD for as rare as any sign, -16 nats, but other damage leaves it too (text cut inside a character), and so do
# our own repairs. Of 20,000 rare words that were cut off so 27 are taken for slips, 53 with 0 and 13 with 12, where slips are lost.
LEFT_BY_OTHERS = 10.0
# A run ends at an orphan (15 of 73 real runs at a gloss, 11 at a mark), which may have swallowed a byte (4 of 73).
END_ORPHAN, END_SWALLOWED = -2.0, -6.0
# Before an ASCII sign a reader that shows ? has swallowed another one or kept that one. Those of the known origin swallow.
END_BEFORE_SIGN, END_SWALLOWED_BEFORE_SIGN = -4.0, -3.0
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
            Edge(1, cost=LEFT_BY_OTHERS if _LONE.match(observed, position) else 0.0),
            *_inside(observed, position, written),
            *(_orphaned(observed, position, written) if observed[position] in ORPHANS else ()),
            *(_unsigned(observed[position], written) if position in openings else ()),
            *(_glossed(observed, position) if glossed and observed[position] in "(（" else ()),
        ]
        for position in range(len(observed))
    ]


def count_lone(text: str, start: int, end: int) -> int:
    """Return how many U+FFFD in `text[start:end]` stand alone.

    >>> count_lone("\ufffd能力\ufffd\ufffd", 0, 5)
    1
    """
    return len(_LONE.findall(text, start, end))


_LONE = re.compile("(?<!\ufffd)\ufffd(?!\ufffd)")


def _inside(observed: str, position: int, written: Charset) -> Iterator[Edge]:
    """Inside a run every character is its bytes, as it stands or as the full-width sign that was folded."""
    character = observed[position]
    for sequence in written.spell(character):
        yield Edge(1, tuple(sequence))
    full = FOLDED.get(character)
    if full is not None:
        for sequence in written.spell(full):
            yield Edge(1, tuple(sequence), FOLD)


def _orphaned(observed: str, position: int, written: Charset) -> Iterator[Edge]:
    if _TAG.match(observed, position + 1):
        yield Edge(1, (LOST, ord("<")), END_TAG, "orphan")
    else:
        following = observed[position + 1 : position + 2]
        at_mark = FOLDED.get(following, following) in tuple(MARKS)
        before_sign = observed[position] == "?" and " " <= following <= "?" and not at_mark
        alone, swallowed = (END_BEFORE_SIGN, END_SWALLOWED_BEFORE_SIGN) if before_sign else (END_ORPHAN, END_SWALLOWED)
        if at_mark or not written.swallowed_before(following):
            yield Edge(1, (LOST,), alone, "orphan", swallowing=swallowed - alone if following else None)
        yield Edge(1, (LOST, SWALLOWED), swallowed, "orphan")
    yield Edge(1, (LOST,), VISIBLE_HOLE, "orphan", opening=True)
    yield from _mark_cuts(observed, position, written)
    bracket = _READING.match(observed, position + 1)
    if bracket:
        yield from _gloss_cuts(observed, position, bracket, written)


# The character that a mark cut took the lead byte of is 。 in 37 of 41 real runs; the model knows most of that. 0, 1 and 2.2
# nats more bring back 65, 67 and 63 % of 60 lines.
_BEFORE_CUT = {"。": 1.0}
# A page that is cut before a mark is cut before each: one more of them before the cut would have stayed whole.
_CUT_BEFORE_ITSELF = -20.0


def _mark_cuts(observed: str, position: int, written: Charset) -> Iterator[Edge]:
    """`?！`: cut across two characters. `??！`: each byte between two cuts is the first of a mark, and known by it."""
    orphans = _ORPHANS.match(observed, position)
    end = orphans.end() if orphans else position
    yield from _cuts_before(observed, position, end, written)
    for folded in range(position + 1, end):
        if observed[folded] == "?":  # a folded ？ looks like one more orphan
            yield from _cuts_before(observed, position, folded, written)


def _cuts_before(observed: str, position: int, end: int, written: Charset) -> Iterator[Edge]:
    """The cuts of orphans at `observed[position:end]`, the last of which came before a mark at `end`."""
    shown = observed[end : end + 1]
    firsts = {mark: written.spell(mark)[0] for mark in MARKS if written.spell(mark)}
    mark = shown if shown in firsts else FOLDED.get(shown, "")
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
    favours = {**_BEFORE_CUT, mark: _CUT_BEFORE_ITSELF}
    yield Edge(end + 1 - position, (LOST, *known), cost, "mark", opening=True, favours=favours)
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
        if len(sequence) == 1 and "@" <= character <= "~":  # a trail byte that was left alone
            cost = BYTE_LOST if character.isalpha() else BYTE_LOST + SIGN_LEFT_ALONE
            yield Edge(1, (LOST, sequence[0]), cost, "lost", opening=True)
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
