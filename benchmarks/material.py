"""The text that benchmarks run on: clean lines, and what is made of them.

`../shared/cases` beside the checkout holds clean text and real garbled snippets; where it is absent, the project's own
sentences in `fixtures/` stand in, which are few, so that figures are rough and the heavier tables are left out.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from mojibake_fix.damage import mixup

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "cases"


@cache
def clean_lines(language: str) -> tuple[str, ...]:
    """Return the clean lines of "hans", "hant", "ja" or "ko".

    Where there is nothing else, these are the project's own sentences, and every three of them as one line.
    """
    path, own = SHARED / "clean" / f"{language}.txt", ROOT / "fixtures" / "clean" / f"{language}.txt"
    lines = [line for line in (path if path.exists() else own).read_text(encoding="utf-8").split("\n") if line]
    if not path.exists():
        lines += ["".join(lines[start : start + 3]) for start in range(0, len(lines), 3)]
    return tuple(lines)


def sample(language: str, number: int, *, least: int = 1, most: int = 10_000, seed: int = 1) -> list[str]:
    """Draw lines of a length in code points, always the same ones for the same arguments."""
    lines = [line for line in clean_lines(language) if least <= len(line) <= most]
    return random.Random(seed).sample(lines, min(number, len(lines)))


def real_pairs() -> list[dict[str, Any]]:
    """Return the real garbled snippets, none where they are not at hand."""
    path = SHARED / "real_pairs_dev.jsonl"
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


LANGUAGE = {"cp932": "ja", "euc_jp": "ja", "cp949": "ko", "big5": "hant"}
"""Languages of the text that encodings are tried on; "hans" for the others."""


def garbled_lines(language: str, writer: str, reader: str, length: int, number: int) -> Iterator[tuple[str, str]]:
    """Yield lines of a length and what a mix-up that loses nothing makes of them; lines with hardly a letter are passed over."""
    found = tried = 0
    for line in sample(language, 3000, least=length, seed=length):
        truth = line[:length]
        tried += 1
        if found >= number or tried > 6 * number:
            return
        if sum(character >= "\u0370" for character in truth) * 2 < length:
            continue
        try:
            garbled = mixup.inflict(truth, writer, reader)
        except ValueError:
            continue
        if garbled != truth:
            found += 1
            yield truth, garbled


def folded(text: str) -> str:
    """Fold full-width signs to ASCII: some sources of the real snippets did."""
    return text.translate({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20})


def percent(part: float, whole: float) -> str:
    """Write a share."""
    return f"{100 * part / whole:.2f} %" if whole else "-"


def table(title: str, header: list[str], rows: list[list[str]]) -> None:
    """Print a table with aligned columns."""
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    print(f"\n{title}")
    for row in [header, *rows]:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
