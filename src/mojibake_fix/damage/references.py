"""HTML references to the characters of garbled text: &Ouml;&ETH;&Icirc;&Auml; or &#214;&#208;&#206;&#196; for ÖÐÎÄ, which is 中文.

PHP's `htmlentities` took every byte for a character of Latin-1, and so did programs that wrote what they had read wrongly to a page
of ASCII. Each reference is a byte; those in a row must be bytes of UTF-8, GBK, Big5 or what Japanese and Korean are written in,
without a fault, and make text.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterable, Iterator
from html.entities import name2codepoint
from typing import TYPE_CHECKING

from mojibake_fix.damage import mixup
from mojibake_fix.damage.escape_forms import PICTOGRAPH
from mojibake_fix.damage.pairs import Pair
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.encodings import charset
from mojibake_fix.records import Policy, Step

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_READER = "cp1252"
_WRITERS = ("utf-8", "cp936", "big5", "cp932", "euc_jp", "cp949")
"""What the bytes may have been written in; the first decides between equal results."""

_LETTERS = "|".join(name for name, code in name2codepoint.items() if 0xA1 <= code <= 0xFF)
_NUMBER = "#(?:1[2-9][0-9]|2[0-5][0-9]|[347][0-9]{2}|8[0-9]{3})|#[xX](?:[89A-Fa-f][0-9A-Fa-f]|0?[12][0-9A-Fa-f]{2,3})"
_ESCAPED = "&(?:amp;){0,2}"
_RAW = "\x80-\x9fŽž"
"""What has no name in HTML 4, so that `htmlentities` left it as it was."""


@functools.cache
def _reference() -> str:
    """An expression for a reference to a character of Windows-1252 outside ASCII."""
    names = (name for name, code in name2codepoint.items() if code >= 0x80 and charset(_READER).spell(chr(code)))
    return f"{_ESCAPED}(?:{_NUMBER}|{'|'.join(names)});"


@functools.cache
def sign() -> re.Pattern[str]:
    """Return an expression for two references to such letters in a row, or beside what has none."""
    return re.compile(f"{_ESCAPED}(?:{_NUMBER}|{_LETTERS});[{_RAW}]{{0,2}}{_reference()}")


@functools.cache
def _run() -> re.Pattern[str]:
    """Match references in a row: the second byte of a pair may be a letter, and what has no reference stands as it is."""
    raw = f"[\xa1-\xff{_RAW}]"
    between = f"(?:[0-9@-~]?{raw})*[0-9@-~]?"
    return re.compile(f"(?:{raw}[0-9@-~]?){{0,8}}(?:{_reference()}{between})*{_reference()}{between}")


_TEXT = re.compile("[\u2e80-\u9fff\uac00-\ud7a3\uff01-\uff5e]")
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")

_FEWEST = 4
"""Bytes in a row that prove it for the whole text, two hanzi of GBK: Western languages have three such letters in a row at most."""

_DOUBTFUL, _MORE, _BETTER = ("cp932", "euc_jp", "cp949"), 8, 4.0
"""What any bytes may be by chance: so many bytes in a row, and so many nats more than in another encoding, are asked of it."""

_LEAST_QUALITY, _BEGINNING = -7.5, -6.0
"""Mean log-probability, in nats, of what bytes are read as, and what its first characters cost more; lists of letters have -10."""
_ANY, _PRIOR = -12.0, -6.0
"""Log-probabilities, in nats, of a character for which there is no reason, and of this damage."""


_Reading = tuple[int, int, bytes, str, str, float]
"""A place, its bytes, what they are read as in an encoding, and the log-probability of that."""
_NOTHING: _Reading = (0, 0, b"", "", "", 0.0)


def inflict(text: str, written: str = "cp936") -> str:
    """Write a text in an encoding, read it in Windows-1252, and make references of what is not ASCII.

    Raises:
        ValueError: `written` lacks a character of the text.

    >>> inflict("中文"), inflict("中文", "utf-8")
    ('&Ouml;&ETH;&Icirc;&Auml;', '&auml;&cedil;&shy;&aelig;&ndash;&Dagger;')
    """
    return mixup.inflict(text, written, _READER).translate(
        {code: f"&{name};" for name, code in name2codepoint.items() if code >= 0x80}
    )


def has_signs(text: str) -> bool:
    """Tell whether a text has two references to such letters in a row.

    >>> has_signs("&Ouml;&ETH;"), has_signs("d&eacute;j&agrave; vu &nbsp;&nbsp;")
    (True, False)
    """
    return "&" in text and sign().search(text) is not None


def propose(text: str, policy: Policy, model: CharacterModel) -> Iterator[Proposal]:
    """Propose to read the references of a text that are bytes of text.

    >>> from mojibake_fix.model import load
    >>> from mojibake_fix.records import SAFE
    >>> [one.steps[0].after for one in propose("&Ouml;&ETH;&Icirc;&Auml;", SAFE, load())]
    ['中文']
    """
    if not has_signs(text):
        return
    runs = [match for match in _run().finditer(text) if "&" in match[0]]
    proven: dict[str, float] = {}
    for match in runs:
        _, _, data, read, writer, score = max(_readings(match, _WRITERS, model), key=_rank, default=_NOTHING)
        length = len(PICTOGRAPH.sub("", read))
        log_odds = _PRIOR + score - _ANY * length
        fewest = _MORE if writer in _DOUBTFUL else _FEWEST
        if len(data) >= fewest and score >= _LEAST_QUALITY * length + _BEGINNING and log_odds >= policy.margin:
            proven[writer] = proven.get(writer, 0.0) + log_odds
    if not proven:
        return
    writer = max(proven, key=lambda one: proven[one])
    log_odds = round(proven[writer], 3)
    mechanism = f"{Pair(writer, _READER).mechanism}, and made HTML character references of"
    for match in runs:
        for start, end, _, read, _, _ in list(_readings(match, (writer,), model))[:1]:
            step = Step("escape", start, end, text[start:end], read, mechanism, log_odds)
            yield Proposal(start, end, (step,), log_odds)


def _rank(reading: _Reading) -> float:
    return reading[-1] - (_BETTER if reading[-2] in _DOUBTFUL else 0.0)


def _bytes_of(run: str) -> bytes | None:
    for _ in range(3):
        run = html.unescape(run)
    return charset(_READER).encode(run.translate(_shown()))


@functools.cache
def _shown() -> dict[int, str]:
    """What Windows-1252 shows for each control character of Latin-1, which is the same byte."""
    table = {code: bytes([code]).decode(_READER, "ignore") for code in range(0x80, 0xA0)}
    return {code: character for code, character in table.items() if character}


def _decoded(data: bytes, writer: str) -> str:
    """What bytes are in an encoding; nothing where they are not its text."""
    try:
        read = data.decode(Pair(writer, _READER).codec)
    except UnicodeDecodeError:
        return ""
    return "" if writer in _DOUBTFUL and _HALF_WIDTH.search(read) else read


def _readings(match: re.Match[str], writers: Iterable[str], model: CharacterModel) -> Iterator[_Reading]:
    """Give what references in a row can be read as without a fault, with the letters around them that have none, or without."""
    first, last = match[0].index("&"), match[0].rindex(";") + 1
    shorter = match[0][first:last]
    for run, start in dict.fromkeys(((match[0], match.start()), (shorter, match.start() + first))):
        data = _bytes_of(run)
        if data is None:
            continue
        for writer in writers:
            read = _decoded(data, writer)
            if _TEXT.search(read):
                score = model.log_probability(PICTOGRAPH.sub("", read))
                yield start, start + len(run), data, read, writer, score
