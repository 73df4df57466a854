"""A text may be one line of megabytes: whatever it shows, twice as much of it takes twice as long."""

import time

import pytest

from mojibake_fix import GUESS, fix
from mojibake_fix.damage import mixup

SNIPPETS = {
    "references": "标题：&#20013;&#22269;的经济，",
    "references and quotes": "标题：“&#20013;&#22269;'的\"经济，",
    "\\u": r"标题：\u4e2d\u56fd的经济，",
    "\\u in code": r"标题：\u4e2d\u56fd的经济 print; ",
    "\\x and what follows": r"标题：\xBC\xBC\xC4芙\xF8经济发展的情况，",
    "percent": "标题 %E4%B8%AD 的经济，",
    "percent behind a long word": "标题 " + "a" * 100 + " %E4%B8%AD 的经济，",
    "quoted-printable": "标题 =D6=D0=CE=C4 的经济，",
    "half-width katakana": "ｶﾞ标题，",
    "private use": "标\ue5f1题，",
    "radicals": "标⾸题，",
    "glosses": "企業(yè)發(fā)展的動(dòng)力，",
    "destroyed": "企業锟斤拷發展的動力，",
    "remains": "企業\ufffd\u0427發展的動力，",
    "question marks": "企業?展的動力，",
    "typed marks": "好??!??!",
    "signs only": "□\ufffd",
    "lone letters": "企業b展的動力，",
    "some of it garbled": "标题 " + mixup.inflict("中文编码", "cp936", "cp1252") + " 的经济，",
    "all of it garbled": mixup.inflict("中文编码的问题很常见，", "utf-8", "cp936", replacement="?"),
}


def seconds(text: str) -> float:
    start = time.process_time()
    fix(text, GUESS)
    return time.process_time() - start


@pytest.mark.parametrize("snippet", SNIPPETS.values(), ids=SNIPPETS)
def test_a_line_six_times_as_long_does_not_take_twelve_times_as_long(snippet):
    short, long = (snippet * (length // len(snippet)) for length in (2_500, 15_000))
    seconds(short)  # builds what is built once
    # A collection of all garbage of a test run takes as long as the text does.
    assert min(seconds(long) for _ in range(2)) < 12 * seconds(short) + 0.1


@pytest.mark.parametrize("snippet", SNIPPETS.values(), ids=SNIPPETS)
def test_no_line_takes_more_than_some_milliseconds_a_code_point(snippet):
    line = snippet * (3_000 // len(snippet))
    assert seconds(line) < 0.005 * len(line)


def test_a_long_run_behind_an_escape_is_gone_through_once():
    seconds("\\xBC\\xBC" + "中" * 1_000)
    assert seconds("\\xBC\\xBC" + "中" * 100_000) < 2


def test_marks_that_somebody_typed_a_thousand_times_are_soon_given_up():
    seconds("好的??!，")
    assert seconds("，_" + "??!" * 1_000 + "，_") < 5
