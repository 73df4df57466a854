"""Character sets as real readers had them: bytes to characters and back, for every sequence, with positions kept.

Python's codecs are strict where the web was not: its `gbk` can neither read nor write the user-defined areas that
cp936 readers show as private-use code points, and has no 0x80 = €. The tables here are built from Python's codecs at
first use, and completed by the rules that the readers followed:

* cp936 and GB18030 share their two-byte area. User-defined pairs are U+E000-U+E765 (as in Python's `gb18030`),
  0x80 is €, 0xFF is U+F8F5 (Microsoft's cp936 table).
* Big5 is Big5-HKSCS, then cp950 for what HKSCS lacks; pairs that neither has are Microsoft's end-user-defined areas.
* Single bytes that a code page does not define become the C1 control of the same value, as WHATWG has it.

A *pattern* is a byte sequence in which some bytes may be lost (`LOST`); `Charset.match` says which characters it can
still be. This is all that the lattice needs to know about an encoding.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mojibake_fix.encodings_tables import also_shown, double_byte_table, inverse, single_byte_table

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

    def spell(self, character: str) -> tuple[bytes, ...]:
        """Return the byte sequences that this character set may have read as `character`, the usual one first.

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

        >>> charset("cp1252").written("Ö中Ð")
        b'\\xd6\\x1a\\xd0'
        """
        data = self.encode(text)
        if data is not None:
            return data
        return b"".join([(self.spell(character) or _SUBSTITUTE)[0] for character in text])

    def count(self, text: str) -> int:
        """Return how many characters of `text` this set can have shown.

        >>> charset("cp1252").count("ÖÐ中")
        2
        """
        if self.name == "gb18030":
            return sum(1 for character in text if self.spell(character))
        return sum(map(self.writes.__contains__, text))

    def match(self, pattern: Pattern) -> Match:
        """Say what `pattern` can be.

        >>> charset("cp936").match((0xA1, 0xA3))
        Match(characters='。', continues=False)
        >>> "上" in charset("cp936").match((0xC9, LOST)).characters
        True
        """
        return _match(self, pattern)

    def swallowed_before(self, following: str) -> bool:
        """Tell whether a reader's sign for an orphaned lead byte, seen before `following`, has swallowed a byte.

        An orphan is followed by a byte that is no trail byte. If what is seen next begins with a byte that could be one, the
        byte that was none is gone.

        >>> charset("cp936").swallowed_before("L"), charset("cp936").swallowed_before(" ")
        (True, False)
        """
        return any(sequence[0] in _trails(self) for sequence in self.spell(following)) if following else False

    def missing(self, pattern: Pattern) -> int:
        """Return how many bytes an unfinished character lacks at least.

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


class Utf8(Charset):
    """UTF-8, whose sequences follow from arithmetic and need no table."""

    __slots__ = ()

    def __init__(self) -> None:
        """Make the one UTF-8 character set."""
        Charset.__init__(self, "utf-8", {}, {}, frozenset(range(0xC2, 0xF5)), 4)

    def spell(self, character: str) -> tuple[bytes, ...]:
        """Return the UTF-8 bytes of `character`; nothing for a lone surrogate."""
        return () if "\ud800" <= character <= "\udfff" else (character.encode(),)

    def count(self, text: str) -> int:
        """Return how many characters of `text` are no lone surrogates."""
        return sum(1 for character in text if not "\ud800" <= character <= "\udfff")

    def missing(self, pattern: Pattern) -> int:
        """Return how many bytes an unfinished character lacks; three bytes are assumed where the lead byte is lost."""
        length = 3 if pattern[0] == LOST else 2 if pattern[0] < 0xE0 else 3 if pattern[0] < 0xF0 else 4
        return max(1, length - len(pattern))

    def encode(self, text: str) -> bytes | None:
        """Write `text` as UTF-8, or return None where it holds a lone surrogate."""
        try:
            return text.encode()
        except UnicodeEncodeError:
            return None

    def read(self, data: bytes, *, replacement: str = "\ufffd", swallow: bool = False) -> Reading:
        """Read bytes as UTF-8; each maximal ill-formed piece shows one replacement. `swallow` does not apply."""
        shown: list[str] = []
        offsets: list[int] = []
        lost: list[int] = []
        position = 0
        while position < len(data):
            try:
                text = data[position:].decode()
                end = len(data)
            except UnicodeDecodeError as error:
                text = data[position : position + error.start].decode()
                end = position + error.start
                bad = range(end, position + error.end)
            else:
                bad = range(0)
            for character in text:
                shown.append(character)
                offsets.append(position)
                position += len(character.encode())
            if bad:
                shown.append(replacement)
                offsets += [end] * len(replacement)
                lost += bad
                position = bad.stop
        return Reading("".join(shown), tuple(offsets), tuple(lost))


class Utf8OrLatin1(Utf8):
    """UTF-8 where a sequence is well-formed, Latin-1 byte by byte elsewhere: Perl and old editors read so."""

    __slots__ = ()

    def spell(self, character: str) -> tuple[bytes, ...]:
        """Return the UTF-8 bytes of a character, and before them the byte of one that Latin-1 has."""
        well_formed = Utf8.spell(self, character)
        return (character.encode("latin-1"), *well_formed) if "\x80" <= character <= "\xff" else well_formed

    def encode(self, text: str) -> bytes | None:
        """Write `text`, or return None where it holds a lone surrogate."""
        spelled = [self.spell(character) for character in text]
        return b"".join(sequences[0] for sequences in spelled) if all(spelled) else None

    def read(self, data: bytes, *, replacement: str = "\ufffd", swallow: bool = False) -> Reading:
        """Read bytes; nothing is ever lost, so that `replacement` and `swallow` do not apply."""
        reading = Utf8.read(self, data, replacement="\ufffd")
        shown: list[str] = []
        offsets: list[int] = []
        for index, (character, offset) in enumerate(zip(reading.text, reading.offsets, strict=True)):
            end = reading.offsets[index + 1] if index + 1 < len(reading.offsets) else len(data)
            piece = data[offset:end].decode("latin-1") if offset in reading.lost else character
            shown.append(piece)
            offsets += range(offset, end) if offset in reading.lost else [offset]
        return Reading("".join(shown), tuple(offsets), ())


