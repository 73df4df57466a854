"""Configuration: it has the names of the options, paths are relative to it, and nothing in it does nothing."""

import json

import pytest

GARBLED = "企業(yè)發(fā)展的動(dòng)力"


@pytest.fixture
def project(tmp_path):
    """A project with a damaged file; write its table, and run commands there."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.txt").write_text(GARBLED, encoding="utf-8")

    def configure(table):
        (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
        return tmp_path

    return configure


def test_options_go_by_the_names_of_the_documentation(shell, project):
    for key in ("format", "report"):
        root = project(f'[tool.mojibake-fix.check]\n{key} = "json"\nexit-zero = true\njobs = 1\nignore = ["slip"]\n')
        outcome = shell("check", "src", cwd=root)
        assert outcome.status == 0
        assert json.loads(outcome.out)["by_rule"] == {"gloss": 3}
    root = project('[tool.mojibake-fix.fix]\nfield = ["t"]\nformat = "jsonl"\n')
    (root / "in.txt").write_text(json.dumps({"t": GARBLED, "u": GARBLED}, ensure_ascii=False), encoding="utf-8")
    assert json.loads(shell("fix", "in.txt", cwd=root).out) == {"t": "企業發展的動力", "u": GARBLED}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("[tool.mojibake-fix]\nexlude = ['x']", "[tool.mojibake-fix] exlude: only `exclude`"),
        ("[tool.mojibake-fix]\nexclude = 'x'", "[tool.mojibake-fix] exclude: takes a list of patterns"),
        ("[tool.mojibake-fix]\nexclude = [1]", "[tool.mojibake-fix] exclude: takes a list of patterns"),
        ("[tool]\nmojibake-fix = 1", "[tool.mojibake-fix] is a table"),
        ("[tool.mojibake-fix.chek]\njobs = 1", "[tool.mojibake-fix.chek]: no such command; did you mean check?"),
        ("[tool.mojibake-fix.check]\nbaselin = 'x'", "baselin: no such option of check; did you mean baseline"),
        ("[tool.mojibake-fix.check]\nformat = 'nope'", "[tool.mojibake-fix.check] format: 'nope' is not one of 'text'"),
        ("[tool.mojibake-fix.check]\nrules = 'bom'", "[tool.mojibake-fix.check] rules: takes a list, not 'bom'"),
        ("[tool.mojibake-fix.check]\nrules = ['bon']", "[tool.mojibake-fix.check] rules: 'bon' is not one of"),
        ("[tool.mojibake-fix.check]\nbaseline = 3", "[tool.mojibake-fix.check] baseline: takes text, not 3"),
        ("[tool.mojibake-fix.fix]\njobs = 'two'", "[tool.mojibake-fix.fix] jobs: takes a whole number, not 'two'"),
        ("[tool.mojibake-fix.fix]\njobs = -1", "[tool.mojibake-fix.fix] jobs: -1 is not in the range"),
        ("[tool.mojibake-fix.fix]\nin-place = 'yes'", "[tool.mojibake-fix.fix] in-place: takes true or false"),
        ("[tool.mojibake-fix.check]\nignore = ['glos']", "--ignore glos: no such family or rule; did you mean gloss"),
    ],
)
def test_what_means_nothing_is_an_error(shell, project, table, said):
    root = project(table + "\n")
    outcome = shell("check", "src", cwd=root)
    assert (outcome.status, outcome.out) == (2, b"")
    assert said in outcome.err
    assert outcome.err.count("\n") == 1
    assert "pyproject.toml" in outcome.err or "--ignore" in outcome.err
    assert shell("--isolated", "check", "src", cwd=root).status == 1


def test_an_ignored_family_that_does_not_exist_is_an_error(cli, tmp_path):
    outcome = cli("check", "--ignore", "nosuchfamily", tmp_path)
    assert outcome.status == 2
    assert "--ignore nosuchfamily: no such family or rule; there are: mixup, slip, gloss" in outcome.err


def test_the_baseline_is_relative_to_the_file(shell, project):
    root = project('[tool.mojibake-fix.check]\nbaseline = "known.json"\n')
    assert shell("--isolated", "check", "--write-baseline", "known.json", "src", cwd=root).status == 0
    assert shell("check", "src", cwd=root).status == 0
    assert shell("check", "a.txt", cwd=root / "src").status == 0
