"""Destroyed text: 锟斤拷, 烫烫烫, ï¿½ and runs of U+FFFD. What was there is gone: it is found and reported, never invented.

A reader that met bytes it could not read wrote U+FFFD for each. Saved as UTF-8 that is EF BF BD, and the next wrong reader shows
it as 锟斤拷 (two of them, in GBK), ï¿½ (in Latin-1) or пїЅ (in CP1251); one reader more makes 閿熸枻鎷 of 锟斤拷. 烫烫烫 is memory
that a program never filled (CC), read as GBK. Nothing of this tells what the text was, with one exception: between the
figures of a date stand 年, 月 and 日, and those are offered under `GUESS`.

Where bytes between the U+FFFD survived, `remains` reads them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mojibake_fix.damage.gloss import HAN
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.records import Loss, Policy, Step
from mojibake_fix.scan import line_end, line_start

_AS_GBK = "U+FFFD for bytes that a reader could not read, written as UTF-8 and read as GBK"
_CAUSES = {
    "gbk": _AS_GBK,
    "twice": f"{_AS_GBK}; that again written as UTF-8 and read as GBK",
    "latin": "U+FFFD for bytes that a reader could not read, written as UTF-8 and read as Latin-1 or CP1252",
    "cyrillic": "U+FFFD for bytes that a reader could not read, written as UTF-8 and read as CP1251",
    "fill": "memory that was never filled (one byte over and over), read as GBK",
    "sign": "bytes that a reader could not read, shown as U+FFFD",
}
PLACES = re.compile(
    "(?P<gbk>(?:锟斤拷)+(?:锟斤?\ufffd)?|锟斤?\ufffd)"
    "|(?P<twice>閿熸枻鎷(?:烽敓鏂ゆ嫹閿熸枻鎷)*(?:烽敓鏂ゆ嫹|[\ufffd?])?)"
    "|(?P<latin>(?:ï¿½)+)"
    "|(?P<cyrillic>(?:пїЅ)+)"
    "|(?P<fill>(?P<byte>[烫屯葺铪锘])(?P=byte){2,})"
    "|(?P<sign>\ufffd+)"
)

# People repeat a character three times (烫烫烫！); memory is filled four bytes at a time, and mostly with more.
_LEAST_FILL = 4
_TALKS = re.compile(
    "乱码|亂碼|文字化け|mojibake|garbled|锟斤拷梗|U\\+FFFD|EF ?BF ?BD|未初始化|replacement char|替换字符|取代字元|"
    "(?:编码|編碼|解码|解碼)(?:错误|錯誤|问题|問題)",
    re.IGNORECASE,
)
# Code points on either side in which a line that explains garbled text says so.
_NEAR = 80
_OPENING, _CLOSING = "“‘「『《\"'`（(【[", "”’」』》\"'`）)】]"
_FOREIGN = re.compile(f"[{HAN}A-Za-z]")

# Two or three figures with something destroyed behind each. A hanzi is two bytes in GBK: two signs or one 锟斤拷.
_LOST = "(?:锟斤拷|閿熸枻鎷[\ufffd?]|\ufffd{1,3}|(?:ï¿½){1,3}|(?:пїЅ){1,3})"
_DATE = re.compile(
    f"(?<![0-9])(?:19|20)[0-9]{{2}}(?P<year>{_LOST})(?:0?[1-9]|1[0-2])(?P<month>{_LOST})"
    f"(?:(?:0?[1-9]|[12][0-9]|3[01])(?P<day>{_LOST}))?"
)
# Of real dates with all three figures none had other signs there; 号 for 日 and the chance of no date at all leave this much.
_DATE_ODDS = 4.0


@dataclass(frozen=True, slots=True)
class Place:
    """A place where nothing can be read any more: `text[start:end]`, and its kind."""

    start: int
    end: int
    kind: str


def inflict(text: str, kind: str = "gbk") -> str:
    """Destroy every character outside ASCII: as GBK bytes that a UTF-8 reader could not read, shown by the next reader.

    Args:
        text: The text.
        kind: "sign" (U+FFFD itself), "gbk" (锟斤拷), "latin" (ï¿½) or "cyrillic" (пїЅ).

    Raises:
        ValueError: There is no such kind.

    >>> inflict("表5", "gbk"), inflict("表5", "latin"), inflict("表", "sign")
    ('锟斤拷5', 'ï¿½ï¿½5', '��')
    """
    readers = {"sign": "utf-8", "gbk": "gbk", "latin": "cp1252", "cyrillic": "cp1251"}
    if kind not in readers:
        raise ValueError(f"no kind of destruction is called {kind!r}; there are: {', '.join(readers)}")
    signs = "\ufffd\ufffd".encode().decode(readers[kind])
    return "".join(character if character < "\x80" else signs for character in text)


def find(text: str) -> tuple[Place, ...]:
    """Find every destroyed place, those that people quote included.

    >>> find("表头锟斤拷锟斤拷")
    (Place(start=2, end=8, kind='gbk'),)
    """
    return tuple(Place(*match.span(), str(match.lastgroup)) for match in PLACES.finditer(text))


def propose(text: str, places: Sequence[Place], policy: Policy) -> Iterator[Proposal]:
    """Report the places that are no quotation; under `GUESS` with the 年, 月 and 日 of dates.

    Args:
        text: The whole text.
        places: What `find` found in it.
        policy: Whether to guess.

    >>> from mojibake_fix.records import GUESS, SAFE
    >>> [one.losses[0].cause[:6] for one in propose("表头锟斤拷", find("表头锟斤拷"), SAFE)]
    ['U+FFFD']
    >>> list(propose("“锟斤拷”是乱码", find("“锟斤拷”是乱码"), SAFE))
    []
    >>> date = "2019锟斤拷12锟斤拷"
    >>> [one.steps[0].after for one in propose(date, find(date), GUESS)]
    ['年', '月']
    """
    if not places:
        return
    dates = {
        match.span(name): sign
        for match in _DATE.finditer(text)
        for name, sign in (("year", "年"), ("month", "月"), ("day", "日"))
        if match[name]
    }
    for place in places:
        if _is_quoted(text, place, places):
            continue
        before, cause, span = text[place.start : place.end], _CAUSES[place.kind], (place.start, place.end)
        sign = dates.get(span, "")
        if sign and policy.guess:
            step = Step(
                "destroyed", *span, before, sign, f"{cause}; the date asks for {sign}", _DATE_ODDS, guessed=True
            )
            yield Proposal(*span, (step,), _DATE_ODDS, (Loss(*span, cause, "", (sign,), sign),))
        else:
            yield Proposal(*span, (), 0.0, (Loss(*span, cause, "", (sign,) if sign else (), before),))


def is_all_destroyed(text: str, proposal: Proposal, places: Sequence[Place]) -> bool:
    """Tell whether a proposal of another family rests on destroyed places alone: it would make text of nothing.

    >>> text = "// ï¿½ï¿½"
    >>> step = Step("mixup", 3, 9, "ï¿½ï¿½", "��", "", 9.0)
    >>> is_all_destroyed(text, Proposal(3, 9, (step,), 9.0), find(text))
    True
    """
    places = _between(places, proposal.start, proposal.end)
    covered = {index for place in places for index in range(place.start, place.end)}
    # Lone signs are the families' own business: they know what a sign in their stretch stands for.
    signs = {index for place in places if place.kind == "sign" for index in range(place.start, place.end)}
    seen = [index for index in range(proposal.start, proposal.end) if text[index] >= "\x80"]
    return covered.issuperset(seen) and not signs.issuperset(seen)


def _between(places: Sequence[Place], start: int, end: int) -> Sequence[Place]:
    """The places, which stand in order and apart, that reach into a stretch."""
    first = bisect_right(places, start, key=lambda place: place.end)
    return places[first : bisect_left(places, end, key=lambda place: place.start)]


def _is_quoted(text: str, place: Place, places: Sequence[Place]) -> bool:
    """Tell whether the line talks about garbled text: it says so, puts it in quotation marks, or has several kinds of it."""
    start = line_start(text, place.start, _NEAR)
    end = line_end(text, place.end, _NEAR)
    around = text[start : place.start] + " " + text[place.end : end]
    own = place.end - place.start
    if place.kind == "fill" and (own < _LEAST_FILL or len(_FOREIGN.findall(around)) > own):
        return True
    near = _between(places, start, end)
    neighbours = [other for other in near if start <= other.start and other.end <= end and other.kind != "sign"]
    if len({other.kind for other in neighbours}) > 1 and any(other.kind == "fill" for other in neighbours):
        return True
    few = len(_FOREIGN.findall(around)) >= own
    before, after = text[place.start - 1 : place.start], text[place.end : place.end + 1]
    if few and _TALKS.search(around):
        return True
    outside = text[start : max(start, place.start - 1)] + text[place.end + 1 : end]
    return before in tuple(_OPENING) and after in tuple(_CLOSING) and len(re.findall(f"[{HAN}]", outside)) >= own
