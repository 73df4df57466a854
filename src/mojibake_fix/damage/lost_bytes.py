"""Characters that lost a byte: filled in where context is certain of them, marked where it is not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.damage.habit import NOT_OPENED, unopened
from mojibake_fix.damage.runs import CONTEXT, SAID, Run
from mojibake_fix.echo import spread
from mojibake_fix.encodings import LOST, SWALLOWED, Pattern
from mojibake_fix.lattice import CUT, IGNORED, REPLACEMENT, Channel, Edge, Glyph, Move
from mojibake_fix.marks import as_read, asked, at_end, in_western_text
from mojibake_fix.records import Loss


@dataclass(frozen=True, slots=True)
class Resolved:
    """The text of a run with its lost characters decided or marked, and the losses, in the source's positions."""

    text: str
    losses: tuple[Loss, ...]
    guessed: bool


def resolve(run: Run, channel: Channel, *, certainty: float, guess: bool, origin: int) -> Resolved:
    """Decide each character of a run that lost a byte: fill it in where context is certain, mark it where it is not.

    Args:
        run: The run, as the search found it.
        channel: What the search was made with.
        certainty: The margin, in nats, that fills a character in.
        guess: Whether to fill in all.
        origin: Position of the observed stretch in the source.
    """
    glyphs = run.glyphs
    chosen = [glyph.character for _, glyph in glyphs]
    losses: list[Loss] = []
    shown: dict[int, str] = {}
    guessed, mostly_lost = False, _MOSTLY * sum(glyph.lost for _, glyph in glyphs) > len(glyphs)
    for index, (move, glyph) in enumerate(glyphs):
        if not glyph.lost or glyph.pattern is None:
            continue
        beside_swallowed = _is_swallowed(glyphs[index + 1 : index + 2])
        ranked, margin = _ranked(
            run, glyph.pattern, move.edge, chosen, index, channel, beside_swallowed=beside_swallowed
        )
        chosen[index] = ranked[0]
        among_guesses = mostly_lost and move.edge.kind == IGNORED and len(move.edge.losable or ()) > _MANY
        needed = math.inf if among_guesses else certainty + _SWALLOWED * (SWALLOWED in glyph.pattern)
        certain = margin >= needed and ranked[0] != REPLACEMENT
        guessed = guessed or certain or guess
        start, end = origin + move.start, origin + move.end
        hidden = _hidden(run, move, chosen, index, channel, certainty) if glyph is move.glyphs[-1] else ()
        if not certain:
            shown[index] = ranked[0] if guess else REPLACEMENT
            cause = _cause(glyph.pattern) + (f"; {_PERHAPS_SWALLOWED}" if hidden else "")
            losses.append(Loss(start, end, cause, spelled(glyph.pattern), tuple(ranked[:_NAMED]), shown[index]))
        elif hidden:
            losses.append(Loss(start, end, _PERHAPS_SWALLOWED, candidates=hidden))
    text = "".join(shown.get(index, character) for index, character in enumerate(chosen))
    return Resolved(text, tuple(losses), guessed)


_MOSTLY, _MANY = 3, 16
"""Characters to one that lost a byte, and bytes that it may have been, where context is mostly a guess itself: of UTF-8 read as
Latin-1 without its controls, which takes one of 32 bytes from four characters in five, SAFE filled in 41 % wrongly; of CP1252,
which takes one of seven from one in five, 0.2 %."""

_NAMED = 5
"""Candidates that a loss names."""


def _ranked(
    run: Run,
    pattern: Pattern,
    edge: Edge,
    chosen: Sequence[str],
    index: int,
    channel: Channel,
    *,
    beside_swallowed: bool,
) -> tuple[list[str], float]:
    """Rank what the character at `index` can be, by what is chosen so far: best first, and the margin in nats."""
    said = _said(run, chosen, index)
    left = said[-CONTEXT:]
    candidates = _candidates(run, pattern, edge, channel) or chosen[index]
    if edge.spells is not None:
        candidates = "".join(filter(edge.spells, candidates)) or chosen[index]
    right, against = _to_the_right(run, chosen, index, channel, edge)
    favours = channel.favours(edge, candidates, left)
    for known in (against, asked(said), in_western_text(left, right)):
        favours |= {mark: favours.get(mark, 0.0) + nats for mark, nats in known.items()}
    right = as_read(left, right[:1]) + right[1:]
    ranked, margin = rank(left, candidates, right, channel, favours)
    if beside_swallowed:  # a guess beside it makes no character certain
        alone, margin = rank(left, candidates, "", channel, favours)
        margin = margin if alone[0] == ranked[0] else 0.0
    return ranked, margin


def _said(run: Run, chosen: Sequence[str], index: int) -> str:
    """The end of what stands before the character at `index`."""
    return (run.before + "".join(chosen[max(0, index - SAID) : index]))[-SAID:]


_PERHAPS_SWALLOWED = "a byte below 0x40 may have been swallowed behind it"


def _hidden(
    run: Run, move: Move, chosen: Sequence[str], index: int, channel: Channel, certainty: float
) -> tuple[str, ...]:
    """What a sign may have swallowed behind the character at `index`, best first; nothing where it is certain that it did not."""
    if move.edge.swallowing is None:
        return ()
    left = _said(run, chosen, index + 1)[-CONTEXT:]
    candidates = channel.readings((SWALLOWED,), move.edge)
    right, _ = _to_the_right(run, chosen, index, channel, move.edge)
    favours = channel.favours(move.edge, candidates, left)
    return missing(left, candidates, right, channel, favours, move.edge.swallowing, certainty)


