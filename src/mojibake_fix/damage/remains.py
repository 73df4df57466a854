"""Remains: GBK read as UTF-8, of which only what happened to be valid UTF-8 is left between the U+FFFD.

A GBK character is two bytes. A UTF-8 reader shows U+FFFD for each byte it cannot read, but pairs such as D0 A7 are valid and
become a letter of some far-off script: 有效值 is shown as ��Чֵ. The letters give their bytes back, the U+FFFD stand for a
lost byte each, and the lattice reads both as GBK. Where the result was then written as UTF-8 and read as GBK, 锟斤拷 stands for
two lost bytes, and 锟街凤拷 for one, D6 B7, and one more: 字符.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mojibake_fix.damage import proposal
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.damage.runs import Run, runs
from mojibake_fix.damage.western import script_of
from mojibake_fix.encodings import LOST, Charset, charset
from mojibake_fix.lattice import Channel, Edge
from mojibake_fix.records import Policy
from mojibake_fix.scan import line_end, line_start
from mojibake_fix.search import search

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

# Log-probabilities in nats: of such damage; of a U+FFFD that stands for two bytes (E4-EF and a byte that may follow).
_OPEN, _SIGN, _SIGN_OF_TWO, _CUT = -12.0, -0.5, -3.0, -4.0
_AGAIN = 20.0
"""Nats that 锟 between known bytes must gain; UTF-8 cut and read as GBK (浠伙拷?) has up to 15."""
_LONGEST = 400
"""Code points of a line that are searched."""

_LEFT = re.compile("\ufffd[\x80-\u07ff]|[\x80-\u07ff]\ufffd")
_MECHANISM = "GBK bytes read as UTF-8, of which only pairs that are valid UTF-8 are left"


def has_signs(text: str) -> bool:
    """Tell whether `propose` can find anything.

    >>> has_signs("高锟得奖"), has_signs("锟街凤拷")
    (False, True)
    """
    return next(_lines(text), None) is not None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines that show remains and are not too long to be searched, each with where it starts."""
    places = [match.start() for match in re.finditer("锟", text)] if "拷" in text else []
    if "\ufffd" in text:
        places = sorted([*places, *(match.start() for match in _LEFT.finditer(text))])
    end = -1
    for place in places:
        if place >= end:
            start, end = line_start(text, place), line_end(text, place) + 1
            line = text[start:end]
            if len(line) <= _LONGEST and (_is_again(line) or _LEFT.search(line)):
                yield start, line


def _is_again(line: str) -> bool:
    return "锟" in line and "拷" in line


def inflict(text: str, *, again: bool = False) -> str:
    """Read the GBK bytes of `text` as UTF-8.

    Args:
        text: The text; every character must be in cp936.
        again: Whether the outcome is then written as UTF-8 and read as GBK.

    Raises:
        ValueError: GBK lacks a character.

    >>> inflict("有效值"), inflict("字符", again=True)
    ('��Чֵ', '锟街凤拷')
    """
    data = charset("cp936").encode(text)
    if data is None:
        raise ValueError("the text holds a character that GBK cannot write; choose another text")
    read = data.decode("utf-8", "replace")
    return charset("cp936").read(read.encode()).text if again else read


def propose(text: str, policy: Policy, model: CharacterModel) -> Iterator[Proposal]:
    """Propose what the remains of each line can still be read as.

    Args:
        text: The whole text.
        policy: How lost bytes are treated.
        model: Scores the readings.

    >>> from mojibake_fix.model import load
    >>> from mojibake_fix.records import GUESS
    >>> [one.steps[0].after for one in propose("图片锟叫割工锟斤拷锟斤拷", GUESS, load())][0][:2]
    '切割'
    """
    written = charset("cp936")
    channel = Channel(written, model, lasting=True, cut=_CUT)
    for position, line in _lines(text):
        again = _is_again(line)
        if again and not policy.guess:
            continue
        lattice = [list(_edges(line, index, written, again=again)) for index in range(len(line))]
        way = search(lattice, channel, observed=line)
        for run in runs(way) if way is not None else ():
            if not (_is_known_in_part(run) if again else _is_known(run)):
                continue
            if not again and is_of_words(line[run.start : run.end]):
                continue
            for one in proposal.propose(
                "remains", run, line, position, channel, policy, _MECHANISM, 2 * policy.certainty
            ):
                if not again or one.log_odds >= _AGAIN:
                    yield one


def _is_known(run: Run) -> bool:
    """Tell whether a character of the run lost nothing."""
    return any(glyph.pattern and not glyph.lost and glyph.pattern[0] >= 0x80 for _, glyph in run.glyphs)


_SIGNS_TO_A_LETTER = 4
"""Of GBK read as UTF-8 one byte in eight is half of a letter, and the others show a sign each."""


def is_of_words(seen: str) -> bool:
    """Tell whether letters beside U+FFFD are what is left of words in their own script: all of one, and too many of them.

    >>> is_of_words("ніко\ufffd"), is_of_words("ч\ufffd\ufffdм\ufffd\ufffdка"), is_of_words("\ufffd\ufffdЧֵ")
    (True, True, False)
    """
    letters = [character for character in seen if "\x80" <= character <= "\u07ff"]
    scripts = {_script(letter) for letter in letters}
    return len(scripts) < 2 and seen.count("\ufffd") < _SIGNS_TO_A_LETTER * len(letters)


def _script(letter: str) -> str:
    """The script of a letter, as its Unicode name tells; all signs of Latin-1 are one."""
    return "LATIN" if letter <= "\u00ff" else script_of(letter)


def _is_known_in_part(run: Run) -> bool:
    """Tell whether a byte of the run is left: where all are lost there is nothing to guess by."""
    return any(byte >= 0x80 for _, glyph in run.glyphs for byte in glyph.pattern or ())


def _edges(line: str, index: int, written: Charset, *, again: bool) -> Iterator[Edge]:
    """What the characters at a place of a line can stand for."""
    yield Edge(1)
    character = line[index]
    if character == "\ufffd":
        for pattern, cost in (((LOST,), _SIGN), ((LOST, LOST), _SIGN_OF_TWO)):
            yield from _both(1, pattern, cost)
    elif character < "\x80":
        yield Edge(1, (ord(character),))
    elif not again:
        if character <= "\u07ff":
            yield from _both(1, tuple(character.encode()), 0.0)
    else:
        yield from _edges_of_gbk(line, index, written)


def _edges_of_gbk(line: str, index: int, written: Charset) -> Iterator[Edge]:
    """The edges where EF BF BD is one lost byte, in either phase of GBK."""
    if line.startswith("锟斤拷", index):
        yield from _both(3, (LOST, LOST), 2 * _SIGN)
    first, second = (written.spell(one)[:1] for one in (line[index], line[index + 1 : index + 2] or " "))
    if line[index] == "锟" and second and len(second[0]) == 2 and second[0][0] == 0xBD:
        yield from _both(2, (LOST, second[0][1]), _SIGN)
    if line[index + 1 : index + 2] == "拷" and first and len(first[0]) == 2 and first[0][1] == 0xEF:
        yield from _both(2, (first[0][0], LOST), _SIGN)
    if first and len(first[0]) == 2:
        yield from _both(1, tuple(first[0]), 0.0)


def _both(length: int, pattern: tuple[int, ...], cost: float) -> Iterator[Edge]:
    yield Edge(length, pattern, cost)
    yield Edge(length, pattern, cost + _OPEN, opening=True)
