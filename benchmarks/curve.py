"""Recovery against false changes, by length and by the margin that a repair is asked for: `python benchmarks/curve.py`.

The margin is `Policy.margin`: the nats by which the evidence for damage must exceed "the text is fine". Everything is
repaired once with a margin of 0, and the log-odds of what came out tell which margins would have let it through.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from material import LANGUAGE, clean_lines, garbled_lines, percent, table
from mojibake_fix import SAFE, explain
from mojibake_fix.damage.pairs import WRITERS
from mojibake_fix.records import Policy

Figures = dict[str, float]

MARGINS = (0.0, 1.5, 3.0, 6.0, 10.0, 15.0, 20.0)
READERS = ("cp936", "cp1252", "big5", "cp932", "cp949", "euc_jp", "cp1251")
"""Readers of the curve: the multi-byte ones, where short text is hard, and two others."""


def curve(quick: bool) -> Figures:
    """Print recovery of lossless mix-ups and changed clean lines for each margin and length."""
    eager = replace(SAFE, name="eager", margin=0.0)
    rows = []
    for length in (4, 8, 16, 32):
        recovered: list[float] = []
        tried = 0
        for writer in WRITERS:
            for reader in READERS:
                lines = garbled_lines(LANGUAGE.get(writer, "hans"), writer, reader, length, 20 if quick else 100)
                for truth, garbled in lines if reader != writer else ():
                    tried += 1
                    repair = explain(garbled, eager)
                    if repair.text == truth:
                        recovered.append(min(step.log_odds for step in repair.plan.steps))
        changed, clean = _changed(length, 10 if quick else 1, eager)
        for margin in MARGINS:
            kept = sum(odds >= margin for odds in recovered)
            false = sum(odds >= margin for odds in changed)
            rows.append([str(length), f"{margin:g}", percent(kept, tried), f"{100_000 * false / clean:.2f}"])
    table("recovery against false changes", ["code points", "margin", "recovered", "clean changed in 100,000"], rows)
    return {}


def _changed(length: int, step: int, policy: Policy) -> tuple[list[float], int]:
    """Log-odds of what is changed in clean lines cut to a length, and the number of lines."""
    changed: list[float] = []
    number = 0
    for language in ("hans", "hant", "ja", "ko"):
        for line in clean_lines(language)[::step]:
            number += 1
            repair = explain(line[:length], policy)
            changed += [max(one.log_odds for one in repair.plan.steps)] if repair.plan else []
    return changed, number


if __name__ == "__main__":
    curve("--quick" in sys.argv)
