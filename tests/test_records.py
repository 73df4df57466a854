"""Plans as values: they replay, undo and survive JSON, and refuse texts that they were not made for."""

import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import GUESS, RESTORE, SAFE, Damage, Loss, Plan, PlanMismatchError, Policy, Repair, Step

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)


def step(start: int, before: str, after: str, log_odds: float = 9.0) -> Step:
    return Step("slip", start, start + len(before), before, after, "a byte lost its partner", log_odds)


@st.composite
def staged(draw: st.DrawFn) -> tuple[str, list[tuple[Step, ...]]]:
    """A text and up to three stages of steps that fit it."""
    source = current = draw(ANY_TEXT)
    stages = []
    for _ in range(draw(st.integers(0, 3))):
        cuts = sorted(draw(st.lists(st.integers(0, len(current)), max_size=6)))
        steps = []
        for start, end in zip(cuts[::2], cuts[1::2], strict=False):
            steps.append(
                Step("x", start, end, current[start:end], draw(ANY_TEXT), draw(ANY_TEXT), draw(st.floats(-9, 9)))
            )
        stages.append(tuple(steps))
        for one in reversed(steps):
            current = current[: one.start] + one.after + current[one.end :]
    return source, stages


@settings(max_examples=100, deadline=None, derandomize=True)
@given(staged())
def test_a_plan_applies_undoes_and_survives_json(made: tuple[str, list[tuple[Step, ...]]]) -> None:
    source, stages = made
    plan = Plan.of(source, stages)
    result = source
    for stage in stages:
        for one in reversed(stage):
            result = result[: one.start] + one.after + result[one.end :]
    assert plan.apply(source) == result
    assert plan.undo(result) == source
    document = plan.to_json()
    assert document.isascii()
    assert "\n" not in document
    assert Plan.from_json(document) == plan
    assert Plan.from_json(document).undo(result) == source
    assert bool(plan) == any(stages)
    assert plan.steps == tuple(one for stage in stages for one in stage)


def test_stages_are_carried_out_one_after_the_other() -> None:
    plan = Plan.of("abcd", [(step(1, "bc", "xyz"),), (step(3, "zd", ""),)])
    assert plan.apply("abcd") == "axy"
    assert plan.undo("axy") == "abcd"


@pytest.mark.parametrize(
    "steps",
    [
        (step(0, "x", "y"),),
        (step(0, "ab", "x"), step(1, "b", "y")),
        (step(2, "c", "x"), step(0, "a", "y")),
        (step(3, "de", "x"),),
    ],
)
def test_steps_that_do_not_fit_are_refused(steps: tuple[Step, ...]) -> None:
    with pytest.raises(PlanMismatchError, match="do not fit"):
        Plan.of("abc", [steps])


def test_a_plan_refuses_another_text() -> None:
    plan = Plan.of("abc", [(step(0, "a", "x"),)])
    with pytest.raises(PlanMismatchError, match="cannot apply: this is not the source text"):
        plan.apply("abd")
    with pytest.raises(PlanMismatchError, match="cannot undo: this is not the result text"):
        plan.undo("abc")
    with pytest.raises(PlanMismatchError):
        plan.undo("xbc\n")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "Expecting value"),
        ("[]", "not a plan"),
        ("{}", "not a plan written by Plan.to_json: 'schema'"),
        ('{"schema": 99}', "plan schema 99 is not the one"),
        ('{"schema": 1, "stages": [[{"family": "x"}]], "source_digest": "", "result_digest": ""}', "not a plan"),
        ('{"schema": 1, "stages": 5, "source_digest": "", "result_digest": ""}', "not a plan"),
    ],
)
def test_what_is_no_plan_is_refused_with_the_reason(document: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Plan.from_json(document)


def test_json_of_a_plan_is_what_it_says() -> None:
    document = json.loads(Plan.of("\ud800b", [(step(1, "b", "\udfff"),)]).to_json())
    assert document["schema"] == 1
    assert document["stages"][0][0] | {"mechanism": ""} == {
        "family": "slip", "start": 1, "end": 2, "before": "b", "after": "\udfff", "mechanism": "", "log_odds": 9.0,
        "guessed": False,
    }  # fmt: skip


def test_confidence_is_that_of_the_least_certain_step() -> None:
    plan = Plan.of("abc", [(step(0, "a", "x", 5.0), step(1, "b", "y", 0.0))])
    assert Repair("abc", "xyc", plan).confidence == pytest.approx(0.5)
    assert Repair("abc", "xbc", Plan.of("abc", [(step(0, "a", "x", 3.0),)])).confidence == pytest.approx(
        0.9526, abs=1e-4
    )
    assert Repair("abc", "abc", Plan()).confidence == 1.0
    assert not Repair("abc", "abc", Plan()).changed
    assert Repair("abc", "xyc", plan).changed


def test_presets_go_further_one_by_one() -> None:
    assert (SAFE.guess, SAFE.restore, GUESS.guess, GUESS.restore, RESTORE.restore) == (False, False, True, False, True)
    assert {policy.name for policy in (SAFE, RESTORE, GUESS)} == {"safe", "restore", "guess"}
    assert dataclasses.replace(SAFE, margin=10.0) == Policy("safe", margin=10.0)


@pytest.mark.parametrize(
    "record",
    [
        SAFE,
        Loss(0, 1, "c"),
        step(0, "a", "b"),
        Plan(),
        Repair("", "", Plan()),
        Damage("slip", 0, 1, "a", None, "c", 1.0),
    ],
    ids=lambda record: type(record).__name__,
)
def test_records_are_frozen_and_slotted(record: object) -> None:
    assert not hasattr(record, "__dict__")
    field = dataclasses.fields(record)[0].name  # type: ignore[arg-type]
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, field, "other")
    assert hash(record) == hash(dataclasses.replace(record))  # type: ignore[type-var]
