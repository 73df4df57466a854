r"""The forms of escapes and what each spells: code points (`&#20013;`, `\u4e2d`) or bytes (`%E4%B8%AD`, `=D6=D0`, `\xD6\xD0`).

`%`, `=`, `\x` and octal escapes spell bytes, of UTF-8 or of a double-byte encoding. In such a pair the second byte may be an ASCII
letter, which needs no escape; and a reader that escaped only what was no UTF-8 left characters between the escapes that are pairs
of bytes out of phase: `\xBC\xBC\xC4芙\xF8` is 技能进.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mojibake_fix.damage.gloss import HAN


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write escapes.

    Attributes:
        shown: What is searched first.
        name: What a mechanism calls it.
        sign: What any such escapes outside ASCII begin with.
        run: Escapes in a row, also of ASCII, and what may stand between them.
        encoded: Whether they are bytes.
        raw: What an escaper never leaves as it is: its own sign, where it begins no escape.
    """

    shown: str
    name: str
    sign: re.Pattern[str]
    run: re.Pattern[str]
    encoded: bool = False
    raw: re.Pattern[str] | None = None


_HEX = "[0-9A-Fa-f]"
_LONG = rf"(?:u{_HEX}{{4}}|u\{{{_HEX}{{2,6}}\}}|U000[01]{_HEX}{{4}})"
_BARE = "(?:[1-6][0-9]{4}|12[0-9]{4})(?![0-9;])"
"""A code point without its semicolon: those of CJK have five figures, but for some signs; emoji six."""
_NAMED = "nbsp|quot|apos|amp|lt|gt|ldquo|rdquo|lsquo|rsquo|hellip|mdash|ndash|middot|times|bull|deg"

# What must not stand before is asked for behind the first two signs: for these a text is searched ten times as fast.
FORMS = {
    "&#": Form(
        "&",
        "HTML character reference",
        re.compile(rf"&(?:amp;){{0,2}}#(?:[0-9]{{3,7}};|[xX]{_HEX}{{2,6}};|{_BARE})"),
        re.compile(rf"(?:&(?:amp;){{0,2}}(?:#[0-9]{{2,7}};|#{_BARE}|#[xX]{_HEX}{{2,6}};|(?:{_NAMED});))+"),
    ),
    "\\u": Form(
        "\\",
        "\\u escape",
        re.compile(rf"\\{_LONG}"),
        re.compile(rf"\\(?<!\\\\){_LONG}(?:\\{_LONG})*"),
    ),
    "%u": Form(
        "%",
        "%u escape",
        re.compile(rf"%u{_HEX}{{4}}"),
        re.compile(rf"(?:%u{_HEX}{{4}}|%{_HEX}{{2}})+"),
    ),
    "\\x": Form(
        "\\",
        "\\x escape",
        re.compile(r"\\x[89A-Fa-f][0-9A-Fa-f]"),
        re.compile(
            rf"\\x(?<!\\\\x){_HEX}{{2}}(?:[^\x00-\x7f]*(?:[0-9@-\[\]-~][^\x00-\x7f]*)?\\x{_HEX}{{2}})*"
        ),
        encoded=True,
    ),
    "%": Form(
        "%",
        "percent encoding",
        re.compile(r"%[89A-Fa-f][0-9A-Fa-f](?:%[0-9A-Fa-f]{2}|[0-9@-~])"),
        re.compile(rf"%{_HEX}{{2}}(?:[0-9@-~]?%{_HEX}{{2}})*"),
        encoded=True,
        raw=re.compile(rf"%(?!{_HEX}{{2}})"),
    ),
    "=": Form(
        "=",
        "quoted-printable",
        re.compile(r"=[89A-F][0-9A-F](?:=(?:\r?\n=)?[0-9A-F]{2}|[0-9@-~])"),
        re.compile(r"=(?:[0-9A-F]{2}|\r?\n)(?:[0-9@-~]?=(?:[0-9A-F]{2}|\r?\n))*"),
        encoded=True,
        raw=re.compile(r"=(?![0-9A-F]{2}|\r?\n)"),
    ),
    "\\0": Form(
        "\\",
        "octal escape",
        re.compile(r"\\[23][0-7]{2}\\[23][0-7]{2}"),
        re.compile(r"\\(?<!\\\\)[0-3][0-7]{2}(?:[0-9@-\[\]-~]?\\[0-3][0-7]{2})*"),
        encoded=True,
    ),
    "<U+": Form(
        "<", "code point in the way of R", re.compile(rf"<U\+{_HEX}{{4}}"), re.compile(rf"(?:<U\+{_HEX}{{4,8}}>)+")
    ),
    "#U": Form(
        "#",
        "#U escape of a file archive",
        re.compile(rf"#U{_HEX}{{4}}"),
        re.compile(rf"(?:#U(?:1[fF]{_HEX}{{3}}|{_HEX}{{4}})|#L{_HEX}{{6}})+"),
    ),
    "_x": Form("_", "_x escape of a spreadsheet", re.compile(rf"_x{_HEX}{{4}}_"), re.compile(rf"(?:_x{_HEX}{{4}}_)+")),
}  # fmt: skip

