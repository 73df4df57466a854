"""What the tests of the command line and of corpora share."""

import subprocess
import sys
from dataclasses import dataclass

import pytest
from click.testing import CliRunner

from mojibake_fix.cli import group

CLEAN = (
    "會議決定繼續推進產業升級，並且加強質量監督。",
    "他打开窗户，外面的雨已经停了，空气很新鲜。",
    "我們明天早上九點在學校門口集合，請大家準時。",
    "这家小店的老板很热情，菜也做得非常地道。",
    "圖書館的讀者越來越多，管理員建議增加座位。",
    "新的规定从下个月开始执行，请各部门认真准备。",
)
"""Sentences of our own, no damage in them."""


@dataclass(frozen=True)
class Outcome:
    """What a command left behind."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()


@pytest.fixture
def cli():
    """Run a command in this process: quick, but without standard input."""

    def run(*arguments) -> Outcome:
        result = CliRunner().invoke(group, [*map(str, arguments)], standalone_mode=False)
        error = result.stderr
        status = result.return_value if isinstance(result.return_value, int) else 0
        if result.exception is not None:
            if not hasattr(result.exception, "exit_code"):
                raise result.exception
            status, error = result.exception.exit_code, error + result.exception.format_message() + "\n"
        return Outcome(status, result.stdout_bytes, error)

    return run


@pytest.fixture
def shell():
    """Run a command as users do: in a process of its own."""

    def run(*arguments, stdin=b"", **kwargs) -> Outcome:
        command = [sys.executable, "-m", "mojibake_fix", *map(str, arguments)]
        result = subprocess.run(command, input=stdin, capture_output=True, check=False, **kwargs)
        return Outcome(result.returncode, result.stdout, result.stderr.decode())

    return run


@pytest.fixture(scope="session")
def clean():
    return CLEAN


@pytest.fixture(scope="session")
def garbled():
    """The same sentences, written as GBK and read as Latin-1: ÖÐÎÄ."""
    from mojibake_fix.damage import mixup

    return tuple(mixup.inflict(text, "cp936", "latin-1") for text in CLEAN)
