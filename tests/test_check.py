"""The check: every planted damage found at its place, nothing else, and told in every kind of report."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

DATA = Path(__file__).parent / "data"
GLOSSED = "企業(yè)發(fā)展的動(dòng)力,產(chǎn)業(yè)"


@pytest.fixture
def repository(tmp_path, clean, garbled):
    """A repository with damage of several families planted in files of several kinds, and where it was planted."""
    slip = "履職能力?!睍\ue490?,朱勤虎對于"
    files = {
        "src/app.py": f'# {clean[0]}\nNAME = "\\u4e2d\\u6587"  # {garbled[1]}\n\n\ndef f():\n    return "{clean[2]}"\n',
        "web/main.js": f"// {clean[1]}\nconst greeting = '{garbled[3]}';\nconst ok = \"\\u4f60\\u597d\";\n",
        "web/index.html": f"<!doctype html>\n<title>{clean[4]}</title>\n<p>{slip}</p>\n<p>{clean[5]}</p>\n",
        "README.md": f"# {clean[0]}\n\n{GLOSSED}\n\n* {clean[2]}\n",
        "po/zh.po": f'msgid "Hello"\nmsgstr "{garbled[2]}"\n\nmsgid "Bye"\nmsgstr "{clean[5]}"\n',
        "data.csv": f"id,name\n1,{clean[3]}\n2,{garbled[4]}\n",
        "clean.txt": "\n".join(clean),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    planted = {
        ("src/app.py", 2, "mixup"),
        ("web/main.js", 2, "mixup"),
        ("web/index.html", 3, "slip"),
        ("README.md", 3, "gloss"),
        ("po/zh.po", 2, "mixup"),
        ("data.csv", 3, "mixup"),
    }
    return tmp_path, planted


@pytest.fixture
def check(shell):
    def run(directory, *arguments):
        return shell("check", *arguments, cwd=directory)

    return run


def findings(outcome):
    return json.loads(outcome.out)["findings"]


def test_every_planted_damage_is_found_and_nothing_else(repository, check):
    directory, planted = repository
    outcome = check(directory, "--json", ".")
    assert outcome.status == 1
    assert {(found["path"], found["line"], found["rule"]) for found in findings(outcome)} == planted


def test_columns_count_code_points_from_one(repository, check, garbled):
    directory, _ = repository
    for found in findings(check(directory, "--json", ".")):
        line = (directory / found["path"]).read_text(encoding="utf-8").split("\n")[found["line"] - 1]
        assert line[found["column"] - 1 : found["end_column"] - 1] == found["found"]
        assert line.startswith(found["before"], max(0, found["column"] - 1 - len(found["before"])))


def test_a_clean_tree_leaves_zero_and_errors_leave_two(tmp_path, check):
    (tmp_path / "a.txt").write_text("没有问题。", encoding="utf-8")
    assert check(tmp_path, ".").status == 0
    outcome = check(tmp_path, "missing.txt", "a.txt")
    assert outcome.status == 2
    assert "missing.txt: no such file" in outcome.err


def test_lines_and_columns_inside_records(tmp_path, check, garbled):
    lines = [{"t": "好"}, {"x": 1, "t": f"前{garbled[0]}"}]
    (tmp_path / "a.jsonl").write_text(
        "".join(json.dumps(x, ensure_ascii=False) + "\n" for x in lines), encoding="utf-8"
    )
    (found,) = findings(check(tmp_path, "--json", "a.jsonl"))
    assert (found["line"], found["field"]) == (2, "t")
    line = json.dumps(lines[1], ensure_ascii=False)
    assert line[found["column"] - 1 : found["end_column"] - 1] == found["found"]


@pytest.mark.parametrize(
    ("directive", "expected"),
    [
        ("{0}  # mojibake-fix: ignore\n", 0),
        ("{0}  # mojibake-fix: ignore[mixup]\n", 0),
        ("{0}  # mojibake-fix: ignore[gloss]\n", 1),
        ("# mojibake-fix: ignore-next-line\n{0}\n", 0),
        ("# mojibake-fix: ignore-next-line\n\n{0}\n", 1),
        ("# mojibake-fix: ignore-start\n\n{0}\n# mojibake-fix: ignore-end\n{0}\n", 1),
        ("{0}\n{0}\n// mojibake-fix: ignore-file\n", 0),
    ],
)
def test_lines_that_quote_mojibake_are_passed_by(tmp_path, check, garbled, directive, expected):
    (tmp_path / "a.py").write_text(directive.format(garbled[0]), encoding="utf-8")
    assert len(findings(check(tmp_path, "--json", "."))) == expected


def test_rules_on_encodings(tmp_path, check):
    (tmp_path / "gbk.txt").write_bytes("中文\n".encode("gbk"))
    (tmp_path / "bom.txt").write_bytes(b"\xef\xbb\xbf" + "中文\n".encode())
    (tmp_path / "lost.txt").write_bytes("中\n文字\ufffd\ufffd。\n".encode())
    outcome = check(
        tmp_path,
        "--json",
        "--rules",
        "bom",
        "--rules",
        "replacement-character",
        "--ignore",
        "loss",
        "--ignore",
        "slip",
        ".",
    )
    found = {(item["path"], item["rule"], item["line"], item["column"]) for item in findings(outcome)}
    assert found == {
        ("gbk.txt", "not-utf8", 1, 1),
        ("bom.txt", "bom", 1, 1),
        ("lost.txt", "replacement-character", 2, 3),
    }
    quiet = check(tmp_path, "--json", "--ignore", "loss", "--ignore", "slip", "--ignore", "not-utf8", ".")
    assert findings(quiet) == []


def test_a_baseline_lets_only_new_damage_fail(repository, check, garbled):
    directory, _ = repository
    assert check(directory, "--write-baseline", "known.json", ".").status == 0
    assert '"line"' not in (directory / "known.json").read_text(encoding="utf-8")
    script = directory / "src" / "app.py"
    script.write_text("\n\n# 新的一行\n" + script.read_text(encoding="utf-8"), encoding="utf-8")
    assert check(directory, "--baseline", "known.json", ".").status == 0
    script.write_text(script.read_text(encoding="utf-8") + f"# {garbled[5]}\n", encoding="utf-8")
    outcome = check(directory, "--baseline", "known.json", "--json", ".")
    assert outcome.status == 1
    assert [item["path"] for item in findings(outcome)] == ["src/app.py"]
    (directory / "data.csv").unlink()
    report = json.loads(check(directory, "--baseline", "known.json", "--json", ".").out)
    assert report["gone_from_baseline"] == 1
    (directory / "known.json").write_text("[]", encoding="utf-8")
    assert check(directory, "--baseline", "known.json", ".").status == 2


def test_a_baseline_knows_a_file_by_any_of_its_names(repository, check):
    directory, _ = repository
    link = directory.parent / "link"
    link.symlink_to(directory, target_is_directory=True)
    for spelling in ("src", directory / "src", link / "src"):
        assert check(directory, "--write-baseline", "known.json", spelling).status == 0
        assert set(json.loads((directory / "known.json").read_bytes())["files"]) == {"src/app.py"}
    for where, spelling, known in (
        (directory, "src", "known.json"),
        (directory, directory / "src", "known.json"),
        (directory, link / "src" / "app.py", "known.json"),
        (directory / "src", ".", "../known.json"),
        (directory.parent, directory / "src", directory / "known.json"),
    ):
        outcome = check(where, "--json", "--baseline", known, spelling)
        assert (outcome.status, json.loads(outcome.out)["gone_from_baseline"]) == (0, 0)


def test_a_baseline_of_an_earlier_version_is_known(repository, check):
    directory, _ = repository
    (directory / "ci").mkdir()
    assert check(directory, "--write-baseline", "known.json", "src").status == 0
    document = json.loads((directory / "known.json").read_bytes())
    for name in ("src/app.py", str(directory / "src" / "app.py")):
        earlier = document | {"files": {name: document["files"]["src/app.py"]}}
        (directory / "ci" / "known.json").write_text(json.dumps(earlier), encoding="utf-8")
        for spelling in ("src", directory / "src"):
            outcome = check(directory, "--json", "--baseline", "ci/known.json", spelling)
            assert (outcome.status, json.loads(outcome.out)["gone_from_baseline"]) == (0, 0)


def test_the_number_of_processes_does_not_matter(repository, check):
    directory, _ = repository
    assert check(directory, "--json", "--jobs", "2", ".").out == check(directory, "--json", ".").out


def test_text_for_people(repository, check):
    directory, _ = repository
    shown = check(directory, ".").text
    assert "src/app.py:2:" in shown
    assert "in 6 of 7 files" in shown
    assert "[(yè) → ]" in shown


def test_sarif_is_valid_and_complete(repository, check):
    directory, _ = repository
    (directory / "clean.txt").unlink()
    (directory / "clean.txt").symlink_to("nowhere")
    outcome = check(directory, "--format", "sarif", "README.md", "web", "clean.txt")
    document = json.loads(outcome.out)
    jsonschema.validate(document, json.loads((DATA / "sarif-2.1.0.json").read_bytes()))
    (run,) = document["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"][0]["executionSuccessful"] is False
    assert {result["ruleId"] for result in run["results"]} == {"gloss", "slip", "mixup"}
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["partialFingerprints"]["mojibakeFix/v1"]) == 16


def test_github_annotations_are_escaped(tmp_path, check, garbled):
    (tmp_path / "a,b.txt").write_text(f"100%\n{garbled[0]}\n", encoding="utf-8")
    (line,) = check(tmp_path, "--report", "github", ".").text.splitlines()
    assert line.startswith("::error title=mojibake-fix (mixup),file=a%2Cb.txt,line=2,col=")


def test_junit_is_xml_even_with_controls(tmp_path, check):
    from mojibake_fix.damage import mixup

    garbled = mixup.inflict("會議決定繼續推進產業升級，並且加強質量監督。", "utf-8", "latin-1")
    assert any(ord(character) < 0xA0 for character in garbled)
    (tmp_path / "a.txt").write_text(garbled, encoding="utf-8")
    (tmp_path / "b.txt").write_text("好", encoding="utf-8")
    root = ElementTree.fromstring(check(tmp_path, "--format", "junit", ".").out)  # noqa: S314  (our own output)
    assert [suite.get("name") for suite in root] == ["a.txt", "b.txt"]
    assert len(root.findall(".//failure")) == int(root.get("failures")) >= 1


def test_the_html_page_stands_alone(repository, check, tmp_path):
    directory, _ = repository
    (directory / "evil.txt").write_text(f"</script><script>alert(1)</script>\n{GLOSSED}", encoding="utf-8")
    assert check(directory, "--report", "html", "-o", "out.html", ".").status == 1
    page = (directory / "out.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "")
    assert page.count("</script>") == 1
    data = json.loads(page.split("const data = ")[1].split(";\n")[0])
    assert {rule for rule, _ in data["rules"]} == {"gloss", "mixup", "slip"}


def test_the_check_of_our_own_repository_is_clean():
    root = Path(__file__).resolve().parent.parent
    if not (root / ".mojibake-baseline.json").exists() or not (root / "src").exists():
        pytest.skip("not in a checkout")
    command = [sys.executable, "-m", "mojibake_fix", "check", "."]
    result = subprocess.run(command, cwd=root, capture_output=True, check=False)
    assert result.returncode == 0, result.stdout.decode()[-2000:]


@pytest.mark.parametrize(
    ("directive", "expected"),
    [
        ("ignore-nextline", 1),
        ("ignored", 1),
        ("ignore_file", 1),
        ("ignore [gloss]", 1),
        ("ignore [mixup]", 0),
        ("ignore", 0),
    ],
)
def test_a_misspelt_directive_ignores_nothing(tmp_path, check, garbled, directive, expected):
    (tmp_path / "a.py").write_text(f"{garbled[1]}  # mojibake-fix: {directive}\n", encoding="utf-8")
    assert len({one["rule"] for one in findings(check(tmp_path, "--json", "."))}) == expected
