r"""Escapes left in running text: `&#20013;`, `\u4e2d`, `%E4%B8%AD`, `=D6=D0`, `\xD6\xD0`.

Whoever reads text wants the characters; source code, URLs, regular expressions and JSON mean the escapes. What tells the
two apart is the place (`_is_meant`) and the outcome: the escapes of a line, read as characters, must be probable Chinese,
Japanese or Korean, more so than any code points would be. Evidence is gathered for a line at a time.

`%` and `=` and `\x` spell bytes, of UTF-8 or of GBK. In GBK the second byte of a character may be an ASCII letter, which
needs no escape; and a reader that escaped only what was no UTF-8 left characters between the escapes that are pairs of
GBK bytes out of phase: `\xBC\xBC\xC4芙\xF8` is 技能进.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from mojibake_fix.damage import references
from mojibake_fix.damage.gloss import HAN
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.records import Policy, Step
from mojibake_fix.scan import line_end, line_start

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_SIGNS = {
    "&#": re.compile(r"&(?:amp;){0,2}#(?:[0-9]{3,7}|[xX][0-9A-Fa-f]{2,6});"),
    "\\u": re.compile(r"\\u[0-9A-Fa-f]{4}"),
    "%u": re.compile(r"%u[0-9A-Fa-f]{4}"),
    "\\x": re.compile(r"\\x[89A-Fa-f][0-9A-Fa-f]"),
    "%": re.compile(r"%[89A-Fa-f][0-9A-Fa-f](?:%[0-9A-Fa-f]{2}|[0-9@-~])"),
    "=": re.compile(r"=[89A-F][0-9A-F](?:=(?:\r?\n=)?[0-9A-F]{2}|[0-9@-~])"),
}

# Runs of code points, and runs of bytes with what may stand between them: an ASCII second byte; characters out of phase. What must
# not stand before is asked for behind the first two signs: for these a text is searched ten times as fast.
_CODE_POINTS = {
    "&#": re.compile(r"(?:&(?:amp;){0,2}#(?:[0-9]{3,7}|[xX][0-9A-Fa-f]{2,6});)+"),
    "\\u": re.compile(r"\\u(?<!\\\\u)[0-9A-Fa-f]{4}(?:\\u[0-9A-Fa-f]{4})*"),
    "%u": re.compile(r"(?:%u[0-9A-Fa-f]{4})+"),
}
_ONE = re.compile(r"#([0-9]+);|#[xX]([0-9A-Fa-f]+);|u([0-9A-Fa-f]{4})")
_BYTES = {
    "\\x": re.compile(
        r"\\x(?<!\\\\x)[89A-Fa-f][0-9A-Fa-f](?:[^\x00-\x7f]*(?:[0-9@-\[\]-~][^\x00-\x7f]*)?\\x[0-9A-Fa-f]{2})*"
    ),
    "%": re.compile(r"%[89A-Fa-f][0-9A-Fa-f](?:[0-9@-~]?%[0-9A-Fa-f]{2})*"),
    "=": re.compile(r"=[89A-F][0-9A-F](?:(?:[0-9@-~]|=\r?\n)?=[0-9A-F]{2})*"),
}
_BYTE = re.compile(r"(?:\\x|%|=)([0-9A-Fa-f]{2})|=\r?\n")
_NAMES = {
    "&#": "HTML character reference", "\\u": "\\u escape", "%u": "%u escape", "\\x": "\\x escape", "%": "percent encoding",
    "=": "quoted-printable",
}  # fmt: skip

# What running text is made of: CJK with its signs, kana, Hangul, full width, general punctuation, a degree sign.
_SIGNS_OF_TEXT = "\u2010-\u203b\u2103\u00b0\u00b7\u00d7\u2160-\u216b\u2460-\u2473€"
_TEXT = f"{HAN}\u3000-\u30ff\u3105-\u318e\uac00-\ud7a3\uff01-\uffee{_SIGNS_OF_TEXT}"
_READABLE = re.compile(f"(?:[{_TEXT}]|[\\n\\r\\t -~\xa0])+")
_CJK = re.compile(f"[{HAN}\u3041-\u30ff\uac00-\ud7a3]")

# Log-probabilities in nats. Any code point of the planes with text; that a line leaves an escape without meaning it, by itself
# and with a hanzi right beside it.
# A character reference between two hanzi stands for a rare hanzi that the page's encoding lacked.
_ANY, _ALONE, _BESIDE, _REFERENCE = -12.0, -6.0, 4.0, 12.0
_WORST = -9.0
"""Mean log-probability, in nats, below which escapes are no text. Chinese has -5 to -6.5 a character, random GBK pairs -13."""

_TALKS = re.compile(
    "转义|轉義|转码|編碼|编码|解码|解碼|码点|碼位|码位|字符实体|实体|正则|正則|表达式|エスケープ|文字参照|Unicode|escape|"
    "encod|decod|entit|regex|percent|quoted-printable|urllib|charset",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!|<\?")
_MARKUP = re.compile(r"<(?:html|body|head|!doctype|\?xml)\b", re.IGNORECASE)
_PROPERTY = re.compile(r"^\s*[\w.\-\[\]]+\s*[=:]\s*\S*$")
_CODE = re.compile(
    r"\b(?:re\.|RegExp|print|printf|echo|var|let|const|def|return|String|char|msgid|msgstr|charAt)\b|[{};]\s*$|=>|::"
)
_QUOTES = tuple(map(re.compile, "\"'`"))


@dataclass(frozen=True, slots=True)
class Escaped:
    """Escapes in a row: `text[start:end]` of one kind (its first signs), and what they may be read as."""

    start: int
    end: int
    kind: str
    encoding: str
    read: str


@functools.cache
def sign() -> re.Pattern[str]:
    """Return an expression for what any escapes begin with, to be matched where `&`, `%`, `=` or a backslash stands.

    Through all of a text `has_signs` is the faster search: 0.8 instead of 3.3 ms for 1 MB of English.
    """
    return re.compile("|".join([*(sign.pattern for sign in _SIGNS.values()), references.sign().pattern]))


def has_signs(text: str) -> bool:
    """Tell whether `text` may hold escapes; costs a search for each of four signs, as a rule.

    >>> has_signs("100 % richtig, a = b"), has_signs("&#20013;")
    (False, True)
    """
    for kind, pattern in _SIGNS.items():
        if kind[0] in text and pattern.search(text):
            return True
    return references.has_signs(text)


def inflict(text: str, kind: str = "&#", encoding: str = "utf-8") -> str:
    r"""Escape every character outside ASCII.

    Args:
        text: The text.
        kind: "&#", "&#x", "&amp;#", "\\u", "%u", or one that spells bytes: "\\x", "%", "=".
        encoding: Of the bytes: "utf-8" or "gb18030".

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
    if kind in ("\\x", "%", "="):
        return "".join(f"{kind}{byte:02X}" for byte in character.encode(encoding, "surrogatepass"))
    raise ValueError(f"no escapes of kind {kind!r}; there are: &#, &#x, &amp;#, \\u, %u, \\x, %, =")


