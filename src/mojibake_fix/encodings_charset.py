"""A character set: what each byte sequence shows, how each character is written, and what a character that lost a byte can be.

A *pattern* is a byte sequence in which some bytes may be lost (`LOST`); `Charset.match` says which characters it can
still be. This is all that the lattice needs to know about an encoding.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

LOST = -1
"""Stands for a lost byte in a pattern."""

SWALLOWED = -2
"""Stands, alone in a pattern, for an ASCII byte that vanished behind an orphaned lead byte: one that is no trail byte."""

_SWALLOWABLE = "".join(map(chr, (0x0A, *range(0x20, 0x40))))

_SUBSTITUTE = (b"\x1a",)

Pattern = tuple[int, ...]
"""Bytes of one character as far as they are known: 0 to 255, `LOST` or `SWALLOWED`."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a pattern can be: the characters that it spells when it ends here, and whether it may go on."""

    characters: str
    continues: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Bytes as a lenient reader showed them.

    Attributes:
        text: What the reader showed.
        offsets: For each code point of `text`, the offset of its first byte.
        lost: Offsets of the bytes that the reader did not show: orphaned lead bytes, and what it swallowed after them.
    """

    text: str
    offsets: tuple[int, ...]
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Charset:
    """One character set: the sequences of one to four bytes that it reads, and how each character is written.

    Attributes:
        name: The name by which reports call it.
        reads: What each byte sequence shows.
        writes: The byte sequences that may have shown each character, the usual one first.
        leads: Bytes that begin a longer sequence.
        longest: Length of the longest sequence, in bytes.
    """

    name: str
    reads: Mapping[bytes, str] = field(repr=False)
    writes: Mapping[str, tuple[bytes, ...]] = field(repr=False)
    leads: frozenset[int] = field(repr=False)
    longest: int

    @property
    def usual_length(self) -> int:
        """Bytes of a hanzi."""
        return 2

    def spell(self, character: str) -> tuple[bytes, ...]:
        """Return the byte sequences that this character set may have read as `character`, the usual one first.

        >>> from mojibake_fix.encodings import charset
        >>> charset("cp936").spell("中"), charset("cp936").spell("\ue490"), charset("cp936").spell("ß")
        ((b'\\xd6\\xd0',), (b'\\xfe\\xc9',), ())
        """
        known = self.writes.get(character)
        if known is not None:
            return known
        if self.name == "gb18030" and len(character) == 1 and not "\ud800" <= character <= "\udfff":
            return (character.encode("gb18030"),)
        return ()

    def encode(self, text: str) -> bytes | None:
        """Write `text`, or return None where it holds a character that this set cannot have shown.

        >>> from mojibake_fix.encodings import charset
        >>> charset("big5").encode("中文").hex(" ", 2)
        'a4a4 a4e5'
        """
        try:
            return b"".join([self.writes[character][0] for character in text])
        except KeyError:
            pass
        if self.name != "gb18030":  # only there `spell` knows more than the table
            return None
        spelled = [self.spell(character) for character in text]
        return b"".join(sequences[0] for sequences in spelled) if all(spelled) else None

    def written(self, text: str) -> bytes:
        """Write `text`, with 1A, which ASCII has for it, in place of a character that this set cannot have shown.

        >>> from mojibake_fix.encodings import charset
        >>> charset("cp1252").written("Ö中Ð")
        b'\\xd6\\x1a\\xd0'
        """
        data = self.encode(text)
        if data is not None:
            return data
        return b"".join([(self.spell(character) or _SUBSTITUTE)[0] for character in text])

    def count(self, text: str) -> int:
        """Return how many characters of `text` this set can have shown.

        >>> from mojibake_fix.encodings import charset
        >>> charset("cp1252").count("ÖÐ中")
        2
        """
        if self.name == "gb18030":
            return sum(1 for character in text if self.spell(character))
        return sum(map(self.writes.__contains__, text))

    def match(self, pattern: Pattern) -> Match:
        """Say what `pattern` can be.

        >>> from mojibake_fix.encodings import charset
        >>> charset("cp936").match((0xA1, 0xA3))
        Match(characters='。', continues=False)
        >>> "上" in charset("cp936").match((0xC9, LOST)).characters
        True
        """
        return _match(self, pattern)

    def match_in_part(self, pattern: Pattern) -> Match:
        """`match` for a single byte, and for a pattern in which one is known."""
        if LOST not in pattern:
            sequence = bytes(pattern)
            characters = self.reads.get(sequence, "")
            if len(pattern) == 4 and not characters and self.longest == 4 and _gb18030_four_bytes(sequence):
                characters = sequence.decode("gb18030")
            return Match(characters, _continues(self, pattern, bool(characters)))
        return Match(_readings(self, pattern) if len(pattern) > 1 else "", len(pattern) == 1)

    def swallowed_before(self, following: str) -> bool:
        """Tell whether a reader's sign for an orphaned lead byte, seen before `following`, has swallowed a byte.

        An orphan is followed by a byte that is no trail byte. If what is seen next begins with a byte that could be one, the
        byte that was none is gone.

        >>> from mojibake_fix.encodings import charset
        >>> charset("cp936").swallowed_before("L"), charset("cp936").swallowed_before(" ")
        (True, False)
        """
        return any(sequence[0] in _trails(self) for sequence in self.spell(following)) if following else False

    def missing(self, pattern: Pattern) -> int:
        """Return how many bytes an unfinished character lacks at least.

        >>> from mojibake_fix.encodings import charset
        >>> charset("utf-8").missing((0xE4, 0xB8)), charset("cp936").missing((0xD6,))
        (1, 1)
        """
        return 1

    def read(self, data: bytes, *, replacement: str = "\ufffd", swallow: bool = False) -> Reading:
        """Read bytes as a lenient reader does.

        Args:
            data: Any bytes.
            replacement: Shown for a byte that begins nothing.
            swallow: Whether the byte after an orphaned lead byte vanishes with it (PHP, .NET) or is read anew (Python,
                browsers). Bytes that could begin a character themselves are swallowed too, as `mb_convert_encoding` does.

        >>> from mojibake_fix.encodings import charset
        >>> charset("cp936").read(bytes.fromhex("D6D0 CF3C"), replacement="?", swallow=True).text
        '中?'
        """
        shown: list[str] = []
        offsets: list[int] = []
        lost: list[int] = []
        position = 0
        while position < len(data):
            length = self._sequence_length(data, position)
            text = self.reads.get(data[position : position + length]) if length else None
            if text is None and length == 4:
                text = data[position : position + 4].decode("gb18030")
            if text is None:
                text = replacement
                eaten = swallow and data[position] in self.leads and position + 1 < len(data)
                length = 2 if eaten else 1
                lost += range(position, position + length)
            shown.append(text)
            offsets += [position] * len(text)
            position += length
        return Reading("".join(shown), tuple(offsets), tuple(lost))

    def _sequence_length(self, data: bytes, position: int) -> int:
        """Length of the longest sequence that can be read at `position`, or 0."""
        for length in range(min(self.longest, len(data) - position), 0, -1):
            sequence = data[position : position + length]
            if sequence in self.reads or (length == 4 and _gb18030_four_bytes(sequence)):
                return length
        return 0


def _gb18030_four_bytes(sequence: bytes) -> bool:
    try:
        return len(sequence.decode("gb18030")) == 1
    except UnicodeDecodeError:
        return False


@functools.cache
def _trails(charset: Charset) -> frozenset[int]:
    return frozenset(sequence[1] for sequence in charset.reads if len(sequence) == 2)


@functools.lru_cache(maxsize=65536)
def _match(charset: Charset, pattern: Pattern) -> Match:
    if len(pattern) > 1 and all(byte == LOST for byte in pattern):
        unknown = len(pattern) == charset.usual_length
        return Match("\ufffd" if unknown else "", continues=not unknown)
    if SWALLOWED in pattern:
        return Match(_SWALLOWABLE if pattern == (SWALLOWED,) else "", continues=False)
    return charset.match_in_part(pattern)


def _readings(charset: Charset, pattern: Pattern) -> str:
    """Characters that fit a pattern in which one byte or more is known."""
    places = [place for place, byte in enumerate(pattern) if byte != LOST]
    found = _sequences_with(charset, len(pattern), places[0]).get(pattern[places[0]], ())
    for place in places[1:]:
        found = [read for read in found if read[0][place] == pattern[place]]
    return "".join([text for _, text in found])


def _continues(charset: Charset, pattern: Pattern, complete: bool) -> bool:
    if len(pattern) == 1:
        return pattern[0] in charset.leads
    if complete or len(pattern) >= charset.longest:
        return False
    if charset.longest == 4:
        return 0x30 <= pattern[1] <= 0x39
    return pattern[0] == 0x8F


@functools.cache
def _sequences_with(charset: Charset, length: int, place: int) -> dict[int, list[tuple[bytes, str]]]:
    """Sequences by their byte at `place`: assigned, single characters that people write."""
    found: dict[int, list[tuple[bytes, str]]] = {}
    for read in _single_characters(charset, length):
        found.setdefault(read[0][place], []).append(read)
    return found


@functools.cache
def _single_characters(charset: Charset, length: int) -> list[tuple[bytes, str]]:
    return sorted(
        (sequence, text)
        for sequence, text in charset.reads.items()
        if len(sequence) == length and len(text) == 1 and not "\ue000" <= text <= "\uf8ff"
    )
