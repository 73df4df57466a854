"""Which two encodings was it? Readers that can have shown a garbled text, with writers, ranked by what comes out.

A text can have gone through several mix-ups, one on top of the other. What the outer one hides is still garbled, so a pair is
ranked by the best text that lies below it, at most `LAYERS` deep.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mojibake_fix.encodings import Charset, charset

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

WRITERS = ("utf-8", "cp936", "big5", "cp932", "euc_jp", "cp949")
"""Encodings that the text may have been written in; the usual ones first, which decides between equal results."""

READERS = (
    "cp936", "cp1252", "latin-1", "big5", "cp932", "cp949", "euc_jp", "cp1251", "cp437", "mac_roman", "cp1254", "cp850",
    "cp866", "mac_cyrillic", "cp1250", "koi8_r", "gb18030", "utf-8", "utf-8/latin-1",
)  # fmt: skip
"""Encodings that it may have been read in; the usual ones first."""

LAYERS = 3
"""Mix-ups on top of each other that are looked through."""

SIGNS = "?\ufffd・\x1a□"
"""What readers show for bytes that they cannot read."""

UNREADABLE = -12.0
"""Log-probability, in nats, of a byte that the writer's encoding cannot have written: as a hanzi nobody uses."""

SAMPLE = 48
"""Code points that the ranking reads at each layer: a pair that is right for 48 is right for all."""

_GARBLED = -9.0
"""Mean log-probability, in nats, below which a text may hide another layer."""

_CODECS = {"cp936": "gb18030", "big5": "big5hkscs"}


def codec_of(encoding: str) -> str:
    """Return Python's codec for a character set of ours: the widest that reads its text.

    >>> codec_of("cp936"), codec_of("cp932")
    ('gb18030', 'cp932')
    """
    return _CODECS.get(encoding, encoding)


@dataclass(frozen=True, slots=True)
class Pair:
    """A mix-up: written in one encoding, read in another."""

    writer: str
    reader: str

    @property
    def mechanism(self) -> str:
        """The mix-up in words.

        >>> Pair("utf-8", "cp936").mechanism
        'written as utf-8, read as cp936'
        """
        return f"written as {self.writer}, read as {self.reader}"

    @property
    def codec(self) -> str:
        """Python's codec for what was written."""
        return codec_of(self.writer)


@dataclass(frozen=True, slots=True)
class Ranked:
    """Pairs that make the same of the sample, what they make of it, and the log-probability of the best text below, in nats."""

    pairs: tuple[Pair, ...]
    read: str
    score: float


@functools.lru_cache(maxsize=256)
def ranked_pairs(core: str, model: CharacterModel) -> tuple[Ranked, ...]:
    """Rank the mix-ups that may have made `core`, best first; those that do not improve it are left out.

    >>> from mojibake_fix.model import load
    >>> ranked_pairs("ÖÐÎÄ±àÂë", load())[0].pairs[0]
    Pair(writer='cp936', reader='cp1252')
    """
    return tuple(_ranked(core[:SAMPLE], model, LAYERS))


def _ranked(core: str, model: CharacterModel, layers: int) -> list[Ranked]:
    as_it_stands = probability(core, model)
    found: dict[str, Ranked] = {}
    for reader in READERS:
        data = _bytes_of(core, charset(reader))
        if data is None:
            continue
        for writer in WRITERS:
            pair = Pair(writer, reader)
            if (
                writer == reader
                or (writer, reader) == ("cp936", "gb18030")
                or (writer, reader[:5]) == ("utf-8", "utf-8")
            ):
                continue
            read = data.decode(pair.codec, "replace")
            if read in found:
                same = found[read]
                found[read] = Ranked((*same.pairs, pair), read, same.score)
            elif 3 * read.strip("\ufffd").count("\ufffd") <= len(read):
                found[read] = Ranked((pair,), read, _best_below(read, pair, model, layers))
    better = (ranked for ranked in found.values() if ranked.score > as_it_stands)
    return sorted(better, key=lambda ranked: -ranked.score)


def fitting(ranked: Ranked, line: str) -> Pair:
    """Return the pair that can have shown the most characters of a whole line; the sample may not tell readers apart."""
    return max(ranked.pairs, key=lambda pair: sum(bool(charset(pair.reader).spell(character)) for character in line))


def _best_below(read: str, pair: Pair, model: CharacterModel, layers: int) -> float:
    """Log-probability of the best text below; only UTF-8 proves by its form that a layer came off."""
    score = probability(read, model)
    if layers > 1 and pair.writer == "utf-8" and "\ufffd" not in read[:-1] and score < _GARBLED * len(read):
        return max([score, *(ranked.score for ranked in _ranked(read, model, layers - 1)[:1])])
    return score


def probability(text: str, model: CharacterModel, before: str = "") -> float:
    """Log-probability of a short text after `before` in nats, with `UNREADABLE` for each U+FFFD.

    The sample may begin and end inside a character, so that U+FFFD at either end costs half of it.
    Steps are summed one by one, which for a few dozen code points is faster than arrays.
    """
    inner = text.strip("\ufffd")
    history, total = before, UNREADABLE / 2 * (len(text) - len(inner))
    for character in inner:
        total += UNREADABLE if character == "\ufffd" else model.step(history, character)
        history = (history + character)[-2:]
    return total


def _bytes_of(core: str, reader: Charset) -> bytes | None:
    """Write what a reader showed; its signs for lost bytes as 0x1A. None where it cannot have shown the text."""
    sequences: list[bytes] = []
    foreign = 0
    for character in core:
        spelled = reader.spell(character) if character not in SIGNS else ()
        foreign += not spelled and character not in SIGNS
        if reader.name == "gb18030" and spelled and len(spelled[0]) == 4:
            foreign += 1
        sequences.append(spelled[0] if spelled else b"\x1a")
    return b"".join(sequences) if foreign * 8 <= len(core) else None
