"""What can go wrong on a real machine: nothing is lost, everything is said."""

import json
import os
import resource
import signal
import subprocess
import sys
import time

import pytest

FIX = [sys.executable, "-m", "mojibake_fix", "fix"]


def leftovers(directory):
    return [path.name for path in directory.iterdir() if path.name.endswith(".tmp")]


def test_kill_9_in_the_middle_of_a_thousand_files(tmp_path, shell, clean, garbled):
    for number in range(1000):
        (tmp_path / f"{number:04}.txt").write_text(garbled[number % 6], encoding="utf-8")

    def done():
        return sum((tmp_path / f"{n:04}.txt").read_text(encoding="utf-8") == clean[n % 6] for n in range(1000))

    process = subprocess.Popen([*FIX, "--in-place", "--sidecar", str(tmp_path)])
    deadline = time.monotonic() + 60
    while not (tmp_path / "0100.txt.plan.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert 100 <= done() < 1000
    for number in range(1000):
        text = (tmp_path / f"{number:04}.txt").read_text(encoding="utf-8")
        assert text in (clean[number % 6], garbled[number % 6])
        if text == clean[number % 6]:
            assert (tmp_path / f"{number:04}.txt.plan.jsonl").exists()
    assert shell("fix", "--in-place", "--sidecar", tmp_path).status == 0
    assert done() == 1000
    assert leftovers(tmp_path) == []
    assert shell("undo", "--in-place", tmp_path).status == 0
    assert done() == 0


def test_a_full_disk_leaves_the_file_and_says_so(tmp_path, garbled):
    path, small = tmp_path / "large.txt", tmp_path / "small.txt"
    path.write_text((garbled[0] + "\n") * 5000, encoding="utf-8")
    small.write_text(garbled[1], encoding="utf-8")
    before = path.read_bytes()

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    command = [*FIX, "--in-place", str(path), str(small)]
    result = subprocess.run(command, capture_output=True, check=False, preexec_fn=limit)
    assert result.returncode == 2
    assert b"large.txt: file too large" in result.stderr
    assert path.read_bytes() == before
    assert small.read_text(encoding="utf-8") != garbled[1]
    assert leftovers(tmp_path) == []


def test_what_cannot_be_read_is_said_and_the_rest_is_done(tmp_path, shell, garbled, clean):
    good, loop, gone = tmp_path / "good.txt", tmp_path / "loop.txt", tmp_path / "gone.txt"
    good.write_text(garbled[0], encoding="utf-8")
    loop.symlink_to(loop)
    gone.symlink_to(tmp_path / "nowhere")
    outcome = shell("fix", "--in-place", loop, gone, good)
    assert outcome.status == 2
    assert len(outcome.err.splitlines()) == 2
    assert good.read_text(encoding="utf-8") == clean[0]


def test_an_unreadable_file_is_said(tmp_path, shell, garbled):
    if os.geteuid() == 0:
        pytest.skip("root may read anything")
    path = tmp_path / "secret.txt"
    path.write_text(garbled[0], encoding="utf-8")
    path.chmod(0)
    assert "secret.txt: permission denied" in shell("fix", path).err


def test_a_record_of_50_megabytes(tmp_path, shell, clean, garbled):
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    long = {"id": 1, "text": "".join(clean) * 131_000}
    small = {"id": 2, "text": garbled[0]}
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in (long, small)), encoding="utf-8")
    assert path.stat().st_size > 50_000_000
    assert shell("fix", path, "-o", out, "--jobs", "2").status == 0
    first, second = out.read_bytes().splitlines()
    assert first == path.read_bytes().splitlines()[0]
    assert json.loads(second) == {"id": 2, "text": clean[0]}


def test_a_killed_worker_is_said_and_nothing_is_written(tmp_path, garbled):
    path = tmp_path / "a.jsonl"
    line = json.dumps({"text": garbled[0]}) + "\n"
    path.write_text(line * 20_000, encoding="utf-8")
    before = path.read_bytes()
    process = subprocess.Popen([*FIX, "--in-place", "--jobs", "2", str(path)], stderr=subprocess.PIPE)
    workers = _workers(process, 1)
    os.kill(int(workers[0]), signal.SIGKILL)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    assert b"worker process was killed" in error
    assert path.read_bytes() == before
    assert leftovers(tmp_path) == []


def test_workers_leave_with_a_parent_that_was_killed(tmp_path, garbled):
    path = tmp_path / "a.jsonl"
    path.write_text((json.dumps({"text": garbled[0]}) + "\n") * 20_000, encoding="utf-8")
    process = subprocess.Popen([*FIX, "--in-place", "--jobs", "2", str(path)])
    workers = _workers(process, 2)
    time.sleep(0.5)  # they are at work, or about to be
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 30
    while any(map(_command_line, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    left = [pid for pid in workers if _command_line(pid)]
    for pid in left:
        os.kill(int(pid), signal.SIGKILL)
    assert left == []


def _workers(process, count):
    """Wait for the processes that were spawned for work, and give their numbers."""
    deadline = time.monotonic() + 30
    workers = []
    while len(workers) < count and time.monotonic() < deadline:
        with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:  # noqa: PTH123
            pids = file.read().split()
        workers = [pid for pid in pids if b"spawn_main" in _command_line(pid)]
        time.sleep(0.02)
    return workers


def _command_line(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return b""


def test_an_interrupt_leaves_130_and_no_unfinished_file(tmp_path, garbled):
    path = tmp_path / "a.jsonl"
    path.write_text((json.dumps({"text": garbled[0]}) + "\n") * 50_000, encoding="utf-8")
    before = path.read_bytes()
    process = subprocess.Popen(
        [*FIX, "--in-place", str(path)],
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a runner in the background ignores it
    )
    deadline = time.monotonic() + 30
    while not leftovers(tmp_path) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert b"Traceback" not in error
    assert path.read_bytes() == before
    assert leftovers(tmp_path) == []
