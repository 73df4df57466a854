"""Escapes left in running text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import explain, fix
from mojibake_fix.damage import escape, mixup

SENTENCES = [
    "今天下午，我们在公园里散步，看见了许多花。",
    "他说：“这本书很有意思。”",
    "会议于2019年12月5日在A座3楼召开，请准时参加",
    "東京都庁は新宿区にあります。",
    "서울은 한국의 수도입니다.",
    "明天開會討論預算，請大家準備資料。",
    "今天下午去吃火锅😋",
    "生日快乐🎂🎉",
]
KINDS = [("&#", ""), ("&#x", ""), ("&amp;#", ""), ("\\u", ""), ("%u", "")] + [
    (kind, encoding) for kind in ("\\x", "%", "=", "\\0") for encoding in ("utf-8", "gb18030")
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=3), st.sampled_from(KINDS))
def test_escapes_of_sentences_are_read(sentences, kind):
    text = "\n".join(sentence for sentence in sentences if kind != ("\\0", "gb18030") or "한국" not in sentence)
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
        ("&#20170;&#22825;&#21507;&#28779;&#38149;&#128523;", "今天吃火锅😋"),
        (r"\u751f\u65e5\u5feb\u4e50\U0001f382 \u{4f60}\u{597d}", "生日快乐🎂 你好"),
        ("周杰伦 - %E4%B8%83%E9%87%8C%E9%A6%99.mp3", "周杰伦 - 七里香.mp3"),
        ("%E5%91%A8%E6%9D%B0%E4%BC%A6 - %E4%B8%83%E9%87%8C%E9%A6%99.mp3", "周杰伦 - 七里香.mp3"),
        ("Python%203.12%20%E5%8F%91%E5%B8%83%E4%BA%86", "Python 3.12 发布了"),
        ("%E7%AC%AC%282%29%E9%83%A8%E5%88%86", "第(2)部分"),
        ("%u7B2C%282%29%u90E8%u5206", "第(2)部分"),
        ("iPhone 15 %E6%89%8B%E6%9C%BA%E5%A3%B3 (%E9%BB%91%E8%89%B2)", "iPhone 15 手机壳 (黑色)"),
        ("=E6=88=BF=E9=97=B4id=3D12=E7=9A=84=E5=AE=A2=E4=BA=BA", "房间id=12的客人"),
        ("=E7=AC=AC5=E5=8F=B7=\n=E6=A5=BC405=E5=AE=A4\n", "第5号楼405室\n"),
        ("=E8=AF=B7=E5=88=B0 the main=\n entrance 27=E5=8F=B7", "请到 the main entrance 27号"),
        ("Tom &amp; Jerry &#25925;&#20107;&#20070;", "Tom & Jerry 故事书"),
        (r"\344\275\240\345\245\275\344\270\226\347\225\214.txt", "你好世界.txt"),
        (
            '\tnew file:   "\\346\\226\\260\\345\\273\\272/\\346\\226\\207\\344\\273\\266.txt"',
            '\tnew file:   "新建/文件.txt"',
        ),
        ('"\\346\\226\\260\\345\\273\\272\\346\\226\\207\\344\\273\\266.txt"', '"新建文件.txt"'),
        (r'''diff --git "a/\346\226\207.c" "b/\346\226\207\344\273\266.c"''', '''diff --git "a/文.c" "b/文件.c"'''),
        (r'''?? "\346\226\207\344\273\266.c"''', '''?? "文件.c"'''),
        (r'''rename from "\346\226\207\344\273\266.c"''', '''rename from "文件.c"'''),
        ("&#20170&#22825&#21507&#28779&#38149&#128523", "今天吃火锅😋"),
        ("标题：&#26032;&#24180&#24555;&#20048", "标题：新年快乐"),
        ("<U+4ECA><U+5929><U+5403><U+706B><U+9505><U+0001F60B>", "今天吃火锅😋"),
        ('[1] "<U+4ECA><U+5929><U+5929><U+6C14>" "a"', '[1] "今天天气" "a"'),
        ("#U65b0#U5efa#U6587#U4ef6#L01f60b.txt", "新建文件😋.txt"),
        ("_x65B0__x5EFA__x6587__x4EF6_", "新建文件"),
        ('    ##  [1] "<U+6570><U+636E><U+79D1><U+5B66>"', '    ##  [1] "数据科学"'),
        (
            '=3D"font-size: 10p=\nx;">=E5=8F=AA=E6=9C=89=E5=89=A9=E4=B8=8B=E7=9A=8420%</p>',
            '="font-size: 10px;">只有剩下的20%</p>',
        ),
        ("=E5=A6=82=E6=9E=9C=E6=\n=98=AF=E8=BF=99=EF=BF=BD", "如果是这\ufffd"),
        ("=E8=AF=B7=E7=9C=8B http://a.cn/?a=3D1&b=3D2 =E8=BF=99=E9=87=8C", "请看 http://a.cn/?a=1&b=2 这里"),
        ("5%20的人用 %E6%96%B0%E5%BB%BA%20%E6%96%87%E4%BB%B6", "5%20的人用 新建 文件"),
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
        "www.%E4%B8%AD%E6%96%87%20and",
        "见 https://zh.example.org/wiki/中%E5%9B%BD%E7%BB%8F%E6%B5%8E",
        "[说明](%E8%AF%B4%E6%98%8E%E6%96%87%E6%A1%A3.pdf)",
        "<%E8%AF%B4%E6%98%8E%E6%96%87%E6%A1%A3.pdf>",
        "%E8%AF%B4%E6%98%8E.%E6%96%87%E6%A1%A3.com",
        r"""    "\344\275\240\345\245\275",""",
        r"""    "\344\275\240\345\245\275" """,
        r"""printf '\344\275\240\345\245\275.txt'""",
        r"""{"\344\275\240.txt", "\345\245\275.txt"}""",
        r"(\u4e2d\u56fd|\u4e2d\u6587)",
        r"(\u4e2d\u56fd)+",
        "see ?q=E4=B8=AD=E6=96=87 here",
        'x <- "<U+4E2D><U+56FD>"',
        "the glyph <U+4E2D> is",
        "color: #U4e2d",
        "page?id=1&#20013",
        "_x4E2D_ = 1",
        "var_x0041_b, _x000D_",
        "x = [[=E4=B8=AD?=",
        "a=b=c, x=%d",
        r"error=\u9519\u8bef: \u6587\u4ef6\u4e0d\u5b58\u5728",
        r"app.name = My \u4e2d\u6587 App",
        "text=\\u4f60\\u597d \\\n    \\u4e16\\u754c\\u548c\\u5e73",
        r"\u4f60\u597d|\u4e16\u754c",
        r"\b\u4f60\u597d\b",
        r"ifeq ($(X),\344\275\240\345\245\275)",
        r"NAME := \344\275\240\345\245\275",
        r"${\u4f60\u597d}",
        r"(\344\275\240\345\245\275) Tj",
        r"八进制是 \344\275\240\345\245\275",
        r"# \344\275\240\345\245\275 is octal",
        r"the code points \u4f60\u597d",
        r"\xa5\xd5\xa5\xc4\xa5\xab,\xa5\xe",
        r'''include "\344\270\255\346\226\207.h"''',
        r'''rm -f "\344\270\255\346\226\207.txt"''',
        r'''case "\344\270\255\346\226\207/a"''',
        r'''"    font-size: 16px; /* \345\255\227\344\275\223\345\244\247\345\260\217 */\n"''',
        r'''"<b>\344\270\255\346\226\207</b>"''',
        r"""    "body": "{\"name\": \"\u4e2d\u6587\"}",""",
        r"""{\"name\": \"\u4e2d\u6587\"}""",
        r"""curl -d "{\"q\":\"\u4f60\u597d\"}" x""",
        r"""["5\" \u4e2d\u6587", 1]""",
        r"""'It\'s \u4f60\u597d',""",
        r""""\"" : "\u4f60\u597d",""",
        r'''"a \"\xe4\xbd\xa0\xe5\xa5\xbd\" b"''',
        r""""title": "\"\u4f60\u597d\" - \u4e16\u754c",""",
        r"""read(3, "say \"\344\275\240\345\245\275 network\" \344\270\226\347\225\214 and"..., 40) = 40""",
    ],
)
def test_what_means_its_escapes_stays(text):
    assert fix(text) is text


