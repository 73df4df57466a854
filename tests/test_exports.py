"""The public names: complete, lazily loaded, seen by type checkers, and never shadowed by a module."""

import ast
import importlib
import resource
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import mojibake_fix

HEAVY = {"numpy", "opencc", "pypinyin", "ftfy", "charset_normalizer", "click", "rich", "pyarrow"}
CORE = {"fix", "explain", "check", "Policy", "SAFE", "RESTORE", "GUESS", "Plan", "Step", "Repair", "Loss", "Damage"}


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def test_the_names_of_the_design_are_there():
    assert set(mojibake_fix.__all__) >= CORE
    assert set(dir(mojibake_fix)) >= set(mojibake_fix.__all__)


@pytest.mark.parametrize("name", mojibake_fix.__all__)
def test_every_name_loads_is_documented_and_is_no_module(name):
    value = getattr(mojibake_fix, name)
    assert not isinstance(value, ModuleType)
    assert value.__doc__


def test_type_checkers_see_the_same_names_that_are_loaded():
    tree = ast.parse(Path(mojibake_fix.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.asname for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == set(mojibake_fix.__all__)


def test_importing_a_module_does_not_hide_the_function_of_its_name():
    shared = [name for name in mojibake_fix.__all__ if (Path(mojibake_fix.__file__).parent / f"{name}.py").exists()]
    for name in shared:
        importlib.import_module(f"mojibake_fix.{name}")
        assert callable(getattr(mojibake_fix, name))


def test_unknown_names_are_refused():
    with pytest.raises(AttributeError, match="no attribute 'fixx'"):
        mojibake_fix.fixx  # noqa: B018


def test_the_import_loads_nothing_heavy():
    loaded = set(run("import sys, mojibake_fix; print(*{name.split('.')[0] for name in sys.modules})").split())
    assert loaded & HEAVY == set()


def test_the_import_takes_less_than_50_ms():
    """Of processor time, so that what else runs on the machine does not count."""

    def seconds(code: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run(code)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    bare = min(seconds("pass") for _ in range(5))
    ours = min(seconds("import mojibake_fix") for _ in range(5))
    assert ours - bare < 0.05
