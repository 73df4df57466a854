"""Slips: text read out of phase comes back into phase, and what was lost is said."""

import pytest

from mojibake_fix import GUESS, Policy, explain, fix
from mojibake_fix.damage import slip
from mojibake_fix.encodings import charset

REAL = "履職能力。”會上，朱勤虎對于"


@pytest.mark.parametrize(
    ("text", "arguments", "shown"),
    [
        ("能力。”會上，", {"trigger": "mark"}, "能力?！睍\ue490?，"),
        ("能力。”會上，", {"trigger": "mark", "fold": True}, "能力?!睍\ue490?,"),
        ("能力。”會上，", {"trigger": "mark", "replacement": "\ufffd"}, "能力\ufffd！睍\ue490\ufffd，"),
        ("咨詢如何學", {"trigger": "gloss", "hanzi": "內詢"}, "咨詢(xún)?nèi)绾螌W"),
        ("咨詢如何學", {"trigger": "gloss", "hanzi": "內詢", "swallow": False}, "咨詢(xún)?(nèi)绾螌W"),
        ("咨詢如何學", {"trigger": "gloss", "hanzi": "時"}, "咨詢如何學"),
        ("中文字", {"trigger": "lost", "offset": 0}, "形淖?"),
        ("中文字", {"trigger": "added", "offset": 0, "byte": 0xB0}, "爸形淖?"),
        ("中文字", {"trigger": "lost", "offset": 1, "encoding": "big5"}, "去憤?"),
    ],
)
def test_damage_is_byte_exact(text: str, arguments: dict[str, object], shown: str) -> None:
    damaged = slip.inflict(text, **arguments)  # type: ignore[arg-type]
    if arguments.get("encoding") == "big5":
        shown = (
            charset("big5")
            .read("中文字".encode("big5")[:1] + "中文字".encode("big5")[2:], replacement="?", swallow=True)
            .text
        )
    assert damaged == shown


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("中🙂", {"trigger": "mark", "encoding": "big5"}, "big5 cannot write"),
        ("中", {"trigger": "lost", "offset": 2}, "offset 2 lies outside the 2 bytes"),
        ("中", {"trigger": "added", "offset": -1}, "outside"),
        ("中", {"trigger": "melted"}, "melted"),
    ],
)
def test_damage_that_cannot_be_done_is_refused(text: str, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        slip.inflict(text, **arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("swallow", [True, False])
@pytest.mark.parametrize("replacement", ["?", "\ufffd"])
@pytest.mark.parametrize("fold", [True, False])
def test_a_cut_before_a_mark_is_undone(swallow: bool, replacement: str, fold: bool) -> None:
    damaged = slip.inflict(REAL, "mark", swallow=swallow, replacement=replacement, fold=fold)
    assert damaged != REAL
    assert fix(damaged) == (REAL.replace("，", ",") if fold else REAL)


@pytest.mark.parametrize("replacement", ["?", "\ufffd"])
@pytest.mark.parametrize(
    ("text", "hanzi"),
    [
        ("歡迎隨時來電咨詢如何申請，我們將盡快答復。", "內詢時電們將"),
        ("您可以咨詢如何學習使用新的設備，也可以來電詢問", "內詢學習設備電問"),
    ],
)
def test_a_gloss_across_two_characters_is_undone(text: str, hanzi: str, replacement: str) -> None:
    damaged = slip.inflict(text, "gloss", hanzi=hanzi, replacement=replacement, swallow=replacement == "?")
    repair = explain(damaged)
    assert repair.text == text
    assert {step.family for step in repair.plan.steps} == {"gloss", "slip"}
    assert repair.losses == ()


def test_the_mechanism_says_the_bytes() -> None:
    (step,) = explain(slip.inflict(REAL, "mark")).plan.steps
    assert step.family == "slip"
    assert (step.before, step.after) == ("?！睍\ue490?", "。”會上")
    assert "cut before a mark" in step.mechanism
    assert "A1B1 95FE C9" in step.mechanism


TEXT = "公司決定在明年春天擴大生產規模，並且招聘更多的技術工人，提高工資。"


@pytest.mark.parametrize("encoding", ["cp936", "big5"])
@pytest.mark.parametrize("offset", [9, 10, 15])
@pytest.mark.parametrize("trigger", ["lost", "added"])
def test_all_but_the_ends_of_a_run_is_back_in_phase(trigger: str, offset: int, encoding: str) -> None:
    damaged = slip.inflict(TEXT, trigger, offset=offset, encoding=encoding, byte=0xC6)
    assert damaged[4:8] != TEXT[4:8]
    repaired = fix(damaged, GUESS)
    assert repaired[:3] == TEXT[:3]
    assert TEXT[10:-3] in repaired


def test_what_stays_open_is_marked_and_listed() -> None:
    damaged = slip.inflict("他说：“我从来没有见过这样的大雪。”", "mark")
    repair = explain(damaged)
    assert repair.text.startswith("他说：“我从来没有见过这样的大雪")
    assert repair.losses or repair.text == "他说：“我从来没有见过这样的大雪。”"
    for loss in repair.losses:
        assert 0 <= loss.start < loss.end <= len(damaged)
        assert loss.candidates
        assert loss.filled == "\ufffd"


@pytest.mark.parametrize(
    "text",
    ["真的吗?!", "他问：“在吗?”我说：“在!”", "A股?，B股", "什么?!真的?!", "Q:你好?A:好", "买一送一?!老板疯了?!"],
)
def test_marks_that_people_type_stay(text: str) -> None:
    assert fix(text) is text
    assert fix(text, GUESS) is text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("醫生說他一切正常。", "醫生說他一切正?!?"),
        ("影片放到一半暫停。", "影片放到一半暫?!?"),
        ("漁船都回到了沿海。", "漁船都回到了沿?!?"),
    ],
)
def test_a_word_that_goes_on_behind_marks_that_people_type_was_cut(text: str, shown: str) -> None:
    assert slip.inflict(text, "mark", marks="！", fold=True) == shown
    assert fix(shown) == text
    assert explain(shown).plan.undo(text) == shown


