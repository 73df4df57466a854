r"""Escapes left in running text: `&#20013;`, `\u4e2d`, `%E4%B8%AD`, `=D6=D0`, `\xD6\xD0`, `\344\270\255`.

Whoever reads text wants the characters; source code, URLs, regular expressions and JSON mean the escapes. What tells the
two apart is the place (`escape_places`) and the outcome: the escapes of a line, read as characters, must be probable Chinese,
Japanese or Korean, more so than any code points would be. Evidence is gathered for a line at a time, and what it proves holds for
all escapes of the line, also of ASCII: half of them read would be worse than none, since no machine could read the rest.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from mojibake_fix.damage import announced, escape_layers, references
from mojibake_fix.damage.escape_forms import CJK, ENCODINGS, FORMS, PICTOGRAPH, Escaped, inflict, read
from mojibake_fix.damage.escape_places import MARKUP, TALKS, Line, by_line, tokens
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.records import Policy, Step

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

__all__ = ["Escaped", "has_signs", "inflict", "propose", "sign"]

# Log-probabilities in nats. Any code point of the planes with text; that a line leaves an escape without meaning it, by itself
# and with a hanzi right beside it.
# A character reference between two hanzi stands for a rare hanzi that the page's encoding lacked.
_ANY, _ALONE, _BESIDE, _REFERENCE = -12.0, -6.0, 4.0, 12.0
_WORST = -9.0
"""Mean log-probability, in nats, below which escapes are no text. Chinese has -5 to -6.5 a character, random GBK pairs -13."""

_WORST_UTF_8 = -11.0
"""The same for bytes that are UTF-8, which hardly any others are: names and numbers of rooms have less than running text."""

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!|<\?")

_FEWEST, _MARGIN = 4, 4.0
"""Characters, and nats by which the reading must beat that in GBK, that bytes of any double-byte encoding but GBK need."""


@functools.cache
def sign() -> re.Pattern[str]:
    """Return an expression for what any escapes begin with, to be matched where `&`, `%`, `=` or a backslash stands.

    Through all of a text `has_signs` is the faster search: 0.8 instead of 3.3 ms for 1 MB of English.
    """
    return re.compile("|".join(pattern.pattern for pattern in _signs().values()))


@functools.cache
def _signs() -> dict[str, re.Pattern[str]]:
    """An expression for all escapes that show by the same characters."""
    signs = {"&": [references.sign().pattern], **{first: [sign] for first, sign in announced.signs().items()}}
    for form in FORMS.values():
        signs.setdefault(form.shown, []).append(form.sign.pattern)
    return {first: re.compile("|".join(patterns)) for first, patterns in signs.items()}


def has_signs(text: str) -> bool:
    """Tell whether `text` may hold escapes; costs a search for each of four signs, as a rule.

    >>> has_signs("100 % richtig, a = b"), has_signs("&#20013;")
    (False, True)
    """
    shown = (shown in text and pattern.search(text) for shown, pattern in _signs().items())
    return any(shown) or announced.has_signs(text)


def _runs(text: str, kind: str) -> Iterator[tuple[int, int]]:
    if FORMS[kind].shown in text and FORMS[kind].sign.search(text):
        for match in FORMS[kind].run.finditer(text):
            yield match.span()


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
    yield from announced.propose(text, policy, model)
    for kind in FORMS:
        if kind == "&#" and MARKUP.search(text):
            continue
        for line, runs in by_line(text, kind, _runs(text, kind)):
            yield from _of_line(text, line, runs, policy, model)


def _of_line(
    text: str, line: Line, runs: Sequence[tuple[int, int]], policy: Policy, model: CharacterModel
) -> Iterator[Proposal]:
    """Propose what the escapes of one kind in a line are; each by itself, all with the evidence of all."""
    form = FORMS[line.kind]
    if not form.sign.search(text, line.start, line.end):
        return
    if line.kind == "&#" and _TAG.search(text, line.start, line.end):
        return
    words = [word for word in tokens(text, line, runs) if not line.means_any(text, word)]
    found, log_odds = _read(text, line, words, model)
    if log_odds < policy.margin:
        found, log_odds = escape_layers.read(text, line, [run for word in words for run in word], policy, model)
    if not found or log_odds < policy.margin or not _is_wanted(text, line, found):
        return
    for one in found:
        code = "" if not form.encoded else f" of {ENCODINGS[one.encoding]} bytes"
        mechanism = f"{form.name}{code} left in text"
        step = Step("escape", one.start, one.end, text[one.start : one.end], one.read, mechanism, log_odds)
        yield Proposal(one.start, one.end, (step,), log_odds)


def _read(
    text: str, line: Line, words: Iterable[Sequence[tuple[int, int]]], model: CharacterModel
) -> tuple[list[Escaped], float]:
    """Read the escapes of a line that are text, with the evidence for that in nats."""
    found = _of_one_hand(text, line, _readings(text, line.kind, words, model))
    telling = [one for one in found if one.tells and not line.means(text, one.start, one.end)]
    return found, _log_odds(text, line.kind, telling, model) if telling else -math.inf


def _of_one_hand(text: str, line: Line, found: list[Escaped]) -> list[Escaped]:
    """Leave escapes of ASCII out where the line has a sign that would have been escaped, or there is a figure before one (5%20)."""
    raw = FORMS[line.kind].raw
    if raw and raw.search(text, line.start, line.end):
        return [one for one in found if one.tells]
    words = tokens(text, line, [(one.start, one.end) for one in found])
    read = {one.start: one for one in found}
    kept = [[read[start] for start, _ in word] for word in words]
    return [
        one
        for word in kept
        if any(one.tells for one in word) or not any(text[one.start - 1 : one.start].isdigit() for one in word)
        for one in word
    ]


def _readings(text: str, kind: str, words: Iterable[Sequence[tuple[int, int]]], model: CharacterModel) -> list[Escaped]:
    """Read the escapes of words in which all can be read: as code points or UTF-8, or else in the best double-byte encoding."""
    found: list[Escaped] = []
    left: list[Sequence[tuple[int, int]]] = []
    for word in words:
        one = [read(text, *run, kind) for run in word]
        if None in one:
            left.append(word)
        else:
            found += [run for run in one if run]
    if left and FORMS[kind].encoded:
        found += _double_byte(text, kind, left, model)
    return sorted(found, key=lambda one: one.start)


def _double_byte(
    text: str, kind: str, words: Sequence[Sequence[tuple[int, int]]], model: CharacterModel
) -> list[Escaped]:
    """Read words in the double-byte encoding that reads most of them, and best."""
    best: list[Escaped] = []
    most = (0, 0.0)
    for encoding in ENCODINGS:
        if encoding == "utf-8":
            continue
        all_read = [[read(text, *run, kind, encoding) for run in word] for word in words]
        found = [run for word in all_read if None not in word for run in word if run]
        telling = [one for one in found if one.tells]
        if not telling:
            continue
        is_gbk = encoding == "gb18030"
        score = sum(_fit(text, one, model) for one in telling)
        if score < _WORST * sum(len(one.read) for one in telling):
            continue
        score -= 0.0 if is_gbk else _MARGIN
        rank = (sum(one.end - one.start for one in telling), score)
        if rank > most and (is_gbk or sum(len(CJK.findall(one.read)) for one in telling) >= _FEWEST):
            best, most = found, rank
    return best


def _is_wanted(text: str, line: Line, found: Sequence[Escaped]) -> bool:
    """Tell whether a line neither talks of escapes nor shows what they stand for."""
    outside = _outside(text, line.start, line.end, found)
    return not TALKS.search(outside) and not _shows_any(
        {one.read for one in found if len(one.read) > 1 and one.tells}, outside
    )


def _log_odds(text: str, kind: str, telling: Sequence[Escaped], model: CharacterModel) -> float:
    """Evidence in nats that escapes are left in text; none where what they stand for is no text."""
    reads = [PICTOGRAPH.sub("", one.read) for one in telling]
    score = sum(_fit(text, one, model) for one in telling)
    length = sum(map(len, reads))
    beside = any(CJK.fullmatch(text[one.start - 1 : one.start] or " ") or CJK.match(text, one.end) for one in telling)
    worst = _WORST_UTF_8 if all(one.encoding == "utf-8" for one in telling) else _WORST
    if score < worst * length and not (beside and kind == "&#"):
        return -math.inf
    if not beside and sum(len(CJK.findall(one)) for one in reads) < 2:
        return -math.inf
    prior = _ALONE if not beside else _REFERENCE if kind == "&#" else _BESIDE
    return round(prior + score - _ANY * length, 3)


def _fit(text: str, one: Escaped, model: CharacterModel) -> float:
    """Log-probability of what escapes stand for, in their context, with the gain of the next two characters if they are of text."""
    before, after = text[max(0, one.start - 2) : one.start], text[one.end : one.end + 2]
    after = "" if after[:1].isascii() else after
    with_it = model.log_probability(PICTOGRAPH.sub("", one.read) + after, before)
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
