"""Gather the sources by script, and put the expected counts of all languages into one table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from opencc import OpenCC

import model_sources as sources
from model_counts import BITS, Counts, grams
from model_estimate import TOKENS, Expected, Script, Weights, convert_words, expected_counts
from model_prune import Sizes, Table, make_table
from model_symbols import CLASS_PAIRS, CLASSES, LEARNED_CLASSES, LEARNED_SIGNS, Symbols

# 1.996 MB in the wheel. Bytes restored, mean of four kinds of loss, Simplified (three kinds of text) and Traditional: 600 k +
# 405 k 79.5 %, 87.5 %; 420 k + 520 k 79.6, 87.4, but pairs of Hangul are lost; 520 k + 560 k 79.7, 87.6, but 2.18 MB.
SIZES = Sizes(pairs=592_000, triples=398_000)

# Japanese and Korean against TOKENS of each Chinese script: enough to know their text, too little to change Chinese. With 0.10
# and 0.06 75 % of Korean strings of four read in CP1252 came back, with 0.20 and 0.25 95 %. Of all mix-ups of four characters
# 93.2 % came back with 0.25 and 0.35, 93.5 with 0.35 and 0.35, 93.8 with 0.35 and 0.50, which lost 4 of 100 Chinese strings
# read as Korean; with the Chinese text of today 94.0 with 0.35 and 0.35, 94.2 with what stands here.
KANJI, JAPANESE, KOREAN = 0.05, 0.38, 0.42
OWN_SHARE = 0.8
"""Share of our own text in Japanese and in Korean; the rest are sentences of a user interface. Of all mix-ups of eight characters
99.0 % come back with a half, 99.2 % with this."""
UNSEEN = 0.15
"""Share of Korean that goes to the syllables of KS X 1001 alike: what a small sample has hardly seen is still Korean."""
SYLLABLES = frozenset(code for code in map(chr, range(0xAC00, 0xD7A4)) if len(code.encode("euc_kr", "ignore")) == 2)

OWN = 200.0
"""Weight of our own text, the only one that is like the web's. Lead and trail bytes of GBK restored in Simplified, of three kinds
together, and in Traditional: without it 77.4, 68.8, 86.7, 80.1 %, with 100 80.4, 73.0, 87.0, 81.4, with 200 80.8, 72.9, 87.2,
81.4, with 300 80.5, 72.5, 87.0, 81.3."""

DISCOUNT = 0.8
"""Taken from each count of a small sample, and so left to pairs that it lacks."""

CURL, CORNER = str.maketrans("「」『』", "“”‘’"), str.maketrans("“”‘’", "「」『』")
"""Simplified text quotes with curled marks, Traditional text with corner brackets."""


@dataclass(frozen=True, slots=True)
class Sources:
    """All that is counted."""

    simplified: Script
    traditional: Script
    kanji: dict[str, float]
    japanese: tuple[tuple[str, float], ...]
    korean: tuple[tuple[str, float], ...]


def read_sources() -> Sources:
    """Read everything and bring it to both scripts; raises ValueError if a package is not the pinned one."""
    wikipedia = dict(sources.cjclassifier())

    def wiki(index: int, length: int) -> dict[str, float]:
        return {gram: float(np.exp(p[index])) for gram, p in wikipedia.items() if p[index] and len(gram) == length}

    simplify, traditionalise = OpenCC("t2s").convert, OpenCC("s2tw").convert
    web = {character: float(n) for character, n in sources.jionlp_counts("char_distribution").items()}
    words = {word: float(n) for word, n in sources.jionlp_counts("word_distribution").items() if is_han(word)}
    jieba = {word: float(n) for word, n in sources.jieba_words().items() if is_han(word)}
    traditional_words = convert_words(words, traditionalise)
    china, taiwan = sources.china_law(), sources.taiwan_law()
    cantonese, novel = sources.cantonese(), sources.three_kingdoms()
    own_simplified, own_traditional = sources.own(sources.SIMPLIFIED), sources.own(sources.TRADITIONAL)
    simplified_texts = (
        (china, 10.0),
        (simplify(taiwan).translate(CURL), 3.0),
        (simplify(cantonese).translate(CURL), 3.0),
        (novel, 3.0),
        (sources.home_assistant("zh-Hans"), 10.0),
        (own_simplified, OWN),
        (simplify(own_traditional).translate(CURL), OWN / 2),
    )
    traditional_texts = (
        (taiwan, 10.0),
        (traditionalise(china).translate(CORNER), 5.0),
        (cantonese, 10.0),
        (traditionalise(novel).translate(CORNER), 3.0),
        (sources.home_assistant("zh-Hant"), 10.0),
        (traditionalise(own_simplified).translate(CORNER), OWN / 2),
        (own_traditional, OWN),
    )
    return Sources(
        Script(wiki(0, 1), wiki(0, 2), web, words, jieba, simplified_texts),
        Script(
            wiki(1, 1),
            wiki(1, 2),
            traditional_web(web, traditional_words),
            traditional_words,
            convert_words(jieba, traditionalise),
            traditional_texts,
        ),
        wiki(2, 2),
        ((sources.home_assistant("ja"), 1 - OWN_SHARE), (sources.own(sources.JAPANESE), OWN_SHARE)),
        ((sources.home_assistant("ko"), 1 - OWN_SHARE), (sources.own(sources.KOREAN), OWN_SHARE)),
    )


def traditional_web(web: dict[str, float], words: dict[str, float]) -> dict[str, float]:
    """Character counts of the web as if it were Traditional: hanzi of converted words, quotation marks mostly 「」."""
    counts = {character: n for character, n in web.items() if not is_han(character)}
    for word, n in words.items():
        for character in word:
            counts[character] = counts.get(character, 0) + n
    for mark in "“”‘’":
        counts[mark.translate(CORNER)] = counts[mark]
        counts[mark] *= 0.1
    return counts


def is_han(text: str) -> bool:
    """Whether a word is hanzi only."""
    return all("\u3400" <= character <= "\u9fff" for character in text)


def is_kana_or_hangul(character: str) -> bool:
    """Whether a character is learned from Japanese or Korean text."""
    return any(first <= character <= last for first, last in ("ぁゞ", "ァヾ", "가힣"))


def build(gathered: Sources, weights: Weights, sizes: Sizes) -> Table:
    """The arrays that `mojibake_fix.model` loads."""
    symbols = learned_symbols(gathered)
    expected = expected_counts(symbols, gathered.simplified, weights)
    expected += expected_counts(symbols, gathered.traditional, weights)
    kanji = Counts.collect(symbols.keys(gathered.kanji), np.array(list(gathered.kanji.values())) * TOKENS * KANJI)
    expected += Expected(kanji, Counts.empty(), kanji.by_first(symbols.size) * 1.5)
    for texts, mass in ((gathered.japanese, JAPANESE), (gathered.korean, KOREAN * (1 - UNSEEN))):
        for text, share in texts:
            expected += sample(symbols, text, TOKENS * mass * share)
    syllables = np.zeros(symbols.size)
    syllables[symbols.of("".join(sorted(SYLLABLES)))] = TOKENS * KOREAN * UNSEEN / len(SYLLABLES)
    expected += Expected(Counts.empty(), Counts.empty(), syllables)
    expected += fixed_classes(symbols, float(expected.totals.sum()))
    return make_table(symbols, expected, sizes)


def learned_symbols(gathered: Sources) -> Symbols:
    """The characters that get a symbol of their own."""
    web = gathered.simplified.web
    characters: list[tuple[str, float]] = [
        *gathered.simplified.characters.items(),
        *gathered.traditional.characters.items(),
        *((sign, max(web.get(sign, 0) / sum(web.values()), 1e-7)) for sign in LEARNED_SIGNS),
        *((pair[0], probability * KANJI) for pair, probability in gathered.kanji.items()),
    ]
    for texts in (gathered.japanese, gathered.korean):
        text = "".join(part for part, _ in texts)
        counts = Counter(filter(is_kana_or_hangul, text))
        characters += [(character, KOREAN * n / len(text)) for character, n in counts.items()]
    characters += [(character, KOREAN * UNSEEN / len(SYLLABLES)) for character in sorted(SYLLABLES)]
    frequency: dict[str, float] = {}
    for character, probability in characters:
        frequency[character] = frequency.get(character, 0) + probability
    return Symbols.ranked(frequency)


def sample(symbols: Symbols, text: str, mass: float) -> Expected:
    """Expected counts of Japanese or Korean, of which there is a small sample: pairs with kana or hangul only."""
    coded = symbols.of(text)
    scale = mass / len(coded)
    own = np.zeros(symbols.size, np.bool_)
    own[: len(symbols.learned)] = [is_kana_or_hangul(chr(code)) for code in symbols.learned.tolist()]
    pairs = grams(coded, 2).without(symbols.odd)
    pairs = pairs.where(own[pairs.first] | own[pairs.last])
    totals = np.bincount(coded, own[coded] * scale, symbols.size).astype(np.float64)
    return Expected(Counts(pairs.keys, (pairs.values - DISCOUNT) * scale), Counts.empty(), totals)


def fixed_classes(symbols: Symbols, total: float) -> Expected:
    """Expected counts of the classes, set by hand; of those that are also learned only a tenth."""
    totals = np.zeros(symbols.size)
    pairs: dict[int, float] = {}
    for symbol_class in CLASSES:
        symbol = symbols.number(symbol_class.name)
        learned = symbol_class.name in LEARNED_CLASSES
        totals[symbol] = symbol_class.per_million * 1e-6 * total * (0.1 if learned else 1)
        pairs[symbol << BITS | symbol] = totals[symbol] * symbol_class.stay
    for (before, after), probability in CLASS_PAIRS.items():
        symbol = symbols.number(before)
        pairs[symbol << BITS | symbols.number(after)] = totals[symbol] * probability
    values = np.array(list(pairs.values()))
    return Expected(Counts.collect(np.array(list(pairs), np.uint64), values), Counts.empty(), totals)
