"""The symbols of the character model: which code points are learned one by one, and which stand in classes.

A class is one symbol for many code points. Its probability is fixed here and never learned, because manuals and
web pages hold garbled text too: with the odd signs of manuals learned, 2.4 % of clean spans of 8 characters lost to
a re-decoding such as `Ïà¾§¸ñ`; with fixed values none did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CODE_POINTS = 0x110000


@dataclass(frozen=True, slots=True)
class SymbolClass:
    """Code points that share one symbol.

    `per_million` is how often the class starts in a million characters of running text; `stay` is the probability
    that another character of the class follows one; `ranges` are inclusive.
    """

    name: str
    per_million: float
    stay: float
    ranges: tuple[tuple[int, int], ...]


# Frequencies of English letters in per cent (Norvig's count of the Google books corpus, rounded).
ENGLISH_LETTERS = dict(
    zip(
        "etaoinsrhldcumfpgwybvkxjqz",
        (12.5, 9.3, 8.0, 7.6, 7.6, 7.2, 6.5, 6.3, 5.1, 4.1, 3.8, 3.3, 2.7, 2.5, 2.4, 2.1, 1.9, 1.7, 1.7, 1.5, 1.1, 0.5,
         0.24, 0.16, 0.12, 0.09),
        strict=True,
    )
)  # fmt: skip

# Later classes win where ranges overlap; what no class names falls to `unassigned`. Values of `stay` make a letter
# inside a word of an ordinary script cost 4 to 6 nats: Russian or Greek text stays readable, but two such letters
# do not beat the one common hanzi (5 to 7 nats) that they may hide. Signs that seldom stand in runs in true text but
# do in damage (accented capitals, half-width katakana, box drawing) cost 8 to 9.5 nats: with 6.5, 46 % of GBK read as
# CP932, 19 % as CP1251 and 11 % as CP437 passed the threshold that 1 % of clean spans of 4 miss; now 0, 2.4 and 0.02 %.
CLASSES: tuple[SymbolClass, ...] = (
    SymbolClass("unassigned", 0.5, 0.3, ((0x80, CODE_POINTS - 1),)),
    SymbolClass("control", 1, 0.1, ((0x00, 0x08), (0x0B, 0x0C), (0x0E, 0x1F), (0x7F, 0x7F))),
    SymbolClass("c1 control", 0.5, 0.1, ((0x80, 0x9F),)),
    SymbolClass("ascii lower", 14000, 0.83, ((0x61, 0x7A),)),
    SymbolClass("ascii upper", 6000, 0.45, ((0x41, 0x5A),)),
    SymbolClass("digit", 30000, 0.60, ((0x30, 0x39),)),
    SymbolClass("no-break space", 20, 0.2, ((0xA0, 0xA0),)),
    SymbolClass("latin-1 sign", 10, 0.005, ((0xA1, 0xBF),)),
    SymbolClass("common sign", 150, 0.1, tuple((c, c) for c in (0xA7, 0xA9, 0xAE, 0xB0, 0xB1, 0xD7, 0xF7))),
    SymbolClass("middle dot", 300, 0.1, ((0xB7, 0xB7),)),
    SymbolClass("latin-1 upper", 15, 0.003, ((0xC0, 0xD6), (0xD8, 0xDE))),
    SymbolClass("latin-1 lower", 40, 0.02, ((0xDF, 0xF6), (0xF8, 0xFF))),
    SymbolClass("latin extended", 15, 0.02, ((0x100, 0x24F),)),
    SymbolClass("phonetic", 2, 0.4, ((0x250, 0x2FF),)),
    SymbolClass("combining mark", 2, 0.1, ((0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF))),
    SymbolClass("greek", 15, 0.7, ((0x370, 0x3FF),)),
    SymbolClass("greek extended", 0.5, 0.2, ((0x1F00, 0x1FFF),)),
    SymbolClass("cyrillic other", 1, 0.02, ((0x400, 0x52F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F))),
    SymbolClass("cyrillic upper", 6, 0.02, ((0x401, 0x401), (0x410, 0x42F))),
    SymbolClass("cyrillic lower", 15, 0.55, ((0x430, 0x44F), (0x451, 0x451))),
    SymbolClass("armenian", 1, 0.8, ((0x530, 0x58F),)),
    SymbolClass("hebrew", 2, 0.75, ((0x590, 0x5FF), (0xFB1D, 0xFB4F))),
    SymbolClass("arabic other", 1, 0.3, ((0x600, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFE))),
    SymbolClass("arabic", 4, 0.75, ((0x61F, 0x6D5),)),
    SymbolClass("devanagari", 2, 0.8, ((0x900, 0x97F),)),
    SymbolClass("indic", 2, 0.8, ((0x980, 0xDFF),)),
    SymbolClass("thai", 3, 0.85, ((0xE00, 0xE7F),)),
    SymbolClass("lao, tibetan, burmese", 1, 0.85, ((0xE80, 0x109F),)),
    SymbolClass("georgian", 1, 0.8, ((0x10A0, 0x10FF), (0x1C90, 0x1CBF))),
    SymbolClass("hangul jamo", 1, 0.3, ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xD7B0, 0xD7FF))),
    SymbolClass("further script", 1, 0.85, ((0x780, 0x89F), (0x1200, 0x1AAF), (0x1B00, 0x1C7F), (0x2C00, 0x2DDF),
                                            (0xA4D0, 0xA63F), (0xA800, 0xABFF))),
    SymbolClass("vietnamese", 5, 0.05, ((0x1E00, 0x1EFF),)),
    SymbolClass("phonetic extension", 0.5, 0.3, ((0x1D00, 0x1DBF), (0xA6A0, 0xA7FF))),
    SymbolClass("general punctuation", 10, 0.2, ((0x2000, 0x2027), (0x2030, 0x205F), (0x2E00, 0x2E7F))),
    SymbolClass("format", 30, 0.1, ((0xAD, 0xAD), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F),
                                    (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xE0000, 0xE0FFF))),
    SymbolClass("superscript or currency", 10, 0.1, ((0x2070, 0x20CF),)),
    SymbolClass("letter-like or number form", 40, 0.1, ((0x2100, 0x218F),)),
    SymbolClass("arrow", 20, 0.1, ((0x2190, 0x21FF), (0x27F0, 0x27FF), (0x2900, 0x297F), (0x2B00, 0x2BFF))),
    SymbolClass("mathematical", 20, 0.05, ((0x2200, 0x22FF), (0x27C0, 0x27EF), (0x2980, 0x2AFF))),
    SymbolClass("technical", 2, 0.1, ((0x2300, 0x245F),)),
    SymbolClass("enclosed", 60, 0.05, ((0x2460, 0x24FF), (0x3200, 0x33FF), (0x1F100, 0x1F1FF))),
    SymbolClass("box drawing", 3, 0.02, ((0x2500, 0x259F),)),
    SymbolClass("horizontal rule", 5, 0.8, ((0x2500, 0x2501), (0x2550, 0x2550))),
    SymbolClass("geometric", 80, 0.2, ((0x25A0, 0x26FF),)),
    SymbolClass("dingbat", 10, 0.1, ((0x2700, 0x27BF),)),
    SymbolClass("braille", 0.5, 0.5, ((0x2800, 0x28FF),)),
    SymbolClass("radical", 1, 0.05, ((0x2E80, 0x2FFF), (0x31C0, 0x31EF))),
    SymbolClass("cjk punctuation", 20, 0.1, ((0x3000, 0x303F),)),
    SymbolClass("hiragana", 100, 0.5, ((0x3040, 0x309F),)),
    SymbolClass("katakana", 50, 0.5, ((0x30A0, 0x30FF), (0x31F0, 0x31FF))),
    SymbolClass("bopomofo", 3, 0.5, ((0x3100, 0x312F), (0x31A0, 0x31BF), (0x2EA, 0x2EB))),
    SymbolClass("extension A", 5, 0.02, ((0x3400, 0x4DBF),)),
    SymbolClass("hexagram", 0.5, 0.3, ((0x4DC0, 0x4DFF),)),
    SymbolClass("unseen hanzi", 40, 0.02, ((0x4E00, 0x9FFF),)),
    SymbolClass("yi", 0.5, 0.8, ((0xA000, 0xA4CF),)),
    SymbolClass("hangul", 1, 0.05, ((0xAC00, 0xD7A3),)),
    SymbolClass("surrogate", 0.5, 0.05, ((0xD800, 0xDFFF),)),
    SymbolClass("private use", 3, 0.05, ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))),
    SymbolClass("compatibility ideograph", 1, 0.02, ((0xF900, 0xFAFF), (0x2F800, 0x2FA1F))),
    SymbolClass("presentation form", 3, 0.1, ((0xFB00, 0xFB1C), (0xFE10, 0xFE6F))),
    SymbolClass("full-width sign", 60, 0.1, ((0xFF00, 0xFF60), (0xFFE0, 0xFFEF))),
    SymbolClass("full-width digit", 300, 0.5, ((0xFF10, 0xFF19),)),
    SymbolClass("full-width letter", 60, 0.4, ((0xFF21, 0xFF3A), (0xFF41, 0xFF5A))),
    SymbolClass("half-width katakana", 2, 0.003, ((0xFF61, 0xFF9F),)),
    SymbolClass("half-width hangul", 0.5, 0.1, ((0xFFA0, 0xFFDF),)),
    SymbolClass("special", 0.5, 0.05, ((0xFFF0, 0xFFFC), (0xFFFE, 0xFFFF))),
    SymbolClass("replacement character", 1, 0.2, ((0xFFFD, 0xFFFD),)),
    SymbolClass("supplementary script", 1, 0.5, ((0x10000, 0x1D7FF),)),
    SymbolClass("emoji", 60, 0.25, ((0x1F000, 0x1F0FF), (0x1F200, 0x1FAFF))),
    SymbolClass("extension B and later", 3, 0.02, ((0x20000, 0x2F7FF), (0x30000, 0x323AF))),
)  # fmt: skip

# (before, after): probability that a character of class `after` follows one of class `before`; what `stay` cannot say.
CLASS_PAIRS: dict[tuple[str, str], float] = {
    ("ascii upper", "ascii lower"): 0.25,
    ("ascii lower", "latin-1 lower"): 0.003,
    ("ascii upper", "latin-1 lower"): 0.002,
    ("latin-1 lower", "ascii lower"): 0.75,
    ("latin-1 upper", "ascii lower"): 0.5,
    ("ascii lower", "latin extended"): 0.001,
    ("latin extended", "ascii lower"): 0.75,
    ("ascii lower", "vietnamese"): 0.001,
    ("latin extended", "vietnamese"): 0.1,
    ("latin-1 lower", "vietnamese"): 0.02,
    ("vietnamese", "ascii lower"): 0.5,
    ("cyrillic upper", "cyrillic lower"): 0.6,
    ("cyrillic lower", "cyrillic other"): 0.02,
    ("cyrillic other", "cyrillic lower"): 0.5,
}

# Written one by one although no letter or hanzi: the marks of Chinese, Japanese and English text.
LEARNED_SIGNS = (
    "\t\n\r "
    + "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    + "　、。〈〉《》「」『』【】〔〕〇々"
    + "—‘’“”…～！（），：；？％．"
)

LEARNED_CLASSES = ("ascii lower", "ascii upper", "digit", "full-width digit")
"""Classes whose neighbours are learned from running text all the same: what Chinese text is really mixed with."""


@dataclass(frozen=True, slots=True)
class Symbols:
    """The learned characters, most frequent first, and the symbol of every code point; classes come after them."""

    learned: NDArray[np.uint32]
    symbol_of: NDArray[np.uint16]

    @classmethod
    def ranked(cls, frequency: dict[str, float]) -> Symbols:
        """Number the characters by frequency, which makes the differences that the table stores small."""
        ranked = sorted(frequency, key=lambda character: (-frequency[character], character))
        learned = np.array([ord(character) for character in ranked], np.uint32)
        symbol_of = np.zeros(CODE_POINTS, np.uint16)
        for number, symbol_class in enumerate(CLASSES):
            for first, last in symbol_class.ranges:
                symbol_of[first : last + 1] = len(learned) + number
        symbol_of[learned] = np.arange(len(learned))
        return cls(learned, symbol_of)

    @property
    def size(self) -> int:
        """Number of symbols."""
        return len(self.learned) + len(CLASSES)

    def number(self, name: str) -> int:
        """Symbol of the class `name`."""
        return len(self.learned) + [symbol_class.name for symbol_class in CLASSES].index(name)

    def of(self, text: str) -> NDArray[np.uint16]:
        """Symbols of a text."""
        return self.symbol_of[np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)]

    def vector(self, values: dict[str, float]) -> NDArray[np.float64]:
        """Values of characters, added up by symbol."""
        return np.bincount(self.of("".join(values)), np.array(list(values.values()), np.float64), self.size).astype(
            np.float64
        )

    def keys(self, grams: Iterable[str]) -> NDArray[np.uint64]:
        """Keys of n-grams of one length, as in `model_counts`."""
        grams = list(grams)
        keys = np.zeros(len(grams), np.uint64)
        for column in self.of("".join(grams)).reshape(len(grams), -1).T:
            keys = keys << np.uint64(16) | column
        return keys

    @property
    def hanzi(self) -> NDArray[np.bool_]:
        """Which symbols are learned hanzi."""
        mask = np.zeros(self.size, np.bool_)
        codes = self.learned
        mask[: len(codes)] = (
            (codes >= 0x3400) & (codes <= 0x9FFF) | (codes >= 0x20000) | np.isin(codes, (0x3005, 0x3007))
        )
        return mask

    @property
    def odd(self) -> NDArray[np.bool_]:
        """Which symbols are classes whose neighbours must not be learned."""
        mask = np.zeros(self.size, np.bool_)
        mask[len(self.learned) :] = True
        mask[[self.number(name) for name in LEARNED_CLASSES]] = False
        return mask

    def table(self) -> dict[str, NDArray[np.generic]]:
        """The arrays that tell `mojibake_fix.model` of the symbols."""
        sizes = np.bincount(self.symbol_of.astype(np.int64), minlength=self.size)[len(self.learned) :]
        letters = np.array([share for _, share in sorted(ENGLISH_LETTERS.items())])
        ranges = [(first, last, number) for number, c in enumerate(CLASSES) for first, last in c.ranges]
        return {
            "learned": self.learned,
            "class_ranges": np.array(ranges, np.uint32),
            "class_shares": np.round(-np.log(sizes), 5).astype(np.float32),
            "letter_shares": np.round(np.log(letters / letters.sum()), 5).astype(np.float32),
        }
