"""Every example of the READMEs and of docs/ runs and gives what they say; what they link to is there."""

import doctest
import os
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

from mojibake_fix import fix

ROOT = Path(__file__).resolve().parent.parent
READMES = ["README.md", "README.zh-CN.md"]


def blocks(name, language):
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", READMES)
def test_the_table_of_repairs_holds(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    repairs = rows[2:7]
    assert len(repairs) == 5
    assert [fix(garbled) for garbled, _, _ in repairs] == [repaired for _, repaired, _ in repairs]


@pytest.mark.parametrize(("name", "least"), [*((name, 8) for name in READMES), ("docs/how-it-works.md", 4)])
def test_the_python_examples_run(name, least):
    test = doctest.DocTestParser().get_doctest("".join(blocks(name, "python")), {}, name, name, 0)
    assert len(test.examples) >= least
    runner = doctest.DocTestRunner()
    report = []
    runner.run(test, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)


def test_the_console_examples_run(tmp_path):
    """In one directory, in order; a command may leave with any status, its output is what counts."""
    name = READMES[0]  # the other one shows the same, as is tested below
    binaries = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "COLUMNS": "100"}
    ran = 0
    for block in blocks(name, "console"):
        for example in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, expected = example.partition("\n")
            result = subprocess.run(
                ["bash", "-c", command], cwd=tmp_path, env=environment, capture_output=True, check=False
            )
            assert (result.stdout + result.stderr).decode() == expected, command
            ran += 1
    assert ran >= 12


PAGES = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("name", PAGES)
def test_what_is_linked_to_is_there(name):
    page = ROOT / name
    targets = re.findall(r"\]\((?!https?:)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_map_of_the_house_names_every_module():
    """A row may stand for several modules: a package for all that is in it, `detect_*.py` for those that begin so."""
    text = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    named = [name.removesuffix(".py") for name in re.findall(r"`(\w[\w*]*(?:\.py|/))`", text)]
    source = ROOT / "src" / "mojibake_fix"
    modules = {path.stem for path in source.glob("[!_]*.py")} | {
        f"{path.parent.name}/" for path in source.glob("*/__init__.py")
    }
    assert [module for module in sorted(modules) if not any(fnmatch(module, name) for name in named)] == []


def test_both_languages_show_the_same_examples():
    for language in ("python", "console", "sh", "toml"):
        assert blocks(READMES[0], language) == blocks(READMES[1], language)


def test_the_set_up_is_two_commands():
    commands = [line for block in blocks("README.md", "sh") for line in block.splitlines()]
    assert len(commands) == 2
    assert all(command.startswith("python3 -m venv .venv && .venv/bin/pip install") for command in commands)
