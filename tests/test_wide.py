"""UTF-16 read in single bytes, as tags of music files and "Unicode text" are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojibake_fix import explain, fix
from mojibake_fix.damage import wide

SENTENCES = ["七里香", "新的规定从下个月开始执行。", "周杰伦 - 七里香", "hello", "図書館の利用者", "도서관을 찾는 사람"]


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("written", ["utf-16-le", "utf-16-be"])
def test_what_a_byte_order_mark_begins_is_read(text: str, written: str) -> None:
    shown = wide.inflict(text, written=written)
    repair = explain(shown)
    assert repair.text == text
    assert repair.plan.undo(text) == shown
    assert [step.mechanism for step in repair.plan.steps] == [f"written as {written}, read as latin-1"]


@pytest.mark.parametrize("written", ["utf-16-le", "utf-16-be"])
def test_nuls_tell_without_a_mark(written: str) -> None:
    assert fix(wide.inflict("Track 01 - 七里香", written=written, mark=False)) == "Track 01 - 七里香"


@pytest.mark.parametrize("text", ["ÿþ", "ÿþýüûú", "þÿ abc", "a\0b", "\0\0\0\0", "x\0", "NUL\0文件", "a\0b\0c\0中"])
def test_what_is_no_utf_16_stays(text: str) -> None:
    assert fix(text) is text


@given(st.text(alphabet="\0abÿþ-Ne中\ud800"))
def test_undo_gives_the_source_back(text: str) -> None:
    repair = explain(text)
    assert repair.plan.undo(repair.text) == text
