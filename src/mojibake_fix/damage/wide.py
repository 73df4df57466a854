"""UTF-16 read in single bytes: ÿþ-N‡e for 中文, and a NUL behind every letter of ASCII.

Tags of music files, registry files and "Unicode text" of spreadsheets are UTF-16, and what takes them for Latin-1 shows their byte
order mark first. Without the mark the NULs tell: they are every second byte of ASCII, and no text has them so.
"""

from __future__ import annotations

from collections.abc import Iterator

from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.model import load
from mojibake_fix.records import Step

_READERS = ("latin-1", "cp1252")
_MARKS = {"ÿþ": "utf-16-le", "þÿ": "utf-16-be"}

_FEWEST = 4
"""NULs that tell of UTF-16 without a mark, all of them first bytes or all second ones: lists of names end in one each."""

_FEWEST_BEHIND_MARK = 2
"""Characters behind a mark: of one alone any two letters are a hanzi."""

_READS_WELL = -9.0
"""Mean log-probability, in nats, of a character that is not ASCII above which what comes out is text."""

_LOG_ODDS_OF_NUL, _MOST = 6.0, 200.0
"""Nats that each NUL is worth, which in other text stands at an odd place as often as at an even one and hardly at all."""


def inflict(text: str, read: str = "latin-1", *, written: str = "utf-16-le", mark: bool = True) -> str:
    r"""Write a text in UTF-16 and read it in single bytes.

    Args:
        text: The text.
        read: "latin-1" or "cp1252".
        written: "utf-16-le" or "utf-16-be".
        mark: Whether a byte order mark comes first.

    Raises:
        ValueError: The reader cannot read one of the bytes.

    >>> inflict("中文"), inflict("abc", mark=False)
    ('ÿþ-N\x87e', 'a\x00b\x00c\x00')
    """
    return ("\ufeff" * mark + text).encode(written, "surrogatepass").decode(read)


def find(text: str) -> Proposal | None:
    r"""Find what a text was that is UTF-16 in single bytes as a whole; None where it is not.

    >>> [step.after for step in find("ÿþ-N\x87e").steps], find("a\0b\0c\0d\0").steps[0].after, find("ÿþ")
    (['中文'], 'abcd', None)
    """
    if text[:2] not in _MARKS and "\0" not in text:
        return None
    for read, codec, reader in _readings(text):
        foreign = sum(map("\x80".__le__, read))
        if not foreign or load().log_probability(read) >= _READS_WELL * len(read):
            evidence = min(_MOST, _LOG_ODDS_OF_NUL * (text.count("\0") + foreign))
            step = Step("mixup", 0, len(text), text, read, f"written as {codec}, read as {reader}", evidence)
            return Proposal(0, len(text), (step,), evidence)
    return None


def _readings(text: str) -> Iterator[tuple[str, str, str]]:
    """What a text can be: the text, the codec that it was written in, and the one that it was read in."""
    codec = _MARKS.get(text[:2]) or _by_nul(text)
    for reader in _READERS if codec else ():
        try:
            read = text.encode(reader).decode(codec or "")
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        read = read.removeprefix("\ufeff")
        if len(read) >= _FEWEST_BEHIND_MARK and "\0" not in read:
            yield read, codec or "", reader


def _by_nul(text: str) -> str | None:
    """Tell the order of the bytes by the NULs, if they are all at places of one kind."""
    if len(text) % 2 or max(text) > "\u2122":
        return None
    first, second = text[::2].count("\0"), text[1::2].count("\0")
    if first + second < _FEWEST or min(first, second) > 0:
        return None
    return "utf-16-le" if second else "utf-16-be"
