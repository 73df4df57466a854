"""What a family of damage proposes, and how a way through the lattice becomes steps and losses."""

from __future__ import annotations

import math
import os.path
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mojibake_fix.damage.habit import NOT_OPENED, unopened
from mojibake_fix.echo import spread
from mojibake_fix.encodings import LOST, SWALLOWED, Pattern
from mojibake_fix.lattice import CUT, IGNORED, REPLACEMENT, Channel, Edge, Glyph, Move, Way
from mojibake_fix.marks import as_read, asked, at_end, in_western_text
from mojibake_fix.records import Loss, Policy, Step

CONTEXT = 2
"""Characters on either side that a trigram model sees."""

SAID = 60
"""Characters before a run that tell what kind of sentence it stands in; the model sees the last ones."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An explanation of `text[start:end]`: the steps that undo it, what stays lost, and the evidence for it in nats."""

    start: int
    end: int
    steps: tuple[Step, ...]
    log_odds: float
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """The best way through `text[start:end]`, and the channel that it was found with."""

    start: int
    end: int
    way: Way
    channel: Channel

    @property
    def read(self) -> tuple[int, int, str]:
        """The stretch, and what is certain of what it reads."""
        return self.start, self.end, self.way.known


@dataclass(frozen=True, slots=True)
class Run:
    """The moves of one run of damage: from between two characters to the next place between two characters."""

    moves: tuple[Move, ...]
    before: str
    after: str

    @property
    def start(self) -> int:
        """First code point of the run in the observed stretch."""
        return self.moves[0].start

    @property
    def end(self) -> int:
        """Code point after the run."""
        return self.moves[-1].end

    @property
    def glyphs(self) -> tuple[tuple[Move, Glyph], ...]:
        """The recovered characters, each with the move that completed it."""
        return tuple((move, glyph) for move in self.moves for glyph in move.glyphs)

    @property
    def text(self) -> str:
        """The recovered characters, those that context chose as well."""
        return "".join(glyph.character for _, glyph in self.glyphs)

    @property
    def ignores(self) -> bool:
        """Tell whether bytes vanished from the run without a sign."""
        return any(move.edge.kind == IGNORED for move in self.moves)

    @property
    def cost(self) -> float:
        """Log-probability of the damage, in nats."""
        return sum(move.edge.cost for move in self.moves)


def runs(way: Way, before: str = "", after: str = "") -> Iterator[Run]:
    """Cut a way into its runs of damage; what was copied lies between them and gives each its context.

    Args:
        way: What the search found.
        before: What stands before the stretch.
        after: What follows it.
    """
    texts = [*("".join(glyph.character for glyph in move.glyphs) for move in way.moves), after]
    first = 0

    def run(end: int) -> Run:
        left = (before + "".join(texts[:first]))[-SAID:]
        return Run(way.moves[first:end], left, _following(texts, end))

    for index, move in enumerate(way.moves):
        if move.edge.pattern is None and not move.edge.kind:
            if first < index:
                yield run(index)
            first = index + 1
        elif not move.inside:
            yield run(index + 1)
            first = index + 1
    if first < len(way.moves):
        yield run(len(way.moves))


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return what is said before `text[start:end]`, and what the model sees of the text behind it.

    >>> around("正中文字", 1, 2), around("中文", 0, 2)
    (('正', '文字'), ('', '\\n'))
    """
    return text[max(0, start - SAID) : start], following(text, end)


def following(text: str, position: int) -> str:
    """Return what the model sees of a text from a position on; a text ends as a line does.

    >>> following("中文。", 1), following("中文。", 3)
    ('文。', '\\n')
    """
    return text[position : position + CONTEXT] or "\n"


def _following(texts: Sequence[str], index: int) -> str:
    following = ""
    while index < len(texts) and len(following) < CONTEXT:
        following += texts[index]
        index += 1
    return following[:CONTEXT]


@dataclass(frozen=True, slots=True)
class Resolved:
    """The text of a run with its lost characters decided or marked, and the losses, in the source's positions."""

    text: str
    losses: tuple[Loss, ...]
    guessed: bool


def propose(
    family: str,
    run: Run,
    observed: str,
    origin: int,
    channel: Channel,
    policy: Policy,
    mechanism: str,
    certainty: float,
    strange: float = 0.0,
) -> Iterator[Proposal]:
    """Make the proposal of one run: its step, its losses, and the evidence for it; nothing where it changes nothing.

    Args:
        family: The family of damage.
        run: The run, as the search found it.
        observed: The stretch that was searched.
        origin: Position of the stretch in the source.
        channel: What the search was made with.
        policy: How lost bytes are treated.
        mechanism: How the damage was done, in words and bytes.
        certainty: The margin, in nats, at which a lost byte is filled in.
        strange: Evidence against what is seen, in nats, that the model does not know of.
    """
    resolved = resolve(run, channel, certainty=certainty, guess=policy.guess, origin=origin)
    best = run.text
    seen = observed[run.start : run.end]
    gained = channel.model.log_probability(best + run.after, run.before) + _favoured(run, channel)
    log_odds = run.cost + strange + gained - channel.model.log_probability(seen + run.after, run.before)
    start, end = origin + run.start, origin + run.end
    if REPLACEMENT in resolved.text and all(one == REPLACEMENT or one.isascii() for one in resolved.text):
        yield Proposal(start, end, (), log_odds, resolved.losses)  # nothing of it is certain, so that it stays as it is
    elif seen != resolved.text:
        step = Step(family, start, end, seen, resolved.text, mechanism, round(log_odds, 3), resolved.guessed)
        yield Proposal(start, end, (trimmed(step),), log_odds, resolved.losses)


def _favoured(run: Run, channel: Channel) -> float:
    """What is known of the lost characters of a run besides what the model says of them, in nats."""
    favoured, before = 0.0, run.before
    for move, glyph in run.glyphs:
        if glyph.lost:
            favoured += channel.favours(move.edge, glyph.character, before).get(glyph.character, 0.0)
        before = (before + glyph.character)[-CONTEXT:]
    return favoured


def trimmed(step: Step) -> Step:
    """Return the step without what it leaves as it is at either end.

    >>> trimmed(Step("mixup", 4, 9, "// ÖÐ", "// 中", "", 0.0))
    Step(family='mixup', start=7, end=9, before='ÖÐ', after='中', mechanism='', log_odds=0.0, guessed=False)
    """
    before, after = step.before, step.after
    left = len(os.path.commonprefix((before, after)))
    right = len(os.path.commonprefix((before[left:][::-1], after[left:][::-1])))
    return replace(
        step,
        start=step.start + left,
        end=step.end - right,
        before=before[left : len(before) - right],
        after=after[left : len(after) - right],
    )


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
