"""Data flows down the house: a module imports only from those above it."""

import ast
from pathlib import Path

import mojibake_fix

# Each row is a floor; modules of one floor may know each other. A package stands for all its modules, and `detect` also
# for `detect_*`.
FLOORS = [
    ("records", "labels"),
    ("arguments",),
    ("encodings", "readers", "escapes"),
    ("model",),
    ("traits",),
    ("unexpected", "drawing"),
    ("scan",),
    ("detect",),
    ("decode",),
    ("script", "counterparts"),
    ("marks", "echo"),
    ("lattice", "rescore"),
    ("search",),
    ("convert",),
    ("positions",),
    ("damage",),
    ("look",),
    ("repair",),
    ("garble", "failure", "settings"),
    ("formats",),
    ("corpus",),
    ("check", "baseline"),
    ("reports",),
    ("commands",),
    ("cli",),
    ("__main__", "integrations"),
]

ROOT = Path(mojibake_fix.__file__).parent
PACKAGE = "mojibake_fix"


def floor(module: str) -> int:
    head = module.split(".")[0]
    for number, names in enumerate(FLOORS):
        if any(head == name or head.startswith(f"{name}_") for name in names):
            return number
    raise AssertionError(f"{module} has no floor: add it to FLOORS where the data reaches it")


def imported(path: Path) -> set[str]:
    """Modules of the package that a file imports, at its top or inside its functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE:
            inner = node.module.partition(".")[2]
            found |= {inner} if inner else {alias.name for alias in node.names if not alias.name.startswith("__")}
        elif isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[2] for alias in node.names if alias.name.startswith(f"{PACKAGE}.")}
        assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: imports are absolute here"
    return found


def modules() -> dict[str, Path]:
    paths = (path for path in ROOT.rglob("*.py") if path != ROOT / "__init__.py")
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


def test_a_module_imports_only_from_its_floor_and_those_above():
    wrong = [
        f"{module} imports {other}"
        for module, path in modules().items()
        for other in imported(path)
        if floor(other) > floor(module)
    ]
    assert wrong == []


def test_nothing_of_the_core_imports_its_hosts():
    hosts = {"scrapy", "pyspark", "datatrove", "datasets"}
    wrong = []
    for module, path in modules().items():
        names = {
            name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            for name in (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
        }
        if names & hosts and not module.startswith("integrations"):
            wrong.append(module)
    assert wrong == []


def test_the_test_sees_the_imports_it_judges():
    assert "records" in imported(ROOT / "repair.py")
    assert floor("detect_structure") == floor("detect")
