"""From counts to the table of the character model."""

from __future__ import annotations

from dataclasses import dataclass

import model_sources as sources
import numpy as np
from model_counts import BITS, Counts, grams, word_grams
from model_symbols import CLASS_PAIRS, CLASSES, CODE_POINTS, ENGLISH_LETTERS, LEARNED_SIGNS
from numpy.typing import NDArray
from opencc import OpenCC

Table = dict[str, NDArray[np.generic]]

TOKENS = 1.4e9
STEP = 0.25
PAIRS = 620_000
TRIPLES = 300_000
LEARNED_CLASSES = ("ascii lower", "ascii upper", "digit", "full-width digit")


@dataclass(frozen=True, slots=True)
class Symbols:
    """The learned characters, most frequent first, and the symbol of every code point."""

    learned: NDArray[np.uint32]
    symbol_of: NDArray[np.uint16]

    @property
    def size(self) -> int:
        return len(self.learned) + len(CLASSES)

    def number(self, name: str) -> int:
        """Symbol of the class `name`."""
        return len(self.learned) + [c.name for c in CLASSES].index(name)

    def of(self, text: str) -> NDArray[np.uint16]:
        return self.symbol_of[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]

    @property
    def hanzi(self) -> NDArray[np.bool_]:
        """Which symbols are learned hanzi."""
        mask = np.zeros(self.size, np.bool_)
        mask[: len(self.learned)] = is_hanzi(self.learned)
        return mask

    @property
    def odd(self) -> NDArray[np.bool_]:
        """Which symbols are classes that must not be learned."""
        mask = np.zeros(self.size, np.bool_)
        mask[len(self.learned) :] = True
        for name in LEARNED_CLASSES:
            mask[self.number(name)] = False
        return mask


