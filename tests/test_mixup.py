"""Mix-ups: written in one encoding and read in another, whole or in part, with and without losses."""

import time
from pathlib import Path

import pytest

from mojibake_fix import GUESS, explain, fix
from mojibake_fix.damage import mixup
from mojibake_fix.damage.pairs import READERS, WRITERS, Pair
from mojibake_fix.damage.plausible import plausible
from mojibake_fix.damage.ranking import ranked_pairs
from mojibake_fix.encodings import DOUBLE_BYTE, SINGLE_BYTE
from mojibake_fix.model import load
from mojibake_fix.scan import suspects
from mojibake_fix.traits import profile

CLEAN = Path(__file__).parent.parent / "fixtures" / "clean"
LANGUAGE = {"utf-8": "hans", "cp936": "hans", "big5": "hant", "cp932": "ja", "euc_jp": "ja", "cp949": "ko"}


def lines(language: str) -> list[str]:
    return (CLEAN / f"{language}.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("read", SINGLE_BYTE)
@pytest.mark.parametrize("written", WRITERS)
def test_whole_sentences_read_in_a_code_page(written: str, read: str) -> None:
    for line in lines(LANGUAGE[written])[::12]:
        assert fix(mixup.inflict(line, written, read)) == line


@pytest.mark.parametrize(("text", "written", "read", "shown"), [
    ("中文", "cp936", "cp1252", "ÖÐÎÄ"),
    ("中文", "utf-8", "latin-1", "ä¸\xadæ\x96\x87"),
    ("中文", "big5", "cp936", "いゅ"),
    ("中文", "cp936", "big5", "笢恅"),
    ("€", "cp936", "cp1252", "€"),
    ("\ue000", "cp936", "latin-1", "ª¡"),
    ("", "utf-8", "cp936", ""),
])  # fmt: skip
def test_damage_is_byte_exact(text: str, written: str, read: str, shown: str) -> None:
    assert mixup.inflict(text, written, read) == shown


def test_damage_that_cannot_be_done_is_refused() -> None:
    with pytest.raises(ValueError, match="big5 cannot write"):
        mixup.inflict("🙂", "big5", "cp1252")
    with pytest.raises(ValueError, match="cp936 cannot read byte 82 at offset 2; pass a replacement"):
        mixup.inflict("。", "utf-8", "cp936")
    with pytest.raises(ValueError, match="utf-8 cannot write"):
        mixup.inflict("\ud800", "utf-8", "latin-1")
    with pytest.raises(LookupError, match="known: utf-8"):
        mixup.inflict("中", "utf-8", "ebcdic")


@pytest.mark.parametrize(("garbled", "pair"), [
    ("ÖÐÎÄ±àÂë", Pair("cp936", "cp1252")),
    ("涓枃鐨勬枃", Pair("utf-8", "cp936")),
    ("ä¸\xadæ\x96\x87å\xad\x97", Pair("utf-8", "latin-1")),
])  # fmt: skip
def test_the_right_pair_is_ranked_first(garbled: str, pair: Pair) -> None:
    ranked = ranked_pairs(garbled, load())
    assert pair in ranked[0].pairs
    assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)


def test_clean_text_has_no_better_pair_that_reads_as_text() -> None:
    model = load()
    for line in lines("hans")[:10]:
        assert all(one.score < -7.0 * len(one.read) for one in ranked_pairs(line, model))


@pytest.mark.parametrize(
    ("written", "read"), [("utf-8", "cp1252"), ("cp936", "cp1252"), ("cp936", "latin-1"), ("cp936", "big5")]
)
def test_a_sentence_garbled_inside_a_clean_line(written: str, read: str) -> None:
    texts, tried = lines("hans"), 0
    for index in range(0, 57, 3):
        first, middle, last = texts[index : index + 3]
        try:
            garbled = mixup.inflict(middle, written, read)
        except ValueError:
            continue
        tried += 1
        repair = explain(first + garbled + last)
        assert repair.text == first + middle + last
        assert all(len(first) <= step.start and step.end <= len(first + garbled) for step in repair.plan.steps)
    assert tried > 4


