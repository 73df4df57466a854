"""Inputs that mix encodings: a UTF-8 advert in a Big5 page, a log that changed half-way, columns of different systems.

The input is cut into *blocks* at ASCII bytes that end a character in every encoding. A block that reads like text in
the main encoding stays in it; for the others, every encoding is scored and the cheapest way through all blocks is
taken, a change of encoding costing what it is worth. Where a block reads well in no encoding, the encodings change
inside it, and the same search goes through its bytes.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mojibake_fix import readers
from mojibake_fix.detect_hanzi import DAMAGE, FLOOR, ON, costs, pair_costs
from mojibake_fix.detect_letters import ASCII

LANGUAGES = {
    "UTF-8": ("utf-8", "", 0.0), "gb18030": ("gb18030", "zh", 0.0), "Big5": ("big5hkscs", "zh", 0.0),
    "Shift_JIS": ("cp932", "ja", -3.0), "EUC-JP": ("euc_jp", "ja", -4.0), "EUC-KR": ("cp949", "ko", -3.0),
}  # fmt: skip
"""Encodings that are looked for inside others: codec, language, and nats for how likely they turn up there."""

SWITCH = 12.0
"""Nats of a change of encoding: once in about 100 kB of the inputs that mix at all."""

BREAK = 4.0
"""Nats by which a change is likelier after an ASCII sign (a line's end, a tag, a comma)."""

SLIP = DAMAGE
"""Nats of a byte that is left out although it could begin a character: what follows a lost byte is read out of step."""

GOOD = -10.0
"""Mean nats of a character above which a stretch reads like text: eight characters of prose fall below once in 500
places, of any wrong reading four times in five."""

WINDOW = 8
"""Characters over which the mean is taken."""

SINGLE = -5.5
"""Nats of a high byte where the main encoding has single bytes: what letters and signs cost there on average."""

REPEATED = -1.0
"""Nats of a character that stands once more: rules of ──── and 啊啊啊啊 say nothing of an encoding but with the first."""

LETTER = -5.0
"""Nats of a Latin, Greek or Cyrillic letter behind another one, which a word of its language has."""

READ_IN_MAIN = 3.0
"""Nats that each character must gain in another encoding, UTF-8 aside, where the main one reads all of a block: text that is read
wrongly gains 5 to 6, rare hanzi, signs and letters of other scripts 1 to 3."""

_SAFE = re.compile(rb"[\x00-\x2f\x3a-\x3f]+")
"""Bytes that are no part of a longer character anywhere: trail bytes begin at 0x40, but GB18030 has digits."""

BLOCK = 48
"""Least bytes of a block: 24 hanzi are enough to tell encodings apart, 150 nats between any two."""

_UTF_8 = re.compile(rb"(?:[\xe3-\xef][\x80-\xbf]{2}){3}")

_FOUR = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")

Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes in one encoding."""

    start: int
    end: int
    encoding: str


def stretches(data: bytes, main: str) -> list[Stretch]:
    """Cut `data` into stretches of one encoding each.

    Args:
        data: Bytes, mostly in the encoding `main`.
        main: An encoding in which ASCII is ASCII.

    Returns:
        Stretches in order that cover `data`; one, in `main`, unless encodings are mixed.
    """
    if _reads_well(data, main):
        return [Stretch(0, len(data), main)]
    found: list[Stretch] = []
    budget = SEARCHED
    for start, end in _blocks(data, CHUNK):
        usual = dict.fromkeys((found[-1].encoding if found else main, main))
        encoding = next((encoding for encoding in usual if _reads_well(data[start:end], encoding)), "")
        if encoding:
            found.append(Stretch(start, end, encoding))
        else:
            parts, budget = _searched(data[start:end], start, main, next(iter(usual)), budget)
            found += parts
    return _joined(found)


CHUNK = 1 << 15
"""Bytes that are looked at in one go: most of a large input reads well in the encoding of the part before it."""

SEARCHED = 1 << 18
"""Bytes that are searched one by one at most (about 3 s): an input with more of them is rubbish, not a mixture."""


def _searched(data: bytes, offset: int, main: str, before: str, budget: int) -> tuple[list[Stretch], int]:
    """Cut a part of the input that does not read well in one encoding; `before` is that of the part before it.

    Returns the stretches, and what is left of the `budget` of bytes to search one by one.
    """
    blocks = _blocks(data, BLOCK)
    states = list(dict.fromkeys((main, *LANGUAGES)))
    path = _cheapest(np.array([_block_scores(data[start:end], states) for start, end in blocks]))
    well = [_reads_well(data[start:end], states[state]) for (start, end), state in zip(blocks, path, strict=True)]
    ahead = _next_well(path, well)
    found: list[Stretch] = []
    for number, (start, end) in enumerate(blocks):
        if well[number] or end - start > budget:
            found.append(Stretch(offset + start, offset + end, states[path[number]]))
        else:
            budget -= end - start
            last = found[-1].encoding if found else before
            found += _inside(data[start:end], offset + start, states, states.index(last), ahead[number])
    return found, budget


def _next_well(path: list[int], well: list[bool]) -> list[int]:
    """For each block, the encoding of the next one that reads well; of the first, the main one, where there is none."""
    ahead = [0] * len(path)
    state = 0
    for number in range(len(path) - 1, -1, -1):
        ahead[number] = state
        state = path[number] if well[number] else state
    return ahead


def _joined(found: list[Stretch]) -> list[Stretch]:
    joined: list[Stretch] = []
    for stretch in found:
        if joined and joined[-1].encoding == stretch.encoding:
            stretch = Stretch(joined.pop().start, stretch.end, stretch.encoding)
        joined.append(stretch)
    return joined


def _reads_well(data: bytes, encoding: str) -> bool:
    """Tell whether all of `data` reads like text in `encoding`, or is UTF-8 by its form: garbled text may be what it says."""
    if data.isascii() or (encoding == "UTF-8" and is_proven(data)):
        return True
    if encoding in ("EUC-TW", "Johab"):
        return True
    if encoding not in LANGUAGES:
        return not _UTF_8.search(data)
    codes = _read(data, encoding)
    if _lost(codes).any():
        return False
    values = _values(codes, LANGUAGES[encoding][1])
    if len(values) <= WINDOW:
        return float(values.sum()) > GOOD * len(values) - 2 * WINDOW
    sums = np.cumsum(values, dtype=np.float64)
    windows = sums[WINDOW:] - sums[:-WINDOW]
    return float(windows.min(initial=sums[WINDOW - 1])) > GOOD * WINDOW


_PROVEN = 8
"""Bytes beyond the first ones of their sequences in which UTF-8 without a fault is no chance: of three hanzi in GBK one in 195 is
UTF-8, of four one in 970, of eight none in 65,803."""


def is_proven(data: bytes) -> bool:
    """Tell whether bytes are UTF-8 by their form.

    >>> is_proven("ÐÂµÄ¹æ¶¨".encode()), is_proven("新的规定".encode("gbk"))
    (True, False)
    """
    try:
        return len(data) - len(data.decode()) >= _PROVEN
    except UnicodeDecodeError:
        return False


def _read(data: bytes, encoding: str) -> Codes:
    """Code points of `data`; a character that its end cuts off is left out."""
    text = data.decode(LANGUAGES[encoding][0], "replace").removesuffix("\ufffd")
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _values(codes: Codes, language: str) -> NDArray[np.float32]:
    """Log-probability in nats of the characters beyond ASCII."""
    foreign = codes[codes > 0x7F]
    values: NDArray[np.float32] = costs(language)[np.minimum(foreign, 0xFFFF)]
    alphabetic = (foreign[1:] < 0x2000) & (foreign[1:] >> 8 == foreign[:-1] >> 8)
    values[1:][alphabetic] = values[1:][alphabetic].clip(min=LETTER)
    values[1:][foreign[1:] == foreign[:-1]] = REPEATED
    return values


def _lost(codes: Codes) -> NDArray[np.bool_]:
    lost: NDArray[np.bool_] = codes == 0xFFFD
    return lost


def _blocks(data: bytes, size: int) -> list[tuple[int, int]]:
    """Blocks of at least `size` bytes, cut behind bytes that belong to no longer character."""
    blocks: list[tuple[int, int]] = []
    start = 0
    for match in _SAFE.finditer(data):
        if match.end() - start >= size:
            blocks.append((start, match.end()))
            start = match.end()
    if start < len(data):
        blocks.append((start, len(data)))
    return blocks


def _block_scores(block: bytes, states: list[str]) -> list[float]:
    """Log-probability in nats of a block in each encoding."""
    if block.isascii():
        return [0.0] * len(states)
    scores = [_score(block, state) for state in states]
    if not _is_read(block, states[0]):
        return scores
    penalty = READ_IN_MAIN * sum(byte > 0x7F for byte in block) / 2
    return [score - penalty * _is_foreign(state, states[0]) for score, state in zip(scores, states, strict=True)]


def _is_read(data: bytes, encoding: str) -> bool:
    """Tell whether an encoding has a character for all bytes."""
    return encoding in LANGUAGES and not readers.read(data, encoding)[1]


def _is_foreign(state: str, main: str) -> bool:
    return state not in (main, "UTF-8")


def _score(block: bytes, state: str) -> float:
    if state not in LANGUAGES:
        return SINGLE * sum(byte > 0x7F for byte in block) - ASCII * sum(byte < 0x80 for byte in block)
    codes = _read(block, state)
    lost = int(_lost(codes).sum())
    values = _values(codes[codes != 0xFFFD], LANGUAGES[state][1])
    cost = ASCII * int((codes < 0x80).sum()) + lost * ON + (DAMAGE - ON) * (lost > 0)
    return float(values.sum()) - cost


def _cheapest(scores: NDArray[np.float64]) -> list[int]:
    """The most probable encoding of each block, changes of encoding counted in (Viterbi's algorithm)."""
    best = scores[0] + _PRIOR[: scores.shape[1]]
    before: list[NDArray[np.int64]] = []
    for row in scores[1:]:
        champion = int(best.argmax())
        moved = float(best[champion]) - SWITCH + BREAK + _PRIOR[: len(best)]
        origin = np.where(moved > best, champion, np.arange(len(best)))
        before.append(origin)
        best = np.maximum(best, moved) + row
    path = [int(best.argmax())]
    for origin in reversed(before):
        path.append(int(origin[path[-1]]))
    return path[::-1]


_PRIOR = np.zeros(len(LANGUAGES) + 1)


@functools.cache
def _pairs(encoding: str) -> list[float]:
    """Log-probability in nats of the character of each pair of bytes; a list is faster to look into one by one."""
    listed: list[float] = pair_costs(encoding).tolist()
    return listed


def _character(data: bytes, at: int, state: str) -> tuple[int, float]:
    """Length and log-probability of the character at `at`; of one lost byte where there is none."""
    byte = data[at]
    if byte < 0x80:
        return 1, -ASCII
    if state not in LANGUAGES:
        return 1, SINGLE
    if state == "UTF-8":
        return _utf_8_character(data, at)
    if at + 1 < len(data):
        value = _pairs(state)[byte << 8 | data[at + 1]]
        if value > -DAMAGE:
            return 2, value
        if state == "gb18030" and _FOUR.match(data, at):
            return 4, FLOOR
    if state == "Shift_JIS" and 0xA1 <= byte <= 0xDF:
        return 1, -9.0
    return 1, -DAMAGE


def _utf_8_character(data: bytes, at: int) -> tuple[int, float]:
    byte = data[at]
    length = 2 if 0xC2 <= byte < 0xE0 else 3 if 0xE0 <= byte < 0xF0 else 4 if 0xF0 <= byte < 0xF5 else 0
    if length:
        try:
            character = data[at : at + length].decode()
        except UnicodeDecodeError:
            pass
        else:
            return length, float(costs("")[min(ord(character), 0xFFFF)])
    return 1, -DAMAGE


def _inside(data: bytes, offset: int, states: list[str], before: int, after: int) -> list[Stretch]:
    """Cut one block whose encoding changes inside it: the cheapest way through its bytes.

    `before` and `after` are the states of the blocks beside it.
    """
    size = len(data)
    asked = READ_IN_MAIN if _is_read(data, states[0]) else 0.0
    best = [[-1e30] * len(states) for _ in range(size + 1)]
    origin: list[list[tuple[int, int]]] = [[(0, 0)] * len(states) for _ in range(size + 1)]
    best[0] = [0.0 if state == before else -SWITCH for state in range(len(states))]
    for at in range(size):
        here = best[at]
        champion = max(range(len(states)), key=here.__getitem__)
        switched = here[champion] - SWITCH + (BREAK if at and data[at - 1] < 0x40 else 0.0)
        for state, name in enumerate(states):
            value, source = here[state], state
            penalty = LANGUAGES[name][2] if name in LANGUAGES else 0.0
            if switched + penalty > value:
                value, source = switched + penalty, champion
            if value < -1e29:
                continue
            length, gain = _character(data, at, name)
            if length > 1:
                gain = REPEATED if data[at - length : at] == data[at : at + length] else gain
                gain -= asked * _is_foreign(name, states[0])
            for target, score in ((at + length, value + gain), (at + 1, value - SLIP)):
                if score > best[target][state] and (target == at + length or data[at] > 0x7F):
                    best[target][state] = score
                    origin[target][state] = (at, source)
    last = best[size]
    state = max(range(len(states)), key=lambda state: last[state] - (SWITCH - BREAK) * (state != after))
    cuts: list[Stretch] = []
    end = at = size
    while at > 0:
        start, source = origin[at][state]
        if source != state or start == 0:
            cuts.append(Stretch(offset + start, offset + end, states[state]))
            end = start
        at, state = start, source
    return cuts[::-1]