def find(text: str) -> Iterator[Escaped]:
    r"""Find the escapes that can be read as text, kind by kind.

    >>> [(one.read, one.encoding) for one in find(r"\u4e2d\u6587 %D6%D0%CE%C4")]
    [('中文', 'code points'), ('中文', 'gb18030')]
    """
    for kind, pattern in _CODE_POINTS.items():
        if _SIGNS[kind].search(text):
            for match in pattern.finditer(text):
                read = _read_code_points(match[0])
                if read:
                    yield Escaped(*match.span(), kind, "code points", read)
    for kind, pattern in _BYTES.items():
        if _SIGNS[kind].search(text):
            for match in pattern.finditer(text):
                yield from _read_bytes(text, match, kind)


def _read_code_points(escapes: str) -> str:
    codes = [int(one[1] or one[3] or one[2], 10 if one[1] else 16) for one in _ONE.finditer(escapes)]
    if any(code < 0x80 or code > 0x10FFFF for code in codes):
        return ""
    units = "".join(map(chr, codes)).encode("utf-16-le", "surrogatepass")
    read = units.decode("utf-16-le", "replace")
    return read if _READABLE.fullmatch(read) else ""


def _read_bytes(text: str, match: re.Match[str], kind: str) -> Iterator[Escaped]:
    """Read escaped bytes as UTF-8, or else as GBK, where one more character may be the second byte of the last pair."""
    for encoding, longer in (("utf-8", 0), ("gb18030", 0), ("gb18030", 1)):
        shown = text[match.start() : match.end() + longer]
        data = b"".join(_bytes_of(shown, encoding))
        try:
            read = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _READABLE.fullmatch(read) and _CJK.search(read):
            yield Escaped(match.start(), match.start() + len(shown), kind, encoding, read)
            return


def _bytes_of(shown: str, encoding: str) -> Iterator[bytes]:
    position = 0
    for match in _BYTE.finditer(shown):
        yield shown[position : match.start()].encode(encoding, "replace")
        yield bytes.fromhex(match[1] or "")
        position = match.end()
    yield shown[position:].encode(encoding, "replace")


