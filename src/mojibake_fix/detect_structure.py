"""What the shape of the bytes says before anybody reads them: BOM, escape sequences, UTF-16 and UTF-32, binary data."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from mojibake_fix import readers
from mojibake_fix.detect_hanzi import language_of, unicode_score

HEAD = 4096
"""Bytes whose shape is looked at."""

BOMS = (
    (b"\xef\xbb\xbf", "UTF-8", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "UTF-32LE", "utf-32"),
    (b"\x00\x00\xfe\xff", "UTF-32BE", "utf-32"),
    (b"\xff\xfe", "UTF-16LE", "utf-16"),
    (b"\xfe\xff", "UTF-16BE", "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030", "gb18030"),
)
"""Byte order mark, encoding, and the codec that takes the mark away."""

TEXT_SCORE = -9.5
"""Mean nats of a character above which a reading as UTF-16 is text: Chinese, Japanese and Korean prose has -6 to -8.5,
ASCII and double-byte text read as UTF-16 -11 and less."""

FEW = 8
"""Characters below which chance may reach `TEXT_SCORE`; a reading of fewer must show NUL bytes, that is, ASCII."""

CONTROL_SHARE, FEW_CONTROLS = 0.05, 0.01
"""Share of bytes that belong into no text from which data is binary; text with 1 % of its bytes replaced has 0.1 %."""

_TEXT = bytes(byte for byte in range(256) if byte > 0x1F or byte in b"\t\n\v\f\r\x1b\x1a\x08\x07\x0e\x0f")

_MAGIC = (
    b"\x89PNG\r\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"PK\x03\x04", b"PK\x05\x06", b"\x7fELF", b"%PDF-",
    b"\x1f\x8b\x08", b"BZh", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd",
    b"\xca\xfe\xba\xbe", b"\x00asm", b"SQLite format 3\x00", b"OggS\x00", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"wOFF", b"wOF2", b"ID3\x03", b"ID3\x04",
)  # fmt: skip
"""First bytes of common binary formats; those that text may begin with (MZ, BM, RIFF) are left to their NUL bytes."""

_ISO_2022 = (
    ("ISO-2022-JP", re.compile(rb"\x1b\$(?:[@B]|\(D)[!-~]{2}|\x1b\([JI][!-~]")),
    ("ISO-2022-KR", re.compile(rb"\x1b\$\)C")),
    ("ISO-2022-CN", re.compile(rb"\x1b\$\)[AEG].*?\x0e|\x1b\$\*H.*?\x1bN[!-~]{2}", re.DOTALL)),
)
_HZ = re.compile(rb"~\{((?:[!-w][!-~])+)(?:~\}|\n|$)")
_HZ_SCORE = -11.0
"""Mean nats of a hanzi above which a stretch between `~{` and `~}` is HZ; a Perl block or a shell glob has -13."""

_FEW_HIGH = 0.03
"""Share of high bytes up to which seven-bit text may be damaged seven-bit text."""


@dataclass(frozen=True, slots=True)
class Shape:
    """An answer from shape alone: encoding (None for binary), codec, basis and language."""

    encoding: str | None
    codec: str | None
    basis: str
    language: str = ""


def look(data: bytes) -> Shape | None:
    """Return what the shape of `data` says, or None.

    >>> look(b"\\x89PNG\\r\\n\\x1a\\n"), look(b"plain")
    (Shape(encoding=None, codec=None, basis='structure', language=''), None)
    >>> look("中文abc".encode("utf-16"))
    Shape(encoding='UTF-16LE', codec='utf-16', basis='bom', language='zh')
    """
    for mark, encoding, codec in BOMS:
        if data.startswith(mark) and not _no_text(data, encoding):
            text = data[: HEAD * 2].decode(codec, "replace")
            return Shape(encoding, codec, "bom", language_of(text))
    head = data[:HEAD]
    if head.startswith(_MAGIC):
        return Shape(None, None, "structure")
    return _escapes(data) or _wide(head) or _binary(head)


def _no_text(data: bytes, encoding: str) -> bool:
    """Tell whether a UTF-16 mark stands before something else: images and bare `FF FE` bytes in damaged text."""
    if not encoding.startswith("UTF-16"):
        return False
    text = data[2 : HEAD // 4].decode(encoding, "replace").removesuffix("\ufffd")
    return len(text) > FEW and unicode_score(text) < -13.0


def _escapes(data: bytes) -> Shape | None:
    """ISO-2022 and HZ: seven bits and escape sequences."""
    escape, tilde = b"\x1b" in data, b"~{" in data
    if not (escape or tilde):
        return None
    high = len(data) - len(data.translate(None, _HIGH)) if not data.isascii() else 0
    if high > _FEW_HIGH * len(data):
        return None
    if escape:
        for name, pattern in _ISO_2022:
            if pattern.search(data):
                codec = {"ISO-2022-JP": _japanese_codec(data), "ISO-2022-KR": "iso2022_kr"}.get(name)
                return Shape(name, codec, "structure", {"JP": "ja", "KR": "ko", "CN": "zh"}[name[-2:]])
    if tilde and (pairs := b"".join(_HZ.findall(data[: 1 << 20]))[:1024]):
        text = readers.read(bytes(byte | 0x80 for byte in pairs), "gb18030")[0]
        if unicode_score(text) > _HZ_SCORE:
            return Shape("HZ-GB-2312", "hz", "structure", "zh")
    return None


_HIGH = bytes(range(128, 256))


def _japanese_codec(data: bytes) -> str:
    """The narrowest codec of Python that reads all of it."""
    for codec in ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2", "iso2022_jp_2004"):
        try:
            data.decode(codec)
        except UnicodeDecodeError:
            continue
        return codec
    return "iso2022_jp_ext"


def _wide(head: bytes) -> Shape | None:
    """UTF-32 and UTF-16 without a BOM."""
    if len(head) < 2 or (b"\0" not in head and len(head) > 128 and not _control_count(head)):
        return None
    if b"\0" in head:
        codes = np.frombuffer(head[: len(head) // 4 * 4], np.uint32)
        for name, values in (("UTF-32LE", codes), ("UTF-32BE", codes.byteswap())):
            if len(codes) and int(values.max()) < 0x110000:
                text = head[:1024].decode(name, "replace").removesuffix("\ufffd")
                if unicode_score(text) > TEXT_SCORE:
                    return _wide_shape(head, name)
    if head.isascii() and not _control_count(head) and b"\0" not in head:
        return None
    scores: dict[str, float] = {}
    for name in ("UTF-16LE", "UTF-16BE"):
        text = head[:1024].decode(name, "replace").removesuffix("\ufffd")
        if len(text) >= FEW or (text and b"\0" in head and text.isascii()):
            scores[name] = unicode_score(text)
    best = max(scores, key=scores.__getitem__, default="")
    if not best or scores[best] < TEXT_SCORE or _reads_as_utf_8(head):
        return None
    return _wide_shape(head, best)


def _wide_shape(head: bytes, name: str) -> Shape:
    return Shape(
        name,
        name.replace("LE", "-le").replace("BE", "-be").lower(),
        "structure",
        language_of(head.decode(name, "replace")),
    )


def _reads_as_utf_8(head: bytes) -> bool:
    """Tell whether it is UTF-8 without NUL bytes, which UTF-16 text never is for long."""
    if b"\0" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4
    return True


def _control_count(head: bytes) -> int:
    return len(head.translate(None, _TEXT))


_SEPARATORS = b"\x01\x02\x1c\x1d\x1e\x1f"
"""What Hive, spreadsheets and ASCII itself put between fields and records."""


def _binary(head: bytes) -> Shape | None:
    """Data with too many bytes that belong into no text; separators of fields and the NULs that pad it do."""
    filled = head.rstrip(b"\0")
    others = _control_count(filled.translate(None, _SEPARATORS))
    is_text = filled and (others <= FEW_CONTROLS * len(filled) or _control_count(filled) <= CONTROL_SHARE * len(filled))
    return None if is_text else Shape(None, None, "structure")
