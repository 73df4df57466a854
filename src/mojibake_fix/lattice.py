"""The byte lattice: what the observed text may have been, in bytes.

Repair is decoding a noisy channel: of all texts that the damage could have turned into what we see, find the one that
is most probable as Chinese. What we see is read back into bytes. Where the damage left a choice (a lost byte, a
full-width mark that was folded, a reading that was inserted) the bytes form a lattice: a graph whose nodes lie between
the code points of the observed text, and whose edges carry byte patterns. A way through it is one account of what happened;
`search` finds the best.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mojibake_fix.echo import Echo
from mojibake_fix.encodings import LOST, SWALLOWED, Charset, Pattern
from mojibake_fix.marks import JOINED, USUAL, at_start

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

CUT, IGNORED = "cut", "ignored"
"""The kinds of an edge that ends a text inside a character, and of one with bytes that vanished without a sign."""

REPLACEMENT = "\ufffd"
"""Stands in a recovered text for a character of which every byte is lost."""


@dataclass(frozen=True, slots=True, eq=False)
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
        ending: True for an edge that ends a run of damage, and a character: what follows is copied.
        follows: Where given, the character before the edge must satisfy it.
        favours: Log-odds, in nats, that the mechanism adds for what a lost byte was part of.
        losable: Bytes that the lost ones can have been; where None, `Channel.losable` says it.
        behind: How many bytes of an unfinished character may stand before the edge; empty where any number may.
        anywhere: Whether the one that vanished may have stood anywhere among the bytes of its character.
        spells: Where given, the edge must complete a character, which must satisfy it.
        splits: Where given, whether the edge must end inside a character.
        swallowing: Where the sign of a lost byte may have swallowed the next one as well, the log-odds of that, in nats, over
            what the edge says.
    """

    length: int
    pattern: Pattern | None = None
    cost: float = 0.0
    kind: str = ""
    opening: bool = False
    ending: bool = False
    follows: Callable[[str], bool] | None = None
    spells: Callable[[str], bool] | None = None
    splits: bool | None = None
    favours: Mapping[str, float] = field(default_factory=dict)
    losable: frozenset[int] | None = None
    behind: tuple[int, ...] = ()
    anywhere: bool = False
    swallowing: float | None = None


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

    @property
    def damaged(self) -> bool:
        """Tell whether the way takes any part of the text for damaged."""
        return any(move.edge.pattern is not None for move in self.moves)

    @property
    def known(self) -> str:
        """The text along the way, with U+FFFD for what lost a byte."""
        return "".join(REPLACEMENT if glyph.lost else glyph.character for move in self.moves for glyph in move.glyphs)


@dataclass(frozen=True, slots=True)
class Channel:
    """What is the same for a whole search: how the text was written, and what is known of it besides its bytes.

    Attributes:
        charset: The encoding that the text was written in.
        model: Scores the text.
        lasting: Whether a run of damage goes on after a character is complete, until an edge copies again (mix-ups), or
            ends with the first byte that is back in phase (slips).
        habit: Log-odds, in nats, to add for characters that the text as a whole favours or avoids.
        leave: Log-probability, in nats, that a run ends before a character that is not ASCII.
        leave_swallowed: The same, besides, where the run would end with a byte that was swallowed.
        cut: Log-probability, in nats, of a text that ends inside its last character. None forbids it.
        losable: Bytes that can have been lost: a reader shows a sign only for what it cannot read. Empty for any.
        echo: What the rest of the text says of characters that lost a byte.
        effort: Contexts, for each code point, in which a search may look for the readings of a lost byte. Of ten mix-ups that lose
            many bytes 20 bring back what 1,000 do, but for UTF-8 read in EUC-JP, of which no more than a fifth comes back.
        readings_followed: Readings of a character with a lost byte that are followed up, the most probable after what stands before
            it. The one that is finally chosen is ranked among all, with what follows.
    """

    charset: Charset
    model: CharacterModel
    lasting: bool = False
    habit: Mapping[str, float] = field(default_factory=dict)
    leave: float = 0.0
    leave_swallowed: float = 0.0
    cut: float | None = None
    losable: frozenset[int] = frozenset()
    echo: Echo = field(default_factory=lambda: Echo(""))
    effort: int = 20
    readings_followed: int = 16

    @property
    def _usual(self) -> Mapping[str, float]:
        """A double-byte character set has few signs beside those that Chinese uses; UTF-8 has them all."""
        return USUAL if self.charset.name == "utf-8" else {}

    def readings(self, pattern: Pattern, edge: Edge) -> str:
        """Return the characters that a pattern with lost bytes, completed by an edge, can be."""
        characters = self.charset.match(pattern).characters
        # What was cut off no reader has seen; and two bytes may be no character together where each is one alone.
        losable = self.losable if edge.losable is None else edge.losable
        if not losable or edge.kind == CUT or (edge.losable is None and pattern.count(LOST) != 1):
            return characters
        lost = tuple(index for index, byte in enumerate(pattern) if byte == LOST)
        return _with_bytes(self.charset, characters, lost, losable)

    def favours(self, edge: Edge, characters: str, before: str) -> dict[str, float]:
        """Return the log-odds, in nats, for characters that lost a byte on an edge, besides what the model gives them."""
        return _summed((self.habit, edge.favours, JOINED, self._usual, at_start(before)), characters)

    def favours_anywhere(self, edge: Edge, characters: str) -> dict[str, float]:
        """`favours`, but for what depends on where the character stands (`marks.at_start`)."""
        return _summed((self.habit, edge.favours, JOINED, self._usual), characters)


def _summed(all_odds: Iterable[Mapping[str, float]], characters: str) -> dict[str, float]:
    """What some log-odds together say of each of some characters."""
    found: dict[str, float] = {}
    for odds in all_odds:
        for character in odds if len(odds) < len(characters) else dict.fromkeys(characters):
            if character in odds and character in characters:
                found[character] = found.get(character, 0.0) + odds[character]
    return found


@functools.lru_cache(maxsize=4096)
def _with_bytes(charset: Charset, characters: str, places: tuple[int, ...], losable: frozenset[int]) -> str:
    """Keep the characters whose bytes at some places are among `losable`."""
    return "".join(
        character
        for character in characters
        if not (spelled := charset.spell(character))
        or all(losable.issuperset(spelled[0][at : at + 1]) for at in places)
    )
