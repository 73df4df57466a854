"""Gather the sources by script, and put the expected counts of all languages into one table."""

from __future__ import annotations

from dataclasses import dataclass

import model_sources as sources
import numpy as np
from model_counts import BITS, Counts
from model_estimate import TOKENS, Expected, Script, Weights, convert_words, expected_counts
from model_prune import Sizes, Table, make_table
from model_symbols import CLASS_PAIRS, CLASSES, LEARNED_CLASSES, LEARNED_SIGNS, Symbols
from opencc import OpenCC

SIZES = Sizes(620_000, 300_000)


@dataclass(frozen=True, slots=True)
class Sources:
    simplified: Script
    traditional: Script
    japanese: dict[str, float]


def read_sources() -> Sources:
    """Read everything and bring it to both scripts."""
    grams = dict(sources.cjclassifier())
    web = {c: float(n) for c, n in sources.jionlp_counts("char_distribution").items()}
    words = {w: float(n) for w, n in sources.jionlp_counts("word_distribution").items() if is_word(w)}
    jieba = {w: float(n) for w, n in sources.jieba_words().items() if is_word(w)}
    china, taiwan, cantonese = sources.china_law(), sources.taiwan_law(), sources.cantonese()
    simplify, traditionalise = OpenCC("t2s").convert, OpenCC("s2tw").convert
    curl, corner = str.maketrans("「」『』", "“”‘’"), str.maketrans("“”‘’", "「」『』")
    hant_words = convert_words(words, traditionalise)
    hant_web: dict[str, float] = {c: n for c, n in web.items() if not is_word(c)}
    for word, count in hant_words.items():
        for c in word:
            hant_web[c] = hant_web.get(c, 0) + count
    for marks in ("“”", "‘’"):
        for mark in marks:
            hant_web[mark.translate(corner)] = hant_web[mark]
            hant_web[mark] *= 0.1

    def wiki(index: int, length: int) -> dict[str, float]:
        return {g: float(np.exp(p[index])) for g, p in grams.items() if p[index] and len(g) == length}

    simplified = Script(
        wiki(0, 1), wiki(0, 2), web, words, jieba,
        ((china, 10), (simplify(taiwan).translate(curl), 3), (simplify(cantonese).translate(curl), 3)),
    )  # fmt: skip
    traditional = Script(
        wiki(1, 1), wiki(1, 2), hant_web, hant_words, convert_words(jieba, traditionalise),
        ((taiwan, 10), (traditionalise(china).translate(corner), 5), (cantonese, 10)),
    )  # fmt: skip
    return Sources(simplified, traditional, wiki(2, 2))


def is_word(text: str) -> bool:
    return all("\u3400" <= c <= "\u9fff" for c in text)


def build(sources: Sources, weights: Weights, sizes: Sizes) -> Table:
    frequency: dict[str, float] = {}
    for script in (sources.simplified, sources.traditional):
        for c, p in script.characters.items():
            frequency[c] = frequency.get(c, 0) + p
    total = sum(sources.simplified.web.values())
    for c in LEARNED_SIGNS:
        frequency[c] = max(sources.simplified.web.get(c, 0) / total, 1e-7)
    for g, p in sources.japanese.items():
        frequency[g[0]] = frequency.get(g[0], 0) + p / 10
    symbols = Symbols.ranked(frequency)
    expected = expected_counts(symbols, sources.simplified, weights) + expected_counts(symbols, sources.traditional, weights)
    japanese = Counts.collect(symbols.keys(sources.japanese), np.array(list(sources.japanese.values())) * TOKENS * 0.05)
    expected += Expected(japanese, Counts.empty(), np.bincount(japanese.first, japanese.values, symbols.size) * 1.5)
    expected += fixed_classes(symbols, float(expected.totals.sum()))
    return make_table(symbols, Expected(expected.pairs, expected.triples, np.maximum(expected.totals, 1)), sizes)


def fixed_classes(symbols: Symbols, total: float) -> Expected:
    totals = np.zeros(symbols.size)
    pairs: dict[int, float] = {}
    for symbol_class in CLASSES:
        symbol = symbols.number(symbol_class.name)
        count = symbol_class.per_million * 1e-6 * total * (0.1 if symbol_class.name in LEARNED_CLASSES else 1)
        totals[symbol] = count
        pairs[symbol << BITS | symbol] = count * symbol_class.stay
    for (before, after), probability in CLASS_PAIRS.items():
        symbol = symbols.number(before)
        pairs[symbol << BITS | symbols.number(after)] = totals[symbol] * probability
    return Expected(Counts.collect(np.array(list(pairs), np.uint64), np.array(list(pairs.values()))), Counts.empty(), totals)
