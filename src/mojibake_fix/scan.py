"""The scan that every text goes through: is there anything at all to look at?

Nearly every text is clean, so this must cost next to nothing. Wrong reading scatters text over the whole code, so
garbled text is full of *odd* code points: hanzi that people hardly write, private use, controls, signs of far-off
scripts. One compiled character class finds them at several hundred MB/s. Two of them within four code points, or one
beside the sign of an orphaned byte, make a *suspect*; everything after the scan runs on suspects only.
"""

from __future__ import annotations

import functools
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mojibake_fix.model import load

RARE = -12.1
"""Log-probability, in nats, below which a hanzi is odd. Of clean text 3.6 hanzi in 1,000 are (headlines, abstracts, reviews in
Simplified; 2.8 in Traditional prose, 2.2 in Japanese); of UTF-8 read as GBK 69 % are, of GBK read as Big5 53 %, as CP949 59 %."""

NEAR = 3
"""Code points that may stand between two odd ones of a cluster."""

# Blocks in which every code point is ordinary: ASCII, general punctuation, CJK signs, kana, Hangul syllables, full width.
_ORDINARY = (
    (0x00, 0x7F), (0xB0, 0xB1), (0xB7, 0xB7), (0xD7, 0xD7), (0x2010, 0x2027), (0x2030, 0x203B), (0x2103, 0x2103),
    (0x2160, 0x216B), (0x2190, 0x2193), (0x22EF, 0x22EF), (0x2460, 0x2473), (0x25A0, 0x25CF), (0x2605, 0x2606),
    (0x1100, 0x11FF), (0x3131, 0x318E), (0x3000, 0x3029),
    (0x3041, 0x30FE), (0xAC00, 0xD7A3), (0xFF01, 0xFF5E), (0xFE30, 0xFE4F), (0x1F300, 0x1FAFF),
)  # fmt: skip


GARBLED = -10.5
"""Mean log-probability of a code point, in nats, above which odd characters are text after all: it keeps 97 % of GBK read as
CP1252 and all of UTF-8 read as GBK at four characters, and lets 0.15 places in 1,000 clean characters through."""

_USUAL = 4.0
LEAST_GAIN = 17.0
"""Nats that a repair must be able to gain, against text at the usual cost of a character, to pay for the prior of any damage."""

_SAMPLE = 24
"""Code points of a place that are weighed."""

# Cyrillic letters and box drawing in ways that no text has: a capital behind a small letter, a letter beside a frame, a piece of a
# frame that only mixed frames need. Two of them in a word show a text read in a DOS or KOI8 code page.
_LETTER = re.compile("[Ѐ-ӿ─-▓]")
_ALIEN = re.compile("[а-џ](?=[Ѐ-Я])|[Ѐ-ӿ](?=[─-▓])|[─-▓](?=[Ѐ-ӿ])|[─-▓](?=[╒-╟╡-╢╤-╬])|[╒-╟╡-╢╤-╬](?=[─-▓])")
_SMALL_KANA = re.compile("[ゃゅょ](?<![きしちにひみりぎじぢびぴキシチニヒミリギジヂビピ].)")
_HANGUL = re.compile("[가-힣]")
_HAN_BESIDE_HANGUL = re.compile("[一-鿿](?:(?=[가-힣])|(?<=[가-힣].))")


_KANA = re.compile("[ぁ-ヺ]")
_KANA_OR_HANGUL = re.compile("[ぁ-ヺ가-힣]")


def is_japanese_in_chinese(text: str) -> bool:
    """Tell whether a text has the kana of Japanese and, beside them, the hanzi of Simplified Chinese.

    >>> is_japanese_in_chinese("駅の前に"), is_japanese_in_chinese("憋娄に郝って、罢の")
    (False, True)
    """
    return _KANA.search(text) is not None and _beside_kana().search(text) is not None


