"""What people write although the model holds it for odd stays as it is."""

import pytest

from mojibake_fix import GUESS, SAFE, fix
from mojibake_fix.damage import mixup

HALF_WIDTH = [
    "ﾂｷ",
    "月(ﾂｷ)",
    "ﾄｳｷﾖｳ",
    "商品名：ﾄｳｷﾖｳ",
    "ｱｲｳｴｵ",
    "ｺﾝﾋﾞﾆ",
    "ﾃﾗﾜﾛｽ",
    "ｶﾜｲｲ",
    "ﾄｳｷﾖｳﾄ ﾁﾖﾀﾞｸ ﾏﾙﾉｳﾁ",
    "品名,ｶﾅ\n月,ﾂｷ",
]
DRAWN = ["▀▄▄▀", "▀▀▀▀▀@", "█▄▄ █▄█", "╚███╔╝    ██║", "▓█████", "┬─┬ノ( º _ ºノ)", "今天┬─┬ノ( º _ ºノ)，我们休息"]
SPOKEN = ["政治（ㄓㄥˋ ㄓˋ）", "注音：ㄋㄧˇ ㄏㄠˇ，意思是你好。", "保安 ㄅㄠˇ ㄢ", "ㅋ쿠ㅜㅜ"]
LISTED = [
    "ÄÖÜäöüß",
    "正则 [ÄÖÜäöüß] 匹配",
    "[a-zA-ZҐґЄєІіЇї]+",
    "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ",
    "聛聜聝聞",
    "谩芒茫盲氓忙莽猫茅锚毛矛铆卯茂冒",
]
RARE = ["艹艹艹艹艹", "轗軻|轗轲", "嘽嘽|啴啴", "\xadhundrað[\xado"]


@pytest.mark.parametrize("text", [*HALF_WIDTH, *DRAWN, *SPOKEN, *LISTED, *RARE])
@pytest.mark.parametrize("policy", [SAFE, GUESS], ids=lambda policy: policy.name)
def test_it_is_left_alone(text, policy):
    assert fix(text, policy) is text


@pytest.mark.parametrize(
    "text",
    [
        "重(zhòng)要和重(chóng)新，重(zhòng)量和重(chóng)複。",
        "行(háng)业 行(xíng)走 行(háng)长 行(xíng)人",
        "會(kuài)計與會(huì)議",
        "第一課：中(zhōng)國(guó)人。",
    ],
)
def test_readings_that_the_artefact_cannot_have_inserted_teach(text):
    assert fix(text) is text


@pytest.mark.parametrize(
    ("read", "shown"),
    [("cp932", "ﾐﾂｵﾄｹ豸ｨｴﾓﾏﾂｸ\ue4fbﾂ"), ("cp437", "╨┬╡─╣µ╢¿┤╙╧┬╕÷╘┬"), ("koi8_r", "пб╣д╧Ф╤╗╢соб╦Жтб")],
)
def test_garbled_text_in_the_same_signs_is_repaired(read, shown):
    assert mixup.inflict("新的规定从下个月", "cp936", read) == shown
    assert fix(shown) == "新的规定从下个月"


@pytest.mark.parametrize(
    "text",
    [
        "- Я в IRC.  У мене ніко\ufffd",
        "\ufffdен\ufffd",
        "ч\ufffd\ufffdм\ufffd\ufffdка\ufffd",
        "Κ\ufffdκο",
        "é\ufffdé\ufffdé",
        "½\ufffd¼",
        "για να",
        "και για να",
        "πατήστε <ESC> για να",
        "a\0b\0",
        "ÿþmi",
    ],
)
def test_other_scripts_and_lists_stay(text):
    assert fix(text) is text
