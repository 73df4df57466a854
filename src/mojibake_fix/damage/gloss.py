"""Glosses: a bracketed reading inserted after characters, 企業(yè) for 企業.

Page generators that turned Simplified pages into Traditional ones glossed the hanzi which the conversion had produced:
always with their default reading, everywhere in the page, whatever the context. Teachers, dictionaries and news stories
gloss hanzi too, and to a regular expression the two look the same. What tells them apart is *which* hanzi and *where*:

* The artefact hits hanzi as often as running text uses them; a person glosses what readers may not know. The evidence
  is the log of the ratio of the two, the frequency of the hanzi against one in 8,000.
* The artefact stands in the middle of running text; a person's gloss mostly stands at the end of a quotation or a head word.
* The artefact leaves no occurrence of its hanzi out; a person glosses the first.
* A text that explains readings has several syllables in one bracket, readings outside brackets, or a gloss on every hanzi.

This is evidence of the whole text, and is gathered from the whole text before any stretch of it is judged.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.records import Step
from mojibake_fix.rescore import opencc
from mojibake_fix.traits import TONED_LETTERS

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

LETTERS = f"a-zêüɡ{TONED_LETTERS}"
_BRACKETED = re.compile(rf"[(（]([{LETTERS}]{{1,6}})[)）]")
READING_END = re.compile(rf"[{TONED_LETTERS}][a-z]{{0,3}}[)）]")
_SYLLABLES = re.compile(rf"[(（][{LETTERS}]+(?:[ ,，·'’/]+[{LETTERS}]+)+[)）]")
_BARE = re.compile(rf"(?<![(（?\ufffd{LETTERS}A-Z])[a-z]+[{TONED_LETTERS}][a-z]*(?![)）{LETTERS}])")
_CUT = re.compile(
    rf"(?:[?\ufffd][(（]?|[@-~](?<=[㐀-鿿!?,.;！？；，。].)[(（])[{LETTERS}]*[{TONED_LETTERS}][{LETTERS}]*[)）]\Z"
)
"""What is in front of the end of a reading that a cut went through."""
_LONGEST = 16
"""Code points before the end of a reading that tell whether a cut went through it."""
_TALKS_OF_READINGS = re.compile("拼音|读音|讀音|注音|念作|读作|讀作|音同|声调|聲調")
HAN = "㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_HAN = re.compile(f"[{HAN}]")

# Log-odds in nats of what stands after the bracket. Han: 82 % of Han characters in running text are followed by another (law
# texts), of the glosses in teaching texts about one in five. The end of a quotation or a head word is a teacher's.
_MIDST, _HEAD_WORD, _ELSEWHERE = math.log(0.82 / 0.2), -2.0, -0.3
_HEAD_WORD_ENDS = frozenset("”’」』》〉】\"':：=＝|)）")
# The bracket parts two characters that belong together: their pointwise mutual information counts, within these bounds.
_LEAST_BOND, _GREATEST_BOND = -1.0, 3.0
# Hanzi that a person may gloss: the order of magnitude of the characters in print.
_TEACHABLE = 8000
# Share of hanzi in Traditional running text that differ from their Simplified form.
_DIFFERENT_FORM = 0.35
# Nats against the artefact: for each occurrence without a gloss, and for a text that explains readings.
_UNGLOSSED, _EXPLAINS = -3.0, -6.0
# Nats for the artefact where a reading swallowed its bracket (內 found across 詢如), or follows a letter that stands alone
# between hanzi (the trail byte of 學 is W): nothing else does this.
_CUT_READING = 6.0
# Nats for the artefact where the text shows signs of slips: the same pages have both.
_SLIPPED = 3.0
# A page glosses a part of its hanzi (at most 55 % in a real snippet); primers gloss all.
_PRIMER = 0.75
# Log-odds from which a gloss is taken for the artefact. Of 13 glosses in 4 real teaching texts and stories of names the
# best has -0.3, of 45 real damaged snippets all but one have more than 3.
LEAST_EVIDENCE = 3.0


@dataclass(frozen=True, slots=True)
class Gloss:
    """A bracketed reading: `text[start:end]` is the bracket, `hanzi` what stands before it (possibly not a hanzi)."""

    start: int
    end: int
    hanzi: str
    reading: str
    bracket: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a whole text says of its glosses: those that are the artefact, and the log-odds for it, in nats.

    `removable` may be empty where every gloss of the artefact lies inside a run that is out of phase.
    """

    removable: tuple[Gloss, ...]
    log_odds: float

    @property
    def artefact(self) -> bool:
        """Tell whether the text has glosses of the artefact."""
        return self.log_odds >= LEAST_EVIDENCE


