"""Words with their frequency and, where OpenCC's phrases say it, the form of their one-to-many characters."""

from __future__ import annotations

import math

import numpy as np

from conversion_evidence import Table
from conversion_sources import phrases, to_traditional
from model_sources import jieba_words

LONGEST = 4
"""Code points of the longest word: four 16-bit codes are one key, and 93 % of jieba's words are no longer."""

COMMON = 20
"""jieba's count from which a word without a one-to-many character is kept; it competes for what stands beside one."""

STEP = 0.1
"""Nats between two stored weights."""

UNKNOWN = 16.0
"""Nats of a character that is no word of its own."""

PREFERENCE = 1.0
"""Nats by which a phrase beats its own pieces."""

FORM_BITS = 4
"""Bits for one character of a form: 0 where OpenCC has no phrase, else the number of the counterpart from 1."""


def words() -> Table:
    """The words: their characters (0 after the last), the negative log of their frequency, and their forms."""
    counts = jieba_words()
    families = to_traditional()
    known = phrases()
    total = sum(counts.values())
    chosen = sorted(
        word
        for word in counts.keys() | known.keys()
        if len(word) <= LONGEST
        and all("一" <= character <= "鿿" for character in word)
        and not (len(word) > 1 and "著" in word and counts.get(word.replace("著", "着"), 0) > counts.get(word, 0))
        and (len(word) == 1 or counts.get(word, 0) >= COMMON or not families.keys().isdisjoint(word))
    )
    letters = np.zeros((len(chosen), LONGEST), np.uint16)
    for row, word in enumerate(chosen):
        letters[row, : len(word)] = [ord(character) for character in word]
    costs = {word: -math.log(max(counts.get(word, 1), 1) / total) for word in chosen}
    forms = {word: form(word, known, families) for word in chosen}
    weights = [min(255, round(min(costs[word], _split(word, costs, forms)) / STEP)) for word in chosen]
    longer = (f"{word}\t{values[0]}" for word, values in sorted(known.items()) if len(word) > LONGEST)
    return {
        "long_phrases": np.frombuffer("\n".join(longer).encode(), np.uint8),
        "word_letters": np.ascontiguousarray(letters.T),
        "word_weights": np.array(weights, np.uint8),
        "word_forms": np.array([forms[word] for word in chosen], np.uint16),
    }


def _split(word: str, costs: dict[str, float], forms: dict[str, int]) -> float:
    """Cost at which a word whose form a phrase gives beats its own pieces: a phrase that nothing crosses must win."""
    if not forms[word]:
        return math.inf
    best = [0.0]
    for end in range(1, len(word) + 1):
        pieces = ((start, word[start:end]) for start in range(end) if end - start < len(word))
        best.append(min((best[start] + costs.get(piece, UNKNOWN) for start, piece in pieces), default=math.inf))
    return best[-1] - PREFERENCE


def form(word: str, phrases: dict[str, tuple[str, ...]], families: dict[str, str]) -> int:
    """Number of each character's counterpart where a phrase of OpenCC within the word decides it."""
    code = 0
    position = 0
    while position < len(word):
        size = next((n for n in range(len(word) - position, 1, -1) if word[position : position + n] in phrases), 1)
        if size > 1:
            values = phrases[word[position : position + size]]
            for place in range(position, position + size):
                counterparts = families.get(word[place], "")
                shown = {value[place - position] for value in values if len(value) == size}
                if len(shown) == 1 and (found := counterparts.find(shown.pop())) >= 0:
                    code |= found + 1 << FORM_BITS * place
        position += size
    return code
