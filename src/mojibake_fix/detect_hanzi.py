"""Multi-byte encodings: how probable is the text that they show, with its damage.

A candidate is an encoding together with a language. Its score is the log-probability of the sample: that of every
character beyond ASCII, a flat cost for ASCII, and a cost for every place it cannot read, so that a file with a lost
byte is still far more probable as what it is than as anything else. Characters are scored one by one first; candidates
that come near the best are scored again with what stands before each character.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mojibake_fix import escapes
from mojibake_fix.detect_alphabets import SCRIPTS, arrays
from mojibake_fix.detect_letters import ASCII
from mojibake_fix.model import load
from mojibake_fix.records_bytes import Candidate

HYPOTHESES: tuple[tuple[str, str, str, float], ...] = (
    ("UTF-8", "utf-8", "", 2.0),
    ("gb18030", "gb18030", "zh", 0.0),
    ("Big5", "big5hkscs", "zh", -0.5),
    ("Shift_JIS", "cp932", "ja", -1.5),
    ("EUC-JP", "euc_jp", "ja", -5.0),
    ("EUC-KR", "cp949", "ko", -1.0),
    ("gb18030", "gb18030", "ja", -6.0),
    ("EUC-TW", "", "zh", -7.0),
    ("Johab", "johab", "ko", -6.0),
)
_COMMON = 6
"""So many of them are tried first; the others only where none of these reads like text."""

"""Encoding, codec, language, and the log of how common that is; from the share of each on the web, smoothed."""

DAMAGE, ON = 16.0, 12.0
"""Nats of a place that cannot be read, and of each further U+FFFD of it: the odds of damage at a place of a damaged
text (1 in 500), those of a damaged text (1 in 50), and a byte or two that could be anything."""

CUT = 9.0
"""Nats of an end that cuts a character off: inputs that are cut are one in thirty, and the byte could be any."""

KANA = 1.5
"""Nats of kana in Chinese: text with more than a few is Japanese, which has its own candidates."""

FLOOR = -14.0
"""Least nats of a character: that of one drawn blindly from 20,000, once in 60 characters (a slip shows such)."""

NEAR, NEAR_MOST = 25.0, 75.0
"""Candidates within so many nats of the best, and a nat for each character up to so many, are scored a second time."""


Codes = NDArray[np.uint32]
"""Code points of a text."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What a candidate makes of the sample."""

    candidate: Candidate
    codes: Codes


@functools.cache
def costs(language: str) -> NDArray[np.float32]:
    """Log-probability, in nats, of each code point of the BMP in a language; the last stands for all other planes."""
    chinese = load().score_codes(np.arange(0x10000, dtype=np.uint32)[:, None])[:, 0]
    chinese[0xE000:0xF900] = -16.0
    chinese[0xFFFF] = -12.5
    if language in ("zh", ""):
        table = chinese
    else:
        table = chinese + np.log(0.2)
        packed = arrays()
        letters = packed[f"{language}_letters"].astype(np.int64)
        inside = letters < 0x10000
        own = packed[f"{language}_costs"][inside].astype(np.float32) / -16 + np.log(0.8)
        table[letters[inside]] = np.logaddexp(table[letters[inside]], own)
    if language == "":  # Unicode: any script, so that Korean and Japanese need no candidates of their own
        table = np.logaddexp(table, np.logaddexp(costs("ja"), costs("ko")) + np.log(0.3))
        for script in SCRIPTS:
            letters = arrays()[f"{script}_letters"].astype(np.int64)
            own = arrays()[f"{script}_costs"][:, 0, 1:].min(axis=0).astype(np.float32) / -16 + np.log(0.05)
            table[letters] = np.logaddexp(table[letters], own)
    return np.maximum(table, FLOOR)


def weigh(data: bytes, names: frozenset[str] | None = None) -> list[Reading]:
    """Weigh the multi-byte encodings over a sample.

    Args:
        data: The bytes, ASCII included. The last character may be cut.
        names: Encodings to weigh; None for all.

    Returns:
        The candidates with their readings, in the order of `HYPOTHESES`.
    """
    found: list[Reading] = []
    read: dict[str, tuple[Codes, bool]] = {}
    for number, (name, codec, language, prior) in enumerate(HYPOTHESES):
        if names is not None and name not in names:
            continue
        if number == _COMMON and reads_like_text(found, data):
            break
        if name not in read:
            read[name] = _codes(data, codec, read)
        found.append(_reading(name, language, prior, *read[name]))
    return _mended(data, found) if _odd_runs(data) else found


def _reading(name: str, language: str, prior: float, codes: Codes, cut: bool, slips: int = 0) -> Reading:
    """Score what an encoding shows of the sample, character by character."""
    values = _weights(language).take(codes, mode="clip")
    lost = codes == _LOST
    places = int((lost[1:] & ~lost[:-1]).sum()) + int(lost[0]) if lost.any() else 0
    score = float(values.sum()) - places * (DAMAGE - ON) - DAMAGE * slips - CUT * cut + prior
    return Reading(Candidate(name, language, score, places + slips), codes)


