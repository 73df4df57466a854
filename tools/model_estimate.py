"""From the sources to expected counts of pairs and triples of symbols in one thousand million characters a script.

No source has all: cjclassifier knows which hanzi follow each other in all of Wikipedia, but no punctuation; jionlp how
often words and marks occur on the web, but not in which order; law and Cantonese sentences are running text, but few
and of one kind. So the probability of what follows a hanzi is put together from two questions: does a mark follow
(word ends and running text say), and if not, which hanzi (cjclassifier, fitted to the web's frequencies, and words).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model_counts import BITS, Counts, grams, word_grams
from model_symbols import Symbols

Floats = NDArray[np.float64]

CLAUSE_ENDS = "，。！？；：…"
"""Marks that end a clause, and so stand behind the same hanzi."""

TOKENS = 1e9
"""Characters of running text that the expected counts of a script stand for."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How far each source is trusted.

    Found by coarse trials on held-out text (nats a character, restored bytes). They matter little: most move the rate
    of restored bytes by less than 1 point between half and double their value.
    """

    web: float = 0.6  # share of the web's frequencies of characters against Wikipedia's
    fit: float = 0.7  # how far Wikipedia's pairs follow the web's frequencies (exponent)
    word_pairs: float = 1.4  # pairs inside words, added to Wikipedia's: 0.5 restores 0.7 points less Simplified
    word_triples: float = 1.0
    jieba: float = 3.0  # for each count; a word of jionlp counts TOKENS / 11.4e9
    marks: float = 0.165  # share of hanzi with a mark after them: some 125 of 770 per mille in jionlp's counts
    mark_prior: float = 8000.0  # weight of the word-end estimate against (weighted) occurrences in running text
    mark_kind_prior: float = 1500.0  # likewise for which mark it is
    mark_class: float = 0.3  # share of marks ending a clause that goes by the web's frequencies, whatever stands before
    mark_fit: float = 0.3  # how far these follow the web's frequencies (exponent): 0.5 restores 1 point less in Hant
    text_successors: float = 0.6  # hanzi after a mark: share of running text against first characters of words
    text_pairs: float = 1.0
    text_discount: float = 10.0  # taken from each triple of running text: one occurrence in law
    mark_triples: float = 0.4  # trust in triples with marks, mostly of law: 0.6 restores 0.1 points less Simplified


@dataclass(frozen=True, slots=True)
class Script:
    """What the sources say of one script."""

    characters: dict[str, float]  # probabilities in Wikipedia
    pairs: dict[str, float]  # joint probabilities in Wikipedia
    web: dict[str, float]  # character counts of the web
    words: dict[str, float]  # words of the web and their counts
    jieba: dict[str, float]
    texts: tuple[tuple[str, float], ...]  # running text, weight


@dataclass(frozen=True, slots=True)
class Expected:
    """Expected counts: pairs, triples, and of each symbol."""

    pairs: Counts
    triples: Counts
    totals: Floats

    def __add__(self, other: Expected) -> Expected:
        """Two languages together."""
        return Expected(self.pairs + other.pairs, self.triples + other.triples, self.totals + other.totals)


def expected_counts(symbols: Symbols, script: Script, weights: Weights) -> Expected:
    """Expected counts of one script."""
    totals = character_totals(symbols, script, weights)
    text_pairs, text_triples = running_text(symbols, script.texts)
    words = word_counts(symbols, script, weights)
    marked = share_of_marks(symbols, text_pairs, totals, words, weights)
    between_hanzi = hanzi_pairs(symbols, script, totals, words.pairs, text_pairs, weights)
    to_marks = marks_after(symbols, text_pairs, totals, totals * marked, weights)
    from_marks = successors_of_marks(symbols, text_pairs, totals, words, weights)
    pairs = between_hanzi.scaled((1 - marked)[between_hanzi.first]) + to_marks + from_marks
    triples = all_triples(symbols, text_pairs, text_triples, words, pairs, weights)
    return Expected(pairs, triples, totals)


def character_totals(symbols: Symbols, script: Script, weights: Weights) -> Floats:
    """Expected occurrences of each symbol: hanzi from Wikipedia and the web, the rest from the web."""
    web = symbols.vector(script.web)
    web[symbols.odd] = 0
    web /= web.sum()
    wiki = symbols.vector(script.characters) * symbols.hanzi
    wiki *= web[symbols.hanzi].sum() / wiki.sum()
    mixed: Floats = np.where(symbols.hanzi, weights.web * web + (1 - weights.web) * wiki, web)
    return mixed * (TOKENS / float(mixed.sum()))


def running_text(symbols: Symbols, texts: Iterable[tuple[str, float]]) -> tuple[Counts, Counts]:
    """Weighted pairs and triples of running text, without odd signs."""
    pairs = triples = Counts.empty()
    for text, weight in texts:
        coded = symbols.of(text)
        for_pairs, for_triples = grams(coded, 2), grams(coded, 3)
        pairs += for_pairs.without(symbols.odd).scaled(weight)
        triples += for_triples.where(for_triples.values > 1).without(symbols.odd).scaled(weight)
    return pairs, triples


@dataclass(frozen=True, slots=True)
class Words:
    """What words say: pairs and triples inside them, how often each symbol begins one, ends one, stands in one."""

    pairs: Counts
    triples: Counts
    initial: Floats
    final: Floats
    inside: Floats


def word_counts(symbols: Symbols, script: Script, weights: Weights) -> Words:
    """Counts inside words, at the scale of TOKENS."""
    unit = TOKENS / sum(script.web.values())
    pairs = triples = Counts.empty()
    initial, final, inside = np.zeros((3, symbols.size))
    for lexicon, weight in ((script.words, unit), (script.jieba, weights.jieba)):
        coded = [symbols.of(word) for word in lexicon]
        counts = np.array(list(lexicon.values())) * weight
        pairs += word_grams(coded, counts, 2)
        triples += word_grams(coded, counts, 3)
        lengths = np.array([len(word) for word in coded])
        np.add.at(initial, [word[0] for word in coded], counts)
        np.add.at(final, [word[-1] for word in coded], counts)
        np.add.at(inside, np.concatenate(coded), np.repeat(counts, lengths))
    return Words(pairs, triples, initial, final, inside)


def hanzi_pairs(
    symbols: Symbols, script: Script, totals: Floats, word_pairs: Counts, text_pairs: Counts, weights: Weights
) -> Counts:
    """Expected pairs of hanzi, as if no marks stood between."""
    wiki_totals = symbols.vector(script.characters)
    ratio = totals / TOKENS / np.maximum(wiki_totals, 1e-9)
    ratio = np.clip(np.where(symbols.hanzi & (wiki_totals > 0), ratio, 1), 0.1, 10) ** weights.fit
    wiki = Counts.collect(symbols.keys(script.pairs), np.array(list(script.pairs.values())))
    known = np.minimum(0.98, wiki.by_first(symbols.size) / np.maximum(wiki_totals, 1e-9))
    fitted = wiki.scaled(ratio[wiki.first] * ratio[wiki.last])
    rows = fitted.by_first(symbols.size)
    fitted = fitted.scaled((known * totals / np.maximum(rows, 1e-12))[fitted.first])
    hanzi = symbols.hanzi
    text = text_pairs.where(hanzi[text_pairs.first] & hanzi[text_pairs.last]).scaled(weights.text_pairs)
    return fitted + word_pairs.scaled(weights.word_pairs) + text


def share_of_marks(symbols: Symbols, text: Counts, totals: Floats, words: Words, weights: Weights) -> Floats:
    """How often a mark follows each hanzi: as often as it ends a word, corrected by running text."""
    hanzi = symbols.hanzi
    ends = (words.final + 10) / (words.inside + 20)
    prior = np.minimum(ends * weights.marks / (ends[hanzi] @ totals[hanzi] / totals[hanzi].sum()), 0.7)
    seen = text.by_first(symbols.size)
    marks = np.bincount(text.first, text.values * ~hanzi[text.last], symbols.size)
    overall = marks[hanzi].sum() / seen[hanzi].sum()
    marks *= weights.marks / overall
    share = (marks + weights.mark_prior * prior) / (seen + weights.mark_prior)
    return np.where(hanzi, np.minimum(share, 0.9), 0.0)


def marks_after(symbols: Symbols, text: Counts, totals: Floats, marked: Floats, weights: Weights) -> Counts:
    """Expected pairs of a hanzi and a mark; `marked` is how often each hanzi has one after it."""
    hanzi = symbols.hanzi
    followed = text.where(hanzi[text.first] & ~hanzi[text.last])
    seen = np.bincount(followed.last, followed.values, symbols.size)
    # Law has its own taste in marks (、 five times as often as news): bring them to the web's frequencies.
    web_kinds = np.where(seen > 0, totals, 0)
    correction = np.clip(web_kinds / web_kinds.sum() / np.maximum(seen / seen.sum(), 1e-9), 0.1, 10)
    correction **= weights.mark_fit
    kinds = seen * correction / (seen * correction).sum()
    chosen = np.flatnonzero(kinds > 1e-5)
    firsts = np.flatnonzero(hanzi)
    keys = (firsts[:, None] << BITS | chosen).astype(np.uint64)
    table = followed.lookup(keys) * correction[chosen] + weights.mark_kind_prior * kinds[chosen]
    # Where 。 may stand ！ may stand as well, which no text of ours shows often enough: one more class, as the web has it.
    ends = np.isin(chosen, symbols.of(CLAUSE_ENDS))
    shares = web_kinds[chosen] * ends / web_kinds[chosen[ends]].sum()
    of_class = (table * ends).sum(1, keepdims=True)
    table = table * np.where(ends, 1 - weights.mark_class, 1) + weights.mark_class * of_class * shares
    table /= table.sum(1, keepdims=True)
    table *= marked[firsts, None]
    return Counts.collect(keys.ravel(), table.ravel()).above(TOKENS * 2e-8)


def successors_of_marks(symbols: Symbols, text: Counts, totals: Floats, words: Words, weights: Weights) -> Counts:
    """Expected pairs of a mark and what follows it: running text, and for hanzi also first characters of words."""
    hanzi = symbols.hanzi
    after = text.where(~hanzi[text.first])
    seen = after.by_first(symbols.size)
    share = after.values / seen[after.first] * totals[after.first]
    observed = Counts(after.keys, share * np.where(hanzi[after.last], weights.text_successors, 1))
    to_hanzi = np.bincount(after.first, share * hanzi[after.last], symbols.size)
    initial = words.initial * hanzi
    initial /= initial.sum()
    marks, firsts = np.flatnonzero(to_hanzi), np.flatnonzero(initial > 1e-6)
    keys = (marks[:, None] << BITS | firsts).astype(np.uint64)
    expected = to_hanzi[marks, None] * (1 - weights.text_successors) * initial[firsts]
    return observed + Counts.collect(keys.ravel(), expected.ravel()).above(TOKENS * 2e-8)


def all_triples(
    symbols: Symbols, text_pairs: Counts, text: Counts, words: Words, pairs: Counts, weights: Weights
) -> Counts:
    """Expected triples; those with marks are brought to the scale of the expected pairs."""
    hanzi = symbols.hanzi
    first, second = text.first >> BITS, text.first & 0xFFFF
    scale = pairs.lookup(text.contexts) / (text_pairs.lookup(text.contexts) + 30)
    only_hanzi = hanzi[first] & hanzi[second]
    kept = Counts(text.keys, np.maximum(text.values - weights.text_discount, 0))
    text = kept.scaled(np.where(only_hanzi, 1.0, weights.mark_triples * np.minimum(scale, 1e6)))
    triples = words.triples.scaled(weights.word_triples) + text
    return triples.where(pairs.lookup(triples.contexts) > 0)


Convert = Callable[[str], str]


def convert_words(words: dict[str, float], convert: Convert) -> dict[str, float]:
    """Words in the other script; counts of words that become the same are added."""
    converted: dict[str, float] = {}
    for word, count in zip(convert("\n".join(words)).split("\n"), words.values(), strict=True):
        converted[word] = converted.get(word, 0) + count
    return converted
