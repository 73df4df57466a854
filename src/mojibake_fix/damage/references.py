"""HTML references to the characters of garbled text: &Ouml;&ETH;&Icirc;&Auml; or &#214;&#208;&#206;&#196; for ÖÐÎÄ, which is 中文.

PHP's `htmlentities` took every byte for a character of Latin-1, and so did programs that wrote what they had read wrongly to a page
of ASCII. Each reference is a byte; those in a row must be bytes of UTF-8, GBK or Big5, without a fault, and make text.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Iterator
from html.entities import name2codepoint
from typing import TYPE_CHECKING

from mojibake_fix.damage import mixup
from mojibake_fix.damage.pairs import Pair
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.encodings import charset
from mojibake_fix.records import Policy, Step

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_READER = "cp1252"
_WRITERS = ("utf-8", "cp936", "big5")
"""What the bytes may have been written in; the first decides between equal results."""

_LETTERS = "|".join(name for name, code in name2codepoint.items() if 0xA1 <= code <= 0xFF)
_NUMBER = "#(?:1[2-9][0-9]|2[0-5][0-9]|[37][0-9]{2}|8[0-9]{3})|#[xX](?:[89A-Fa-f][0-9A-Fa-f]|0?[12][0-9A-Fa-f]{2,3})"


@functools.cache
def _reference() -> str:
    """An expression for a reference to a character of Windows-1252 outside ASCII."""
    names = (name for name, code in name2codepoint.items() if code >= 0x80 and charset(_READER).spell(chr(code)))
    return f"&(?:amp;)?(?:{_NUMBER}|{'|'.join(names)});"


@functools.cache
def sign() -> re.Pattern[str]:
    """Return an expression for two references to such letters in a row."""
    return re.compile(f"&(?:amp;)?(?:{_NUMBER}|{_LETTERS});{_reference()}")


@functools.cache
def _run() -> re.Pattern[str]:
    """Match references in a row: the second byte of a pair may be a letter, and what has no reference stands as it is."""
    return re.compile(f"(?:{_reference()}[@-~]?[\x80-\xffŽž]*)*{_reference()}[@-~]?[\x80-\x9f]*")


_TEXT = re.compile("[\u2e80-\u9fff\uff01-\uff5e]")

_FEWEST = 4
"""Bytes in a row that prove it for the whole text, two hanzi of GBK: Western languages have three such letters in a row at most."""

_LEAST_QUALITY, _BEGINNING = -7.5, -6.0
"""Mean log-probability, in nats, of what bytes are read as, and what its first characters cost more; lists of letters have -10."""
_ANY, _PRIOR = -12.0, -6.0
"""Log-probabilities, in nats, of a character for which there is no reason, and of this damage."""


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
    runs = [(match, data) for match in _run().finditer(text) if (data := _bytes_of(match[0])) is not None]
    proven: dict[str, float] = {}
    for _, data in runs:
        read, writer, score = max(_readings(data, model), key=lambda one: one[2], default=("", "", 0.0))
        log_odds = _PRIOR + score - _ANY * len(read)
        if len(data) >= _FEWEST and score >= _LEAST_QUALITY * len(read) + _BEGINNING and log_odds >= policy.margin:
            proven[writer] = proven.get(writer, 0.0) + log_odds
    if not proven:
        return
    writer = max(proven, key=lambda one: proven[one])
    log_odds = round(proven[writer], 3)
    mechanism = f"{Pair(writer, _READER).mechanism}, and made HTML character references of"
    for match, data in runs:
        read = _decoded(data, writer)
        if _TEXT.search(read):
            step = Step("escape", *match.span(), match[0], read, mechanism, log_odds)
            yield Proposal(*match.span(), (step,), log_odds)


def _bytes_of(run: str) -> bytes | None:
    return charset(_READER).encode(html.unescape(html.unescape(run)))


def _decoded(data: bytes, writer: str) -> str:
    """What bytes are in an encoding; nothing where they are not its text."""
    try:
        return data.decode(Pair(writer, _READER).codec)
    except UnicodeDecodeError:
        return ""


def _readings(data: bytes, model: CharacterModel) -> Iterator[tuple[str, str, float]]:
    """Give what bytes can be read as without a fault, each with the encoding and its log-probability in nats."""
    for writer in _WRITERS:
        read = _decoded(data, writer)
        if _TEXT.search(read):
            yield read, writer, model.log_probability(read)
