"""Laws of repair, held for sentences of our own and for any string."""

import functools
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from mojibake_fix import GUESS, SAFE, Plan, Policy, check, explain, fix
from mojibake_fix.damage import gloss, mixup, slip
from mojibake_fix.encodings import CHARSETS

CLEAN = Path(__file__).parent.parent / "fixtures" / "clean"
BOUNDED = settings(max_examples=40, deadline=None, derandomize=True)
LEAST = 16


@functools.cache
def lines(language: str) -> tuple[str, ...]:
    return tuple((CLEAN / f"{language}.txt").read_text(encoding="utf-8").splitlines())


@st.composite
def sentences(draw: st.DrawFn, language: str = "hans") -> str:
    """One to three sentences, perhaps cut short, of at least `LEAST` code points."""
    chosen = draw(st.lists(st.sampled_from(lines(language)), min_size=1, max_size=3, unique=True))
    text = draw(st.sampled_from(["", " " if language == "ko" else ""])).join(chosen)
    return text[: draw(st.integers(LEAST, len(text)))]


POLICIES = st.sampled_from([SAFE, GUESS])
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
SIGNS = st.sampled_from([
    "?", "\ufffd", "?!", "(yè)", "?nèi)", "\ue490", "睍", "ÖÐ", "涓枃", "锟斤拷", "\x80", "\xa0", "\ud800", "\n", "</p>",
])  # fmt: skip
DAMAGED_TEXT = st.lists(SIGNS | sentences() | ANY_TEXT | st.sampled_from(lines("hant")), max_size=6).map("".join)

LOSSLESS = [
    ("utf-8", "cp936", "hans"), ("utf-8", "cp1252", "hans"), ("utf-8", "latin-1", "hans"), ("utf-8", "cp1252", "hant"),
    ("utf-8", "mac_roman", "hant"), ("utf-8", "cp1251", "hans"), ("cp936", "cp1252", "hans"), ("cp936", "latin-1", "hans"),
    ("big5", "cp1252", "hant"), ("big5", "cp936", "hant"), ("utf-8", "cp1252", "ja"),
    ("cp932", "cp1252", "ja"), ("utf-8", "cp1252", "ko"), ("cp949", "cp1252", "ko"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "read", "language"), LOSSLESS)
def test_a_lossless_mixup_is_undone(written: str, read: str, language: str) -> None:
    @BOUNDED
    @given(sentences(language))
    def law(text: str) -> None:
        try:
            garbled = mixup.inflict(text, written, read)
        except ValueError:
            text = text[: len(text) // 2 * 2].rstrip("。！？”」!?…")
            try:
                garbled = mixup.inflict(text, written, read)
            except ValueError:
                return
        assume(len(text) >= LEAST)
        assert fix(garbled) == text

    law()


def test_whole_sentences_of_gbk_read_as_big5_come_back() -> None:
    carried = 0
    for line in lines("hans"):
        try:
            garbled = mixup.inflict(line, "cp936", "big5")
        except ValueError:
            continue
        carried += 1
        assert fix(garbled) == line
    assert carried >= 30


def test_enough_sentences_survive_utf8_read_as_gbk() -> None:
    carried = 0
    for line in lines("hans"):
        for end in range(len(line), LEAST - 1, -1):
            try:
                garbled = mixup.inflict(line[:end], "utf-8", "cp936")
            except ValueError:
                continue
            carried += 1
            assert fix(garbled) == line[:end]
            break
    assert carried >= 50


@BOUNDED
@given(sentences(), st.data())
def test_glosses_are_undone(text: str, data: st.DataObject) -> None:
    converted = OpenCC("s2t").convert(text)
    products = sorted({character for character in converted if gloss.is_product(character)})
    assume(len(products) > 2)
    assert fix(gloss.inflict(converted, products)) == converted


@BOUNDED
@given(sentences("hant"), POLICIES)
def test_clean_text_is_the_same_object(text: str, policy: Policy) -> None:
    assert fix(text, policy) is text
    assert check(text) == []


@settings(max_examples=100, deadline=None, derandomize=True)
@given(DAMAGED_TEXT, POLICIES)
@example("\ud800\x00\ufffd", SAFE)
@example("", GUESS)
def test_the_plan_of_any_string_replays_undoes_and_survives_json(text: str, policy: Policy) -> None:
    repair = explain(text, policy)
    assert repair.plan.apply(text) == repair.text
    assert repair.plan.undo(repair.text) == text
    assert Plan.from_json(repair.plan.to_json()) == repair.plan
    assert (repair.text is text) == (not repair.plan)
    assert all(0 <= loss.start <= loss.end <= len(text) for loss in repair.losses)
    assert all(step.log_odds >= policy.margin - 0.01 for step in repair.plan.steps)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(DAMAGED_TEXT, POLICIES)
def test_any_repaired_string_stays_as_it_is(text: str, policy: Policy) -> None:
    repaired = fix(text, policy)
    assert fix(repaired, policy) == repaired


@settings(max_examples=100, deadline=None, derandomize=True)
@given(ANY_TEXT)
def test_check_points_into_any_string(text: str) -> None:
    for damage in check(text):
        assert 0 <= damage.start <= damage.end <= len(text)
        assert text[damage.start : damage.end] == damage.found


@BOUNDED
@given(sentences(), st.sampled_from(CHARSETS), st.sampled_from(CHARSETS), st.booleans())
def test_no_mixup_makes_repair_raise_or_a_plan_lie(text: str, written: str, read: str, swallow: bool) -> None:
    try:
        garbled = mixup.inflict(text, written, read, replacement="?", swallow=swallow)
    except ValueError:
        return
    repair = explain(garbled)
    assert repair.plan.undo(repair.text) == garbled


@BOUNDED
@given(sentences("hant"), st.integers(0, 400), st.sampled_from(["lost", "added"]), st.sampled_from(["cp936", "big5"]))
def test_no_slip_makes_repair_raise_or_a_plan_lie(text: str, offset: int, trigger: str, encoding: str) -> None:
    try:
        damaged = slip.inflict(text, trigger, offset=offset, encoding=encoding, byte=0xC6)
    except ValueError:
        return
    repair = explain(damaged)
    assert repair.plan.undo(repair.text) == damaged


@BOUNDED
@given(
    st.lists(sentences(), min_size=1, max_size=4),
    st.sampled_from(["cp1252", "latin-1", "mac_roman"]),
    st.integers(0, 3),
)
def test_lines_are_repaired_each_for_itself(texts: list[str], read: str, garbled: int) -> None:
    damaged = [mixup.inflict(text, "utf-8", read) if index == garbled else text for index, text in enumerate(texts)]
    assert fix("\n".join(damaged)) == "\n".join(fix(line) for line in damaged) == "\n".join(texts)
