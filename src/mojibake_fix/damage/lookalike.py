"""Look-alikes: code points that show the right character and are the wrong one.

* *Private use* that has a standard character today. GBK numbered the pairs that Unicode lacked from U+E766 on, in order;
  Big5-HKSCS used Microsoft's user-defined areas of Big5. Both are arithmetic and the indexes of the WHATWG Encoding
  Standard: no table is needed. Icon fonts live in private use too, so context must want the character.
* *Radicals* (U+2E80-2FD5) that PDF readers give for the hanzi of the same shape: ⾸席 for 首席.
* *Compatibility ideographs* (U+F900-FAFF), which NFC turns into the unified hanzi. Korean and Japanese texts mean them.
* *Half-width katakana* in Japanese text.

All of them are right in a text about themselves, in tables and where they stand alone.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from mojibake_fix.damage.gloss import HAN
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.readers import read as read_bytes
from mojibake_fix.records import Policy, Step
from mojibake_fix.scan import line_end, line_start

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_RADICALS, _COMPATIBLE, _PRIVATE = "\u2e80-\u2fd5", "\uf900-\ufad9\U0002f800-\U0002fa1d", "\ue000-\uf848"
_HALF_WIDTH = re.compile("[ｦ-ﾝ][ｦ-ﾟ･]*[ｦ-ﾟ]")
_WRONG_HAN = re.compile(f"[{_RADICALS}{_COMPATIBLE}]")
_WRONG_PRIVATE = re.compile(f"[{_PRIVATE}]")
_HAN = re.compile(f"[{HAN}]")
_KANA, _HANGUL = re.compile("[ぁ-ゖァ-ヺ]"), re.compile("[가-힣]")

# The radicals of the supplement that are whole words, after EquivalentUnifiedIdeograph.txt of Unicode. Those that are only parts
# of characters (⺅, ⺡) never come from running text.
_SUPPLEMENT = dict(
    zip(
        "⺒⺟⺠⺫⺬⺶⺼⺽⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
        "巳母民目示羊肉臼虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
        strict=True,
    )
)

_TALKS = re.compile(
    "部首|偏旁|康熙|部件|笔画|筆畫|筆劃|字根|Kangxi|radical|兼容汉字|相容漢字|兼容字|互換漢字|Unicode|U\\+[0-9A-F]{4}|私用区|私用區|"
    "造字|外字|半角|全角|half-?width|icon",
    re.IGNORECASE,
)

# Log-probability, in nats, that a text has look-alikes at all.
_PRIOR = -2.0
_RUN = 3
"""Hanzi and kana in a row that are running text; two are if they are a word (首席)."""
_WORST, _WORD = -9.5, -7.0
"""Mean log-probability, in nats, of a character of such a run below which it is no text, and two characters are no word.
Chinese has -5.3 to -6.6; radicals in their order (一丨丶丿) -11."""
_PROVEN = 3
"""Radicals in running text that make those which stand alone in the same text (⼀、) of the same origin."""
_LEARNED = -12.0
"""Log-probability, in nats, of a private-use code point's character in its place, which Big5-HKSCS needs: its areas cover most of
private use, so that any icon would be some rare hanzi."""
_CERTAIN = 3.0
"""Nats between the readings as GBK and as Big5-HKSCS of one private-use code point."""
_GBK_ODDS = 4.0
"""Nats for a code point of GBK in its place, in a text whose private use is all GBK's: icon fonts use thousands of others."""
_KATAKANA_ODDS = 6.0
"""Nats at most for half-width katakana: what looks like it may be GBK read as CP932 (中文 is ﾖﾐﾎﾄ), which gains more."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """`text[start:end]` shows what `character` is; how, and the evidence that it is wanted, in nats."""

    start: int
    end: int
    character: str
    mechanism: str
    log_odds: float


def unified(character: str) -> str:
    """Return the hanzi that a radical or a compatibility ideograph shows; "" where there is none.

    >>> unified("⾸"), unified("⻅"), unified("\uf9f4"), unified("﨎"), unified("⺡")
    ('首', '见', '林', '', '')
    """
    if character <= "\u2eff":
        return _SUPPLEMENT.get(character, "")
    found = unicodedata.normalize("NFKC" if character <= "\u2fdf" else "NFC", character)
    return "" if found == character else found


# GBK numbers the pairs that it leaves open in this order: rows of signs, then the gaps at D7FA and FE50.
_OPEN_ROWS = ((0xA2, 0xA1), (0xA4, 0xA1), (0xA5, 0xA1), (0xA6, 0xA1), (0xA7, 0xA1), (0xA8, 0x40), (0xA9, 0x40))
_FIRST_OPEN, _FIRST_OF_FE = 0xE766, 0xE815
# Their pairs keep the private-use code points in the index; GB18030 has had the characters in four bytes since 2000.
_IN_FOUR_BYTES = {"\ue816": "𠂇", "\ue817": "𠂉", "\ue818": "𠃌", "\ue831": "𡗗", "\ue83b": "𢦏", "\ue855": "𤇾"}


@functools.cache
def gbk_leftovers() -> dict[str, str]:
    """The private-use code points of GBK whose pairs have a character in GB18030 today.

    >>> table = gbk_leftovers()
    >>> table["\\ue7c7"], table["\\ue81e"], table["\\ue816"], table["\\ue78d"], len(table)
    ('ḿ', '龴', '𠂇', '︐', 106)
    """
    pairs = [bytes([lead, trail]) for lead, first in _OPEN_ROWS for trail in range(first, 0xFF) if trail != 0x7F]
    numbered = zip(range(_FIRST_OPEN, 0xE810), [pair for pair in pairs if not _has_gbk(pair)], strict=False)
    of_fe = zip(
        range(_FIRST_OF_FE, 0xE865),
        (bytes([0xFE, trail]) for trail in (*range(0x50, 0x7F), *range(0x80, 0xA1))),
        strict=True,
    )
    read = ((chr(code), read_bytes(pair, "gb18030")[0]) for code, pair in (*numbered, *of_fe))
    return _IN_FOUR_BYTES | {
        private: character for private, character in read if len(character) == 1 and not _is_private(character)
    }


def _has_gbk(pair: bytes) -> bool:
    try:
        pair.decode("gbk")
    except UnicodeDecodeError:
        return False
    return True


def _is_private(character: str) -> bool:
    return "\ue000" <= character <= "\uf8ff"


# Microsoft's user-defined areas of Big5: code points, first lead byte, cells of its row that are not the area's.
_BIG5_AREAS = (
    (0xE000, 0xE310, 0xFA, 0), (0xE311, 0xEEB7, 0x8E, 0), (0xEEB8, 0xF6B0, 0x81, 0), (0xF6B1, 0xF848, 0xC6, 63),
)  # fmt: skip


@functools.lru_cache(maxsize=8192)
def hkscs_leftover(private: str) -> str:
    """Return the character of Big5-HKSCS for one of Microsoft's user-defined code points; "" where there is none.

    >>> hkscs_leftover("\\ue000"), hkscs_leftover("\\ueef0"), hkscs_leftover("\\ue7c7")
    ('𠕇', '', '䋴')
    """
    code = ord(private)
    for first, last, lead, offset in _BIG5_AREAS:
        if first <= code <= last:
            row, cell = divmod(code - first + offset, 157)
            character = read_bytes(bytes([lead + row, cell + (0x40 if cell < 0x3F else 0x62)]), "Big5")[0]
            # The characters of lead byte 87 came with HKSCS-2008 and never had private-use code points.
            return character if len(character) == 1 and character != "\ufffd" and lead + row != 0x87 else ""
    return ""


def inflict(text: str, kind: str = "radical") -> str:
    """Put look-alikes into a text.

    Args:
        text: The text.
        kind: "radical", "compatible", "gbk", "hkscs" or "katakana" (two or more in a row).

    Raises:
        ValueError: There is no such kind.

    >>> inflict("首席"), inflict("佢喺度", "hkscs"), inflict("ガイドを見る", "katakana")
    ('⾸席', '佢\\uecd8度', 'ｶﾞｲﾄﾞを見る')
    """
    if kind == "katakana":
        return _KATAKANA.sub(lambda match: match[0].translate(_half_width()), text)
    if kind not in _RANGES:
        raise ValueError(f"no look-alikes of kind {kind!r}; there are: {', '.join(_RANGES)}, katakana")
    return text.translate(_lookalikes(kind))


_KATAKANA = re.compile("[ァ-ヴー]{2,}")
_RANGES = {
    "radical": (0x2E80, 0x2FD6),
    "compatible": (0xF900, 0xFADA),
    "gbk": (0xE766, 0xE865),
    "hkscs": (0xE000, 0xF849),
}


@functools.cache
def _lookalikes(kind: str) -> dict[int, str]:
    readers: dict[str, Callable[[str], str]] = {
        "radical": unified,
        "compatible": unified,
        "gbk": lambda one: gbk_leftovers().get(one, ""),
        "hkscs": hkscs_leftover,
    }
    read = readers[kind]
    table: dict[int, str] = {}
    for shown in map(chr, range(*_RANGES[kind])):
        character = read(shown)
        if character and _HAN.fullmatch(character):
            table[ord(character)] = shown
    return table


@functools.cache
def _half_width() -> dict[int, str]:
    simple = {unicodedata.normalize("NFKC", half): half for half in map(chr, range(0xFF66, 0xFFA0))}
    table = {ord(full): half for full, half in simple.items()}
    for full in map(chr, range(0x30A1, 0x30F5)):
        parts = unicodedata.normalize("NFD", full)
        if len(parts) == 2 and all(part in simple for part in parts):
            table[ord(full)] = simple[parts[0]] + simple[parts[1]]
    return table


def propose(text: str, policy: Policy, model: CharacterModel) -> Iterator[Proposal]:
    """Propose the characters that running text wants for its look-alikes.

    Args:
        text: The whole text.
        policy: Its margin decides.
        model: Scores the places.

    >>> from mojibake_fix.model import load
    >>> from mojibake_fix.records import SAFE
    >>> [one.steps[0].after for one in propose("他是公司的⾸席执⾏官", SAFE, load())]
    ['首', '行']
    >>> list(propose("部首：⼀、⼁、⼂", SAFE, load()))
    []
    """
    for found in (*_hanzi(text, model), *_private(text, model), *_katakana(text, model)):
        if found.log_odds >= policy.margin:
            before = text[found.start : found.end]
            step = Step("lookalike", found.start, found.end, before, found.character, found.mechanism, found.log_odds)
            yield Proposal(found.start, found.end, (step,), found.log_odds)


_RUNS = re.compile(f"[{HAN}{_RADICALS}ぁ-ゖァ-ヺー々〇]*[{_RADICALS}{_COMPATIBLE}][{HAN}{_RADICALS}ぁ-ゖァ-ヺー々〇]*")


def _hanzi(text: str, model: CharacterModel) -> Iterator[Likeness]:
    """Radicals and compatibility ideographs."""
    if not _WRONG_HAN.search(text):
        return
    foreign = _is_mostly_foreign(text)
    alone: list[Likeness] = []
    proven = 0
    for run in _RUNS.finditer(text):
        shown = run[0]
        meant = "".join(unified(one) or one if _WRONG_HAN.match(one) else one for one in shown)
        if _talks(text, *run.span()):
            alone, proven = [], -len(text)
            continue
        quality = model.log_probability(meant) / len(meant)
        in_order = any(ord(b) - ord(a) == 1 for a, b in pairwise(shown) if "\u2e80" <= a <= "\u2fd5")
        is_text = not in_order and (
            (len(meant) >= _RUN and quality >= _WORST) or (len(meant) == _RUN - 1 and quality >= _WORD)
        )
        for index, (one, character) in enumerate(zip(shown, meant, strict=True)):
            kind = "radical" if one <= "\u2fd5" else "compatibility ideograph"
            if one == character or (foreign and kind != "radical"):
                continue
            before, after = meant[max(0, index - 2) : index], meant[index + 1 : index + 3]
            gain = model.log_probability(character + after, before) - model.log_probability(one + after, before)
            place = run.start() + index
            found = Likeness(
                place, place + 1, character, f"{kind} U+{ord(one):04X} shows the hanzi U+{ord(character):04X}",
                round(_PRIOR + gain, 3),
            )  # fmt: skip
            if is_text:
                proven += kind == "radical"
                yield found
            elif kind == "radical" and len(shown) == 1:
                alone.append(found)
    if proven >= _PROVEN and proven >= len(alone):
        yield from alone


def _is_mostly_foreign(text: str) -> bool:
    """Tell whether a text is Korean or Japanese, whose writers choose compatibility ideographs."""
    foreign = len(_KANA.findall(text)) + len(_HANGUL.findall(text))
    return foreign * 20 > len(_HAN.findall(text))


_NEAR = 200
"""Code points of a line that are looked at on either side of a place."""


def _talks(text: str, start: int, end: int) -> bool:
    """Tell whether the line is about look-alikes."""
    left, right = line_start(text, start, _NEAR), line_end(text, end, _NEAR)
    return _TALKS.search(text, left, right) is not None


_MARKS = "，。、；：？！“”‘’（）《》「」『』…—,.;:?!()"


def _private(text: str, model: CharacterModel) -> Iterator[Likeness]:
    """Private-use code points that GBK or Big5-HKSCS gave to a character."""
    places = [match.start() for match in _WRONG_PRIVATE.finditer(text)]
    table = gbk_leftovers() if places else {}
    is_gbk = all(text[place] in table for place in places)
    vertical = len({text[place] for place in places if "\ue78d" <= text[place] <= "\ue796"}) > 1
    for place in places:
        private = text[place]
        before = _WRONG_PRIVATE.split(text[max(0, place - 3) : place])[-1]
        after = _WRONG_PRIVATE.split(text[place + 1 : place + 4])[0]
        if not _is_sound(before, after, model) or _talks(text, place, place + 1):
            continue
        of_gbk, of_big5 = table.get(private, ""), hkscs_leftover(private)
        as_gbk, as_big5 = (
            model.log_probability(one + after[:2], before) - model.log_probability(after[:2]) if one else -100.0
            for one in (of_gbk, of_big5)
        )
        if as_big5 >= max(_LEARNED, as_gbk + _CERTAIN) and _HAN.match(of_big5) and _is_among_hanzi(before, after):
            log_odds = round(_PRIOR + as_big5 - _ICON, 3)
            yield Likeness(
                place, place + 1, of_big5, f"private-use code point of Big5-HKSCS for U+{ord(of_big5):04X}", log_odds
            )
        elif (
            of_gbk
            and is_gbk
            and as_big5 < _LEARNED
            and _fits(of_gbk, before, after, _line(text, place), vertical=vertical)
        ):
            yield Likeness(
                place, place + 1, of_gbk, f"private-use code point of GBK for U+{ord(of_gbk):04X}", _GBK_ODDS
            )


_ICON = -18.0
"""Log-probability, in nats, of one icon or user-defined character at one place of running text."""


def _is_sound(before: str, after: str, model: CharacterModel) -> bool:
    """Tell whether what stands around is text: in garbled text a private-use code point is evidence that must stay."""
    pieces = [(one, "".join(_HAN.findall(one))) for one in (before, after) if _HAN.search(one)]
    return bool(before or after) and all(
        any(model.log_probability(one) >= _GARBLED * len(one) for one in pair) for pair in pieces
    )


_GARBLED = -10.5
"""As `scan.GARBLED`: mean log-probability, in nats, of a character of garbled text."""


def _is_among_hanzi(before: str, after: str) -> bool:
    left, right = _HAN.match(before[-1:]) is not None, _HAN.match(after[:1]) is not None
    return (left and (right or not after or after[0] in _MARKS)) or (right and (not before or before[-1] in _MARKS))


def _fits(character: str, before: str, after: str, line: str, *, vertical: bool) -> bool:
    """Tell whether a character of GBK belongs between what stands before it and after it.

    Icons stand in menus, before figures and behind words: a sentence is asked for, a reading with other tone marks, or
    `vertical`, several different vertical forms in the text.
    """
    behind_han, before_han = _HAN.match(before[-1:]) is not None, _HAN.match(after) is not None
    if character in "ḿǹ":
        return _TONED.search(line) is not None and _BESIDE_READING.match(before[-1:] + "." + after[:1]) is not None
    if character == "€":
        return _SENTENCE.search(line) is not None and (after[:1].isdecimal() or before[-1:].isdecimal())
    if "︐" <= character <= "︙":
        return vertical and behind_han and (before_han or not after or after[0] == "\n")
    return behind_han and before_han and _SENTENCE.search(line) is not None


_SENTENCE = re.compile("[，。；：！？]")
_TONED = re.compile("[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńň]")
_BESIDE_READING = re.compile("[a-z].|[(（/ ]?\\.[a-z)）/ ]")


def _line(text: str, place: int) -> str:
    """What stands around a place in its line."""
    return text[line_start(text, place, _NEAR) : line_end(text, place, _NEAR)]


def _katakana(text: str, model: CharacterModel) -> Iterator[Likeness]:
    """Half-width katakana in a line of Japanese."""
    for match in _HALF_WIDTH.finditer(text):
        start, end = match.span()
        line = _line(text, start)
        beside = text[max(0, start - 1) : start], text[end : end + 1]
        if len(_KANA.findall(line)) < 2 or not any(_KANA.match(one) or _HAN.match(one) for one in beside):
            continue
        read = unicodedata.normalize("NFKC", match[0])
        if _talks(text, start, end) or model.log_probability(read) < _WORST * len(read):
            continue
        yield Likeness(start, end, read, "half-width katakana in Japanese text", _KATAKANA_ODDS)
