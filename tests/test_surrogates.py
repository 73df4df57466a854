"""Halves of characters, as a program leaves them that takes units of UTF-16 for characters."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import Plan, check, explain, fix
from mojibake_fix.damage import surrogates


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("你好，今天吃火锅！😋🎂𠮷abc \n"), max_size=40))
def test_halves_are_joined_and_parted_again(text):
    damaged = surrogates.inflict(text)
    repair = explain(damaged)
    assert repair.text == fix(text)
    assert Plan.from_json(repair.plan.to_json()).undo(repair.text) == damaged


@pytest.mark.parametrize("text", ["\ud83d", "好\udca0\ud83d", "b\udcffc", "🎂\ud83d"])
def test_a_half_alone_stays(text):
    assert fix(text) is text


def test_what_could_not_be_written_can_be():
    damaged = "第一行没有问题\n" * 40 + "今天吃火锅\ud83d\ude0b"
    assert fix(damaged).encode("utf-8").endswith("锅😋".encode())
    assert [(one.family, one.suggestion) for one in check(damaged)] == [("escape", "😋")]
    assert json.loads(json.dumps(fix(damaged))) == fix(damaged)
