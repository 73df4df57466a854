"""Throughput on JSON Lines beside a loop over ftfy: `python benchmarks/corpus.py [--documents N]`.

The documents are sentences of the tests, on their own and damaged byte-exactly: none, and one in twenty. Memory is the
peak of a process of its own, once for the file and once for one ten times as long.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import ftfy

from mojibake_fix.damage import mixup

SENTENCES = (
    "會議決定繼續推進產業升級，並且加強質量監督。",
    "他打开窗户，外面的雨已经停了，空气很新鲜。",
    "我們明天早上九點在學校門口集合，請大家準時。",
    "这家小店的老板很热情，菜也做得非常地道。",
    "圖書館的讀者越來越多，管理員建議增加座位。",
    "新的规定从下个月开始执行，请各部门认真准备。",
)
LENGTH = 12
"""Sentences of a document: 265 characters, 800 bytes, a short web text."""

_RUN = (
    "import sys, time; from mojibake_fix.cli import group; t = time.perf_counter();"
    "group.main(sys.argv[1:], standalone_mode=False); t = time.perf_counter() - t;"
    "print(t, open('/proc/self/status').read().split('VmHWM:')[1].split()[0])"
)


def write(path: Path, documents: int, damaged: float) -> None:
    """Write a corpus in which this share of the documents is GBK read as Latin-1."""
    step = round(1 / damaged) if damaged else documents + 1
    with path.open("w", encoding="utf-8") as file:
        for number in range(documents):
            text = "".join(SENTENCES[(number + place) % len(SENTENCES)] for place in range(LENGTH))
            if number % step == step - 1:
                text = mixup.inflict(text, "cp936", "latin-1")
            file.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")


def ours(path: Path, jobs: int) -> tuple[float, float]:
    """Seconds and peak memory in MB of a run in a fresh process; start-up of Python is not counted."""
    command = [sys.executable, "-c", _RUN, "fix", str(path), "-o", str(path.with_suffix(".out")), "-j", str(jobs)]
    seconds, kilobytes = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), int(kilobytes) / 1024


def theirs(path: Path) -> float:
    """Seconds of the loop that people write."""
    started = time.perf_counter()
    with path.open(encoding="utf-8") as source, path.with_suffix(".out").open("w", encoding="utf-8") as target:
        for line in source:
            record = json.loads(line)
            record["text"] = ftfy.fix_text(record["text"])
            target.write(json.dumps(record, ensure_ascii=False) + "\n")
    return time.perf_counter() - started


def measure(documents: int = 5_000) -> Mapping[str, float]:
    """Measure, print the table, return the figures."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as directory:
        print(f"{'corpus':<12} {'tool':<22} {'MB/s':>8} {'documents/s':>12} {'peak MB':>8}")
        for name, damaged in (("clean", 0.0), ("damaged", 0.05)):
            path = Path(directory) / f"{name}.jsonl"
            write(path, documents, damaged)
            size = path.stat().st_size / 1e6
            label = name if not damaged else f"{damaged:.0%} {name}"
            for jobs in (1, 2):
                seconds, peak = ours(path, jobs)
                figures[f"{name}_{jobs}"] = size / seconds
                _row(label, f"mojibake-fix, {jobs} proc.", size, seconds, documents, peak)
            seconds = theirs(path)
            figures[f"{name}_ftfy"] = size / seconds
            _row(label, "ftfy.fix_text, loop", size, seconds, documents, None)
        rate, figures["memory_growth_mb"] = _growth(Path(directory), documents)
        figures["clean_speedup"] = rate / figures["clean_ftfy"]
    return figures


def _growth(directory: Path, documents: int) -> tuple[float, float]:
    """MB/s once the tables are loaded, and growth of memory in MB, from a file and one ten times as long."""
    seconds, peaks, sizes = [], [], []
    for factor in (1, 10):
        path = directory / f"{factor}.jsonl"
        write(path, documents * factor, 0.0)
        spent, peak = ours(path, 1)
        seconds.append(spent)
        peaks.append(peak)
        sizes.append(path.stat().st_size / 1e6)
    rate = (sizes[1] - sizes[0]) / max(seconds[1] - seconds[0], 1e-9)
    print(f"clean, 1 process, once the tables are loaded: {rate:.1f} MB/s")
    print(f"peak memory: {peaks[0]:.0f} MB, and {peaks[1]:.0f} MB on a file ten times as long")
    return rate, peaks[1] - peaks[0]


def _row(corpus: str, tool: str, size: float, seconds: float, documents: int, peak: float | None) -> None:
    memory = f"{peak:8.0f}" if peak is not None else f"{'':8}"
    print(f"{corpus:<12} {tool:<22} {size / seconds:8.1f} {documents / seconds:12,.0f} {memory}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Throughput on JSON Lines, beside ftfy.")
    parser.add_argument("--documents", type=int, default=20_000)
    measure(parser.parse_args().documents)
