"""The byte lattice of a line that a mix-up may have garbled, wholly or in part: what each character can stand for.

Known bytes, signs for bytes that were lost, and what else a reader or a clean-up does to bytes, each with its log-probability.
"""

from __future__ import annotations

import functools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from mojibake_fix.damage.pairs import SIGNS, Pair
from mojibake_fix.damage.strict_reader import GBK, ignored_before, keeps_next, shows_signs, strict_codec, unreadable
from mojibake_fix.damage.western import among_ascii
from mojibake_fix.encodings import FULL_WIDTH, LOST, SWALLOWED, Charset, charset
from mojibake_fix.lattice import IGNORED, Edge

# Log-probabilities in nats. The prior of a garbled stretch, and what the choice among some 100 pairs of encodings costs. UTF-8
# pays less: it proves itself by its form, while any two high bytes are a character in a double-byte encoding. Of these some are
# what machines in China, Korea and the West really read each other's text in; the others turn rare words into rare words. Of
# 418,656 clean lines and beginnings of lines 1 was changed with these, 2 with -13 for all pairs, 4 with -12 and -11; the one
# was a row of signs that a mix-up may no longer be told by.
OPEN_UTF_8, OPEN_FAMILIAR, OPEN_RARE = -12.0, -13.0, -18.0
# A sign of punctuation alone in Western text is what UTF-8 read as GBK shows most often: — and ’ are 鈥 and a byte, lost or not.
OPEN_SIGN = -4.0
_SIGNS_IN_UTF_8 = tuple(map(bytes.fromhex, ("E280", "E282", "E284", "E286", "E288", "E289", "E29C")))
_BIG5 = ("big5", "big5/python")
_FAMILIAR_READERS = ("cp936", "cp949", "cp1252", "latin-1", "utf-8/surrogateescape")
# A garbled stretch that begins or ends between two characters that are not ASCII: both are more often garbled or both are not.
# A part that ends inside a character shows a sign there; one that ends right behind a byte that was swallowed is a coincidence.
LEAVE, LEAVE_SWALLOWED = -4.0, -8.0
# One byte shown as a sign; two; one with, or without, the ASCII byte after it where the reader does the other; one dropped
# although the code page has a control for it; NBSP shown as a space; a full-width sign folded after the damage; the end of the
# text inside a character.
SIGN, SIGN_OF_TWO, SIGN_AND_NEXT, DROPPED, NBSP, FOLDED, CUT = -2.0, -4.0, -4.0, -6.0, -2.0, -3.0, -4.0
# One byte alone where the reader swallows elsewhere: the next one was good, so that it was something else that lost this byte.
SIGN_ALONE = -10.0
# U+FFFD with the byte after it, where nothing tells that the reader swallows: readers that show U+FFFD read that byte anew.
SIGN_AND_PERHAPS_NEXT = -8.0

# A folded sign where nothing but the model tells: it gives ， 12 nats more than the comma of those who type ASCII marks.
_PERHAPS_FOLDED = -12.5
# The middle dot of Shift-JIS is 8145: in UTF-8 the end of a character and an E behind it.
_MIDDLE_DOT = -6.0

# Bytes that code pages leave undefined; readers that drop controls lose them.
_UNDEFINED: dict[str, tuple[int, ...]] = {
    "cp1252": (0x81, 0x8D, 0x8F, 0x90, 0x9D),
    "cp1254": (0x81, 0x8D, 0x8E, 0x8F, 0x90, 0x9D, 0x9E),
    "cp1257": (0x81, 0x83, 0x88, 0x8A, 0x8C, 0x90, 0x98, 0x9A, 0x9C, 0x9F, 0xA1, 0xA5),
    "cp1258": (0x81, 0x8A, 0x8D, 0x8E, 0x8F, 0x90, 0x9A, 0x9D, 0x9E),
    "cp932": (0x80, 0xA0),
    "latin-1": tuple(range(0x80, 0xA0)),
}

# The soft hyphen of these is invisible too, and so dropped with the controls; but no reader shows a sign for it.
_SOFT_HYPHEN, _HAVE_SOFT_HYPHEN = 0xAD, ("cp1252", "cp1254", "latin-1")


# An accented letter in a word of ASCII letters, which the model holds for as odd as any: with the ASCII letter behind it two
# bytes of a rare hanzi (Müller and 黮).
_WESTERN = 8.0

# What CP1252 has and CP1254 lacks; and what it has and Latin-1 lacks. Where none is seen, what is shown may be either's.
_NOT_IN_CP1254, _NOT_IN_LATIN_1 = re.compile("[Žž]"), re.compile("[€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")


