"""Which two encodings was it? Readers that can have shown a garbled text, with writers, ranked by what comes out.

A text can have gone through several mix-ups, one on top of the other. What the outer one hides is still garbled, so a pair is
ranked by the best text that lies below it, at most `LAYERS` deep.
"""

from __future__ import annotations

import codecs
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mojibake_fix.damage.pairs import FOREIGN, READERS, SIGNS, Pair, is_of_double_bytes, pairs_of, shows_loss
from mojibake_fix.damage.plausible import plausible
from mojibake_fix.encodings import SINGLE_BYTE, Charset, charset

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

LAYERS = 3
"""Mix-ups on top of each other that are looked through."""

_ESCAPED = re.compile("[\udc80-\udcff]")
"""What Python's errors="surrogateescape" shows for a byte; no other reader shows it."""
_READERS_OF_BYTES, _OTHER_READERS = READERS[-1:], READERS[:-1]

UNREADABLE = -12.0
"""Log-probability, in nats, of a byte that the writer's encoding cannot have written: as a hanzi nobody uses."""

SAMPLE = 48
"""Code points that the ranking reads at each layer: a pair that is right for 48 is right for all."""

_GARBLED = -9.0
"""Mean log-probability, in nats, below which a text may hide another layer."""

_ANOTHER_LAYER = 12.0
"""Nats that a second mix-up below the first costs, as much as one does anywhere: of Ã¡ cp850 makes ǭ, below which is anything."""

_KEPT = 2048
"""Samples of which the ranking is kept, some kB each: of the rare words in 50 clean documents one in five has been there before."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Pairs that make the same of the sample, what they make of it, and the log-probability of the best text below, in nats."""

    pairs: tuple[Pair, ...]
    read: str
    score: float


@functools.lru_cache(maxsize=_KEPT)
def ranked_pairs(core: str, model: CharacterModel) -> tuple[Ranked, ...]:
    """Rank the mix-ups that may have made `core`, best first; those that do not improve it are left out.

    >>> from mojibake_fix.model import load
    >>> ranked_pairs("ÖÐÎÄ±àÂë", load())[0].pairs[0]
    Pair(writer='cp936', reader='cp1252')
    """
    return tuple(_ranked(core[:SAMPLE], model, LAYERS))


def _ranked(core: str, model: CharacterModel, layers: int) -> list[Ranked]:
    pairs = _readings(core)
    if not pairs:
        return []
    as_it_stands = probability(core, model)
    found = []
    for (read, same), score in zip(pairs.items(), probabilities(list(pairs), model), strict=True):
        best = _best_below(read, score, same[0], model, layers)
        if best > as_it_stands:
            found.append(Ranked(tuple(same), read, best))
    return sorted(found, key=lambda one: -one.score)


def _is_readable(read: str, writer: str) -> bool:
    """Tell whether two thirds of a text are there, what may be cut off at its ends left out, and not only ASCII; of UTF-8 half."""
    inner = read.strip("\ufffd")
    most = 2 if writer == "utf-8" else 3
    return most * inner.count("\ufffd") <= len(read) and not inner.replace("\ufffd", "").isascii()


def _readings(core: str) -> dict[str, list[Pair]]:
    """What plausible mix-ups would make of `core`, each with those that would."""
    known = plausible(core)
    pairs: dict[str, list[Pair]] = {}
    decoded: dict[tuple[bytes, str], str] = {}
    double, signs = is_of_double_bytes(core), shows_loss(core)
    for reader in _READERS_OF_BYTES if _ESCAPED.search(core) else _OTHER_READERS:
        if known is not None and reader not in known:
            continue
        data = None if double and reader in SINGLE_BYTE else _bytes_of(core, charset(reader), signs=signs)
        if data is None:
            continue
        for pair in pairs_of(reader):
            if known is not None and pair.writer not in known[reader]:
                continue
            codec = pair.codec
            read = decoded.get((data, codec))
            if read is None:
                read = decoded[data, codec] = _decoded(data, codec) if signs else data.decode(codec, "replace")
            if read in pairs:
                pairs[read].append(pair)
            elif "\ufffd" not in read or _is_readable(read, pair.writer):
                pairs[read] = [pair]
    return pairs


# A character of UTF-8 of which a sign stands for one or two bytes; what stands for it in a reading, and its log-probability.
_LOST_IN_UTF_8 = re.compile(b"[\xe0-\xef][\x80-\xbf]?\x1a[\x80-\xbf]{0,2}|\x1a[\x80-\xbf]{1,2}")
_LOST, _LOST_STEP = "\ufffc", -8.0


def _decoded(data: bytes, codec: str) -> str:
    """Read bytes that lack some; UTF-8 shows by its form which characters these were of."""
    if codec == "utf-8":
        data = _LOST_IN_UTF_8.sub(_LOST.encode(), data)
    return data.decode(codec, "replace")


