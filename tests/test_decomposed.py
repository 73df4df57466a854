"""Garbled text whose letters were taken apart afterwards, as names of files are on some systems."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojibake_fix import explain, fix
from mojibake_fix.damage import decomposed, mixup

SENTENCES = ["新的规定从下个月开始执行。", "七里香 - 周杰伦.mp3", "圖書館的讀者越來越多"]


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize(
    ("writer", "reader"),
    [("utf-8", "cp437"), ("utf-8", "latin-1"), ("utf-8", "mac_roman"), ("cp936", "cp437"), ("cp936", "latin-1")],
)
def test_it_is_put_together_and_repaired(text: str, writer: str, reader: str) -> None:
    shown = decomposed.inflict(mixup.inflict(text, writer, reader))
    repair = explain(shown)
    assert repair.text == text
    assert repair.plan.undo(text) == shown


def test_what_is_not_garbled_keeps_its_form() -> None:
    words = unicodedata.normalize("NFD", "café, Việt Nam, naïve")
    assert fix(words) is words
    shown = decomposed.inflict(mixup.inflict("新的规定从下个月开始执行。", "utf-8", "cp1252", drop_controls=False))
    assert fix(f"{words}\n{shown}") == f"{words}\n新的规定从下个月开始执行。"


def test_losses_are_places_of_the_source() -> None:
    shown = "标题：" + decomposed.inflict(
        mixup.inflict("新的规定从下个月开始执行。", "utf-8", "cp1252", replacement="?")
    )
    repair = explain(shown)
    assert all(shown[loss.start : loss.end] == "?" or "?" in shown[loss.start : loss.end] for loss in repair.losses)


@given(st.text(alphabet="ÖÐÎÄµÄéè\u0300\u0301\u0308\u0338=a中文 "))
def test_undo_gives_the_source_back(text: str) -> None:
    repair = explain(text)
    assert repair.plan.undo(repair.text) == text
    assert fix(text) == repair.text
