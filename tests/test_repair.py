"""`explain`, `fix` and `check`: one engine, three views of its result."""

import itertools
import math
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mojibake_fix import GUESS, RESTORE, SAFE, Plan, Policy, check, explain, fix
from mojibake_fix.damage import gloss, mixup, slip
from mojibake_fix.search import search

SENTENCES = (Path(__file__).parent.parent / "fixtures/clean/hans.txt").read_text(encoding="utf-8").splitlines()
GLOSSED = gloss.inflict("這個學校的學生會議決定增加圖書的購買數量，並且延長開放時間。", "學會議圖書購買數")
SLIPPED = slip.inflict("他要求大家提高能力。”會上，大家都表示同意", "mark")
GARBLED = mixup.inflict(SENTENCES[3], "cp936", "cp1252")
LOSSY = mixup.inflict(SENTENCES[9], "utf-8", "cp936", replacement="?", swallow=True)
DESTROYED = "锟斤拷锟斤拷锟斤拷的会议"
DAMAGED = (GLOSSED, SLIPPED, GARBLED, LOSSY, mixup.inflict(GARBLED, "utf-8", "latin-1"))
ODD = {
    "empty": "",
    "a line end": "\n",
    "line ends": "\r\n\x85\u2028\u2029\x0b",
    "NUL": "\x00",
    "NUL in damage": f"\x00{GARBLED}\x00{SLIPPED}",
    "a lone surrogate": "\ud800",
    "a pair of surrogates": "\ud83d\ude00",
    "surrogates in damage": f"\udcff{GARBLED}\udcff{LOSSY}\ud800",
    "combining marks only": "\u0301\u0300\u20dd" * 60,
    "private use only": "\ue000\ue490\uf8ff\U000f0000" * 50,
    "the last code points": "\U0010ffff\U0010fffe\ufffe\uffff" * 20,
    "U+FFFD only": "\ufffd" * 200,
    "question marks": "?" * 500,
    "marks in rows": "?!" * 200,
    "brackets": "((((（（（(" * 30,
    "readings only": "(yè)" * 40,
    "orphans before readings": "?nèi)" * 30,
    "controls": "".join(map(chr, range(0xA0))),
    "byte order marks": "\ufeff\ufeff涓枃",
    "right to left": "\u202e" + GARBLED + "\u202c",
    "C1 only": "\x81\x8d\x8f" * 60,
    "Latin-1 letters": "Ã" * 300,
    "variation selectors": "葛\U000e0100城\ufe0f",
    "Hangul letters": "ᄀᄁᄂ" * 40,
    "every plane": "".join(map(chr, range(0xD000, 0x110000, 4099))),
}
POLICIES = (SAFE, GUESS, RESTORE, Policy(margin=0.0, certainty=0.0), Policy(margin=1e9))


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_any_string_is_ordinary_input(text: str) -> None:
    for policy in POLICIES:
        repair = explain(text, policy)
        assert repair.plan.apply(text) == repair.text
        assert repair.plan.undo(repair.text) == text
        assert Plan.from_json(repair.plan.to_json()) == repair.plan
        assert all(0 <= loss.start <= loss.end <= len(text) for loss in repair.losses)
    for damage in check(text):
        assert text[damage.start : damage.end] == damage.found


def test_random_code_points_of_many_blocks() -> None:
    draw = random.Random(5)  # noqa: S311
    pool = "的，。?!(yèn)\ufffd\ue000\ud800涓枃ÖÐÎÄ±àÂë锟斤拷뷁ｱ\x80\xa0 \n<p/>aĀж"
    for _ in range(150):
        text = "".join(draw.choices(pool, k=draw.randrange(1, 40)))
        repair = explain(text, GUESS)
        assert repair.plan.undo(repair.text) == text


@pytest.mark.parametrize("text", SENTENCES[::6])
def test_clean_text_is_the_same_object(text: str) -> None:
    for policy in (SAFE, GUESS):
        repair = explain(text, policy)
        assert repair.text is text
        assert not repair.changed
        assert (repair.plan, repair.losses, repair.confidence) == (Plan(), (), 1.0)
    assert check(text) == []


