"""Which two encodings was it? Readers that can have shown a garbled text, with writers, ranked by what comes out.

A text can have gone through several mix-ups, one on top of the other. What the outer one hides is still garbled, so a pair is
ranked by the best text that lies below it, at most `LAYERS` deep.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

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
    pairs: dict[str, list[Pair]] = {}
    for pair, read in _readings(core):
        inner = read.strip("\ufffd")
        if read in pairs or (inner and 3 * inner.count("\ufffd") <= len(read)):
            pairs.setdefault(read, []).append(pair)
    scores = probabilities(list(pairs), model)
    found = [
        Ranked(tuple(same), read, _best_below(read, score, same[0], model, layers))
        for (read, same), score in zip(pairs.items(), scores, strict=True)
    ]
    return sorted((one for one in found if one.score > as_it_stands), key=lambda one: -one.score)


def _readings(core: str) -> Iterator[tuple[Pair, str]]:
    """What each mix-up would make of `core`."""
    for reader in READERS:
        data = _bytes_of(core, charset(reader))
        for writer in WRITERS if data is not None else ():
            same = writer == reader or (writer, reader) == ("cp936", "gb18030")
            if data is not None and not same and (writer, reader[:5]) != ("utf-8", "utf-8"):
                yield Pair(writer, reader), data.decode(codec_of(writer), "replace")


def fitting(ranked: Ranked, line: str) -> Pair:
    """Return the pair that can have shown the most characters of a whole line; the sample may not tell readers apart."""
    return max(ranked.pairs, key=lambda pair: sum(bool(charset(pair.reader).spell(character)) for character in line))


def _best_below(read: str, score: float, pair: Pair, model: CharacterModel, layers: int) -> float:
    """Log-probability of the best text below; only UTF-8 proves by its form that a layer came off."""
    if layers > 1 and pair.writer == "utf-8" and "\ufffd" not in read[:-1] and score < _GARBLED * len(read):
        return max([score, *(ranked.score for ranked in _ranked(read, model, layers - 1)[:1])])
    return score


def probability(text: str, model: CharacterModel, before: str = "") -> float:
    """Log-probability of a short text after `before` in nats, with `UNREADABLE` for each U+FFFD.

    The sample may begin and end inside a character, so that U+FFFD at either end costs half of it.
    Steps are summed one by one, which for a few dozen code points is faster than arrays.
    """
    inner = text.strip("\ufffd")
    return sum(steps_of(inner, model, before), UNREADABLE / 2 * (len(text) - len(inner)))


def steps_of(text: str, model: CharacterModel, before: str = "") -> list[float]:
    """Log-probability of each character of a short text after those before it, in nats, with `UNREADABLE` for U+FFFD."""
    steps = []
    for character in text:
        steps.append(UNREADABLE if character == "\ufffd" else model.step(before, character))
        before = (before + character)[-2:]
    return steps


def probabilities(texts: Sequence[str], model: CharacterModel) -> list[float]:
    """`probability` of many texts at once."""
    if not texts:
        return []
    inner = [text.strip("\ufffd") for text in texts]
    longest = max(1, *map(len, inner))
    padded = "".join(text.ljust(longest, "\0") for text in inner).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(padded, np.uint32).reshape(len(texts), longest)
    steps = np.where(codes == 0xFFFD, UNREADABLE, model.score_codes(codes))
    steps[np.arange(longest) >= np.array([len(text) for text in inner])[:, None]] = 0
    ends = [UNREADABLE / 2 * (len(text) - len(kept)) for text, kept in zip(texts, inner, strict=True)]
    return [end + score for end, score in zip(ends, steps.sum(1, dtype=np.float64).tolist(), strict=True)]


def _bytes_of(core: str, reader: Charset) -> bytes | None:
    """Write what a reader showed; its signs for lost bytes as 0x1A. None where it cannot have shown the text."""
    sequences: list[bytes] = []
    foreign = 0
    for character in core:
        spelled = reader.spell(character) if character not in SIGNS else ()
        foreign += not spelled and character not in SIGNS
        if foreign * 8 > len(core):
            return None
        if reader.name == "gb18030" and spelled and len(spelled[0]) == 4:
            foreign += 1
        sequences.append(spelled[0] if spelled else b"\x1a")
    return b"".join(sequences)