def fitting(ranked: Ranked, line: str, model: CharacterModel) -> Pair:
    """Return the pair that can have shown the most characters of a whole line, and reads most of it: the sample may be too short.

    Kana are in the same places in GBK and EUC-JP; the hanzi beside them tell which it was.
    """
    if len(ranked.pairs) == 1:
        return ranked.pairs[0]
    counts = [charset(pair.reader).count(line) for pair in ranked.pairs]
    fit = [pair for pair, count in zip(ranked.pairs, counts, strict=True) if count == max(counts)]
    read: dict[str, Pair] = {}
    for pair in fit:
        read.setdefault(_of_line(line[:_TELLING], pair), pair)
    return read[max(read, key=lambda text: probability(text, model))] if len(read) > 1 else fit[0]


_TELLING = 400
"""Code points of a line that tell which of the pairs it was that make the same of the sample."""


def begins(ranked: Ranked, line: str, model: CharacterModel) -> bool:
    """Tell whether the beginning of a line lets all of it be garbled so: a line may be a whole text, of which little is garbled.

    >>> from mojibake_fix.model import load
    >>> [begins(ranked_pairs("ÖÐÎÄ", load())[0], line * 300, load()) for line in ("ÖÐÎÄ", "中文")]
    [True, False]
    """
    return len(line) <= _TELLING or any(_reads(line[:_TELLING], pair, model) for pair in ranked.pairs)


_UNLIKE = -9.5
"""Mean log-probability, in nats, of a beginning that no text has of which all reads well; UTF-8 may hide another layer."""


def _reads(beginning: str, pair: Pair, model: CharacterModel) -> bool:
    data = charset(pair.reader).encode(beginning)
    if data is None:
        return False
    try:
        read = codecs.getincrementaldecoder(pair.codec)().decode(data)
    except UnicodeDecodeError:
        return False
    return pair.writer == "utf-8" or model.log_probability(read) >= _UNLIKE * len(read)


def _of_line(line: str, pair: Pair) -> str:
    return charset(pair.reader).written(line).decode(pair.codec, "replace")


def _best_below(read: str, score: float, pair: Pair, model: CharacterModel, layers: int) -> float:
    """Log-probability of the best text below; only UTF-8 proves by its form that a layer came off."""
    if layers > 1 and pair.writer == "utf-8" and "\ufffd" not in read[:-1] and score < _GARBLED * len(read):
        return max([score, *(ranked.score - _ANOTHER_LAYER for ranked in _ranked(read, model, layers - 1)[:1])])
    return score


_SIGNS_OF_LOSS = {"\ufffd": UNREADABLE, _LOST: _LOST_STEP}


def probability(text: str, model: CharacterModel, before: str = "") -> float:
    """Log-probability of a short text after `before` in nats, with `UNREADABLE` for each U+FFFD.

    The sample may begin and end inside a character, so that U+FFFD at either end costs half of it.
    Steps are summed one by one, which for a few dozen code points is faster than arrays.
    """
    inner = text.strip("\ufffd")
    return sum(steps_of(inner, model, before), UNREADABLE / 2 * (len(text) - len(inner)))


def steps_of(text: str, model: CharacterModel, before: str = "") -> list[float]:
    """Log-probability of each character of a short text after those before it, in nats, with `UNREADABLE` for U+FFFD."""
    steps = model.each_step(text, before)
    if _SIGNS_OF_LOSS.keys().isdisjoint(text):
        return steps
    return [_SIGNS_OF_LOSS.get(character, step) for character, step in zip(text, steps, strict=True)]


_FEW = 64
"""Code points up to which steps one by one are faster than arrays."""


def probabilities(texts: Sequence[str], model: CharacterModel) -> list[float]:
    """`probability` of many texts at once."""
    if sum(map(len, texts)) <= _FEW:
        return [probability(text, model) for text in texts]
    inner = [text.strip("\ufffd") for text in texts]
    lengths = list(map(len, inner))
    longest = max(1, *lengths)
    padded = "".join([text.ljust(longest, "\0") for text in inner]).encode("utf-32-le", "surrogatepass")
    codes = np.frombuffer(padded, np.uint32).reshape(len(texts), longest)
    steps = model.score_codes(codes)
    for sign, step in _SIGNS_OF_LOSS.items():
        if any(sign in text for text in inner):
            steps[codes == ord(sign)] = step
    steps[np.arange(longest) >= np.array(lengths)[:, None]] = 0
    scores: list[float] = steps.sum(1, dtype=np.float64).tolist()
    return [
        UNREADABLE / 2 * (len(text) - length) + score
        for text, length, score in zip(texts, lengths, scores, strict=True)
    ]


def _bytes_of(core: str, reader: Charset, *, signs: bool) -> bytes | None:
    """Write what a reader showed; its signs for lost bytes as 0x1A. None where it cannot have shown the text."""
    if not signs and (reader.name != "gb18030" or all(map(reader.writes.__contains__, core))):
        data = reader.encode(core)
        if data is not None or len(core) < FOREIGN:
            return data
    sequences: list[bytes] = []
    foreign = 0
    for character in core:
        spelled = reader.spell(character) if character not in SIGNS else ()
        foreign += not spelled and character not in SIGNS
        if foreign * FOREIGN > len(core):
            return None
        if reader.name == "gb18030" and spelled and len(spelled[0]) == 4:
            foreign += 1
        sequences.append(spelled[0] if spelled else b"\x1a")
    return b"".join(sequences)
