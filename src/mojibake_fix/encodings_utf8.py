"""UTF-8, whose sequences follow from arithmetic and need no table: alone, with Latin-1 or with lone surrogates for what is none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate

from mojibake_fix.encodings_charset import LOST, Charset, Match, Pattern, Reading


class Utf8(Charset):
    """UTF-8, whose sequences follow from arithmetic and need no table."""

    __slots__ = ()

    def __init__(self) -> None:
        """Make the one UTF-8 character set."""
        Charset.__init__(self, "utf-8", {}, {}, frozenset(range(0xC2, 0xF5)), 4)

    def spell(self, character: str) -> tuple[bytes, ...]:
        """Return the UTF-8 bytes of `character`; nothing for a lone surrogate."""
        return () if "\ud800" <= character <= "\udfff" else (character.encode(),)

    @property
    def usual_length(self) -> int:
        """Bytes of a hanzi."""
        return 3

    def match_in_part(self, pattern: Pattern) -> Match:
        """`match` for a single byte, and for a pattern in which one is known."""
        lead, rest = pattern[0], pattern[1:]
        if any(byte != LOST and not 0x80 <= byte <= 0xBF for byte in rest):
            return Match("", continues=False)
        if lead == LOST:
            return Match("".join(_of_text(rest)) if len(pattern) == 3 else "", continues=len(pattern) < 3)
        length = 1 if lead < 0x80 else 2 if 0xC2 <= lead < 0xE0 else 3 if 0xE0 <= lead < 0xF0 else 4
        if 0x80 <= lead < 0xC2 or lead > 0xF4:
            return Match("", continues=False)
        if len(pattern) < length:
            return Match("", continues=True)
        halves = "surrogatepass" if LOST not in pattern else "strict"
        return Match("".join(_expanded(pattern, halves)), continues=False)

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
        lost = frozenset(reading.lost)
        shown: list[str] = []
        offsets: list[int] = []
        for index, (character, offset) in enumerate(zip(reading.text, reading.offsets, strict=True)):
            end = reading.offsets[index + 1] if index + 1 < len(reading.offsets) else len(data)
            piece = data[offset:end].decode("latin-1") if offset in lost else character
            shown.append(piece)
            offsets += range(offset, end) if offset in lost else [offset]
        return Reading("".join(shown), tuple(offsets), ())


class Utf8OrSurrogates(Utf8):
    r"""UTF-8 where a sequence is well-formed, a lone surrogate for each byte elsewhere: Python's errors="surrogateescape".

    It shows file names and arguments so. Nothing is lost.
    """

    __slots__ = ()

    def spell(self, character: str) -> tuple[bytes, ...]:
        """Return the UTF-8 bytes of a character, and the byte that a lone surrogate stands for."""
        return (
            (bytes((ord(character) - 0xDC00,)),) if "\udc80" <= character <= "\udcff" else Utf8.spell(self, character)
        )

    def count(self, text: str) -> int:
        """Return how many characters of `text` are no lone surrogates that stand for nothing."""
        return sum(1 for character in text if self.spell(character))

    def encode(self, text: str) -> bytes | None:
        """Write `text`, or return None where it holds another lone surrogate."""
        try:
            return text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return None

    def read(self, data: bytes, *, replacement: str = "\ufffd", swallow: bool = False) -> Reading:
        """Read bytes; nothing is ever lost, so that `replacement` and `swallow` do not apply."""
        text = data.decode("utf-8", "surrogateescape")
        offsets = accumulate((len(self.spell(character)[0]) for character in text), initial=0)
        return Reading(text, tuple(offsets)[:-1], ())


# Lead bytes of what people write in running CJK text: U+2000-U+9FFF, Hangul, full-width forms.
_LEADS_OF_TEXT = (0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xEB, 0xEC, 0xED, 0xEF)


def _of_text(rest: Pattern) -> Iterator[str]:
    """All characters of running text that a lost lead byte and these two bytes can be."""
    for lead in _LEADS_OF_TEXT:
        yield from _expanded((lead, *rest))


def _expanded(pattern: Pattern, halves: str = "strict") -> Iterator[str]:
    """All characters that a UTF-8 pattern with a known lead byte can be, private use and unassigned planes left out.

    With "surrogatepass" half a character in three bytes is one as well: CESU-8, which Java and databases write emoji in, has two.
    """
    sequences: list[bytes] = [bytes([pattern[0]])]
    for byte in pattern[1:]:
        options = range(0x80, 0xC0) if byte == LOST else (byte,)
        sequences = [sequence + bytes([option]) for sequence in sequences for option in options]
    guessed = LOST in pattern
    for sequence in sequences:
        try:
            character = sequence.decode("utf-8", halves)
        except UnicodeDecodeError:
            continue
        if not guessed or not "\ue000" <= character <= "\uf8ff":
            yield character