@functools.cache
def _trails(charset: Charset) -> frozenset[int]:
    return frozenset(sequence[1] for sequence in charset.reads if len(sequence) == 2)


@functools.lru_cache(maxsize=65536)
def _match(charset: Charset, pattern: Pattern) -> Match:
    if len(pattern) > 1 and all(byte == LOST for byte in pattern):
        unknown = len(pattern) == (3 if isinstance(charset, Utf8) else 2)
        return Match("\ufffd" if unknown else "", continues=not unknown)
    if SWALLOWED in pattern:
        return Match(_SWALLOWABLE if pattern == (SWALLOWED,) else "", continues=False)
    if isinstance(charset, Utf8):
        return _match_utf8(pattern)
    if LOST not in pattern:
        sequence = bytes(pattern)
        characters = charset.reads.get(sequence, "")
        if len(pattern) == 4 and not characters and charset.longest == 4 and _gb18030_four_bytes(sequence):
            characters = sequence.decode("gb18030")
        return Match(characters, _continues(charset, pattern, bool(characters)))
    return Match(_readings(charset, pattern) if len(pattern) > 1 else "", len(pattern) == 1)


def _readings(charset: Charset, pattern: Pattern) -> str:
    """Characters that fit a pattern in which one byte or more is known."""
    place = next(index for index, byte in enumerate(pattern) if byte != LOST)
    return "".join(
        text
        for sequence, text in _sequences_with(charset, len(pattern), place).get(pattern[place], ())
        if all(known in (LOST, byte) for known, byte in zip(pattern, sequence, strict=True))
    )


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


def _match_utf8(pattern: Pattern) -> Match:
    lead, rest = pattern[0], pattern[1:]
    if any(byte != LOST and not 0x80 <= byte <= 0xBF for byte in rest):
        return Match("", continues=False)
    if lead != LOST:
        length = 1 if lead < 0x80 else 2 if 0xC2 <= lead < 0xE0 else 3 if 0xE0 <= lead < 0xF0 else 4
        if 0x80 <= lead < 0xC2 or lead > 0xF4:
            return Match("", continues=False)
        if len(pattern) < length:
            return Match("", continues=True)
        return Match("".join(_expand_utf8(pattern)), continues=False)
    if len(pattern) == 3:
        # A lost lead byte of a character people write in running CJK text: U+2000-U+9FFF, Hangul, full-width forms.
        leads = (0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEF)
        return Match("".join("".join(_expand_utf8((lead, *rest))) for lead in leads), continues=False)
    return Match("", continues=len(pattern) < 3)


def _expand_utf8(pattern: Pattern) -> Iterator[str]:
    """All characters that a UTF-8 pattern with a known lead byte can be, private use and unassigned planes left out."""
    sequences: list[bytes] = [bytes([pattern[0]])]
    for byte in pattern[1:]:
        options = range(0x80, 0xC0) if byte == LOST else (byte,)
        sequences = [sequence + bytes([option]) for sequence in sequences for option in options]
    guessed = LOST in pattern
    for sequence in sequences:
        try:
            character = sequence.decode()
        except UnicodeDecodeError:
            continue
        if not guessed or not "\ue000" <= character <= "\uf8ff":
            yield character


FULL_WIDTH = {chr(code - 0xFEE0): chr(code) for code in range(0xFF01, 0xFF5F)} | {" ": "\u3000"}
"""The full-width form of each ASCII sign that has one: sources that fold make the second the first."""

SINGLE_BYTE = (
    "latin-1", "cp1250", "cp1251", "cp1252", "cp1254", "cp437", "cp850", "cp866", "mac_roman", "mac_cyrillic", "koi8_r",
)  # fmt: skip
DOUBLE_BYTE = ("cp936", "gb18030", "big5", "cp932", "euc_jp", "cp949")
CHARSETS = ("utf-8", "utf-8/latin-1", *DOUBLE_BYTE, *SINGLE_BYTE)
"""Names that `charset` knows."""


@functools.cache
def charset(name: str) -> Charset:
    """Return the character set called `name`, building its table at first use (about 20 ms for a double-byte set).

    Args:
        name: One of `CHARSETS`.

    Raises:
        LookupError: No such character set; the message lists the names.

    >>> charset("cp1252").read(b"\\xd6\\xd0\\x81").text
    'ÖÐ\\x81'
    """
    if name == "utf-8":
        return Utf8()
    if name == "utf-8/latin-1":
        return Utf8OrLatin1()
    if name in SINGLE_BYTE:
        reads = single_byte_table(name)
        return Charset(name, reads, inverse(reads), frozenset(), 1)
    if name not in DOUBLE_BYTE:
        raise LookupError(f"no character set called {name!r}; known: {', '.join(CHARSETS)}")
    reads = double_byte_table(name)
    leads = frozenset(sequence[0] for sequence in reads if len(sequence) > 1)
    longest = 4 if name == "gb18030" else 3 if name == "euc_jp" else 2
    return Charset(name, reads, inverse(reads, also_shown(name)), leads, longest)