NONE = Evidence((), 0.0)
"""The evidence of a text without any reading."""


def inflict(text: str, hanzi: Iterable[str]) -> str:
    """Gloss every occurrence of `hanzi` in `text` with its default reading.

    Raises:
        ValueError: One of `hanzi` has no reading.

    >>> inflict("企業業務", "業")
    '企業(yè)業(yè)務'
    """
    chosen = frozenset(hanzi)
    for character in sorted(chosen):
        if not default_reading(character):
            raise ValueError(f"{character!r} has no reading to gloss it with; pass hanzi only")
    return "".join(
        f"{character}({default_reading(character)})" if character in chosen else character for character in text
    )


def find(text: str) -> tuple[Gloss, ...]:
    """Find every bracket that holds one reading.

    >>> find("企業(yè)者")
    (Gloss(start=2, end=6, hanzi='業', reading='yè', bracket='(yè)'),)
    """
    return tuple(
        Gloss(match.start(), match.end(), text[match.start() - 1 : match.start()], normalised(match[1]), match[0])
        for match in _BRACKETED.finditer(text)
    )


def normalised(reading: str) -> str:
    """Return a reading as it is compared: composed, with the ordinary g (ɡ is common in scanned primers)."""
    return unicodedata.normalize("NFC", reading).replace("ɡ", "g")


@functools.lru_cache(maxsize=32768)
def default_reading(character: str) -> str:
    """Return the default reading of a hanzi as pypinyin has it, "" where it has none.

    >>> default_reading("長"), default_reading("a")
    ('zhǎng', '')
    """
    from pypinyin import Style, pinyin

    if not _HAN.fullmatch(character):
        return ""
    reading = pinyin(character, style=Style.TONE)[0][0]
    return "" if reading == character else normalised(reading)


def is_read(character: str, reading: str) -> bool:
    """Tell whether `reading` is the default reading of `character`.

    >>> is_read("業", "yè"), is_read("業", "wù")
    (True, False)
    """
    return default_reading(character) == reading


@functools.lru_cache(maxsize=4096)
def is_product(character: str) -> bool:
    """Tell whether a Simplified-to-Traditional conversion can have produced this hanzi.

    >>> is_product("業"), is_product("中")
    (True, False)
    """
    return bool(_HAN.fullmatch(character)) and opencc("t2s").convert(character) != character


def weigh(text: str, model: CharacterModel, *, slipped: bool = False) -> Evidence:
    """Weigh the glosses of a whole text: artefact, or a person's?

    `slipped` says whether the text shows signs of slips, which stand on the same pages.

    Returns:
        The glosses that are the artefact, none where the text gives no reason to believe it. The log-odds count
        from even odds; they are at least `LEAST_EVIDENCE` where a gloss is removable.

    >>> from mojibake_fix.model import load
    >>> len(weigh("企業(yè)發(fā)展的動(dòng)力", load()).removable)
    3
    >>> weigh("魃(bá):旱神,传说中能引发大旱的怪物。", load()).removable
    ()
    """
    glosses = tuple(gloss for gloss in find(text) if _HAN.fullmatch(gloss.hanzi))
    ends = (match.span() for match in READING_END.finditer(text))
    cuts = sum(1 for start, end in ends if _CUT.search(text, max(0, start - _LONGEST), end))
    of_slips = _SLIPPED * slipped + _CUT_READING * cuts
    candidates = [gloss for gloss in glosses if default_reading(gloss.hanzi) == gloss.reading]
    if not candidates and not of_slips:
        return NONE
    whole = _explains_readings(text, glosses) + of_slips
    products = [gloss for gloss in candidates if is_product(gloss.hanzi)]
    for chosen, coverage in ((products, True), (candidates, False)):
        if not chosen or (not coverage and len(chosen) < 2):
            continue
        log_odds = whole + sum(_gloss_log_odds(text, gloss, model) for gloss in chosen)
        if coverage:
            log_odds += len(chosen) * -math.log(_DIFFERENT_FORM) + _UNGLOSSED * _left_out(text, chosen)
        if log_odds >= LEAST_EVIDENCE:
            return Evidence(tuple(chosen), log_odds)
    return Evidence((), max(whole, 0.0))


