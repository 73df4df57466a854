"""The byte lattice and the search through it.

Repair is decoding a noisy channel: of all texts that the damage could have turned into what we see, find the one that
is most probable as Chinese. What we see is read back into bytes. Where the damage left a choice (a lost byte, a
full-width mark that was folded, a reading that was inserted) the bytes form a lattice: a graph whose nodes lie between
the code points of the observed text, and whose edges carry byte patterns. `search` parses every way through the lattice
as the encoding that the text was written in, and returns the way whose text and damage are most probable together.

The search is a beam over (bytes of an unfinished character, last two characters): two ways that agree on these have the
same future, so only the better one lives. Time is linear in the length of the observed text; the memory is bounded by
`BEAM` states a node. Nothing depends on hashes or on the order of edges: ties go to the text that sorts first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from mojibake_fix.encodings import LOST, SWALLOWED, Charset, Pattern

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

BEAM = 256
"""States kept at a node. A lost lead or trail byte opens at most 190 readings, which merge again two characters on."""

REPLACEMENT = "\ufffd"
"""Stands in a recovered text for a character of which every byte is lost."""

UNKNOWN = -8.0
"""Log-probability, in nats, of such a character: what a hanzi costs on average where its context is lost too."""

CANDIDATES = 64
"""Readings of a character with a lost byte that are followed up, the most probable after what stands before it."""

SLACK = 32.0
"""Nats below the best state of a node at which a state is dropped: a character the model has never seen costs at most 20."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One way to account for the next `length` code points of the observed text.

    Attributes:
        length: Code points of the observed text, at least 1.
        pattern: The bytes it stands for. None copies the observed code points as they are, which is possible only
            between two characters.
        cost: Log-probability of this piece of damage, in nats, at most 0.
        kind: Which damage this is; empty for what is read as it stands.
        opening: True for an edge that starts a run of damage: it leaves from between two characters only. An edge with
            a pattern that is not opening leaves from inside a character only.
        follows: Where given, the character before the edge must satisfy it.
        favours: Log-odds, in nats, that the mechanism adds for what a lost byte was part of.
        spells: Where given, the edge must complete a character, which must satisfy it.
    """

    length: int
    pattern: Pattern | None = None
    cost: float = 0.0
    kind: str = ""
    opening: bool = False
    follows: Callable[[str], bool] | None = None
    spells: Callable[[str], bool] | None = None
    favours: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character of the recovered text, with the bytes that spell it; `pattern` is None where it was copied."""

    character: str
    pattern: Pattern | None

    @property
    def lost(self) -> bool:
        """Tell whether a byte of the character is lost, so that context chose it."""
        return self.pattern is not None and (LOST in self.pattern or SWALLOWED in self.pattern)


@dataclass(frozen=True, slots=True)
class Move:
    """An edge that the best way takes: `observed[start:end]` gave these characters."""

    edge: Edge
    start: int
    end: int
    glyphs: tuple[Glyph, ...]
    inside: bool
    """Whether the run of damage goes on after the move."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way through the lattice: its moves in order, and its log-probability (text and damage) in nats."""

    moves: tuple[Move, ...]
    score: float

    @property
    def text(self) -> str:
        """The text along the way."""
        return "".join(glyph.character for move in self.moves for glyph in move.glyphs)


@dataclass(frozen=True, slots=True)
class Channel:
    """What is the same for a whole search: how the text was written, and what is known of it besides its bytes.

    Attributes:
        charset: The encoding that the text was written in.
        model: Scores the text.
        lasting: Whether a run of damage goes on after a character is complete, until an edge copies again (mix-ups), or
            ends with the first byte that is back in phase (slips).
        habit: Log-odds, in nats, to add for characters that the text as a whole favours or avoids.
        cut: Log-probability, in nats, of a text that ends inside its last character. None forbids it.
    """

    charset: Charset
    model: CharacterModel
    lasting: bool = False
    habit: Mapping[str, float] = field(default_factory=dict)
    cut: float | None = None


@dataclass(frozen=True, slots=True)
class _State:
    score: float
    pending: Pattern
    inside: bool
    history: str
    glyphs: tuple[Glyph, ...]
    edge: Edge | None
    start: int
    before: _State | None


_Key = tuple[Pattern, bool, str]


def search(edges: Sequence[Sequence[Edge]], channel: Channel, *, observed: str, before: str = "") -> Way | None:
    """Find the most probable way through a lattice.

    Args:
        edges: For each code point of `observed`, the edges that leave from before it.
        channel: The encoding that the text was written in, the model, and what else is known.
        observed: The text as it is seen.
        before: Text left of the stretch, for the model's context.

    Returns:
        The best way, or None where no way leads to the end.

    >>> from mojibake_fix.encodings import charset
    >>> from mojibake_fix.model import load
    >>> edges = [[Edge(1, (0xD6,), opening=True)], [Edge(1, (0xD0,))]]
    >>> search(edges, Channel(charset("cp936"), load()), observed="ÖÐ").text
    '中'
    """
    length = len(observed)
    nodes: list[dict[_Key, _State]] = [{} for _ in range(length + 1)]
    _keep(nodes[0], _State(0.0, (), False, before[-2:], (), None, 0, None))
    for position in range(length):
        for state in _pruned(nodes[position]):
            for edge in edges[position]:
                for successor in _follow(state, edge, position, observed, channel):
                    _keep(nodes[position + edge.length], successor)
        nodes[position].clear()
    ends = [end for state in _pruned(nodes[length]) for end in _finished(state, length, channel)]
    if not ends:
        return None
    best = max(ends, key=lambda state: (state.score, state.history))
    return Way(_moves(best, length), best.score)


