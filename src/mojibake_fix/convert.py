"""str -> str: Traditional and Simplified Chinese through OpenCC, spans kept, ambiguous characters decided by context.

OpenCC cuts text into the longest phrases it knows and takes a character's first counterpart elsewhere. That breaks at
word boundaries, 太后|悔, and where only the context tells. So after OpenCC its one-to-many characters are looked at
again: those that their neighbours settle the same way stay, and the few that are left are weighed (`counterparts`).
OpenCC's choice stands unless another is clearly more probable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from mojibake_fix.arguments import require_text

TARGETS = {
    "zh-Hans": {"hans": "", "hant": "tw2s", "tw": "tw2s", "hk": "hk2s"},
    "zh-Hans-CN": {"hans": "", "hant": "tw2sp", "tw": "tw2sp", "hk": "hk2sp"},
    "zh-Hant": {"hans": "s2t", "hant": "", "tw": "", "hk": ""},
    "zh-Hant-TW": {"hans": "s2tw", "hant": "t2tw", "tw": "", "hk": "hk2t t2tw"},
    "zh-Hant-HK": {"hans": "s2hk", "hant": "t2hk", "tw": "tw2t t2hk", "hk": ""},
    "zh-Hant-TW-x-phrases": {"hans": "s2twp", "hant": "t2s s2twp", "tw": "", "hk": "hk2s s2twp"},
    "zh-Hant-HK-x-phrases": {"hans": "s2hkp", "hant": "t2s s2hkp", "tw": "tw2s s2hkp", "hk": ""},
}
"""Target -> source -> OpenCC's configurations, one after the other; the `-x-phrases` targets and zh-Hans-CN also change
words to those of the region (软件 -> 軟體)."""

ALREADY = 1.5
"""Nats of evidence that a text is in the target's script already; with less it is converted, as its caller asks. One hanzi of that
script, 豐 or 長, has 1.6 to 2.6 beside one of both; with 3.0 咸豐 became 鹹豐. The tables of conversion are the same with both."""

SAMPLE = 65_536
"""Code points at the start of a text by which its script is found: all of a long text costs a tenth more time."""

ALIASES = {"zh-CN": "zh-Hans", "zh-SG": "zh-Hans", "zh-TW": "zh-Hant-TW", "zh-HK": "zh-Hant-HK", "zh-MO": "zh-Hant-HK"}

CONFIGURATIONS = frozenset(
    {"s2t", "t2s", "s2tw", "tw2s", "s2twp", "tw2sp", "s2hk", "hk2s", "s2hkp", "hk2sp"}
    | {"t2tw", "tw2t", "t2hk", "hk2t", "t2jp", "jp2t"}
)
"""OpenCC's own names, taken as they are: the source is then not looked for."""

