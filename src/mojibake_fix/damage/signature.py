"""The signature of UTF-8, its byte order mark, read as text: ï»¿ or 锘縤 where a file begins that is otherwise as it should be.

A program that took a file for GBK or Windows-1252 by its signature alone, or glued it to another one, leaves these in the first
field of a table. They are three bytes, too few for the model to tell them from a rare word, but nothing else begins with them.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from itertools import islice

from mojibake_fix.damage.pairs import READERS, Pair
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.encodings import charset
from mojibake_fix.records import Loss, Step

SIGNATURE = "\ufeff"
"""The character that the three bytes are."""

_BYTES = SIGNATURE.encode()

_READERS = tuple(name for name in READERS if "/" not in name and name != "utf-8")

_LOG_ODDS = 30.0
"""Nats: none of 105,000 clean lines and of 1.4 million characters of Japanese begins in any of these ways."""

_MARKUP = re.compile("[?!][A-Za-z]|html")
"""What stands behind a `<` that the last byte of the signature swallowed."""

_TALKS = re.compile(r"\s|[^\n]*(?:BOM|byte order|乱码|亂碼)", re.IGNORECASE)
"""A text that begins so talks about the signature."""


def inflict(text: str, read: str, *, replacement: str = "?", swallow: bool = False) -> str:
    """Put the signature before a text and read it, and no more, in another encoding.

    Args:
        text: The text; its first character goes with the signature where a reader takes both for one.
        read: The encoding that the signature is read in.
        replacement: Shown for what cannot be read.
        swallow: Whether the byte after an orphaned lead byte vanishes with it.

    >>> inflict("id,name", "cp1252"), inflict("id,name", "cp936")
    ('ï»¿id,name', '锘縤d,name')
    """
    reader = charset(read)
    first = text[:1].encode() if text[:1].isascii() else b""
    shown = reader.read(_BYTES + first, replacement=replacement, swallow=swallow).text
    return shown + text[len(first) :]


def is_shown(text: str) -> bool:
    """Tell whether a text begins with a signature that was read as text.

    >>> is_shown("ï»¿标题"), is_shown("ï»标题")
    (True, False)
    """
    return text[:1] in _beginnings() and next(_found(text), None) is not None


def propose(text: str) -> Iterator[Proposal]:
    """Propose the signature that a text begins with.

    >>> [(step.before, step.after) for one in propose("锘縤d,name") for step in one.steps]
    [('锘縤', '\\ufeffi')]
    """
    for length, after, reader in islice(_found(text), 1):
        mechanism = Pair("utf-8", reader).mechanism
        step = Step("mixup", 0, length, text[:length], after, mechanism, _LOG_ODDS)
        swallowed = text[length - 1] == "?" and after == SIGNATURE
        losses = (Loss(length - 1, length, "a byte may have been swallowed by the orphaned byte before it", "BF??"),)
        yield Proposal(0, length, (step,), _LOG_ODDS, losses if swallowed else ())


def _found(text: str) -> Iterator[tuple[int, str, str]]:
    """Give the readers that may have shown what a text begins with; before each, how many code points and what they stand for."""
    for reader, shown in _shown().items():
        found = _read(text, reader, shown)
        if found is not None and not _TALKS.match(text, found[0]):
            yield *found, reader


def _read(text: str, name: str, shown: str) -> tuple[int, str] | None:
    """How many code points a reader showed for the signature, and what they are; U+FFFD stands in `shown` for any sign."""
    if "\ufffd" not in shown:
        return (len(shown), SIGNATURE) if text.startswith(shown) else None
    if shown[0] == "\ufffd":  # Shift-JIS has no pair that begins so
        return (len(shown), SIGNATURE) if text[:1] in ("?", "\ufffd") and text[1:].startswith(shown[1:]) else None
    if not text.startswith(shown[:-1]):
        return None
    last = text[len(shown) - 1 : len(shown)]
    if last in ("?", "\ufffd"):
        swallowed = last == "?" and _MARKUP.match(text, len(shown)) is not None
        return len(shown), SIGNATURE + "<" * swallowed
    for sequence in charset(name).spell(last):
        if len(sequence) == 2 and sequence[0] == _BYTES[-1] and sequence[1] < 0x80:
            return len(shown), SIGNATURE + chr(sequence[1])
    return None


@functools.cache
def _shown() -> Mapping[str, str]:
    """What each reader shows for the signature, by Python's codecs: our tables take 20 ms each to build, and any text comes by."""
    return {name: _BYTES.decode(name, "replace") for name in _READERS}


@functools.cache
def _beginnings() -> frozenset[str]:
    return frozenset(shown[0] for shown in _shown().values()) | {"?"}
