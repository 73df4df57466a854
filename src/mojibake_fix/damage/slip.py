"""Slips: double-byte text read out of phase, 能力。”會上， → 能力?!睍\ue490?,

One byte was lost, added, or cut off from its partner, and the reader took the rest of the run in the wrong pairs until
a byte below 0x80 (or the next cut) brought it back into phase. Four things set it off:

* **mark** - the bytes were cut before a punctuation mark that lies *across* two characters: 。” is A1A3 A1B1, and
  A3A1 is ！. The byte before the cut has no partner and shows as one `?`.
* **gloss** - a glossed hanzi was found across two characters: 詢如 is D483 C8E7, 83C8 is 內, and `(nèi)` went between.
  The byte before the bracket swallowed it: 詢?nèi)绾.
* **lost** - one byte is gone. Nothing shows where.
* **added** - one byte is too many. Nothing shows where.

Inside the run the observed characters are exact: their bytes are the author's bytes. What the trigger itself tells (the mark's
first byte, the reading) is in the patterns of `slip_edges`; the model decides the rest.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mojibake_fix.damage import gloss, proposal
from mojibake_fix.damage.habit import due, habit_of
from mojibake_fix.damage.lost_bytes import missing, spelled
from mojibake_fix.damage.natural import naturalness
from mojibake_fix.damage.phase import ENCODINGS, MARKS, Place, Stretch, stretches
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.damage.runs import CONTEXT, Run, Searched, around, runs
from mojibake_fix.damage.shift import ORPHANS
from mojibake_fix.damage.slip_edges import (
    BYTE_ADDED,
    BYTE_LOST,
    FOLDED,
    LEFT_BY_OTHERS,
    SIGN_LEFT_ALONE,
    count_lone,
    edges,
)
from mojibake_fix.echo import Echo
from mojibake_fix.encodings import LOST, Charset, charset
from mojibake_fix.lattice import Channel
from mojibake_fix.records import Loss, Policy
from mojibake_fix.search import search

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel


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
        shown.translate({ord(full): ascii_ for ascii_, full in FOLDED.items() if full in "！？；，："})
        if fold
        else shown
    )


def _cut(data: bytes, marks: Sequence[bytes]) -> list[bytes]:
    """Cut bytes before each mark, wherever its two bytes stand next to each other, overlapping ones too."""
    found = re.compile(b"(?=" + b"|".join(map(re.escape, marks)) + b")")
    cuts = [match.start() for match in found.finditer(data)]
    return [data[start:end] for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True)]


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
    cut_before: set[str] = set()
    doubtful: list[tuple[str, float, Proposal]] = []
    for candidate in _found(text, found, glosses, policy, model):
        one = candidate.proposal
        if candidate.doubt is not None:
            doubtful.append((candidate.mark, candidate.doubt, _against_typing(one, text, model)))
            continue
        if all(step.family == "slip" for step in one.steps) and one.log_odds >= policy.margin:
            cut_before.add(candidate.mark)
        yield one
    for mark, doubt, one in doubtful:  # none of them speaks for another: who types such marks types them again
        if one.log_odds >= policy.margin + doubt:
            yield one
        elif mark in cut_before:
            yield _likelier(one, _CUT_ELSEWHERE)
    if glosses.artefact or cut_before:
        yield from _lone_orphans(text)


@dataclass(frozen=True, slots=True)
class _Found:
    """The proposal of a run, the mark that it was cut before, and the doubt whether it was.

    Attributes:
        doubt: Nats beyond the margin that it must gain over what else leaves such signs, where nothing shows that the page is
            cut elsewhere; None where nothing else leaves them.
    """

    proposal: Proposal
    mark: str
    doubt: float | None


# People type ?! and ?? in any number, without letters in them; they do not mix in full-width marks, but for those behind ??, which
# is what many databases have of an emoji.
_TYPED = re.compile(r"[\x00-@\[-`{-\x7f]+|\?\?[\x00-\x7f！？；，。、]*")
# U+FFFD and ? together: a folded ？ between two orphans, or the signs of two readers, one after the other.
_MIXED = re.compile("(?=\ufffd*[?])[?\ufffd]{2,}.?|[?][\x00-@\\[-`{-\x7f！？；，。、]*\ufffd.*")
# Any character that was destroyed leaves ��， as well: of 4,428 that stood before a mark SAFE brought back 11 and invented 207.
_DESTROYED = re.compile("\ufffd{2,}[^\ufffd]?")
_HANZI = re.compile("[㐀-鿿]")
# A run that nothing shows the beginning of may end before a question mark that somebody typed behind a rare word (拘挛?): the model
# knows those of ASCII as rare behind hanzi. Of 47,000 such words 3 are taken for slips with it, 53 without, and no slip is lost.
_TYPED_BEHIND = 5.0
# A sign behind a rare word ends no run: dictionaries have 轗軻|轗轲.
_SIGN_BEHIND = re.compile("(?<=[^\x00-\x7f])[@\\[-`{-~]\\Z")
# What begins a run without a mark or a reading, and the characters that such a run must show.
_UNTOLD, _FEWEST = ("orphan", "lost", "added"), 2
# Nats more by which a lost byte of such a run must be certain, since the beginning of it is not: of what SAFE restores of all
# variants of slips 0.97 % is wrong with it, and 61.7 % of them come back exactly; 1.72 and 64.7 % without.
_UNTOLD_CERTAINTY = 2.0


def _found(
    text: str, found: Sequence[Place], glosses: gloss.Evidence, policy: Policy, model: CharacterModel
) -> Iterator[_Found]:
    """Give the proposals of all runs."""
    for one in _read(text, found, habit_of(text) if found else {}, glosses, model):
        for run in runs(one.way, *around(text, one.start, one.end)):
            start, end = one.start + run.start, one.start + run.end
            seen, kind = text[start:end], run.moves[0].edge.kind
            if kind in _UNTOLD and (_is_too_short(seen, kind) or not _is_text(run, model)):
                continue
            if kind == "gloss":
                proposals = gloss.propose_behind_run(text, start, end, glosses)
            else:
                observed, others = text[one.start : one.end], -LEFT_BY_OTHERS * count_lone(text, start, end)
                others -= _TYPED_BEHIND if kind in _UNTOLD and seen[-1] == "?" else 0.0
                others += SIGN_LEFT_ALONE if kind in _UNTOLD and _SIGN_BEHIND.search(seen) else 0.0
                others -= naturalness(seen, model, double_bytes=True)
                certainty = policy.slip_certainty + _UNTOLD_CERTAINTY * (kind in _UNTOLD)
                how = (one.channel, policy, _mechanism(run), certainty, others)
                proposals = proposal.propose("slip", run, observed, one.start, *how)
                if kind == "added" and (lost := _or_lost(run, seen, start, one.channel, policy)):
                    proposals = (replace(offered, losses=(lost, *offered.losses)) for offered in proposals)
            mark = text[one.start + run.moves[0].end - 1]
            doubt = _doubt(seen, run, policy) if kind == "mark" else None
            yield from (
                _Found(offered, FOLDED.get(mark, mark), doubt)
                for offered in proposals
                if kind != "added" or not _drops_ascii(offered)
            )


def _doubt(seen: str, run: Run, policy: Policy) -> float | None:
    """Return `_Found.doubt` of a run that was cut before a mark: a word that goes on behind it was hardly typed so."""
    if not policy.guess and _DESTROYED.fullmatch(seen):
        return math.inf
    typed = _TYPED.fullmatch(seen)
    if not typed and not _MIXED.fullmatch(seen):
        return None
    goes_on = _HANZI.match(run.text)
    return math.inf if not goes_on else _IN_WORD if typed else 0.0


def _or_lost(run: Run, seen: str, start: int, channel: Channel, policy: Policy) -> Loss | None:
    """Return the loss that a byte taken for an added one may be instead: the lead byte of a character of which it is the other.

    Of 124 characters that 840 slips of a lost byte leave out 91 are said to be, and one too many is in 223 of 1,060 slips of an
    added one.
    """
    for sequence in channel.charset.spell(seen[0]):
        if tuple(sequence[1:]) != run.moves[0].edge.pattern:
            continue
        pattern = (LOST, sequence[0])
        context = run.before[-CONTEXT:], channel.charset.match(pattern).characters, (run.text + run.after)[:CONTEXT]
        found = missing(*context, channel, channel.habit, BYTE_LOST - BYTE_ADDED, policy.certainty)
        cause = "a byte was added, or the lead byte of a character that it ends was lost"
        return Loss(start, start + 1, cause, spelled(pattern), found) if found else None
    return None


def _drops_ascii(one: Proposal) -> bool:
    """Tell whether a proposal takes an ASCII sign away and does nothing else: somebody typed it (剛開}始)."""
    return len(one.steps) == 1 and not one.steps[0].after and one.steps[0].before.isascii()


def _is_too_short(seen: str, kind: str) -> bool:
    """Tell whether a run shows too little; a letter between hanzi is enough, and a character before a sign that nobody types."""
    if kind == "lost" and seen.isascii() and seen not in ORPHANS:
        return False
    fewest = 1 if kind == "lost" and seen[-1] == "\ufffd" else _FEWEST
    return sum(sign not in ORPHANS for sign in seen) < fewest


# Mean log-probability, in nats, of what is read in phase, and what one rare character may cost more: of 558 runs that came back
# right those longer than one character have -7.8 or more. What has less is garbled in another way.
_LEAST_QUALITY, _ROOM = -8.5, -5.0


def _is_text(run: Run, model: CharacterModel) -> bool:
    """Tell whether what a run reads in phase is text."""
    return model.log_probability(run.text, run.before) >= _LEAST_QUALITY * len(run.text) + _ROOM


def _read(
    text: str, found: Sequence[Place], habit: Mapping[str, float], glosses: gloss.Evidence, model: CharacterModel
) -> Iterator[Searched]:
    """Search all stretches, and those that have damage once more with what the others read."""
    tried = ((one, _searched(text, one, habit, Echo(""), glosses, model)) for one in stretches(text, found))
    read = [(stretch, one) for stretch, one in tried if one is not None and one.way.damaged]
    echo = Echo.of(text, (one.read for _, one in read))
    for stretch, one in read:
        yield _searched(text, stretch, habit, echo, glosses, model) or one


# What must be gained over marks that people type by a word that goes on behind them. Of 12,000 clean lines in which such marks were
# put 19 are changed, where what stands before begins another word as well; of 41 cuts that look so 24 come back.
_IN_WORD = 5.0
# A page that is cut before a mark is cut wherever its bytes stand next to each other: half of the prior of a cut is returned.
_CUT_ELSEWHERE = 4.0


def _against_typing(one: Proposal, text: str, model: CharacterModel) -> Proposal:
    """Weigh a run of a page that is cut before the same mark elsewhere against the same marks typed, full-width ones if need be."""
    before, after = around(text, one.start, one.end)
    seen = text[one.start : one.end]
    typed = "".join(FOLDED.get(character, character) for character in seen)
    gained = model.log_probability(typed + after, before) - model.log_probability(seen + after, before)
    return _likelier(one, -max(0.0, gained))


def _likelier(one: Proposal, nats: float) -> Proposal:
    """Return a proposal with that much more evidence for it."""
    log_odds = one.log_odds + nats
    return replace(
        one, steps=tuple(replace(step, log_odds=round(log_odds, 3)) for step in one.steps), log_odds=log_odds
    )


def _searched(
    text: str,
    stretch: Stretch,
    habit: Mapping[str, float],
    echo: Echo,
    glosses: gloss.Evidence,
    model: CharacterModel,
) -> Searched | None:
    """Search a stretch in each encoding that it may have been held in; the best way of all."""
    start, end = stretch.start, stretch.end
    observed, (before, after) = text[start:end], around(text, start, end)
    orphans = sum(map(observed.count, ORPHANS))
    if orphans > _FEW_ORPHANS and _PER_ORPHAN * orphans > end - start:
        return None
    expected = due(text, start, end)
    favoured = {**habit, **{mark: habit.get(mark, 0.0) + odds for mark, odds in expected.items()}}
    best: Searched | None = None
    for name in ENCODINGS:
        written = charset(name)
        if name != "cp936" and not (stretch.openings and _is_written(observed, written)):
            continue
        losable = frozenset() if stretch.openings else written.leads  # a reader shows a sign for lead bytes only
        channel = Channel(written, model, habit=favoured, losable=losable, echo=echo, effort=_EFFORT)
        openings = frozenset(position - start for position in stretch.openings)
        lattice = edges(observed, written, openings=openings, glossed=glosses.artefact)
        way = search(lattice, channel, observed=observed, before=before, after=after)
        if way is not None and (best is None or way.score > best.way.score):
            best = Searched(start, end, way, channel)
    return best


_EFFORT = 12
"""`Channel.effort` of a slip: a run has one lost byte, not one in every other character."""
_FEW_ORPHANS, _PER_ORPHAN = 8, 4
"""So many question marks and U+FFFD, one in fewer than so many code points, are no signs of slips: ??!??! is typed."""


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
