"""Cases: synthetic damage is undone, negatives stay as they are, known failures fail until somebody mends them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mojibake_fix import GUESS, RESTORE, SAFE, check, explain, fix

FIXTURES = Path(__file__).parent.parent / "fixtures"
POLICIES = {policy.name: policy for policy in (SAFE, RESTORE, GUESS)}


def records(folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((FIXTURES / folder).glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            yield f"{path.stem}:{number}", json.loads(line)


def cases(folder: str, *marks: pytest.MarkDecorator) -> list[Any]:
    return [pytest.param(record, id=name, marks=marks) for name, record in records(folder)]


@pytest.mark.parametrize("case", cases("synthetic"))
def test_synthetic_damage_is_undone(case: dict[str, Any]) -> None:
    repair = explain(case["garbled"], POLICIES[case["policy"]])
    assert repair.text == case["text"]
    assert repair.plan.apply(repair.source) == repair.text
    assert repair.plan.undo(repair.text) == repair.source
    assert fix(repair.text, POLICIES[case["policy"]]) is repair.text


@pytest.mark.parametrize("case", cases("negative"))
@pytest.mark.parametrize("policy", [SAFE, GUESS], ids=lambda policy: policy.name)
def test_what_is_not_damaged_stays(case: dict[str, Any], policy: Any) -> None:
    assert fix(case["text"], policy) is case["text"]


@pytest.mark.parametrize("case", cases("known_failures", pytest.mark.xfail(reason="known failure", strict=True)))
def test_known_failure(case: dict[str, Any]) -> None:
    assert fix(case["garbled"], POLICIES[case["policy"]]) == case["text"]


@pytest.mark.parametrize("language", ["hans", "hant", "ja", "ko"])
def test_clean_sentences_stay_the_same_object(language: str) -> None:
    text = (FIXTURES / "clean" / f"{language}.txt").read_text(encoding="utf-8")
    assert fix(text) is text
    assert check(text) == []
    for line in text.splitlines():
        for piece in (line, line[:4], line[:8], line[-8:]):
            assert fix(piece) is piece
            assert fix(piece, GUESS) is piece


def test_cases_say_what_they_are() -> None:
    for folder, keys in (("synthetic", {"id", "mechanism"}), ("negative", set()), ("known_failures", {"id", "reason"})):
        found = list(records(folder))
        assert found
        for name, record in found:
            assert keys <= record.keys(), name
            assert record["text"], name


def test_damage_is_stored_as_escapes() -> None:
    for folder in ("synthetic", "known_failures"):
        for path in (FIXTURES / folder).glob("*.jsonl"):
            for line in path.read_text(encoding="utf-8").splitlines():
                assert line.partition('"garbled": ')[2].partition('", "text": ')[0].isascii(), path
