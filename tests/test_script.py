"""`identify`: which script, where, for which region."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import convert, identify

CLEAN = Path(__file__).parent.parent.parent / "shared" / "cases" / "clean"
HAN = re.compile("[㐀-鿿]")


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("这是简体中文", "simplified"),
        ("這是繁體中文", "traditional"),
        ("人民日本", "undecidable"),
        ("東京都庁舎", "japanese"),
        ("株式会社日立製作所", "japanese"),
        ("これは日本語です", "japanese"),
        ("한국어 문장입니다", "korean"),
        ("plain English, 123", "other"),
        ("", "other"),
        ("这里的头发。這裡的頭髮。", "mixed"),
        ("皇太后到廟裡拜拜，求了一張籤", "traditional"),
    ],
)
def test_the_script_is_told(text, script):
    assert identify(text).script == script


def test_mixed_says_where():
    text = "这个国家的经济发展很快。" * 3 + "這個國家的經濟發展很快。" * 3
    found = identify(text)
    assert [(s.script, text[s.start : s.end].strip("。")[:2]) for s in found.stretches] == [
        ("simplified", "这个"),
        ("traditional", "這個"),
    ]
    assert "".join(text[s.start : s.end] for s in found.stretches) == text


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("他搭計程車去公司，用軟體寫程式，網路很慢", "taiwan"),
        ("民進黨立委在立法院質詢行政院", "taiwan"),
        ("特首在立法會表示，港府會興建公屋", "hong-kong"),
        ("他坐在家裏看着窗外的的士和巴士", "hong-kong"),
        ("這個問題非常複雜", None),
    ],
)
def test_words_tell_the_region(text, region):
    assert identify(text).region == region


def test_cantonese_is_told_from_a_text_that_quotes_it():
    assert identify("佢哋喺度食緊飯，唔使等我").cantonese
    assert not identify("他們在這裡吃飯，不必等我，請轉告他的家人和朋友").cantonese


def test_the_characters_that_decided_are_listed():
    found = identify("國家")
    assert [character for character, _, _ in found.decisive] == ["國"]
    assert found.log_odds == pytest.approx(sum(weight * number for _, weight, number in found.decisive))


@settings(deadline=None)  # the first example loads the tables
@given(st.text(st.characters(), max_size=200))
def test_any_string_is_input_and_stretches_cover_it(text):
    found = identify(text)
    if found.stretches:
        assert "".join(text[s.start : s.end] for s in found.stretches) == text
    assert found.han + found.kana + found.hangul <= len(text)


def windows(name, size):
    """A thousand windows, spread evenly over the file."""
    lines = [line for line in (CLEAN / name).read_text("utf-8").splitlines() if len(HAN.findall(line)) >= size]
    for number in range(1000):
        line = lines[number * 7919 % len(lines)]
        window = line[number % (len(line) - size + 1) :][:size]
        if len(HAN.findall(window)) >= 0.7 * size:
            yield window


@pytest.mark.skipif(not CLEAN.exists(), reason="the corpora are not here")
@pytest.mark.parametrize(("name", "script"), [("hans.txt", "simplified"), ("hant.txt", "traditional")])
@pytest.mark.parametrize(("size", "right", "wrong"), [(4, 70, 1), (8, 92, 1), (16, 98.5, 0.5), (32, 99.7, 0.3)])
def test_windows_of_clean_text(name, script, size, right, wrong):
    found = [identify(window).script for window in windows(name, size)]
    abstained = found.count("undecidable")
    assert found.count(script) * 100 / len(found) >= right
    assert (len(found) - found.count(script) - abstained) * 100 / len(found) <= wrong


@pytest.mark.parametrize(
    "text",
    [
        "游戏《ゼルダの伝説》的中文名是《塞尔达传说》，非常好玩。",
        "这家店叫“すき家”，味道不错，价格便宜。",
        "我爱の你，这是一家好吃の店",
    ],
)
def test_a_japanese_word_makes_no_chinese_text_japanese(text):
    assert identify(text).script in ("simplified", "mixed")
    assert convert(text, "zh-Hant") != text
