"""Words of Western text that are UTF-8 read as Latin-1 or CP1252, cafÃ© for café, as ftfy finds them.

The model knows no Western text, so that it can neither tell such a word from a clean one nor á from ǭ. ftfy can: a pattern finds
where it may have to, and its answer counts where it makes a word of one script and one case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mojibake_fix.damage.proposal import Proposal, trimmed
from mojibake_fix.damage.western import WORD, is_word
from mojibake_fix.records import Step
from mojibake_fix.scan import is_free, line_end, line_start

# What bytes 80 to BF show in CP1252 and in Latin-1.
_TRAILS = "\x80-\xbf" + re.escape(bytes(range(0x80, 0xA0)).decode("cp1252", "ignore"))
SEQUENCE = re.compile(f"[Â-ß][{_TRAILS}]|[à-ï][{_TRAILS}]{{2}}")
_BEFORE, _FROM = re.compile("[!-~]*\\Z"), re.compile(f"(?:{SEQUENCE.pattern}|[!-~])*")
_LETTERS_AND_MARKS = re.compile("[ -~\xa0-\u017f\u2010-\u203a€™]+")
_CJK = re.compile("[\u2e80-\uffff]")

_PROOF = 12.0
"""Evidence, in nats, of each sequence that ftfy takes for UTF-8: what it takes for it is in no Western text."""

_LONGEST, _NEAR = 60, 200
"""Code points of a word before its first such sequence; and those on both sides of it in which a text shows that it is Western."""


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
        count = len(SEQUENCE.findall(token))
        reader = "latin-1" if re.search("[\x80-\x9f]", token) else "cp1252"
        mechanism = f"written as utf-8, read as {reader}"
        step = trimmed(Step("mixup", start, end, token, read, mechanism, _PROOF * count))
        yield Proposal(step.start, step.end, (step,), step.log_odds)


# Between small letters nothing else looks so; ftfy leaves haszujÄ…cych, since signs may stand behind a letter.
_INSIDE = re.compile(f"[a-z](?:{SEQUENCE.pattern})[a-z]")


def _decoded(token: str) -> str:
    """Read a word of CP1252 as UTF-8; as it is where it is none."""
    try:
        return token.encode("cp1252").decode()
    except UnicodeError:
        return token


def _words(text: str) -> Iterator[tuple[int, int]]:
    """Find the words that hold such sequences, and beside them only ASCII."""
    end = 0
    for match in SEQUENCE.finditer(text):
        if match.start() < end:
            continue
        before = _BEFORE.search(text[max(end, match.start() - _LONGEST) : match.start()])
        whole = _FROM.match(text, match.start())
        if before is not None and whole is not None:
            end = whole.end()
            yield match.start() - len(before[0]), end


def _stands_in_western(text: str, start: int, end: int, read: str) -> bool:
    """Tell whether a word becomes one of Western text: with plain letters in it, or among words of them and no hanzi."""
    words = WORD.findall(read)
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
