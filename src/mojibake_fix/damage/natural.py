"""What people write although the model holds it for odd: half-width kana, bopomofo, rows of jamo, drawings, alphabets.

The model has these as classes of odd signs, since manuals are full of them and garbled text is, too. Their own form tells them from
garbled text, and what that is worth stands against a mix-up that would explain them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mojibake_fix.damage.western import is_alphabet
from mojibake_fix.drawing import drawings

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_HALF_WIDTH = re.compile("[ｦ-ﾟ]+")
_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

_BOPOMOFO = re.compile("(?=[ㄅ-ㄩ])(?:[ㄅ-ㄙ]?[ㄧ-ㄩ]?[ㄚ-ㄦ]?[ˊˇˋ˙]?[ 　]?)+")
"""Syllables: an initial, a medial and a final, none of them twice, and a tone."""

_JAMO = re.compile("([ㄱ-ㅣ])\\1+")
"""The same letter again and again, as chats have it; of hiragana in EUC-JP, which EUC-KR shows as jamo, none is."""

_BOXES = re.compile("[─-╿]")
_DRAWN = re.compile("[─-▟]")

_LETTERS = re.compile("[À-ÖØ-öø-ɏΑ-ώЀ-ӿ]+")

_SIGN = -3.0
"""Log-probability, in nats, of a sign in such a row: of 37 bopomofo and four tones one is expected so, and so with other signs."""


def naturalness(seen: str, model: CharacterModel, *, double_bytes: bool) -> float:
    """Return by how much more likely a text is than the model says, in nats.

    Args:
        seen: What stands in the text.
        model: The model.
        double_bytes: Whether it would have been read in double bytes, of which hardly one pair is a piece of a frame.

    >>> from mojibake_fix.model import load
    >>> texts = "ｶﾜｲｲ", "ㄓㄥˋ ㄓˋ", "ㅋㅋㅋ", "┬─┬", "╓╨╬─", "ÄÖÜäöü", "中文"
    >>> [naturalness(seen, load(), double_bytes=False) > 10 for seen in texts]
    [True, True, True, True, False, True, False]
    """
    gained = sum(_of_half_width(match[0], model) for match in _HALF_WIDTH.finditer(seen))
    for start, end in _rows(seen, double_bytes=double_bytes):
        row = seen[start:end]
        gained += max(0.0, _SIGN * len(row) - model.log_probability(row))
    return gained


def _of_half_width(kana: str, model: CharacterModel) -> float:
    """What half-width kana are worth as words in katakana, or as those that are mostly written in hiragana."""
    wide = unicodedata.normalize("NFKC", kana)
    best = max(model.log_probability(wide), model.log_probability(wide.translate(_TO_HIRAGANA)))
    return max(0.0, best - model.log_probability(kana))


def _rows(seen: str, *, double_bytes: bool) -> Iterator[tuple[int, int]]:
    for pattern in (_BOPOMOFO, _JAMO):
        yield from (match.span() for match in pattern.finditer(seen) if len(match[0]) > 1)
    if _BOXES.search(seen) and double_bytes:
        yield from (match.span() for match in _BOXES.finditer(seen))
    else:
        yield from drawings(seen, (match.start() for match in _DRAWN.finditer(seen)))
    yield from (match.span() for match in _LETTERS.finditer(seen) if is_alphabet(match[0]))
