"""Encodings by name: what a label means to a browser, and which codec of Python comes closest.

The labels are those of the WHATWG Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels), so `gb2312`
is GBK and `iso-8859-1` is windows-1252. Encodings that the standard leaves out or refuses to decode (HZ, ISO-2022-CN
and -KR, EUC-TW, Johab, UTF-32) have their usual names here. Any other codec of Python is known by its Python name.
"""

from __future__ import annotations

import codecs
import difflib
import functools
import json
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


class UnknownEncodingError(LookupError):
    """No encoding has this name; the message lists near names."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """One encoding.

    Attributes:
        name: Its name in the WHATWG standard, or the usual one where the standard has none.
        codec: The codec of Python that reads most of it, for `bytes.decode`; None where Python has none.
    """

    name: str
    codec: str | None


_CODECS = {
    "UTF-8": "utf-8", "GBK": "gb18030", "gb18030": "gb18030", "Big5": "big5hkscs", "EUC-JP": "euc_jp",
    "EUC-KR": "cp949", "Shift_JIS": "cp932", "ISO-2022-JP": "iso2022_jp", "UTF-16LE": "utf-16-le",
    "UTF-16BE": "utf-16-be", "IBM866": "cp866", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "windows-874": "cp874", "ISO-8859-8-I": "iso8859_8", "x-user-defined": None, "replacement": None,
}  # fmt: skip

_BEYOND: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "HZ-GB-2312": ("hz", ("hz", "hz-gb", "hzgb")),
    "ISO-2022-KR": ("iso2022_kr", ("iso2022kr", "iso2022-kr", "csiso2022kr")),
    "ISO-2022-CN": (None, ("iso2022cn", "iso2022-cn", "iso-2022-cn-ext", "iso2022cnext")),
    "EUC-TW": (None, ("euctw", "x-euc-tw", "cns11643")),
    "Johab": ("johab", ("cp1361", "ms1361", "ksc5601-1992")),
    "UTF-32LE": ("utf-32-le", ("utf32le", "utf-32", "utf32", "ucs-4", "iso-10646-ucs-4")),
    "UTF-32BE": ("utf-32-be", ("utf32be",)),
}
"""Encodings that browsers do not decode: name, codec, and further labels."""

_ALSO = {
    "cp936": "GBK", "ms936": "GBK", "windows-936": "GBK", "euc-cn": "GBK", "euccn": "GBK", "gb": "GBK",
    "gb-18030": "gb18030", "cp54936": "gb18030", "cp950": "Big5", "ms950": "Big5", "windows-950": "Big5",
    "big5-eten": "Big5", "hkscs": "Big5", "big-5": "Big5", "cp932": "Shift_JIS", "windows-932": "Shift_JIS",
    "eucjp": "EUC-JP", "ujis": "EUC-JP", "cp51932": "EUC-JP", "cp949": "EUC-KR", "ms949": "EUC-KR", "uhc": "EUC-KR",
    "euckr": "EUC-KR", "utf-8-sig": "UTF-8", "cp65001": "UTF-8", "u8": "UTF-8", "iso2022jp": "ISO-2022-JP",
    "latin-1": "windows-1252", "mac-roman": "macintosh", "mac-cyrillic": "x-mac-cyrillic",
}  # fmt: skip
"""Names that people write and the standard lacks: those of Microsoft, Java, Python and glibc."""

_USUAL = ("UTF-8", "GBK", "gb18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "windows-1252")
"""Names to show where none is near: what Chinese text, and what is taken for it, is mostly in."""


@functools.cache
def data() -> dict[str, Any]:
    """Return the record that `tools/build_whatwg.py` wrote: labels, patches, digests, counts, runs of CNS 11643."""
    content = files("mojibake_fix").joinpath("data/whatwg.json").read_text(encoding="ascii")
    record: dict[str, Any] = json.loads(content)
    return record


def lookup(label: str) -> Encoding:
    """Return the encoding that `label` means, as a browser would read it.

    Case, surrounding blanks, and `_` for `-` do not matter.

    Raises:
        UnknownEncodingError: No encoding has this name; the message lists near names.

    >>> lookup("gb2312"), lookup("Latin1").name
    (Encoding(name='GBK', codec='gb18030'), 'windows-1252')
    >>> lookup("gbk18030")
    Traceback (most recent call last):
    mojibake_fix.labels.UnknownEncodingError: no encoding is called 'gbk18030'; did you mean gb18030?
    """
    found = _lookup(label)
    if found is None:
        raise UnknownEncodingError(f"no encoding is called {label!r}{_suggest(label)}")
    return found


def known(label: str) -> Encoding | None:
    """Return the encoding that `label` means, or None.

    >>> known("x-sjis"), known("no such thing")
    (Encoding(name='Shift_JIS', codec='cp932'), None)
    """
    return _lookup(label)


@functools.lru_cache(maxsize=1024)
def _lookup(label: str) -> Encoding | None:
    plain = label.strip("\t\n\f\r ").lower()
    table = _table()
    found = table.get(plain) or table.get(plain.replace("_", "-"))
    if found is not None:
        return found
    try:
        codec = codecs.lookup(plain).name
        b"a".decode(codec)
    except UnicodeDecodeError:
        pass  # a codec of text all the same, such as utf-16
    except (LookupError, ValueError):
        return None  # no codec, or one that does not make text of bytes, such as rot13
    return table.get(codec.replace("_", "-")) or Encoding(codec, codec)


@functools.cache
def _table() -> dict[str, Encoding]:
    """Every label in lower case; what browsers refuse to decode has its own name here instead of `replacement`."""
    table: dict[str, Encoding] = {}
    for name, labels in data()["labels"].items():
        encoding = Encoding(name, _codec(name))
        table.update(dict.fromkeys(labels, encoding))
    for name, (codec, labels) in _BEYOND.items():
        table.update(dict.fromkeys((name.lower(), *labels), Encoding(name, codec)))
    table.update({label: table[name.lower()] for label, name in _ALSO.items()})
    return table


def _codec(name: str) -> str | None:
    return _CODECS[name] if name in _CODECS else codecs.lookup(name).name


def _suggest(label: str) -> str:
    near = difflib.get_close_matches(label.strip().lower(), _table(), n=8, cutoff=0.6)
    names = list(dict.fromkeys(_table()[name].name for name in near))[:3]
    return f"; did you mean {' or '.join(names)}?" if names else f"; there are {', '.join(_USUAL)} and others"
