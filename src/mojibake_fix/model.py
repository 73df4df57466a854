"""The character model: how probable is a text, one code point after another.

A trigram model with backoff over Simplified and Traditional Chinese together, with enough Japanese and Korean to know
their text from damage, and classes of code points for everything else. A probability is that of the *symbol* (a
learned character, or a class such as "cyrillic lower") after at most two symbols before it, times the share of the
code point in its class::

    log P(c | a b) = stored value of (a, b, c), else backoff(a, b) + log P(c | b)
    log P(c | b)   = stored value of (b, c),    else backoff(b)    + log P(c)

All values are natural logarithms (nats). Over all code points the probabilities after a history sum to 1 but for the
rounding of stored values to 1/4 nat, which leaves the sum within a few per cent of 1. The first character of a text
is given no history: a stretch may start anywhere.

The table is built by `tools/build_model.py`; its sources are listed in `data/model.manifest.json`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 0.25
"""Nats between two stored values: half as much changed no measured rate and cost 0.1 MB more in the wheel."""

_FEW, _FEW_IN_A_ROW = 20, 40
"""Code points up to which steps one by one are faster than arrays, at places of a text and in a row: 2.7 µs for a place, 0.9 for
each one right behind it, against 45 and 35 µs for all."""

_CODE_POINTS = 0x110000
_ABSENT = -1


_SLOTS = 20
"""Binary digits of the number of a slot: 600,000 keys in a million slots, of which a quarter then has to be searched for."""

_SCATTER = np.uint64(0x9E3779B97F4A7C15)
"""2**64 divided by the golden ratio: the upper digits of its products scatter keys well."""


@dataclass(frozen=True, slots=True)
class _Level:
    """Stored continuations of contexts: context `i` owns the entries from `starts[i]` to `starts[i + 1]`.

    A key is a context and a symbol. `slots` guesses the index of a key from its digits, which spares nearly every search: twice
    the index, and 1 more where several keys share the slot, so that another one may be meant.
    """

    keys: NDArray[np.uint64]
    slots: NDArray[np.int32]
    starts: memoryview
    symbols: memoryview
    codes: NDArray[np.uint8]
    """Of each entry, minus its log-probability in units of `STEP`."""

    @classmethod
    def unpack(
        cls, counts: NDArray[np.integer], low: NDArray[np.uint8], high: NDArray[np.uint8], codes: NDArray[np.uint8]
    ) -> _Level:
        """Build from the number of entries of each context and the packed symbols.

        Symbols are stored as differences modulo 2**16, low and high bytes apart, which the wheel compresses best.
        """
        symbols = np.cumsum(low.astype(np.uint16) | high.astype(np.uint16) << 8, dtype=np.uint16)
        starts = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=starts[1:])
        keys = np.repeat(np.arange(len(counts), dtype=np.uint64) << np.uint64(16), counts) | symbols
        return cls(keys, _slots(keys), starts.data, symbols.data, codes)

    def find(self, context: int, symbol: int) -> int:
        """Index of the entry of `symbol` after `context`, or -1."""
        end = self.starts[context + 1]
        index = bisect_left(self.symbols, symbol, self.starts[context], end)
        return index if index < end and self.symbols[index] == symbol else _ABSENT

    def after(self, context: int, symbols: NDArray[np.uint16], otherwise: NDArray[np.float32]) -> NDArray[np.float32]:
        """Stored values of many symbols after one context, and `otherwise` where there is none."""
        start, end = self.starts[context], self.starts[context + 1]
        if start == end:
            return otherwise
        stored = np.asarray(self.symbols[start:end])
        indices = np.searchsorted(stored, symbols)
        indices[indices == end - start] = 0
        return np.where(stored[indices] == symbols, self.codes[start:end][indices] * np.float32(-STEP), otherwise)

    def find_all(self, contexts: NDArray[np.integer], symbols: NDArray[np.uint16]) -> NDArray[np.int32]:
        """`find` for many; a context of -1 has no entries."""
        wanted = contexts.astype(np.uint64) << np.uint64(16) | symbols
        slots = self.slots.take(_slot_of(wanted))
        indices = slots >> 1
        missed = self.keys.take(indices) != wanted
        indices[missed] = _ABSENT
        rest = (slots & missed).nonzero()
        if len(rest[0]):
            exact = self.keys.searchsorted(wanted[rest])
            indices[rest] = np.where(self.keys.take(exact, mode="clip") == wanted[rest], exact, _ABSENT)
        return indices


def _slot_of(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    return (keys * _SCATTER >> np.uint64(64 - _SLOTS)).view(np.int64)


def _slots(keys: NDArray[np.uint64]) -> NDArray[np.int32]:
    """The slots of all keys, in some 10 ms."""
    places, indices, slots = _slot_of(keys), np.arange(len(keys), dtype=np.int32), np.zeros(1 << _SLOTS, np.int32)
    slots[places] = indices
    crowded = slots.take(places) != indices
    slots <<= 1
    slots[places[crowded]] |= 1
    return slots


@dataclass(frozen=True, slots=True, eq=False)
class _Single:
    """The tables as memory views: for one code point at a time these are twice as fast as arrays."""

    symbol_of: memoryview
    emission: memoryview
    unigrams: memoryview
    backoff: memoryview
    pairs: memoryview
    pair_backoff: memoryview
    triples: memoryview


@dataclass(frozen=True, slots=True, eq=False)
class CharacterModel:
    """Log-probabilities of text. Immutable; take the one that `load` returns."""

    _symbol_of: NDArray[np.uint16] = field(repr=False)
    _emission: NDArray[np.float32] = field(repr=False)
    _unigrams: NDArray[np.float32] = field(repr=False)
    _backoff: NDArray[np.float32] = field(repr=False)
    _pairs: _Level = field(repr=False)
    _pair_backoff: NDArray[np.float32] = field(repr=False)
    _triples: _Level = field(repr=False)
    _single: _Single = field(repr=False)

    def score(self, text: str) -> NDArray[np.float32]:
        """Log-probability in nats of each code point given those before it, as many as `text` has.

        >>> bool(load().score("中文").sum() > load().score("ÖÐÎÄ").sum())
        True
        """
        return self.score_codes(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32))

    def score_codes(self, codes: NDArray[np.uint32]) -> NDArray[np.float32]:
        """`score` for code points; a matrix holds one text a row.

        >>> load().score_codes(np.array([[0x4E2D, 0x6587], [0x4E2D, 0x56FD]], np.uint32)).shape
        (2, 2)
        """
        symbols = self._symbol_of.take(codes)
        values = self._unigrams.take(symbols)
        if codes.shape[-1] > 1:
            before, after = symbols[..., :-1], symbols[..., 1:]
            pairs = self._pairs.find_all(before.astype(np.int64), after)
            values[..., 1:] = np.where(
                pairs >= 0,
                self._pairs.codes.take(pairs) * np.float32(-STEP),
                values[..., 1:] + self._backoff.take(before),
            )
            longer = (pairs[..., :-1] >= 0).nonzero()
            contexts, last = pairs[..., :-1][longer], symbols[..., 2:][longer]
            triples = self._triples.find_all(contexts, last)
            values[..., 2:][longer] = np.where(
                triples >= 0,
                self._triples.codes.take(triples) * np.float32(-STEP),
                values[..., 2:][longer] + self._pair_backoff.take(contexts),
            )
        return values + self._emission.take(codes)

    def score_at(self, codes: NDArray[np.uint32], places: NDArray[np.intp]) -> NDArray[np.float64]:
        """`score` at some places only: what a look at a long text asks for.

        Args:
            codes: The code points of a text; a matrix holds one text a row.
            places: Indices into them, those of a matrix row by row.

        >>> codes = np.array([0x4E2D, 0x534E, 0x4EBA], np.uint32)
        >>> bool(load().score_at(codes, np.array([2]))[0] == load().step("中华", "人"))
        True
        """
        if len(places) <= _FEW:
            return np.array(self._steps_at(codes, places.tolist()))
        columns = places if codes.ndim == 1 else places % codes.shape[-1]
        window = codes.take(np.concatenate((places - 2, places - 1, places)), mode="wrap")
        _, before, here = symbols = self._symbol_of.take(window).reshape(3, -1)
        histories = symbols[:2].astype(np.int64)
        histories[0, columns < 2] = histories[1, columns < 1] = _ABSENT
        contexts, pairs = self._pairs.find_all(histories.ravel(), symbols[1:].ravel()).reshape(2, -1)
        values = np.where(histories[1] >= 0, self._backoff.take(before), 0).astype(np.float64) + self._unigrams.take(
            here
        )
        values = np.where(pairs >= 0, -STEP * self._pairs.codes.take(pairs), values)
        longer = (contexts >= 0).nonzero()[0]
        contexts = contexts.take(longer)
        triples = self._triples.find_all(contexts, here.take(longer))
        values[longer] = np.where(
            triples >= 0,
            -STEP * self._triples.codes.take(triples),
            values.take(longer) + self._pair_backoff.take(contexts),
        )
        return values + self._emission.take(window[-len(places) :])

    def _steps_at(self, codes: NDArray[np.integer], places: list[int]) -> list[float]:
        """`score_at` for a few places, those in a row at once."""
        codes, width = codes.ravel(), codes.shape[-1]
        steps: list[float] = []
        start = 0
        while start < len(places):
            end = start + 1
            while end < len(places) and places[end] == places[end - 1] + 1 and places[end] % width:
                end += 1
            before = min(2, places[start] % width)
            row = codes[places[start] - before : places[end - 1] + 1].tolist()
            steps += self._each_step(row[before:], row[:before])
            start = end
        return steps

    def log_probability(self, text: str, before: str = "") -> float:
        """Log-probability in nats of the whole `text` after `before`, which is not scored itself.

        >>> load().log_probability("国", before="中") > load().log_probability("国")
        True
        """
        if len(text) > _FEW_IN_A_ROW:
            history = before[-2:]
            return float(self.score(history + text)[len(history) :].sum(dtype=np.float64))
        return sum(self.each_step(text, before), 0.0)

    def each_step(self, text: str, before: str = "") -> list[float]:
        """`score` of a short text after `before`, which is not scored itself: up to a few dozen code points this is faster.

        >>> len(load().each_step("国人", before="中"))
        2
        """
        return self._each_step(map(ord, text), map(ord, before[-2:]))

    def _each_step(self, codes: Iterable[int], before: Iterable[int]) -> list[float]:
        single, pair, triple = self._single, self._pairs.find, self._triples.find
        symbols = [single.symbol_of[code] for code in before]
        previous = symbols[-1] if symbols else _ABSENT
        context = pair(*symbols) if len(symbols) > 1 else _ABSENT
        steps: list[float] = []
        for code in codes:
            symbol = single.symbol_of[code]
            index = pair(previous, symbol) if previous >= 0 else _ABSENT
            longer = triple(context, symbol) if context >= 0 else _ABSENT
            if longer >= 0:
                step = -STEP * single.triples[longer]
            else:
                step = single.pair_backoff[context] if context >= 0 else 0.0
                if index >= 0:
                    step -= STEP * single.pairs[index]
                else:
                    step += single.unigrams[symbol] + (single.backoff[previous] if previous >= 0 else 0.0)
            steps.append(step + single.emission[code])
            previous, context = symbol, index
        return steps

    def step(self, history: str, character: str) -> float:
        """Log-probability in nats of one character after the last two of `history`; as `score`, for searches.

        >>> load().step("中华人民共和", "国") > load().step("", "国")
        True
        """
        symbol_of, code = self._single.symbol_of, ord(character)
        before = symbol_of[ord(history[-1])] if history else _ABSENT
        first = symbol_of[ord(history[-2])] if len(history) > 1 else _ABSENT
        return self._step(first, before, symbol_of[code], code)

    def _step(self, first: int, before: int, symbol: int, code: int) -> float:
        single = self._single
        value: float = single.emission[code]
        if before < 0:
            return value + single.unigrams[symbol]
        context = self._pairs.find(first, before) if first >= 0 else _ABSENT
        if context >= 0:
            index = self._triples.find(context, symbol)
            if index >= 0:
                return value - STEP * single.triples[index]
            value += single.pair_backoff[context]
        index = self._pairs.find(before, symbol)
        if index >= 0:
            return value - STEP * single.pairs[index]
        return value + single.backoff[before] + single.unigrams[symbol]

    def steps(self, history: str, characters: str | NDArray[np.uint32]) -> NDArray[np.float32]:
        """`step` for many characters after one history.

        >>> load().steps("中", "国囯").argmax().item()
        0
        """
        if isinstance(characters, str):
            characters = np.frombuffer(characters.encode("utf-32-le", "surrogatepass"), np.uint32)
        if len(characters) <= _FEW // 2:
            symbol_of = self._single.symbol_of
            first, before = (symbol_of[ord(history[-at])] if len(history) >= at else _ABSENT for at in (2, 1))
            return np.array(
                [self._step(first, before, symbol_of[code], code) for code in characters.tolist()], np.float32
            )
        symbols = self._symbol_of[characters]
        values = self._unigrams[symbols]
        if history:
            before = int(self._symbol_of[ord(history[-1])])
            values = self._pairs.after(before, symbols, values + self._backoff[before])
        if len(history) > 1:
            context = self._pairs.find(int(self._symbol_of[ord(history[-2])]), before)
            if context >= 0:
                values = self._triples.after(context, symbols, values + self._pair_backoff[context])
        return values + self._emission[characters]


@cache
def load() -> CharacterModel:
    """The packaged model, read on the first call (some tens of milliseconds) and kept.

    Raises FileNotFoundError if the installation lacks the table.

    >>> load() is load()
    True
    """
    content = files("mojibake_fix").joinpath("data/model.npz").read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as packed:
        return _unpack(packed)


def _unpack(packed: Mapping[str, NDArray[Any]]) -> CharacterModel:
    """The model from the arrays that `tools/build_model.py` writes."""
    symbol_of, emission = _symbols(
        packed["learned"], packed["class_ranges"], packed["class_shares"], packed["letter_shares"]
    )
    pairs = _Level.unpack(packed["pair_counts"], packed["pair_low"], packed["pair_high"], packed["pair_codes"])
    triples = _Level.unpack(
        packed["triple_counts"], packed["triple_low"], packed["triple_high"], packed["triple_codes"]
    )
    pair_backoff = np.zeros(len(pairs.keys), np.float32)
    pair_backoff[packed["triple_counts"] > 0] = packed["pair_backoff"] * np.float32(-STEP)
    unigrams, backoff = packed["unigrams"].astype(np.float32), packed["backoff"].astype(np.float32)
    views = (symbol_of, emission, unigrams, backoff, pairs.codes, pair_backoff, triples.codes)
    single = _Single(*(table.data for table in views))
    return CharacterModel(symbol_of, emission, unigrams, backoff, pairs, pair_backoff, triples, single)


def _symbols(
    learned: NDArray[np.uint32],
    class_ranges: NDArray[np.uint32],
    class_shares: NDArray[np.float32],
    letter_shares: NDArray[np.float32],
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Symbol of every code point, and the log of its share in that symbol; classes are numbered after the learned."""
    symbol_of = np.zeros(_CODE_POINTS, np.uint16)
    emission = np.zeros(_CODE_POINTS, np.float32)
    for first, last, number in class_ranges.tolist():
        symbol_of[first : last + 1] = len(learned) + number
        emission[first : last + 1] = class_shares[number]
    symbol_of[learned] = np.arange(len(learned), dtype=np.uint16)
    emission[learned] = 0
    for first_letter in (ord("a"), ord("A")):
        emission[first_letter : first_letter + 26] = letter_shares
    return symbol_of, emission
