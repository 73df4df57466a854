"""Encodings by name: near names, and names that the standard lacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojibake_fix import UnknownEncodingError, decode
from mojibake_fix.labels import known, lookup


@pytest.mark.parametrize(
    ("label", "name"),
    [
        (" GB2312\n", "GBK"),
        ("cp936", "GBK"),
        ("gb_18030", "gb18030"),
        ("Big5-HKSCS", "Big5"),
        ("cp950", "Big5"),
        ("windows-31j", "Shift_JIS"),
        ("cp949", "EUC-KR"),
        ("latin_1", "windows-1252"),
        ("utf8", "UTF-8"),
        ("utf-16", "UTF-16LE"),
        ("hz", "HZ-GB-2312"),
        ("euc_tw", "EUC-TW"),
        ("johab", "Johab"),
        ("cp437", "cp437"),
    ],
)
def test_names_that_people_write(label, name):
    assert lookup(label).name == name


@pytest.mark.parametrize(
    ("label", "near"), [("gb2313", "GBK"), ("bgi5", "Big5"), ("utf9", "UTF-8"), ("shift-jsi", "Shift_JIS")]
)
def test_an_unknown_name_lists_near_names(label, near):
    with pytest.raises(UnknownEncodingError, match=near):
        decode(b"abc", label)


def test_codecs_that_make_no_text_are_no_encodings():
    assert known("rot13") is None
    assert known("base64") is None


@given(st.text(max_size=20))
def test_any_string_is_a_name_or_refused(label):
    encoding = known(label)
    if encoding is None:
        with pytest.raises(UnknownEncodingError):
            lookup(label)
    else:
        assert lookup(label) == encoding


def test_where_no_name_is_near_the_usual_ones_are_named():
    with pytest.raises(UnknownEncodingError, match="no encoding is called 'nope'; there are UTF-8, GBK, "):
        lookup("nope")