@functools.cache
def _beside_kana() -> re.Pattern[str]:
    """Match two hanzi beside kana, near each other, that only Simplified Chinese has, or 〖 for the long vowel sign.

    EUC-JP and GBK have the kana in the same places: Japanese that was read as Chinese keeps them.
    """
    hanzi = "".join(map(chr, range(0x4E00, 0xA000)))
    kanji = frozenset(hanzi.encode("cp932", "ignore").decode("cp932"))
    simplified = "".join(
        character for character in hanzi.encode("gb2312", "ignore").decode("gb2312") if character not in kanji
    )
    sign = f"[{simplified}〖](?:(?=[ぁ-ヺ])|(?<=[ぁ-ヺ].))"
    return re.compile(f"{sign}.{{0,40}}?{sign}")


@dataclass(frozen=True, slots=True)
class Suspect:
    """A place that wants a closer look: `text[start:end]` begins and ends with an odd code point or an orphan's sign."""

    start: int
    end: int


def line_start(text: str, position: int) -> int:
    """Return where the line that holds `position` starts.

    >>> line_start("ab\\ncd", 4)
    3
    """
    return text.rfind("\n", 0, position) + 1


def line_end(text: str, position: int) -> int:
    """Return where the line that holds `position` ends, before its line break.

    >>> line_end("ab\\ncd", 0)
    2
    """
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def suspects(text: str) -> Iterator[Suspect]:
    """Find the places of `text` that want a closer look, in order.

    >>> list(suspects("乱码实际上很常见，忐忑"))
    []
    >>> list(suspects("题目：涓枃鐨勬枃"))
    [Suspect(start=3, end=8)]
    """
    if text.isascii():
        return
    found = False
    for suspect in _suspects(text):
        found = True
        yield suspect
    if not found and len(text) <= _SHORT and _is_unexpected(text):
        places = [place for place, character in enumerate(text) if character >= "\x80"]
        yield Suspect(places[0], places[-1] + 1)


def _suspects(text: str) -> Iterator[Suspect]:
    start = end = -1
    for match in _odd_places(text):
        if start >= 0 and match.start() - end <= 2 * NEAR and "\n" not in text[end : match.start()]:
            end = max(end, match.end())
            continue
        if start >= 0 and _is_suspect(text, start, end):
            yield Suspect(start, end)
        start, end = match.span()
    if start >= 0 and _is_suspect(text, start, end):
        yield Suspect(start, end)


def _odd_places(text: str) -> Iterator[re.Match[str]]:
    found = [_clusters().finditer(text)]
    if _KANA_OR_HANGUL.search(text) is None:
        return found[0]
    if "ゃ" in text or "ゅ" in text or "ょ" in text:
        found.append(_SMALL_KANA.finditer(text))
    if _HANGUL.search(text):
        found.append(_HAN_BESIDE_HANGUL.finditer(text))
    if _KANA.search(text):
        found.append(_beside_kana().finditer(text))
    return heapq.merge(*found, key=lambda match: match.start()) if len(found) > 1 else found[0]


def _is_suspect(text: str, start: int, end: int) -> bool:
    """Tell whether a cluster of odd characters is suspect: letters as no word has them, or characters that expect no other."""
    while end < len(text) and _LETTER.match(text, end):
        end += 1
    if len(_ALIEN.findall(text, start, end)) > 1:
        return True
    if _is_improbable(text, start, end) and not _is_rare_word(text, start, end):
        return True
    return is_japanese_in_chinese(text[start:end])


# A rare word is this short, and this many characters on either side of it read this well, in nats a character.
_WORD, _BESIDE, _READS_WELL = 4, 4, -7.5
_LETTERS = re.compile("[㐀-鿿ぁ-ヺ가-힣]*")


def _is_rare_word(text: str, start: int, end: int) -> bool:
    """Tell whether a short cluster stands in text that is as it should be: what is garbled is not garbled inside a word."""
    if end - start > _WORD:
        return False
    beside = (text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE])
    letters = [part for part in beside if len(part) == _BESIDE and _LETTERS.fullmatch(part)]
    model = load()
    return bool(letters) and all(model.log_probability(part) > _READS_WELL * _BESIDE for part in letters)


def _is_improbable(text: str, start: int, end: int) -> bool:
    """Odd characters that belong together (踟蹰, 嶙峋) or come back (桩、桩) are text; garbled ones do not expect each other."""
    model, history, total, weighed = load(), text[max(0, start - 2) : start], 0.0, 0
    seen: set[str] = set()
    for character in text[start : min(end + 1, start + _SAMPLE)]:
        if character >= "\x80" and (character < "\u2e80" or character not in seen):
            total += model.step(history, character)
            weighed += 1
            seen.add(character)
        history = (history + character)[-2:]
    return total < GARBLED * weighed and total + _USUAL * weighed < -LEAST_GAIN


