"""Bad conversion: Simplified text turned to Traditional character by character, 頭發 for 頭髮, 關于 for 關於.

A one-to-one table either takes one counterpart for every 发 and 后 (頭發, 皇後), or leaves what is also a Traditional
character as it stands (關于, 并且, 制造). Both are found the same way: the text is read back as Simplified, the
counterparts of its ambiguous characters are weighed, and where another is far more probable than the one that stands
there, that is a suspicion. 后, 里, 干, 于 and 系 have their own rights in Traditional text, so a suspicion alone
must be strong. A text with suspicions against several different characters was converted, and then each needs less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.counterparts import NEVER, Codes, Scores, load
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.records import Step
from mojibake_fix.rescore import codes_of, opencc

ALONE = 5.0
"""Nats that a suspicion needs in a text without others."""

TOGETHER = 2.0
"""Nats that a suspicion needs in a text that was converted."""

LEFT = 6.0
"""Nats for a Simplified character that Traditional has but hardly writes, 并 for 並."""

KINDS = 3
"""Different characters under suspicion that make a text a converted one; classical 于 alone does not."""

RATE = 0.0015
"""Suspicions for each character of the text that make it a converted one. Genuine text has 0.0002, most of them real
slips of conversion; text that a one-to-one table made has 0.006 to 0.026."""

# Characters that good writers of Traditional exchange freely: which one stands there says nothing about a conversion.
_EXCHANGED = frozenset("占布周游注回岩吊托升欲家才迹伙凶扣核念局杯杠杰愈鉴赞了群秘床烟唇娘踪账份娴熏庵昆毁厘尽雇哗")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`found` at `position` reads better as `better`, by that many nats; `simplified` is what both stand for."""

    position: int
    found: str
    better: str
    simplified: str
    log_odds: float


def inflict(text: str, *, keep_shared: bool = False) -> str:
    """Convert Simplified text to Traditional one character at a time, each to its first counterpart.

    Args:
        text: Simplified text.
        keep_shared: Leave a character that is also a Traditional one as it stands.

    >>> inflict("头发干净的皇后"), inflict("关于后面", keep_shared=True)
    ('頭發幹淨的皇後', '關于后面')
    """
    table = load()
    firsts = {character: values[0] for character, values in zip(table.characters, table.values, strict=True)}
    shared = {character for values in table.values for character in values} if keep_shared else frozenset()
    converter = opencc("s2t")
    return "".join(
        character
        if character in shared or not "一" <= character <= "鿿"
        else firsts.get(character) or converter.convert(character)
        for character in text
    )


def suspect(text: str) -> tuple[Suspicion, ...]:
    """Find the characters of a Traditional text that another counterpart would fit better, whatever the odds.

    >>> [(s.found, s.better) for s in suspect("她剪短了頭發") if s.log_odds > ALONE]
    [('發', '髮')]
    """
    codes = codes_of(text)
    table = load()
    simplified, standard = _readings()
    bounded = np.minimum(codes, 0xFFFF)
    plain = simplified[bounded]
    positions, rows = table.find(plain)
    if not len(positions):
        return ()
    windows = table.windows(plain, positions)
    alone = table.neighbours(windows, rows)
    shown = standard[bounded[positions]]
    left = _is_left(rows, shown)
    hopeful = left | (_odds(table.candidates[rows], alone, shown) > 0)
    for_words = positions[hopeful], rows[hopeful]
    scores = table.words(windows[hopeful], alone[hopeful])
    odds = np.where(left[hopeful], LEFT, _odds(table.candidates[for_words[1]], scores, shown[hopeful]))
    best = table.candidates[for_words[1], scores.argmax(axis=1)]
    return tuple(
        Suspicion(position, text[position], chr(better), table.characters[row], float(value))
        for position, row, better, value in zip(
            for_words[0].tolist(), for_words[1].tolist(), best.tolist(), odds.tolist(), strict=True
        )
        if value > 0
    )


def _odds(options: Codes, scores: Scores, shown: Codes) -> NDArray[np.float32]:
    """Nats of the best option over the one shown; 0 where the one shown is no option."""
    own = np.where(options == shown[:, None], scores, -np.inf).max(axis=1)
    return np.where(own > NEVER / 2, scores.max(axis=1) - own, np.float32(0))


def _is_left(rows: NDArray[np.int64], shown: Codes) -> NDArray[np.bool_]:
    """Tell which of the shown characters are none of the counterparts, but the Simplified character itself."""
    table = load()
    plain = codes_of(table.characters)
    is_left: NDArray[np.bool_] = (shown == plain[rows]) & _bystanders()[rows]
    return is_left


@cache
def _bystanders() -> NDArray[np.bool_]:
    """The Simplified characters that a table may leave because Big5 has them, though OpenCC never gives them: 并."""
    table = load()
    rows = zip(table.characters, table.values, strict=True)
    return np.array([c not in values and bool(c.encode("big5", "ignore")) for c, values in rows])


@cache
def _readings() -> tuple[Codes, Codes]:
    """The Simplified form, and the standard Traditional form, of every character of the basic plane."""
    simplified, standard = np.arange(0x10000, dtype=np.uint32), np.arange(0x10000, dtype=np.uint32)
    characters = [chr(code) for code in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))]
    for configurations, table in ((("tw2t", "hk2t"), standard), (("tw2t", "hk2t", "t2s"), simplified)):
        lines = "\n".join(characters)
        for configuration in configurations:
            lines = opencc(configuration).convert(lines)
        for character, result in zip(characters, lines.split("\n"), strict=True):
            if len(result) == 1 and ord(result) < 0x10000:
                table[ord(character)] = ord(result)
    return simplified, standard


def propose(text: str) -> Iterator[Proposal]:
    """Propose to mend the suspicions that are strong enough, given what the whole text shows.

    >>> [proposal.steps[0].after for proposal in propose("關于她的頭發")]
    ['於', '髮']
    """
    found = suspect(text)
    strong = [s for s in found if s.log_odds >= TOGETHER and s.simplified not in _EXCHANGED]
    converted = len({s.simplified for s in strong}) >= KINDS and len(strong) >= RATE * len(text)
    if not converted:
        found = tuple(s for s in strong if s.log_odds >= ALONE)
    for suspicion in found:
        if suspicion.log_odds >= TOGETHER:
            start, log_odds = suspicion.position, round(suspicion.log_odds, 3)
            step = Step(
                "conversion", start, start + 1, suspicion.found, suspicion.better,
                f"{suspicion.simplified} was converted to {suspicion.found} by itself", log_odds,
            )  # fmt: skip
            yield Proposal(start, start + 1, (step,), log_odds)
