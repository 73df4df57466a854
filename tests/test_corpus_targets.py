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
