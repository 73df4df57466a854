"""Text in Western letters as people write it: words in one script and one case (vyhledávání, DEĞİŞTİR, команда), and their marks.

The model knows Chinese, Japanese and Korean, so that every letter with an accent and every Cyrillic one is as unlikely to it as
garbled text is. What tells them apart is how they stand: bytes that were read wrongly make letters of both cases, and signs, at
random.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

WORD = re.compile(r"(?:[^\W\d_ªºµ]|[\u0300-\u036f])+")

_MARKS = frozenset("«»„“”‚‘’–—…·•¿¡§©®°№¹²³\xa0\xad")
"""Signs that Western text has between its words."""

_EASTERN = re.compile("[\u2e80-\u9fff\uac00-\ud7a3]")


def is_western(text: str, start: int, end: int) -> bool:
    """Tell whether all of `text[start:end]` that is not ASCII is in Western words, or a mark between them.

    Args:
        text: What it stands in, so that its words can be seen as a whole.
        start: Where the part begins.
        end: Where it ends.

    >>> is_western("Lekce 4.2: PŘÍKAZ", 12, 17), is_western("Команда ЗАМІНИ", 0, 14), is_western("±àÂë", 0, 4)
    (True, True, False)
    """
    if _EASTERN.search(text, start, end):  # most of what is asked: no look at words is needed
        return False
    inside = {
        place
        for word in WORD.finditer(text)
        if word.end() > start and word.start() < end and (is_word(word[0]) or is_alphabet(word[0]))
        for place in range(word.start(), word.end())
    }
    return all(text[place] < "\x80" or place in inside or text[place] in _MARKS for place in range(start, end))


_LETTERS, _MARK = re.compile(r"[^\W\d_]+"), re.compile(rf"(?<![^\x00-\x7f])[{''.join(sorted(_MARKS))}](?![^\x00-\x7f])")


def among_ascii(text: str) -> frozenset[int]:
    """Find the letters that are not ASCII in words that are, those that stand alone between spaces, and marks between such words.

    >>> sorted(among_ascii("Müller, é – ÖÐÎÄ"))
    [1, 8, 10]
    """
    found = {match.start() for match in _MARK.finditer(text)}
    for match in _LETTERS.finditer(text):
        word = match[0]
        beside = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
        if word.isascii() or not beside.isascii():
            continue
        alone = len(word) == 1 and not beside.strip()
        if alone or (2 * sum(map("\x80".__gt__, word)) > len(word) and is_word(word)):
            found.update(match.start() + place for place, letter in enumerate(word) if letter >= "\x80")
    return frozenset(found)


_LISTED, _MOST = 6, 0.8
"""Letters of which so many times in ten have their other case among them, or stand in the order of their code points."""


def is_alphabet(letters: str) -> bool:
    """Tell whether letters are those of an alphabet, as regular expressions list them: both cases of each, or all in order.

    >>> is_alphabet("ÄÖÜäöüß"), is_alphabet("ҐґЄєІіЇї"), is_alphabet("ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ"), is_alphabet("ÖÐÎÄÐÂÎÅ")
    (True, True, True, False)
    """
    half = len(letters) // 2
    if half > 1 and letters[:half].lower() == letters[half:].lower():
        return True
    if len(letters) < _LISTED or 3 * len(set(letters)) < 2 * len(letters):
        return False
    paired = sum(letter.swapcase() in letters and letter.swapcase() != letter for letter in letters)
    ascending = sum(left < right for left, right in pairwise(letters))
    return paired >= _MOST * len(letters) or ascending >= _MOST * (len(letters) - 1)


def script_of(letter: str) -> str:
    """Return the script of a letter, as its Unicode name tells.

    >>> script_of("ж"), script_of("é")
    ('CYRILLIC', 'LATIN')
    """
    return unicodedata.name(letter, "").partition(" ")[0]


def is_word(word: str) -> bool:
    """Tell whether a word is of one script and one case; one in Latin capitals has plain letters as well.

    >>> is_word("kľúča"), is_word("РґР°"), is_word("ÖÐÎÄ"), is_word("ŹRÓDŁO")
    (True, False, False, True)
    """
    cased = "".join(letter for letter in word if letter.lower() != letter.upper())
    if not (cased.isupper() or cased.islower() or cased == cased.capitalize()):
        return False
    scripts = {script_of(letter) for letter in word if letter >= "\x80"}
    if scripts <= {"LATIN", "MODIFIER", "COMBINING"}:
        return not cased.isupper() or any(letter < "\x80" for letter in cased)
    return min(word) >= "\x80" and (scripts == {"CYRILLIC"} or scripts == {"GREEK"})
