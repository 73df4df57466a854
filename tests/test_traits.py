"""Traits: what the families look for is never passed over, and a place of a text is the same place whatever stands around it."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mojibake_fix import explain, fix, traits
from mojibake_fix.damage import mixup, phase, slip
from mojibake_fix.model import load
from mojibake_fix.scan import suspects
from mojibake_fix.traits import ODD, ORPHAN, SIMPLIFIED, UNCOMMON, characters, profile
from mojibake_fix.unexpected import FEW, SHORT

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
SENTENCE = "今年我们又讨论了这个问题，大家都说应该早一点开始，谢谢各位。"
TRADITIONAL = "他們在會議上討論了A計劃和B計劃，最後決定明年春天在T市舉行一次大型的展覽。"


@pytest.mark.parametrize(
    ("trait", "pattern"),
    [
        (traits.IDEOGRAPH, "[㐀-鿿]"),
        (traits.PRIVATE, "[\ue000-\uf8ff]"),
        (traits.KANA, "[ぁ-ヺ]"),
        (traits.HANGUL, "[가-힣]"),
        (traits.LETTER, "[@-~]"),
        (traits.ORPHAN, "[?\ufffd]"),
        (traits.ESCAPING, r"[&\\%=\x1b]"),
        (traits.LOOKALIKE, "[\u2e80-\u2fd5\ue000-\uf848\uf900-\ufad9\U0002f800-\U0002fa1dｦ-ﾟ]"),
        (traits.TONED, "[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿ]"),
        (traits.DESTROYED, "[\ufffd锟拷ïп閿烫屯葺铪锘]"),
    ],
)
def test_traits_are_these_characters_and_no_others(trait: int, pattern: str) -> None:
    everything = "".join(map(chr, range(0x110000)))
    assert characters(trait) == "".join(re.findall(pattern, everything))


def test_what_is_rare_is_odd_and_what_is_common_is_not_uncommon() -> None:
    assert all(profile(character).present & ODD for character in "\ue000\x80涓鐨Ð\ufffe\U0010ffff\ud800睍")
    assert not any(profile(character).present & (ODD | UNCOMMON) for character in "的一是我이다。")
    assert profile("国").present & SIMPLIFIED == 0
    assert profile("这").present & SIMPLIFIED


@settings(max_examples=200, deadline=None, derandomize=True)
@given(ANY_TEXT, ANY_TEXT)
def test_a_code_point_has_the_same_traits_everywhere(before: str, text: str) -> None:
    alone, behind = profile(text), profile(before + text)
    assert behind.traits[len(before) :].tolist() == alone.traits.tolist()
    assert behind.present == profile(before).present | alone.present
    assert text == "".join(map(chr, behind.codes[len(before) :].tolist()))


@pytest.mark.parametrize("length", [65_535, 65_536, 65_537])
def test_a_long_text_is_looked_up_like_a_short_one(length: int) -> None:
    text = (SENTENCE * (length // len(SENTENCE) + 1))[: length - 2] + "涓\ue15f枃?"
    looked_up = profile(text)
    assert looked_up.places(ODD).tolist() == list(looked_up.each(ODD)) == [length - 2, length - 1, length]
    assert looked_up.places(ORPHAN).tolist() == [length + 1]


SIGN = re.compile("%[0-9]|&amp;|=[A-F]")


@pytest.mark.parametrize("searched", [0, 10**6], ids=["place by place", "as a whole"])
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(["%", "%5", "&", "&amp;", "=", "=A", "中文", "9", "\n"])).map("".join))
def test_a_sign_is_shown_where_an_expression_finds_it(
    monkeypatch: pytest.MonkeyPatch, searched: int, text: str
) -> None:
    monkeypatch.setattr(traits, "_SEARCHED", searched)
    assert profile(text).shows(traits.ESCAPING, SIGN) == (SIGN.search(text) is not None)


@pytest.mark.parametrize("before", [0, 1, 2, 40, 65_536 // len(SENTENCE) - 1, 65_536 // len(SENTENCE)])
@pytest.mark.parametrize("after", [0, 1, 40])
@pytest.mark.parametrize("pair", [("utf-8", "cp936"), ("cp936", "cp1252")])
def test_a_garbled_sentence_is_found_wherever_it_stands(before: int, after: int, pair: tuple[str, str]) -> None:
    garbled = mixup.inflict("我国经济发展取得了很大的成就，人民生活水平不断提高。", *pair, replacement="?")
    alone = fix(garbled)
    lines = [SENTENCE] * before + ["{}"] + [SENTENCE] * after
    text = "\n".join(lines)
    assert "经济发展取得了很大的成就" in alone
    assert fix(text.format(garbled)) == text.format(alone)


def test_many_places_are_looked_at_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    slips = [
        slip.inflict("會議決定繼續推進產業升級，並且加強質量監督。", "lost", offset=offset, encoding=encoding)
        for encoding in ("cp936", "big5")
        for offset in range(0, 40, 3)
    ]
    text = "\n".join(line for seen in slips for line in (TRADITIONAL, seen, "真的嗎?!好的?", "T恤A圖B"))
    many = list(phase.signs(profile(text), load()))
    monkeypatch.setattr(phase, "_FEW", len(text))
    assert many == list(phase.signs(profile(text), load()))
    assert many


@pytest.mark.parametrize("seen", ["會讻Q", "他們在會議上绾螌W"])
@pytest.mark.parametrize("lines", [0, 1, 50])
def test_a_run_is_found_at_either_end_of_a_text(seen: str, lines: int) -> None:
    others = (TRADITIONAL + "\n") * lines
    [first] = phase.signs(profile(f"{seen}\n{others}"), load())
    [last] = phase.signs(profile(others + seen), load())
    assert (first.start, first.end) == (last.start - len(others), last.end - len(others))
    assert first.end == len(seen) - 1


def test_what_is_clean_comes_back_as_it_is() -> None:
    text = "\n".join([SENTENCE, TRADITIONAL, "T恤、A股、K歌？", "這是第1個問題?"] * 200)
    assert fix(text) is text
    assert explain(text).plan.steps == ()


@settings(max_examples=300)
@given(
    st.sampled_from(
        [
            SENTENCE,
            TRADITIONAL,
            "今日は駅の前で会って、それから海の見える店へ行った。",
            "오늘은 날씨가 좋아서 강가를 걸었다.",
        ]
    ),
    st.text(st.one_of(st.characters(exclude_categories=()), st.sampled_from("b|?骆发가のょ%&涓")), max_size=8),
    st.integers(0, 40),
)
def test_nothing_that_is_looked_for_is_in_an_ordinary_text(sentence: str, inserted: str, place: int) -> None:
    text = (3 * sentence)[:place] + inserted + (3 * sentence)[place:]
    assert SHORT < len(text) <= FEW
    if traits.is_ordinary(text):
        seen = profile(text)
        assert not suspects(seen)
        assert not list(phase.signs(seen, load()))
        assert not seen.present & (traits.ESCAPING | traits.LOOKALIKE | traits.TONED | traits.DESTROYED)
