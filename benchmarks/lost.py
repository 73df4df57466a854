"""Lost bytes: what comes back of UTF-8 read with signs for what cannot be read, and with nothing in its place."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher

from material import percent, sample, table
from mojibake_fix import GUESS, SAFE, fix
from mojibake_fix.damage import mixup
from mojibake_fix.encodings import charset

Figures = dict[str, float]

Reader = Callable[[str], tuple[str, set[int]]]
"""Gives what is shown of a text written in UTF-8, and the indices of the characters that lost a byte."""


def _lenient(sign: str, *, swallow: bool) -> Reader:
    """GBK with private use, as browsers and Windows have it."""

    def read(line: str) -> tuple[str, set[int]]:
        lost = charset("cp936").read(line.encode(), replacement="?", swallow=swallow).lost
        return mixup.inflict(line, "utf-8", "cp936", replacement=sign, swallow=swallow), _owners(line, lost)

    return read


def _by_python(codec: str) -> Reader:
    """What Python shows with errors="replace": its codecs have no private use."""

    def read(line: str) -> tuple[str, set[int]]:
        lost: list[int] = []

        def replace(error: UnicodeError) -> tuple[str, int]:
            if not isinstance(error, UnicodeDecodeError):
                raise error
            lost.extend(range(error.start, error.end))
            return "\ufffd", error.end

        codecs.register_error("noted", replace)
        return line.encode().decode(codec, "noted"), _owners(line, lost)

    return read


def _owners(line: str, offsets: list[int] | tuple[int, ...]) -> set[int]:
    owner = [index for index, character in enumerate(line) for _ in character.encode()]
    return {owner[offset] for offset in offsets}


READERS: dict[str, tuple[str, Reader]] = {
    "U+FFFD, next byte kept": ("hans", _lenient("\ufffd", swallow=False)),
    "?, next byte swallowed": ("hans", _lenient("?", swallow=True)),
    "?, next byte kept": ("hans", _lenient("?", swallow=False)),
    "U+FFFD, Python's gbk": ("hans", _by_python("gbk")),
    "U+FFFD, Python's gbk, Traditional": ("hant", _by_python("gbk")),
    "U+FFFD, Python's cp932, Japanese": ("ja", _by_python("cp932")),
}


def lost(quick: bool) -> Figures:
    """UTF-8 read as GBK or Shift-JIS with bytes lost: characters that are right, of all and of the lost ones."""
    rows: list[list[str]] = []
    figures: Figures = {}
    for number, (reader, (language, read)) in enumerate(READERS.items()):
        counts: Counter[str] = Counter()
        for line in sample(language, 60 if quick else 300, least=60, most=200, seed=9):
            garbled, destroyed = read(line)
            for policy in (SAFE, GUESS):
                _count_lost(counts, policy.name, fix(garbled, policy), line, destroyed)
        for name in ("safe", "guess"):
            filled, right = counts[f"{name} filled"], counts[f"{name} filled right"]
            shares = [(counts[f"{name} right"], counts[f"{name} all"]), (right, counts[f"{name} lost"])]
            shares += [(right, filled), (filled, counts[f"{name} lost"])]
            rows.append([reader, name, *(percent(*share) for share in shares)])
            if number == 0:
                figures[f"lost_{name}_right"] = shares[0][0] / max(shares[0][1], 1)
                figures[f"lost_{name}_lost_right"] = shares[1][0] / max(shares[1][1], 1)
                figures[f"lost_{name}_precision"] = shares[2][0] / max(shares[2][1], 1)
            elif reader == "U+FFFD, Python's gbk":
                figures[f"lost_{name}_lost_right_python"] = shares[1][0] / max(shares[1][1], 1)
    header = ["reader", "policy", "characters right", "lost ones right", "precision of filled", "filled"]
    table("UTF-8 read as GBK, bytes lost", header, rows)
    return figures


def _count_lost(counts: Counter[str], name: str, text: str, truth: str, destroyed: set[int]) -> None:
    counts[f"{name} all"] += len(truth)
    counts[f"{name} lost"] += len(destroyed)
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, text, truth, autojunk=False).get_opcodes():
        inside = [index for index in range(j1, j2) if index in destroyed]
        if kind == "equal":
            counts[f"{name} right"] += j2 - j1
            counts[f"{name} filled"] += len(inside)
            counts[f"{name} filled right"] += len(inside)
        else:
            counts[f"{name} filled"] += min(len(inside), sum(character != "\ufffd" for character in text[i1:i2]))


def ignored(quick: bool) -> Figures:
    """UTF-8 read as Python's errors="ignore" and iconv -c read it: bytes vanish without a sign."""
    rows: list[list[str]] = []
    figures: Figures = {}
    for language, codec in (("hans", "gbk"), ("hant", "gbk"), ("hans", "gb18030"), ("hans", "cp1252"), ("ja", "cp932")):
        counts: Counter[str] = Counter()
        for line in sample(language, 40 if quick else 200, least=10, most=100, seed=5):
            garbled = line.encode().decode(codec, "ignore")
            for policy in (SAFE, GUESS):
                text = fix(garbled, policy)
                blocks = SequenceMatcher(None, text, line, autojunk=False).get_matching_blocks()
                right = sum(block.size for block in blocks)
                counts[f"{policy.name} exact"] += text == line
                counts[f"{policy.name} right"] += right
                counts[f"{policy.name} wrong"] += len(text) - right - text.count("\ufffd")
            counts["all"] += len(line)
            counts["lines"] += 1
        cells = [percent(counts[f"{name} exact"], counts["lines"]) for name in ("safe", "guess")]
        cells += [
            percent(counts[f"{name} {what}"], counts["all"])
            for name in ("safe", "guess")
            for what in ("right", "wrong")
        ]
        rows.append([f"{language}, {codec}", str(counts["lines"]), *cells])
        figures[f"ignored_guess_{language}_{codec}"] = counts["guess right"] / max(counts["all"], 1)
    header = ["text, reader", "lines", "SAFE exact", "GUESS exact", "SAFE right", "wrong", "GUESS right", "wrong"]
    table("UTF-8 read with unreadable bytes ignored: lines, and characters of all", header, rows)
    return figures
