"""A run that is killed and resumed: nothing lost, nothing done twice, the same bytes as without the kill."""

import json
import signal
import subprocess
import sys
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

FILES = 90


@pytest.fixture
def corpus(tmp_path, clean, garbled):
    """A directory of files of several kinds, some of them clean."""
    root = tmp_path / "corpus"
    (root / "deep").mkdir(parents=True)
    for number in range(FILES):
        texts = [(garbled if (number + place) % 3 == 0 else clean)[place % 6] * 4 for place in range(60)]
        stem = root / ("deep" if number % 2 else ".") / f"{number:03}"
        lines = "".join(json.dumps({"id": place, "text": text}) + "\n" for place, text in enumerate(texts))
        match number % 4:
            case 0:
                stem.with_suffix(".jsonl").write_text(lines, encoding="utf-8")
            case 1:
                stem.with_suffix(".jsonl.zst").write_bytes(zstandard.ZstdCompressor().compress(lines.encode()))
            case 2:
                pq.write_table(pa.table({"text": texts}), stem.with_suffix(".parquet"))
            case _:
                stem.with_suffix(".txt").write_text("\n".join(clean if number % 8 == 3 else texts), encoding="utf-8")
    return root


def contents(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def kill_after(files, journal, *arguments):
    """Run a command and kill it when so many files are noted as done."""
    command = [sys.executable, "-m", "mojibake_fix", *map(str, arguments), "--resume", str(journal)]
    process = subprocess.Popen(command)
    deadline = time.monotonic() + 60
    while noted(journal) < files and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was still at work"


def noted(journal):
    return journal.read_bytes().count(b"\n") if journal.exists() else 0


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_killed_run_into_a_directory_is_resumed(shell, tmp_path, corpus, jobs):
    before, journal, out, whole = contents(corpus), tmp_path / "journal", tmp_path / "out", tmp_path / "whole"
    assert shell("fix", corpus, "-o", whole, "--sidecar").status == 0
    run = ("fix", corpus, "-o", out, "--sidecar", "--jobs", jobs)
    for files in (5, 30, 60):
        kill_after(files, journal, *run)
        assert contents(corpus) == before
    done = [json.loads(line)["source"] for line in journal.read_bytes().splitlines()]
    assert len(set(done)) == len(done) < FILES, "each file was done once"
    outcome = shell(*run, "--resume", journal, "--json")
    assert outcome.status == 0
    assert json.loads(outcome.out)["files"] == FILES - len(done)
    assert contents(out) == contents(whole)
    assert contents(corpus) == before


def test_a_killed_run_in_place_is_resumed_and_undone(shell, tmp_path, corpus):
    before, journal = contents(corpus), tmp_path / "journal"
    whole = tmp_path / "whole"
    assert shell("fix", corpus, "-o", whole).status == 0
    repaired = contents(whole)
    run = ("fix", "--in-place", "--sidecar", corpus)
    for files in (5, 30, 60):
        kill_after(files, journal, *run)
        for name, data in contents(corpus).items():
            if name in before:
                assert data in (before[name], repaired[name]), f"{name} is neither the old file nor the new one"
            if data == repaired.get(name) != before.get(name):
                assert (corpus / f"{name}.plan.jsonl").exists(), f"{name} could not be undone"
    assert shell(*run, "--resume", journal).status == 0
    after = contents(corpus)
    assert {name: data for name, data in after.items() if not name.endswith(".plan.jsonl")} == repaired
    assert shell("undo", "--in-place", corpus).status == 0
    undone = contents(corpus)
    assert undone.keys() == before.keys()
    for name, data in before.items():
        if name.endswith(".parquet"):
            assert pq.read_table(corpus / name) == pq.read_table(pa.BufferReader(data))
        elif name.endswith(".zst"):
            assert _plain(undone[name]) == _plain(data)
        else:
            assert undone[name] == data


def _plain(data):
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)