_RESCORED = CONFIGURATIONS - {"t2tw", "tw2t", "t2hk", "hk2t", "t2jp", "jp2t"}
_PROTECTED = re.compile(r"https?://[^\s<>\"'，。；：！？、（）《》“”]+|```.*?```|`[^`\n]+`", re.DOTALL)
# Forms of Hong Kong that OpenCC does not know as Taiwan's, so that it leaves them in Simplified text.
_HONG_KONG_FORMS = re.compile("[衹粧敍枱糭衞]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNCONVERTED = re.compile("([\0\ud800-\udfff]+)")
_CLAUSES = re.compile(r"[^\w]+")
_LONGEST_ALIGNED = 2000


@dataclass(frozen=True, slots=True)
class Span:
    """`source[start:end]` became `text[text_start:text_end]`. All positions are code points."""

    start: int
    end: int
    text_start: int
    text_end: int

    def moved(self, source: int, text: int) -> Span:
        """Return the span that many code points further on."""
        return Span(self.start + source, self.end + source, self.text_start + text, self.text_end + text)


@dataclass(frozen=True, slots=True)
class Choice:
    """An ambiguous character and what it might have become.

    Attributes:
        position: Code point in the source.
        character: What stands there.
        chosen: What it became.
        alternatives: Its other counterparts, most probable first, with their log-odds against `chosen` in nats.
    """

    position: int
    character: str
    chosen: str
    alternatives: tuple[tuple[str, float], ...]

    @property
    def margin(self) -> float:
        """Nats by which the chosen counterpart beats the next; negative where OpenCC's choice was left all the same."""
        return -self.alternatives[0][1] if self.alternatives else float("inf")


@dataclass(frozen=True, slots=True)
class Conversion:
    """A conversion with what is known about it.

    Attributes:
        source: The text as it was given.
        text: The converted text.
        configurations: OpenCC's configurations that were used, one after the other; empty where nothing was to be done.
        spans: Which source characters became which, in order, without gaps.
        choices: The ambiguous characters of the source, in order.
    """

    source: str = field(repr=False)
    text: str
    configurations: tuple[str, ...]
    spans: tuple[Span, ...] = field(repr=False)
    choices: tuple[Choice, ...]


def convert(text: str, to: str, *, source: str | None = None, protect: Iterable[str] = ()) -> str:
    """Convert `text` between Simplified and Traditional Chinese.

    Args:
        text: Any string; lone surrogates and NUL stay what they are.
        to: A target ("zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK", with the words of the region "zh-Hans-CN",
            "zh-Hant-TW-x-phrases", "zh-Hant-HK-x-phrases"), or one of OpenCC's configurations ("s2t", "tw2sp", …).
        source: "hans", "hant", "tw" or "hk"; found by itself, from the first 65,536 code points, where it is None.
        protect: Words that stay as they are, besides URLs and code in backticks, which always do.

    Raises:
        ValueError: `to` or `source` is not one of these.

    >>> convert("王太后悔不当初", "zh-Hant")
    '王太后悔不當初'
    >>> convert("他吃了药太后悔了", "zh-Hant-TW")
    '他吃了藥太後悔了'
    >>> convert("看著乾淨的頭髮", "zh-Hans")
    '看着干净的头发'
    >>> convert("里根发表讲话", "zh-Hant", protect=["里根"])
    '里根發表講話'
    """
    require_text(text, "convert")
    steps = configurations(text, to, source)
    if not steps:
        return text
    pieces = _pieces(text, tuple(protect))
    return "".join(piece if kept else _through(piece, steps) for piece, kept in pieces)


def conversion(text: str, to: str, *, source: str | None = None, protect: Iterable[str] = ()) -> Conversion:
    """Convert as `convert` does, and return the spans and the ambiguous characters with their alternatives.

    >>> found = conversion("头发", "zh-Hant")
    >>> found.text, found.choices[0].chosen, [value for value, _ in found.choices[0].alternatives]
    ('頭髮', '髮', ['發'])
    >>> [(span.start, span.end) for span in conversion("互联网", "s2twp").spans]
    [(0, 3)]
    """
    require_text(text, "conversion")
    steps = configurations(text, to, source)
    out: list[str] = []
    spans: list[Span] = []
    choices: list[Choice] = []
    place = shown = 0
    for piece, kept in _pieces(text, tuple(protect)) if steps else ((text, True),):
        converted = piece if kept else _through(piece, steps)
        spans += (span.moved(place, shown) for span in _align(piece, converted, steps))
        choices += () if kept else _choices(piece, converted, place, steps)
        out.append(converted)
        place, shown = place + len(piece), shown + len(converted)
    return Conversion(text, "".join(out), steps, tuple(spans), tuple(choices))


def configurations(text: str, to: str, source: str | None = None) -> tuple[str, ...]:
    """Return OpenCC's configurations that bring `text` to the target, one after the other.

    >>> configurations("简体中文", "zh-Hant-TW"), configurations("繁體中文", "zh-Hant"), configurations("x", "t2jp")
    (('s2tw',), (), ('t2jp',))
    """
    if to in CONFIGURATIONS:
        return (to,)
    target = TARGETS.get(ALIASES.get(to, to))
    if target is None:
        raise ValueError(f"unknown target {to!r}; use one of {', '.join([*TARGETS, *ALIASES])} or {_named()}")
    if source is None:
        from mojibake_fix.script import identify

        found = identify(text[:SAMPLE])
        if found.script in ("japanese", "korean", "other"):
            return ()
        region = {"taiwan": "tw", "hong-kong": "hk"}.get(found.region or "", "hant")
        source = {"simplified": "hans", "traditional": region}.get(found.script)
        unlike = "hans" if target["hans"] else "hant"
        if source is None or (not target[source] and abs(found.log_odds) < ALREADY):
            source = unlike
    elif source not in target:
        raise ValueError(f"unknown source {source!r}; use one of {', '.join(target)}, or None to have it found")
    steps = target[source].split()
    if steps[:1] in (["tw2s"], ["tw2sp"]) and _HONG_KONG_FORMS.search(text):
        steps.insert(0, "hk2t")
    return tuple(steps)


def _named() -> str:
    return "OpenCC's " + ", ".join(sorted(CONFIGURATIONS))


def _pieces(text: str, words: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Cut a text into pieces that are converted and pieces that stay."""
    pattern = _protection(words) if words else _PROTECTED if "://" in text or "`" in text else None
    position = 0
    for match in pattern.finditer(text) if pattern else ():
        yield text[position : match.start()], False
        yield match[0], True
        position = match.end()
    yield text[position:] if position else text, False


def _protection(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted({word for word in words if word}, key=len, reverse=True)
    return re.compile("|".join([_PROTECTED.pattern, *map(re.escape, longest_first)]), re.DOTALL)


def _through(text: str, steps: tuple[str, ...]) -> str:
    for step in steps:
        text = _step(text, step)
    return text


def _is_encodable(text: str) -> bool:
    return text.isascii() or _SURROGATES.search(text) is None


def _step(text: str, configuration: str) -> str:
    """Convert by one configuration, and decide its ambiguous characters."""
    from mojibake_fix.rescore import opencc, rescore

    # OpenCC's binding refuses lone surrogates, and its phrase configurations (1.4.2) stop at NUL: both stay as they are.
    pieces = [text] if "\0" not in text and _is_encodable(text) else _UNCONVERTED.split(text)
    if len(pieces) > 1:
        return "".join(piece if index % 2 else _step(piece, configuration) for index, piece in enumerate(pieces))
    converted = opencc(configuration).convert(text)
    return rescore(text, converted, configuration) if configuration in _RESCORED else converted


def _align(source: str, text: str, steps: tuple[str, ...]) -> Iterator[Span]:
    """Tell which characters of a piece became which: clause by clause where words have changed their length."""
    if len(source) == len(text):
        yield from (Span(place, place + 1, place, place + 1) for place in range(len(source)))
        return
    here, there = _clauses(source), _clauses(text)
    if len(here) != len(there):
        yield Span(0, len(source), 0, len(text))
        return
    for (start, end), (text_start, text_end) in zip(here, there, strict=True):
        if end - start == text_end - text_start:
            yield from (Span(start + n, start + n + 1, text_start + n, text_start + n + 1) for n in range(end - start))
        else:
            for span in _match(source[start:end], text[text_start:text_end], steps):
                yield span.moved(start, text_start)


def _clauses(text: str) -> list[tuple[int, int]]:
    """Cut a text into runs of letters and runs of anything else."""
    edges = sorted({0, len(text), *(edge for match in _CLAUSES.finditer(text) for edge in match.span())})
    return list(pairwise(edges))


def _match(source: str, text: str, steps: tuple[str, ...]) -> Iterator[Span]:
    """Align a clause with its conversion by the characters that were converted one by one."""
    if max(len(source), len(text)) > _LONGEST_ALIGNED:
        yield Span(0, len(source), 0, len(text))
        return
    alone = "".join(_through(character, steps)[:1] or " " for character in source)
    for start, end, text_start, text_end in _grouped(SequenceMatcher(None, alone, text, autojunk=False).get_opcodes()):
        if end - start == text_end - text_start:
            yield from (Span(start + n, start + n + 1, text_start + n, text_start + n + 1) for n in range(end - start))
        else:
            yield Span(start, end, text_start, text_end)


def _grouped(operations: Iterable[tuple[str, int, int, int, int]]) -> Iterator[tuple[int, int, int, int]]:
    """Join changes that only one common character parts, 互[联]网 and [網]際[網]路: they are one word."""
    pending: tuple[int, int, int, int] | None = None
    for tag, start, end, text_start, text_end in operations:
        if pending is None and tag == "equal":
            yield start, end, text_start, text_end
        elif pending is not None and tag == "equal" and end - start > 1:
            yield from (pending, (start, end, text_start, text_end))
            pending = None
        else:
            first = pending or (start, end, text_start, text_end)
            pending = (first[0], end, first[2], text_end)
    if pending is not None:
        yield pending


def _choices(source: str, text: str, place: int, steps: tuple[str, ...]) -> Iterator[Choice]:
    """List the ambiguous characters of a piece, by the first step that knows any."""
    from mojibake_fix.rescore import opencc, weigh

    step = next((step for step in steps if step in _RESCORED), None)
    if step is None or _SURROGATES.search(source):
        return
    plain = opencc({"t2": "t2s", "tw": "tw2s", "hk": "hk2s"}.get(step[:2], "s2t") if step.endswith("p") else step)
    converted = plain.convert(source)
    if len(converted) != len(source):
        return
    final = _step(source, step) if len(text) != len(source) else text
    weighed = weigh(source, converted, step, everything=True)
    for position, options, scores in zip(
        weighed.positions.tolist(), weighed.options.tolist(), weighed.scores.tolist(), strict=True
    ):
        chosen = final[position] if len(final) == len(source) else converted[position]
        odds = {chr(code): score for code, score in zip(options, scores, strict=True) if code}
        others = {value: score - odds.get(chosen, 0.0) for value, score in odds.items() if value != chosen}
        ranked = sorted(others.items(), key=lambda item: (-item[1], item[0]))
        yield Choice(place + position, source[position], chosen, tuple(ranked))