def _finished(state: _State, length: int, channel: Channel) -> Iterator[_State]:
    """A text that was cut inside a character has lost the rest of it."""
    if not state.pending:
        yield state
    elif channel.cut is not None:
        edge = Edge(0, (LOST,) * (channel.charset.missing(state.pending)), channel.cut, "cut")
        yield from _follow(state, edge, length, "", channel)


def _pruned(states: dict[_Key, _State]) -> list[_State]:
    if len(states) < 2:
        return list(states.values())
    ranked = sorted(states.values(), key=lambda state: (-state.score, state.history, state.pending, state.inside))
    return [state for state in ranked[:BEAM] if state.score >= ranked[0].score - SLACK]


def _keep(states: dict[_Key, _State], state: _State) -> None:
    key = (state.pending, state.inside, state.history)
    rival = states.get(key)
    if rival is None or state.score > rival.score:
        states[key] = state


def _follow(state: _State, edge: Edge, position: int, observed: str, channel: Channel) -> Iterator[_State]:
    if edge.follows is not None and not edge.follows(state.history[-1:]):
        return
    if edge.pattern is None:
        if not state.pending:
            yield _copied(state, edge, position, observed, channel.model)
        return
    if edge.opening == state.inside:
        return
    favoured = {**channel.habit, **edge.favours} if edge.favours else channel.habit
    partial: list[_Partial] = [(state.score + edge.cost, state.pending, state.history, ())]
    for byte in edge.pattern:
        partial = [
            fed
            for score, pending, history, glyphs in partial
            for fed in _feed(score, (*pending, byte), history, glyphs, channel, favoured)
        ]
        if len(partial) > BEAM:
            partial = sorted(partial, key=lambda fed: (-fed[0], fed[2]))[:BEAM]
    for score, pending, history, glyphs in partial:
        if edge.spells is not None and not (glyphs and edge.spells(glyphs[-1].character)):
            continue
        yield _State(score, pending, channel.lasting or bool(pending), history, glyphs, edge, position, state)


def _copied(state: _State, edge: Edge, position: int, observed: str, model: CharacterModel) -> _State:
    score, history = state.score + edge.cost, state.history
    glyphs: tuple[Glyph, ...] = ()
    if not edge.kind:
        for character in observed[position : position + edge.length]:
            score += model.step(history, character)
            history = (history + character)[-2:]
            glyphs = (*glyphs, Glyph(character, None))
    return _State(score, (), False, history, glyphs, edge, position, state)


_Partial = tuple[float, Pattern, str, tuple[Glyph, ...]]


def _feed(
    score: float,
    pattern: Pattern,
    history: str,
    glyphs: tuple[Glyph, ...],
    channel: Channel,
    favoured: Mapping[str, float],
) -> list[_Partial]:
    """Add one byte to an unfinished character: the characters that it may now be, and the longer pattern if it may go on."""
    match, model = channel.charset.match(pattern), channel.model
    fed: list[_Partial] = []
    if LOST not in pattern and SWALLOWED not in pattern and match.characters:
        for character in match.characters:
            score += model.step(history, character)
            history = (history + character)[-2:]
            glyphs = (*glyphs, Glyph(character, pattern))
        fed.append((score, (), history, glyphs))
    elif match.characters == REPLACEMENT:
        fed.append((score + UNKNOWN, (), (history + REPLACEMENT)[-2:], (*glyphs, Glyph(REPLACEMENT, pattern))))
    elif match.characters:
        steps = model.steps(history, match.characters)
        if favoured:
            steps = steps + np.array([favoured.get(character, 0.0) for character in match.characters], np.float32)
        ranked = np.argsort(-steps, kind="stable")[:CANDIDATES]
        fed += [
            (
                score + float(steps[index]),
                (),
                (history + match.characters[index])[-2:],
                (*glyphs, Glyph(match.characters[index], pattern)),
            )
            for index in ranked
        ]
    if match.continues:
        fed.append((score, pattern, history, glyphs))
    return fed


def _moves(state: _State, end: int) -> tuple[Move, ...]:
    moves: list[Move] = []
    current: _State | None = state
    while current is not None and current.edge is not None:
        moves.append(Move(current.edge, current.start, end, current.glyphs, current.inside))
        end, current = current.start, current.before
    return tuple(reversed(moves))
