"""The encoding of any bytes: clean, short, damaged, declared rightly and wrongly, and no text at all."""

import itertools
import json
import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import Detection, Detector, UnknownEncodingError, decode, detect, detect_stream

ROOT = Path(__file__).parent.parent
SENTENCES = json.loads((ROOT / "fixtures/detection/sentences.json").read_text(encoding="utf-8"))
MATERIAL = (
    ("gb18030", "gb18030", "hans"),
    ("gbk", "gb18030", "hant"),
    ("big5", "Big5", "hant"),
    ("cp932", "Shift_JIS", "ja"),
    ("euc_jp", "EUC-JP", "ja"),
    ("cp949", "EUC-KR", "ko"),
    ("johab", "Johab", "ko"),
    ("utf-8", "UTF-8", "hans"),
    ("utf-8", "UTF-8", "ru"),
    ("utf-16-le", "UTF-16LE", "hans"),
    ("utf-16-be", "UTF-16BE", "ko"),
    ("utf-32-le", "UTF-32LE", "hant"),
    ("utf-32-be", "UTF-32BE", "fr"),
    ("hz", "HZ-GB-2312", "hans"),
    ("iso2022_jp", "ISO-2022-JP", "ja"),
    ("iso2022_kr", "ISO-2022-KR", "ko"),
    ("cp1251", "windows-1251", "ru"),
    ("koi8_r", "KOI8-R", "ru"),
    ("cp866", "IBM866", "ru"),
    ("cp1253", "windows-1253", "el"),
    ("cp1252", "windows-1252", "fr"),
    ("cp1252", "windows-1252", "de"),
    ("cp1250", "windows-1250", "pl"),
    ("iso8859_2", "ISO-8859-2", "pl"),
)
DOUBLE = (("gb18030", "hans"), ("big5", "hant"))
CJK = {"gb18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "EUC-TW", "Johab"}


def text(language):
    return "\n".join(SENTENCES[language])


def same(data, answer, codec):
    """Whether the answer reads the bytes as the codec does."""
    return decode(data, answer).text == data.decode(codec, "replace")


@pytest.mark.parametrize(("codec", "name", "language"), MATERIAL)
def test_clean_text(codec, name, language):
    data = text(language).encode(codec, "ignore")
    found = detect(data)
    assert found.encoding == name
    assert found.probability > 0.9
    assert data.decode(found.codec) == text(language).encode(codec, "ignore").decode(codec)


@pytest.mark.parametrize(("codec", "name", "language"), [row for row in MATERIAL if row[1] in CJK - {"Johab"}])
def test_one_sentence_is_enough(codec, name, language):
    for sentence in SENTENCES[language]:
        assert detect(sentence.encode(codec)).encoding == name


def test_euc_tw_and_iso_2022_cn():
    from mojibake_fix.escapes import cns

    pairs = {c: b"\x8e\xa2" + pair for pair, c in cns(2).items()} | {c: pair for pair, c in cns(1).items()}
    hanzi = [character for character in text("hant") if character in pairs]
    data = b"".join(pairs[character] for character in hanzi)
    assert detect(data).encoding == "EUC-TW"
    assert detect(data).codec is None
    assert decode(data).text == "".join(hanzi)
    shifted = b"\x1b$)A\x0e" + bytes(byte & 0x7F for byte in "清晨的菜市场".encode("gb2312")) + b"\x0f\n"
    assert detect(shifted).encoding == "ISO-2022-CN"


@pytest.mark.parametrize(("codec", "language"), DOUBLE)
def test_damage_does_not_mislead(codec, language):
    clean = text(language).encode(codec)
    random_ = random.Random(4)  # noqa: S311
    for _ in range(30):
        place = random_.randrange(len(clean))
        noisy = bytes(random_.randrange(1, 256) if random_.random() < 0.01 else byte for byte in clean)
        for data in (clean[:place] + clean[place + 1 :], clean[:place] + b"\xff" + clean[place + 1 :], noisy):
            assert same(data, detect(data).encoding, codec if codec != "big5" else "big5hkscs") or (
                detect(data).encoding == {"gb18030": "gb18030", "big5": "Big5"}[codec]
            )


@pytest.mark.parametrize(("codec", "language"), [*DOUBLE, ("utf-8", "hans"), ("cp932", "ja"), ("cp949", "ko")])
def test_a_cut_at_any_byte_does_not_mislead(codec, language):
    name = detect(text(language).encode(codec)).encoding
    data = SENTENCES[language][0].encode(codec)
    assert {detect(data[:length]).encoding for length in range(12, len(data))} == {name}


def test_utf_8_with_lost_bytes_is_utf_8():
    for language in ("hans", "hant", "ru", "ko"):
        clean = text(language).encode()
        for place in range(0, len(clean), 7):
            assert detect(clean[:place] + clean[place + 1 :]).encoding == "UTF-8"


@pytest.mark.parametrize(("codec", "language"), DOUBLE)
def test_text_behind_markup_and_one_comment_in_code(codec, language):
    sentence = SENTENCES[language][0].encode(codec)
    name = detect(sentence).encoding
    for size in (2_000, 64_000, 1_000_000):
        assert detect(b"<td class='x'>&nbsp;</td>\n" * (size // 26) + sentence).encoding == name
    code = b"static int f(int n) { return n > 0 ? n : -n; }\n"
    assert detect(code * 200 + b"// " + sentence + b"\n" + code * 200).encoding == name


@pytest.mark.parametrize("wrong", ["utf-8", "iso-8859-1", "big5", "gb2312", "shift_jis", "euc-kr", "utf-16"])
@pytest.mark.parametrize(("codec", "language"), DOUBLE)
def test_a_wrong_declaration_does_not_mislead(wrong, codec, language):
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={wrong}">'.encode()
    sentence = SENTENCES[language][0].encode(codec)
    name = detect(sentence).encoding
    assert detect(head + sentence).encoding == name
    assert detect(sentence, declared=wrong).encoding == name


def test_a_declaration_decides_where_the_bytes_do_not():
    data = "官府".encode("gbk")  # 바리 in EUC-KR
    assert detect(data, declared="euc-kr").encoding == "EUC-KR"
    assert detect(data, declared="text/html; charset=gb2312").encoding == "gb18030"
    assert detect(b"plain", declared="big5").basis == "declared"
    assert detect(b"plain", declared="no such thing").encoding == "UTF-8"


def test_candidates_and_hints_narrow_the_answer():
    data = "汤太".encode("gbk")
    assert detect(data, candidates=["utf-8", "gbk", "big5"]).encoding == "gb18030"
    assert detect(data, candidates=["windows-1251", "koi8-r"]).encoding in ("windows-1251", "KOI8-R")
    assert detect(data, hint="zh-Hans").encoding == "gb18030"
    with pytest.raises(UnknownEncodingError):
        detect(data, candidates=["gbk2"])


@pytest.mark.parametrize("language", ["ru", "uk", "el", "fr", "de", "pl", "es"])
def test_single_byte_words_are_not_called_cjk(language):
    codec = {"ru": "cp1251", "uk": "koi8_u", "el": "cp1253", "pl": "cp1250"}.get(language, "cp1252")
    words = [word for sentence in SENTENCES[language] for word in sentence.split() if not word.isascii()]
    for first, second in itertools.pairwise(words):
        if len(first + second) >= 8:
            assert detect(f"{first} {second}".encode(codec)).encoding not in CJK


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x08\x00",
        b"\x7fELF\x02\x01\x01" + bytes(50),
        zlib.compress(text("hans").encode() * 5),
        bytes(range(256)) * 20,
        bytes(1000),
    ],
)
def test_binary_data_is_said_to_be_binary(data):
    found = detect(data)
    assert found.binary
    assert found.encoding is found.codec is None


@pytest.mark.parametrize(
    "data", [b"", b"a", b"\xff", b"\x00", b"\xd6", b"\x00a\x00", b"\x1b", b"~{", b"\xff\xfe", b"\r\n"]
)
def test_the_smallest_inputs_have_an_answer(data):
    assert isinstance(detect(data), Detection)


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=400))
def test_any_bytes_have_a_consistent_answer(data):
    found = detect(data)
    assert 0 <= found.probability <= 1
    assert found.margin >= 0
    assert found.encoding not in found.indistinguishable
    assert found == detect(data)
    if found.candidates:
        assert found.candidates[0].score == 0


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["gbk", "big5", "utf-8", "euc-kr", "cp1251", "shift_jis"]), min_size=2, unique=True),
    st.randoms(),
)
def test_the_order_of_candidates_does_not_matter(candidates, order):
    data = SENTENCES["hans"][0].encode("gbk")
    first = detect(data, candidates=candidates)
    order.shuffle(candidates)
    assert detect(data, candidates=candidates) == first