def test_a_word_that_goes_on_does_not_make_cuts_of_the_same_marks_elsewhere() -> None:
    shown = "醫生說他一切正?!?"
    assert fix(f"{shown}\n他們到底想怎樣?!?") == "醫生說他一切正常。\n他們到底想怎樣?!?"


def test_a_folded_mark_between_two_orphans_is_none_itself() -> None:
    # 常快， is B3A3 BFEC A3AC, cut before A3BF and before A3AC.
    garbled = slip.inflict(
        "這家店的送貨速度非常快，我很滿意", "mark", marks="？，", replacement="\ufffd", swallow=False, fold=True
    )
    assert garbled == "這家店的送貨速度非\ufffd?\ufffd,我很滿意"
    assert fix(garbled) == "這家店的送貨速度非常快,我很滿意"


@pytest.mark.parametrize("signs", ["??", "???", "?????", "??！", "?????！", "???，", "\ufffd?\ufffd?，", "?!\ufffd，"])
def test_what_databases_have_of_emoji_stays(signs: str) -> None:
    text = f"手機做的越來越好，滿分好評{signs}以後還會再來"
    assert fix(text) is text
    assert fix(text, GUESS) is text


@pytest.mark.parametrize("text", ["我们等了很久，终于到了?????！！?", "这里的风景真的很美????！！?"])
def test_full_width_marks_behind_what_databases_have_of_emoji_are_no_cuts(text: str) -> None:
    assert fix(text) is text
    assert fix(text, GUESS) is text


@pytest.mark.parametrize("orphan", ["?", "\ufffd"])
def test_a_quotation_that_nothing_opened_is_not_closed(orphan: str) -> None:
    # 能保。 is C4DC B1A3 A1A3, cut before A3A1; 。” would be A1A3 A1B1.
    garbled = f"過了一會兒通知過來了，說是外觀問題，不能{orphan}！{orphan}"
    assert "”" not in fix(garbled)
    assert garbled == slip.inflict(
        "過了一會兒通知過來了，說是外觀問題，不能保。", "mark", marks="！", replacement=orphan, swallow=False
    )


def test_a_cut_before_a_mark_leaves_no_second_such_mark() -> None:
    # 啊！ is B0A1 A3A1, cut before A1A3 and before A3A1; ！！ would have stayed whole.
    garbled = slip.inflict("我就不信這個真的看不出來啊！", "mark", marks="！。", replacement="\ufffd", swallow=False)
    assert garbled == "我就不信這個真的看不出來\ufffd\ufffd！"
    assert fix(garbled, GUESS) == "我就不信這個真的看不出來啊！"


def test_signs_of_a_destroyed_character_before_a_mark_are_a_cut_only_where_the_page_is_cut_elsewhere() -> None:
    destroyed = "我就不信這個真的看不出來\ufffd\ufffd！"
    assert fix(destroyed) is destroyed
    elsewhere = slip.inflict(
        "他談到履職能力。”會上，朱先生也來了。\n", "mark", marks="！。", replacement="\ufffd", swallow=False
    )
    assert fix(elsewhere + destroyed) == "他談到履職能力。”會上，朱先生也來了。\n我就不信這個真的看不出來啊！"


@pytest.mark.parametrize("text", ["外面鬧哄\ufffd", "鄰居送來一籃枇\ufffd", "馬路被車輾\ufffd", "我們去看了拘攣\ufffd"])
def test_a_rare_word_cut_inside_a_character_is_no_slip(text: str) -> None:
    assert fix(text) is text


@pytest.mark.parametrize(
    "text",
    ["會議剛開}始就結束", "市立圖書^館", "看這是否{為合理使用", "常任理z事國有哪些", "揭橥?", "拘挛?"],
)
def test_signs_that_people_type_behind_and_inside_words_are_no_rest_of_a_hanzi(text: str) -> None:
    assert fix(text) is text