_CODE_POINT = re.compile(
    rf"&(?:amp;){{0,2}}(?:#([0-9]+);?|#[xX]({_HEX}+);|([a-z]+);)|[\\%]u({_HEX}{{4}})|\\U({_HEX}{{8}})|%({_HEX}{{2}})|\\u\{{({_HEX}+)"
    rf"|(?:<U\+|#[UL]|_x)({_HEX}+)"
)
_BYTE = re.compile(rf"(?:\\x|%|=)({_HEX}{{2}})|\\([0-3][0-7]{{2}})|=\r?\n")

_PICTOGRAPHS = "\u200d\u20e3\u2600-\u27bf\u2b05-\u2b55\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f"
PICTOGRAPH = re.compile(f"[{_PICTOGRAPHS}]")
"""Emoji and what joins them: text, of which the model knows nothing."""

# What running text is made of: CJK with its signs, kana, Hangul, full width, general punctuation, a degree sign, emoji.
_SIGNS_OF_TEXT = "\u2010-\u203b\u2103\u00b0\u00b7\u00d7\u2160-\u216b\u2460-\u2473€"
_TEXT = f"{HAN}\u3000-\u30ff\u3105-\u318e\uac00-\ud7a3\uff01-\uffee\ufffd{_SIGNS_OF_TEXT}{_PICTOGRAPHS}"
_ASCII = "\\n\\r\\t -~\xa0"
_READABLE = re.compile(f"(?:[{_TEXT}]|[{_ASCII}])+")
_BESIDE_TEXT = re.compile(f"(?:[{_TEXT}]|[{_ASCII}\xa1-\u024f\u0370-\u04ff\u2190-\u22ff\u2500-\u25ff])*")
"""What may stand among text where its form leaves no doubt: letters of Europe, arrows, signs of mathematics."""
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
CJK = re.compile(f"[{HAN}\u3041-\u30ff\uac00-\ud7a3]")

ENCODINGS = {
    "utf-8": "UTF-8",
    "gb18030": "GBK",
    "big5": "Big5",
    "cp932": "Shift-JIS",
    "euc_jp": "EUC-JP",
    "cp949": "EUC-KR",
}
"""What the bytes may be written in, by the name of Python's codec, and what a mechanism calls it; UTF-8 proves itself."""


@dataclass(frozen=True, slots=True)
class Escaped:
    """Escapes in a row: `text[start:end]` of one kind (its first signs), and what they may be read as.

    `tells` says that what they are read as is text; what else is read so (ASCII, letters) is only read beside text.
    """

    start: int
    end: int
    kind: str
    encoding: str
    read: str
    tells: bool = True


def inflict(text: str, kind: str = "&#", encoding: str = "utf-8") -> str:
    r"""Escape every character outside ASCII.

    Args:
        text: The text.
        kind: "&#", "&#x", "&amp;#", "\\u", "%u", or one that spells bytes: "\\x", "\\0" (octal), "%", "=".
        encoding: Of the bytes: "utf-8" or "gb18030", or any other of Python's.

    Raises:
        ValueError: There is no such kind.

    >>> inflict("中文", "&#x"), inflict("中文", "%", "gb18030"), inflict("中文", "\\u")
    ('&#x4e2d;&#x6587;', '%D6%D0%CE%C4', '\\u4e2d\\u6587')
    """
    return "".join(character if character < "\x80" else _escape(character, kind, encoding) for character in text)