@functools.cache
def _weights(language: str) -> NDArray[np.float32]:
    """What each code point adds to a score: `costs`, with ASCII, lost places and kana in Chinese at their prices."""
    table = costs(language).copy()
    table[:0x80] = -ASCII
    table[_LOST] = -ON
    if language == "zh":
        table[0x3041:0x30FB] -= KANA
    return table


_EVEN = ("gb18030", "EUC-JP", "EUC-KR")
"""Encodings whose characters are mostly two high bytes."""

_SLIP_WITHIN = 200.0
"""Nats within the best for a candidate whose slips are looked for; a slip costs about 70."""

_RUN = re.compile(rb"[\x81-\xfe]{5,}")
_SLIPS = 12
"""Runs of odd length in a sample beyond which they are no accident."""


def _odd_runs(data: bytes) -> bool:
    """Tell whether a few runs of high bytes are of odd length, so that a byte of theirs may be lost."""
    return 0 < sum(len(run) & 1 for run in _RUN.findall(data)) <= _SLIPS


def _mended(data: bytes, readings: list[Reading]) -> list[Reading]:
    """Read the sample again in the likely encodings, with the slips of its odd runs undone."""
    least = max((reading.candidate.score for reading in readings), default=0.0) - _SLIP_WITHIN
    better: list[Reading] = []
    for reading, (name, codec, language, prior) in zip(readings, _hypotheses(readings), strict=True):
        other = reading
        if name in _EVEN and reading.candidate.score >= least:
            mended, slips = _in_step(data, name)
            other = _reading(name, language, prior, *_codes(mended, codec, {}), slips)
        better.append(max(reading, other, key=lambda one: one.candidate.score))
    return better


def _hypotheses(readings: list[Reading]) -> list[tuple[str, str, str, float]]:
    known = {(name, language): (name, codec, language, prior) for name, codec, language, prior in HYPOTHESES}
    return [known[reading.candidate.encoding, reading.candidate.language] for reading in readings]


def _in_step(data: bytes, encoding: str) -> tuple[bytes, int]:
    """Take one byte out of each run of odd length, where it makes the most of the rest; and count them.

    Where a byte of two-byte text was lost, everything behind it is read out of step up to the next ASCII byte.
    """
    table = pair_costs(encoding)
    pieces: list[bytes] = []
    done = slips = 0
    for match in _RUN.finditer(data):
        run = np.frombuffer(match.group(), np.uint8).astype(np.int64)
        if len(run) & 1:
            values = table[run[:-1] << 8 | run[1:]]
            ahead = np.concatenate(([0.0], np.cumsum(values[0::2])))
            behind = np.concatenate((np.cumsum(values[1::2][::-1])[::-1], [0.0]))
            place = match.start() + 2 * int((ahead + behind).argmax())
            pieces.append(data[done:place])
            done = place + 1
            slips += 1
    return b"".join([*pieces, data[done:]]), slips


@functools.cache
def pair_costs(encoding: str) -> NDArray[np.float32]:
    """Log-probability, in nats, of the character of each pair of bytes (lead * 256 + trail); -`DAMAGE` for none.

    The language is that of the first hypothesis with the encoding.
    """
    codec, language = next((codec, language) for name, codec, language, _ in HYPOTHESES if name == encoding)
    pairs = [bytes([lead, trail]) for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF)]
    shown = b"\n".join(pairs).decode(codec, "replace").split("\n")
    table = np.full(0x10000, -DAMAGE, np.float32)
    own = costs(language)
    for pair, text in zip(pairs, shown, strict=True):
        if len(text) == 1 and text != "\ufffd":
            table[pair[0] << 8 | pair[1]] = own[min(ord(text), 0xFFFF)]
    return table


CLEAR, CLEAR_BYTES = 4.4, 64
"""Nats a high byte below which, over so many of them, text is certainly what it seems: prose has 3.2 to 4.0, and the
wrong reading of another encoding 5 and more."""


def reads_like_text(readings: list[Reading], data: bytes) -> bool:
    """Tell whether the best reading of a sample is so good that nothing else need be weighed."""
    high = len(data.translate(None, _ASCII_BYTES))
    best = max((reading.candidate.score for reading in readings), default=-math.inf)
    return high >= CLEAR_BYTES and -(best + ASCII * (len(data) - high)) < CLEAR * high


_ASCII_BYTES = bytes(range(128))


