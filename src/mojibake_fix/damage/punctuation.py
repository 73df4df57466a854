"""Folded punctuation: the half-width marks that a page generator left beside hanzi, `,` for `，`.

Generators that converted pages also folded their full-width marks to ASCII (but not 、 。 《》, which have no ASCII
form, so those tell nothing). A mark is given back its width where Chinese text has it: after a hanzi or a closing mark,
or before a hanzi where digits precede; never inside numbers, times, URLs, code or Latin text. Writers who type
half-width marks are not corrected: `propose` is only for text that a generator went over, by other evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.records import Step
from mojibake_fix.scan import is_free, line_end

FULL_WIDTH = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
"""The marks that generators fold, and what they were."""

_HAN = "㐀-䶿一-鿿豈-﫿〇\U00020000-\U0003ffff"
_CLOSING = "”’」』》〉】〕）。、…％"
_OPENING = "“‘「『《〈【〔（"
# URLs, mail addresses and code in backticks: marks inside are theirs.
_CODE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+|[\w.+-]+@[\w.-]+|`[^`\n]*`|<[a-zA-Z/!][^<>]*>|&#?\w+;")
_AFTER_HAN = re.compile(rf"(?<=[{_HAN}{_CLOSING}])[,;:!?]+(?![A-Za-z=/\\]{{3}})")
_BEFORE_HAN = re.compile(rf"(?<=[0-9A-Za-z%％℃)])[,;](?=[{_HAN}{_OPENING}])|(?<=[0-9A-Za-z%℃])[!?](?=[{_CLOSING}])")
_BRACKETED = re.compile(rf"\((?=[^()\n]{{0,80}}[{_HAN}])[^()\n]{{1,80}}\)")
_QUOTED = re.compile(rf"\"(?=[^\"\n]{{0,200}}[{_HAN}])[^\"\n]{{1,200}}\"")

EVIDENCE = 6.0
"""Nats that each mark is given. In the seed article all 47 half-width marks in these places were full-width, the one
`?` elsewhere was not; a wrong one in 400 is what reading the restored pages of the same origin allows for."""


def inflict(text: str) -> str:
    """Fold the full-width marks of a text, as generators do.

    >>> inflict("你好，世界！（测试）")
    '你好,世界!(测试)'
    """
    return text.translate({ord(wide): narrow for narrow, wide in FULL_WIDTH.items()})


def places(text: str) -> dict[int, str]:
    """Find the half-width marks of a text that stand where Chinese has full-width ones: position and full-width mark.

    >>> places("时间:2021-05-12,共8,000人(图)")
    {2: '：', 13: '，', 21: '（', 23: '）'}
    >>> places("在10:30访问 http://example.com/?a=1,b 运行 f(x, y);")
    {}
    """
    own = [match.span() for match in _CODE.finditer(text)]
    found: dict[int, str] = {}
    for pattern in (_AFTER_HAN, _BEFORE_HAN):
        for match in pattern.finditer(text):
            found.update({match.start() + offset: FULL_WIDTH[mark] for offset, mark in enumerate(match[0])})
    for match in _BRACKETED.finditer(text):
        found.update({match.start(): FULL_WIDTH["("], match.end() - 1: FULL_WIDTH[")"]})
    for start, end in _lines(text):
        if text.count('"', start, end) % 2 == 0:
            for match in _QUOTED.finditer(text, start, end):
                found.update({match.start(): "“", match.end() - 1: "”"})
    return {place: mark for place, mark in sorted(found.items()) if is_free(place, place + 1, own)}


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(text):
        end = line_end(text, start)
        yield start, end
        start = end + 1


def propose(text: str) -> Iterator[Proposal]:
    """Propose to widen the folded marks of a text that a generator went over.

    A mark that the text also has full-width, more often than folded, is left: then the generator did not fold it.

    >>> [proposal.steps[0].after for proposal in propose("我们来了,他们走了。")]
    ['，']
    """
    found = places(text)
    folded = list(found.values())
    kept = {mark for mark in set(folded) if mark not in "“”" and text.count(mark) > folded.count(mark)}
    for place, mark in found.items():
        if mark not in kept:
            step = Step(
                "punctuation", place, place + 1, text[place], mark, f"full-width {mark} folded to ASCII", EVIDENCE
            )  # fmt: skip
            yield Proposal(place, place + 1, (step,), EVIDENCE)
