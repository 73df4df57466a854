"""Badly converted text is mended under RESTORE, and genuine Traditional text is left."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import RESTORE, explain, fix
from mojibake_fix.damage.conversion import inflict

MENDED = [
    ("她剪短了頭發", "她剪短了頭髮"),
    ("皇後住在宮殿裡", "皇后住在宮殿裡"),
    ("關于這個問題，我們討論過", "關於這個問題，我們討論過"),
    ("這本曆史書很厚", "這本歷史書很厚"),
    ("他把衣服弄髒了，並且不肯洗幹淨", "他把衣服弄髒了，並且不肯洗乾淨"),
    ("我們複習功課，鐘情于數學", "我們複習功課，鍾情於數學"),
]

GENUINE = [
    "皇后和太后同遊，母后在後",
    "他住在五里外的里長家裡",
    "若干年後，不相干的人來干涉",
    "于先生與范先生、鍾先生相識於臺北",
    "之子于歸，宜其室家。君子于役，不知其期。王于興師，修我戈矛。",
    "佢係我嘅朋友，唔係你嘅。我哋喺度曬太陽，唔好嚇親人。",
    "子曰詩云，不知所云；雲在天上。",
    "一隻鳥只會唱一首歌，船隻停在港口。",
    "他的鬚髮皆白，必須理髮，發現頭髮少了。",
    "這齣戲一出場就贏得掌聲，製作與制度都好。",
]


@pytest.mark.parametrize(("damaged", "mended"), MENDED)
def test_bad_conversion_is_mended_under_restore_alone(damaged, mended):
    assert fix(damaged, RESTORE) == mended
    assert fix(damaged) is damaged


@pytest.mark.parametrize("text", GENUINE)
def test_genuine_traditional_text_is_left(text):
    assert fix(text, RESTORE) is text


def test_several_suspicions_lower_the_bar_for_each():
    alone = fix("他们覺得這很複雜", RESTORE)
    assert alone == "他们覺得這很複雜"
    whole = "關于制造業的發展，并且聯系實際。皇後的頭發干凈。" * 2
    assert fix(whole, RESTORE) == "關於製造業的發展，並且聯繫實際。皇后的頭髮乾凈。" * 2


def test_simplified_and_japanese_text_is_left():
    for text in ("关于皇后的头发，并且里面很干净", "皇后の頭髪に関する歴史、只今発売中です"):
        assert fix(text, RESTORE) is text


def test_the_plan_undoes_the_mending():
    repair = explain("她剪短了頭發", RESTORE)
    assert [(step.family, step.before, step.after) for step in repair.plan.steps] == [("conversion", "發", "髮")]
    assert repair.plan.undo(repair.text) == repair.source


@settings(deadline=None)  # the first example loads the tables
@given(st.text(st.sampled_from("关于头发皇后里面干净历史制造并且联系复杂我们的是在，。"), max_size=40), st.booleans())
def test_inflicting_keeps_the_length_and_mending_settles(text, keep_shared):
    damaged = inflict(text, keep_shared=keep_shared)
    assert len(damaged) == len(text)
    mended = fix(damaged, RESTORE)
    assert fix(mended, RESTORE) == fix(fix(mended, RESTORE), RESTORE)
