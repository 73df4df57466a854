r"""Encodings that say what they are, left in text: `=?utf-8?B?5Lit5paH?=`, `filename*=UTF-8''%E4%B8%AD`, ISO-2022 and HZ.

What they spell is certain, so that only the place (`escape_places`) and the outcome are asked: no byte may be lost, and the text is
Chinese, Japanese or Korean. In the header of a message and in the parameter of one, quotation marks are part of it.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mojibake_fix import labels, readers
from mojibake_fix.damage.escape_forms import PICTOGRAPH, is_text
from mojibake_fix.damage.escape_places import TALKS, Line, by_line
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.records import Policy, Step

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_ENCODED = r"=\?([A-Za-z][\w.:-]*)(?:\*[\w-]*)?\?([BbQq])\?([!->@-~]*)\?="
_WORD = re.compile(_ENCODED)
_WORDS = re.compile(rf"{_ENCODED}(?:[ \t]*(?:\r?\n[ \t]+)?{_ENCODED})*")

_VALUE = r"(?:%[0-9A-Fa-f]{2}|[!$&+.^_|~0-9A-Za-z-])+(?<!\.)"
"""Without two signs that the standard allows, but hardly any writer leaves: ` and # rather stand behind a value, as a full stop."""

_OF_PARAMETER = re.compile(r"\*=[\"']?[A-Za-z][\w.:-]*'")
"""What a parameter has, and x *= y has not: 1 MB of source is searched for it 40 ms faster than for parameters."""

_PARAMETER = re.compile(
    rf"\b([A-Za-z-]+)\*(?:0\*)?=([A-Za-z][\w.:-]*)'[\w-]*'({_VALUE}(?:;\s*\1\*[0-9]+\*?={_VALUE})*)"
)
_CONTINUED = re.compile(r";\s*[A-Za-z-]+\*[0-9]+\*?=")

_SHIFTED = re.compile("(?:\x1b(?:\\$[@AB]|\\$\\([CDOQ]|\\(I)[!-~]+)+(?:\x1b\\([BJ]|(?=[\r\n]|$))")
_DESIGNATED = re.compile("\x1b\\$\\)([ACEG])|\x0e[!-~ ]+(?:\x0f|(?=[\r\n]|$))")
_BARE = re.compile(r"\$B(?:[!-~]{2}){3,}?\([BJ]")
"""ISO-2022-JP of which a program took the control characters away, three characters at least."""
_HZ = re.compile(r"~\{(?:[!-w][!-~])+~\}")

_TRIPLE = re.compile("\"{3}|'{3}")
"""What begins and ends a literal of many lines."""
_RULE = re.compile(r"[ \t]*(?:\* \^|(?:#|//|\*) [^\n]{0,80}\*=)")
_IN_CODE = re.compile(r"(?:\.\*|/)$|\w\([^()]*$")
"""A rule of a mail filter or a comment with a parameter; what stands before an encoded word in an expression or a call."""

_ANNOUNCED, _ANY = 20.0, -12.0
"""Nats for what says itself how it is encoded, and for a character for which there is no reason."""
_WORST, _WORST_HZ, _WORST_BARE = -11.5, -9.5, -8.5
"""Mean log-probability, in nats, below which it is no text: names have -10. Signs like those of HZ are also in templates."""


_BEFORE = 80
"""Code points before an encoded word that may show that it stands in code."""

_Found = tuple[int, int, tuple[str, str, float]]
"""A place, and what it is read as, a mechanism, and the mean log-probability that it must have."""


def signs() -> dict[str, str]:
    """Return what encoded words and ISO-2022 begin with, and an expression for each; a parameter is a sign of escapes itself."""
    return {"=": r"=\?[A-Za-z][\w.:*-]*\?[BbQq]\?", "\x1b": "\x1b\\$"}


def has_signs(text: str) -> bool:
    """Tell whether a text of ASCII may have what says how it is encoded, and begins with no sign of escapes.

    One character is searched twenty times as fast as two.

    >>> has_signs("a ~= b; x *= $By"), has_signs("~{VPND~}")
    (False, True)
    """
    return ("~" in text and _HZ.search(text) is not None) or ("$" in text and _BARE.search(text) is not None)


def propose(text: str, policy: Policy, model: CharacterModel) -> Iterator[Proposal]:
    """Propose to read what says how it is encoded.

    >>> from mojibake_fix.model import load
    >>> from mojibake_fix.records import SAFE
    >>> [one.steps[0].after for one in propose("Subject: =?gb2312?Q?=D6=D0=CE=C4?= ~{VPND~}", SAFE, load())]
    ['中文', '中文']
    """
    found = {(start, end): rest for start, end, rest in _found(text)}
    literals = [match.start() for match in _TRIPLE.finditer(text)] if found else []
    for line, spans in by_line(text, "=?", sorted(found)):
        if bisect_left(literals, line.start) % 2 and literals[-1] >= line.end:
            continue
        if not line.is_header and (TALKS.search(text, line.start, line.end) or _RULE.match(text, line.start, line.end)):
            continue
        for start, end in spans:
            read, mechanism, worst = found[start, end]
            plain = PICTOGRAPH.sub("", read)
            score = model.log_probability(plain)
            log_odds = round(_ANNOUNCED + score - _ANY * len(plain), 3)
            if score >= worst * len(plain) and log_odds >= policy.margin and not _is_meant(text, line, start, end):
                step = Step("escape", start, end, text[start:end], read, mechanism, log_odds)
                yield Proposal(start, end, (step,), log_odds)


def _is_meant(text: str, line: Line, start: int, end: int) -> bool:
    """Tell whether the place means what stands there: a literal, or but for headers an expression or a call."""
    before = text[max(line.start, start - _BEFORE) : start]
    is_code = not line.is_header and text[end : end + 1] in ("", "\n", "/", ")") and _IN_CODE.search(before) is not None
    return is_code or line.means(text, start, end)


def _found(text: str) -> Iterator[_Found]:
    """Give all of them, form by form."""
    for match in _WORDS.finditer(text) if "=?" in text else ():
        if read := _of_words(match[0]):
            yield *match.span(), (read, "encoded word of a message's header left in text", _WORST)
    for match in _PARAMETER.finditer(text) if _OF_PARAMETER.search(text) else ():
        if read := _of_parameter(match):
            yield *match.span(), (read, "encoded parameter of a header left in text", _WORST)
    for match in _HZ.finditer(text) if "~{" in text else ():
        if read := _exactly(match[0].encode("ascii"), "HZ-GB-2312"):
            yield *match.span(), (read, "HZ left in text", _WORST_HZ)
    if "\x1b$" in text:
        yield from _of_iso_2022(text)
        yield from _of_shifts(text)
    elif "$B" in text:
        yield from _of_iso_2022_bare(text)


def _of_words(words: str) -> str:
    """Read encoded words in a row; the bytes of those in one encoding are joined, since a character may be cut between two."""
    pieces: list[tuple[str, bytes]] = []
    for word in _WORD.finditer(words):
        charset = word[1].lower()
        data = _of_base64(word[3]) if word[2] in "Bb" else quopri.decodestring(word[3].encode("ascii"), header=True)
        if pieces and pieces[-1][0] == charset and not charset.startswith("iso-2022"):
            data = pieces.pop()[1] + data
        pieces.append((charset, data))
    read = [_exactly(data, charset) for charset, data in pieces]
    return "".join(read) if all(read) else ""


def _of_base64(digits: str) -> bytes:
    try:
        return base64.b64decode(digits.rstrip("=") + "=" * (-len(digits.rstrip("=")) % 4), validate=True)
    except binascii.Error:
        return b""


def _of_parameter(match: re.Match[str]) -> str:
    value = re.sub("%([0-9A-Fa-f]{2})", lambda byte: chr(int(byte[1], 16)), _CONTINUED.sub("", match[3]))
    read = _exactly(value.encode("latin-1"), match[2])
    quoted = read.replace("\\", "\\\\").replace('"', '\\"')
    return f'{match[1]}="{quoted}"' if read else ""


def _of_iso_2022(text: str) -> Iterator[_Found]:
    for match in _SHIFTED.finditer(text):
        if read := _exactly(match[0].encode("ascii"), "ISO-2022-JP"):
            yield *match.span(), (read, "ISO-2022-JP left in text", _WORST)


def _of_iso_2022_bare(text: str) -> Iterator[_Found]:
    for match in _BARE.finditer(text):
        if read := _exactly(f"\x1b{match[0][:-2]}\x1b{match[0][-2:]}".encode("ascii"), "ISO-2022-JP"):
            yield *match.span(), (read, "ISO-2022-JP without its control characters left in text", _WORST_BARE)


def _of_shifts(text: str) -> Iterator[_Found]:
    """Read what stands between the shifts of ISO-2022-KR and -CN, with the sign at its head.

    That sign goes with the first of them, so that nothing behind what stays is read.
    """
    head: re.Match[str] | None = None
    is_first = is_left = False
    for match in _DESIGNATED.finditer(text):
        if match[1]:
            head, is_first, is_left = match, True, False
        elif head:
            name = "ISO-2022-KR" if head[1] == "C" else "ISO-2022-CN"
            read = _exactly((head[0] + match[0]).encode("ascii"), name)
            is_left = is_left or not read
            if not is_left:
                start, before = (head.start(), text[head.end() : match.start()]) if is_first else (match.start(), "")
                yield start, match.end(), (before + read, f"{name} left in text", _WORST)
                is_first = False


def _exactly(data: bytes, label: str) -> str:
    """Read bytes in an encoding; nothing where there is no such one, a byte would be lost, or it is no text."""
    encoding = labels.known(label)
    if encoding is None or not data:
        return ""
    try:
        read, lost = readers.read(data, encoding.name)
    except (LookupError, ValueError):
        return ""
    return "" if lost or not is_text(read) else read
