"""Runs of damage: what the best way through a lattice takes for garbled, and what stands around it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mojibake_fix.lattice import IGNORED, Channel, Glyph, Move, Way

CONTEXT = 2
"""Characters on either side that a trigram model sees."""

SAID = 60
"""Characters before a run that tell what kind of sentence it stands in; the model sees the last ones."""


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


def without(run: Run, observed: str, is_bad: Callable[[Sequence[Glyph]], bool]) -> Iterator[Run]:
    """Leave the parts of a run that read badly as they were seen.

    Args:
        run: A run in an encoding in which ASCII stands between characters.
        observed: The stretch that was searched.
        is_bad: Tells it of what a part between two ASCII characters reads.
    """
    parts: list[tuple[int, int, bool]] = []
    for is_ascii, some in groupby(range(len(run.moves)), key=lambda index: _is_ascii(run.moves[index])):
        indices = list(some)
        read = [glyph for index in indices for glyph in run.moves[index].glyphs]
        parts.append((indices[0], indices[-1] + 1, not is_ascii and is_bad(read)))
    if not any(bad for *_, bad in parts):
        yield run
        return
    for bad, group in groupby(parts, key=lambda part: part[2]):
        kept = list(group)
        moves = run.moves[kept[0][0] : kept[-1][1]]
        if not bad and not all(map(_is_ascii, moves)):
            start, end = moves[0].start, moves[-1].end
            before = run.before if start == run.start else observed[:start][-SAID:]
            yield Run(moves, before, observed[end : end + CONTEXT] if end < run.end else run.after)


def _is_ascii(move: Move) -> bool:
    return move.edge.pattern is not None and len(move.edge.pattern) == 1 and 0 <= move.edge.pattern[0] < 0x80


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