def losable(reader: str, observed: str) -> frozenset[int]:
    """Return the bytes that a reader may have shown a sign for: those that are no character by themselves.

    >>> sorted(losable("cp1252", "å…³äº\ufffd") - losable("cp1252", "Ž"))
    [142, 158]
    """
    return _unread(reader).union(_undefined(reader, observed))


@functools.cache
def _unread(reader: str) -> frozenset[int]:
    alone = charset(reader).reads
    return frozenset(byte for byte in range(0x80, 0x100) if bytes([byte]) not in alone)


def _undefined(reader: str, observed: str) -> tuple[int, ...]:
    if reader == "cp1252" and not _NOT_IN_LATIN_1.search(observed):
        reader = "latin-1"
    elif reader == "cp1252" and not _NOT_IN_CP1254.search(observed):
        reader = "cp1254"
    return _UNDEFINED.get(reader, ())


def _droppable(reader: str, observed: str) -> tuple[int, ...]:
    """The bytes of UTF-8 that vanished without a sign, as far as what is seen tells: a reader that shows one control shows all."""
    undefined = () if _CONTROLS.search(observed) else _undefined(reader, observed)
    hyphen = reader in _HAVE_SOFT_HYPHEN and "\xad" not in observed
    return (*undefined, _SOFT_HYPHEN) if hyphen else undefined


_WITH_GAPS = ("big5", "big5/python", "cp932", "cp949", "euc_jp")
"""Readers that lack a character for many pairs of high bytes, and show one sign for both; cp936 has one for every pair."""

_CONTROLS = re.compile("[\x80-\x9f]")

_OF_UTF_8 = frozenset((*range(0x80, 0xC0), *range(0xC2, 0xF5)))
"""The high bytes that are in UTF-8."""

# Bytes of a character before one that vanished, which was none of the first ones; before two that were all the rest.
_BEHIND_FIRST, _FIRST_ONLY = (1, 2, 3), (1,)
# A space was NBSP, the first byte of a character, only before another high byte: before ASCII a space breaks nothing.
_NONE_BEFORE = (0,)

# A byte that vanished because it begins no character with the next one.
LEFT_OUT = -4.0


def prior(pair: Pair) -> float:
    """Return the log-probability, in nats, that a stretch was garbled by this pair of encodings."""
    if pair.writer == "utf-8":
        return OPEN_UTF_8
    familiar = pair.reader in _FAMILIAR_READERS or (pair.writer == "cp936" and pair.reader in _BIG5)
    return OPEN_FAMILIAR if familiar else OPEN_RARE


def edges(observed: str, pair: Pair) -> list[Sequence[Edge]]:
    """Build the byte lattice of a line that a mix-up may have garbled, wholly or in part.

    >>> [edge.pattern for edge in edges("Ö", Pair("cp936", "cp1252"))[0]]
    [None, (214,), (214,)]
    """
    reader = charset(pair.reader)
    # In UTF-8 every second byte may be a control; elsewhere hardly any is.
    codec = strict_codec(observed, pair)
    ignoring = codec if pair.writer == "utf-8" and not shows_signs(observed) else None
    droppable = _droppable(pair.reader, observed) if pair.writer == "utf-8" and ignoring is None else ()
    # Where a reader shows U+FFFD, question marks are somebody's own.
    sign, other = ("\ufffd", "?") if "\ufffd" in observed else ("?", "")
    keeping = codec if codec is not None and keeps_next(observed, sign, codec) else None
    swallows = keeping is None and any(map(reader.swallowed_before, re.findall(rf"{re.escape(sign)}(?=(.))", observed)))
    stops = _STOPS.search(observed) is not None
    western = among_ascii(observed) if pair.writer != "utf-8" and not reader.leads else frozenset()
    lattice: list[Sequence[Edge]] = []
    known: dict[tuple[str, bool], tuple[Edge, ...]] = {}
    for position, character in enumerate(observed):
        joined = character >= "\x80" and observed[position - 1 : position] >= "\x80" and character not in SIGNS
        found = known.get((character, joined), ())
        if not found:
            found = _edges_of(character, pair, droppable, joined=joined)
            if ignoring is not None:
                found = (*found, *_edges_behind_ignored(character, reader, ignoring))
            known[character, joined] = found
        if character == " " and pair.writer != "utf-8" and observed[position + 1 : position + 2] >= "\x80":
            found = (*found, *(Edge(1, tuple(one), NBSP, behind=_NONE_BEFORE) for one in reader.spell("\xa0")))
        if character in SIGNS and character != other:
            found = (*found, *_sign_edges(observed, position, reader, swallows, stops, keeping))
        if position in western:
            found = (Edge(1, cost=_WESTERN), *found[1:])
        lattice.append(found)
    if pair.writer == "utf-8":
        opened = prior(pair) + LEAVE
        for start, length, data in _proven(observed, reader):
            lattice[start] = (Edge(length), Edge(length, data), Edge(length, data, opened, opening=True))
            lattice[start + 1 : start + length] = [()] * (length - 1)
    return lattice


