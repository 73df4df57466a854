r"""Where escapes stand, and whether the place means them: a URL, a literal, a character class, a property, a line of code."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mojibake_fix.scan import line_end, line_start

MARKUP = re.compile(r"<(?:html|body|head|!doctype|\?xml)\b", re.IGNORECASE)

TALKS = re.compile(
    "转义|轉義|转码|編碼|编码|解码|解碼|码点|碼位|码位|字符实体|实体|正则|正則|表达式|エスケープ|文字参照|Unicode|escape|"
    r"encod|decod|entit|regex|percent|quoted-printable|urllib|charset|[八六]进制|[八六]進位|"
    r"\b(?:octal|hexadecimal|code points?|RFC ?[0-9]{3,5})\b",
    re.IGNORECASE,
)

_PROPERTY = re.compile(r"^\s*[\w.\-\[\]]+\s*[=:]\s*\S*$")
_PROPERTY_OF_WORDS = re.compile(r"^\s*[A-Za-z][A-Za-z0-9._-]*\s*=(?!.*[\w.]=)")
"""Of Java, where a value may have spaces and go on behind a backslash; a line with more than one `=` is one of a log."""
_CODE = re.compile(
    r"\b(?:re\.|RegExp|print|printf|echo|var|let|const|def|return|String|char|msgid|msgstr|charAt)\b|\bifn?eq\b|:=|\$[{(]|\)\s*T[jJ]\b|(?:[{;]|(?<![0-9A-Fa-f])\})\s*$|=>|::"
)
_QUOTE = re.compile(r"(?<!\\)(\\*)([\"'`])")
"""A quotation mark; behind an odd number of backslashes it stands in a literal, and neither begins nor ends it."""

_STATUS = "new file|modified|deleted|renamed|copied|typechange|both (?:added|modified|deleted)|(?:added|deleted) by (?:us|them)"
_LISTED = re.compile(
    rf"^(?:[\t ]?|[\t ]*(?:{_STATUS}): +| ?[ACDMRTU?!]{{1,2}} +|diff --git |--- |\+\+\+ |(?:rename|copy) (?:from|to) "
    r"| ?(?:create|delete) mode [0-7]+ |Removing |Would remove )"
    r'(?:"(?:[^"\\<>*|;]|\\[0-7]{3}|\\["\\])*"(?: ->)?\s*)+(?:\|.*)?$'
)
_PATH = re.compile(r'/|\.\w+"')
"""A line of git, `new file:   "\344\275\240.txt"`: in its quotes octal escapes are the name of a file; C indents strings, and any
command or macro may stand before one."""

_PRINTED = re.compile(r" *(?:#[#>] *|\[[0-9]+\] )")
"""What R prints, `[1] "<U+4E2D>"`, also as reports show it, behind ## or #>: there are quotation marks around all text."""
_HEADER = re.compile(
    r"[ >]*[A-Z][A-Za-z-]*: |[ \t]*(?:[\w/-]+; *)*(?:file)?name\*?=|[ \t]+\"=\?[^\"\n]*\?=\"\s*<", re.IGNORECASE
)
"""The header of a message, and a parameter or an address in a line of its own: quotation marks are part of it."""
_QUERY = re.compile(r"[?&][\w.-]*$|\?[Qq]\?[^?]*$")
"""What stands before an `=` that is none of quoted-printable: a query, and the head of an encoded word."""

_OF_REGEX = (r"\b", r"\B", r"\w", r"\W", r"\s", r"\S", r"\d", r"\D", "|\\")
"""What stands beside escapes in a regular expression that has no quotation marks."""

_TOKEN = 1000
"""Code points of a word without spaces, such as a URL, that are looked at on either side of an escape."""

_PRINTABLE = "".join(map(chr, range(ord("!"), ord("~") + 1)))
_BETWEEN_WORDS = re.compile(r"[\s　，。：；、！？“”‘’（）《》「」『』【】]")
_ADDRESS = re.compile(r"://|\bwww\.", re.IGNORECASE)
_SOFT = re.compile(r"=\r?\n")

