"""The page as it was written: original script and punctuation given back, under a policy that asks for it.

Glosses and slips come from generators that turned Simplified pages into Traditional ones (docs/decisions/0005): a text
that had them was Simplified, with full-width punctuation. Without them, fingerprints of a one-to-one table say that
single characters were converted badly, and those are mended in the script that the text is in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mojibake_fix.convert import convert
from mojibake_fix.damage import conversion, punctuation
from mojibake_fix.records import Step
from mojibake_fix.script import identify

ARTEFACTS = frozenset({"gloss", "slip"})
"""Families that only the generators of converted pages produce."""

_HAN = re.compile("[㐀-鿿]")


def stages(text: str, undone: Iterable[Step]) -> Iterator[tuple[Step, ...]]:
    """Yield the stages that give a text back its script and punctuation; none where nothing says that it lost them.

    Args:
        text: The text with its damage undone.
        undone: The steps that undid it.

    >>> gloss = Step("gloss", 1, 5, "(yè)", "", "reading inserted", 9.0)
    >>> [step.after for stage in stages("企業發展,对于", [gloss]) for step in stage]
    ['业发', '，']
    >>> list(stages("企業發展,對於", []))
    []
    """
    if not _HAN.search(text):
        return
    log_odds = max((step.log_odds for step in undone if step.family in ARTEFACTS), default=None)
    script = identify(text).script
    found: list[tuple[Step, ...]] = []
    if log_odds is not None:
        simplified = convert(text, "zh-Hans", source="hant") if script in ("traditional", "mixed") else text
        if len(simplified) == len(text):
            found.append(tuple(_changes(text, simplified, log_odds)))
            text = simplified
        found.append(tuple(step for proposal in punctuation.propose(text) for step in proposal.steps))
    elif script == "traditional":
        found.append(tuple(step for proposal in conversion.propose(text) for step in proposal.steps))
    yield from (stage for stage in found if stage)


def _changes(before: str, after: str, log_odds: float) -> Iterator[Step]:
    """The steps from one text to another of the same length, a run of changed characters each."""
    start = None
    for place in range(len(before) + 1):
        changed = place < len(before) and before[place] != after[place]
        if changed and start is None:
            start = place
        elif not changed and start is not None:
            mechanism = "a Simplified page was converted to Traditional"
            yield Step("conversion", start, place, before[start:place], after[start:place], mechanism, log_odds)
            start = None
