"""Escapes left in running text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import explain, fix
from mojibake_fix.damage import escape

SENTENCES = [
    "今天下午，我们在公园里散步，看见了许多花。",
    "他说：“这本书很有意思。”",
    "会议于2019年12月5日在A座3楼召开，请准时参加",
    "東京都庁は新宿区にあります。",
    "서울은 한국의 수도입니다.",
    "明天開會討論預算，請大家準備資料。",
]
KINDS = [("&#", ""), ("&#x", ""), ("&amp;#", ""), ("\\u", ""), ("%u", "")] + [
    (kind, encoding) for kind in ("\\x", "%", "=") for encoding in ("utf-8", "gb18030")
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3), st.sampled_from(KINDS))
def test_escapes_of_sentences_are_read(sentences, kind):
    text = "\n".join(sentences)
    assert fix(escape.inflict(text, *kind)) == text


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        ("下载%E4%B8%AD%E5%9B%BD地图之后", "下载中国地图之后"),
        ("学生王&#29766;没有来上课", "学生王瑆没有来上课"),
        ("标题：&#26032;&#24180;&#24555;&#20048;", "标题：新年快乐"),
        (r"\xC9\xFA\xC8\xD5\xBF\xEC\xC0\xD6", "生日快乐"),
        ("=C4=FA=BA=C3=A3=AC=CE=D2=\n=C3=C7=C3=F7=CC=EC=BC=FB", "您好，我们明天见"),
        ("%C4%FA%BA%C3%A3%AC%DF@%C0%EF%BA%DC%B0%B2%C8%AB", "您好，這里很安全"),
        (r"\ud842\udfb7\u91ce\u5bb6\u7684\u725b\u8089\u996d\u5f88\u597d\u5403", "𠮷野家的牛肉饭很好吃"),
    ],
)
def test_what_was_left_in_text_is_read(damaged, text):
    assert fix(damaged) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://example.cn/wiki/%E4%B8%AD%E5%9B%BD",
        "见 https://example.cn/?q=%D6%D0%B9%FA&page=2 的说明",
        "?name=%E4%B8%AD%E5%9B%BD",
        r"re.compile('[\u4e00-\u9fa5]+')",
        r"用 [\u4e00-\u9fa5] 可以匹配汉字",
        r'{"title": "\u4e2d\u56fd\u7ecf\u6d4e"}',
        r"""const title = '\u4e2d\u56fd' + name""",
        r"title=\u4e2d\u56fd\u7ecf\u6d4e",
        r"b'\xe4\xb8\xad\xe5\x9b\xbd'",
        "<p>&#20013;&#22269;</p>",
        "<html>\n<body>\n&#20013;&#22269;\n</body>",
        "“中国”的转义写法是 \\u4e2d\\u56fd",
        "中国的百分号编码是 %E4%B8%AD%E5%9B%BD",
        "Tom &#38; Jerry &#169; 2019",
        "2n=2x=40=30m+10sm",
        "打折 50%，满100%返现",
        r"C:\users\u4e2d",
        "a=b=c, x=%d",
    ],
)
def test_what_means_its_escapes_stays(text):
    assert fix(text) is text


def test_a_plan_with_escapes_is_undone_and_says_how():
    source = "标题：%D0%C2%C4%EA%BF%EC%C0%D6"
    repair = explain(source)
    assert repair.text == "标题：新年快乐"
    assert [step.mechanism for step in repair.plan.steps] == ["percent encoding of GBK bytes left in text"]
    assert repair.plan.undo(repair.text) == source


def test_unknown_kinds_say_which_there_are():
    with pytest.raises(ValueError, match="there are"):
        escape.inflict("中文", "?")


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("&#;xuU%=\\0123456789abcdefABCDEF中文[]\"'/\n "), max_size=60))
def test_any_text_has_a_repair(text):
    repair = explain(text)
    assert repair.text == fix(text)
    assert not repair.plan or repair.plan.apply(text) == repair.text