@pytest.mark.parametrize("layers", [2, 3])
@pytest.mark.parametrize("read", ["cp1252", "latin-1"])
def test_layers_come_off_one_by_one(layers: int, read: str) -> None:
    line = lines("hans")[4]
    garbled = line
    for _ in range(layers):
        garbled = mixup.inflict(garbled, "utf-8", read)
    repair = explain(garbled)
    assert repair.text == line
    assert repair.plan.undo(line) == garbled


@pytest.mark.parametrize("swallow", [False, True])
def test_a_digit_that_a_sign_may_have_swallowed_is_said_to_be_missing(swallow: bool) -> None:
    # 年 ends in B4, which begins no character with the 1 behind it; nothing tells whether the reader swallowed that.
    text = "他于2015年10月到达"
    repair = explain(mixup.inflict(text, "utf-8", "cp936", replacement="?", swallow=swallow))
    assert repair.text.startswith("他于2015年0月" if swallow else "他于2015年10月")
    said = [loss for loss in repair.losses if "may have been swallowed" in loss.cause]
    assert [repair.source[loss.start : loss.end] for loss in said] == ["?"]
    assert set("0123") <= set(said[0].candidates)


@pytest.mark.parametrize("text", ["請問要怎麼去火車站？", "哪裡可以買到這種水果？", "這件事誰也沒有想到過！"])
def test_a_mark_that_lost_its_last_byte_asks_where_the_clause_does(text: str) -> None:
    garbled = mixup.inflict(text, "utf-8", "cp936", replacement="\ufffd")
    assert garbled.endswith("\ufffd")
    assert fix(garbled, GUESS) == text


@pytest.mark.parametrize("swallow", [False, True])
def test_lost_bytes_are_guessed_or_marked(swallow: bool) -> None:
    right = lost = 0
    for line in lines("hans"):
        garbled = mixup.inflict(line, "utf-8", "cp936", replacement="?", swallow=swallow)
        safe, guess = explain(garbled), explain(garbled, GUESS)
        if len(safe.text) == len(line):
            assert all(a in (b, "\ufffd") for a, b in zip(safe.text, line, strict=True)), safe.text
        lost += safe.text.count("\ufffd")
        right += guess.text[:-1] == line[:-1]
        assert "\ufffd" not in guess.text
        assert len(safe.losses) >= (1 if "\ufffd" in safe.text else 0)
    assert lost > 0
    assert right >= 45  # of 60; measured 54 and more, the last character aside


def test_the_mechanism_names_both_encodings() -> None:
    (step,) = explain(mixup.inflict(lines("hans")[1], "cp936", "latin-1")).plan.steps
    assert step.family == "mixup"
    assert "written as cp936, read as" in step.mechanism
    assert step.log_odds > 50


def test_the_vocabulary_is_known_to_the_encodings() -> None:
    for name in {*WRITERS, *READERS}:
        assert mixup.inflict("a", name, name) == "a"
    assert mixup.inflict("中文", "utf-8", "cp1252", drop_controls=True) == "ä¸\xadæ–‡"


@pytest.mark.parametrize(("text", "written", "read"), [
    ("안녕하세요", "cp949", "cp936"),
    ("우리 집에", "cp949", "cp936"),
    ("彼が5歳の時に亡くなり", "euc_jp", "cp936"),
    ("今天天气很好", "cp936", "euc_jp"),
    ("请把窗户打开", "cp936", "cp949"),
    ("快递到了吗", "cp936", "big5"),
    ("서울에서 부산까지 기차로 세 시간이 걸린다", "cp949", "cp936"),
])  # fmt: skip
def test_short_strings_that_no_odd_character_gives_away(text: str, written: str, read: str) -> None:
    assert fix(mixup.inflict(text, written, read)) == text


