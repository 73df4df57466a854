"""A line that was garbled as a whole and lost nothing: it is written as it was read, and read as it was written.

Where that gives text, through one layer or more, no search is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from mojibake_fix.damage import proposal
from mojibake_fix.damage.mixup_edges import prior
from mojibake_fix.damage.outcome import is_pattern, is_syllables, shows_words, stays_western, strangeness
from mojibake_fix.damage.pairs import Pair
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.damage.ranking import LAYERS, Ranked, begins, fitting, ranked_pairs
from mojibake_fix.damage.western import among_ascii
from mojibake_fix.encodings import charset
from mojibake_fix.records import Step

if TYPE_CHECKING:
    from mojibake_fix.model import CharacterModel

_GARBLED = re.compile("[^\x00-\x7f].{0,95}")

_READS_WELL, _SYLLABLES_READ_WELL, _BEGINNING = -7.0, -8.5, -6.0
"""Mean log-probability, in nats, of text that wants no further search for its encodings, and of such text in kana or Hangul; and
what its first characters, which have no context, cost more."""

_PROVEN, _FORM = 12, 1.5
"""Sequences of UTF-8 in a line that prove, without a fault, what was read wrongly, also where another layer lies below; and the
nats that each character of such a line is worth: half of all second bytes of GBK and of those of a code page go on a sequence."""


def propose(text: str, start: int, end: int, likely: Iterable[Ranked], model: CharacterModel) -> Proposal | None:
    """Propose what the line `text[start:end]` was; None where it is not that simple.

    Args:
        text: The whole text.
        start: Where the line begins.
        end: Where it ends.
        likely: The mix-ups that are likely, best first.
        model: Scores the readings.
    """
    line = text[start:end]
    for ranked in likely:
        if not begins(ranked, line, model):
            continue
        pair = fitting(ranked, line, model)
        found = _exact(line, pair, model, LAYERS)
        if found is not None and (found[1][-1].writer == "utf-8" or shows_words(found[0], found[1][-1].writer)):
            read, pairs = found
            if stays_western(line, 0, len(line), read, pairs[-1].writer, model) or is_pattern(read):
                continue
            gained = model.log_probability(read) - model.log_probability(line) + _form(line, pairs)
            gained += strangeness(line, pairs[0], model)
            log_odds = sum(prior(one) for one in pairs) + gained
            mechanism = ", then ".join(one.mechanism for one in reversed(pairs))
            step = proposal.trimmed(Step("mixup", start, end, line, read, mechanism, round(log_odds, 3)))
            return Proposal(step.start, step.end, (step,), log_odds)
    return None


def _exact(line: str, pair: Pair, model: CharacterModel, layers: int) -> tuple[str, tuple[Pair, ...]] | None:
    """Read the line as it was written, where every byte of it is there and what comes out reads well as a whole.

    Returns:
        The text and the mix-ups that were undone, the outermost first; None where it is not that simple.
    """
    reader = charset(pair.reader)
    if pair.writer != "utf-8" and not reader.leads and among_ascii(line):  # Müller is no M黮ler
        return None
    # ・ is a character of its own, but much oftener a sign for what Shift-JIS cannot read.
    data = None if "\ufffd" in line or "・" in line else reader.encode(line)
    # Where a character can have come from two sequences, only UTF-8 tells by its form that the usual one is right.
    if data is None or (pair.writer != "utf-8" and any(len(reader.spell(character)) > 1 for character in line)):
        return None
    try:
        read = data.decode(pair.codec)
    except UnicodeDecodeError:
        return None
    least = (_SYLLABLES_READ_WELL if is_syllables(read) else _READS_WELL) * len(read) + _BEGINNING
    if model.log_probability(read) >= least:
        return read, (pair,)
    garbled = _GARBLED.search(read)
    if layers < 2 or pair.writer != "utf-8" or garbled is None:
        return None
    for ranked in ranked_pairs(garbled[0], model)[:1]:
        below = _exact(read, fitting(ranked, read, model), model, layers - 1)
        if below is not None:
            return below[0], (pair, *below[1])
    return (read, (pair,)) if sum(map("\x80".__le__, read)) >= _PROVEN else None


def _form(line: str, pairs: Sequence[Pair]) -> float:
    """Evidence, in nats, of a whole line that is UTF-8 by its form, whatever may lie below."""
    return _FORM * sum(map("\x80".__le__, line)) if pairs[0].writer == "utf-8" else 0.0
