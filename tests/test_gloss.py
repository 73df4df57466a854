"""Glosses: the artefact goes, a teacher's stay."""

from pathlib import Path

import pytest
from opencc import OpenCC

from mojibake_fix import GUESS, explain, fix
from mojibake_fix.damage import gloss
from mojibake_fix.model import load

SENTENCES = [
    OpenCC("s2t").convert(line)
    for line in (Path(__file__).parent.parent / "fixtures/clean/hans.txt").read_text(encoding="utf-8").splitlines()
]


def products(text: str) -> str:
    return "".join(sorted({character for character in text if gloss.is_product(character)}))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_readings_after_conversion_products_are_taken_out(sentence: str) -> None:
    garbled = gloss.inflict(sentence, products(sentence))
    assert garbled != sentence
    repair = explain(garbled)
    assert repair.text == sentence
    assert {step.family for step in repair.plan.steps} == {"gloss"}
    assert repair.plan.undo(sentence) == garbled
    assert repair.losses == ()


def test_a_whole_page_with_some_of_its_hanzi_glossed() -> None:
    page = "\n".join(SENTENCES)
    garbled = gloss.inflict(page, "這個說時來們後對點會")
    assert fix(garbled) == page
    assert len(gloss.find(garbled)) == len(explain(garbled).plan.steps)


@pytest.mark.parametrize("brackets", ["()", "（）"])
def test_both_kinds_of_brackets(brackets: str) -> None:
    garbled = "企業(yè)發(fā)展的動(dòng)力".replace("(", brackets[0]).replace(")", brackets[1])
    assert fix(garbled) == "企業發展的動力"


def test_decomposed_readings_are_readings() -> None:
    assert gloss.normalised("ye\u0300") == "yè"
    assert gloss.normalised("ɡuó") == "guó"


@pytest.mark.parametrize(
    "text",
    [
        "饕餮(tāo tiè)是傳說中的怪物。",
        "他姓單(shàn)，不讀dān。",
        "妈(mā)麻(má)马(mǎ)骂(mà)",
        "“龘”(dá)字一共有四十八画。",
        "犇(bēn)、猋(biāo)、骉(biāo)都是叠字。",
        "函数(f)和变量(x)都要先声明。",
        "請先閱讀說明(a)，再填寫表格(b)。",
        "他叫石羨(xiàn)，是村裡的老木匠。",
    ],
)
def test_what_a_person_glossed_stays(text: str) -> None:
    assert fix(text) is text
    assert fix(text, GUESS) is text
    assert gloss.weigh(text, load()).removable == ()


def test_evidence_grows_with_the_number_of_glosses() -> None:
    few = gloss.weigh("企業(yè)發(fā)展的動力", load())
    many = gloss.weigh("企業(yè)發(fā)展的動(dòng)力來(lái)自創(chuàng)新", load())
    assert many.log_odds > few.log_odds
    assert many.artefact
    assert len(many.removable) == 5


def test_a_reading_that_is_not_the_default_stays() -> None:
    text = "企業(wù)發(fà)展的動(tòng)力"
    assert fix(text) is text


def test_find_says_where_and_what() -> None:
    found = gloss.find("頭(tóu)髮（fà）(ABC)(12)")
    assert [(one.hanzi, one.reading, one.bracket) for one in found] == [("頭", "tóu", "(tóu)"), ("髮", "fà", "（fà）")]
    assert [one.start for one in found] == [1, 7]
    assert gloss.find("") == ()


def test_only_hanzi_can_be_glossed() -> None:
    with pytest.raises(ValueError, match="'a' has no reading"):
        gloss.inflict("abc", "a")
    assert gloss.inflict("中文", "") == "中文"
    assert gloss.inflict("中中", "中") == "中(zhōng)中(zhōng)"


@pytest.mark.parametrize(
    ("character", "product"), [("業", True), ("後", True), ("中", False), ("业", False), ("a", False)]
)
def test_products_of_conversion(character: str, product: bool) -> None:
    assert gloss.is_product(character) is product
