"""Characters that lost a byte: filled in where context is certain of them, marked where it is not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mojibake_fix.damage.habit import NOT_OPENED, unopened
from mojibake_fix.damage.runs import CONTEXT, SAID, Run
from mojibake_fix.echo import spread
from mojibake_fix.encodings import LOST, SWALLOWED, Pattern
from mojibake_fix.lattice import CUT, REPLACEMENT, Channel, Edge, Glyph, Move
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
    guessed = False
    for index, (move, glyph) in enumerate(glyphs):
        if not glyph.lost or glyph.pattern is None:
            continue
        said = run.before + "".join(chosen[:index])
        left = said[-CONTEXT:]
        candidates = _candidates(run, glyph.pattern, move.edge, channel) or glyph.character
        if move.edge.spells is not None:
            candidates = "".join(filter(move.edge.spells, candidates)) or glyph.character
        right, against = _to_the_right(run, chosen, index, channel, move.edge)
        favours = channel.favours(move.edge, candidates, left)
        for known in (against, asked(said[-SAID:]), in_western_text(left, right)):
            favours |= {mark: favours.get(mark, 0.0) + nats for mark, nats in known.items()}
        right = as_read(left, right[:1]) + right[1:]
        ranked, margin = rank(left, candidates, right, channel, favours)
        best = ranked[0]
        chosen[index] = best
        if _is_swallowed(glyphs[index + 1 : index + 2]):  # a guess beside it makes no character certain
            alone, margin = rank(left, candidates, "", channel, favours)
            margin = margin if alone[0] == best else 0.0
        certain = margin >= certainty + _SWALLOWED * (SWALLOWED in glyph.pattern) and best != REPLACEMENT
        guessed = guessed or certain or guess
        if not certain:
            shown[index] = best if guess else REPLACEMENT
            start, end = origin + move.start, origin + move.end
            losses.append(
                Loss(start, end, _cause(glyph.pattern), spelled(glyph.pattern), tuple(ranked[:5]), shown[index])
            )
    text = "".join(shown.get(index, character) for index, character in enumerate(chosen))
    return Resolved(text, tuple(losses), guessed)


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
    right = ("".join(chosen[index + 1 :]) + run.after)[:CONTEXT]
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
    codes = np.frombuffer((left + as_read(left, candidates) + right).encode("utf-32-le", "surrogatepass"), np.uint32)
    first, behind = len(left), len(left) + len(candidates)
    rows = np.empty((len(candidates), first + 1 + len(right)), np.uint32)
    rows[:, :first], rows[:, first], rows[:, first + 1 :] = codes[:first], codes[first:behind], codes[behind:]
    steps = channel.model.score_codes(rows)[:, first:].astype(np.float64)
    steps[:, 0] = channel.echo.behind(left, candidates, steps[:, 0])
    if right:
        steps[:, 1] = channel.echo.ahead(candidates, right, steps[:, 1])
    scores = steps.sum(axis=1) + spread(favours, candidates)
    order = np.lexsort((list(map(ord, candidates)), -scores))
    others = float(np.exp(scores[order[1:]] - scores[order[0]]).sum())
    return [candidates[index] for index in order.tolist()], -math.log(others) if others > 0 else math.inf


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
