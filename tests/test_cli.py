"""The command line on texts: what it prints, what it leaves alone, and how it says what went wrong."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "seed"
GLOSSED, PLAIN = "企業(yè)發(fā)展的動(dòng)力,產(chǎn)業(yè)", "企業發展的動力,產業"


def run(*arguments, stdin=b"", **kwargs):
    command = [sys.executable, "-m", "mojibake_fix", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, **kwargs)


@pytest.fixture
def broken(tmp_path):
    path = tmp_path / "broken.txt"
    path.write_bytes(GLOSSED.encode())
    return path


def one_line(result):
    """The error as a user sees it: one line, no traceback, exit status 2."""
    assert result.returncode == 2
    message = result.stderr.decode()
    assert message.startswith("mojibake-fix: ")
    assert message.count("\n") == 1
    return message


def test_fix_repairs_a_file_and_standard_input(broken):
    assert run("fix", broken).stdout.decode() == PLAIN
    assert run("fix", stdin=GLOSSED.encode()).stdout.decode() == PLAIN
    assert run("fix", "-", stdin=GLOSSED.encode()).returncode == 0


def test_the_seed_article_comes_back():
    assert run("fix", SEED / "article.txt").stdout == (SEED / "article.repaired.txt").read_bytes()


def test_undo_gives_the_seed_back(tmp_path):
    plan, repaired = tmp_path / "plan.json", tmp_path / "repaired.txt"
    plan.write_bytes(run("explain", "--json", SEED / "article.txt").stdout)
    repaired.write_bytes(run("fix", SEED / "article.txt").stdout)
    assert run("undo", repaired, "--plan", plan).stdout == (SEED / "article.txt").read_bytes()


@pytest.mark.parametrize(
    "clean",
    [
        b"",
        b"\xef\xbb\xbf\xe4\xb8\xad\xe6\x96\x87\r\nabc\r",
        "一行\r\n二行\n三行\r\n\n".encode(),
        b"\x00\x01",
        b"no end",
    ],
)
def test_clean_bytes_come_out_as_they_went_in(clean):
    assert run("fix", stdin=clean).stdout == clean


def test_line_ends_and_byte_order_mark_survive_a_repair():
    damaged = b"\xef\xbb\xbf" + f"{GLOSSED}\r\n第二行\n".encode()
    assert run("fix", stdin=damaged).stdout == b"\xef\xbb\xbf" + f"{PLAIN}\r\n第二行\n".encode()


def test_exit_code_is_one_only_where_asked(broken):
    assert run("fix", broken).returncode == 0
    assert run("fix", "--exit-code", broken).returncode == 1
    assert run("fix", "--exit-code", stdin="好的".encode()).returncode == 0


def test_diff_shows_the_change_and_changes_nothing(broken):
    shown = run("fix", "--diff", broken).stdout.decode()
    assert f"\n-{GLOSSED}\n+{PLAIN}\n" in shown
    assert "\x1b[" not in shown
    assert broken.read_text(encoding="utf-8") == GLOSSED


def test_in_place_keeps_permissions_and_links(broken):
    broken.chmod(0o640)
    link = broken.with_name("link.txt")
    link.symlink_to(broken.name)
    assert run("fix", "--in-place", link).returncode == 0
    assert link.is_symlink()
    assert broken.read_text(encoding="utf-8") == PLAIN
    assert stat.S_IMODE(broken.stat().st_mode) == 0o640
    assert sorted(path.name for path in broken.parent.iterdir()) == ["broken.txt", "link.txt"]


def test_in_place_does_not_rewrite_a_clean_file(tmp_path):
    path = tmp_path / "clean.txt"
    path.write_text("没有问题。", encoding="utf-8")
    before = path.stat()
    assert run("fix", "--in-place", path).returncode == 0
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_one_bad_file_does_not_stop_the_others(broken, tmp_path):
    result = run("fix", "--in-place", tmp_path / "missing.txt", broken)
    assert "missing.txt: no such file" in one_line(result)
    assert broken.read_text(encoding="utf-8") == PLAIN


def test_a_directory_that_cannot_be_written_leaves_the_file(broken):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    broken.parent.chmod(0o500)
    try:
        assert "cannot write beside it" in one_line(run("fix", "--in-place", broken))
    finally:
        broken.parent.chmod(0o700)
    assert broken.read_text(encoding="utf-8") == GLOSSED


def test_explain_says_where_what_and_why(broken):
    shown = run("explain", broken).stdout.decode()
    assert "broken.txt:1:3: gloss" in shown
    assert "[(yè) → ]" in shown
    assert "nothing to repair" in run("explain", stdin=b"abc").stdout.decode()


def test_explain_json_carries_the_plan(broken):
    document = json.loads(run("explain", "--json", broken).stdout)
    assert document["changed"] is True
    assert [step["after"] for stage in document["plan"]["stages"] for step in stage] == [""] * 5


def test_undo_refuses_another_text(broken, tmp_path):
    plan = tmp_path / "plan.json"
    plan.write_bytes(run("explain", "--json", broken).stdout)
    assert "not the result text" in one_line(run("undo", broken, "--plan", plan))
    plan.write_text("{}", encoding="utf-8")
    assert "not a plan or sidecar" in one_line(run("undo", broken, "--plan", plan))


def test_errors_are_one_clear_line(tmp_path):
    assert "missing.txt: no such file" in one_line(run("fix", tmp_path / "missing.txt"))
    assert "is a directory" in one_line(run("fix", tmp_path))
    assert run("fix", "--in-place", stdin=b"").returncode == 2


def test_a_full_disk_is_said():
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "mojibake_fix", "fix", str(SEED / "article.txt")]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert "no space left" in one_line(result)


@pytest.mark.parametrize("arguments", [("fix",), ("fix", "--diff"), ("check",), ("check", "--json"), ("explain",)])
def test_a_broken_pipe_is_said(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "mojibake_fix", *arguments, str(SEED / "article.txt")]
    result = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert "went away" in one_line(result)


@pytest.mark.parametrize(
    "arguments", [("fix",), ("fix", "--diff"), ("check", "--json"), ("convert", "--to", "zh-Hant")]
)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_halfway_is_said(tmp_path, arguments, unbuffered):
    path = tmp_path / "long.jsonl"
    path.write_text("".join(f'{{"{number}": "{GLOSSED}"}}\n' for number in range(3000)), encoding="utf-8")
    command = [sys.executable, "-m", "mojibake_fix", *arguments, str(path)]
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    process.stdout.read(10)
    process.stdout.close()
    message = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait(60) == 2
    assert "went away" in message
    assert message.count("\n") == 1


def test_help_names_the_commands_and_the_exit_codes():
    shown = run("--help").stdout.decode()
    assert all(name in shown for name in ("fix", "explain", "undo", "Exit status"))


def test_text_in_another_encoding_comes_out_as_utf8(tmp_path):
    article = ("新的规定从下个月开始执行，请各部门认真准备。\r\n" * 3).encode("gb18030")
    path = tmp_path / "gbk.txt"
    path.write_bytes(article)
    result = run("fix", path)
    assert result.returncode == 0
    assert result.stdout == article.decode("gb18030").encode()
    assert b"gbk.txt:1: read as gb18030, written as UTF-8" in result.stderr
    assert run("fix", path, "-o", tmp_path / "out.txt", "--sidecar").returncode == 0
    assert run("undo", tmp_path / "out.txt").stdout == article


def test_a_file_in_another_encoding_is_a_change_with_diff_too(tmp_path):
    path, table = tmp_path / "gbk.txt", tmp_path / "gbk.csv"
    for one in (path, table):
        one.write_bytes(("标题,内容\n新的规定从下个月开始执行，请各部门认真准备。,好\n" * 3).encode("gbk"))
        assert run("fix", "--exit-code", one).returncode == 1
        shown = run("fix", "--diff", "--exit-code", one)
        assert (shown.returncode, shown.stdout) == (1, b"")
        assert b"written as UTF-8" in shown.stderr


def test_a_file_in_another_encoding_is_left_alone_in_place(tmp_path):
    path = tmp_path / "gbk.txt"
    path.write_bytes(b"abc\xd6\xd0")
    assert "not UTF-8: byte 0xD6 at offset 3" in one_line(run("fix", "--in-place", path))
    assert path.read_bytes() == b"abc\xd6\xd0"


def test_the_shell_completes_commands_and_options():
    script = run(env={**os.environ, "_MOJIBAKE_FIX_COMPLETE": "bash_source"}).stdout.decode()
    assert "complete" in script
    asked = {"_MOJIBAKE_FIX_COMPLETE": "bash_complete", "COMP_WORDS": "mojibake-fix fi", "COMP_CWORD": "1"}
    assert run(env={**os.environ, **asked}).stdout.decode().split() == ["plain,fix"]


@pytest.mark.parametrize(
    "command", ["check", "convert", "decode", "detect", "explain", "fix", "garble", "identify", "undo"]
)
def test_every_command_teaches_by_example(command):
    shown = run(command, "--help").stdout.decode()
    assert "Exit status" in shown
    assert f"mojibake-fix {command}" in shown
