"""Text in Western letters as people write it: words in one script and one case (vyhledávání, DEĞİŞTİR, команда), and their marks.

The model knows Chinese, Japanese and Korean, so that every letter with an accent and every Cyrillic one is as unlikely to it as
garbled text is. What tells them apart is how they stand: bytes that were read wrongly make letters of both cases, and signs, at
random.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from mojibake_fix.damage.proposal import Proposal, trimmed
from mojibake_fix.records import Step
from mojibake_fix.scan import is_free, line_end, line_start

_WORD = re.compile(r"(?:[^\W\d_ªºµ]|[\u0300-\u036f])+")

_MARKS = frozenset("«»„“”‚‘’–—…·•¿¡§©®°№¹²³\xa0")
"""Signs that Western text has between its words."""


def is_western(text: str, start: int, end: int) -> bool:
    """Tell whether all of `text[start:end]` that is not ASCII is in Western words, or a mark between them.

    Args:
        text: What it stands in, so that its words can be seen as a whole.
        start: Where the part begins.
        end: Where it ends.

    >>> is_western("Lekce 4.2: PŘÍKAZ", 12, 17), is_western("Команда ЗАМІНИ", 0, 14), is_western("±àÂë", 0, 4)
    (True, True, False)
    """
    inside = {
        place
        for word in _WORD.finditer(text)
        if word.end() > start and word.start() < end and (is_word(word[0]) or _is_alphabet(word[0]))
        for place in range(word.start(), word.end())
    }
    return all(text[place] < "\x80" or place in inside or text[place] in _MARKS for place in range(start, end))


def _is_alphabet(letters: str) -> bool:
    """Tell whether letters of one case are followed by as many of the other: æøåÆØÅ."""
    half = len(letters) // 2
    return half > 1 and letters[:half].lower() == letters[half:].lower()


def is_word(word: str) -> bool:
    """Tell whether a word is of one script and one case; one in Latin capitals has plain letters as well.

    >>> is_word("kľúča"), is_word("РґР°"), is_word("ÖÐÎÄ"), is_word("ŹRÓDŁO")
    (True, False, False, True)
    """
    cased = "".join(letter for letter in word if letter.lower() != letter.upper())
    if not (cased.isupper() or cased.islower() or cased == cased.capitalize()):
        return False
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in word if letter >= "\x80"}
    if scripts <= {"LATIN", "MODIFIER", "COMBINING"}:
        return not cased.isupper() or any(letter < "\x80" for letter in cased)
    return min(word) >= "\x80" and (scripts == {"CYRILLIC"} or scripts == {"GREEK"})


# What bytes 80 to BF show in CP1252 and in Latin-1.
_TRAILS = "\x80-\xbf" + re.escape(bytes(range(0x80, 0xA0)).decode("cp1252", "ignore"))
_SEQUENCE = re.compile(f"[Â-ß][{_TRAILS}]|[à-ï][{_TRAILS}]{{2}}")
_BEFORE, _FROM = re.compile("[!-~]*\\Z"), re.compile(f"(?:{_SEQUENCE.pattern}|[!-~])*")
_LETTERS_AND_MARKS = re.compile("[ -~\xa0-\u017f\u2010-\u203a€™]+")
_CJK = re.compile("[\u2e80-\uffff]")

_PROOF = 12.0
"""Evidence, in nats, of each sequence that ftfy takes for UTF-8: what it takes for it is in no Western text."""

_LONGEST, _NEAR = 60, 200
"""Code points of a word before its first such sequence; and those on both sides of it in which a text shows that it is Western."""


def has_signs(text: str) -> bool:
    """Tell whether a text may hold UTF-8 that was read as Latin-1 or CP1252."""
    return _SEQUENCE.search(text) is not None


def propose(text: str) -> Iterator[Proposal]:
    """Propose the words of Western text that are UTF-8 read as Latin-1 or CP1252, cafÃ© for café, as ftfy finds them.

    >>> [step.after for one in propose("un cafÃ© en la maÃ±ana") for step in one.steps]
    ['é', 'ñ']
    """
    from ftfy import fix_encoding

    for start, end in _words(text):
        token = text[start:end]
        read = fix_encoding(token)
        if read == token and _INSIDE.search(token):
            read = _decoded(token)
        if (
            read == token
            or _LETTERS_AND_MARKS.fullmatch(read) is None
            or not _stands_in_western(text, start, end, read)
        ):
            continue
        count = len(_SEQUENCE.findall(token))
        reader = "latin-1" if re.search("[\x80-\x9f]", token) else "cp1252"
        mechanism = f"written as utf-8, read as {reader}"
        step = trimmed(Step("mixup", start, end, token, read, mechanism, _PROOF * count))
        yield Proposal(step.start, step.end, (step,), step.log_odds)


# Between small letters nothing else looks so; ftfy leaves haszujÄ…cych, since signs may stand behind a letter.
_INSIDE = re.compile(f"[a-z](?:{_SEQUENCE.pattern})[a-z]")


def _decoded(token: str) -> str:
    """Read a word of CP1252 as UTF-8; as it is where it is none."""
    try:
        return token.encode("cp1252").decode()
    except UnicodeError:
        return token


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Find the words that hold such sequences, and beside them only ASCII."""
    end = 0
    for match in _SEQUENCE.finditer(text):
        if match.start() < end:
            continue
        before = _BEFORE.search(text[max(end, match.start() - _LONGEST) : match.start()])
        whole = _FROM.match(text, match.start())
        if before is not None and whole is not None:
            end = whole.end()
            yield match.start() - len(before[0]), end


def _stands_in_western(text: str, start: int, end: int, read: str) -> bool:
    """Tell whether a word becomes one of Western text: with plain letters in it, or among words of them and no hanzi."""
    words = _WORD.findall(read)
    if not all(len(word) == 1 or is_word(word) for word in words):
        return False
    if any(min(word) < "\x80" < max(word) for word in words):
        return True
    line = text[line_start(text, start, _NEAR) : line_end(text, end, _NEAR)]
    return bool(re.search("[A-Za-z]{2}", line)) and not _CJK.search(line)


def chosen(text: str, mixups: Sequence[Proposal], words: Sequence[Proposal]) -> list[Proposal]:
    """Return the mix-ups and the Western words that do not contradict each other.

    What becomes hanzi, kana or Hangul goes first, unless all of it that is not ASCII is in Western words: nÃ£o is n味o in EUC-JP.
    """
    inside = {place for one in words for place in range(one.start, one.end)}
    foreign: list[Proposal] = []
    rest: list[Proposal] = []
    for one in mixups:
        shown = (place for place in range(one.start, one.end) if text[place] >= "\x80")
        is_foreign = any(_CJK.search(step.after) for step in one.steps) and not all(map(inside.__contains__, shown))
        (foreign if is_foreign else rest).append(one)
    taken = sorted((one.start, one.end) for one in foreign)
    kept = [one for one in words if is_free(one.start, one.end, taken)]
    spans = [(one.start, one.end) for one in kept]
    return [*kept, *foreign, *(one for one in rest if is_free(one.start, one.end, spans))]
