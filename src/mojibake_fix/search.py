"""The one search through the byte lattice: the way whose text and damage are most probable together.

Every way through the lattice is parsed as the encoding that the text was written in. The search is a beam over (bytes of an
unfinished character, last two characters): two ways that agree on these have the same future, so only the better one lives.
Time is linear in the length of the observed text, and no more than `Channel.effort` allows; the memory is bounded by the
states of a node. Nothing depends on hashes or on the order of edges: ties go to the text that sorts first.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.echo import spread
from mojibake_fix.encodings import LOST, SWALLOWED, Charset, Pattern
from mojibake_fix.lattice import CUT, REPLACEMENT, Channel, Edge, Glyph, Move, Way
from mojibake_fix.marks import as_read, at_end, at_start

STATES = 2
"""States kept at a node for each of the readings that a lost byte opens at most (`Channel.readings_followed`), which merge again
two characters on. 96 states and 24 readings brought back the same lines of every table, four times as slowly."""

UNKNOWN = -8.0
"""Log-probability, in nats, of such a character: what a hanzi costs on average where its context is lost too."""

BEFORE_SWALLOWED = 2
"""Readings of a character with a lost byte that are followed up where the byte behind the lost one was swallowed as well. With 6 of
them 0.05 to 0.22 points less of the table of lost bytes come back, and garbled text of that kind takes a tenth longer."""

LEAST_EFFORT = 500
"""Contexts in which any search may look for the readings of a lost byte: of 5,300 searches of damaged text none took 430."""

SLACK = 32.0
"""Nats below the best state of a node at which a state is dropped: a character the model has never seen costs at most 20."""

OPENING_SLACK = 8.0
"""Nats below the best state of a node at which no new run of damage starts: it has a prior to pay as well."""


class _State(NamedTuple):
    """A named tuple, because a search makes tens of thousands, and a frozen dataclass takes six times as long to make."""

    score: float
    pending: Pattern
    inside: bool
    history: str
    glyphs: tuple[Glyph, ...]
    edge: Edge | None
    start: int
    before: _State | None


_Key = tuple[Pattern, bool, str]


def search(
    edges: Sequence[Sequence[Edge]], channel: Channel, *, observed: str, before: str = "", after: str = ""
) -> Way | None:
    """Find the most probable way through a lattice.

    Args:
        edges: For each code point of `observed`, the edges that leave from before it.
        channel: The encoding that the text was written in, the model, and what else is known.
        observed: The text as it is seen.
        before: Text left of the stretch, for the model's context.
        after: Text right of the stretch, likewise; a line break where its line ends.

    Returns:
        The best way, or None where no way leads to the end, or so much is lost that finding one takes more than `channel.effort`.

    >>> from mojibake_fix.encodings import charset
    >>> from mojibake_fix.model import load
    >>> edges = [[Edge(1, (0xD6,), opening=True)], [Edge(1, (0xD0,))]]
    >>> search(edges, Channel(charset("cp936"), load()), observed="ÖÐ").text
    '中'
    """
    return _Search(edges, channel, observed).run(before, after)


class _Search:
    """One search: the lattice, and what has been looked up on the way."""

    __slots__ = ("_alike", "_channel", "_edges", "_observed", "_possible", "_ranked", "_steps")

    def __init__(self, edges: Sequence[Sequence[Edge]], channel: Channel, observed: str) -> None:
        self._edges = edges
        self._channel = channel
        self._observed = observed
        self._steps: dict[str, float] = {}
        self._ranked: dict[tuple[_Possible, str], list[tuple[str, float]]] = {}
        self._possible: dict[tuple[Pattern, Edge], _Possible] = {}
        self._alike: dict[tuple[object, ...], _Possible] = {}

    def run(self, before: str, after: str) -> Way | None:
        length = len(self._observed)
        most = LEAST_EFFORT + self._channel.effort * length
        nodes: list[dict[_Key, _State]] = [{} for _ in range(length + 1)]
        _keep(nodes[0], _State(0.0, (), False, before[-2:], (), None, 0, None))
        for position in range(length):
            states = self._pruned(nodes[position])
            outside, opening, inside = _sorted_out(self._edges[position])
            for state in states:
                may_open = state.score >= states[0].score - OPENING_SLACK
                for edge in inside if state.inside else opening if may_open else outside:
                    for successor in self._follow(state, edge, position):
                        _keep(nodes[position + edge.length], successor)
            nodes[position].clear()
            if len(self._ranked) > most:
                return None
        ends = [end for state in self._pruned(nodes[length]) for end in self._finished(state)]
        if not ends:
            return None
        scored = ((end.score + self._ending(end, after), end) for end in ends)
        score, best = max(scored, key=lambda one: (one[0], one[1].history))
        return Way(_moves(best, length), score)

    def _ending(self, state: _State, after: str) -> float:
        """Log-probability of what follows; of a line's end the model knows too little, but some marks are never there."""
        following = "" if after[:1] in ("\r", "\n") else after[:2]
        return self._said(at_end(after).get(state.history[-1:], 0.0), state.history, following)[0]

    def _finished(self, state: _State) -> Iterator[_State]:
        """A text that was cut inside a character has lost the rest of it."""
        channel = self._channel
        if not state.pending:
            yield state
        elif channel.cut is not None:
            missing = (LOST,) * channel.charset.missing(state.pending)
            yield from self._follow(state, Edge(0, missing, channel.cut, CUT), len(self._observed))

    def _pruned(self, states: dict[_Key, _State]) -> list[_State]:
        if len(states) < 2:
            return list(states.values())
        ranked = sorted(states.values(), key=lambda state: (-state.score, state.history, state.pending, state.inside))
        kept = ranked[: STATES * self._channel.readings_followed]
        return [state for state in kept if state.score >= ranked[0].score - SLACK]

    def _follow(self, state: _State, edge: Edge, position: int) -> Sequence[_State]:
        if edge.follows is not None and not edge.follows(state.history[-1:]):
            return ()
        if edge.behind and len(state.pending) not in edge.behind:
            return ()
        if edge.pattern is None:
            return () if state.pending else (self._copied(state, edge, position),)
        parsed = _parse(self._channel.charset, state.pending, edge.pattern)
        return self._fed(state, edge, position) if parsed is None else self._known(state, edge, position, parsed)

    def _fed(self, state: _State, edge: Edge, position: int) -> Sequence[_State]:
        """Follow an edge with a lost byte."""
        pattern, followed = edge.pattern or (), self._channel.readings_followed
        partial: list[_Partial] = [(state.score + edge.cost, state.pending, state.history, ())]
        complete: list[_Partial] = []
        for index, byte in enumerate(pattern):
            fed: list[_Partial] = []
            if byte == SWALLOWED:
                partial = _likeliest(partial, BEFORE_SWALLOWED)
            for score, pending, history, glyphs in partial:
                # What follows the lost byte is the same for all readings.
                parsed = _parse(self._channel.charset, pending, pattern[index:])
                if parsed is None:
                    fed += self._feed(score, (*pending, byte), history, glyphs, edge)
                elif parsed.possible:
                    score, history = self._said(score, history, parsed.text)
                    complete.append((score, parsed.pending, history, (*glyphs, *parsed.glyphs)))
            partial = _likeliest(fed, followed)
        partial = _likeliest(partial + complete, followed)
        lasting = self._channel.lasting and not edge.ending
        return [
            _State(score, pending, lasting or bool(pending), history, glyphs, edge, position, state)
            for score, pending, history, glyphs in partial
            if (edge.splits is None or edge.splits == bool(pending))
            and not (edge.ending and pending)
            and (edge.spells is None or (glyphs and edge.spells(glyphs[-1].character)))
        ]

    def _said(self, score: float, history: str, characters: str) -> tuple[float, str]:
        """The score with the characters added after `history`, and the history behind them."""
        steps = self._steps
        for character in characters:
            seen = history + character
            known = steps.get(seen)
            if known is None:
                known = steps[seen] = self._channel.model.step(history, character)
            score += known
            history = seen[-2:]
        return score, history

    def _known(self, state: _State, edge: Edge, position: int, parsed: _Parsed) -> Sequence[_State]:
        if not parsed.possible or (edge.spells and not (parsed.text and edge.spells(parsed.text[-1]))):
            return ()
        score, history = self._said(state.score + edge.cost, state.history, parsed.text)
        inside = self._channel.lasting or bool(parsed.pending)
        return (_State(score, parsed.pending, inside, history, parsed.glyphs, edge, position, state),)

    def _copied(self, state: _State, edge: Edge, position: int) -> _State:
        score, history = state.score + edge.cost, state.history
        glyphs: tuple[Glyph, ...] = ()
        if state.inside and self._observed[position] >= "\x80":
            score += self._channel.leave
            if state.edge is not None and state.edge.pattern is not None and state.edge.pattern[-1] == SWALLOWED:
                score += self._channel.leave_swallowed
        if not edge.kind:
            copied = self._observed[position : position + edge.length]
            score, history = self._said(score, history, copied)
            glyphs = _as_seen(copied)
        return _State(score, (), False, history, glyphs, edge, position, state)

    def _feed(
        self, score: float, pattern: Pattern, history: str, glyphs: tuple[Glyph, ...], edge: Edge
    ) -> Iterator[_Partial]:
        """Add one byte to an unfinished character: what it may now be, and the longer pattern if it may go on."""
        match = self._channel.charset.match(pattern)
        if match.continues:
            yield score, pattern, history, glyphs
        if not match.characters:
            return
        if match.characters == REPLACEMENT:
            yield score + UNKNOWN, (), (history + REPLACEMENT)[-2:], (*glyphs, Glyph(REPLACEMENT, pattern))
        elif LOST in pattern or SWALLOWED in pattern:
            for character, step in self._readings(pattern, history, edge):
                yield score + step, (), (history + character)[-2:], (*glyphs, Glyph(character, pattern))
        else:
            score, history = self._said(score, history, match.characters)
            yield score, (), history, (*glyphs, *(Glyph(character, pattern) for character in match.characters))

    def _readings(self, pattern: Pattern, history: str, edge: Edge) -> list[tuple[str, float]]:
        """The most probable readings of a pattern with a lost byte, after `history`, with their log-probabilities."""
        possible = self._possible.get((pattern, edge))
        if possible is None:
            # Edges that tell the same of a lost byte, the next one swallowed or not, have their readings in common.
            alike = (pattern, edge.losable, edge.kind == CUT, edge.spells, *edge.favours.items())
            possible = self._alike.get(alike) or _Possible.of(self._channel, pattern, edge)
            self._possible[pattern, edge] = self._alike[alike] = possible
        known = self._ranked.get((possible, history))
        if known is None:
            characters = possible.characters
            seen = as_read(history, characters) if SWALLOWED in pattern else possible.codes
            steps = self._channel.echo.behind(history, characters, self._channel.model.steps(history, seen))
            begins = at_start(history)
            steps = steps + (spread(begins, characters) + possible.favours if begins else possible.favours)
            order = (-steps).argsort(kind="stable")[: self._channel.readings_followed]
            known = self._ranked[possible, history] = [
                (characters[index], step) for index, step in zip(order.tolist(), steps[order].tolist(), strict=True)
            ]
        return known


