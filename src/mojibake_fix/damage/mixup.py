"""Mix-ups: text written in one encoding and read in another, 中文 as 涓枃, ÖÐÎÄ, 笢恅 or いゅ.

Where no byte was lost the mix-up is undone by writing the text in the encoding that it was read in and reading it in the
one that it was written in, and a strict codec does it (`whole_line`). Where bytes were lost, shown as `?`, U+FFFD or ・,
swallowed, dropped or folded, or where only a part of a line is garbled, the same is done through the byte lattice
(`edges`), which also finds where the garbled part begins and ends. Layers come off one at a time: a text read wrongly twice
is repaired in two stages of the plan.

Which two encodings it was is decided on the most suspicious part of the line: every reader that can have shown those
characters, with every writer, ranked by how probable the text is that comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from mojibake_fix.damage import proposal, whole_line
from mojibake_fix.damage.habit import habit_of
from mojibake_fix.damage.mixup_edges import CUT, LEAVE, LEAVE_SWALLOWED, edges, losable, prior
from mojibake_fix.damage.outcome import is_kanji_among_hanzi, is_quoted, is_text, reads_badly, strangeness
from mojibake_fix.damage.pairs import Pair, is_mostly_lost
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.damage.ranking import SAMPLE, Ranked, fitting, probability, ranked_pairs
from mojibake_fix.damage.runs import Searched, around, runs, without
from mojibake_fix.echo import Echo
from mojibake_fix.encodings import charset
from mojibake_fix.lattice import Channel, Way
from mojibake_fix.records import Policy
from mojibake_fix.scan import Suspect, is_japanese_in_chinese, line_end, line_start
from mojibake_fix.search import search

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_CORE = 96
"""Code points of the most suspicious part that the encodings are decided on."""
_MARGIN = 24
"""Code points of a line that are searched before and after its suspects."""
_MARGIN_IN_TEXT = 6
"""The same where what stands beside them is as it should be."""
_WIDER = 4
"""Times as much that is searched where what is garbled reaches the edge."""
_LONGEST = 2000
"""Code points that are searched at once; bounds the memory of a search."""
_UNSETTLED = 32
"""Code points at the end of what is searched at once that are searched again with what follows them."""
_PAIRS = 3
"""Pairs of encodings that a lattice is built for."""
_FOLLOWED = 12
"""Readings of a lost byte that are followed up: with 16 of them 0.1 points more of the bytes that one reader lost come back, and
garbled text takes an eighth longer."""
_UNUSUAL = -8.5
"""Mean log-probability, in nats, of a longer part that is worth ranking by: clean text around a rare word has more."""
_PROMISE, _PROMISE_IN_TEXT, _BESIDE = 0.85, 1.2, 4
"""Share of its prior that a pair of encodings must gain on the most suspicious part to be worth a search: less than it takes to
change anything, unless so many code points on both sides of that part are text, so that there is no more to gain."""
_FAR_BEHIND = 12.0
"""Nats that a pair may lie behind the best one there."""


def inflict(
    text: str,
    written: str,
    read: str,
    *,
    replacement: str | None = None,
    swallow: bool = False,
    drop_controls: bool = False,
) -> str:
    """Read `text`, written in one encoding, in another.

    Args:
        text: The text; every character must be in `written`.
        written: The encoding that the text is written in, one of `encodings.CHARSETS`.
        read: The encoding that it is read in.
        replacement: Shown for what cannot be read. None forbids it, so that nothing is lost.
        swallow: Whether the byte after an orphaned lead byte vanishes with it.
        drop_controls: Whether C1 controls vanish afterwards.

    Raises:
        ValueError: `written` lacks a character; or something cannot be read, and `replacement` is None.

    >>> inflict("中文", "cp936", "cp1252"), inflict("中文", "utf-8", "cp936")
    ('ÖÐÎÄ', '涓\ue15f枃')
    >>> inflict("测试", "utf-8", "cp936", replacement="?"), inflict("中文字", "utf-8", "cp936", replacement="?")
    ('娴嬭瘯', '涓\ue15f枃瀛?')
    """
    data = charset(written).encode(text)
    if data is None:
        raise ValueError(f"the text holds a character that {written} cannot write; choose another encoding")
    reading = charset(read).read(data, replacement=replacement or "\ufffd", swallow=swallow)
    if reading.lost and replacement is None:
        raise ValueError(
            f"{read} cannot read byte {data[reading.lost[0]]:02X} at offset {reading.lost[0]}; pass a replacement"
        )
    return re.sub("[\x80-\x9f]", "", reading.text) if drop_controls else reading.text


def propose(text: str, suspects: Sequence[Suspect], policy: Policy, model: CharacterModel) -> Iterator[Proposal]:
    """Propose the mix-ups of a text, line by line.

    Args:
        text: The whole text.
        suspects: What the scan found.
        policy: How lost bytes are treated.
        model: Scores the readings.
    """
    read: list[tuple[int, int, str]] = []
    searched: list[tuple[Searched, Pair]] = []
    for line in _lines(text, suspects):
        whole, found = _in_line(text, *line, model)
        if whole is not None:
            yield whole
            read += [(step.start, step.end, step.after) for step in whole.steps]
        searched += found
    echo = Echo.of(text, [*read, *(one.read for one, _ in searched)])
    for one, pair in searched:
        yield from _proposals(text, one, pair, echo, policy, model)


def _in_line(
    text: str, start: int, end: int, places: list[Suspect], model: CharacterModel
) -> tuple[Proposal | None, list[tuple[Searched, Pair]]]:
    """Read a line as a whole where that is possible, else search its parts."""
    core = _longest(places)
    likely = _likely(text, core, model)
    whole = None if core.in_text else whole_line.propose(text, start, end, likely, model)
    if whole is not None:
        return whole, []
    searched: list[tuple[Searched, Pair]] = []
    done = start
    for group in _groups(places):
        if (own := _longest(group)) is not core:
            core, likely = own, _likely(text, own, model)
        if likely and group[-1].end > done:
            found = list(_around_group(text, done, end, group, likely, model))
            searched += found
            done = max([done, *(one.end for one, _ in found)])
    return None, searched


def _around_group(
    text: str, start: int, end: int, group: Sequence[Suspect], likely: Sequence[Ranked], model: CharacterModel
) -> Iterator[tuple[Searched, Pair]]:
    """Search suspects and what stands around them, further on where what is garbled seems to go on."""
    margin = _MARGIN_IN_TEXT if all(place.in_text for place in group) else _MARGIN
    found: list[tuple[Searched, Pair]] = []
    while margin < _LONGEST:
        left, right = max(start, group[0].start - margin), min(end, group[-1].end + margin)
        found = list(_in_pieces(text, left, right, likely, model))
        if not found or not (_is_cut(found[0], left, start) or _is_cut(found[-1], right, end)):
            break
        margin *= _WIDER
    yield from found


def _is_cut(found: tuple[Searched, Pair], edge: int, line_edge: int) -> bool:
    """Tell whether what is garbled reaches an edge of what was searched, which is no edge of the line."""
    one = found[0]
    moves = one.way.moves
    return edge != line_edge and (moves[0] if edge == one.start else moves[-1]).edge.pattern is not None


def _lines(text: str, suspects: Sequence[Suspect]) -> Iterator[tuple[int, int, list[Suspect]]]:
    """Give each line that has suspects: its start, its end, and what is suspect in it."""
    places: list[Suspect] = []
    start = end = -1
    for suspect in suspects:
        if places and suspect.start < end:
            places.append(suspect)
            end = max(end, line_end(text, suspect.end - 1))
            continue
        if places:
            yield start, end, places
        start, end = line_start(text, suspect.start + 1), line_end(text, suspect.end - 1)
        places = [suspect]
    if places:
        yield start, end, places


def _groups(places: Sequence[Suspect]) -> Iterator[list[Suspect]]:
    """Group suspects that are searched together."""
    group: list[Suspect] = []
    for place in places:
        if group and place.start - group[-1].end > 2 * _MARGIN:
            yield group
            group = []
        group.append(place)
    yield group


def _in_pieces(
    text: str, start: int, end: int, likely: Sequence[Ranked], model: CharacterModel
) -> Iterator[tuple[Searched, Pair]]:
    """Search a stretch, in pieces what is too long for one search: each goes on where the one before it is settled."""
    while start < end:
        stop = min(end, start + _LONGEST)
        found = _searched(text, start, stop, likely, model)
        if found is not None:
            one = found[0] if stop == end else _settled(found[0])
            stop = one.end
            yield one, found[1]
        start = stop


def _settled(found: Searched) -> Searched:
    """Leave out the last characters of a piece, which what follows may make others; behind what is not garbled, if possible."""
    unfinished = between = outside = 0
    for index, move in enumerate(found.way.moves, 1):
        read = sum(len(glyph.pattern or ()) for glyph in move.glyphs)
        unfinished += len(move.edge.pattern or ()) - read
        if unfinished == 0 and found.start + move.end <= found.end - _UNSETTLED:
            between, outside = index, index if move.edge.pattern is None else outside
    moves = found.way.moves[: outside or between or None]
    return replace(found, end=found.start + moves[-1].end, way=Way(moves, found.way.score))


def _longest(places: Sequence[Suspect]) -> Suspect:
    return max(places, key=lambda place: place.end - place.start)


def _likely(text: str, core: Suspect, model: CharacterModel) -> list[Ranked]:
    """The mix-ups that a place leaves likely: they gain what their prior asks, and no other gains far more."""
    narrow = _widened(text, core)
    ranked = ranked_pairs(narrow, model)
    if core.in_text and not ranked:
        return []
    here = probability(narrow[:SAMPLE], model)
    found = _promising(ranked, here, _PROMISE)
    if found and _stands_in_text(text, core, model):
        found = _promising(ranked, here, _PROMISE_IN_TEXT)
    if not found and not core.in_text and len(wide := _block(text, core)) > len(narrow):
        as_it_stands = probability(wide[:SAMPLE], model)
        least = _UNUSUAL * (len(wide[:SAMPLE]) - len(narrow[:SAMPLE]))
        if as_it_stands - here < least or is_japanese_in_chinese(wide):
            found = _promising(ranked_pairs(wide, model), as_it_stands, _PROMISE)
    return found


def _stands_in_text(text: str, core: Suspect, model: CharacterModel) -> bool:
    """Tell whether what stands on both sides of a place is text, so that no more than the place itself is garbled."""
    left = text[line_start(text, core.start, _BESIDE) : core.start]
    right = text[core.end : line_end(text, core.end, _BESIDE)]
    return all(len(part) == _BESIDE and probability(part, model) > _UNUSUAL * _BESIDE for part in (left, right))


def _promising(found: Sequence[Ranked], here: float, promise: float) -> list[Ranked]:
    """Those of the ranked mix-ups of a sample that gain what is promised on it; `here` is what it is worth as it stands."""
    ranked = [one for one in found if one.score - here > -promise * prior(one.pairs[0])]
    if ranked and max(found, key=lambda one: one.score + prior(one.pairs[0])) not in ranked:
        return []  # what is likeliest gains too little, so that what is less likely is no better
    return [one for one in ranked[:_PAIRS] if one.score > ranked[0].score - _FAR_BEHIND]


def _searched(
    text: str, start: int, end: int, likely: Sequence[Ranked], model: CharacterModel
) -> tuple[Searched, Pair] | None:
    """Search a stretch for each of the mix-ups that are likely; the best way of all, and what it undoes."""
    observed, (before, after) = text[start:end], around(text, start, end)
    if is_mostly_lost(observed):
        return None
    best: tuple[Searched, Pair] | None = None
    for ranked in likely:
        pair = fitting(ranked, observed, model)
        channel = Channel(
            charset(pair.writer),
            model,
            lasting=True,
            leave=LEAVE,
            leave_swallowed=LEAVE_SWALLOWED,
            cut=CUT,
            losable=losable(pair.reader, observed),
            readings_followed=_FOLLOWED,
        )
        way = search(edges(observed, pair), channel, observed=observed, before=before, after=after)
        if way is not None and (best is None or way.score > best[0].way.score):
            best = Searched(start, end, way, channel), pair
    return best


def _proposals(
    text: str, found: Searched, pair: Pair, echo: Echo, policy: Policy, model: CharacterModel
) -> Iterator[Proposal]:
    """Propose the runs of a way that are text; what is quoted on purpose is to stay, whatever else might explain it."""
    start, way = found.start, found.way
    observed = text[start : found.end]
    channel = replace(found.channel, habit=habit_of(way.text), echo=echo)
    first, last = line_start(text, start, _LONGEST), line_end(text, found.end, _LONGEST)
    line = text[first:last]
    found_runs = runs(way, *around(text, start, found.end))
    if pair.writer == "utf-8":
        is_rubbish = partial(reads_badly, model=model)
        found_runs = (part for run in found_runs for part in without(run, observed, is_rubbish))
    for run in found_runs:
        if not is_text(observed, run, pair, model):
            continue
        seen = observed[run.start : run.end]
        beside = line.replace(seen, "", 1)
        if is_quoted(run, beside):
            yield Proposal(start + run.start, start + run.end, (), policy.margin)
            continue
        if is_kanji_among_hanzi(run.text, pair.writer, beside):
            continue
        yield from proposal.propose(
            "mixup",
            run,
            observed,
            start,
            channel,
            policy,
            pair.mechanism,
            policy.certainty,
            strangeness(seen, pair, model),
        )


def _widened(text: str, core: Suspect) -> str:
    """The suspicious part with the signs around it that are neither ASCII nor CJK: they are ordinary, but part of it."""
    start, end = core.start, core.end
    while start > 0 and "\x80" <= text[start - 1] < "\u3000":
        start -= 1
    while end < len(text) and "\x80" <= text[end] < "\u3000":
        end += 1
    return text[start : min(end, start + _CORE)]


def _block(text: str, core: Suspect) -> str:
    """The suspicious part with what is not ASCII around it, and single spaces: a part that is short tells encodings badly."""
    start, end = core.start, core.end
    first = line_start(text, start, _MARGIN)
    last = line_end(text, end, _MARGIN)
    while start > first and (
        text[start - 1] >= "\x80" or (text[start - 1] == " " and text[start - 2 : start - 1] >= "\x80")
    ):
        start -= 1
    while end < last and (text[end] >= "\x80" or (text[end] == " " and text[end + 1 : end + 2] >= "\x80")):
        end += 1
    return text[start:end]