def missing(
    left: str,
    candidates: str,
    right: str,
    channel: Channel,
    favours: Mapping[str, float],
    odds: float,
    certainty: float,
) -> tuple[str, ...]:
    """What may be missing between `left` and `right`, best first; nothing where it is certain that nothing is.

    Args:
        left: The text before the place.
        candidates: What a character there can have been.
        right: The text behind it.
        channel: What the search was made with.
        favours: Log-odds, in nats, for some of the candidates.
        odds: Log-odds, in nats, of damage that took one over damage that did not.
        certainty: The margin, in nats, by which nothing must be likelier.
    """
    scores = _scores(left, candidates, right, channel, favours)
    nothing = channel.model.log_probability(right, left)
    if np.logaddexp.reduce(scores) + odds - nothing < -certainty:
        return ()
    return tuple(candidates[place] for place in (-scores).argsort(kind="stable")[:_NAMED].tolist())


def _candidates(run: Run, pattern: Pattern, edge: Edge, channel: Channel) -> str:
    """What a character that lost a byte can be."""
    if edge.anywhere and pattern.count(LOST) == 1:
        known = [byte for byte in pattern if byte != LOST]
        patterns = [(*known[:at], LOST, *known[at:]) for at in range(len(pattern))]
        return "".join(dict.fromkeys("".join(channel.readings(one, edge) for one in patterns)))
    if edge.kind == CUT and run.ignores:  # the last byte went as others did
        edge = replace(edge, kind="")
    return channel.readings(pattern, edge)


# A tag ends a piece of text, and so does a closing mark as well as the full stop before it; the model, which has seen few
# quotations end a paragraph, gives the line end behind one this much less.
_CLOSING, _BEFORE_TAG = "”’」』", 2.5


# Nats more that an ASCII sign which was swallowed must be ahead: the model does not know how a text uses , and . and spaces. Of
# what SAFE fills in where a reader of GBK swallowed bytes of UTF-8, 98.8 % is right with it and 97.9 with 1; 3 is no better.
_SWALLOWED = 2.0


def _to_the_right(
    run: Run, chosen: Sequence[str], index: int, channel: Channel, edge: Edge
) -> tuple[str, dict[str, float]]:
    """What follows a character that lost a byte, as the model is to see it, and log-odds for the marks that it may be."""
    right = ("".join(chosen[index + 1 : index + 1 + CONTEXT]) + run.after)[:CONTEXT]
    against: dict[str, float] = dict.fromkeys(unopened("".join(chosen[:index])), NOT_OPENED) if channel.lasting else {}
    if right.startswith("<"):
        right, against = "\n", against | dict.fromkeys(_CLOSING, _BEFORE_TAG)
    elif edge.kind == CUT and not run.ignores:
        right = ""
    elif right.startswith(("\r", "\n")):
        right, against = "", {**against, **at_end(right)}
    return right, against


def _is_swallowed(glyphs: Sequence[tuple[Move, Glyph]]) -> bool:
    return any(glyph.pattern is not None and SWALLOWED in glyph.pattern for _, glyph in glyphs)


def rank(
    left: str, candidates: str, right: str, channel: Channel, favours: Mapping[str, float]
) -> tuple[list[str], float]:
    """Rank candidates for one place by their probability in context, and by what the rest of the text says.

    Returns:
        The candidates, best first, and the log-odds of the best against all others together, in nats.
    """
    scores = _scores(left, candidates, right, channel, favours)
    order = np.lexsort((np.array([*map(ord, candidates)]), -scores))
    others = float(np.exp(scores[order[1:]] - scores[order[0]]).sum())
    return [candidates[index] for index in order.tolist()], -math.log(others) if others > 0 else math.inf


def _scores(
    left: str, candidates: str, right: str, channel: Channel, favours: Mapping[str, float]
) -> NDArray[np.float64]:
    """Log-probability, in nats, of each candidate between `left` and `right` together with what follows it."""
    codes = np.frombuffer((left + as_read(left, candidates) + right).encode("utf-32-le", "surrogatepass"), np.uint32)
    first, behind = len(left), len(left) + len(candidates)
    rows = np.empty((len(candidates), first + 1 + len(right)), np.uint32)
    rows[:, :first], rows[:, first], rows[:, first + 1 :] = codes[:first], codes[first:behind], codes[behind:]
    steps = channel.model.score_codes(rows)[:, first:].astype(np.float64)
    steps[:, 0] = channel.echo.behind(left, candidates, steps[:, 0])
    if right:
        steps[:, 1] = channel.echo.ahead(candidates, right, steps[:, 1])
    return np.asarray(steps.sum(axis=1) + spread(favours, candidates), np.float64)


def spelled(pattern: Pattern) -> str:
    """Write a pattern as hexadecimal bytes, `??` for a lost one.

    >>> spelled((LOST, 0xA3))
    '??A3'
    """
    return "".join("??" if byte in (LOST, SWALLOWED) else f"{byte:02X}" for byte in pattern)


def _cause(pattern: Pattern) -> str:
    if SWALLOWED in pattern:
        return "a byte below 0x40 was swallowed by the orphaned byte before it"
    lost = (
        "both bytes" if all(byte == LOST for byte in pattern) else "lead byte" if pattern[0] == LOST else "trail byte"
    )
    return f"{lost} of the character lost"
