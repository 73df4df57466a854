"""What the characters beside a one-to-many character say about its counterpart: counted in Traditional text."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conversion_sources import dictionary, phrases, to_traditional
from model_sources import cantonese, cjclassifier, jieba_words, taiwan_law

Table = dict[str, NDArray[Any]]
Key = tuple[str, int, str]
"""A Simplified character, the side of its neighbour (-1 or 1), the neighbour in Simplified."""

TOKENS = 1e9
"""Characters of running text that the counts stand for."""
LAW, CANTONESE, JIEBA = 10.0, 20.0, 3.0
"""Weight of one occurrence: that of the character model's sources."""
PRIOR = 300.0
"""Occurrences in `TOKENS` that the character alone counts for against a neighbour; the source lists those from 113."""
SECOND_CHOICE = 0.3
"""Share of the occurrences of a counterpart, 像, that count for a character which is not its usual reading, 象."""
LEAST = 100.0
"""Occurrences below which a neighbour is left out."""
STEP = 0.125
"""Nats between two stored values."""
RARE = 500.0
"""Occurrences below which a counterpart (鍼, 谿, 劄) is left to OpenCC's phrases: neighbours know too little of it."""
WIDTH = 6
"""Counterparts that are counted for a character; two have more, and those are variants of the first."""


class Variants:
    """Brings Traditional characters to the form that OpenCC's tables use, and to Simplified."""

    def __init__(self) -> None:
        """Read OpenCC's dictionaries."""
        self.families = to_traditional()
        regional = {
            value: standard
            for name in ("TWVariants", "HKVariants")
            for standard, values in dictionary(name).items()
            for value in values
            if value != standard
        }
        self.regional = regional
        known = {value for values in dictionary("STCharacters").values() for value in values}
        self.standard = {variant: standard for variant, standard in regional.items() if variant not in known}
        self.simple = {key: values[0] for key, values in dictionary("TSCharacters").items()}
        self.members: dict[str, list[tuple[str, float]]] = defaultdict(list)
        back = dictionary("TSCharacters")
        for simplified, counterparts in self.families.items():
            for counterpart in counterparts:
                rank = (*back.get(counterpart, (counterpart,)), simplified).index(simplified)
                if simplified in back.get(counterpart, (counterpart,)):
                    self.members[counterpart].append((simplified, 1.0 if rank == 0 else SECOND_CHOICE))

    def is_option(self, character: str, counterpart: str, seen: Mapping[str, float]) -> bool:
        """Tell whether context may choose a counterpart: not a rare one, and not a region's form of another."""
        others = self.families[character]
        return seen[counterpart] >= RARE and self.regional.get(counterpart, "?") not in others

    def simplify(self, character: str) -> str:
        """The usual Simplified form."""
        standard = self.standard.get(character, character)
        return self.simple.get(standard, standard)


def evidence() -> Table:
    """Log-odds of each counterpart given a neighbour, over those of the character alone; and of the character alone."""
    variants = Variants()
    counts: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    alone: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for first, second, count in _pairs(variants):
        for character, side, neighbour in ((first, 1, second), (second, -1, first)):
            standard = variants.standard.get(character, character)
            for simplified, share in variants.members.get(standard, ()):
                counts[simplified, side, variants.simplify(neighbour)][standard] += count * share
                alone[simplified][standard] += count * share
    order = list(variants.families)
    rows: list[tuple[int, int, int]] = []
    values: list[NDArray[np.int8]] = []
    for (character, side, neighbour), seen in sorted(counts.items()):
        total = sum(seen.values())
        if total < LEAST or not "\u3000" <= neighbour <= "鿿":
            continue
        prior = _shares(alone[character], variants.families[character])
        posterior = [
            (seen[counterpart] + PRIOR * share) / (total + PRIOR)
            for counterpart, share in zip(variants.families[character][:WIDTH], prior, strict=False)
        ]
        odds = np.zeros(WIDTH)
        odds[: len(posterior)] = [math.log(p / q) for p, q in zip(posterior, prior, strict=False)]
        rows.append((order.index(character), side, ord(neighbour)))
        values.append(np.clip(np.round(odds / STEP), -127, 127).astype(np.int8))
    table = np.array(rows, np.int32)
    priors = np.zeros((len(order), WIDTH), np.float32)
    for row, character in enumerate(order):
        shares = _shares(alone[character], variants.families[character])[:WIDTH]
        priors[row, : len(shares)] = [
            math.log(share) if variants.is_option(character, counterpart, alone[character]) else 0.0
            for counterpart, share in zip(variants.families[character], shares, strict=False)
        ]
    return {
        "neighbours": table[:, 2].astype(np.uint16),
        "neighbour_rows": (table[:, 0] * 2 + (table[:, 1] > 0)).astype(np.uint16),
        "neighbour_odds": np.array(values),
        "priors": priors,
    }


def _shares(seen: Mapping[str, float], counterparts: str) -> list[float]:
    total = sum(seen[counterpart] + 1.0 for counterpart in counterparts)
    return [(seen[counterpart] + 1.0) / total for counterpart in counterparts]


def _pairs(variants: Variants) -> Iterator[tuple[str, str, float]]:
    """Pairs of neighbours in Traditional text, with their occurrences in `TOKENS` characters."""
    for gram, (_, hant, _) in cjclassifier():
        if len(gram) == 2 and hant:
            yield gram[0], gram[1], math.exp(hant) * TOKENS
    for text, weight in ((taiwan_law(), LAW), (cantonese(), CANTONESE)):
        for pair, count in Counter(pairwise(text)).items():
            yield *pair, count * weight
    yield from _word_pairs(variants)


def _word_pairs(variants: Variants) -> Iterator[tuple[str, str, float]]:
    """Pairs inside words that OpenCC has a phrase for."""
    known = phrases()
    for word, count in jieba_words().items():
        for value in known.get(word, ())[:1]:
            for first, second in pairwise(value):
                if not variants.members.keys().isdisjoint((first, second)):
                    yield first, second, count * JIEBA
