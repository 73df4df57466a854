r"""Halves of characters: `"\ud83d\ude0b"` as two code points is 😋 in UTF-16, whose units a program took for characters.

No text has both halves side by side, and none with them can be written as UTF-8, so that joining them is certain. A half alone
stays: nothing tells what the other one was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.records import Step

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_CERTAIN = 40.0
"""Nats for what cannot be otherwise."""


def inflict(text: str) -> str:
    r"""Take the units of UTF-16 for characters.

    >>> inflict("好😋") == "好\ud83d\ude0b"
    True
    """
    units = text.encode("utf-16-le", "surrogatepass")
    return "".join(units[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(units), 2))


def has_signs(codes: NDArray[np.uint32]) -> bool:
    """Tell whether a first half is among the code points of a text that tell.

    >>> has_signs(np.array([0xD83D, 0xDE0B], np.uint32)), has_signs(np.array([0x1F60B], np.uint32))
    (True, False)
    """
    return bool((codes >> 10 == 0xD800 >> 10).any())


def propose(text: str) -> Iterator[Proposal]:
    r"""Propose to join the halves of each character.

    >>> [one.steps[0].after for one in propose("好\ud83d\ude0b")]
    ['😋']
    """
    for pair in _PAIR.finditer(text):
        read = pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")
        step = Step(
            "escape", *pair.span(), pair[0], read, "UTF-16 read unit by unit, as two halves of a character", _CERTAIN
        )
        yield Proposal(*pair.span(), (step,), _CERTAIN)