@pytest.mark.parametrize("text", ["窗户要关好,夜里会下雨", "会议记录已经整理好了,请各位核对,没有问题就存档"])
def test_an_ascii_comma_of_the_author_stays_one(text: str) -> None:
    assert fix(mixup.inflict(text, "cp936", "cp949")) == text


@pytest.mark.parametrize("inner", [("cp936", "cp1252"), ("utf-8", "latin-1")])
@pytest.mark.parametrize("text", ["锃亮的烛台，碧绿的绿萝(图)", "篆刻展在绍兴开幕 观者如堵(图)"])
def test_a_line_that_is_utf_8_by_its_form_is_proven_whatever_lies_below(text: str, inner: tuple[str, str]) -> None:
    garbled = mixup.inflict(mixup.inflict(text, *inner), "utf-8", "cp936")
    assert fix(garbled) == text


def test_big5_with_the_private_use_of_cp950_is_read_back() -> None:
    # 可 is E5 8F AF: 8FAF is a character of Hong Kong to some readers, and private use to those of Microsoft.
    assert fix("撠勗\ue3fb頧砌蛹撘批漲") == "就可转为弧度"


def test_a_reader_of_gbk_may_take_80_together_with_the_next_byte() -> None:
    # 送 is E9 80 81, of which 91 E9 is a character of GBK and 80 81 is none.
    assert fix("鏂扮殑鐗堟湰宸茬粡鍙戦�缁欐墍鏈夌殑鐢ㄦ埛銆�") == "新的版本已经发送给所有的用户。"


def test_question_marks_beside_u_fffd_are_the_authors_own() -> None:
    text = "这个问题怎么办???您说的是哪一个文件?"
    garbled = mixup.inflict(text, "utf-8", "cp936", replacement="\ufffd")
    assert "\ufffd" in garbled
    assert "???" in fix(garbled)
    assert fix(garbled, GUESS) == text


@pytest.mark.parametrize(
    ("text", "written", "read"),
    [
        ("夏の終わりに海へ行った。テレビゲームをしていた。", "cp932", "cp850"),
        ("夏の夜、コンピュータゲームのプログラムを少しずつ直していた", "cp932", "cp437"),
    ],
)
def test_katakana_that_a_code_page_shows_as_the_same_letter_again_and_again(text: str, written: str, read: str) -> None:
    assert fix(mixup.inflict(text, written, read)) == text


@pytest.mark.parametrize(
    "text",
    [
        "夏の夜、コンピュータゲームのプログラムを少しずつ直していた",
        "会議の資料を整理してから、部長に電話をかけるつもりだ",
    ],
)
def test_japanese_read_as_chinese_keeps_its_kana_and_shows_words_of_simplified_chinese(text: str) -> None:
    garbled = mixup.inflict(text, "euc_jp", "cp936")
    assert "の" in garbled
    assert fix(garbled) == text


def test_the_whole_line_tells_which_writer_it_was_where_a_part_does_not() -> None:
    # The longest odd part is kana, which GBK and EUC-JP have in the same places.
    text = "1987年3月14日には、テストコースのレースにでた"
    assert fix(mixup.inflict(text, "euc_jp", "cp949")) == text


def test_what_is_garbled_is_followed_beyond_what_is_odd() -> None:
    text = "「すみません」と「ごめんなさい」はどう違うのですか？日本語を勉強中の者です。"
    garbled = mixup.inflict(text, "euc_jp", "big5")
    assert suspects(profile(garbled))[0].start > 24
    assert fix(garbled) == text


@pytest.mark.parametrize(
    "text", ["ｶﾞｲﾄﾞを見る", "啦啦啦啦啦啦啦啦啦咯啦咯啦咯啦咯", "咣当咣当咣当咣当", "牵了驴和驴驹来", "不听我唉哼的话"]
)
def test_what_only_happens_to_spell_syllables_elsewhere_is_no_mixup(text: str) -> None:
    assert not any(step.family == "mixup" for step in explain(text).plan.steps)


