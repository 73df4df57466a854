"""The RESTORE policy: the seed article comes back as the Simplified page it was, and clean text stays."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import RESTORE, Step, explain, fix
from mojibake_fix.damage import punctuation, restoration
from mojibake_fix.records import Plan

SEED = Path(__file__).parent.parent / "fixtures" / "seed"
EVIDENCE = [Step("gloss", 0, 0, "", "", "reading inserted", 9.0)]


def seed(name):
    return (SEED / f"article.{name}").read_text("utf-8")


def restored(text):
    for stage in restoration.stages(text, EVIDENCE):
        text = Plan.of(text, [stage]).apply(text)
    return text


def test_the_repaired_article_becomes_the_page_it_was():
    assert restored(seed("repaired.txt")) == seed("restored.txt")


def test_the_seed_article_is_restored_and_the_plan_undoes_it():
    repair = explain(seed("txt"), RESTORE)
    assert repair.text == seed("restored.txt")
    assert repair.plan.undo(repair.text) == repair.source
    assert fix(repair.text, RESTORE) is repair.text


def test_the_restored_article_is_the_simplified_one_but_for_widths_and_one_word():
    """The converter that made the simplified fixture left 隨著 half way, as 随著; the page had 随着."""
    assert punctuation.inflict(seed("restored.txt")) == seed("simplified.txt").replace("随著", "随着")


@pytest.mark.parametrize(
    ("folded", "wide"),
    [
        ("我们来了,他们走了。", "我们来了，他们走了。"),
        ("时间:2021-05-12", "时间：2021-05-12"),
        ("共8,000人,其中男1,234人", "共8,000人，其中男1,234人"),
        ("电话:010-65363056", "电话：010-65363056"),
        ("上午10:30开会;下午散会", "上午10:30开会；下午散会"),
        ("他说:“好!”就走了", "他说：“好！”就走了"),
        ("第一季(图)", "第一季（图）"),
        ('他说"好的"就走', "他说“好的”就走"),
        ("2012年,2013年", "2012年，2013年"),
        ("见 https://example.com/a,b?c=d 页", "见 https://example.com/a,b?c=d 页"),
        ("运行 f(x, y); 得到 3:4", "运行 f(x, y); 得到 3:4"),
        ("Hello, world! (test)", "Hello, world! (test)"),
        ("\n?\n", "\n?\n"),
    ],
)
def test_marks_are_widened_beside_hanzi_only(folded, wide):
    text = folded
    for place, mark in punctuation.places(folded).items():
        text = text[:place] + mark + text[place + 1 :]
    assert text == wide


def test_nothing_is_widened_without_evidence_of_a_generator():
    text = "我们来了,他们走了,大家都走了"
    assert fix(text, RESTORE) is text


@settings(deadline=None)  # the first example loads the tables
@given(st.text(st.sampled_from("我们的时间到了，；：！？（）。“”ab12 \n"), max_size=60))
def test_widths_that_come_back_are_the_ones_that_were_folded(text):
    folded = punctuation.inflict(text)
    for place, mark in punctuation.places(folded).items():
        assert folded[place] == {**{wide: narrow for narrow, wide in punctuation.FULL_WIDTH.items()}}.get(mark, '"')


@settings(deadline=None)  # the first example loads the tables
@given(st.text(st.characters(), max_size=80))
def test_any_string_is_input(text):
    repair = explain(text, RESTORE)
    assert repair.plan.apply(text) == repair.text


def test_a_line_with_many_quotations_takes_linear_time():
    def seconds(number):
        text = '他說"你好",`a,b`我們' * number
        start = time.process_time()
        punctuation.places(text)
        return time.process_time() - start

    seconds(500)
    assert seconds(8000) < 8 * max(seconds(2000), 0.002)  # linear gives 4 times; quadratic 16 times


@pytest.mark.parametrize("codec", ["gbk", "gb18030"])
@pytest.mark.parametrize("behind", ["明天再说吧，我们先走了。", "今天天气不错。", "《新书》到了。"])
def test_a_sign_at_the_end_of_what_is_garbled_has_swallowed_nothing_of_what_is_not(codec: str, behind: str) -> None:
    """A sentence that was read for itself ends in a sign where its last character was cut; clean text follows."""
    for text in ("他来了吗？", "七里香很好听。", "我们的新书到了。"):
        shown = text.encode().decode(codec, "replace")
        repaired = fix(shown + behind)
        assert repaired.endswith(behind)
        assert len(repaired) == len(text + behind)
        assert repaired.startswith(text[:-1])
