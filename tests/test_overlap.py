"""Text that the project measures itself with is not text that it keeps or learned from."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "cases"
LEAST = 12
"""Characters from which a line is somebody's, and no phrase that everybody writes."""

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="the text of the benchmark is not beside the checkout")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def texts(path: Path) -> Iterator[str]:
    whole = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        yield whole
    elif path.suffix == ".jsonl":
        for line in whole.splitlines():
            yield from strings(json.loads(line))
    else:
        yield from strings(json.loads(whole))


def own_lines() -> Iterator[tuple[str, str]]:
    """Lines of the fixtures and of the text that the model is counted from; the seed article is one that both sides have."""
    for path in sorted((*(ROOT / "fixtures").rglob("*"), *(ROOT / "tools" / "corpus").glob("*.txt"))):
        if path.is_file() and "seed" not in path.parts:
            for text in texts(path):
                for line in text.splitlines():
                    if len(line) >= LEAST and not line.isascii():
                        yield path.name, line


def benchmark() -> str:
    parts = [path.read_text(encoding="utf-8") for path in sorted((SHARED / "clean").glob("*.txt"))]
    for line in (SHARED / "real_pairs_dev.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        parts += [record["garbled"], record["truth"] or ""]
    return "\n".join(parts)


def test_no_text_of_ours_is_a_line_of_the_benchmark() -> None:
    measured = benchmark()
    own = list(own_lines())
    assert len(own) > 300
    assert [(name, line) for name, line in own if line in measured] == []


def test_the_model_was_not_trained_on_the_benchmark() -> None:
    data = ROOT / "src" / "mojibake_fix" / "data"
    if not data.exists():
        pytest.skip("the package is not in the checkout")
    manifest = (data / "model.manifest.json").read_text(encoding="utf-8")
    tools = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "tools").glob("model_*.py")))
    assert json.loads(manifest)["sources"]
    assert "shared/cases" not in manifest + tools
    assert "real_pairs" not in manifest + tools
