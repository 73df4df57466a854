"""A corpus through `fix`, `undo` and `check` as users run them, on the small scale of `benchmarks/roundtrip.py`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "benchmarks" / "roundtrip.py"


@pytest.fixture(scope="module")
def figures():
    command = [sys.executable, str(SCRIPT), "--documents", "300", "--json"]
    result = subprocess.run(command, capture_output=True, check=False)
    assert result.returncode == 0, result.stderr.decode()
    return json.loads(result.stdout)


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "warc"])
def test_a_corpus_is_repaired_undone_and_checked(figures, kind):
    row = figures[kind]
    assert (row["documents"], row["damaged"]) == (300, 30)
    assert row["repaired_exactly"] >= 24, "most slips around glosses, and all else"
    assert row["changed_falsely"] == 0
    assert row["undone_exactly"] == 300
    assert row["found_by_check"] >= 27
    assert row["found_falsely"] == 0


def test_the_kind_of_file_does_not_matter(figures):
    measured = ("fix_seconds", "undo_seconds", "check_seconds", "peak_mb")
    jsonl, parquet, warc = (
        {name: value for name, value in row.items() if name not in measured} for row in figures.values()
    )
    assert jsonl == parquet == warc
