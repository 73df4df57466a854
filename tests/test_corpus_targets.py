"""Where output goes: pipes and devices are written into and never replaced; files and directories as they are named."""

import os
import stat

import pytest


@pytest.fixture
def pipe(tmp_path):
    """A named pipe, and what was written into it."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    yield path, lambda: os.read(reader, 1 << 16)
    os.close(reader)


@pytest.fixture
def damaged(tmp_path, garbled):
    path = tmp_path / "a.txt"
    path.write_text(garbled[0], encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("fix",), "會議決定繼續推進產業升級"),
        (("check", "--format", "json"), "mixup"),
        (("garble", "mixup", "-s", "written=utf-8", "-s", "read=latin-1"), "Ã"),
        (("decode", "-e", "utf-8"), "¶¨À^"),
    ],
)
def test_a_pipe_is_written_into_and_stays_one(shell, pipe, damaged, command, expected):
    path, written = pipe
    assert shell(*command, damaged, "-o", path).status in (0, 1)
    assert stat.S_ISFIFO(path.stat().st_mode)
    assert expected in written().decode()
    assert sorted(os.listdir(path.parent)) == ["a.txt", "pipe"]  # noqa: PTH208


def test_a_link_to_a_pipe_is_followed(shell, pipe, damaged, clean):
    path, written = pipe
    link = path.with_name("link")
    link.symlink_to(path.name)
    assert shell("fix", damaged, "-o", link).status == 0
    assert link.is_symlink()
    assert written().decode() == clean[0]


def test_nothing_is_kept_beside_a_pipe(shell, pipe, damaged):
    path, _ = pipe
    outcome = shell("fix", damaged, "-o", path, "--sidecar")
    assert outcome.status == 2
    assert "pipe: is a pipe or a device, not a file; --sidecar needs a file" in outcome.err
    assert sorted(os.listdir(path.parent)) == ["a.txt", "pipe"]  # noqa: PTH208


def test_standard_output_by_its_path_is_standard_output(shell, damaged, clean, tmp_path):
    outcome = shell("fix", damaged, "-o", "/dev/stdout")
    assert (outcome.status, outcome.text) == (0, clean[0])
    assert shell("fix", damaged, "-o", "/proc/self/fd/1").text == clean[0]


def test_a_directory_among_the_inputs_makes_one(cli, tmp_path, damaged, clean):
    folder, out = tmp_path / "one", tmp_path / "out"
    folder.mkdir()
    damaged.rename(folder / "a.txt")
    assert cli("fix", folder, "-o", out).status == 0
    assert (out / "a.txt").read_text(encoding="utf-8") == clean[0]
    assert cli("fix", folder / "a.txt", "-o", tmp_path / "b.txt").status == 0
    assert (tmp_path / "b.txt").read_text(encoding="utf-8") == clean[0]


def test_a_directory_is_needed_for_several(cli, tmp_path, damaged):
    there = tmp_path / "b.txt"
    there.write_text("x", encoding="utf-8")
    for inputs in ((damaged, there), (tmp_path,)):
        outcome = cli("fix", *inputs, "-o", there)
        assert outcome.status == 2
        assert "b.txt: is not a directory; one is needed" in outcome.err
        assert there.read_text(encoding="utf-8") == "x"


def test_standard_input_goes_to_a_file(shell, tmp_path, clean, garbled):
    out = tmp_path / "b.txt"
    assert shell("fix", "-o", out, stdin=garbled[0].encode()).status == 0
    assert out.read_text(encoding="utf-8") == clean[0]
    outcome = shell("fix", "-o", tmp_path, stdin=garbled[0].encode())
    assert outcome.status == 2
    assert "standard input has no name" in outcome.err


def test_a_missing_input_makes_nothing(cli, tmp_path):
    assert cli("fix", tmp_path / "missing.txt", "-o", tmp_path / "out.txt").status == 2
    assert list(tmp_path.iterdir()) == []


def test_garble_does_not_write_several_inputs_over_each_other(cli, tmp_path, damaged):
    damaged.with_name("b.txt").write_text("好", encoding="utf-8")
    outcome = cli("garble", "mixup", "-s", "written=utf-8", "-s", "read=latin-1", tmp_path, "-o", tmp_path / "out")
    assert outcome.status == 2
    assert "--output takes one input" in outcome.err
    assert not (tmp_path / "out").exists()