@pytest.mark.parametrize("text", DAMAGED)
@pytest.mark.parametrize("policy", [SAFE, GUESS], ids=lambda policy: policy.name)
def test_the_plan_is_the_repair(text: str, policy: Policy) -> None:
    repair = explain(text, policy)
    assert repair.source == text
    assert repair.changed
    assert fix(text, policy) == repair.text != text
    assert repair.plan.apply(text) == repair.text
    assert repair.plan.undo(repair.text) == text
    again = Plan.from_json(repair.plan.to_json())
    assert again == repair.plan
    assert again.undo(repair.text) == text
    assert explain(text, policy) == repair


@pytest.mark.parametrize("text", DAMAGED)
def test_steps_say_where_what_how_and_how_sure(text: str) -> None:
    repair = explain(text)
    current = text
    for stage in repair.plan.stages:
        for step, following in itertools.pairwise((*stage, None)):
            assert step is not None
            assert current[step.start : step.end] == step.before != step.after
            assert following is None or step.end <= following.start
            assert step.mechanism
            assert math.isfinite(step.log_odds)
            assert step.log_odds >= SAFE.margin
        current = Plan.of(current, [stage]).apply(current)
    assert current == repair.text
    assert 0.9 < repair.confidence <= 1.0


@pytest.mark.parametrize("text", DAMAGED)
@pytest.mark.parametrize("policy", [SAFE, GUESS], ids=lambda policy: policy.name)
def test_a_repaired_text_stays_as_it_is(text: str, policy: Policy) -> None:
    repaired = fix(text, policy)
    assert fix(repaired, policy) is repaired


@pytest.mark.parametrize("text", DAMAGED)
def test_more_evidence_can_be_asked_for(text: str) -> None:
    strict = Policy(margin=10_000.0)
    assert fix(text, strict) is text
    needed = min(step.log_odds for step in explain(text).plan.steps)
    assert explain(text, Policy(margin=needed - 0.01)).text == fix(text)


def test_losses_point_at_what_was_lost() -> None:
    lossy = mixup.inflict("张三住在梧7栋，李四住在枫9栋，两人每周都打球。", "utf-8", "cp936", replacement="\ufffd")
    repair = explain(lossy)
    assert repair.losses
    assert all("\ufffd" in loss.filled and loss.cause for loss in repair.losses)
    assert all("\ufffd" in lossy[loss.start : loss.end] for loss in repair.losses)
    assert [loss.start for loss in repair.losses] == sorted(loss.start for loss in repair.losses)
    assert repair.text.count("\ufffd") == len(repair.losses)


def test_what_one_look_marks_as_lost_is_no_slip_for_the_next() -> None:
    repair = explain(mixup.inflict("别着急,路", "utf-8", "cp936", replacement="\ufffd"))
    assert {step.family for step in repair.plan.steps} == {"mixup"}
    assert repair.text == "别着急,\ufffd"


def test_guesses_are_marked_as_guesses() -> None:
    repair = explain(LOSSY, GUESS)
    assert "\ufffd" not in repair.text
    assert any(step.guessed for step in repair.plan.steps)
    for loss in repair.losses:
        assert loss.filled == loss.candidates[0]
        assert "\ufffd" not in loss.filled


def test_losses_of_a_hidden_layer_are_places_of_the_source() -> None:
    outer = mixup.inflict(LOSSY, "utf-8", "latin-1")
    before = "标题：一切正常。\n"
    for text in (outer, before + outer):
        repair = explain(text)
        assert len(repair.plan.stages) > 1
        assert all(0 <= loss.start < loss.end <= len(text) for loss in repair.losses)


def test_destroyed_text_is_never_invented() -> None:
    for policy in (SAFE, GUESS):
        repair = explain(DESTROYED, policy)
        assert repair.text.endswith("的会议")
        assert "锟斤拷" in repair.text or "\ufffd" in repair.text