@pytest.mark.parametrize(
    ("garbled", "text"),
    [
        ("The book 鈥? not the film 鈥? was good.", "The book — not the film — was good."),
        ("鈥? First item\n鈥? Second item", "• First item\n• Second item"),
        ("It鈥檚 fine.", "It’s fine."),
    ],
)
def test_signs_of_western_text_are_told_by_where_they_stand(garbled: str, text: str) -> None:
    assert fix(garbled) == text


@pytest.mark.parametrize("garbled", ["a 鈫? b", "10 鈮? x", "说明鈥?见下文"])
def test_what_is_wholly_uncertain_stays_as_it_is_and_is_listed(garbled: str) -> None:
    repaired = explain(garbled)
    assert repaired.text == garbled
    assert repaired.losses
    assert fix(garbled, GUESS) != garbled


def test_kana_beside_hanzi_that_japanese_has_not_are_evidence() -> None:
    assert fix("ゆ砱疶") == "斗貪狼"
    assert fix("优の良品、潮の物") == "优の良品、潮の物"


def test_a_small_kana_where_none_can_stand_gives_chinese_away() -> None:
    assert mixup.inflict("中文數", "big5", "cp936") == "いゅ计"
    assert fix("いゅ计:") == "中文數:"
    assert fix("きゃりーの計画") == "きゃりーの計画"


def test_a_line_with_many_garbled_parts_takes_linear_time() -> None:
    part = "这一句没有问题。 " + mixup.inflict("后面一句有问题。", "cp936", "cp1252") + " "

    def seconds(times: int) -> float:
        start = time.process_time()
        assert fix(part * times).count("有问题") == 2 * times
        return time.process_time() - start

    seconds(5)
    assert seconds(600) < 3 * max(4 * seconds(150), 0.05)


def test_private_use_before_a_garbled_part_does_not_hide_it() -> None:
    garbled = mixup.inflict("颜色不一样", "utf-8", "cp936", replacement="\ufffd")
    assert fix(f"说好的Ａ\ue5e5货，{garbled}") == "说好的Ａ\ue5e5货，颜色不一样"


@pytest.mark.parametrize(
    "text", ["我们调查了三个村子的水稻.结果表明,产量有了明显的提高.", "方法很好.我们用了三年,效果也很好."]
)
def test_a_full_stop_of_ascii_is_swallowed_at_the_end_of_a_text_that_has_others(text: str) -> None:
    garbled = mixup.inflict(text, "utf-8", "cp936", replacement="?", swallow=True)
    assert garbled.endswith("?")
    assert fix(garbled, GUESS) == text
    [loss] = [loss for loss in explain(garbled).losses if loss.end == len(garbled)]
    assert loss.candidates[0] == "."


@pytest.mark.parametrize(
    "text",
    [
        "字段名称",
        "// 初始化变量",
        "本地路径不存在",
        "用户名: 123",
        "返回值：成功返回0，失败返回-1",
        "这个函数用于初始化数据库连接",
    ],
)
@pytest.mark.parametrize("read", ["gbk", "gb18030"])
def test_bytes_that_a_reader_ignored_without_a_sign(text: str, read: str) -> None:
    shown = text.encode().decode(read, "ignore")
    assert fix(shown) == text


@pytest.mark.parametrize("text", ["日本語ではリズムを整える", "生き物に欠かせないもの"])
def test_bytes_that_a_reader_of_shift_jis_ignored(text: str) -> None:
    assert fix(text.encode().decode("cp932", "ignore"), GUESS) == text


@pytest.mark.parametrize("text", ["用户名: 123", "字段名称", "{'desc': '描述信息'}", "收到的膜是坏掉的"])
def test_two_bytes_in_a_row_that_a_reader_ignored(text: str) -> None:
    assert fix(text.encode().decode("cp1252", "ignore"), GUESS) == text


