"""The scan: quick past clean text, and past no damage."""

import itertools
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import GUESS, fix
from mojibake_fix.damage import mixup
from mojibake_fix.scan import Suspect
from mojibake_fix.scan import suspects as suspects_of
from mojibake_fix.traits import ODD, profile

CLEAN = Path(__file__).parent.parent / "fixtures" / "clean"
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)


def suspects(text: str) -> list[Suspect]:
    return suspects_of(profile(text))


def lines(language: str) -> list[str]:
    return (CLEAN / f"{language}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("language", ["hans", "hant", "ja", "ko"])
def test_clean_text_has_hardly_a_suspect(language: str) -> None:
    assert len([line for line in lines(language) if suspects(line)]) <= 3  # of 60; what looks at them finds nothing


@pytest.mark.parametrize("word", ["鲈鲤", "斋笺", "磺化酞菁", "铈锆", "焙烘"])
def test_a_rare_word_in_text_that_reads_well_is_known_as_one(word: str) -> None:
    sentence = f"今年我们又研究了{word}的性质和它的用途，请大家在星期五以前把意见写在这张表上，谢谢各位。"
    assert all(suspect.in_text for suspect in suspects(sentence))
    assert fix(sentence) is sentence


@pytest.mark.parametrize(
    ("garbled", "text"), [("捄褶", "训练"), ("傯褻", "锻炼"), ("鎺掔粌", "排练"), ("嫘畦", "广播")]
)
def test_two_garbled_characters_in_text_are_no_rare_word(garbled: str, text: str) -> None:
    before, after = "他们每天早上都在操场上进行", "，晚上再回到教室里复习。"
    assert fix(before + garbled + after) == before + text + after


def test_hangul_among_hanzi_is_strange_as_a_whole() -> None:
    before, garbled, after = "各位友友以后千万别买了，", "봤팀꼇列돛等척윱돨", "，这是亲身体验"
    assert suspects(before + garbled + after) == [Suspect(len(before), len(before + garbled))]
    assert fix(before + garbled + after) == before + "好评不知道怎么来的" + after


@pytest.mark.parametrize(("between", "found"), [("と", 1), ("と" * 38, 1), ("と" * 39, 0), ("\n", 0)])
def test_two_hanzi_of_chinese_beside_kana_are_one_place_in_a_line(between: str, found: int) -> None:
    text = f"駅の前で这に{between}に们を見た"
    assert len([place for place in suspects(text) if text[place.start] == "这"]) == found


@pytest.mark.parametrize(
    ("written", "read", "language"),
    [
        ("utf-8", "cp936", "hans"), ("utf-8", "cp1252", "hans"), ("utf-8", "latin-1", "hant"), ("utf-8", "cp1251", "hans"),
        ("utf-8", "cp437", "hant"), ("utf-8", "mac_roman", "hans"), ("utf-8", "koi8_r", "hans"), ("cp936", "cp1252", "hans"),
        ("cp936", "latin-1", "hans"), ("cp936", "big5", "hans"), ("big5", "cp936", "hant"), ("big5", "cp1252", "hant"),
        ("cp932", "cp936", "ja"), ("cp932", "cp1252", "ja"), ("cp949", "cp1252", "ko"), ("utf-8", "cp1252", "ko"),
    ],
)  # fmt: skip
def test_no_garbled_sentence_passes(written: str, read: str, language: str) -> None:
    passed = [
        line for line in lines(language) if not suspects(mixup.inflict(line, written, read, replacement="\ufffd"))
    ]
    assert passed == []


@settings(max_examples=200, deadline=None, derandomize=True)
@given(ANY_TEXT)
def test_suspects_are_places_of_the_text_in_order(text: str) -> None:
    found = suspects(text)
    assert all(0 <= place.start < place.end <= len(text) for place in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


def test_a_suspect_is_where_the_garbled_words_are() -> None:
    assert suspects("题目：涓枃鐨勬枃，其余正常") == [Suspect(3, 8)]


def test_ascii_is_passed_at_once() -> None:
    assert suspects("?!" * 1000 + "\x00\x7f") == []


@pytest.mark.parametrize("character", "的一。，“”a0あア한！")
def test_ordinary_characters_are_not_odd(character: str) -> None:
    assert not profile(character).present & ODD


@pytest.mark.parametrize("character", ["\ue000", "\x80", "涓", "鐨", "Ð", "\ufffe", "\U0010ffff", "睍"])
def test_odd_characters_are_odd(character: str) -> None:
    assert profile(character).present & ODD


def test_clean_text_is_scanned_in_linear_time() -> None:
    text = "".join(lines("hans"))

    def seconds(times: int) -> float:
        start = time.process_time()
        suspects(text * times)
        return time.process_time() - start

    seconds(1)
    assert seconds(400) < 4 * max(4 * seconds(100), 0.01)


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        ("안녕하세요 반갑습니다", "cp949", "cp936"), ("关于系统维护的通知", "cp936", "cp949"),
        ("请点击下载", "cp936", "euc_jp"), ("会議室の予約状況を確認", "euc_jp", "cp936"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("separator", ["\n", "\t"])
def test_a_short_line_or_field_of_a_long_text_is_looked_at_by_itself(
    text: str, written: str, read: str, separator: str
) -> None:
    clean = lines("hans")[:12]
    garbled = mixup.inflict(text, written, read)
    assert not profile(garbled).present & ODD or fix(garbled) == text
    assert fix(separator.join([*clean, garbled, *clean])) == separator.join([*clean, text, *clean])


def test_rows_are_told_apart_over_any_length() -> None:
    clean = "\n".join(lines("hans"))
    text = (clean + "\n") * (70_000 // len(clean) + 1) + "请点击下载\n" + clean
    garbled = text.replace("请点击下载", mixup.inflict("请点击下载", "cp936", "euc_jp"))
    assert fix(garbled) == text


@pytest.mark.parametrize(
    ("garbled", "text"), [("宝满酒夸", "괜찮아요"), ("안녕하세요", "안녕하세요"), ("宝马酒店", "宝马酒店")]
)
def test_four_common_hanzi_may_be_korean(garbled: str, text: str) -> None:
    assert fix(garbled) == text


@pytest.mark.parametrize(
    "text",
    [
        "┌─┬─┐\n│甲│乙│\n├─┼─┤\n│子│丑│\n└─┴─┘",
        "╔═╦═╗\n║一║二║\n╠═╬═╣\n╚═╩═╝",
        "╔══╗\n║目錄║\n╚══╝",
        "╭─╮提示╰─╯",
        "加载中█▓▒░",
        "目录┌─┬─┐如下",
        "┏━┳━┓ ┝━┿━┥",
    ],
)
def test_frames_and_shades_that_fit_together_are_drawn(text: str) -> None:
    assert fix(text) is text
    assert fix(text, GUESS) is text


def test_what_code_pages_show_as_box_drawing_comes_back() -> None:
    for reader in ("cp437", "cp866", "koi8_r"):
        garbled = mixup.inflict("请把表格填好", "cp936", reader)
        assert any("─" <= sign <= "▓" for sign in garbled)
        assert fix(garbled) == "请把表格填好"