@pytest.mark.parametrize("place", [1, 2, 3])
def test_one_character_before_a_sign_that_nobody_types_may_be_all_of_a_run(place: int) -> None:
    text = "我们都很喜欢这家店的质量。"
    offset = len("我们都很喜欢这家店的".encode("gbk")) + place
    garbled = slip.inflict(text, "lost", offset=offset, replacement="\ufffd", swallow=False)
    assert fix(garbled, GUESS) == text
    assert fix(garbled) in (text, text.replace("质", "\ufffd"))


@pytest.mark.parametrize("text", ["东西很好，只是美中不足要自己单独买膜。", "耳机好看，还很方便。"])
def test_a_byte_taken_for_an_added_one_may_be_the_rest_of_a_character(text: str) -> None:
    lost = "足" if "足" in text else "还"
    before, after = text.split(lost)
    garbled = slip.inflict(text, "lost", offset=len(before.encode("gbk")))
    repair = explain(garbled)
    assert repair.text == before + after  # as the model has it: one byte of the last character before it was added
    assert [(loss.start, lost in loss.candidates) for loss in repair.losses] == [(len(before), True)]


def test_a_byte_must_be_more_certain_where_nothing_shows_where_a_slip_began() -> None:
    # 质 is D6CA, 重 and 中 have D6 as well: without a mark or a reading before it SAFE marks the place.
    text = "我们都很喜欢这家店的质量。"
    offset = len("我们都很喜欢这家店的".encode("gbk")) + 1
    repair = explain(slip.inflict(text, "lost", offset=offset, replacement="\ufffd", swallow=False))
    assert repair.text == text.replace("质", "\ufffd")
    assert [loss.candidates[0] for loss in repair.losses] == ["质"]


@pytest.mark.parametrize("text", ["?!鏈鍦拌矾寰2", "〇鏈鍦拌矾寰,?! €{…", "€年いゅ?!縺縺｣縺溘"])
def test_what_a_repair_marks_as_lost_is_no_sign_of_a_slip_to_the_next(text: str) -> None:
    once = fix(text)
    assert "\ufffd" in once
    assert fix(once) is once


def test_a_digit_that_may_be_missing_where_a_run_ends_is_said() -> None:
    text = "火车到站的时间是16.28分，请大家准时"
    garbled = slip.inflict(text, "lost", offset=8)
    assert garbled == "火车到站氖奔涫?6.28分，请大家准时"
    repair = explain(garbled)
    assert repair.text.startswith("火车到站的时间")
    assert any("may have been swallowed" in loss.cause for loss in repair.losses)


def test_a_run_that_is_wholly_uncertain_stays_and_is_listed() -> None:
    text = "第一次找客服就这么差，态度极度恶?！?"
    repaired = explain(text, Policy(slip_certainty=50.0))
    assert repaired.text == text
    assert [loss.known for loss in repaired.losses] == ["??A3", "A1??"]


@pytest.mark.parametrize(
    ("garbled", "text"),
    [
        ("根據考古所得，朝鮮b島早已有人居住。", "根據考古所得，朝鮮半島早已有人居住。"),
        ("他在香港中文大W教授歷史。", "他在香港中文大學教授歷史。"),
    ],
)
def test_a_trail_byte_that_was_left_alone_is_a_letter_between_hanzi(garbled: str, text: str) -> None:
    assert fix(garbled) == text


@pytest.mark.parametrize("text", ["哆啦A夢的口袋裡有什麼", "這件T恤和那條K線", "燈光選了六千五百K，很亮"])
def test_letters_that_belong_between_hanzi_stay(text: str) -> None:
    assert fix(text) is text


def test_bytes_out_of_phase_are_not_taken_for_korean() -> None:
    text = "用到现在没有问题，左耳经常卡顿，耗电比较快，两三个小时吧。"
    garbled = slip.inflict(text, "mark", marks="？")
    assert "经?？" in garbled
    assert fix(garbled) == text


def test_bytes_out_of_phase_that_happen_to_read_as_japanese_are_a_slip() -> None:
    text = "三個月就壞了，保養又麻煩。"
    lost = len("三個月就壞了，保養".encode("big5")) + 1
    slipped = slip.inflict(text, "lost", encoding="big5", offset=lost)
    assert fix(slipped) == text.replace("又", "\ufffd")


@pytest.mark.parametrize(
    "sentence", ["「這把傘你先拿去，」祮T說，「下次經過再還我就好。」", "講座為了讓上班族也能參加，耨y改到星期五晚上。"]
)
def test_what_reads_no_better_than_a_rare_word_is_no_text(sentence: str) -> None:
    assert fix(sentence) is sentence  # 店 and 座 lost a byte: 沟員說 and 篡改 is what they would become
