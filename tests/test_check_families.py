"""Damage of every family, planted in files of every kind: each is found at its place, and nothing else is."""

import json
import re
from dataclasses import dataclass

import pytest

from mojibake_fix import check, fix
from mojibake_fix.damage import conversion, destroyed, escape, gloss, lookalike, mixup

BEFORE, AFTER = "會議決定繼續推進產業升級，並且加強質量監督。", "他打开窗户，外面的雨已经停了，空气很新鲜。"
SENTENCE = "新的规定从下个月开始执行，请各部门认真准备。"


@dataclass(frozen=True)
class Planted:
    """A damaged text, the family that the check is to name, and each damaged place with what it should read."""

    family: str
    text: str
    places: tuple[tuple[str, str | None], ...]


def whole(family, text, suggestion=SENTENCE):
    return Planted(family, text, ((text, suggestion),))


GLOSSED = gloss.inflict("企業發展的動力和產業", "業發動產")
ALIKE = "首席执行官自行辞去了公司的全部职务"
RADICALS = re.findall("[⼀-⿕]", lookalike.inflict(ALIKE))
TWICE = mixup.inflict(mixup.inflict(SENTENCE, "utf-8", "latin-1"), "utf-8", "latin-1")

PLANTED = {
    "mixup of GBK": whole("mixup", mixup.inflict(SENTENCE, "cp936", "latin-1")),
    "mixup of UTF-8": whole("mixup", mixup.inflict(SENTENCE, "utf-8", "latin-1")),
    "mixup twice": whole("mixup", TWICE),
    "mixup of two kinds": whole(
        "mixup", mixup.inflict(mixup.inflict(SENTENCE, "cp936", "latin-1"), "utf-8", "latin-1")
    ),
    "slip": Planted("slip", "履職能力?!睍\ue490?,朱勤虎對于", (("?!睍\ue490?", "。”會上"),)),
    "gloss": Planted("gloss", GLOSSED, tuple((found, "") for found in re.findall(r"\(.*?\)", GLOSSED))),
    "radicals": Planted(
        "lookalike",
        lookalike.inflict(ALIKE),
        tuple((sign, lookalike.unified(sign) or "") for sign in RADICALS),
    ),
    "half-width katakana": Planted("lookalike", "ｶﾞｲﾄﾞを見る", (("ｶﾞｲﾄﾞ", "ガイド"),)),
    **{f"escape {kind}": whole("escape", escape.inflict(SENTENCE, kind)) for kind in ("&#", "&amp;#", "\\u", "%", "=")},
    **{
        f"destroyed {kind}": whole("loss", destroyed.inflict("测试数据", kind), None)
        for kind in ("gbk", "latin", "cyrillic", "sign")
    },
    "memory that was never filled": whole("loss", "烫烫烫烫烫烫烫烫烫烫烫烫烫烫烫烫烫烫烫烫", None),
}

FILES = {
    "a.py": f"# {BEFORE}\nNAME = '%s'\n\n\ndef f():\n    return '{AFTER}'  # {{}}\n",
    "a.js": f"// {BEFORE}\nconst text = `%s`;\n// {AFTER}\n",
    "a.html": f"<!doctype html>\n<title>{BEFORE}</title>\n<p>%s</p>\n<p>{AFTER}</p>\n",
    "a.md": f"# {BEFORE}\n\n* 𠀀𝄞 %s\n* {AFTER}\n",
    "a.po": f'msgid "Hello"\nmsgstr "{BEFORE}"\n\nmsgid "Bye"\nmsgstr "%s"\n',
    "a.csv": f'id,name\n1,"{BEFORE}, ""好"""\n2,"%s"\n3,{AFTER}\n',
    "a.txt": f"\ufeff{BEFORE}\r\n%s\r\n{AFTER}\r\n",
}
"""Kinds of files; %s stands where the damage is planted."""
CODE = ("a.py", "a.js", "a.po")
"""Those in which escapes are how text is written."""


