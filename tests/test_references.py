"""HTML references to the characters of garbled text."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojibake_fix import explain, fix
from mojibake_fix.damage import references

_NAMES = html.entities.codepoint2name


def _spelt(name: str, form: str) -> str | int:
    return html.entities.name2codepoint[name] if "#" in form else name


SENTENCES = (
    "今天的天气非常好，我们一起去公园散步。",
    "新闻中心",
    "请输入您的用户名和密码",
    "第3章 总结与展望",
    "欢迎光临",
)


@pytest.mark.parametrize("text", SENTENCES)
@pytest.mark.parametrize("written", ["utf-8", "cp936"])
def test_names(text: str, written: str) -> None:
    shown = references.inflict(text, written)
    assert shown != text
    assert fix(shown) == text


def test_names_of_big5() -> None:
    assert fix(references.inflict("臺灣的新聞網站", "big5")) == "臺灣的新聞網站"


@pytest.mark.parametrize("form", ["&#{};", "&#x{:X};", "&amp;#{};"])
@pytest.mark.parametrize("written", ["utf-8", "gbk"])
def test_numbers(form: str, written: str) -> None:
    shown = "".join(form.format(ord(character)) for character in "网页标题".encode(written).decode("latin-1"))
    assert fix(shown) == "网页标题"


WRITTEN = [
    ("utf-8", "비밀번호를 입력하세요"), ("utf-8", "生日快乐🎂"), ("cp932", "写真をアップロードしてください"),
    ("cp932", "東京都庁へ"), ("euc_jp", "写真をアップロードしてください"), ("cp949", "비밀번호를 입력하세요"),
    ("cp949", "서울특별시"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "text"), WRITTEN)
@pytest.mark.parametrize("form", ["&{};", "&amp;{};", "&amp;amp;{};", "&#{};"])
def test_what_japanese_and_korean_are_written_in(written: str, text: str, form: str) -> None:
    shown = re.sub("&(.*?);", lambda one: form.format(_spelt(one[1], form)), references.inflict(text, written))
    assert fix(shown) == text


@pytest.mark.parametrize(("written", "text"), [*WRITTEN, ("utf-8", "新闻中心"), ("cp936", "第3章 总结与展望")])
def test_what_has_no_name_was_left_as_it_was(written: str, text: str) -> None:
    bytes_as_letters = text.encode(written).decode("latin-1")
    shown = "".join(f"&{_NAMES[ord(one)]};" if ord(one) in _NAMES else one for one in bytes_as_letters)
    assert fix(shown) == text


def test_markup_means_its_references_but_not_these() -> None:
    page = (
        '<html><body><p title="&Ouml;&ETH;&Icirc;&Auml;">&copy; &Ouml;&ETH;&sup1;&uacute; caf&eacute;</p></body></html>'
    )
    assert fix(page) == '<html><body><p title="中文">&copy; 中国 caf&eacute;</p></body></html>'


@pytest.mark.parametrize(
    "text",
    [
        "d&eacute;j&agrave; vu, na&iuml;ve",
        "&auml;&ouml;&uuml;&Auml;&Ouml;&Uuml;&szlig;",
        "&aacute;&eacute;&iacute;&oacute;&uacute;&ntilde;",
        "&laquo;&nbsp;oui&nbsp;&raquo;",
        "&frac12;&frac14;&frac34;&sup1;&sup2;&sup3;",
        "&#192;&#193;&#194;&#195;&#196;&#197;&#198;&#199;",
        "&Iuml;&eth;&egrave;&acirc;&aring;&ograve; &igrave;&egrave;&eth;, &auml;&icirc;&aacute;&eth;&ucirc;&eacute;",
        "&Ecirc;&aacute;&euml;&ccedil;&igrave;&Yacute;&ntilde;&aacute; &ecirc;&uuml;&oacute;&igrave;&aring;",
        "&ETH;&Atilde;&Egrave;&aacute;&Atilde;&iexcl;",
        "&iexcl;&iquest;&ordf;&ordm;&copy;&reg;&trade;&bull;",
    ],
)
def test_lists_of_letters_and_western_text_stay(text: str) -> None:
    assert fix(text) is text


def test_the_plan_says_what_was_done_and_undoes_it() -> None:
    repair = explain(references.inflict("新闻中心"))
    assert [(step.family, step.before) for step in repair.plan.steps] == [("escape", repair.source)]
    assert "cp936" in repair.plan.steps[0].mechanism
    assert repair.plan.undo(repair.text) == repair.source


@given(st.text("éàèüöäßñçøå &;#x12", max_size=30))
def test_any_text_is_valid_input(text: str) -> None:
    shown = text.translate({code: f"&{name};" for code, name in html.entities.codepoint2name.items() if code >= 0x80})
    assert references.has_signs(shown) in (True, False)
    assert isinstance(fix(shown), str)
