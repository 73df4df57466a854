"""Every entry of the indexes of the WHATWG Encoding Standard, both ways, and the labels."""

import hashlib
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import decode
from mojibake_fix.labels import data, known
from mojibake_fix.readers import write

TABLES = ("Big5", "gb18030", "EUC-KR", "Shift_JIS", "EUC-JP")


def sequences(name):
    """All byte sequences that an index may hold."""
    high = range(0xA1, 0xFF)
    if name == "EUC-JP":
        yield from (bytes(pair) for pair in itertools.product(high, high))
        yield from (bytes((0x8F, *pair)) for pair in itertools.product(high, high))
    else:
        yield from (bytes(pair) for pair in itertools.product(range(0x81, 0xFF), range(0x31, 0xFF)))


def index(name):
    """The entries of an index as `decode` reads them."""
    table = {}
    for sequence in sequences(name):
        result = decode(sequence, name)
        one_by_one = not decode(sequence[:1], name).losses
        user_defined = name == "Shift_JIS" and "\ue000" <= result.text <= "\uf8ff"
        if not (result.losses or one_by_one or user_defined):
            table[sequence] = result.text
    return table


@pytest.mark.parametrize("name", TABLES)
def test_every_entry_decodes_as_the_standard_says(name):
    table = index(name)
    lines = sorted(f"{sequence.hex()} {text}" for sequence, text in table.items())
    assert len(lines) == data()["counts"][name]
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == data()["digests"][name]


@pytest.mark.parametrize("name", TABLES)
def test_every_entry_encodes_and_reads_back(name):
    text = "".join(text for text in index(name).values() if len(text) == 1)
    assert decode(write(text, name), name).text == text


def test_gbk_is_gb18030_with_a_euro_sign():
    pairs = [sequence for sequence in sequences("GBK") if not decode(sequence, "gb18030").losses]
    joined = b"".join(pairs)
    assert decode(joined, "gb2312").text == decode(joined, "gb18030").text
    assert decode(b"\x80", "gbk").text == "€"
    assert write("€", "gbk") == b"\x80"


def test_the_mapping_of_gb18030_is_that_of_2022():
    assert decode(bytes.fromhex("A6D9 A8BC FE59 A3A0 8135F437"), "gb18030").text == "︐ḿ龴\u3000\ue7c7"
    assert write("︐\ue78d", "gb18030") == bytes.fromhex("A6D9 A6D9")


def test_gb18030_reads_every_four_byte_code_point():
    text = "".join(map(chr, itertools.chain(range(0x80, 0xD800, 7), range(0x10000, 0x110000, 997))))
    assert decode(text.encode("gb18030"), "gb18030").text == text.translate({0xE5E5: 0x3000})


def test_iso_2022_jp_reads_every_entry_of_jis_x_0208():
    wanted = [sequence for sequence in index("EUC-JP") if len(sequence) == 2]
    plain = bytes(byte & 0x7F for sequence in wanted for byte in sequence)
    result = decode(b"\x1b$B" + plain + b"\x1b(B", "iso-2022-jp")
    assert result.text == decode(b"".join(wanted), "euc-jp").text
    assert result.losses == ()
    assert decode(write(result.text, "iso-2022-jp"), "iso-2022-jp").text == result.text


def test_every_label_of_the_standard_is_known():
    labels = data()["labels"]
    assert sum(map(len, labels.values())) == 228
    refused = set(labels["replacement"])
    for name, spelled in labels.items():
        for label in set(spelled) - refused:
            assert known(label).name == name


@pytest.mark.parametrize(
    ("label", "hexadecimal", "text"),
    [
        ("iso-8859-1", "80 93 94 81", "€“”\x81"),
        ("big5", "A145 A241 877A 8862", "‧∕㡵Ê̄"),
        ("shift_jis", "8740 FA40 80", "①ⅰ\x80"),
        ("euc-jp", "ADA1 A1C1 8FA2B7", "①～～"),
        ("euc-kr", "8141", "갂"),
        ("koi8-u", "AE BE", "ўЎ"),
        ("windows-1255", "CA", "\u05ba"),
        ("x-user-defined", "41 80", "A\uf780"),
    ],
)
def test_labels_mean_what_browsers_mean(label, hexadecimal, text):
    result = decode(bytes.fromhex(hexadecimal), label)
    assert (result.text, result.losses) == (text, ())


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_utf_8_and_gb18030_read_back_what_they_write(text):
    text = text.replace("\ufeff", "")
    for name in ("utf-8", "gb18030"):
        if name == "utf-8" or not set(text) & set("\ue5e5"):
            written = write(text, name)
            assert name == "gb18030" or written == text.encode()
            shown = decode(written, name).text
            assert all(a == b or "\ue78d" <= a <= "\ue864" or a == "\ue7c7" for a, b in zip(text, shown, strict=True))


def test_what_cannot_be_written_is_refused_with_its_place():
    with pytest.raises(UnicodeEncodeError, match="position 1"):
        write("a한", "big5")