def findings(shell, directory, *arguments):
    return json.loads(shell("check", "--json", *arguments, ".", cwd=directory).out)["findings"]


def expected(name, template, planted):
    """The places of the damage, counted in the file as it was written."""
    line = template[: template.index("%s")].count("\n") + 1
    column = len(template[: template.index("%s")].split("\n")[-1].removeprefix("\ufeff")) + 1
    if planted.family == "escape" and (name in CODE or (name == "a.html" and planted.text[0] == "&")):
        return []
    found, position = [], 0
    for text, suggestion in planted.places:
        position = planted.text.index(text, position)
        place = (line, column + position, line, column + position + len(text))
        found.append((name, *place, planted.family, text, suggestion))
        position += len(text)
    return found


def told(found):
    names = ("path", "line", "column", "end_line", "end_column", "rule", "found", "suggestion")
    return [tuple(one[name] for name in names) for one in found]


@pytest.mark.parametrize("name", PLANTED)
def test_each_family_is_found_in_files_of_every_kind(shell, tmp_path, name):
    planted = PLANTED[name]
    for path, template in FILES.items():
        (tmp_path / path).write_text(template.replace("%s", planted.text), encoding="utf-8", newline="")
    wanted = [one for path, template in sorted(FILES.items()) for one in expected(path, template, planted)]
    assert told(findings(shell, tmp_path)) == wanted


@pytest.mark.parametrize("ascii_only", [False, True])
def test_each_family_is_found_in_json_lines_however_they_are_spelled(shell, tmp_path, ascii_only):
    texts = [text for planted in PLANTED.values() for text in (BEFORE, f'𠀀"\n{planted.text}', AFTER)]
    lines = [json.dumps({"id": number, "text": text}, ensure_ascii=ascii_only) for number, text in enumerate(texts)]
    (tmp_path / "a.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    found = findings(shell, tmp_path)
    wanted = [
        (3 * number + 2, planted.family, *place)
        for number, planted in enumerate(PLANTED.values())
        for place in planted.places
    ]
    assert [(one["line"], one["rule"], one["found"], one["suggestion"]) for one in found] == wanted
    for one in found:
        spelled = lines[one["line"] - 1][one["column"] - 1 : one["end_column"] - 1]
        assert json.loads(f'"{spelled}"') == one["found"]


def test_conversions_are_found_where_the_policy_asks_for_them(shell, tmp_path):
    text = conversion.inflict("头发干净的皇后面对着后面的松树")
    (tmp_path / "a.txt").write_text(f"{BEFORE}\n{text}\n", encoding="utf-8")
    assert findings(shell, tmp_path) == []
    found = findings(shell, tmp_path, "--policy", "restore")
    assert [(one["line"], one["column"], one["rule"], one["suggestion"]) for one in found] == [
        (2, 2, "conversion", "髮"),
        (2, 3, "conversion", "乾"),
        (2, 7, "conversion", "后"),
    ]


@pytest.mark.parametrize("name", PLANTED)
def test_the_suggestions_put_in_place_are_the_repair(name):
    text = f"{BEFORE}\n\n{PLANTED[name].text}\n\n{GLOSSED}\n{TWICE}"
    repaired, position = "", 0
    for damage in check(text):
        assert position <= damage.start
        assert text[damage.start : damage.end] == damage.found
        repaired += text[position : damage.start] + (damage.found if damage.suggestion is None else damage.suggestion)
        position = damage.end
    assert repaired + text[position:] == fix(text)


def test_layers_that_come_off_one_after_the_other_are_one_damage():
    layered = mixup.inflict(GLOSSED, "utf-8", "latin-1")
    (damage,) = check(f"{BEFORE}\n{layered}\n{AFTER}")
    assert (damage.family, damage.found, damage.suggestion) == ("mixup", layered, "企業發展的動力和產業")
    *glosses, outermost = damage.cause.split(", then ")
    assert outermost == "written as utf-8, read as latin-1"
    assert any(gloss.startswith("reading yè inserted") for gloss in glosses)