@dataclass(frozen=True, slots=True, eq=False)
class _Possible:
    """What a pattern with a lost byte can be, whatever stands before it: characters, code points, and what is known of each."""

    characters: str
    codes: NDArray[np.uint32]
    favours: NDArray[np.float64]

    @classmethod
    def of(cls, channel: Channel, pattern: Pattern, edge: Edge) -> _Possible:
        """Look the characters up."""
        characters = channel.readings(pattern, edge)
        if edge.spells is not None:
            characters = _satisfying(characters, edge.spells)
        codes = np.frombuffer(characters.encode("utf-32-le", "surrogatepass"), np.uint32)
        return cls(characters, codes, spread(channel.favours_anywhere(edge, characters), characters))


@functools.lru_cache(maxsize=1024)
def _satisfying(characters: str, condition: Callable[[str], bool]) -> str:
    """Keep the characters that satisfy a condition: of UTF-8 read as Big5 the same 4,096 are asked in every line."""
    return "".join(filter(condition, characters))


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Known bytes read: the characters they complete, and what is left unfinished."""

    possible: bool
    glyphs: tuple[Glyph, ...] = ()
    pending: Pattern = ()
    text: str = ""


@functools.lru_cache(maxsize=16384)
def _parse(charset: Charset, pending: Pattern, pattern: Pattern) -> _Parsed | None:
    """What known bytes are, which does not depend on the text before them; None where one of them is lost."""
    if min(pending + pattern, default=0) < 0:
        return None
    glyphs: list[Glyph] = []
    for byte in pattern:
        pending = (*pending, byte)
        match = charset.match(pending)
        if match.characters and match.continues:
            return None
        if match.characters:
            glyphs += [Glyph(character, pending) for character in match.characters]
            pending = ()
        elif not match.continues:
            return _Parsed(possible=False)
    return _Parsed(True, tuple(glyphs), pending, "".join(glyph.character for glyph in glyphs))


@functools.lru_cache(maxsize=4096)
def _as_seen(copied: str) -> tuple[Glyph, ...]:
    return tuple(Glyph(character, None) for character in copied)


_Partial = tuple[float, Pattern, str, tuple[Glyph, ...]]


def _likeliest(partial: list[_Partial], number: int) -> list[_Partial]:
    if len(partial) <= number:
        return partial
    return sorted(partial, key=lambda fed: (-fed[0], fed[2]))[:number]


def _sorted_out(edges: Sequence[Edge]) -> tuple[list[Edge], list[Edge], list[Edge]]:
    """The edges that may leave from outside a run, from there where a new one may start, and from inside one."""
    copies = [edge for edge in edges if edge.pattern is None]
    return (
        copies,
        [edge for edge in edges if edge.pattern is None or edge.opening],
        [edge for edge in edges if not edge.opening],
    )


def _keep(states: dict[_Key, _State], state: _State) -> None:
    key = (state.pending, state.inside, state.history)
    rival = states.get(key)
    if rival is None or state.score > rival.score:
        states[key] = state


def _moves(state: _State, end: int) -> tuple[Move, ...]:
    moves: list[Move] = []
    current: _State | None = state
    while current is not None and current.edge is not None:
        moves.append(Move(current.edge, current.start, end, current.glyphs, current.inside))
        end, current = current.start, current.before
    return tuple(reversed(moves))
