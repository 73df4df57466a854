"""Bytes to text: nothing lost silently, and mixed encodings read stretch by stretch."""

import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import LostBytes, decode, explain_bytes, fix_bytes
from mojibake_fix.damage import mixup

SENTENCES = json.loads((Path(__file__).parent.parent / "fixtures/detection/sentences.json").read_text(encoding="utf-8"))
ENCODINGS = (
    "utf-8", "gb18030", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr", "euc-tw", "hz", "iso-2022-jp", "iso-2022-cn",
    "iso-2022-kr", "johab", "utf-16le", "utf-16be", "utf-32le", "windows-1252", "windows-1251", "koi8-u", "macintosh",
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(ENCODINGS))
def test_lost_bytes_are_recorded_and_nothing_else_is_lost(data, encoding):
    result = decode(data, encoding)
    for loss in result.losses:
        assert data[loss.offset : loss.offset + len(loss.data)] == loss.data
        assert loss.data
        assert result.text[loss.position] == "\ufffd"
    places = [(loss.offset, loss.offset + len(loss.data)) for loss in result.losses]
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))
    if encoding == "utf-8" and not result.losses:
        assert result.text.encode() == data.removeprefix(b"\xef\xbb\xbf")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_segments_cover_the_input_and_the_text(data):
    result = decode(data)
    assert [segment.start for segment in result.segments[1:]] == [segment.end for segment in result.segments[:-1]]
    assert result.segments[0].start == 0
    assert result.segments[-1].end == len(data)
    assert sum(segment.length for segment in result.segments) == len(result.text)
    assert json.loads(result.to_json())["encoding"] == result.encoding


@pytest.mark.parametrize(
    ("data", "encoding", "text", "losses"),
    [
        ("D6D0 FF CE C4", "gbk", "中�文", ((2, "FF", "invalid"),)),
        ("D6D0 CE", "gbk", "中�", ((2, "CE", "truncated"),)),
        ("D6D0 CE 3C62", "gbk", "中�<b", ((2, "CE", "invalid"),)),
        ("A4A4 A0", "big5", "中�", ((2, "A0", "truncated"),)),
        ("E4B8AD E6 96", "utf-8", "中�", ((3, "E696", "truncated"),)),
        ("E4B8AD E6 41", "utf-8", "中�A", ((3, "E6", "invalid"),)),
        ("2D4E 87", "utf-16le", "中�", ((2, "87", "truncated"),)),
        ("82A0 82", "shift_jis", "あ�", ((2, "82", "truncated"),)),
        ("81308130 8130", "gb18030", "\x80�", ((4, "8130", "truncated"),)),
        ("C4E3 C5", "euc-tw", "中�", ((2, "C5", "truncated"),)),
        ("7E7B 5650 4E7E7D", "hz", "中�", ((4, "4E", "invalid"),)),
    ],
)
def test_lost_bytes_have_offset_bytes_and_cause(data, encoding, text, losses):
    result = decode(bytes.fromhex(data), encoding)
    assert result.text == text
    assert tuple((loss.offset, loss.data.hex().upper(), loss.why) for loss in result.losses) == losses
    assert result.truncated == (losses[-1][2] == "truncated")


def test_a_byte_order_mark_is_no_part_of_the_text():
    for encoding in ("utf-8-sig", "utf-16", "utf-32"):
        assert decode("中文".encode(encoding)).text == "中文"


def test_seven_bit_encodings_read_what_python_writes():
    for codec, label, language in (
        ("hz", "hz", "hans"),
        ("iso2022_jp", "iso-2022-jp", "ja"),
        ("iso2022_kr", "iso-2022-kr", "ko"),
        ("johab", "johab", "ko"),
    ):
        text = "\n".join(SENTENCES[language])
        assert decode(text.encode(codec), label).text == text
        assert decode(text.encode(codec)).text == text


def test_iso_2022_cn_reads_both_scripts():
    simplified = b"\x1b$)A\x0e" + bytes(byte & 0x7F for byte in "中文".encode("gb2312")) + b"\x0f abc\n"
    traditional = b"\x1b$)G\x0e" + bytes.fromhex("4463 4546") + b"\x1b$*H\x1bN" + bytes.fromhex("2121") + b"\x0f"
    assert decode(simplified + traditional, "iso-2022-cn").text == "中文 abc\n中文乂"


