r"""Escapes of garbled text: `\u00e4\u00b8\u00ad` spells ä¸­, which is 中 of UTF-8 read as Latin-1.

What they spell reads as nothing, but what a mix-up would make of it does. The escapes come off in one stage of the plan, and the
mix-up in the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mojibake_fix.damage import mixup
from mojibake_fix.damage.escape_forms import CJK, Escaped, spelt
from mojibake_fix.damage.escape_places import Line
from mojibake_fix.records import Policy
from mojibake_fix.scan import suspects
from mojibake_fix.traits import profile

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_FEWEST = 4
"""Code points outside ASCII in a line: two hanzi of GBK."""
_LONGEST = 4000
"""Code points of a line that are looked at; bounds the time."""


def read(
    text: str, line: Line, runs: Sequence[tuple[int, int]], policy: Policy, model: CharacterModel
) -> tuple[list[Escaped], float]:
    """Read the escapes of a line that spell garbled text, with the evidence of the mix-up in nats; none where they spell none."""
    nothing: tuple[list[Escaped], float] = [], 0.0
    if not runs or line.end - line.start > _LONGEST:
        return nothing
    found = [Escaped(*run, line.kind, "utf-8", spelt(text[slice(*run)], line.kind)) for run in runs]
    spell = "".join(one.read for one in found)
    if "\ufffd" in spell or sum(character >= "\x80" for character in spell) < _FEWEST:
        return nothing
    pieces, places, position = "", [], line.start
    for one in found:
        pieces += text[position : one.start]
        places.append((len(pieces), len(pieces) + len(one.read)))
        pieces += one.read
        position = one.end
    shown = pieces + text[position : line.end]
    undone = [one for one in mixup.propose(shown, suspects(profile(shown)), policy, model) if one.steps]
    undone = [one for one in undone if CJK.search(one.steps[0].after) and one.log_odds >= policy.margin]
    foreign = [place for place, one in zip(places, found, strict=True) if not one.read.isascii()]
    if not all(any(start < one.end and one.start < end for one in undone) for start, end in foreign):
        return nothing
    return found, round(sum(one.log_odds for one in undone), 3)
