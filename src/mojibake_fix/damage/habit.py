"""What a text as a whole favours: its script and its quotation marks, as log-odds for characters that lost a byte."""

from __future__ import annotations

import functools
import re

import numpy as np
from numpy.typing import NDArray

from mojibake_fix.encodings import charset
from mojibake_fix.scan import line_start
from mojibake_fix.traits import hanzi_of

# Texts held in GBK quote with “” and rarely with corner brackets; a text's own quotation marks decide where it has any.
_CORNERS, _CURLY, _HABIT = "「」『』", "“”‘’", -4.0

# Kana and Hangul: hanzi beside them are of neither script.
_NOT_CHINESE = re.compile("[\u3041-\u30fa\uac00-\ud7a3]{2}")


def habit_of(text: str) -> dict[str, float]:
    """Return log-odds, in nats, for characters that a text as a whole avoids: hanzi of the other script, other quotes.

    >>> habit_of("“这是简体中文。”")["「"], "这" in habit_of("“这是简体中文。”")
    (-4.0, False)
    """
    corners = sum(map(text.count, _CORNERS))
    curly = sum(map(text.count, _CURLY))
    habit = {} if _NOT_CHINESE.search(text) else dict(_foreign_forms(simplified=is_simplified(text)))
    habit.update(dict.fromkeys(_CURLY if corners > curly else _CORNERS, _HABIT))
    return habit


# Closing marks by the marks that open them. The model does not look back that far: behind a full stop it gives ” 2 %, whether a
# quotation is open or not. In clean lines it is 64 to 75 % where one is open, and under 0.01 % where none is; but a snippet may
# begin inside a quotation, so that its first line tells less: at -1 9 % of what SAFE restores behind cuts in single sentences is
# wrong, at -2 2 %; at -2.5 a real quotation that began before what is seen is no longer closed.
_OPENED_BY = {"”": "“", "’": "‘", "」": "「", "』": "『", "》": "《", "）": "（(", "】": "【"}
_DUE, _NOT_DUE, _NOT_SEEN = 3.0, -4.0, -2.0
_QUOTED = 200
"""Code points back to which an opening mark is looked for."""


def due(text: str, start: int, end: int) -> dict[str, float]:
    """Return log-odds, in nats, for the closing marks in `text[start:end]`: what stands open before it is to be closed.

    >>> due("他说：“好?", 5, 6)["”"], due("他说好?", 3, 4)["”"], "》" in due("他说：《好?", 0, 6)
    (3.0, -2.0, False)
    """
    line = line_start(text, start, _QUOTED)
    before, within = text[line:start], text[start:end]
    unseen = _NOT_DUE if line else _NOT_SEEN
    odds = {}
    for mark, openers in _OPENED_BY.items():
        if sum(map(before.count, openers)) > before.count(mark):
            odds[mark] = _DUE
        elif not any(opener in within for opener in openers):
            odds[mark] = unseen
    return odds


NOT_OPENED = -2.0
"""Log-odds, in nats, against a bracket that closes what was not opened. Quotations may begin before what is seen of them."""


def unopened(before: str) -> str:
    """Return the closing brackets that nothing in `before` opened.

    >>> unopened("支持（或《")
    '】'
    """
    return "".join(mark for mark in "）》】" if sum(map(before.count, _OPENED_BY[mark])) <= before.count(mark))


# Nats against a hanzi of the other script: a page is written in one. Dropping the other script's candidates altogether brings
# back up to 1.7 points more of the lost characters; names and quotations keep a chance this way.
_FOREIGN_FORM = -3.0


def is_simplified(text: str) -> bool:
    """Tell whether a text begins with no fewer hanzi of Simplified Chinese alone than of Traditional Chinese alone.

    >>> is_simplified("这是简体中文"), is_simplified("這是繁體中文")
    (True, False)
    """
    codes = np.frombuffer(text[:_BEGINNING].encode("utf-32-le", "surrogatepass"), np.uint32)
    leanings: NDArray[np.int8] = _leanings().take(codes, mode="clip")
    return int(leanings.sum(dtype=np.int64)) >= 0


_BEGINNING = 1000
"""Code points of a text that tell its script."""


@functools.cache
def _leanings() -> NDArray[np.int8]:
    """Of each code point of the basic plane, 1 where only Simplified Chinese has it, -1 where only Traditional Chinese has."""
    leanings = np.zeros(0x10000, np.int8)
    for simplified, leaning in ((True, 1), (False, -1)):
        leanings[list(map(ord, _foreign_forms(simplified=not simplified)))] = leaning
    return leanings


@functools.cache
def _foreign_forms(*, simplified: bool) -> dict[str, float]:
    """Hanzi that a Simplified text (those outside GB 2312) or a Traditional one (GB 2312 but not Big5) hardly holds."""
    national, taiwan = frozenset(hanzi_of("gb2312")), frozenset(hanzi_of("big5"))
    hanzi = [text for text in charset("cp936").writes if "\u3400" <= text <= "\u9fff"]
    only_simplified = national - taiwan
    foreign = [text for text in hanzi if (text not in national if simplified else text in only_simplified)]
    return dict.fromkeys(foreign, _FOREIGN_FORM)
