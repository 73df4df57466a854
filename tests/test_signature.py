"""The signature of UTF-8 read as text: ï»¿ and 锘 where a file begins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojibake_fix import explain, fix
from mojibake_fix.damage import signature

SINGLE = (
    "cp1252",
    "latin-1",
    "cp1250",
    "cp1251",
    "cp1254",
    "cp437",
    "cp850",
    "cp866",
    "mac_roman",
    "mac_cyrillic",
    "koi8_r",
)
DOUBLE = ("cp936", "big5", "cp949")


@pytest.mark.parametrize("text", ["id,name", '<?xml version="1.0"?>', "# title", "标题,作者", "标题\n第二行没有问题"])
@pytest.mark.parametrize("read", SINGLE)
def test_a_signature_read_in_a_code_page(text: str, read: str) -> None:
    assert fix(signature.inflict(text, read)) == "\ufeff" + text


@pytest.mark.parametrize("text", ["id,name", "name", "zip"])
@pytest.mark.parametrize("read", DOUBLE)
def test_a_signature_that_took_the_first_letter_with_it(text: str, read: str) -> None:
    shown = signature.inflict(text, read)
    assert not shown.startswith(text[0])
    assert fix(shown) == "\ufeff" + text


@pytest.mark.parametrize("read", [*DOUBLE, "cp932", "euc_jp"])
def test_a_signature_of_which_the_last_byte_shows_as_a_sign(read: str) -> None:
    assert fix(signature.inflict("123,456", read, replacement="\ufffd")) == "\ufeff123,456"
    assert fix(signature.inflict("<html>", read, swallow=True)) == "\ufeff<html>"


def test_what_may_have_been_swallowed_is_reported() -> None:
    repair = explain("锘?1,2")
    assert repair.text == "\ufeff1,2"
    assert [(loss.start, loss.end) for loss in repair.losses] == [(1, 2)]


def test_a_text_that_is_garbled_as_a_whole_is_read_as_a_whole() -> None:
    repair = explain("\ufeff你好，世界".encode().decode("cp1252", "replace").replace("\ufffd", "\x9d"))
    assert repair.text == "\ufeff你好，世界"


@pytest.mark.parametrize(
    "text", ["ï»¿ 是什么？", "ï»¿这个BOM怎么去掉", "naïve»", "锘是一种元素", "Ôter", "正文里的ï»¿"]
)
def test_text_that_begins_otherwise_or_talks_about_it_stays(text: str) -> None:
    assert fix(text) is text


@given(
    st.sampled_from(SINGLE),
    st.text("abcdefg,;1234 \n一二三标题", min_size=1).filter(lambda text: not text[0].isspace()),
)
def test_it_is_undone_with_what_it_changed(read: str, text: str) -> None:
    repair = explain(signature.inflict(text, read))
    assert repair.text == "\ufeff" + text
    assert repair.plan.undo(repair.text) == repair.source