# A short string may be garbled into characters of which none is odd: GBK and EUC-KR read as each other make hanzi and syllables
# that are merely not common. Of clean strings of 4, 8, 16 and 40 code points 2, 0, 0 and 0 % in Simplified, 1, 0, 0 and 0 % in
# Traditional, 1, 1, 0 and 0 % in Japanese and 7, 1, 0 and 0 % in Korean are unexpected in this way; of GBK, EUC-KR and EUC-JP
# read as each other or as Big5 78 to 98 % of those of 4. EUC-JP and GBK have kana in common, so that only the hanzi are wrong;
# of Korean the model has seen little, and of Hangul that is none it thinks far worse still.
_SHORT, _COMMON_HANZI, _COMMON_SYLLABLES, _UNCOMMON, _UNEXPECTED, _LEAST_EXPECTED = 40, 700, 250, 3, -9.5, -11.0
_OTHER_LETTERS = re.compile("[㐀-鿿가-힣]")


def _is_unexpected(text: str) -> bool:
    """Tell whether one in `_UNCOMMON` letters of a short text is not common, and the model expects none of what is not ASCII."""
    rare = [match.start() for match in _uncommon().finditer(text)]
    letters = [match.start() for match in _OTHER_LETTERS.finditer(text)] if rare else []
    if _UNCOMMON * len(rare) < max(1, len(letters)):
        return False
    model = load()
    few = rare[:_UNCOMMON]  # in nearly all clean text these are expected where they stand, which is soon seen
    if sum(model.step(text[max(0, place - 2) : place], text[place]) for place in few) > _UNEXPECTED * len(few):
        return False
    steps = model.score(text)
    if _UNCOMMON * len(rare) >= len(letters) + len(_KANA.findall(text)):
        foreign = [place for place, character in enumerate(text) if character >= "\x80"]
        korean = 2 * len(_HANGUL.findall(text)) >= len(letters)
        if float(steps[foreign].mean()) < (_LEAST_EXPECTED if korean else _UNEXPECTED):
            return True
    return len(letters) > 1 and float(steps[letters].mean()) < _LEAST_EXPECTED


@functools.cache
def _uncommon() -> re.Pattern[str]:
    """Match a hanzi or a Hangul syllable that is not among the most frequent."""
    uncommon = ""
    for first, last, common in ((0x4E00, 0x9FFF, _COMMON_HANZI), (0xAC00, 0xD7A3, _COMMON_SYLLABLES)):
        codes = np.arange(first, last + 1, dtype=np.uint32)
        ranked = codes[np.argsort(-load().score_codes(codes[:, None])[:, 0], kind="stable")]
        uncommon += "".join(map(chr, sorted(ranked[common:].tolist())))
    return re.compile(f"[{uncommon}]")


@functools.cache
def odd_class() -> str:
    """Return the odd code points as the inside of a regular expression's character class."""
    ordinary = np.zeros(0x110000, bool)
    for first, last in _ORDINARY:
        ordinary[first : last + 1] = True
    for first, last in ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF)):
        codes = np.arange(first, last + 1, dtype=np.uint32)
        ordinary[first : last + 1] = load().score_codes(codes[:, None])[:, 0] > RARE
    # Of the 11,172 syllables Korean writes the 2,350 of KS X 1001; wrong reading hits all of them. The codec spells out the others.
    for code in range(0xAC00, 0xD7A4):
        ordinary[code] = len(chr(code).encode("euc_kr", "ignore")) == 2
    edges = np.flatnonzero(np.diff(ordinary.astype(np.int8), prepend=1, append=1))
    return "".join(
        f"{re.escape(chr(first))}-{re.escape(chr(last - 1))}" for first, last in edges.reshape(-1, 2).tolist()
    )


@functools.cache
def _clusters() -> re.Pattern[str]:
    odd = odd_class()
    return re.compile(f"[{odd}](?:.{{0,{NEAR}}}[{odd}]|[?\ufffd])+")
