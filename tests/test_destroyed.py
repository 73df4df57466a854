"""Destroyed text is found and reported, never invented."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import GUESS, check, explain, fix
from mojibake_fix.damage import destroyed, remains

KINDS = ["sign", "gbk", "latin", "cyrillic"]
DESTROYED = [
    "表头锟斤拷锟斤拷锟斤拷结束",
    "// ï¿½ï¿½ï¿½ï¿½ : ---",
    "// пїЅпїЅпїЅ",
    "int i = 0; // 烫烫烫烫烫烫",
    "屯屯屯屯屯屯屯屯",
    "名称：\ufffd\ufffd\ufffd\ufffd",
    "作者 锟斤拷锟\ufffd",
]


@pytest.mark.parametrize("text", DESTROYED)
def test_destroyed_text_is_reported_and_left_as_it_is(text):
    repair = explain(text)
    assert repair.text == text
    assert len(repair.losses) == 1
    assert repair.losses[0].cause
    assert [damage.family for damage in check(text)] == ["loss"]


@pytest.mark.parametrize(
    "text",
    [
        "网页里出现“锟斤拷”，多半是因为先按错误的编码读过一次。",
        "这种乱码里常常能看到锟斤拷和问号。",
        "左手一把锟斤拷，右手几个烫烫烫，程序员都笑了。",
        "这碗面好烫烫烫，慢一点吃。",
        "| 锟斤拷 | replacement characters that were read as GBK |",
        "谢承锟担任了副主任委员。",
        "`锟斤拷` 的意思是替换字符已经写进了文件。",
    ],
)
def test_text_about_destroyed_text_is_no_damage(text):
    repair = explain(text)
    assert repair.text is text
    assert repair.losses == ()


@settings(max_examples=60, deadline=None)
@given(st.integers(1950, 2049), st.integers(1, 12), st.integers(1, 31), st.sampled_from(KINDS))
def test_dates_are_offered_under_guess_alone(year, month, day, kind):
    text = f"{year}年{month}月{day}日"
    garbled = destroyed.inflict(text, kind)
    assert fix(garbled) == garbled
    assert [loss.candidates for loss in explain(garbled).losses] == [("年",), ("月",), ("日",)]
    guess = explain(garbled, GUESS)
    assert guess.text == text
    assert all(step.guessed for step in guess.plan.steps)
    assert [loss.filled for loss in guess.losses] == list("年月日")


def test_dates_come_back_through_two_layers():
    garbled = "2021閿熸枻鎷�3閿熸枻鎷�18閿熸枻鎷�"
    assert fix(garbled, GUESS) == "2021年3月18日"


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("锟斤拷烫屯ï¿½пїЅ\ufffd中的 a1\n"), max_size=30))
def test_losses_lie_in_the_text_and_do_not_overlap(text):
    losses = explain(text).losses
    assert all(0 <= loss.start <= loss.end <= len(text) for loss in losses)
    assert all(one.end <= other.start for one, other in pairwise(losses))


def test_unknown_kinds_say_which_there_are():
    with pytest.raises(ValueError, match="sign, gbk"):
        destroyed.inflict("中", "nothing")


def test_characters_whose_bytes_survived_come_back():
    repair = explain(remains.inflict("有效值为零"))
    assert "效值为" in repair.text
    assert repair.losses
    assert repair.plan.undo(repair.text) == repair.source


def test_what_lost_one_byte_is_guessed_under_guess_alone():
    garbled = "图片锟叫割工锟斤拷锟斤拷"
    assert fix(garbled) == garbled
    assert fix(garbled, GUESS).startswith("图片切割工")
