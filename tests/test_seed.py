"""The article that started the project: a real scraped page, exactly as its author's bytes had it."""

from collections import Counter
from pathlib import Path

import pytest

from mojibake_fix import Plan, Repair, check, explain, fix

SEED = Path(__file__).parent.parent / "fixtures" / "seed"


@pytest.fixture(scope="module")
def source() -> str:
    return (SEED / "article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def repair(source: str) -> Repair:
    return explain(source)


def test_the_article_comes_back_exactly(repair: Repair) -> None:
    assert repair.text == (SEED / "article.repaired.txt").read_text(encoding="utf-8")


def test_129_glosses_and_two_slips(repair: Repair) -> None:
    assert Counter(step.family for step in repair.plan.steps) == {"gloss": 129, "slip": 2}


def test_the_slips_say_their_bytes(repair: Repair) -> None:
    slips = [step for step in repair.plan.steps if step.family == "slip"]
    assert [(step.before, step.after) for step in slips] == [("?!睍\ue490?", "。”會上"), ("?!笔Y", "。”蔣")]
    assert "A3 A1B1 95FE C9" in slips[0].mechanism
    assert "A3 A1B1 CA59" in slips[1].mechanism
    assert all(step.log_odds > 10 for step in slips)


def test_the_readings_are_those_of_the_text(repair: Repair) -> None:
    glosses = [step for step in repair.plan.steps if step.family == "gloss"]
    assert all(step.after == "" and step.before[0] == "(" and step.before[-1] == ")" for step in glosses)
    assert all(step.before[1:-1] in step.mechanism for step in glosses)


def test_undo_gives_the_source_back(repair: Repair, source: str) -> None:
    assert repair.plan.undo(repair.text) == source
    assert repair.plan.apply(source) == repair.text
    assert Plan.from_json(repair.plan.to_json()) == repair.plan


def test_the_lone_sign_is_left_and_reported_as_a_loss(repair: Repair, source: str) -> None:
    place = source.index("?", source.index("延伸閱讀"))
    assert source[place - 1 : place + 2] == "\n?\n"
    assert any(loss.start <= place < loss.end for loss in repair.losses)
    assert "延伸閱讀\n\n?\n" in repair.text


def test_the_repaired_article_stays_as_it_is(repair: Repair) -> None:
    assert fix(repair.text) is repair.text


def test_check_finds_each_place(source: str) -> None:
    found = Counter(damage.family for damage in check(source))
    assert (found["gloss"], found["slip"]) == (129, 2)
    assert all(source[damage.start : damage.end] == damage.found for damage in check(source))