def _escape(character: str, kind: str, encoding: str) -> str:
    if kind in ("&#", "&amp;#"):
        return f"{kind}{ord(character)};"
    if kind == "&#x":
        return f"&#x{ord(character):x};"
    if kind in ("\\u", "%u"):
        units = character.encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"{kind}{units[index : index + 4]}" for index in range(0, len(units), 4))
    if kind in ("\\x", "%", "=", "\\0"):
        spelt = "\\{:03o}" if kind == "\\0" else kind + "{:02X}"
        return "".join(map(spelt.format, character.encode(encoding, "surrogatepass")))
    raise ValueError(f"no escapes of kind {kind!r}; there are: &#, &#x, &amp;#, \\u, %u, \\x, \\0, %, =")


def read(text: str, start: int, end: int, kind: str, encoding: str = "utf-8") -> Escaped | None:
    r"""Read escapes in a row, bytes in one encoding; None where they are not readable so.

    In a double-byte encoding one more character may be the second byte of the last pair, but no backslash that begins an escape.

    >>> text = "%D6%D0%B9%FA"
    >>> read(text, 0, 12, "%", "gb18030").read, read(text, 0, 12, "%", "utf-8")
    ('中国', None)
    """
    if not FORMS[kind].encoded:
        return _judged(text, start, end, kind, "code points", _of_code_points(text[start:end]))
    has_more = encoding != "utf-8" and end < len(text) and (kind[0], text[end]) != ("\\", "\\")
    for longer in (0, 1) if has_more else (0,):
        try:
            found = b"".join(_bytes(text[start : end + longer], encoding)).decode(encoding)
        except UnicodeDecodeError:
            continue
        if judged := _judged(text, start, end + longer, kind, encoding, found):
            return judged
    return None


def spelt(escapes: str, kind: str) -> str:
    r"""What escapes spell, text or not: their code points, or bytes as UTF-8, with U+FFFD for what they are not.

    >>> spelt(r"\u00d6\u00d0", "\\u"), spelt("%D6%D0", "%")
    ('ÖÐ', '\ufffd\ufffd')
    """
    if not FORMS[kind].encoded:
        return _of_code_points(escapes)
    return b"".join(_bytes(escapes, "utf-8")).decode("utf-8", "replace")


def _of_code_points(escapes: str) -> str:
    codes = []
    for one in _CODE_POINT.finditer(escapes):
        decimal, digits, name = one[1], one[2] or one[4] or one[5] or one[6] or one[7] or one[8], one[3]
        codes.append(ord(html.unescape(f"&{name};")) if name else int(decimal or digits, 10 if decimal else 16))
    if any(code > 0x10FFFF for code in codes):
        return "\ufffd"
    return "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _judged(text: str, start: int, end: int, kind: str, encoding: str, found: str) -> Escaped | None:
    """Say whether what escapes are read as tells, may stand beside what does, or is no text."""
    tells = _READABLE.fullmatch(found) is not None and FORMS[kind].sign.search(text, start, end) is not None
    if encoding not in ("utf-8", "code points"):
        if (tells and CJK.search(found) and not _HALF_WIDTH.search(found)) or _is_plain(found):
            return Escaped(start, end, kind, encoding, found, tells)
        return None
    if _BESIDE_TEXT.fullmatch(found):
        tells = tells and (encoding != "utf-8" or CJK.search(found) is not None)
        return Escaped(start, end, kind, encoding, found, tells)
    return None


def is_text(found: str) -> bool:
    """Tell whether something can be text and has Chinese, Japanese, Korean or emoji.

    >>> is_text("中文 a"), is_text("a"), is_text("\\x00中")
    (True, False, False)
    """
    shows = CJK.search(found) or PICTOGRAPH.search(found)
    return bool(shows) and _BESIDE_TEXT.fullmatch(found) is not None


def _is_plain(found: str) -> bool:
    return found.isascii() and _BESIDE_TEXT.fullmatch(found) is not None


def _bytes(shown: str, encoding: str) -> Iterator[bytes]:
    position = 0
    for match in _BYTE.finditer(shown):
        yield shown[position : match.start()].encode(encoding, "replace")
        yield bytes([int(match[2], 8)]) if match[2] else bytes.fromhex(match[1] or "")
        position = match.end()
    yield shown[position:].encode(encoding, "replace")
