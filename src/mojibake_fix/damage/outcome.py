"""What a mix-up comes out as: text of one language that reads better than what was seen, and is not quoted on purpose."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from mojibake_fix.damage.natural import naturalness
from mojibake_fix.damage.pairs import Pair
from mojibake_fix.damage.ranking import SAMPLE
from mojibake_fix.damage.runs import Run
from mojibake_fix.damage.western import is_western
from mojibake_fix.encodings import charset
from mojibake_fix.lattice import Glyph
from mojibake_fix.traits import hanzi_of

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

# What the outcome of a mix-up must be unless UTF-8 proves it, in nats a character: its mean log-probability, where it is hanzi and
# where it is kana or Hangul, and what it gains (other wrong readings of garbled text gain 1 to 2). Longer Korean has less room: of
# clean text of 4, 8, 16 and 24 characters one in 200 has less than -10.5, -8.2, -7.0 and -6.4; bytes out of phase that are read
# as Korean have -12 to -10.4 at 5 to 10.
_LEAST_QUALITY, _LEAST_QUALITY_OF_SYLLABLES, _LEAST_GAIN = -9.5, -11.0, 2.5
_LEAST_QUALITY_OF_MANY, _ROOM = -8.0, 12.0

_FEWEST = 2
"""Characters in a row, and different ones, that a double-byte encoding must show: any two high bytes make one, «È among them, κ
makes リ, and 贵贵贵贵 is 酷酷酷酷 in EUC-JP."""

_VARIETY = 3
"""More than one in so many letters must be new: in 48 characters of clean text some 40 are different."""

_HANZI, _HANGUL = re.compile("[㐀-鿿]"), re.compile("[가-힣]")
_KANA = re.compile("[ぁ-ヺ]")
_FOREIGN, _SYLLABLES = re.compile("[㐀-鿿ぁ-ヿ가-힣]+"), re.compile("[ぁ-ヿ가-힣]+")
_MARKS = re.compile("[，。、：；！？“”]")

_TALKS = re.compile("乱码|亂碼|文字化け|mojibake|garbled|被解成|解码|解碼|编码|編碼|锟斤拷梗", re.IGNORECASE)
"""Words of text that talks about garbled text, and quotes it on purpose."""


# Log-odds, in nats, of each kana beside a hanzi that Japanese has not. Of 980,000 characters of clean Japanese 7 are, of Big5 read
# as GBK one in 25; the model knows what kana stand beside, but not that all else is out of the question. の is in Chinese names.
_OUT_OF_PLACE, _MOST_OUT_OF_PLACE = 4.0, 3


def out_of_place(text: str) -> float:
    """Return the evidence, in nats, that kana stand where they cannot stand.

    >>> out_of_place("ゆ砱疶"), out_of_place("駅の前に"), out_of_place("优の良品")
    (4.0, 0.0, 0.0)
    """
    return _OUT_OF_PLACE * min(_MOST_OUT_OF_PLACE, len(_beside_strangers().findall(text)))


@functools.cache
def _beside_strangers() -> re.Pattern[str]:
    kanji = frozenset(hanzi_of("cp932"))
    strange, kana = f"[{''.join(hanzi for hanzi in hanzi_of('utf-8') if hanzi not in kanji)}]", "[ぁ-ねは-ヺ]"
    return re.compile(f"{kana}(?={strange})|{strange}(?={kana})")


def strangeness(seen: str, pair: Pair, model: CharacterModel) -> float:
    """Return the evidence against what is seen, in nats, that the model does not know of."""
    return out_of_place(seen) - naturalness(seen, model, double_bytes=bool(charset(pair.reader).leads))


def shows_words(read: str, writer: str) -> bool:
    """Tell whether a text has characters of one language in a row, and not the same one again and again.

    What was written in Korea has Hangul, and no kana beside it: hanja alone are what cp949 makes of anything.
    """
    words = _FOREIGN.findall(_MARKS.sub("", read))
    letters = _once("".join(words)[:SAMPLE])
    different = len(set(letters))
    if max(map(len, words), default=0) < _FEWEST or different < _FEWEST or _VARIETY * different <= len(letters):
        return False
    if different == _FEWEST and len(letters) >= 2 * _FEWEST:  # 咣当咣当 is 炳輝炳輝 in Big5
        return False
    syllables = len(_HANGUL.findall(read))
    if syllables and _KANA.search(read):
        return False
    return 3 * len(_HANZI.findall(read)) <= syllables if syllables else writer != "cp949"


_SENTENCE = 4
"""Different letters from which what is said again and again is a sentence."""


def _once(letters: str) -> str:
    """Leave out how often a sentence comes again.

    >>> _once("今天很好今天很好今天"), _once("咣当咣当")
    ('今天很好', '咣当咣当')
    """
    length = (letters + letters).find(letters[: len(letters) // 2 + 1], 1)
    sentence = letters[:length]
    repeated = (sentence * (len(letters) // max(1, length) + 1)).startswith(letters)
    return sentence if repeated and len(set(sentence)) >= _SENTENCE else letters


_JAPANESE = ("euc_jp", "cp932")


def is_kanji_among_hanzi(read: str, writer: str, beside: str) -> bool:
    """Tell whether a few kanji without kana are to be Japanese in a line that is Chinese: 驴和驴 would be 多才多 in EUC-JP.

    >>> is_kanji_among_hanzi("多才多", "euc_jp", "牵了驹来"), is_kanji_among_hanzi("多才なひと", "euc_jp", "牵了驹来")
    (True, False)
    """
    return writer in _JAPANESE and not _KANA.search(read) and not _KANA.search(beside) and bool(_HANZI.search(beside))


_SUCCESSIVE = 0.6
"""Share of the steps of a row of a code table that go to the next code point, and of its characters that are not left out."""


def is_pattern(read: str) -> bool:
    """Tell whether letters of two bytes in UTF-8 are what nobody writes: a row of a code table, or one again and again.

    Any two bytes of double-byte text are such a letter once in ten times.

    >>> is_pattern("áâãäåç"), is_pattern("ܳܳ"), is_pattern("— —"), is_pattern("①②③④")
    (True, True, False, False)
    """
    codes = [ord(character) for character in read if character >= "\x80"]
    steps = [after - before for before, after in pairwise(codes)]
    if not steps or max(codes) >= 0x800:
        return False
    return not any(steps) or (len(steps) > 2 and steps.count(1) >= _SUCCESSIVE * len(steps))


def is_text(line: str, run: Run, pair: Pair, model: CharacterModel) -> bool:
    """Tell whether what a run reads is text, and not garbled text of another kind."""
    if is_pattern(run.text) or stays_western(line, run.start, run.end, run.text, pair.writer, model):
        return False
    if pair.writer == "utf-8":  # proves itself, but for two bytes of a letter: any hanzi and an orphan are those
        foreign = [glyph for _, glyph in run.glyphs if glyph.character >= "\x80"]
        return not all(glyph.lost and glyph.character.isalpha() for glyph in foreign)
    if not shows_words("".join(glyph.character if not glyph.lost else "?" for _, glyph in run.glyphs), pair.writer):
        return False
    read = run.text.replace("\ufffd", "")
    score = model.log_probability(read)
    gained = score - model.log_probability(line[run.start : run.end])
    least = _LEAST_QUALITY * len(read)
    if is_syllables(read):
        least = max(_LEAST_QUALITY_OF_SYLLABLES * len(read), _LEAST_QUALITY_OF_MANY * len(read) - _ROOM)
    return score >= least and gained >= _LEAST_GAIN * len(read)


_RUBBISH, _FEWEST_IN_RUBBISH, _LOST_IN_RUBBISH = -10.5, 4, 0.25
"""Mean log-probability, in nats, of what no text has, characters from which it tells, and the share of them that lost a byte: GBK
beside UTF-8 that was garbled as well, and is read as UTF-8 by chance. Another layer of garbled text has lost nothing."""


def reads_badly(glyphs: Sequence[Glyph], model: CharacterModel) -> bool:
    """Tell whether what a part of a line reads is no text."""
    lost = sum(glyph.lost for glyph in glyphs)
    if len(glyphs) < _FEWEST_IN_RUBBISH or lost < _LOST_IN_RUBBISH * len(glyphs):
        return False
    return model.log_probability("".join(glyph.character for glyph in glyphs)) < _RUBBISH * len(glyphs)


# What Western words must become to be garbled, in nats a character, and what the first one may cost more; syllables have the room
# that long Korean has.
_LEAST_QUALITY_OF_WORDS, _FIRST = -6.5, -3.0


_GREEK = re.compile("(?=.*[Α-ω]{3})[\x00-\x7fΑ-ω]+")
"""Greek without accents and nothing else: one row of double bytes in 94, and half of the Greek letters in no other reader."""


def stays_western(text: str, start: int, end: int, read: str, writer: str, model: CharacterModel) -> bool:
    """Tell whether `text[start:end]` is Western text, and what it would become is not so good that it was none.

    >>> from mojibake_fix.model import load
    >>> stays_western("ЦРОД", 0, 4, "中文", "cp936", load()), stays_western("naučíš", 3, 6, "竟國", "cp932", load())
    (False, True)
    >>> stays_western("για να", 0, 6, "ャラメ ロメ", "cp936", load())
    True
    """
    if _GREEK.fullmatch(text, start, end):
        return True
    if not is_western(text, start, end):
        return False
    if writer == "utf-8":
        return sum(map("\x80".__le__, read)) < 2
    words = read.split()
    if min("".join(words), default="") < "\x80" or "\ufffd" in read:
        return True
    if not any(letter.isalpha() for letter in text[start:end] if letter >= "\x80"):  # x²y³ is a formula
        return True
    read = " ".join(words)
    least = _LEAST_QUALITY_OF_MANY if is_syllables(read) else _LEAST_QUALITY_OF_WORDS
    return model.log_probability(read) < least * len(read) + _FIRST


def is_syllables(read: str) -> bool:
    """Tell whether a text is mostly kana or Hangul."""
    return 2 * sum(map(len, _SYLLABLES.findall(read))) > len(read)


def is_quoted(run: Run, beside: str) -> bool:
    """Tell whether a line talks about garbled text: it says so beside the run, or shows there what the run should read."""
    read = run.text.strip("\"' ,.:;")
    foreign = sum(character >= "\x80" for character in beside)
    talks = foreign > run.end - run.start and _TALKS.search(beside) is not None
    return talks or (bool(read) and read in beside)
