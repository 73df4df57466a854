"""Garbled text whose accented letters were taken apart afterwards: è‹¹æžœ as macOS and archives store it in names of files.

Put together again (NFC) it is what readers showed, and mix-ups are looked for in that. What is not garbled keeps its form.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.damage import mixup
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.positions import Positions
from mojibake_fix.records import Plan, Policy, Step
from mojibake_fix.scan import suspects
from mojibake_fix.traits import profile

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_FIRST, _LAST = 0x0300, 0x0345
"""The marks that stand behind their letters."""

_TAKEN_APART = re.compile("[!-~\u00a1-\u02ff\u0370-\u22ff][\u0300-\u0345]+")


def inflict(text: str) -> str:
    """Take the accented letters of a text apart.

    >>> len(inflict("è‹¹æžœ"))
    8
    """
    return unicodedata.normalize("NFD", text)


def has_signs(codes: NDArray[np.uint32]) -> bool:
    """Tell whether a mark that stands behind its letter is among the code points of a text that tell.

    >>> has_signs(np.array([0x300], np.uint32)), has_signs(np.array([0xE0], np.uint32))
    (True, False)
    """
    return bool((codes - np.uint32(_FIRST) <= _LAST - _FIRST).any())  # what is less wraps around


def propose(text: str, policy: Policy, model: CharacterModel) -> Iterator[Proposal]:
    """Propose the mix-ups of a text whose letters were taken apart.

    Args:
        text: The whole text.
        policy: How lost bytes are treated.
        model: Scores the readings.
    """
    together = tuple(_put_together(text))
    if not together:
        return
    made = Positions.of(together)
    composed = Plan.of(text, [together]).apply(text)
    for one in mixup.propose(composed, suspects(profile(composed)), policy, model):
        first = bisect_right(made.ends, one.start)
        if one.steps and first < len(made.starts) and made.starts[first] < one.end:
            yield _of_source(one, text, made)


def _put_together(text: str) -> Iterator[Step]:
    for match in _TAKEN_APART.finditer(text):
        letter = unicodedata.normalize("NFC", match[0])
        if len(letter) < len(match[0]):
            yield Step("lookalike", *match.span(), match[0], letter, "", 0.0)


def _of_source(one: Proposal, text: str, made: Positions) -> Proposal:
    """Carry a proposal back to the text as it stands."""
    steps = []
    for step in one.steps:
        start, end = made.span(step.start, step.end)
        mechanism = f"{step.mechanism}, and taken apart (NFD)"
        steps.append(replace(step, start=start, end=end, before=text[start:end], mechanism=mechanism))
    return Proposal(*made.span(one.start, one.end), tuple(steps), one.log_odds, tuple(map(made.of_source, one.losses)))
