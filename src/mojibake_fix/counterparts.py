"""One-to-many characters: which counterpart does the context ask for?

Simplified 发 is 發 or 髮 in Traditional text, and most such characters are settled by their neighbours. The table holds
what the neighbour on either side says (log-odds counted in Traditional text), and words with the form that OpenCC's
phrases give their characters. `weigh` puts both together: the best way to cut a window of nine characters into words,
for each counterpart that the word over the character allows, plus what the neighbours say. That decides where the words
part, 太后|悔 or 太|后悔, which a longest match cannot.

The table is built by `tools/build_conversion.py`; its sources are listed in `data/conversion.manifest.json`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

RADIUS = 4
"""Characters on either side of the window: the longest word."""

LONGEST = 4
"""Characters of the longest word in the table."""

_NEIGHBOUR_STEP, _WORD_STEP = 0.125, 0.1
_FORM_BITS = 4
_OUTSIDE = 0xFFFF
_CODE_POINTS = 0x110000
# Nats of a character that is no word of its own.
_UNKNOWN = 16.0

Codes = NDArray[np.uint32]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Counterparts:
    """The table of one-to-many characters. Immutable; take the one that `load` returns.

    Attributes:
        characters: The Simplified characters, one a row.
        values: Traditional counterparts of each row, OpenCC's preferred one first.
        phrases: OpenCC's phrases of more than four characters, by their first two characters: source and result.
    """

    characters: str
    values: tuple[str, ...]
    phrases: dict[str, tuple[tuple[str, str], ...]] = field(repr=False)
    row_of: NDArray[np.int16] = field(repr=False)
    candidates: NDArray[np.uint32] = field(repr=False)
    priors: Scores = field(repr=False)
    _neighbour_keys: NDArray[np.uint32] = field(repr=False)
    _neighbour_odds: Scores = field(repr=False)
    _verdicts: NDArray[np.int8] = field(repr=False)
    _doubts: NDArray[np.uint8] = field(repr=False)
    _rank: NDArray[np.uint16] = field(repr=False)
    _word_keys: NDArray[np.uint64] = field(repr=False)
    _word_costs: Scores = field(repr=False)
    _word_forms: NDArray[np.uint16] = field(repr=False)
    _sieve: NDArray[np.bool_] = field(repr=False)
    _letter_costs: Scores = field(repr=False)

    def find(self, codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Positions of the one-to-many characters of a Simplified text, and their rows."""
        rows = self.row_of[codes]
        positions = np.flatnonzero(rows >= 0)
        return positions, rows[positions].astype(np.int64)

    def settled(self, codes: Codes, positions: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.int8]:
        """Number of the counterpart that the neighbours settle on without contradiction, -1 where they do not."""
        before = codes[np.maximum(positions - 1, 0)]
        after = codes[np.minimum(positions + 1, len(codes) - 1)]
        left = self._rank[before]
        right = self._rank[after]
        verdict = self._verdicts[rows * 2, left]
        verdict = np.where(verdict < 0, self._verdicts[rows * 2 + 1, right], verdict)
        doubted = self.doubts(codes, positions, rows) >> np.maximum(verdict, 0).astype(np.uint8) & 1
        return np.where(doubted, np.int8(-1), verdict)

    def doubts(self, codes: Codes, positions: NDArray[np.int64], rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        """Counterparts that one of the neighbours speaks against, as bits."""
        left = self._rank[codes[np.maximum(positions - 1, 0)]]
        right = self._rank[codes[np.minimum(positions + 1, len(codes) - 1)]]
        return self._doubts[rows * 2, left] | self._doubts[rows * 2 + 1, right]

    def windows(self, codes: Codes, positions: NDArray[np.int64]) -> NDArray[np.uint64]:
        """The characters around each position, one position a row; U+FFFF where there is none."""
        places = positions[:, None] + np.arange(-RADIUS, RADIUS + 1)
        inside = (places >= 0) & (places < len(codes))
        found = codes[np.clip(places, 0, max(len(codes) - 1, 0))] if len(codes) else places
        return np.where(inside, np.minimum(found, _OUTSIDE), _OUTSIDE).astype(np.uint64)

    def segment(self, windows: NDArray[np.uint64]) -> Scores:
        """Log-probability in nats of the best way to cut each window into words."""
        best: Scores = self._prefixes([self._look_up(windows, length)[0] for length in range(1, LONGEST + 1)])[-1]
        return best

    @staticmethod
    def _prefixes(found: list[Scores]) -> Scores:
        """Log-probability of the best cutting of the first n characters of each window, for every n."""
        size = len(found[0])
        best = np.zeros((size + 1, found[0].shape[1]), np.float32)
        for end in range(1, size + 1):
            best[end] = np.max([best[end - n] + found[n - 1][end - n] for n in range(1, min(LONGEST, end) + 1)], axis=0)
        return best

    def neighbours(self, windows: NDArray[np.uint64], rows: NDArray[np.int64]) -> Scores:
        """Log-probability of each counterpart, given the character on either side."""
        scores = self.priors[rows].copy()
        for side, place in ((0, RADIUS - 1), (1, RADIUS + 1)):
            wanted = (rows * 2 + side).astype(np.uint32) << np.uint32(16) | windows[:, place].astype(np.uint32)
            indices = np.minimum(np.searchsorted(self._neighbour_keys, wanted), len(self._neighbour_keys) - 1)
            known = self._neighbour_keys[indices] == wanted
            scores += np.where(known[:, None], self._neighbour_odds[indices], np.float32(0))
        best = scores.max(axis=1, keepdims=True)
        scores -= best + np.log(np.exp(scores - best).sum(axis=1, keepdims=True))
        return np.where(self.priors[rows] > NEVER / 2, scores, NEVER)

    def words(self, windows: NDArray[np.uint64], alone: Scores) -> Scores:
        """For each counterpart, the best way to cut the window into words, one of which gives it or leaves it open.

        A word whose form is known gives the counterpart for certain; in any other, the neighbours decide (`alone`).
        """
        size = windows.shape[1]
        found = [self._look_up(windows, length) for length in range(1, LONGEST + 1)]
        before = self._prefixes([costs for costs, _ in found])
        after = np.zeros_like(before)
        for start in range(size - 1, -1, -1):
            after[start] = np.max(
                [after[start + n] + found[n - 1][0][start] for n in range(1, min(LONGEST, size - start) + 1)], axis=0
            )
        scores = np.full_like(alone, -np.inf)
        numbers = np.arange(1, alone.shape[1] + 1, dtype=np.uint16)
        for length in range(1, LONGEST + 1):
            costs, forms = found[length - 1]
            for place in range(length):
                start = RADIUS - place
                totals = before[start] + costs[start] + after[start + length]
                given = forms[start] >> np.uint16(_FORM_BITS * place) & np.uint16((1 << _FORM_BITS) - 1)
                said = (given[:, None] == numbers) & (alone > NEVER / 2)
                certain = np.where(said, np.float32(0), np.float32(-np.inf))
                np.maximum(scores, totals[:, None] + np.where(given[:, None] == 0, alone, certain), out=scores)
        return scores

    def _look_up(self, windows: NDArray[np.uint64], length: int) -> tuple[Scores, NDArray[np.uint16]]:
        """Log-frequency and form of the word of `length` characters at each place of each window; places are rows."""
        places = windows.shape[1] - length + 1
        if length == 1:
            return self._letter_costs[windows.T], np.zeros(windows.T.shape, np.uint16)
        keys = np.zeros((places, len(windows)), np.uint64)
        for offset in range(length):
            keys |= windows[:, offset : offset + places].T << np.uint64(16 * (LONGEST - 1 - offset))
        costs = np.full(keys.shape, -np.inf, np.float32)
        forms = np.zeros(keys.shape, np.uint16)
        likely = np.nonzero(self._sieve[_slots(keys)])
        wanted = keys[likely]
        indices = np.minimum(np.searchsorted(self._word_keys, wanted), len(self._word_keys) - 1)
        known = self._word_keys[indices] == wanted
        places_of = tuple(axis[known] for axis in likely)
        costs[places_of] = self._word_costs[indices[known]]
        forms[places_of] = self._word_forms[indices[known]]
        return costs, forms


NEVER = np.float32(-1e4)
"""Nats of a counterpart that context may not choose."""

_SIEVE_BITS = 21


def _slots(keys: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Where a word's key falls in the sieve: a table of bits that tells most strings which are no words at once."""
    return (keys * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _SIEVE_BITS)).astype(np.intp)


SETTLED = 4.0
"""Nats by which one neighbour must prefer a counterpart over all others to settle it alone."""

DOUBT = 1.5
"""Nats by which a neighbour must raise another counterpart above one to call the verdict for that one in doubt."""


@cache
def load() -> Counterparts:
    """The packaged table, read on the first call and kept.

    >>> load().values[load().characters.index("发")]
    '發髮'
    """
    content = files("mojibake_fix").joinpath("data/conversion.npz").read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as packed:
        table = dict(packed)
    lines = bytes(table["to_traditional"]).decode().split("\n")
    characters, values = "".join(line[0] for line in lines), tuple(line[1:] for line in lines)
    priors = np.where(table["priors"] < 0, table["priors"], NEVER).astype(np.float32)
    width = priors.shape[1]
    row_of = np.full(_CODE_POINTS, -1, np.int16)
    open_to_choice = np.flatnonzero((priors > NEVER / 2).sum(axis=1) > 1)
    row_of[[ord(characters[row]) for row in open_to_choice]] = open_to_choice
    candidates = np.zeros((len(lines), width), np.uint32)
    for row, value in enumerate(values):
        candidates[row, : len(value)] = [ord(character) for character in value[:width]]
    keys = table["neighbour_rows"].astype(np.uint32) << np.uint32(16) | table["neighbours"]
    order = np.argsort(keys)
    odds = table["neighbour_odds"][order].astype(np.float32) * np.float32(_NEIGHBOUR_STEP)
    verdicts, doubts, rank = _verdicts(keys[order], odds, priors)
    letters = table["word_letters"].astype(np.uint64)
    word_keys = letters[0] << np.uint64(48) | letters[1] << np.uint64(32) | letters[2] << np.uint64(16) | letters[3]
    costs = table["word_weights"].astype(np.float32) * np.float32(-_WORD_STEP)
    letter_costs = np.full(_OUTSIDE + 1, -_UNKNOWN, np.float32)
    single = letters[1] == 0
    letter_costs[letters[0][single]] = costs[single]
    phrases: dict[str, tuple[tuple[str, str], ...]] = {}
    for line in bytes(table["long_phrases"]).decode().split("\n"):
        source, result = line.split("\t")
        phrases[source[:2]] = (*phrases.get(source[:2], ()), (source, result))
    word_order = np.argsort(word_keys)
    sieve = np.zeros(1 << _SIEVE_BITS, np.bool_)
    sieve[_slots(word_keys)] = True
    return Counterparts(
        characters, values, phrases, row_of, candidates, priors, keys[order], odds, verdicts, doubts, rank,
        word_keys[word_order], costs[word_order], table["word_forms"][word_order], sieve, letter_costs,
    )  # fmt: skip


def _verdicts(
    keys: NDArray[np.uint32], odds: Scores, priors: Scores
) -> tuple[NDArray[np.int8], NDArray[np.uint8], NDArray[np.uint16]]:
    """What a neighbour settles on (-1: nothing) and what it doubts (bits), by row and side and the neighbour's rank."""
    neighbours = (keys & np.uint32(0xFFFF)).astype(np.int64)
    sides = (keys >> np.uint32(16)).astype(np.int64)
    rank = np.zeros(_CODE_POINTS, np.uint16)
    known = np.unique(neighbours)
    rank[known] = np.arange(1, len(known) + 1)
    verdicts = np.full((len(priors) * 2, len(known) + 1), -1, np.int8)
    doubts = np.zeros(verdicts.shape, np.uint8)
    posteriors = priors[sides // 2] + odds
    ordered = np.sort(posteriors, axis=1)
    best = np.where(ordered[:, -1] > ordered[:, -2] + SETTLED, posteriors.argmax(axis=1), -1)
    verdicts[sides, rank[neighbours]] = best
    doubted = odds < odds.max(axis=1, keepdims=True) - DOUBT
    doubts[sides, rank[neighbours]] = np.packbits(doubted, axis=1, bitorder="little")[:, 0]
    return verdicts, doubts, rank