def _codes(data: bytes, codec: str, read: Mapping[str, tuple[Codes, bool]]) -> tuple[Codes, bool]:
    """Read the sample; a character that its end cuts off is not shown, but reported."""
    if not codec:
        shown, cut = read["gb18030"] if "gb18030" in read else _codes(data, "gb18030", read)
        return _euc_tw(shown), cut
    codes = np.frombuffer(data.decode(codec, "replace").encode("utf-32-le", "surrogatepass"), np.uint32)
    cut = bool(len(codes)) and bool(codes[-1] == _LOST)
    return (codes[:-1], True) if cut else (codes, False)


def _euc_tw(gb18030: Codes) -> Codes:
    """What EUC-TW shows, from what gb18030 shows: both read pairs of the same bytes."""
    first, second, prefix = _euc_tw_tables()
    codes = np.minimum(gb18030, 0xFFFF)
    after = np.zeros(len(codes), bool)
    after[1:] = codes[:-1] == prefix
    shown: Codes = np.where(after, second[codes], first[codes])
    kept: Codes = shown[codes != prefix]
    return kept


@functools.cache
def _euc_tw_tables() -> tuple[Codes, Codes, int]:
    """Characters of CNS 11643 planes 1 and 2 by the character that gb18030 shows, and the prefix of plane 2."""
    tables = []
    for plane in (1, 2):
        table = np.full(0x10000, _LOST, np.uint32)
        table[:0x80] = np.arange(0x80)
        for pair, character in escapes.cns(plane).items():
            table[ord(pair.decode("gb18030"))] = ord(character)
        tables.append(table)
    return tables[0], tables[1], ord(b"\x8e\xa2".decode("gb18030"))


_LOST = 0xFFFD


def in_context(readings: list[Reading], rival: float = -math.inf) -> list[Reading]:
    """Score near candidates with the context of each character.

    Nothing is done where one candidate is far ahead, or the best single-byte encoding, whose score is `rival`.

    Only the first of equal pairs of characters counts here: the second is no news, and a text that says the same thing
    all the time would otherwise be as sure of a mistake as of the truth. The scores are put back on the scale of all
    characters so that they compare with those of single-byte encodings.
    """
    if not readings:
        return readings
    champion = max(readings, key=lambda reading: reading.candidate.score)
    best, size = champion.candidate.score, len(champion.codes)
    if rival > best + NEAR + CONTEXT_MOST * size:
        return readings
    variety = len(np.unique(champion.codes))
    least = best - (NEAR + min(size, NEAR_MOST)) * max(1.0, size / (1 + 2 * variety))
    near = [reading for reading in readings if reading.candidate.score >= least]
    if len(near) < 2:
        return readings
    weighed = [(reading, *_with_context(reading)) for reading in near]
    _, whole, part = max(weighed, key=lambda item: item[2])
    moved = {id(reading): whole + first - part for reading, _, first in weighed}
    return [
        replace(reading, candidate=replace(reading.candidate, score=moved.get(id(reading), reading.candidate.score)))
        for reading in readings
    ]


def _with_context(reading: Reading) -> tuple[float, float]:
    """The score of a reading with the context of each character: over all, and over the first of equal pairs."""
    codes = reading.codes
    seen = (codes > 0x7F) & (codes != _LOST)
    alone = costs(reading.candidate.language)[np.minimum(codes, 0xFFFF)]
    context = np.maximum(load().score_codes(codes), FLOOR)
    values = np.logaddexp(context, alone)[seen] - np.log(2)
    rest = reading.candidate.score - float(alone[seen].sum())
    pairs = codes.astype(np.uint64)
    pairs[1:] |= pairs[:-1] << np.uint64(32)
    first = np.unique(pairs[seen], return_index=True)[1]
    return rest + float(values.sum()), rest + float(values[first].sum())


CONTEXT_MOST = 1.0
"""Nats a character by which single bytes must be ahead for context not to matter: it adds 1.3 (Simplified) to 1.8
(Traditional) to prose, which never starts behind; to what is no CJK text it adds 0.3."""


def unicode_score(text: str) -> float:
    """Mean log-probability, in nats, of a character of `text` in any language; ASCII costs what it always does."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    if not len(codes):
        return FLOOR
    values = np.where(codes > 0x7F, costs("")[np.minimum(codes, 0xFFFF)], -ASCII)
    values[codes < 0x20] = -CONTROLS
    values[(codes == 9) | (codes == 10) | (codes == 13)] = -ASCII
    return float(values.mean())


CONTROLS = 14.0
"""Nats of a control character that does not belong into text."""


def language_of(text: str) -> str:
    """Language of text in Unicode by its scripts: "zh", "ja", "ko", or empty."""
    kana = hangul = hanzi = 0
    for character in text:
        if "\u3041" <= character <= "\u30fa":
            kana += 1
        elif "\uac00" <= character <= "\ud7a3":
            hangul += 1
        elif "\u3400" <= character <= "\u9fff":
            hanzi += 1
    if hangul > kana and hangul > hanzi // 4:
        return "ko"
    if kana > hanzi // 12:
        return "ja"
    return "zh" if hanzi else ""