def propose(text: str, policy: Policy, model: CharacterModel) -> Iterator[Proposal]:
    r"""Propose to read the escapes of each line that reads well with them.

    Args:
        text: The whole text.
        policy: Its margin decides.
        model: Scores what the escapes stand for.

    >>> from mojibake_fix.model import load
    >>> from mojibake_fix.records import SAFE
    >>> [one.steps[0].after for one in propose("标题：&#20013;&#22269;&#32463;&#27982;", SAFE, load())]
    ['中国经济']
    >>> list(propose(r'{"title": "\u4e2d\u56fd\u7ecf\u6d4e"}', SAFE, load()))
    []
    """
    yield from references.propose(text, policy, model)
    markup = _MARKUP.search(text) is not None
    found = [one for one in find(text) if not (markup and one.kind == "&#")]
    for kind, escapes in groupby(found, key=lambda one: one.kind):
        for line, group in _by_line(text, escapes):
            yield from _line_proposals(text, kind, line, group, policy, model)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with escapes of one kind: its bounds, where its quotes of each kind are, and whether it is code that means escapes."""

    start: int
    end: int
    quotes: tuple[Sequence[int], ...]
    is_code: bool

    @classmethod
    def of(cls, text: str, escapes: Sequence[Escaped]) -> _Line:
        """Look the line of some escapes up, once for all."""
        kind, start, end = escapes[0].kind, line_start(text, escapes[0].start), line_end(text, escapes[-1].end)
        quotes = tuple([match.start() for match in quote.finditer(text, start, end)] for quote in _QUOTES)
        is_code = kind in ("\\u", "\\x", "%u") and (
            _CODE.search(text, start, end) is not None or _PROPERTY.match(text[start:end]) is not None
        )
        return cls(start, end, quotes, is_code)


def _by_line(text: str, escapes: Iterable[Escaped]) -> Iterator[tuple[_Line, list[Escaped]]]:
    """Group escapes, which are in order, by the line that they begin in."""
    group: list[Escaped] = []
    end = -1
    for one in escapes:
        if one.start > end:
            if group:
                yield _Line.of(text, group), group
            group, end = [], line_end(text, one.start)
        group.append(one)
    if group:
        yield _Line.of(text, group), group


def _line_proposals(
    text: str, kind: str, line: _Line, escapes: Iterable[Escaped], policy: Policy, model: CharacterModel
) -> Iterator[Proposal]:
    left = [one for one in escapes if not _is_meant(text, line, one)]
    if not left or (kind == "&#" and _TAG.search(text, line.start, line.end)):
        return
    outside = _outside(text, line.start, line.end, left)
    if _TALKS.search(outside) or _shows_any({one.read for one in left if len(one.read) > 1}, outside):
        return
    read = [one.read for one in left]
    score = sum(_fit(text, one, model) for one in left)
    length = sum(map(len, read))
    beside = any(_CJK.fullmatch(text[one.start - 1 : one.start] or " ") or _CJK.match(text, one.end) for one in left)
    if score < _WORST * length and not (beside and kind == "&#"):
        return
    if not beside and sum(len(_CJK.findall(one)) for one in read) < 2:
        return
    prior = _ALONE if not beside else _REFERENCE if kind == "&#" else _BESIDE
    log_odds = round(prior + score - _ANY * length, 3)
    if log_odds < policy.margin:
        return
    for one in left:
        before = text[one.start : one.end]
        code = "" if one.encoding == "code points" else f" of {'UTF-8' if one.encoding == 'utf-8' else 'GBK'} bytes"
        step = Step("escape", one.start, one.end, before, one.read, f"{_NAMES[kind]}{code} left in text", log_odds)
        yield Proposal(one.start, one.end, (step,), log_odds)


def _fit(text: str, one: Escaped, model: CharacterModel) -> float:
    """Log-probability of what escapes stand for, in their context, with the next two characters' gain from it."""
    before, after = text[max(0, one.start - 2) : one.start], text[one.end : one.end + 2]
    with_it = model.log_probability(one.read + after, before)
    return with_it - model.log_probability(after)


def _outside(text: str, start: int, end: int, escapes: Iterable[Escaped]) -> str:
    pieces, position = [], start
    for one in escapes:
        pieces.append(text[position : one.start])
        position = one.end
    return "\x00".join([*pieces, text[position:end]])


def _shows_any(reads: Collection[str], outside: str) -> bool:
    """Tell whether a text shows one of several others."""
    if len(reads) > _MANY:
        pairs = frozenset(map(str.__add__, outside, outside[1:]))
        reads = [read for read in reads if all(map(pairs.__contains__, map(str.__add__, read, read[1:])))]
    return any(read in outside for read in reads)


_MANY = 16
"""Texts from which on their pairs of characters are looked at first, so that a long line with many escapes takes linear time."""

_TOKEN = 1000
"""Code points of a word without spaces, such as a URL, that are looked at on either side of an escape."""

_PRINTABLE = "".join(map(chr, range(ord("!"), ord("~") + 1)))


def _is_meant(text: str, line: _Line, one: Escaped) -> bool:
    """Tell whether the place means the escape: a URL, a literal, a character class, a property, a line of code."""
    before = text[max(line.start, one.start - _TOKEN) : one.start]
    after = text[one.end : min(line.end, one.end + _TOKEN)]
    left, right = before[len(before.rstrip(_PRINTABLE)) :], after[: len(after) - len(after.lstrip(_PRINTABLE))]
    if one.kind in ("%", "%u") and (re.search(r"[/=&?#\\]", left) or re.match(r"[/=&?#@]|\.[a-z]", right)):
        return True
    if one.kind == "=" and re.search(r"[?&/]", left):
        return True
    if before[-1:] in tuple("[-^(|") and (after[:1] in tuple("]-|)") or "\\" in right):
        return True
    if any(bisect_left(places, one.start) % 2 and places[-1] >= one.end for places in line.quotes):
        return True
    return line.is_code
