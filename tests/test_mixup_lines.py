"""Mix-ups in lines that hold something else: spaces, Western words, another mix-up, the same sentence again."""

import re
from pathlib import Path

import pytest

from mojibake_fix import fix
from mojibake_fix.damage import mixup

CLEAN = Path(__file__).parent.parent / "fixtures" / "clean" / "hans.txt"


@pytest.mark.parametrize("behind", ["`ls`", "I命令", "@小王", "[x]", "_name"])
@pytest.mark.parametrize(("writer", "text"), [("cp936", "请先执行"), ("big5", "請先執行"), ("cp932", "まず実行")])
def test_a_space_before_ascii_was_no_byte_of_a_character(writer: str, text: str, behind: str) -> None:
    shown = "标题：" + f"{text} {behind}".encode(writer, "ignore").decode("latin-1")
    assert fix(shown) == "标题：" + f"{text} {behind}".encode(writer, "ignore").decode(writer)


def test_a_lost_byte_may_be_one_that_either_of_two_readers_lacks() -> None:
    """CP1252 lacks five bytes, CP1254 these and two more; where nothing tells them apart 8E is lost as well."""
    for text in ("关于2023年第四季度报销流程", "明天下午接孩子"):
        assert fix(text.encode().decode("cp1254", "replace")) == text


def test_of_text_that_lost_most_of_its_bytes_nothing_is_filled_in_by_guesses() -> None:
    text = "我昨天在超市买了二十斤苹果。"
    shown = re.sub("[\\x80-\\x9f]", "", text.encode().decode("latin-1"))
    repaired = fix(shown)
    assert len(repaired) == len(text)
    filled = [(mine, own) for mine, own in zip(repaired, text, strict=True) if mine != "\ufffd"]
    assert all(mine == own for mine, own in filled)


GARBLED, TRUTH = "ÐÂµÄ¹æ¶¨´ÓÏÂ¸öÔÂ", "新的规定从下个月"


@pytest.mark.parametrize("beside", [" é", " é x", " Müller", " café", "，Müller", " naïve word"])
def test_western_words_beside_garbled_text_stay(beside: str) -> None:
    assert fix(GARBLED + beside) == TRUTH + beside
    if beside.startswith(" "):
        assert fix(f"{beside.strip()} {GARBLED}") == f"{beside.strip()} {TRUTH}"


@pytest.mark.parametrize("between", ["", " ", ",", "\n"])
def test_a_sentence_that_comes_again_and_again_is_repaired(between: str) -> None:
    text = between.join(["今天天气很好。"] * 4)
    assert fix(mixup.inflict(text, "cp936", "latin-1")) == text
    assert fix("没有问题的文字，" + mixup.inflict(text, "cp936", "latin-1")) == "没有问题的文字，" + text


def test_text_garbled_in_two_ways_in_one_line_is_repaired_in_both() -> None:
    sentences = ["我们去踢足球吧。", "今天天气很好。", "明天再说吧。", "图书馆的读者越来越多。"]
    shown = [mixup.inflict(one, ("utf-8", "cp936")[number % 2], "latin-1") for number, one in enumerate(sentences)]
    assert fix(" ".join(shown)) == " ".join(sentences)


@pytest.mark.parametrize("reader", ["iso8859_2", "iso8859_15", "cp852", "cp1257", "cp1258"])
def test_code_pages_that_are_seldom_read_in(reader: str) -> None:
    for text in ("新的规定从下个月开始执行，请大家注意。", "图书馆的读者越来越多"):
        assert fix(mixup.inflict(text, "utf-8", reader)) == text
        assert fix(mixup.inflict(text, "cp936", reader)) == text


def test_two_hanzi_are_no_list_of_letters_in_both_cases() -> None:
    assert fix("ÇçÌì") == "晴天"


@pytest.mark.parametrize("written", ["utf-8", "cp936"])
def test_where_a_long_line_is_cut_for_the_search_changes_nothing(written: str) -> None:
    """Every second sentence is garbled, and no ASCII character shows a place to cut at."""
    sentences = [re.sub("[\\x00-\\x7f]", "", line) for line in CLEAN.read_text(encoding="utf-8").splitlines()] * 2
    shown = [mixup.inflict(one, written, "latin-1") if number % 2 else one for number, one in enumerate(sentences)]
    assert len("".join(shown)) > 4000
    assert fix("".join(shown)) == "".join(sentences)
