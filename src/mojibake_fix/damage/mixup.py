"""Mix-ups: text written in one encoding and read in another, 中文 as 涓枃, ÖÐÎÄ, 笢恅 or いゅ.

Where no byte was lost the mix-up is undone by writing the text in the encoding that it was read in and reading it in the
one that it was written in, and a strict codec does it (`_exact`). Where bytes were lost, shown as `?`, U+FFFD or ・,
swallowed, dropped or folded, or where only a part of a line is garbled, the same is done through the byte lattice
(`edges`), which also finds where the garbled part begins and ends. Layers come off one at a time: a text read wrongly twice
is repaired in two stages of the plan.

Which two encodings it was is decided on the most suspicious part of the line: every reader that can have shown those
characters, with every writer, ranked by how probable the text is that comes out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mojibake_fix.damage import proposal
from mojibake_fix.damage.proposal import CONTEXT, Proposal, runs
from mojibake_fix.encodings import LOST, SWALLOWED, Charset, charset
from mojibake_fix.lattice import Channel, Edge, Way, search
from mojibake_fix.records import Policy, Step
from mojibake_fix.scan import Suspect

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

WRITERS = ("utf-8", "cp936", "big5", "cp932", "euc_jp", "cp949")
"""Encodings that the text may have been written in; the usual ones first, which decides between equal results."""

READERS = (
    "cp936", "cp1252", "latin-1", "big5", "cp932", "cp949", "euc_jp", "cp1251", "cp437", "mac_roman", "cp1254", "cp850",
    "cp866", "mac_cyrillic", "cp1250", "koi8_r", "gb18030", "utf-8",
)  # fmt: skip
"""Encodings that it may have been read in; the usual ones first."""

_CODECS = {"cp936": "gb18030", "big5": "big5hkscs"}
_LATIN = frozenset(READERS) - {"cp936", "gb18030", "big5", "cp932", "cp949", "euc_jp", "utf-8"}

# Log-probabilities in nats. OPEN is the prior of a garbled stretch and what the search among some 100 pairs of encodings costs.
OPEN = -14.0
# A byte shown as a sign; with the ASCII byte after it; dropped although the code page has a control for it; NBSP shown as a
# space; a full-width sign folded after the damage; the end of the text inside a character.
SIGN, SIGN_AND_NEXT, DROPPED, NBSP, FOLDED, CUT = -2.0, -4.0, -6.0, -2.0, -3.0, -4.0

_SIGNS = "?\ufffd・\x1a□"
_FULL = {chr(code - 0xFEE0): chr(code) for code in range(0xFF01, 0xFF5F)} | {" ": "\u3000"}
# Bytes that Windows code pages leave undefined; readers that drop controls lose them, and the soft hyphen.
_DROPPABLE = {"cp1252": (0x81, 0x8D, 0x8F, 0x90, 0x9D, 0xAD), "cp1254": (0x81, 0x8D, 0x8E, 0x8F, 0x90, 0x9D, 0x9E, 0xAD)}
_DROPPABLE_LATIN_1 = (*range(0x80, 0xA0), 0xAD)

_CORE = 96
"""Code points of the most suspicious part that the encodings are decided on."""
_MARGIN = 24
"""Code points of a line that are searched before and after its suspects."""
_LONGEST = 600
"""Code points that are searched at once; bounds the memory of a search."""
_PAIRS = 3
"""Pairs of encodings that a lattice is built for."""
_READS_WELL = -7.0
"""Mean log-probability, in nats, of text that wants no further search for its encodings."""


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


@dataclass(frozen=True, slots=True)
class Pair:
    """A mix-up: written in one encoding, read in another."""

    writer: str
    reader: str

    @property
    def mechanism(self) -> str:
        """The mix-up in words."""
        return f"written as {self.writer}, read as {self.reader}"


def propose(text: str, suspects: Sequence[Suspect], policy: Policy, model: CharacterModel) -> Iterator[Proposal]:
    """Propose the mix-ups of a text, line by line.

    Args:
        text: The whole text.
        suspects: What the scan found.
        policy: How lost bytes are treated.
        model: Scores the readings.
    """
    for start, end, core in _lines(text, suspects):
        yield from _line_proposals(text, start, end, core, policy, model)


def _lines(text: str, suspects: Sequence[Suspect]) -> Iterator[tuple[int, int, Suspect]]:
    """Cut the text into stretches to search: a line each, with the longest suspect in it."""
    stretch: tuple[int, int, Suspect] | None = None
    for suspect in suspects:
        start = text.rfind("\n", 0, suspect.start + 1) + 1
        end = text.find("\n", suspect.end - 1)
        end = len(text) if end < 0 else end
        if stretch is not None and start < stretch[1]:
            longest = max(stretch[2], suspect, key=lambda place: place.end - place.start)
            stretch = (stretch[0], max(end, stretch[1]), longest)
            continue
        if stretch is not None:
            yield stretch
        stretch = (start, end, suspect)
    if stretch is not None:
        yield stretch


def _line_proposals(
    text: str, start: int, end: int, core: Suspect, policy: Policy, model: CharacterModel
) -> Iterator[Proposal]:
    line = text[start:end]
    pairs = ranked_pairs(text[core.start : core.end][:_CORE], model)
    for pair in pairs:
        exact = _exact(line, pair, model)
        if exact is not None:
            yield from _whole(line, exact, start, pair, model)
            return
    best: tuple[Way, Channel, Pair] | None = None
    for pair in pairs[:_PAIRS]:
        channel = Channel(charset(pair.writer), model, lasting=True, cut=CUT)
        way = search(edges(line, pair), channel, observed=line)
        if way is not None and (best is None or way.score > best[0].score):
            best = way, channel, pair
    if best is not None:
        way, channel, pair = best
        for run in runs(way):
            yield from proposal.propose("mixup", run, line, start, channel, policy, pair.mechanism)


def ranked_pairs(core: str, model: CharacterModel) -> list[Pair]:
    """Rank the mix-ups that may have made `core`, best first; those that do not improve it are left out.

    >>> from mojibake_fix.model import load
    >>> ranked_pairs("ÖÐÎÄ±àÂë", load())[0]
    Pair(writer='cp936', reader='cp1252')
    """
    as_it_stands = model.log_probability(core)
    ranked: list[tuple[float, int, Pair]] = []
    for reader in READERS:
        data = _bytes_of(core, charset(reader))
        if data is None:
            continue
        for writer in WRITERS:
            if writer == reader or (writer, reader) == ("cp936", "gb18030"):
                continue
            read = data.decode(_CODECS.get(writer, writer), "replace")
            gain = model.log_probability(read) - as_it_stands
            if gain > 0:
                ranked.append((-gain, len(ranked), Pair(writer, reader)))
    return [pair for _, _, pair in sorted(ranked)]


def _bytes_of(core: str, reader: Charset) -> bytes | None:
    """Write what a reader showed; its signs for lost bytes as 0x1A. None where it cannot have shown the text."""
    sequences: list[bytes] = []
    foreign = 0
    for character in core:
        spelled = reader.spell(character) if character not in _SIGNS else ()
        foreign += not spelled and character not in _SIGNS
        if reader.name == "gb18030" and spelled and len(spelled[0]) == 4:
            foreign += 1
        sequences.append(spelled[0] if spelled else b"\x1a")
    return b"".join(sequences) if foreign * 8 <= len(core) else None


def _exact(line: str, pair: Pair, model: CharacterModel) -> str | None:
    """The line as it was written, where every byte of it is there and what comes out reads well as a whole."""
    data = charset(pair.reader).encode(line)
    if data is None or any(sign in line for sign in "\ufffd\x1a"):
        return None
    try:
        read = data.decode(_CODECS.get(pair.writer, pair.writer))
    except UnicodeDecodeError:
        return None
    foreign = [character for character in read if character >= "\x80"]
    if not foreign or model.log_probability(read) < _READS_WELL * len(read):
        return None
    return read


def _whole(line: str, read: str, origin: int, pair: Pair, model: CharacterModel) -> Iterator[Proposal]:
    log_odds = OPEN + model.log_probability(read) - model.log_probability(line)
    step = proposal.trimmed(Step("mixup", origin, origin + len(line), line, read, pair.mechanism, round(log_odds, 3)))
    yield Proposal(step.start, step.end, (step,), log_odds)


def edges(observed: str, pair: Pair) -> list[list[Edge]]:
    """Build the byte lattice of a line that a mix-up may have garbled, wholly or in part.

    >>> [edge.pattern for edge in edges("Ö", Pair("cp936", "cp1252"))[0]]
    [None, (214,), (214,)]
    """
    reader = charset(pair.reader)
    droppable = _DROPPABLE_LATIN_1 if pair.reader == "latin-1" else _DROPPABLE.get(pair.reader, ())
    built: dict[str, list[Edge]] = {}
    return [built.setdefault(character, _edges_of(character, reader, droppable)) for character in observed]


def _edges_of(character: str, reader: Charset, droppable: tuple[int, ...]) -> list[Edge]:
    found = [Edge(1)]
    for sequence in reader.spell(character)[:2]:
        found.append(Edge(1, tuple(sequence)))
        if character >= "\x80":
            found.append(Edge(1, tuple(sequence), OPEN, opening=True))
            found += [Edge(1, (byte, *sequence), DROPPED) for byte in droppable]
    if character in _SIGNS:
        found.append(Edge(1, (LOST,), SIGN))
        if reader.leads:
            found.append(Edge(1, (LOST, SWALLOWED), SIGN_AND_NEXT))
    if character == " " and reader.spell("\xa0"):
        found += [Edge(1, tuple(sequence), NBSP) for sequence in reader.spell("\xa0")]
    if character in _FULL and reader.leads and reader.name != "utf-8":
        found += [Edge(1, tuple(sequence), FOLDED) for sequence in reader.spell(_FULL[character])]
    return found
