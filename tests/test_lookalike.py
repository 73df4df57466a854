"""Look-alikes: private use, radicals, compatibility ideographs, half-width katakana."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import explain, fix
from mojibake_fix.damage import lookalike

CHINESE = [
    "人工智能的发展给我们带来了新的机会。",
    "公司的首席执行官每天步行去上班。",
    "这一年的工作很辛苦，大家都没有休息。",
    "長期以來，風俗習慣影響著人們的生活。",
    "为了保护公民的人身安全，国家制定了新的法律。",
]
CANTONESE = ["佢喺度食飯，你哋去唔去呀？", "我嘅屋企喺九龍，啲人好多嘢講。"]
JAPANESE = ["コンピュータの画面にメッセージが表示された。", "昨日、駅前の本屋でガイドブックを買った。"]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(CHINESE), min_size=1, max_size=4), st.sampled_from(["radical", "compatible"]))
def test_what_stands_in_running_text_is_undone(sentences, kind):
    text = "\n".join(sentences)
    assert fix(lookalike.inflict(text, kind)) == text


@pytest.mark.parametrize("text", CANTONESE)
def test_private_use_of_hkscs_is_undone_in_cantonese(text):
    damaged = lookalike.inflict(text, "hkscs")
    assert damaged != text
    assert fix(damaged) == text


@pytest.mark.parametrize("text", JAPANESE)
def test_half_width_katakana_is_widened_in_japanese(text):
    damaged = lookalike.inflict(text, "katakana")
    assert damaged != text
    assert fix(damaged) == text


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        (
            "⼀、总则\n本法保护公⺠的⼈⾝安全，⾃公布之⽇起施⾏。",
            "一、总则\n本法保护公民的人身安全，自公布之日起施行。",
        ),
        ("叹词的读音有 (\ue7c7)、(ń) 两个。", "叹词的读音有 (ḿ)、(ń) 两个。"),
        ("老师写了一个\ue81e字，大家都不认识。", "老师写了一个龴字，大家都不认识。"),
        ("天地玄黃\ue78d宇宙洪荒\ue78e", "天地玄黃︐宇宙洪荒︒"),
        ("这本书卖\ue76c20，太贵了。", "这本书卖€20，太贵了。"),
    ],
)
def test_what_has_a_standard_character_gets_it(damaged, text):
    assert fix(damaged) == text


@pytest.mark.parametrize(
    "text",
    [
        "部首：⼀、⼁、⼂、⼃",
        "⼀⼁⼂⼃⼄⼅",
        "康熙部首里的⼈和⼊容易混淆。",
        "⼈",
        "“⼿”",
        "“\uf9d1”",
        "Radical ⽔ is water",
        "김\uf9f4씨가 서울에 \uf92a습니다",
        "\uf9dc\uf9f4の\uf914しい旅をする",
        "(ﾟ∀ﾟ)ｷﾀ━━━!!",
        "半角ｶﾅの例はｶﾞｲﾄﾞです",
        "首页\ue6a7更多\ue712登录",
        "查看\ue81e更多",
        "更多\ue78d 返回\ue78d",
        "\ue000\ue001\ue002",
        "价格\ue76c20",
        "\ue7c7Home",
    ],
)
def test_what_means_itself_stays(text):
    assert fix(text) is text


def test_every_kangxi_radical_and_compatibility_ideograph_is_unified_as_unicode_has_it():
    for code in (*range(0x2F00, 0x2FD6), *range(0xF900, 0xFADA)):
        character = chr(code)
        expected = unicodedata.normalize("NFKC", character)
        assert lookalike.unified(character) == ("" if expected == character else expected)


def test_the_table_of_gbk_is_the_one_of_gb18030():
    table = lookalike.gbk_leftovers()
    known = {
        "\ue7c8": "ǹ",
        "\ue76c": "€",
        "\ue7e7": "〾",
        "\ue7f3": "⿻",
        "\ue796": "︙",
        "\ue864": "龻",
        "\ue863": "䶮",
    }
    assert {private: table[private] for private in known} == known
    assert all("\ue766" <= private <= "\ue864" and not "\ue000" <= table[private] <= "\uf8ff" for private in table)
    assert len(set(table.values())) == len(table)


def test_a_plan_with_look_alikes_is_undone():
    source = lookalike.inflict(CHINESE[1])
    repair = explain(source)
    assert {step.family for step in repair.plan.steps} == {"lookalike"}
    assert repair.plan.undo(repair.text) == source


def test_unknown_kinds_say_which_there_are():
    with pytest.raises(ValueError, match="radical, compatible"):
        lookalike.inflict("首席", "nothing")


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(min_codepoint=0x2E80, max_codepoint=0xFFFF) | st.sampled_from("的是在一有，。"), max_size=20)
)
def test_any_text_has_a_stable_repair(text):
    once = fix(text)
    assert fix(once) == once