_CHANCE, _CHANCE_OF_BYTES, _EDGE = 8, 3, 2
"""Places that UTF-8 and what was shown have in common: from so many on nothing but UTF-8 has its form, of single bytes fewer, since
each character of UTF-8 then takes three; and so many at either end are left to the search, which finds where the garbled part
begins and ends."""

_UNBROKEN = re.compile(f"[^\x00-\x7f{SIGNS}]{{12,}}")
_IN_NO_PART = (b"\xff",)  # what the reader cannot have shown: no byte of UTF-8


def _proven(observed: str, reader: Charset) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Find long parts that are UTF-8 by their form, of which nothing was lost; there is one way only to read them.

    Yields:
        Where each begins, how many code points it has, and its bytes.
    """
    chance = _CHANCE if reader.leads else _CHANCE_OF_BYTES
    for match in _UNBROKEN.finditer(observed):
        sequences = [(reader.spell(character) or _IN_NO_PART)[0] for character in match[0]]
        data, offsets = b"".join(sequences), list(accumulate(map(len, sequences), initial=0))
        for start, end in _well_formed(data):
            common = [
                place
                for place in range(bisect_left(offsets, start), bisect_right(offsets, end))
                if offsets[place] == end or not 0x80 <= data[offsets[place]] < 0xC0
            ]
            if len(common) > chance + 2 * _EDGE:
                first, last = common[_EDGE], common[-1 - _EDGE]
                yield match.start() + first, last - first, tuple(data[offsets[first] : offsets[last]])


def _well_formed(data: bytes) -> Iterator[tuple[int, int]]:
    """Find the stretches of bytes that are UTF-8."""
    start = 0
    while start < len(data):
        try:
            data[start:].decode()
        except UnicodeDecodeError as error:
            yield start, start + error.start
            start += error.start + 1
        else:
            yield start, len(data)
            return


@functools.lru_cache(maxsize=4096)
def _edges_of(character: str, pair: Pair, droppable: tuple[int, ...], *, joined: bool) -> tuple[Edge, ...]:
    """What one character can stand for; a stretch that opens at one `joined` to another has left something out."""
    found, reader = [Edge(1)], charset(pair.reader)
    as_it_stands = _MIDDLE_DOT if character == "・" and pair.writer == "utf-8" else 0.0
    for sequence in reader.spell(character)[:2]:
        found.append(Edge(1, tuple(sequence), as_it_stands))
        if character >= "\x80":
            opened = OPEN_SIGN if pair.writer == "utf-8" and sequence in _SIGNS_IN_UTF_8 else prior(pair)
            found.append(Edge(1, tuple(sequence), opened + LEAVE * joined, opening=True))
        if droppable:
            losable = frozenset(droppable)
            found.append(
                Edge(1, (LOST, *sequence), DROPPED, IGNORED, losable=losable, behind=_BEHIND_FIRST, anywhere=True)
            )
            found.append(Edge(1, (LOST, LOST, *sequence), 2 * DROPPED, IGNORED, losable=losable, behind=_FIRST_ONLY))
    if character == " ":
        found += [Edge(1, tuple(sequence), NBSP, behind=_BEHIND_FIRST) for sequence in reader.spell("\xa0")]
    if character in FULL_WIDTH and reader.leads and reader.longest < 4:
        cost = FOLDED if pair.writer == "utf-8" else _PERHAPS_FOLDED  # one byte for two breaks the form of UTF-8
        found += [Edge(1, tuple(sequence), cost) for sequence in reader.spell(FULL_WIDTH[character])]
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def _edges_behind_ignored(character: str, reader: Charset, codec: str) -> tuple[Edge, ...]:
    """What one character can stand for together with one or two bytes that were dropped before it."""
    sequences = reader.spell(character)
    if not sequences:
        return ()
    last = ignored_before(codec, sequences[0][0]) & _OF_UTF_8
    if len(last) == 1:  # gb18030 has a character for every pair of high bytes, so that only 80 vanishes before one
        byte = min(last)
        return (
            Edge(1, (byte, *sequences[0]), LEFT_OUT, IGNORED, behind=_BEHIND_FIRST),
            Edge(1, (byte, byte, *sequences[0]), 2 * LEFT_OUT, IGNORED, behind=_FIRST_ONLY),
        )
    both = last.union(*(ignored_before(codec, byte) for byte in last))
    behind = () if last.intersection(_LEADS_OF_UTF_8) else _BEHIND_FIRST
    return (
        Edge(1, (LOST, *sequences[0]), LEFT_OUT, IGNORED, losable=last, behind=behind),
        Edge(1, (LOST, LOST, *sequences[0]), 2 * LEFT_OUT, IGNORED, losable=both, behind=_FIRST_ONLY),
    )


# Text that has the full stop of ASCII between hanzi ends in one: all of 919 such lines, and 76 of 3,202 others. It is swallowed
# with the last byte of what stands before it.
_STOPS = re.compile(r"[^\x00-\x7f]\.[^\x00-\x7f]")
_ENDS_IN_STOP = {".": 4.0}


def _sign_edges(
    observed: str, position: int, reader: Charset, swallows: bool, stops: bool, keeping: str | None
) -> Iterator[Edge]:
    """What a sign for unreadable bytes can stand for. A reader that swallows what follows an orphan does so everywhere.

    `keeping` is the codec of a reader that keeps it.
    """
    sign, last = observed[position], observed[position + 1 : position + 2] in ("", "\r", "\n")
    misses_stop = last and stops and bool(reader.leads) and (sign == "?" or (sign == "\ufffd" and swallows))
    # Readers that show ? swallow: all four real ones of which the next sign is of ASCII have.
    swallows_next = swallows or misses_stop or (sign == "?" and not last)
    swallowed = SIGN if swallows_next else SIGN_AND_PERHAPS_NEXT
    if keeping is not None:
        yield _edge_before_kept(observed, position, reader, keeping)
        if not last:
            count = len(_signs_in_a_row(observed, position))
            yield Edge(count, (LOST,) * count, SIGN * count + LEAVE, ending=True, losable=unreadable(keeping))
    elif misses_stop or (swallows and not last and sign in "?\ufffd"):
        yield Edge(1, (LOST,), SIGN_ALONE)
        yield Edge(1, (LOST,), SIGN + LEAVE, ending=True)
    else:
        cost = SIGN_AND_NEXT if swallows_next and reader.leads else SIGN
        yield Edge(1, (LOST,), cost, swallowing=swallowed - cost if reader.leads else None)
    if reader.leads:
        yield Edge(1, (LOST, SWALLOWED), swallowed, favours=_ENDS_IN_STOP if misses_stop else {})
    if reader.name in GBK:  # some take 80, which begins no pair, together with the byte after it
        yield Edge(1, (0x80, LOST), SIGN_OF_TWO)
    if reader.name in _WITH_GAPS:
        # Either both end a character, or one ends it and the other begins the next.
        unread, before_unread = _conditions(reader)
        yield Edge(1, (LOST, LOST), SIGN_OF_TWO, spells=unread, splits=False)
        yield Edge(1, (LOST, LOST), SIGN_OF_TWO, spells=before_unread, splits=True)


def _edge_before_kept(observed: str, position: int, reader: Charset, codec: str) -> Edge:
    """Signs in a row, each for one byte, and the character behind them, whose first byte tells what these can have been."""
    end = position + len(_signs_in_a_row(observed, position))
    lost, sequences = (LOST,) * (end - position), reader.spell(observed[end : end + 1])
    if not sequences:
        return Edge(end - position, lost, SIGN * len(lost), losable=unreadable(codec))
    losable = ignored_before(codec, sequences[0][0])
    if len(lost) > 1:
        losable = losable.union(*(ignored_before(codec, byte) for byte in losable))
    return Edge(end + 1 - position, (*lost, *sequences[0]), SIGN * len(lost), losable=losable)


_IN_A_ROW = re.compile("([?\ufffd])\\1{0,3}")


def _signs_in_a_row(observed: str, position: int) -> str:
    signs = _IN_A_ROW.match(observed, position)
    return signs[0] if signs else observed[position]


@functools.cache
def _conditions(reader: Charset) -> tuple[Callable[[str], bool], Callable[[str], bool]]:
    """Both, the same for all signs, so that what satisfies them is looked up once."""
    return functools.partial(_is_unread, reader), functools.partial(_may_be_unread, reader)


def _is_unread(reader: Charset, character: str) -> bool:
    """Tell whether the last two UTF-8 bytes of a character are a pair that the reader has no character for."""
    sequence = character.encode("utf-8", "surrogatepass")
    return len(sequence) > 2 and sequence[-2:] not in reader.reads


# First bytes of UTF-8 for hanzi, kana, Hangul and the signs among them.
_LEADS_OF_UTF_8 = range(0xE2, 0xF0)


def _may_be_unread(reader: Charset, character: str) -> bool:
    """Tell whether the last UTF-8 byte of a character may make a pair that the reader lacks with the first one of the next."""
    last = character.encode("utf-8", "surrogatepass")[-1]
    return any(bytes((last, lead)) not in reader.reads for lead in _LEADS_OF_UTF_8)
