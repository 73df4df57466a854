"""The quality gate: `python benchmarks/gate.py [NAME]...` measures, and fails where a figure has left its bounds.

`floors.json` names the benchmarks and their bounds: `{"corpus": {"clean_speedup": {"min": 3}}}`. Each benchmark is
the module of that name in this directory, and its function `measure()` returns its figures by name. A figure that is
bounded but not measured (because its material is not at hand) is said so and does not fail; one that fails is named.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
FLOORS = HERE / "floors.json"


def judge(figures: Mapping[str, float], bounds: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str, bool]]:
    """Compare figures with their bounds: name, what is said of it, whether it holds.

    >>> judge({"exact": 0.97}, {"exact": {"min": 0.95}})
    [('exact', '0.97 (at least 0.95)', True)]
    """
    rows = []
    for name, bound in bounds.items():
        low, high = bound.get("min"), bound.get("max")
        wanted = f"at least {low:g}" if low is not None else f"at most {high:g}"
        if name not in figures:
            rows.append((name, f"not measured here ({wanted})", True))
            continue
        value = figures[name]
        holds = (low is None or value >= low) and (high is None or value <= high)
        rows.append((name, f"{value:.4g} ({wanted})", holds))
    return rows


def main() -> int:
    """Measure everything, or only the benchmarks named on the command line."""
    sys.path.insert(0, str(HERE))
    floors: dict[str, dict[str, dict[str, float]]] = json.loads(FLOORS.read_text(encoding="utf-8"))
    chosen = sys.argv[1:] or list(floors)
    failed = 0
    for benchmark in chosen:
        figures = importlib.import_module(benchmark).measure()
        for name, said, holds in judge(figures, floors[benchmark]):
            print(f"{'ok  ' if holds else 'FAIL'} {benchmark}.{name}: {said}")
            failed += not holds
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
