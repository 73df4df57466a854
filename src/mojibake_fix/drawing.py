"""Frames and shades that people draw: ┌─┬─┐, ╔══╗, ░▒▓█.

Code pages of DOS and KOI8-R show a third of all high bytes as box drawing, so that frames are odd code points as well. But what is
drawn fits together: where one sign has an arm to the right, the next one has the same arm to the left, while of signs that garbled
text is shown as two in three do not.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable, Iterator

_FEWEST = 3
"""Signs in a row that are a drawing."""

_SHADES = "░▒▓█"
"""The shades, of which each is followed by itself or by one beside it."""

_BLOCKS = "▀▄█▌▐"
"""Blocks, which fit beside every sign: letters are drawn of them and of frames (╚███╔╝). Of 94 trail bytes five are shown so."""


def drawings(text: str, signs: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Find three box-drawing signs and more in a row that fit together.

    Args:
        text: Any text.
        signs: The indices of its signs of box drawing and shades, U+2500-2593, in order.

    Yields:
        The start and the end of each row, in code points, in order.

    >>> [list(drawings(text, range(4))) for text in ("┌─┬┐ 表", "╓╨╬─", "█▓▒░ 大减价")]
    [[(0, 4)], [], [(0, 4)]]
    """
    start = end = -1
    for sign in signs:
        if sign != end or not _fit(text[sign - 1], text[sign]):
            if end - start >= _FEWEST:
                yield start, end
            start = sign
        end = sign + 1
    if end - start >= _FEWEST:
        yield start, end


@functools.cache
def _fit(left: str, right: str) -> bool:
    """Tell whether two signs fit side by side."""
    if left in _SHADES and right in _SHADES:
        return abs(_SHADES.index(left) - _SHADES.index(right)) < 2
    if left in _BLOCKS or right in _BLOCKS:
        return True
    return _arms(left)[1] == _arms(right)[0] != ""


def _arms(sign: str) -> tuple[str, str]:
    """The weights of the arms of a sign to the left and to the right, as its Unicode name tells them; "" where it has none.

    >>> _arms("┝"), _arms("═"), _arms("║")
    (('', 'HEAVY'), ('DOUBLE', 'DOUBLE'), ('', ''))
    """
    arms = {"LEFT": "", "RIGHT": ""}
    weight = ""
    name = unicodedata.name(sign)
    for part in name.split(" AND ") if "DIAGONAL" not in name else ():
        words = part.replace("SINGLE", "LIGHT").split()
        weight = next((word for word in words if word in ("LIGHT", "HEAVY", "DOUBLE")), weight)
        for side in arms:
            if side in words or "HORIZONTAL" in words:
                arms[side] = weight
    return arms["LEFT"], arms["RIGHT"]
