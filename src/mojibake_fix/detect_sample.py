"""Which bytes to weigh: the ones above 0x7F, from several places, with little around them.

ASCII says nothing about an encoding, and one comment in 20 kB of C, or a page whose text begins after 64 kB of markup,
must weigh as much as a page of prose. So the sample is made of *stretches*: bytes above 0x7F with at most three ASCII
bytes between two of them, the two before the first (a letter tells what follows it) and the two after the last (they
may end a character). In large inputs, windows are looked at one after another until there is enough.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

WHOLE = 512
"""Inputs of up to so many bytes are weighed whole."""

ENOUGH = 400
"""High bytes that settle the matter: about 200 characters, 800 nats between two Chinese encodings of clean text; a
third of it would do, the rest is for pages that begin with line drawing or a few words of another language."""

PLACES = 4
"""Places that the sample is taken from; a page may begin with an advert in another encoding."""

WINDOW = 1 << 15
"""Bytes looked at in one go."""

_GAP = 4
"""Distance of two high bytes from which they belong to different stretches: three ASCII bytes between them."""


def sample(data: bytes) -> bytes:
    """Return the bytes of `data` to weigh: all of a short input, stretches joined by line feeds of a longer one.

    >>> sample(b"x" * 1000 + "caf\\xe9 ".encode("latin-1") + b"x" * 1000)
    b'af\\xe9 x'
    """
    if len(data) <= WHOLE:
        return data
    pieces: list[bytes] = []
    found = 0
    for window in _windows(data):
        high = np.flatnonzero(np.frombuffer(window, np.uint8) > 0x7F)
        if len(high):
            places = PLACES if len(data) <= WINDOW else 1
            wanted = ENOUGH // places if len(data) <= WINDOW else ENOUGH // PLACES
            pieces += _stretches(window, high, places, wanted)
            found += min(len(high), wanted * places)
            if found >= ENOUGH:
                break
    return b"\n".join(pieces)


def _windows(data: bytes) -> Iterator[bytes]:
    """Windows of `data` that are not all ASCII: first from places spread over it, then all, in order."""
    if len(data) <= WINDOW:
        yield data
        return
    count = -(-len(data) // WINDOW)
    spread = [number * count // PLACES for number in range(PLACES)]
    chosen = dict.fromkeys((*spread, *range(count)))
    for number in chosen:
        window = data[number * WINDOW : (number + 1) * WINDOW]
        if not window.isascii():
            yield window


def _stretches(window: bytes, high: NDArray[np.int64], places: int, wanted: int) -> Iterator[bytes]:
    """Stretches from `places` places of the window, about `wanted` high bytes from each; all where there are fewer."""
    starts = np.flatnonzero(np.diff(high, prepend=-_GAP) >= _GAP)
    if len(high) <= places * wanted:
        spans = [(0, len(high))]
    else:
        spans = [(place * len(high) // places, place * len(high) // places + wanted) for place in range(places)]
    ends = np.append(starts[1:], len(high))
    done = -1
    for first, last in spans:
        begin = int(np.searchsorted(starts, first))
        if begin == len(starts) or starts[begin] >= last:  # inside one long stretch
            first = _in_step(high, first, (last - first) // 2)
            yield window[high[first] : high[last - 1] + 3]
            continue
        end = int(np.searchsorted(starts, last))
        for stretch in range(max(begin, done + 1), end):
            start, stop = int(starts[stretch]), min(int(ends[stretch]), int(starts[stretch]) + wanted)
            yield window[max(int(high[start]) - 2, 0) : int(high[stop - 1]) + 3]
        done = end - 1


def _in_step(high: NDArray[np.int64], first: int, near: int) -> int:
    """The first high byte at or after `first`, within `near`, that begins a character in any encoding.

    That is one behind an ASCII byte; failing that, one at a multiple of six bytes from the start of its run, for
    characters of two and three bytes.
    """
    breaks = np.flatnonzero(np.diff(high[first - 1 : first + near]) > 1)
    if first and len(breaks):
        return first + int(breaks[0])
    runs = np.flatnonzero(np.diff(high[: first + 1], prepend=-2) > 1)
    return first - (first - int(runs[-1])) % 6
