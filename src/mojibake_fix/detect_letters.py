"""Single-byte encodings: how well do letters follow each other in the languages that an encoding was made for.

Each high byte costs what its letter costs after the letter before it, in the language that suits best; a change of
case inside a word, a sign and a control cost extra. ASCII costs the same everywhere. The costs are logarithms of
probabilities, so they compare with those of Chinese, Japanese and Korean text.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.detect_alphabets import BOUNDARY, NOTHING, Script, scripts, single_costs
from mojibake_fix.records_bytes import Candidate

ASCII = 3.0
"""Nats of an ASCII byte or character, in every encoding: about the entropy of a letter in running text."""

TO_UPPER, STAY_UPPER, START_UPPER, LOWER = 6.0, 0.6, 1.6, 0.2
"""Nats of case: a capital after a small letter, after a capital, at the start of a word; any small letter."""

RUNS = {True: (0.1, 2.5, 5.0), False: (2.2, 2.0, 0.3)}
"""Nats of a run of one, two, or more high bytes, in Latin script and in others: how long words and accents are."""

SINGLE = -0.5
"""Log of how common all single-byte encodings are beside gb18030 where a double-byte encoding is possible at all."""

MOST = 200
"""High bytes that are weighed; a language shows after thirty."""

FIRST, WITHIN, EACH = 64, 10.0, 0.8
"""High bytes over which all encodings are weighed letter by letter, and nats within the best, at all and for each byte,
for being weighed over `MOST` with their neighbours: what neighbours tell is 0.6 nats a letter on average."""

FOREIGN = 3.0
"""Nats of a few letters of another script in a text of ASCII letters."""

MIXED = 5.0
"""Nats of a letter of another script right beside an ASCII letter."""

# Nats of the case of a letter after the case of the one before it: rows before (boundary, small, capital, uncased).
_CASES = np.array(
    [
        [0, LOWER, START_UPPER, 0],
        [0, LOWER, TO_UPPER, 0],
        [0, LOWER, STAY_UPPER, 0],
        [0, LOWER, START_UPPER, 0],
    ],
    np.float32,
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """High bytes with their neighbours."""

    before: NDArray[np.uint8]
    now: NDArray[np.uint8]
    after: NDArray[np.uint8]


def weigh(data: bytes, names: frozenset[str] | None = None) -> Iterator[tuple[Candidate, bytes]]:
    """Weigh the single-byte encodings over a sample.

    Args:
        data: The bytes, ASCII included.
        names: Encodings to weigh; None for all.

    Yields:
        The likeliest candidates, with scores that are log-probabilities with priors, in nats, comparable with those of
        `detect_hanzi`; and the code points of the high bytes, which tell encodings that read the sample alike.
    """
    codes = np.frombuffer(data, np.uint8)
    places = np.flatnonzero(codes > 0x7F)
    scale = max(len(places) / MOST, 1.0)
    places = places[:MOST]
    before = np.where(places > 0, codes[places - 1], 0x20)
    bytes_ = _Sample(before, codes[places], codes[np.minimum(places + 1, len(codes) - 1)])
    runs = np.diff(np.flatnonzero(np.append(np.diff(places, prepend=-2) > 1, True)))
    of_runs = {latin: sum(RUNS[latin][min(run, 3) - 1] for run in runs.tolist()) for latin in RUNS}
    same = SINGLE - ASCII * float((codes < 0x80).sum()) - _parity(runs)
    foreign = FOREIGN * (len(places) * 8 < int(_ASCII_LETTERS[codes].sum()))
    for script, rows in _likely(bytes_, names):
        costs, languages, damage = _costs(script, rows, bytes_)
        for i, row in enumerate(rows.tolist()):
            score = float(script.priors[row]) + same - (float(costs[i]) + of_runs[script.latin]) * scale
            score -= 0.0 if script.latin else foreign
            candidate = Candidate(script.names[row], script.languages[languages[i]], score, int(damage[i]))
            yield candidate, script.codes[row][bytes_.now].tobytes()


def _likely(sample: _Sample, names: frozenset[str] | None) -> list[tuple[Script, NDArray[np.int64]]]:
    """The encodings of each script that come near the best when the first high bytes are taken one by one."""
    alone, priors, latin = single_costs()
    now = sample.now[:FIRST]
    beside = int(_ASCII_LETTERS[sample.before[:FIRST]].sum() + _ASCII_LETTERS[sample.after[:FIRST]].sum())
    costs = alone.take(now, axis=1).sum(axis=1) - priors + MIXED * beside * ~latin
    if names is not None:
        costs[[name not in names for script in scripts() for name in script.names]] = np.inf
    least = float(costs.min(initial=np.inf)) + WITHIN + EACH * len(now)
    near = np.flatnonzero((costs <= least) & (costs < np.inf))
    chosen: list[tuple[Script, NDArray[np.int64]]] = []
    start = 0
    for script in scripts():
        rows = near[(near >= start) & (near < start + len(script.names))] - start
        if len(rows):
            chosen.append((script, rows))
        start += len(script.names)
    return chosen


def _parity(runs: NDArray[np.int64]) -> float:
    """Nats by which it is odd for single bytes that runs are of even length, as those of two-byte characters are."""
    count = len(runs)
    odd = int((runs & 1).sum())
    if 2 * odd >= count:
        return 0.0
    share = odd / count
    entropy = -(share * math.log(share) + (1 - share) * math.log(1 - share)) if odd else 0.0
    return count * (math.log(2) - entropy)


_ASCII_LETTERS = np.array([chr(byte).isalpha() and byte < 0x80 for byte in range(256)])


def _costs(
    script: Script, rows: NDArray[np.int64], sample: _Sample
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """By encoding: the cost of the high bytes in nats, the language that suits best, and how many are undefined."""
    symbols = script.symbols[rows]
    before, now = symbols[:, sample.before], symbols[:, sample.now]
    letters = now > 0
    index = np.where(letters, before * script.size + now, 0)
    extra = script.extra[rows][:, sample.now]
    cases = script.cases[rows]
    cost = extra.sum(axis=1, dtype=np.float64) + _CASES[cases[:, sample.before], cases[:, sample.now]].sum(axis=1)
    between = (cases[:, sample.before] != BOUNDARY) & (cases[:, sample.after] != BOUNDARY)
    cost += np.where(between, script.inside[rows][:, sample.now], 0).sum(axis=1)
    beside = _ASCII_LETTERS[sample.after]
    if script.latin:
        follows = letters & beside
        index = np.concatenate((index, np.where(follows, now * script.size + symbols[:, sample.after], 0)), axis=1)
        cost -= ASCII * follows.sum(axis=1)
    else:
        cost += MIXED * ((letters & beside).sum(axis=1) + (letters & _ASCII_LETTERS[sample.before]).sum(axis=1))
    by_language = script.costs.take(index, axis=1).sum(axis=2, dtype=np.int32)
    best = by_language.argmin(axis=0)
    return cost + by_language.min(axis=0) / 16, best, (extra >= NOTHING).sum(axis=1)
