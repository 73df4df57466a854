"""Slips by variant, what comes back exactly or but for marked losses, with ftfy beside it: `python benchmarks/slips.py [--quick]`.

A variant is a trigger and a reader. Marks and glosses go through text as the known origin had it: Simplified turned
Traditional, held as GBK, cut before a page's own list of marks. Lost and added bytes fall anywhere in a sentence.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import cache, partial

import ftfy

from material import clean_lines, folded, percent, table
from mojibake_fix import GUESS, fix
from mojibake_fix.damage import slip
from mojibake_fix.damage.phase import MARKS
from mojibake_fix.encodings import charset

Figures = dict[str, float]

LISTS = ("！？；，", "！，", "！？", "！；")
"""Lists of marks that pages were cut before: 37 of 41 real runs begin at the ！, ？ or ； found across 。 and what follows."""

GLOSSED = "內冊發個學時實現驗優開關業請產問報側數驅"
"""Conversion products that a page of the benchmark glosses, in this order: 20 of the 106 that real pages were seen to gloss."""

SENTENCE = re.compile("[^。！？]*[。！？][”’」』）]*")
"""Text up to the mark that ends it. Most lines of the clean text are headlines, which end in nothing."""

REPEATED = re.compile(r"([！？；，。、])\1")
"""Marks as only careless writers put them."""

READERS = {"?, next byte swallowed": ("?", True), "U+FFFD, next byte kept": ("\ufffd", False)}
"""What readers show for an orphan, and whether the byte after it vanishes."""


@cache
def _sentences(language: str) -> tuple[str, ...]:
    """Sentences of 10 to 60 characters in an order that is always the same."""
    found = [sentence for line in clean_lines(language) for sentence in SENTENCE.findall(line)]
    sentences = [sentence for sentence in found if 10 <= len(sentence) <= 60]
    random.Random(1).shuffle(sentences)
    return tuple(sentences)


@cache
def _converted() -> tuple[str, ...]:
    """Simplified sentences turned Traditional, as the pages of the known origin were."""
    from opencc import OpenCC

    return tuple(map(OpenCC("s2t").convert, _sentences("hans")))


def _offset(line: str, encoding: str, draw: random.Random) -> int:
    """An offset inside a run of double bytes."""
    data = charset(encoding).encode(line) or b""
    return draw.choice([index for index, byte in enumerate(data) if byte >= 0x80] or [0])


def _at_random(trigger: str, encoding: str, draw: random.Random) -> Callable[..., str]:
    leads = (0x81, 0xFF) if encoding == "cp936" else (0xA4, 0xF9)

    def inflict(line: str, sign: str, swallow: bool) -> str:
        offset, byte = _offset(line, encoding, draw), draw.randrange(*leads)
        return slip.inflict(
            line, trigger, encoding=encoding, offset=offset, byte=byte, replacement=sign, swallow=swallow
        )

    return inflict


def _by_origin(
    trigger: str, draw: random.Random, *, fold: bool = False, lists: Sequence[str] = LISTS
) -> Callable[..., str]:
    hanzi = GLOSSED if trigger == "gloss" else ""

    def inflict(line: str, sign: str, swallow: bool) -> str:
        marks = draw.choice(lists)
        return slip.inflict(line, trigger, marks=marks, hanzi=hanzi, replacement=sign, swallow=swallow, fold=fold)

    return inflict


def variants() -> Iterator[tuple[str, tuple[str, ...], str, Callable[[str], str]]]:
    """Yield the variants: name, the sentences they go through, the encoding, and the damage."""
    simplified, traditional = _sentences("hans"), _sentences("hant")
    triggers: dict[str, tuple[tuple[str, ...], str, Callable[[random.Random], Callable[..., str]]]] = {
        "mark": (_converted(), "cp936", partial(_by_origin, "mark")),
        "mark, folded": (_converted(), "cp936", partial(_by_origin, "mark", fold=True)),
        "mark, Simplified": (simplified, "cp936", partial(_by_origin, "mark")),
        "mark, 。 and 、 too": (_converted(), "cp936", partial(_by_origin, "mark", lists=(MARKS,))),
        "gloss": (_converted(), "cp936", partial(_by_origin, "gloss")),
        "gloss, folded": (_converted(), "cp936", partial(_by_origin, "gloss", fold=True)),
        "GBK, byte lost": (simplified, "cp936", partial(_at_random, "lost", "cp936")),
        "GBK, byte added": (simplified, "cp936", partial(_at_random, "added", "cp936")),
        "Big5, byte lost": (traditional, "big5", partial(_at_random, "lost", "big5")),
        "Big5, byte added": (traditional, "big5", partial(_at_random, "added", "big5")),
    }
    for reader, (sign, swallow) in READERS.items():
        for name, (lines, encoding, damage) in triggers.items():
            inflict = damage(random.Random(name))  # the same damage for both readers
            yield f"{name}; {reader}", lines, encoding, partial(inflict, sign=sign, swallow=swallow)


def garbled(number: int) -> Iterator[tuple[str, str, str]]:
    """Yield some sentences of each variant: name, truth, garbled.

    Those that are only folded, and no more, are passed over, and so are those that repeat a mark: 。。。 comes out as ?!!?,
    which people type. The pages of the known origin are edited prose.
    """
    for name, sentences, encoding, inflict in variants():
        found = 0
        for sentence in sentences:
            if found == number:
                break
            if charset(encoding).encode(sentence) is None or "?" in sentence or REPEATED.search(sentence):
                continue
            seen = inflict(sentence)
            if folded(seen) != folded(sentence):
                found += 1
                yield name, sentence, seen


def slips(quick: bool) -> Figures:
    """Slips by variant, under SAFE and under GUESS; where the damage folded, both sides are folded before comparing."""
    counts: dict[str, list[int]] = {}
    for name, truth, seen in garbled(60 if quick else 300):
        safe, guess = fix(seen), fix(seen, GUESS)
        if "folded" in name:
            seen, safe, guess, truth = folded(seen), folded(safe), folded(guess), folded(truth)
        row = counts.setdefault(name, [0] * 7)
        found = (
            1,
            safe == truth,
            _is_but_for_marks(safe, truth),
            guess == truth,
            ftfy.fix_text(seen) == ftfy.fix_text(truth),
            *_restored(seen, safe, truth),
        )
        for column, value in enumerate(found):
            row[column] += value
    rows = [
        [name, str(n), *(percent(one, n) for one in (safe, marked, guess, other)), percent(wrong, restored)]
        for name, (n, safe, marked, guess, other, restored, wrong) in counts.items()
    ]
    means = [sum(row[column] / row[0] for row in counts.values()) / len(counts) for column in (1, 2, 3, 4)]
    wrong = sum(row[6] for row in counts.values()) / max(1, sum(row[5] for row in counts.values()))
    rows.append(["mean", "", *(percent(mean, 1) for mean in means), percent(wrong, 1)])
    columns = ["SAFE exact", "or marked", "GUESS exact", "ftfy", "SAFE restored, wrong"]
    table("slips", ["variant", "sentences", *columns], rows)
    return {"slips_safe": means[0], "slips_safe_marked": means[1], "slips_guess": means[2], "slips_wrong": wrong}


def _is_but_for_marks(repaired: str, truth: str) -> bool:
    """Tell whether a repair is the truth, but for characters that it marks as lost."""
    return len(repaired) == len(truth) and all(
        mine in (own, "\ufffd") for mine, own in zip(repaired, truth, strict=True)
    )


def _restored(seen: str, repaired: str, truth: str) -> tuple[int, int]:
    """How many characters a repair put in place of what was seen, and how many of these the truth has not there."""
    kept = _matched(repaired, seen)
    changed = {place for place, character in enumerate(repaired) if character != "\ufffd"} - kept
    return len(changed), len(changed - _matched(repaired, truth))


def _matched(text: str, other: str) -> set[int]:
    blocks = SequenceMatcher(None, text, other, autojunk=False).get_matching_blocks()
    return {place for block in blocks for place in range(block.a, block.a + block.size)}


if __name__ == "__main__":
    slips("--quick" in sys.argv)
