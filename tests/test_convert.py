"""`convert`: OpenCC with any string as input, spans, protection, and ambiguous characters decided by context."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from mojibake_fix import conversion, convert

TABLE = Path(__file__).parent.parent / "fixtures" / "conversion"
STANDARD = {"麪": "麵", "裏": "裡", "臺": "台", "爲": "為"}
HANZI = st.text(
    st.sampled_from("发后里干面制系只台了复历谷云头的王太悔不行基金理发店皇后面前吃药,。\n https://"), max_size=40
)


def rows(name):
    return [json.loads(line) for line in (TABLE / name).read_text("utf-8").splitlines()]


def is_right(row, converted):
    def same(place):
        shown, wanted = converted[place], row["target"][place]
        return STANDARD.get(shown, shown) == STANDARD.get(wanted, wanted) or shown == row.get("also", {}).get(
            str(place)
        )

    return len(converted) == len(row["target"]) and all(map(same, row["focus"]))


@pytest.mark.parametrize(
    ("table", "configuration", "floor"), [("to_traditional.jsonl", "s2t", 0.975), ("to_simplified.jsonl", "t2s", 0.9)]
)
def test_the_table_is_right_and_better_than_opencc_alone(table, configuration, floor):
    cases = rows(table)
    ours = sum(is_right(row, convert(row["source"], configuration)) for row in cases)
    theirs = sum(is_right(row, OpenCC(configuration).convert(row["source"])) for row in cases)
    assert ours / len(cases) >= floor
    assert ours > theirs


def test_the_table_has_what_it_promises():
    cases = rows("to_traditional.jsonl")
    assert len(cases) >= 300
    assert {row["kind"] for row in cases} == {"word", "name", "context", "boundary"}
    assert len({row["source"] for row in cases}) == len(cases)
    assert all(len(row["source"]) == len(row["target"]) for row in cases)


@pytest.mark.parametrize(
    ("text", "to", "expected"),
    [
        ("他吃了药太后悔了", "zh-Hant-TW", "他吃了藥太後悔了"),
        ("我们用软件上网", "zh-Hant-TW-x-phrases", "我們用軟體上網"),
        ("計程車上的軟體", "zh-Hans-CN", "出租车上的软件"),
        ("這裡的衞生很好", "zh-Hans", "这里的卫生很好"),
        ("這是繁體中文", "zh-Hant", "這是繁體中文"),
        ("这是简体中文", "zh-Hans", "这是简体中文"),
        ("これは日本語の学校です", "zh-Hant", "これは日本語の学校です"),
        ("看著她隨著音樂跳舞", "zh-Hans", "看着她随着音乐跳舞"),
        ("他的著作和原著小說", "zh-Hans", "他的著作和原著小说"),
    ],
)
def test_the_source_is_found_and_the_target_reached(text, to, expected):
    assert convert(text, to) == expected


def test_what_is_in_the_target_script_is_the_same_object():
    text = "這是繁體中文，頭髮乾淨"
    assert convert(text, "zh-Hant") is text


def test_urls_code_and_words_are_protected():
    text = "见 https://例子.cn/头发?干=1 和 `头发` 与里根的头发"
    assert (
        convert(text, "zh-Hant", source="hans", protect=["里根"])
        == "見 https://例子.cn/头发?干=1 和 `头发` 與里根的頭髮"
    )


def test_an_unknown_target_or_source_is_refused_with_what_there_is():
    with pytest.raises(ValueError, match="zh-Hant-TW"):
        convert("字", "zh-Klingon")
    with pytest.raises(ValueError, match="hans"):
        convert("字", "zh-Hans", source="zh")


def test_surrogates_and_nul_stay():
    assert convert("头\ud800发\x00干净\udc80", "s2t") == "頭\ud800發\x00乾淨\udc80"


def test_choices_list_alternatives_and_margin():
    found = conversion("把头发剪短", "zh-Hant")
    (choice,) = [choice for choice in found.choices if choice.character == "发"]
    assert (choice.position, choice.chosen) == (2, "髮")
    assert choice.alternatives[0][0] == "發"
    assert choice.margin > 2


def test_spans_follow_words_that_change_their_length():
    found = conversion("互联网，打印机", "s2twp")
    assert found.text == "網際網路，印表機"
    pieces = [(found.source[s.start : s.end], found.text[s.text_start : s.text_end]) for s in found.spans]
    assert pieces[0] == ("互联网", "網際網路")
    assert ("，", "，") in pieces


@settings(deadline=None)  # the first example loads the tables
@given(
    st.text(st.characters(), max_size=60) | HANZI, st.sampled_from(["s2t", "t2s", "s2twp", "zh-Hant-TW", "zh-Hans-CN"])
)
def test_spans_cover_both_texts_without_gaps(text, to):
    found = conversion(text, to)
    assert found.text == convert(text, to)
    assert "".join(text[s.start : s.end] for s in found.spans) == text
    assert "".join(found.text[s.text_start : s.text_end] for s in found.spans) == found.text


@settings(deadline=None)  # the first example loads the tables
@given(HANZI)
def test_there_and_back_gives_the_same_text(text):
    assert convert(convert(text, "s2t"), "t2s") == text


@settings(deadline=None)  # the first example loads the tables
@given(HANZI)
def test_lines_do_not_depend_on_each_other(text):
    assert convert(text + "\n" + text, "s2t") == convert(text, "s2t") + "\n" + convert(text, "s2t")


@pytest.mark.parametrize("text", ["里長。", "咸豐。", "丑時。", "准許。", "鄰里。", "奮斗。"])
@pytest.mark.parametrize("to", ["zh-Hant", "zh-Hant-TW", "zh-Hant-HK"])
def test_one_character_of_traditional_text_is_enough_to_leave_it(text, to):
    assert convert(text, to) == text
