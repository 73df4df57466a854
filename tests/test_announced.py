"""Encodings that say what they are, left in text."""

from email.header import Header
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import check, explain, fix
from mojibake_fix.damage import announced

SENTENCES = {
    "今天的天气非常好，我们一起去公园散步。": ("utf-8", "gb2312", "gb18030"),
    "明天開會討論預算，請大家準備資料。": ("utf-8", "big5"),
    "写真をアップロードしてください。": ("utf-8", "iso-2022-jp", "shift_jis", "euc-jp"),
    "서울은 한국의 수도입니다.": ("utf-8", "euc-kr"),
    "生日快乐🎂": ("utf-8",),
}
ENCODED = [(text, charset) for text, charsets in SENTENCES.items() for charset in charsets]


@pytest.mark.parametrize(("text", "charset"), ENCODED)
def test_encoded_words_of_a_header_are_read(text, charset):
    damaged = "Subject: " + Header(text * 4, charset, maxlinelen=60).encode()
    assert "?=\n =?" in damaged
    assert fix(damaged) == f"Subject: {text * 4}"


def test_bytes_of_a_character_that_was_cut_between_two_words_are_joined():
    assert fix("回复： =?GBK?Q?=D6?= =?gbk?q?=D0=CE=C4_a?= (1)") == "回复： 中文 a (1)"


@pytest.mark.parametrize(
    ("damaged", "text"),
    [
        ("attachment; filename*=UTF-8''" + quote("会议纪要 (2).pdf"), 'attachment; filename="会议纪要 (2).pdf"'),
        ("attachment; filename*0*=UTF-8''%E4%B8; filename*1*=%AD%E6%96%87.pdf", 'attachment; filename="中文.pdf"'),
        ("attachment; filename*=UTF-8''%E4%B8%AD%E6%96%87.pdf.", 'attachment; filename="中文.pdf".'),
        ("attachment; filename*=UTF-8''%E4%B8%AD%E6%96%87.pdf#1", 'attachment; filename="中文.pdf"#1'),
        ('From: "=?utf-8?B?5Lit5paH?=" <a@example.cn>', 'From: "中文" <a@example.cn>'),
        (
            'Content-Type: text/plain; charset=x; name="=?utf-8?B?5Lit5paH?="',
            'Content-Type: text/plain; charset=x; name="中文"',
        ),
        (
            '    "=?UTF-8?q?Li=20=28=E6=9D=8E=E4=B8=AD=29?="\n    <a@example.tw>,',
            '    "Li (李中)"\n    <a@example.tw>,',
        ),
        ("東京は\x1b$BF|K\\\x1b(Bの首都", "東京は日本の首都"),
        ("Re: $B;q NA$r(B $B;qNA$rAw$j$^$9(B", "Re: $B;q NA$r(B 資料を送ります"),
        ("\x1b$)CHello, \x0eGQ19@G\x0f! \x0eGQ19\x0f", "Hello, 한국의! 한국"),
        ("~{VPND~} and ~{NDWV~}", "中文 and 文字"),
    ],
)
def test_what_says_how_it_is_encoded_is_read(damaged, text):
    repair = explain(damaged)
    assert repair.text == text
    assert repair.plan.undo(text) == damaged


@pytest.mark.parametrize("codec", ["iso2022_jp", "iso2022_kr", "hz"])
def test_what_changes_its_characters_on_the_way_is_read(codec):
    text = (
        "서울은 한국의 수도입니다."
        if codec == "iso2022_kr"
        else "東京都の天気予報"
        if codec == "iso2022_jp"
        else "今天天气很好"
    )
    damaged = text.encode(codec).decode("ascii")
    assert fix(damaged) == text
    assert {one.family for one in check(damaged)} == {"escape"}


@pytest.mark.parametrize(
    "text",
    [
        "msg['Subject'] = '=?utf-8?B?5Lit5paH?='",
        '{"subject": "=?utf-8?B?5Lit5paH?="}',
        "写成 `=?utf-8?B?5Lit5paH?=` 的样子",
        "the encoded word =?utf-8?B?5Lit5paH?= stands for two hanzi",
        "eq(h, =?utf-8?b?5Lit5paH?=)",
        "s/=?gb2312?B?1tDOxA==?=/x/",
        "* ^Subject:.*=?gb2312?B?1tDOxA==?=",
        "header X Subject =~ /=?gb2312?B?1tDOxA==?=/",
        "# filename*=UTF-8''%E4%B8%AD%E6%96%87.epub",
        " * Content-Disposition: attachment; filename*=UTF-8''%E4%B8%AD%E6%96%87.epub",
        's = """\\\nFrom: a@b.c\nSubject: =?utf-8?b?5Lit5paH?=\n\nx\n"""\n',
        "see RFC 2047: =?utf-8?B?5Lit5paH?=",
        "Subject: =?iso-8859-1?Q?caf=E9?=",
        "Subject: =?utf-8?B?5Lit5paH",
        "Subject: =?nothing?B?5Lit5paH?=",
        "Subject: =?utf-8?B?5Lit5pa?=",
        "attachment; filename*=UTF-8''caf%C3%A9.pdf",
        "header = \"filename*=UTF-8''%E4%B8%AD\"",
        "const h = `attachment; filename*=UTF-8''%E4%B8%AD%E6%96%87.pdf`",
        "a ~{0} b ~} c, sed 's/~{x}/~}/'",
        "$BASE/bin$(Build)",
        "\x1b$)C\x0e!]\x0f \x0eFD@L=c\x0f",
        "\x1b$ \x1b[0m \x0e",
    ],
)
def test_what_means_it_stays(text):
    assert fix(text) is text


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("=?utf-8BQq*%E4'\x1b$()BCA\x0e\x0f~{}VPND中 \n\";"), max_size=60))
def test_any_text_has_a_repair(text):
    assert announced.has_signs(text) in (True, False)
    repair = explain(text)
    assert repair.text == fix(text)
    assert repair.plan.undo(repair.text) == text
