"""Sparse n-gram counts over symbols, as sorted arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BITS = 16
"""Bits of a symbol in a key: the key of (a, b, c) is a << 32 | b << 16 | c."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of n-grams: sorted, unique keys and their values."""

    keys: NDArray[np.uint64]
    values: NDArray[np.float64]

    @classmethod
    def collect(cls, keys: NDArray[np.uint64], values: NDArray[np.float64] | None = None) -> Counts:
        """Add up the values (by default 1 each) of equal keys."""
        if values is None:
            unique, counts = np.unique(keys, return_counts=True)
            return cls(unique, counts.astype(np.float64))
        order = np.argsort(keys, kind="stable")
        keys, values = keys[order], values[order]
        starts = np.flatnonzero(np.diff(keys, prepend=~keys[:1]))
        return cls(keys[starts], np.add.reduceat(values, starts) if len(keys) else values)

    @classmethod
    def empty(cls) -> Counts:
        """No n-grams."""
        return cls(np.zeros(0, np.uint64), np.zeros(0))

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts.collect(np.concatenate([self.keys, other.keys]), np.concatenate([self.values, other.values]))

    def scaled(self, factor: float | NDArray[np.float64]) -> Counts:
        """All values times `factor`."""
        return Counts(self.keys, self.values * factor)

    def where(self, chosen: NDArray[np.bool_]) -> Counts:
        """The chosen n-grams only."""
        return Counts(self.keys[chosen], self.values[chosen])

    def by_first(self, size: int) -> NDArray[np.float64]:
        """Sums of pairs by their first symbol."""
        return np.bincount(self.first, self.values, size).astype(np.float64)

    def above(self, limit: float) -> Counts:
        """The n-grams with a value above `limit`."""
        return self.where(self.values > limit)

    def without(self, symbols: NDArray[np.bool_]) -> Counts:
        """The n-grams that hold none of the marked symbols."""
        touched = np.zeros(len(self.keys), np.bool_)
        for place in range(3):
            touched |= symbols[(self.keys >> np.uint64(BITS * place) & np.uint64(0xFFFF)).astype(np.int64)]
        return self.where(~touched)

    @property
    def contexts(self) -> NDArray[np.uint64]:
        """Key of each n-gram without its last symbol."""
        return self.keys >> np.uint64(BITS)

    @property
    def last(self) -> NDArray[np.int64]:
        """Last symbol of each n-gram."""
        return (self.keys & np.uint64(0xFFFF)).astype(np.int64)

    @property
    def first(self) -> NDArray[np.int64]:
        """First symbol of each pair, context of each n-gram as a signed number."""
        return self.contexts.astype(np.int64)

    def lookup(self, keys: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Values at `keys`, 0 where there is none."""
        indices = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[indices] == keys, self.values[indices], 0.0)


def grams(symbols: NDArray[np.uint16], order: int) -> Counts:
    """All n-grams of a text."""
    size = len(symbols) - order + 1
    keys = np.zeros(size, np.uint64)
    for place in range(order):
        keys = keys << np.uint64(BITS) | symbols[place : place + size]
    return Counts.collect(keys)


def word_grams(words: list[NDArray[np.uint16]], counts: NDArray[np.float64], order: int) -> Counts:
    """All n-grams inside words, each as often as the word."""
    lengths = np.array([len(word) for word in words])
    text = np.concatenate(words).astype(np.uint64)
    ends = np.cumsum(lengths)
    places = np.arange(len(text))
    starts = places[places + order <= np.repeat(ends, lengths)]
    keys = np.zeros(len(starts), np.uint64)
    for place in range(order):
        keys = keys << np.uint64(BITS) | text[starts + place]
    return Counts.collect(keys, np.repeat(counts, lengths)[starts])