# What names of files end in, but for pages of the web; other words behind a full stop are taken for a domain.
_FILE = "mp[34]|m4a|flac|wav|ape|wma|lrc|avi|mkv|mov|flv|rmvb|wmv|srt|ass|txt|md|docx?|xlsx?|pptx?|pdf|epub|mobi|azw3|csv|json|xml|"
_FILE += "jpe?g|png|gif|bmp|webp|svg|psd|ai|zip|rar|7z|t?gz|tar|iso|exe|apk|dmg|torrent|log|bak|hwp|rtf|odt|wps|eml|msg"
_IN_ADDRESS = re.compile(rf"[/=&?#@]|\.(?!(?:{_FILE})\b)[a-z]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A line with escapes of one kind: its bounds, where its quotes of each kind and depth are, and whether it is code that means
    escapes, or the header of a message.

    In quoted-printable a line that ends in `=` goes on.
    """

    kind: str
    start: int
    end: int
    quotes: tuple[Sequence[int], ...]
    is_code: bool
    is_header: bool = False

    @classmethod
    def of(cls, text: str, kind: str, start: int, end: int) -> Line:
        """Look the line from `start` to `end` up, once for all escapes in it."""
        is_header = kind == "=?" and _HEADER.match(text, start) is not None
        marks = "'`" if is_header or (kind == "<U+" and _PRINTED.match(text, start, end)) else "\"'`"
        if kind == "\\0" and _LISTED.match(text[start:end]) and _PATH.search(text, start, end):
            marks = ""
        is_code = kind in ("\\u", "\\x", "%u", "\\0", "#U", "_x") and (
            _CODE.search(text, start, end) is not None or _PROPERTY.match(text[start:end]) is not None
        )
        if kind == "\\u" and not is_code:
            is_code = _PROPERTY_OF_WORDS.match(text[start:end]) is not None or _goes_on(text, start)
        return cls(kind, start, end, _quotes(text, start, end, marks), is_code, is_header)

    def means_any(self, text: str, word: Sequence[tuple[int, int]]) -> bool:
        """Tell whether the place means one of the escapes of a word, and so all; in quoted-printable one that is not is enough."""
        return (all if self.kind == "=" else any)(self.means(text, *run) for run in word)

    def means(self, text: str, start: int, end: int) -> bool:
        """Tell whether the place means the escapes `text[start:end]`."""
        before, after = text[max(self.start, start - _TOKEN) : start], text[end : min(self.end, end + _TOKEN)]
        left, right = before[len(before.rstrip(_PRINTABLE)) :], after[: len(after) - len(after.lstrip(_PRINTABLE))]
        if self.kind in ("%", "%u") and (re.search(r"[/=&?#\\]|<$|\]\(", left) or _IN_ADDRESS.match(right)):
            return True
        if self.kind == "%" and _ADDRESS.search(_BETWEEN_WORDS.split(before)[-1]):
            return True
        if self.kind == "=" and _is_in_query(text, self, start):
            return True
        if (
            before[-1:] in tuple("[-^(|")
            and (after[:1] in tuple("]-|)") or "\\" in right)
            and not _is_aside(before, after)
        ):
            return True
        if self.kind[0] == "\\" and (before.endswith(_OF_REGEX) or after.startswith(_OF_REGEX)):
            return True
        if any(bisect_left(places, start) % 2 and places[-1] >= end for places in self.quotes):
            return True
        return self.is_code


def _goes_on(text: str, start: int) -> bool:
    """Tell whether the line before the one at `start` ends in a backslash."""
    return text[max(0, start - 3) : start].rstrip("\r\n").endswith("\\")


def _quotes(text: str, start: int, end: int, marks: str) -> tuple[Sequence[int], ...]:
    """Where the quotation marks of each kind and depth are: those of JSON in JSON are all in one literal of the outer one."""
    places: dict[tuple[str, int], list[int]] = {}
    for match in _QUOTE.finditer(text, start, end):
        depth = len(match[1])
        if match[2] in marks:
            places.setdefault((match[2], depth if depth % 2 else 0), []).append(match.end() - 1)
    return tuple(places.values())


def _is_in_query(text: str, line: Line, start: int) -> bool:
    """Tell whether the `=` at `start` is one of a query or of an encoded word; =3D is one that was escaped."""
    before = text[max(line.start, start - _TOKEN) : start]
    return not text.startswith("=3D", start) and _QUERY.search(before, len(before.rstrip(_PRINTABLE))) is not None


def _is_aside(before: str, after: str) -> bool:
    """Tell whether what stands in round brackets is no group of a regular expression, which a sign that repeats it follows."""
    return before[-1:] == "(" and after[:1] == ")" and after[1:2] not in tuple("*+?{|")


def by_line(text: str, kind: str, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[Line, list[tuple[int, int]]]]:
    """Group escapes, which are in order, by the line that they begin in."""
    group: list[tuple[int, int]] = []
    first = end = -1
    for run in runs:
        if run[0] > end:
            if group:
                yield Line.of(text, kind, first, end), group
            group, first, end = [], line_start(text, run[0]), line_end(text, run[0])
            while kind == "=" and _SOFT.search(text, max(first, end - 2), end + 1):
                end = line_end(text, end + 1)
        group.append(run)
    if group:
        yield Line.of(text, kind, first, end), group


def tokens(text: str, line: Line, runs: Sequence[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Group the escapes of a line by word, since none of a word is read where one is not; all of quoted-printable are one.

    A query and an encoded word are no part of it.
    """
    word: list[tuple[int, int]] = []
    for run in runs:
        if line.kind == "=" and _is_in_query(text, line, run[0]):
            continue
        if word and line.kind != "=" and _BETWEEN_WORDS.search(text, word[-1][1], run[0]):
            yield word
            word = []
        word.append(run)
    if word:
        yield word