@st.composite
def mixed(draw):
    """Two to five segments in different encodings, with what they say."""
    parts = []
    for _ in range(draw(st.integers(2, 5))):
        choices = [
            item
            for item in (("gb18030", "hans"), ("big5", "hant"), ("utf-8", "hant"))
            if not parts or item[0] != parts[-1][0]
        ]
        encoding, language = draw(st.sampled_from(choices))
        parts.append((encoding, draw(st.sampled_from(SENTENCES[language]))))
    return parts, draw(st.sampled_from(["\n", "", " | "]))


@settings(max_examples=60, deadline=None)
@given(mixed())
def test_mixed_encodings_are_read_stretch_by_stretch(case):
    parts, between = case
    data = b"".join(text.encode(encoding) + between.encode() for encoding, text in parts)
    result = decode(data)
    wanted = "".join(text + between for _, text in parts)
    right = sum(a == b for a, b in zip(result.text, wanted, strict=False))
    assert abs(len(result.text) - len(wanted)) <= 1
    assert right >= 0.95 * len(wanted)
    assert result.mixed


@pytest.mark.parametrize("language", ["hans", "hant"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "big5"])
def test_clean_text_is_never_mixed(language, encoding):
    if encoding == "big5" and language == "hans":
        return
    result = decode("\n".join(SENTENCES[language]).encode(encoding))
    assert len(result.segments) == 1
    assert result.losses == ()


def test_binary_data_is_shown_byte_for_byte():
    data = bytes(range(256)) * 8
    result = decode(b"\x89PNG\r\n\x1a\n" + data)
    assert result.encoding is None
    assert len(result.text) == len(data) + 8


def test_bytes_are_repaired_after_they_are_read():
    garbled = "清晨的菜市场".encode().decode("gbk")
    assert fix_bytes(garbled.encode("gb18030")) == "清晨的菜市场"
    assert (
        fix_bytes("題目：企業(yè)發(fā)展的動(dòng)力，質(zhì)量很好".encode("gbk")) == "題目：企業發展的動力，質量很好"
    )
    explanation = explain_bytes("企業(yè)發(fā)展的動(dòng)力".encode("utf-16"))
    assert explanation.text == explanation.repair.plan.apply(explanation.decoded.text)
    assert json.loads(explanation.to_json())["decoded"]["encoding"] == "UTF-16LE"


@settings(deadline=None)
@given(st.binary(max_size=120))
def test_fix_bytes_takes_any_bytes(data):
    assert isinstance(fix_bytes(data), str)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_ascii_alone_is_read_whatever_it_is_declared_to_be(encoding):
    page = f'<meta charset="{encoding}"><a href="/">moved</a>'
    assert decode(page.encode()).text == page
    assert decode(b"moved", declared=encoding).text == "moved" or encoding.startswith("utf-")


def test_what_another_detector_named_is_read():
    data = ("the market opens early and closes late, as it has always done " * 4).encode("cp037")
    assert decode(data).text.startswith("the market")


BITS_OF_INPUTS = st.sampled_from(
    [b"a", b"\n", b"?", b"\x00", b"\xff", b"\x80", b"~{", b"~}", b"\x1b$B", b"\x1b(B", b"\x8e\xa1", b"\xfe\xff", b"+ACM-",
     b'<meta charset="gbk">', b'<?xml encoding="koi8-r"?>', "中文".encode(), "中文".encode("gbk"), "中文".encode("big5")]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(BITS_OF_INPUTS, max_size=8).map(b"".join), st.sampled_from((None, *ENCODINGS)))
def test_no_input_and_no_declaration_raises(data, declared):
    result = decode(data, declared=declared)
    assert sum(segment.length for segment in result.segments) == len(result.text)
    fix_bytes(data, declared=declared)


def test_an_unlisted_sequence_is_lost_whole():
    assert decode(bytes.fromhex("A4A4 C7F4 A4E5"), "big5").losses == ()
    assert decode(bytes.fromhex("8EA3A1A1"), "euc-tw").losses == (
        LostBytes(0, bytes.fromhex("8EA3A1A1"), "no character", 0),
    )


@pytest.mark.parametrize(("codec", "language"), [("gb18030", "hans"), ("big5", "hant")])
def test_lost_bytes_do_not_make_an_input_mixed(codec, language):
    clean = "\n".join(SENTENCES[language]).encode(codec)
    for step in (97, 131, 211):
        result = decode(bytes(byte for place, byte in enumerate(clean) if place % step != step - 1))
        assert not result.mixed


