"""What Python's codecs make of UTF-8: they have no private use, and replace or drop one byte at a time.

With errors="ignore", as with `iconv -c`, a byte that begins no character with the next one is dropped and leaves no sign: one in 15
characters of UTF-8 read as GBK loses a byte so. With errors="replace" it is U+FFFD. Either way the next byte is read anew, so that
it tells what the lost one can have been.
"""

from __future__ import annotations

import functools
import re

from mojibake_fix.damage.pairs import Pair
from mojibake_fix.encodings_tables import decoded

_CODECS = {"cp936": "gbk", "gb18030": "gbk", "cp932": "cp932", "cp949": "cp949"}
"""Python's codecs for readers of UTF-8 that leave enough of it; Big5, EUC-JP and EUC-KR lose most of all characters."""
_OTHERS = {"big5": "big5hkscs", "big5/python": "big5", "euc_jp": "euc_jp"}
"""Those that leave enough of what is written in double bytes as well."""

GBK = ("cp936", "gb18030")
"""Readers of GBK."""
_LENIENT = re.compile("[€\ue000-\uf8ff]")
"""What `gbk` never shows: of the codecs for GBK only `gb18030` has private use, and the tables of Windows 80."""

_SIGN = re.compile("[\ufffd・\x1a]|[?][^\x00-\x7f]")  # □ is 81A0 in Shift-JIS, the end of だ

_HANZI, _MANY = re.compile("[㐀-鿿]"), 24
"""Hanzi from which on one in 14 would be of private use if the reader had any."""


def strict_codec(observed: str, pair: Pair) -> str | None:
    """Return Python's codec for a reader of UTF-8 that has no character for what the codec cannot read, as far as one can see.

    >>> strict_codec("瀛楁靛悕", Pair("utf-8", "cp936")), strict_codec("涓\ue15f枃", Pair("utf-8", "cp936"))
    ('gbk', 'gb18030')
    """
    codec = _CODECS.get(pair.reader) or (_OTHERS.get(pair.reader) if pair.writer != "utf-8" else None)
    return "gb18030" if pair.reader in GBK and _LENIENT.search(observed) else codec


def shows_signs(observed: str) -> bool:
    """Tell whether a text shows signs for what could not be read, so that nothing vanished; a question mark may end a question.

    >>> shows_signs("鐢ㄦ埛鍚�"), shows_signs("鐢ㄦ埛鍚?")
    (True, False)
    """
    return _SIGN.search(observed) is not None


def keeps_next(observed: str, sign: str, codec: str) -> bool:
    """Tell whether a reader that shows a sign for a byte reads the next one anew, as Python does."""
    return sign == "\ufffd" or (codec != "gb18030" and len(_HANZI.findall(observed)) >= _MANY)


@functools.cache
def unreadable(codec: str) -> frozenset[int]:
    """Return the bytes that are no character alone.

    >>> 0xB1 in unreadable("gbk"), 0xB1 in unreadable("cp932")
    (True, False)
    """
    known = decoded((bytes((byte,)) for byte in _HIGH), (codec,))
    return frozenset(byte for byte in _HIGH if bytes((byte,)) not in known)


@functools.cache
def ignored_before(codec: str, byte: int) -> frozenset[int]:
    """Return the bytes that are dropped before another one: they are no character alone nor with it.

    >>> sorted(ignored_before("gb18030", 0xE5)), 0xAE in ignored_before("gbk", 0xB5)
    ([128, 255], True)
    """
    if byte == ord("\n"):  # is in no character, and `decoded` tells sequences apart by it
        return unreadable(codec)
    known = decoded((bytes((first, byte)) for first in unreadable(codec)), (codec,))
    return frozenset(first for first in unreadable(codec) if bytes((first, byte)) not in known)


_HIGH = range(0x80, 0x100)