def test_large_inputs_are_sampled():
    filler = b"0123456789abcdef" * 4096
    sentence = SENTENCES["hans"][0].encode("gbk") * 40
    assert detect(filler * 400 + sentence + filler * 400).encoding == "gb18030"
    assert isinstance(detect(b"\xb0" * (64 << 20)), Detection)


class Counting:
    """A stream of ASCII with a sentence in it, which counts what is read."""

    def __init__(self, sentence):
        self.read_bytes = 0
        self.pieces = itertools.chain([b"<p>" * 30_000, sentence * 200], itertools.repeat(b"<p>" * 30_000, 700))

    def read(self, _size):
        data = next(self.pieces, b"")
        self.read_bytes += len(data)
        return data


@pytest.mark.parametrize(("codec", "language"), DOUBLE)
def test_a_stream_is_read_only_as_far_as_needed(codec, language):
    stream = Counting(SENTENCES[language][0].encode(codec))
    assert detect_stream(stream).encoding == detect(SENTENCES[language][0].encode(codec)).encoding
    assert stream.read_bytes < 400_000


@settings(deadline=None)
@given(st.integers(1, 40), st.sampled_from(DOUBLE))
def test_pieces_make_no_difference(size, material):
    codec, language = material
    data = text(language).encode(codec)
    detector = Detector()
    for start in range(0, len(data), size):
        detector.feed(data[start : start + size])
    assert detector.result() == detect(data)


def test_encodings_that_read_alike_are_named():
    found = detect("Der Änderung".encode("cp1252"))
    assert "ISO-8859-15" in found.indistinguishable


def test_seven_bit_encodings_can_be_candidates():
    data = SENTENCES["hans"][0].encode("hz")
    assert detect(data, candidates=["utf-8", "hz"]).encoding == "HZ-GB-2312"
    assert detect(data, candidates=["utf-8", "gbk"]).encoding == "UTF-8"


def test_ebcdic_is_left_to_charset_normalizer():
    data = ("the market opens early and closes late, as it has always done " * 4).encode("cp037")
    found = detect(data)
    assert data.decode(found.codec).startswith("the market")


@pytest.mark.parametrize(
    "text", ["\ufffd", "??\ufffd" * 12_000, "Hello \ufffd\ufffd world, " * 30, "\ufffd\ufffd\ufffd，\ufffd。\n" * 30]
)
def test_utf_8_that_lost_its_text_before_is_utf_8(text):
    assert detect(text.encode()).encoding == "UTF-8"


def test_gbk_that_shows_lost_text_is_gbk():
    assert detect("标题：锟斤拷锟斤拷，内容不明".encode("gbk")).encoding == "gb18030"
