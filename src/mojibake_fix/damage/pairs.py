"""Mix-ups as pairs of encodings: written in one, read in another; and what a text that was read in another can hold."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

WRITERS = ("utf-8", "cp936", "big5", "cp932", "euc_jp", "cp949")
"""Encodings that the text may have been written in; the usual ones first, which decides between equal results."""

READERS = (
    "cp936", "cp1252", "latin-1", "big5", "cp932", "cp949", "euc_jp", "cp1251", "cp437", "mac_roman", "cp1254", "cp850",
    "cp866", "mac_cyrillic", "cp1250", "koi8_r", "iso8859_15", "iso8859_2", "cp1257", "cp1258", "cp852", "gb18030",
    "utf-8", "utf-8/latin-1", "big5/python", "utf-8/surrogateescape",
)  # fmt: skip
"""Encodings that it may have been read in; the usual ones first."""

SIGNS = "?\ufffd・\x1a□"
"""What readers show for bytes that they cannot read."""

_SIGNS = frozenset(SIGNS)

_CODECS = {"cp936": "gb18030", "big5": "big5hkscs"}


def codec_of(encoding: str) -> str:
    """Return Python's codec for a character set of ours: the widest that reads its text.

    >>> codec_of("cp936"), codec_of("cp932")
    ('gb18030', 'cp932')
    """
    return _CODECS.get(encoding, encoding)


@dataclass(frozen=True, slots=True)
class Pair:
    """A mix-up: written in one encoding, read in another."""

    writer: str
    reader: str

    @property
    def mechanism(self) -> str:
        """The mix-up in words.

        >>> Pair("utf-8", "cp936").mechanism
        'written as utf-8, read as cp936'
        """
        return f"written as {self.writer}, read as {self.reader}"

    @property
    def codec(self) -> str:
        """Python's codec for what was written."""
        return codec_of(self.writer)


@functools.cache
def pairs_of(reader: str) -> tuple[Pair, ...]:
    """Return the mix-ups that a reader may have made: with every writer but its own encoding.

    >>> [pair.writer for pair in pairs_of("big5/python")]
    ['utf-8', 'cp936', 'cp932', 'euc_jp', 'cp949']
    """
    same = {"gb18030": "cp936", "utf-8/latin-1": "utf-8", "big5/python": "big5"}.get(reader, reader)
    return tuple(Pair(writer, reader) for writer in WRITERS if writer != same)


FOREIGN = 8
"""One in so many characters of a garbled text may be another than the reader shows."""

NEVER_SINGLE = re.compile("[㐀-鿿가-힣]")
"""Hanzi and syllables, which no encoding of single bytes shows."""


def is_of_double_bytes(text: str) -> bool:
    """Tell whether a text has more hanzi and syllables than a reader of single bytes would leave to others.

    >>> is_of_double_bytes("涓枃"), is_of_double_bytes("ÖÐÎÄ±àÂë中")
    (True, False)
    """
    return FOREIGN * len(NEVER_SINGLE.findall(text)) > len(text)


def shows_loss(text: str) -> bool:
    """Tell whether a text has a sign that readers show for a byte that they cannot read.

    >>> shows_loss("涓?枃"), shows_loss("涓枃")
    (True, False)
    """
    return not _SIGNS.isdisjoint(text)


def is_mostly_lost(observed: str) -> bool:
    """Tell whether more than half of a text are signs for lost bytes; of 72 such texts none came back by half, in a second each.

    Where the signs are not ASCII they are counted among what is not: of GBK, Big5 and the like read as UTF-8 with them nothing
    comes back, and what is left makes other hanzi.

    >>> is_mostly_lost("・・・篋榊瓜"), is_mostly_lost("・・・・篋榊瓜"), is_mostly_lost("\ufffdаݳo\ufffdi\ufffd\ufffd")
    (False, True, True)
    """
    foreign = [character for character in observed if character >= "\x80"]
    return any(2 * sum(map(_SIGNS.__contains__, part)) > len(part) for part in (observed, foreign))
