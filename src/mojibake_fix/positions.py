"""Where a place of a text was before a stage of steps made that text: losses and damage are told in the source's positions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate

from mojibake_fix.records import Loss, Step


@dataclass(frozen=True, slots=True)
class Positions:
    """A stage, and where its steps stand in the text that it made; each place is carried back in the time of a search.

    Attributes:
        steps: The steps of the stage, in order.
        starts: Where what each step wrote begins in the text that the stage made.
        ends: Where it ends.

    >>> stage = (Step("gloss", 1, 5, "(yè)", "", "", 9.0), Step("mixup", 6, 8, "ÖÐ", "中", "", 9.0))
    >>> positions = Positions.of(stage)
    >>> positions.before(2, last=False), positions.before(3, last=True)
    (6, 8)
    """

    steps: tuple[Step, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, stage: tuple[Step, ...]) -> Positions:
        """Find where the steps of a stage stand in the text that it made."""
        shifts = accumulate((len(step.after) - len(step.before) for step in stage), initial=0)
        starts = tuple(step.start + shift for step, shift in zip(stage, shifts, strict=False))
        return cls(stage, starts, tuple(start + len(step.after) for step, start in zip(stage, starts, strict=True)))

    def before(self, position: int, *, last: bool) -> int:
        """Position in the text that the stage started from; inside a change the change's start, of the end of a span its end."""
        if last:
            stop, index = bisect_right(self.starts, position), bisect_left(self.ends, position)
            return self.steps[index].end if index < stop else position + self._shift(stop)
        stop = bisect_left(self.starts, position)
        inside = stop > 0 and position < self.ends[stop - 1]
        return self.steps[stop - 1].start if inside else position + self._shift(stop)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Span in the text that the stage started from; it holds the whole of every change that it overlaps."""
        stop = bisect_left(self.starts, end)
        first = bisect_right(self.ends, start, hi=stop)
        left, right = start + self._shift(first), end + self._shift(stop)
        if first < stop:
            left, right = min(left, self.steps[first].start), max(right, self.steps[stop - 1].end)
        return left, right

    def of_source(self, loss: Loss) -> Loss:
        """Carry the position of a loss back to the text that the stage started from."""
        return replace(loss, start=self.before(loss.start, last=False), end=self.before(loss.end, last=True))

    def wrote(self, start: int, end: int) -> bool:
        """Tell whether one step changed all of a span of the text that the stage started from."""
        index = bisect_right(self.steps, start, key=lambda step: step.start)
        return index > 0 and end <= self.steps[index - 1].end

    def _shift(self, index: int) -> int:
        """How much further on the text between changes stood, before the change at an index."""
        return self.steps[index - 1].end - self.ends[index - 1] if index else 0