def test_check_lists_the_damage_and_its_repair() -> None:
    text = f"{SENTENCES[0]}\n{GARBLED}\n{SLIPPED}"
    found = check(text)
    assert {damage.family for damage in found} >= {"mixup", "slip"}
    assert [damage.start for damage in found] == sorted(damage.start for damage in found)
    for damage in found:
        assert text[damage.start : damage.end] == damage.found
        assert damage.cause
        assert (damage.suggestion is None) == (damage.family == "loss")
    assert all(damage.start > len(SENTENCES[0]) for damage in found)


@pytest.mark.parametrize("separator", ["\n", "\r\n", "\n\n"])
def test_one_line_never_changes_the_outcome_of_another(separator: str) -> None:
    lines = [
        SENTENCES[1],
        GARBLED,
        LOSSY,
        SENTENCES[2],
        SLIPPED,
        mixup.inflict(SENTENCES[5], "utf-8", "cp1251"),
        SENTENCES[8],
    ]
    alone = [fix(line) for line in lines]
    draw = random.Random(1)  # noqa: S311
    for _ in range(4):
        order = draw.sample(range(len(lines)), len(lines))
        text = separator.join(lines[index] for index in order)
        assert fix(text) == separator.join(alone[index] for index in order)


def test_different_families_in_one_text() -> None:
    truth = f"{SENTENCES[3]}\n他要求大家提高能力。”會上，大家都表示同意\n{SENTENCES[4]}"
    text = f"{GARBLED}\n{SLIPPED}\n{mixup.inflict(SENTENCES[4], 'utf-8', 'cp1252')}"
    repair = explain(text)
    assert repair.text == truth
    assert {step.family for step in repair.plan.steps} == {"mixup", "slip"}


def _long_inputs() -> Iterator[tuple[str, str]]:
    line = "今天的会议讨论了明年的预算，大家都同意增加图书的购买数量"
    yield "clean", line
    yield "garbled", mixup.inflict(line, "cp936", "cp1252")
    yield "lossy", mixup.inflict(line, "utf-8", "cp936", replacement="?", swallow=True)
    yield "glossed", "這個學(xué)校的學(xué)生會(huì)議(yì)"
    yield "question marks", "中?"
    yield "U+FFFD", "中\ufffd"
    yield "private use", "\ue000"
    yield "brackets", "(y"


@pytest.mark.parametrize(("name", "unit"), list(_long_inputs()))
def test_a_long_line_takes_time_in_proportion(name: str, unit: str) -> None:
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            fix(text)
            best = min(best, time.process_time() - start)
        return best

    seconds(500)
    small = 4_000
    assert seconds(4 * small) < 10 * max(seconds(small), 0.02)  # linear: 4 times; quadratic: 16 times


def test_ten_megabytes_without_a_line_end() -> None:
    text = "".join(SENTENCES) * 2200
    assert len(text.encode()) > 10_000_000
    start = time.process_time()
    assert fix(text) is text
    assert time.process_time() - start < 10  # measured: under 1 s


def test_what_a_mixup_explains_is_not_searched_for_slips(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[str] = []

    def spy(*arguments: object, observed: str, **others: object) -> object:
        searched.append(observed)
        return search(*arguments, observed=observed, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(slip, "search", spy)
    whole = mixup.inflict("本文研究了这个问题的几个方面和原因啊", "utf-8", "cp936", replacement="?")
    lossy = [
        mixup.inflict(line, "utf-8", "cp936", replacement="?", swallow=True)
        for line in ("本文设计了一种新的方法.在设计中,以结果作为指导", "通过分析找出合适的参数.实验的结果表明:性能良好")
    ]
    assert "?" not in whole
    assert all("?" in line for line in lossy)
    text = "\n".join([lossy[0], whole, lossy[1]])
    assert "本文研究了这个问题的几个方面和原因啊" in fix(text)
    assert searched == []