@pytest.mark.parametrize("text", ["数量有增减", "温度会上升"])
def test_context_tells_where_an_ignored_byte_stood(text: str) -> None:
    shown = text.encode().decode("cp1252", "ignore")  # E5878F is 减, E58D87 is 升: å‡ is left of either
    assert "å‡" in shown
    assert fix(shown, GUESS) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("新建文件夹", "gbk"),
        ("中文.txt", "gbk"),
        ("說明文件", "big5"),
        ("文字化けテスト", "cp932"),
        ("안녕하세요", "cp949"),
    ],
)
def test_bytes_that_python_shows_as_lone_surrogates(text: str, written: str) -> None:
    assert fix(text.encode(written).decode("utf-8", "surrogateescape")) == text
    assert fix(text.encode(written).decode("ascii", "surrogateescape")) == text
    assert fix(text.encode().decode("ascii", "surrogateescape")) == text


def test_a_lone_surrogate_that_is_no_byte_stays() -> None:
    for text in ("\ud83d这句话没有问题", "表情\udc80没了", "\udcff\udcfe"):
        assert fix(text) is text


def test_a_soft_hyphen_may_vanish_though_controls_are_shown() -> None:
    shown = "我们一起去公园散步吧。".encode().decode("latin-1")
    assert "\xad" in shown
    assert "\x91" in shown
    assert fix(shown.replace("\xad", "")) == "我们一起去公园散步吧。"


@pytest.mark.parametrize("text", ["其实前面的情况已经清楚了", "请注意查收", "他的情绪起伏很大", "请前往其他区域"])
@pytest.mark.parametrize("read", ["big5", "cp950", "big5hkscs"])
def test_the_big5_of_python_has_signs_in_other_places(text: str, read: str) -> None:
    assert fix(text.encode("gbk").decode(read)) == text


@pytest.mark.parametrize("read", ["gbk", "gb18030"])
def test_what_the_codecs_of_python_replace_is_one_byte_each(read: str) -> None:
    text = "这个文件由系统自动生成，请勿手工修改；如果需要修改，请先联系管理员。"
    shown = text.encode().decode(read, "replace")
    assert "\ufffd" in shown
    assert fix(shown, GUESS) == text


@pytest.mark.parametrize("read", ["big5", "cp932"])
def test_what_follows_a_replaced_byte_tells_what_it_was(read: str) -> None:
    shown = "这份报告全面总结了公司的经营情况".encode("gbk").decode(read, "replace")
    assert "\ufffd" in shown
    assert fix(shown) == "这份报告全面总结了公司的经营情况"


def test_the_last_byte_that_was_ignored_ends_the_text() -> None:
    assert fix("错误：文件不存在！".encode().decode("gbk", "ignore"), GUESS) == "错误：文件不存在！"


@pytest.mark.parametrize(
    ("writer", "text"),
    [
        ("cp936", "我国经济发展取得了很大的成就"),
        ("big5", "我國經濟發展取得了很大的成就"),
        ("cp932", "駅の前で会って、海の見える店へ行った"),
        ("euc_jp", "駅の前で会って、海の見える店へ行った"),
        ("cp949", "오늘은날씨가좋아서강가를걸었다"),
        ("utf-8", "我国经济发展取得了很大的成就"),
        ("utf-8", "駅の前で会って、海の見える店へ行った"),
        ("utf-8", "오늘은날씨가좋아서강가를걸었다"),
    ],
)
@pytest.mark.parametrize("reader", DOUBLE_BYTE)
def test_what_garbled_a_text_is_plausible(writer: str, text: str, reader: str) -> None:
    if reader.partition("/")[0] == writer or (reader, writer) == ("gb18030", "cp936"):
        return
    for length in (4, 6, len(text)):
        for start in range(len(text) - length + 1):
            shown = mixup.inflict(text[start : start + length], writer, reader, replacement="\ufffd")
            told = plausible(shown)
            assert told is None or writer in told.get(reader, ()), shown


def test_rare_words_are_made_plausible_by_few_pairs() -> None:
    words = ["踉跄", "嶙峋", "魑魅魍魉", "饕餮", "氤氲", "旖旎", "囹圄", "耄耋", "龌龊", "蹀躞"]
    told = [plausible(word) for word in words]
    assert sum(len(writers) for one in told if one is not None for writers in one.values()) < 5 * len(words)
