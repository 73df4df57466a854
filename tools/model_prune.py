"""From expected counts to the table: probabilities, pruning by likelihood gain, backoff, stored values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_counts import BITS, Counts
from model_estimate import Expected, Floats
from model_symbols import Symbols
from mojibake_fix.model import STEP

Table = dict[str, NDArray[np.generic]]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many continuations are kept, by what they add to the log-likelihood."""

    pairs: int
    triples: int


def make_table(symbols: Symbols, expected: Expected, sizes: Sizes) -> Table:
    """The arrays that `mojibake_fix.model` loads."""
    observed = expected.pairs.above(0)
    # The rarest are given one occurrence, and every row 2 % for what was never seen.
    totals = np.maximum(np.maximum(expected.totals, 1), 1.02 * observed.by_first(symbols.size))
    unigrams = totals / totals.sum()
    pairs, backoff = keep_pairs(observed, totals, unigrams, sizes.pairs)
    triples, contexts, pair_backoff = keep_triples(
        expected.triples.above(0), pairs, totals, unigrams, backoff, sizes.triples
    )
    triple_counts = np.bincount(contexts, minlength=len(pairs.keys))
    return {
        **symbols.table(),
        "unigrams": np.round(np.log(unigrams), 5).astype(np.float16),
        "backoff": np.round(backoff, 5).astype(np.float16),
        "pair_counts": np.bincount(pairs.first, minlength=symbols.size).astype(np.uint16),
        **packed_symbols("pair", pairs),
        "pair_codes": stored(np.log(pairs.values / totals[pairs.first])),
        "pair_backoff": stored(np.minimum(pair_backoff, 0))[triple_counts > 0],
        "triple_counts": triple_counts.astype(np.uint16),
        **packed_symbols("triple", triples),
        "triple_codes": stored(np.log(triples.values)),
    }


def keep_pairs(pairs: Counts, totals: Floats, unigrams: Floats, size: int) -> tuple[Counts, Floats]:
    """The pairs worth keeping, and the log backoff weight of each symbol."""
    probabilities = pairs.values / totals[pairs.first]
    backoff = log_backoff(pairs.first, probabilities, unigrams[pairs.last], len(totals))
    gain = pairs.values * np.abs(np.log(probabilities / unigrams[pairs.last]) - backoff[pairs.first])
    kept = pairs.where(largest(gain, size))
    return kept, log_backoff(kept.first, kept.values / totals[kept.first], unigrams[kept.last], len(totals))


def keep_triples(
    triples: Counts, pairs: Counts, totals: Floats, unigrams: Floats, backoff: Floats, size: int
) -> tuple[Counts, NDArray[np.int64], Floats]:
    """Triples worth keeping (values turned to probabilities), their pairs, the log backoff weight of each pair."""
    places = np.minimum(np.searchsorted(pairs.keys, triples.contexts), len(pairs.keys) - 1)
    present = pairs.keys[places] == triples.contexts
    triples, contexts = triples.where(present), places[present]
    known = np.bincount(contexts, triples.values, len(pairs.keys))
    room = np.maximum(pairs.values, 1.05 * known)
    middle = triples.first & 0xFFFF
    direct = pairs.lookup((middle << BITS | triples.last).astype(np.uint64)) / totals[middle]
    lower = np.where(direct > 0, direct, np.exp(backoff[middle]) * unigrams[triples.last])
    # What the sources of triples do not explain of a pair's occurrences is shared out as after its second symbol alone, to
    # what they know too: else a triple seen twice would be thought rarer than one that was never seen.
    probabilities = triples.values / room[contexts] + (1 - known / room)[contexts] * lower
    weight = log_backoff(contexts, probabilities, lower, len(pairs.keys))
    gain = probabilities * room[contexts] * (np.log(probabilities / lower) - weight[contexts])
    mask = largest(gain, size)
    kept, contexts = triples.where(mask), contexts[mask]
    weight = log_backoff(contexts, probabilities[mask], lower[mask], len(pairs.keys))
    return Counts(kept.keys, probabilities[mask]), contexts, weight


def log_backoff(contexts: NDArray[np.int64], stored: Floats, lower: Floats, size: int) -> Floats:
    """Log of (1 - stored probabilities) / (1 - what the lower order gives the same continuations) of each context."""
    rest = 1 - np.bincount(contexts, stored, size)
    lower_rest = 1 - np.bincount(contexts, lower, size)
    return np.log(np.maximum(rest, 1e-3) / np.maximum(lower_rest, 1e-3))


def largest(gain: Floats, size: int) -> NDArray[np.bool_]:
    """Mask of the `size` largest; rounded and stable, so that it is the same on every machine."""
    mask = np.zeros(len(gain), np.bool_)
    mask[np.argsort(-np.round(gain, 3), kind="stable")[:size]] = True
    return mask


def stored(logs: Floats) -> NDArray[np.uint8]:
    """Codes of log-probabilities; rounded first, so that they are the same on every machine."""
    return np.clip(np.rint(np.round(-logs / STEP, 6)), 0, 255).astype(np.uint8)


def packed_symbols(name: str, counts: Counts) -> Table:
    """Last symbols as differences modulo 2**16, low and high bytes apart, for the wheel to compress."""
    last = counts.last.astype(np.uint16)
    differences = last - np.concatenate([np.zeros(1, np.uint16), last[:-1]])
    return {f"{name}_low": (differences & 0xFF).astype(np.uint8), f"{name}_high": (differences >> 8).astype(np.uint8)}