def is_hanzi(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return ((codes >= 0x3400) & (codes <= 0x9FFF)) | (codes >= 0x20000) | (codes == 0x3007) | (codes == 0x3005)


def estimate() -> Table:
    """Count all sources and give the arrays that `mojibake_fix.model` loads."""
    gram_probabilities = dict(sources.cjclassifier())
    characters = {gram: p for gram, p in gram_probabilities.items() if len(gram) == 1}
    web = sources.jionlp_counts("char_distribution")
    words = sources.jionlp_counts("word_distribution")
    jieba = sources.jieba_words()
    to_hant, to_hans = OpenCC("s2tw").convert, OpenCC("t2s").convert
    china, taiwan, cantonese = sources.china_law(), sources.taiwan_law(), sources.cantonese()
    quotes = str.maketrans("「」『』", "“”‘’")
    back = str.maketrans("“”‘’", "「」『』")
    taiwan_hans = to_hans(taiwan).translate(quotes)
    china_hant = to_hant(china).translate(back)

    frequency: dict[str, float] = {}
    for index, weight in ((0, 0.42), (1, 0.42), (2, 0.06)):
        for c, p in characters.items():
            if p[index]:
                frequency[c] = frequency.get(c, 0) + weight * float(np.exp(p[index]))
    total = sum(web.values())
    for c in LEARNED_SIGNS:
        frequency[c] = max(web.get(c, 0) / total, 1e-7)
    symbols = make_symbols(frequency)

    wh = {w: n for w, n in words.items() if len(w) < 12 and all(is_word(c) for c in w)}
    jh = {w: n for w, n in jieba.items() if len(w) < 12 and all(is_word(c) for c in w)}
    scripts = []
    for index, convert, texts in (
        (0, str, ((china, 10.0), (taiwan_hans, 3.0), (to_hans(cantonese).translate(quotes), 3.0))),
        (1, to_hant, ((taiwan, 10.0), (china_hant, 5.0), (cantonese, 10.0))),
    ):
        cj = Counts.collect(
            np.array([key(symbols.of(g)) for g, p in gram_probabilities.items() if len(g) == 2 and p[index]], np.uint64),
            np.exp([p[index] for g, p in gram_probabilities.items() if len(g) == 2 and p[index]])
            * sources.CJ_TOTALS["zh-hans"][1],
        )
        chars = np.zeros(symbols.size)
        for c, p in characters.items():
            if p[index]:
                chars[symbols.of(c)[0]] = np.exp(p[index]) * TOKENS
        lexicon = [(convert_words(jionlp_, convert), weight) for jionlp_, weight in ((wh, 0.1), (jh, 2.0))]
        scripts.append(script_counts(symbols, cj, chars, lexicon, texts, web))
    pairs = scripts[0][0] + scripts[1][0]
    triples = scripts[0][1] + scripts[1][1]
    margin = scripts[0][2] + scripts[1][2]

    ja = Counts.collect(
        np.array([key(symbols.of(g)) for g, p in gram_probabilities.items() if len(g) == 2 and p[2]], np.uint64),
        np.exp([p[2] for g, p in gram_probabilities.items() if len(g) == 2 and p[2]]) * TOKENS * 0.05,
    )
    pairs += ja
    margin += np.bincount(ja.first, ja.values, symbols.size) * 1.5
    class_pairs, class_margin = fixed_classes(symbols, margin.sum())
    pairs += class_pairs
    margin = np.maximum(margin, 1) + class_margin
    return prune(symbols, pairs, triples, margin)


def is_word(c: str) -> bool:
    return "\u3400" <= c <= "\u9fff"


def convert_words(words: dict[str, int], convert: type[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    converted = convert("\n".join(words)).split("\n")
    for w, n in zip(converted, words.values(), strict=True):
        out[w] = out.get(w, 0) + n
    return out


def key(symbols: NDArray[np.uint16]) -> int:
    value = 0
    for s in symbols.tolist():
        value = value << BITS | s
    return value


def make_symbols(frequency: dict[str, float]) -> Symbols:
    ranked = sorted(frequency, key=lambda c: (-frequency[c], c))
    learned = np.array([ord(c) for c in ranked], np.uint32)
    symbol_of = np.zeros(CODE_POINTS, np.uint16)
    for number, cls in enumerate(CLASSES):
        for first, last in cls.ranges:
            symbol_of[first : last + 1] = len(learned) + number
    symbol_of[learned] = np.arange(len(learned))
    return Symbols(learned, symbol_of)


def script_counts(symbols, cj, chars, lexicon, texts, web):
    han = symbols.hanzi
    odd = symbols.odd
    size = symbols.size
    # running text
    text2 = Counts.collect(np.zeros(0, np.uint64), np.zeros(0))
    text3 = text2
    for text, weight in texts:
        coded = symbols.of(text)
        two, three = grams(coded, 2), grams(coded, 3)
        two = two.where(~(odd[two.first] | odd[two.last]))
        a = (three.keys >> np.uint64(32)).astype(np.int64)
        b = ((three.keys >> np.uint64(16)) & np.uint64(0xFFFF)).astype(np.int64)
        three = three.where(~(odd[a] | odd[b] | odd[three.last]))
        text2 += two.scaled(weight)
        text3 += three.scaled(weight)
    # words
    word2 = word3 = Counts.collect(np.zeros(0, np.uint64), np.zeros(0))
    initial, final, inside = np.zeros(size), np.zeros(size), np.zeros(size)
    for words, weight in lexicon:
        coded = [symbols.of(w) for w in words]
        ns = list(words.values())
        word2 += word_grams(coded, ns, 2).scaled(weight)
        word3 += word_grams(coded, ns, 3).scaled(weight)
        np.add.at(initial, [w[0] for w in coded], np.array(ns) * weight)
        np.add.at(final, [w[-1] for w in coded], np.array(ns) * weight)
        for w, n in zip(coded, ns, strict=True):
            inside[w] += n * weight
    total = TOKENS
    both = han[text2.first] & han[text2.last]
    hh = cj + word2.scaled(0.5) + text2.where(both)
    n_a = np.where(han, np.maximum(chars, 1), 0)
    # marks after hanzi
    out = np.bincount(text2.first, text2.values, size)
    to_mark = text2.where(han[text2.first] & ~han[text2.last])
    marks = np.bincount(to_mark.first, to_mark.values, size)
    end = (final + 10) / (inside + 10)
    prior = np.minimum(0.12 / (end @ n_a / n_a.sum()) * end, 0.6)
    q = np.where(han, (marks + 2000 * prior) / (out + 2000), 0)
    mean_mark = np.bincount(to_mark.last, to_mark.values, size)
    mean_mark /= mean_mark.sum()
    hp_keys = (np.arange(size)[han][:, None] << BITS | np.flatnonzero(mean_mark > 1e-4)[None]).ravel().astype(np.uint64)
    hp_p = (text2.lookup(hp_keys).reshape(han.sum(), -1) + 300 * mean_mark[mean_mark > 1e-4]) / (marks[han, None] + 300)
    hp = Counts(hp_keys, ((n_a * q)[han, None] * hp_p).ravel())
    order = np.argsort(hp.keys)
    hp = Counts(hp.keys[order], hp.values[order])
    hp = hp.where(hp.values > 50)
    # rows of marks
    unit = total / sum(web.values())
    n_p = np.zeros(size)
    for c, n in web.items():
        s = symbols.of(c)[0]
        if not han[s] and not odd[s]:
            n_p[s] += n * unit
    from_mark = text2.where(~han[text2.first])
    rows = from_mark.values / np.maximum(out, 1)[from_mark.first]
    trust = 0.6
    ph = Counts(from_mark.keys, n_p[from_mark.first] * rows * np.where(han[from_mark.last], trust, 1))
    to_han = np.bincount(ph.first, np.where(han[ph.last], from_mark.values, 0), size) / np.maximum(out, 1)
    initial = initial * han / (initial * han).sum()
    marks_ = np.flatnonzero((~han) & (n_p > 0) & (to_han > 0))
    firsts = np.flatnonzero(initial > 1e-6)
    pk = (marks_[:, None] << BITS | firsts[None]).ravel().astype(np.uint64)
    pv = ((n_p * to_han)[marks_][:, None] * (1 - trust) * initial[firsts][None]).ravel()
    ph += Counts.collect(pk, pv)
    pairs = hh + hp + ph
    margin = n_a + n_p
    rowsum = np.bincount(pairs.first, pairs.values, size)
    margin = np.maximum(margin, rowsum * 1.02)
    # triples
    a = (text3.keys >> np.uint64(32)).astype(np.int64)
    ctx = text3.contexts
    b = text3.first & 0xFFFF
    markish = ~han[a] | ~han[b]
    t2 = text2.lookup(ctx)
    share = pairs.lookup(ctx) / (t2 + 30)
    values = text3.values * np.where(markish, np.minimum(share, 1e9), 1.0)
    text3 = Counts(text3.keys, values).where(text3.values >= 3 * texts[0][1] * 0.3)
    triples = word3.scaled(0.7) + text3
    c2 = pairs.lookup(triples.contexts)
    triples = triples.where(c2 > 0)
    return pairs, triples, margin


def fixed_classes(symbols: Symbols, total: float) -> tuple[Counts, NDArray[np.float64]]:
    margin = np.zeros(symbols.size)
    keys, values = [], []
    for cls in CLASSES:
        s = symbols.number(cls.name)
        n = cls.per_million * 1e-6 * total
        margin[s] = n
        if cls.name not in ("digit", "full-width digit"):
            keys.append(s << BITS | s)
            values.append(n * cls.stay)
    for (x, y), p in CLASS_PAIRS.items():
        s = symbols.number(x)
        keys.append(s << BITS | symbols.number(y))
        values.append(margin[s] * p)
    return Counts.collect(np.array(keys, np.uint64), np.array(values)), margin


def quantise(logs):
    return np.clip(np.rint(np.round(-logs / STEP, 6)), 0, 255).astype(np.uint8)


def prune(symbols: Symbols, pairs: Counts, triples: Counts, margin) -> Table:
    size = symbols.size
    unigram = margin / margin.sum()
    log1 = np.log(unigram)
    rowsum = np.bincount(pairs.first, pairs.values, size)
    margin = np.maximum(margin, rowsum * 1.01)
    p2 = pairs.values / margin[pairs.first]
    left = 1 - np.bincount(pairs.first, p2, size)
    under = 1 - np.bincount(pairs.first, unigram[pairs.last], size)
    bow = np.log(np.maximum(left, 1e-3) / np.maximum(under, 1e-3))
    gain = np.round(pairs.values * np.abs(np.log(p2) - bow[pairs.first] - log1[pairs.last]), 3)
    keep = np.sort(np.argsort(-gain, kind="stable")[:PAIRS])
    kept = pairs.where(keep_mask(len(gain), keep))
    p2 = p2[keep]
    codes2 = quantise(np.log(p2))
    q2 = np.exp(-STEP * codes2.astype(float))
    left = 1 - np.bincount(kept.first, p2, size)
    under = 1 - np.bincount(kept.first, unigram[kept.last], size)
    bow = np.log(np.maximum(left, 1e-3) / np.maximum(under, 1e-3))
    # level 3
    model2 = Counts(kept.keys, q2)
    ctx_index = np.searchsorted(kept.keys, triples.contexts)
    ok = (ctx_index < len(kept.keys)) & (kept.keys[np.minimum(ctx_index, len(kept.keys) - 1)] == triples.contexts)
    triples = triples.where(ok)
    context = ctx_index[ok]
    total3 = np.bincount(context, triples.values, len(kept.keys))
    room = np.maximum(kept.values, total3 * 1.05)
    p3 = triples.values / room[context]
    b = triples.first & 0xFFFF
    low_key = (b << BITS | triples.last).astype(np.uint64)
    p2low = model2.lookup(low_key)
    lower = np.where(p2low > 0, p2low, np.exp(bow[b] + log1[triples.last]))
    left3 = np.maximum(1 - np.bincount(context, p3, len(kept.keys)), 1e-3)
    gain3 = np.round(triples.values * (np.log(p3) - np.log(lower) - np.log(left3)[context] * 0), 3)
    keep3 = np.sort(np.argsort(-gain3, kind="stable")[:TRIPLES])
    mask3 = keep_mask(len(gain3), keep3)
    kept3 = triples.where(mask3)
    context, p3, lower = context[mask3], p3[mask3], lower[mask3]
    left3 = 1 - np.bincount(context, p3, len(kept.keys))
    under3 = 1 - np.bincount(context, lower, len(kept.keys))
    bow3 = np.log(np.maximum(left3, 1e-3) / np.maximum(under3, 1e-3))
    counts3 = np.bincount(context, minlength=len(kept.keys))
    has = counts3 > 0
    return {
        "learned": symbols.learned,
        "class_ranges": np.array([(f, l, i) for i, c in enumerate(CLASSES) for f, l in c.ranges], np.uint32),
        "class_shares": class_shares(symbols),
        "letter_shares": np.log([ENGLISH_LETTERS[c] / sum(ENGLISH_LETTERS.values()) for c in sorted(ENGLISH_LETTERS)]).astype(np.float32),
        "unigrams": np.round(log1, 5).astype(np.float16),
        "backoff": np.round(bow, 5).astype(np.float16),
        "pair_counts": np.bincount(kept.first, minlength=size).astype(np.uint16),
        **split("pair", kept.last),
        "pair_codes": codes2,
        "pair_backoff": quantise(np.minimum(bow3, 0))[has],
        "triple_counts": counts3.astype(np.uint16),
        **split("triple", kept3.last),
        "triple_codes": quantise(np.log(p3)),
    }


def keep_mask(size, indices):
    mask = np.zeros(size, np.bool_)
    mask[indices] = True
    return mask


def split(name, symbols):
    differences = np.diff(symbols.astype(np.uint16), prepend=np.uint16(0))
    return {f"{name}_low": (differences & 0xFF).astype(np.uint8), f"{name}_high": (differences >> 8).astype(np.uint8)}


def class_shares(symbols: Symbols) -> NDArray[np.float32]:
    sizes = np.bincount(symbols.symbol_of.astype(np.int64), minlength=symbols.size)[len(symbols.learned) :]
    return np.round(-np.log(np.maximum(sizes, 1)), 5).astype(np.float32)