def _explains_readings(text: str, glosses: Sequence[Gloss]) -> float:
    if glosses and len(glosses) > _PRIMER * sum(1 for _ in _HAN.finditer(text)):
        return -math.inf
    if _teaches(glosses):
        return -math.inf
    signs = (_SYLLABLES.search(text), len(_BARE.findall(text)) > 1, _TALKS_OF_READINGS.search(text))
    return _EXPLAINS * sum(1 for sign in signs if sign)


def _teaches(glosses: Sequence[Gloss]) -> bool:
    """Tell whether a hanzi is read in two ways, 重(zhòng)要 and 重(chóng)新, or one that no conversion gives is read beside one
    that it gives: 中(zhōng)國(guó). The artefact does neither."""
    readings = {(gloss.hanzi, gloss.reading) for gloss in glosses}
    if len(readings) > len({hanzi for hanzi, _ in readings}):
        return True
    neighbours = ((one, other) for one, other in pairwise(glosses) if one.end + 1 == other.start)
    return any(is_product(one.hanzi) != is_product(other.hanzi) for one, other in neighbours)


def _gloss_log_odds(text: str, gloss: Gloss, model: CharacterModel) -> float:
    # The model counts both scripts together; what a conversion produced stands in Traditional text alone, twice as often.
    in_one_script = math.log(2) if is_product(gloss.hanzi) else 0.0
    frequency = model.step("", gloss.hanzi) + in_one_script + math.log(_TEACHABLE)
    following = text[gloss.end : gloss.end + 1]
    if _HAN.match(following):
        bond = model.step(gloss.hanzi, following) - model.step("", following)
        return frequency + _MIDST + min(max(bond, _LEAST_BOND), _GREATEST_BOND)
    return frequency + (_HEAD_WORD if following in _HEAD_WORD_ENDS else _ELSEWHERE)


def _left_out(text: str, glosses: list[Gloss]) -> int:
    """Count the occurrences of glossed hanzi that carry no gloss."""
    counted = Counter(gloss.hanzi for gloss in glosses)
    return sum(max(0, text.count(hanzi) - number) for hanzi, number in counted.items())


def propose(evidence: Evidence) -> Iterator[Proposal]:
    """Propose to take out each gloss that is the artefact."""
    for found in evidence.removable:
        step = Step(
            "gloss", found.start, found.end, found.bracket, "",
            f"reading {found.reading} inserted after every {found.hanzi} of the text", round(evidence.log_odds, 3),
        )  # fmt: skip
        yield Proposal(found.start, found.end, (step,), evidence.log_odds)


def propose_behind_run(text: str, start: int, end: int, evidence: Evidence) -> Iterator[Proposal]:
    """Propose to take out the bracket `text[start:end]` of a hanzi that only a search has brought to light."""
    if all(found.start != start for found in evidence.removable):
        bracket = text[start:end]
        mechanism = f"reading {bracket[1:-1]} inserted after a hanzi that was read out of phase"
        step = Step("gloss", start, end, bracket, "", mechanism, round(evidence.log_odds, 3))
        yield Proposal(start, end, (step,), evidence.log_odds)