def cesu_8(text: str) -> bytes:
    """Write text as Java and some databases do: each half of a character beyond the basic plane in three bytes."""
    units = text.encode("utf-16-be")
    halves = (chr(int.from_bytes(units[place : place + 2])) for place in range(0, len(units), 2))
    return "".join(halves).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("text", ["今天吃了火锅🎉，很好吃", "🎉🎉新的规定从下个月开始执行", "图书馆的读者越来越多😋"])
def test_emoji_in_two_halves_are_read_as_one(text: str) -> None:
    decoded = decode(cesu_8(text))
    assert decoded.text == text
    assert not decoded.losses
    assert "CESU-8" in {segment.encoding for segment in decoded.segments}
    mixed = decode(cesu_8(text) * 20 + "\n图书馆的读者越来越多，新的规定从下个月开始执行。".encode("gbk"))
    assert mixed.text == text * 20 + "\n图书馆的读者越来越多，新的规定从下个月开始执行。"


@pytest.mark.parametrize(
    ("written", "read"), [("cp936", "latin-1"), ("utf-8", "latin-1"), ("cp936", "big5"), ("utf-8", "cp850")]
)
def test_garbled_text_that_is_utf_8_is_read_as_it_stands(written: str, read: str) -> None:
    """What it says is for the repair; its bytes are what they are."""
    for sentence in (
        "我昨天在超市买了三斤苹果，花了二十八块五。",
        "他说：这件事不能再拖了，明天就办。",
        "图书馆的读者越来越多，座位不够。",
    ):
        shown = mixup.inflict(sentence, written, read, replacement="?")
        assert decode(shown.encode()).text == shown
        page = f"没有问题的文字，今天天气很好。\n{shown}\n明天再说吧，我们先走了。\n"
        assert decode(page.encode()).text == page
        assert (
            decode(page.encode() + "这一行是另一种编码，图书馆。\n".encode("gbk")).text
            == page + "这一行是另一种编码，图书馆。\n"
        )
        if written == "cp936":
            assert fix_bytes(page.encode()) == page.replace(shown, sentence)


RULES = {
    "gbk": ["────────", "━━━━━━━━━━━━", "═══════", "※※※※※※※※", "＊＊＊＊＊＊", "├── 源码", "啊啊啊啊啊啊", "呵呵呵呵呵呵",
            "α β γ δ ε ζ η θ", "ā á ǎ à ē é ě è", "ㄅㄆㄇㄈㄉㄊㄋㄌ", "Привет, как дела?",
            "饕餮、魑魅魍魉、耄耋", "氢氦锂铍硼碳氮氧"],
    "big5": ["※※※※", "◎◎◎◎", "════", "ㄅㄆㄇㄈㄉㄊㄋㄌ", "啊啊啊啊啊啊"],
    "cp949": ["ㅋㅋㅋㅋㅋ", "ㅠㅠㅠㅠㅠ", "─────"],
    "cp932": ["━━━━━━", "αβγδεζηθ"],
}  # fmt: skip
PROSE = {
    "gbk": ("订单编号：10086，今天天气很好，我们去公园散步吧。\n", "\n合计：12元，谢谢惠顾。\n"),
    "big5": ("訂單編號：10086，今天天氣很好，我們去公園散步吧。\n", "\n合計：12元，謝謝惠顧。\n"),
    "cp949": ("오늘은 날씨가 좋아서 공원에 갔다.\n", "\n상품: 우유, 감사합니다.\n"),
    "cp932": ("今日は天気がいいので公園へ行きました。\n", "\n商品：牛乳、ありがとうございます。\n"),
}


@pytest.mark.parametrize("encoding", RULES)
def test_rules_and_rare_signs_are_no_other_encoding(encoding: str) -> None:
    before, after = PROSE[encoding]
    for line in RULES[encoding]:
        text = before + line + after
        assert decode(text.encode(encoding)).text == text


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
@pytest.mark.parametrize("separator", ["\x01", "\x02", "\x1f"])
def test_separators_of_fields_make_no_text_binary(encoding: str, separator: str) -> None:
    text = "".join(
        separator.join((f"{number}", "张三", "北京市海淀区", "购买牛奶", "12")) + "\n" for number in range(60)
    )
    assert decode(text.encode(encoding)).text == text


def test_text_that_is_padded_with_nul_is_text() -> None:
    text = "图书馆的读者越来越多" + "\0" * 64
    for encoding in ("utf-8", "gbk", "big5"):
        shown = text.replace("图书馆的读者", "中文的").replace("来越", "文") if encoding == "big5" else text
        assert decode(shown.encode(encoding, "ignore")).encoding is not None
    assert decode("姓名\0".encode(), candidates=["utf-8"]).text == "姓名\0"