@pytest.mark.parametrize("kind", ["\\x", "%", "=", "\\0"])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("明天開會討論預算，請大家準備資料。", "big5"),
        ("新增資料夾", "big5"),
        ("東京都庁は新宿区にあります。", "cp932"),
        ("写真をアップロードしてください", "euc_jp"),
        ("서울은 한국의 수도입니다.", "cp949"),
    ],
)
def test_bytes_of_other_double_byte_encodings_are_read(kind, text, encoding):
    assert fix(escape.inflict(text, kind, encoding)) == text


@pytest.mark.parametrize(
    "damaged",
    ["%E4%B8%83%E9%87%8C%E9%A6%99.com - %E4%B8%83%E9%87.com", "下载%E4%B8%83%E9%87%8C%20%E9%A6然后", "27=E5=8F=B7"],
)
def test_a_word_of_which_not_all_can_be_read_stays(damaged):
    assert fix(damaged) is damaged


@pytest.mark.parametrize("kind", ["&#", "\\u", "%u", "%", "\\x", "=", "\\0"])
@pytest.mark.parametrize(
    ("written", "shown"), [("utf-8", "latin-1"), ("utf-8", "cp1251"), ("cp936", "cp1252"), ("cp936", "big5")]
)
def test_escapes_of_garbled_text_come_off_before_the_mixup(kind, written, shown):
    damaged = escape.inflict(mixup.inflict("今天的天气非常好", written, shown), kind)
    repair = explain(damaged)
    assert repair.text == "今天的天气非常好"
    assert [{step.family for step in stage} for stage in repair.plan.stages][-1] in ({"mixup"}, {"escape"})
    assert repair.plan.undo(repair.text) == damaged


@pytest.mark.parametrize(
    "text",
    [
        r"caf\u00e9 \u00e0 la cr\u00e8me br\u00fbl\u00e9e",
        r"\u00c0\u00c1\u00c2\u00c3\u00c4\u00c5\u00c6\u00c7\u00c8\u00c9\u00ca\u00cb",
        r"\u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440",
        "%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82%20%D0%BC%D0%B8%D1%80",
        "&#1055;&#1088;&#1080;&#1074;&#1077;&#1090;",
        r"Vi\u1ec7t Nam Ti\u1ebfng Vi\u1ec7t \u0110\u00e0 N\u1eb5ng",
        r'{"name": "\u00e4\u00b8\u00ad\u00e6\u0096\u0087"}',
    ],
)
def test_escapes_of_other_languages_stay(text):
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
