"""A corpus through the whole command line, as users send it: `python benchmarks/roundtrip.py [--documents N] [--json]`.

Documents of clean lines, a tenth of them damaged byte-exactly, are written as JSON Lines (zstd), Parquet and WARC (gzip).
Each file goes through `fix`, `undo` and `check` in processes of their own, and what comes out is compared document by
document with what went in. It runs what is installed, so that a wheel is put to the test by the Python that has it.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import hashlib
import io
import json
import random
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from fastwarc.warc import ArchiveIterator

import material
from mojibake_fix.damage import gloss, mixup, slip

LINES = 8
"""Lines of a document: some 200 characters, a short web text."""
SHARE = 10
"""One document in so many is damaged."""
PLAN_COLUMN = "mojibake_fix"
GLOSSED = "業發動產"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as its author wrote it and as the corpus has it; `damage` says what was done, "" for nothing."""

    clean: str
    text: str
    damage: str = ""


def _in_all_lines(damage: Callable[[str], str]) -> Callable[[str], str]:
    """Do to all lines that can take it what `damage` does to a text; one that cannot ends nothing."""

    def inflict(text: str) -> str:
        return "\n".join(_or_as_it_is(damage, line) for line in text.split("\n"))

    return inflict


def _or_as_it_is(damage: Callable[[str], str], line: str) -> str:
    try:
        return damage(line)
    except ValueError:  # a character that the encoding lacks, or a byte that would be lost
        return line


def _in_one_line(damage: Callable[[str], str]) -> Callable[[str], str]:
    """Do to the longest line what `damage` does to a text."""

    def inflict(text: str) -> str:
        longest = max(text.split("\n"), key=len)
        return text.replace(longest, damage(longest), 1)

    return inflict


def _glossed(text: str) -> str:
    """Gloss a text that has enough to gloss: one reading in brackets may be there to teach."""
    return gloss.inflict(text, GLOSSED) if sum(map(text.count, GLOSSED)) >= len(GLOSSED) else text


DAMAGES: Mapping[str, Callable[[str], str]] = {
    "utf-8 as cp936, lines": _in_all_lines(lambda line: mixup.inflict(line, "utf-8", "cp936")),
    "cp936 as cp1252, whole": lambda text: mixup.inflict(text, "cp936", "cp1252"),
    "utf-8 as cp936, a line": _in_one_line(lambda line: mixup.inflict(line, "utf-8", "cp936")),
    "cp936 as cp1252, a line": _in_one_line(lambda line: mixup.inflict(line, "cp936", "cp1252")),
    "gloss": _glossed,
    "slip around a gloss": _in_one_line(lambda line: slip.inflict(line, "gloss", hanzi=GLOSSED)),
}


def documents(number: int) -> list[Document]:
    """Make documents in four languages, always the same ones; damages take turns among those that a text can take."""
    draw = random.Random(7)
    lines = {language: material.clean_lines(language) for language in ("hans", "hant", "ja", "ko")}
    languages = draw.choices(list(lines), (9, 9, 1, 1), k=number)
    damaged: Counter[str] = Counter(dict.fromkeys(DAMAGES, 0))
    made: list[Document] = []
    for place, language in enumerate(languages):
        clean = "\n".join(draw.choices(lines[language], k=LINES))
        due = place // SHARE + 1 > damaged.total() and language in ("hans", "hant")
        document = next(_damaged(clean, damaged), Document(clean, clean)) if due else Document(clean, clean)
        damaged.update([document.damage] if document.damage else [])
        made.append(document)
    return made


def _damaged(clean: str, done: Counter[str]) -> Iterator[Document]:
    """Damage a text, the rarest damage first."""
    for name in sorted(DAMAGES, key=lambda name: done[name]):
        try:
            text = DAMAGES[name](clean)
        except ValueError:
            continue
        if text != clean:
            yield Document(clean, text, name)


def write_jsonl(path: Path, texts: list[str]) -> None:
    """Write JSON Lines, compressed."""
    lines = (json.dumps({"id": number, "text": text}, ensure_ascii=False) for number, text in enumerate(texts))
    path.write_bytes(zstandard.ZstdCompressor().compress("".join(f"{line}\n" for line in lines).encode()))


def read_jsonl(path: Path) -> list[str]:
    """Read what `write_jsonl` wrote."""
    with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(path.read_bytes())) as stream:
        return [json.loads(line)["text"] for line in stream.read().splitlines()]


def write_parquet(path: Path, texts: list[str]) -> None:
    """Write Parquet, in row groups of 5,000."""
    table = pa.table({"id": range(len(texts)), "text": texts})
    pq.write_table(table, path, row_group_size=5_000, compression="zstd")


def read_parquet(path: Path) -> list[str]:
    """Read what `write_parquet` wrote."""
    texts: list[str] = pq.read_table(path)["text"].to_pylist()
    return texts


def write_warc(path: Path, texts: list[str]) -> None:
    """Write a web archive of pages, each a gzip member, with its digests."""
    with path.open("wb") as file:
        for number, text in enumerate(texts):
            body = text.encode()
            page = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
            head = (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{uuid.UUID(int=number)}>\r\n"
                f"WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Target-URI: http://example.org/{number}\r\n"
                f"WARC-Block-Digest: {_digest(page)}\r\nWARC-Payload-Digest: {_digest(body)}\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(page)}\r\n\r\n"
            )
            file.write(gzip.compress(head.encode() + page + b"\r\n\r\n", mtime=0))


def _digest(data: bytes) -> str:
    return f"sha1:{base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()}"


def read_warc(path: Path) -> list[str]:
    """Read what `write_warc` wrote; a digest that does not hold is an error."""
    texts = []
    for record in ArchiveIterator(str(path), parse_http=False):
        holds = record.verify_block_digest()
        body = record.reader.read().partition(b"\r\n\r\n")[2]
        if not holds or record.headers["WARC-Payload-Digest"] != _digest(body):
            raise SystemExit(f"{path.name}: the digests of {record.headers['WARC-Target-URI']} do not hold")
        texts.append(body.decode())
    return texts


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: how it is written and read, and how the plans are carried along."""

    suffix: str
    write: Callable[[Path, list[str]], None]
    read: Callable[[Path], list[str]]
    plans: tuple[str, ...] = ("--sidecar",)


KINDS = {
    "jsonl": Kind(".jsonl.zst", write_jsonl, read_jsonl),
    "parquet": Kind(".parquet", write_parquet, read_parquet, ("--plan-column", PLAN_COLUMN)),
    "warc": Kind(".warc.gz", write_warc, read_warc),
}

_RUN = (
    "import os, subprocess, sys; child = subprocess.Popen([sys.executable, '-m', 'mojibake_fix', *sys.argv[1:]]);"
    "_, status, usage = os.wait4(child.pid, 0); print(usage.ru_maxrss, file=sys.stderr);"
    "child.returncode = os.waitstatus_to_exitcode(status); sys.exit(child.returncode)"
)
"""Runs a command from a small process: a child begins with the memory of its parent on its account."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that ended: what it printed, how long it took, and the memory of its largest process in MB."""

    out: bytes
    seconds: float
    peak: float


def run(*arguments: str | Path) -> Ran:
    """Run a command of ours; one that ends in an error ends the benchmark."""
    started = time.perf_counter()
    result = subprocess.run([sys.executable, "-c", _RUN, *map(str, arguments)], capture_output=True, check=False)
    seconds = time.perf_counter() - started
    *said, kilobytes = result.stderr.decode().splitlines()
    if result.returncode not in (0, 1):
        raise SystemExit("\n".join(said))
    return Ran(result.stdout, seconds, int(kilobytes) / 1024)


def measure_kind(kind: Kind, made: list[Document], directory: Path) -> dict[str, float]:
    """Send documents through `fix`, `undo` and `check`, and count what became of them."""
    source, repaired, undone = (directory / f"{name}{kind.suffix}" for name in ("source", "repaired", "undone"))
    texts = [document.text for document in made]
    kind.write(source, texts)
    if kind.read(source) != texts:
        raise SystemExit(f"{source.name}: what was written is not what is read")
    fixed = run("fix", source, "-o", repaired, "--jobs", "2", "--json", *kind.plans)
    back = run("undo", repaired, *(kind.plans if kind.plans[0] == "--plan-column" else ()))
    undone.write_bytes(back.out)
    checked = run("check", source, "--json", "--jobs", "2")
    results, restored = kind.read(repaired), kind.read(undone)
    found = {finding["line"] - 1 for finding in json.loads(checked.out)["findings"]}
    rows = list(zip(made, results, restored, strict=True))
    _print_by_damage(source, rows)
    return {
        "documents": len(made),
        "damaged": sum(bool(document.damage) for document in made),
        "repaired_exactly": sum(bool(document.damage) and result == document.clean for document, result, _ in rows),
        "changed_falsely": sum(not document.damage and result != document.clean for document, result, _ in rows),
        "undone_exactly": sum(text == document.text for document, _, text in rows),
        "found_by_check": sum(bool(made[number].damage) for number in found),
        "found_falsely": sum(not made[number].damage for number in found),
        "fix_seconds": fixed.seconds,
        "undo_seconds": back.seconds,
        "check_seconds": checked.seconds,
        "peak_mb": max(fixed.peak, back.peak, checked.peak),
    }


def _print_by_damage(source: Path, rows: list[tuple[Document, str, str]]) -> None:
    exact = Counter(document.damage for document, result, _ in rows if result == document.clean)
    total = Counter(document.damage for document, _, _ in rows)
    shares = ", ".join(f"{name} {exact[name]}/{total[name]}" for name in DAMAGES if total[name])
    print(f"{source.name}, repaired exactly: {shares}", file=sys.stderr)


def measure(number: int = 2_000) -> dict[str, dict[str, float]]:
    """Measure every kind of file; return the figures by kind."""
    made = documents(number)
    figures = {}
    for name, kind in KINDS.items():
        with tempfile.TemporaryDirectory() as directory:
            figures[name] = measure_kind(kind, made, Path(directory))
    return figures


def main() -> None:
    """Print the table, or the figures as JSON."""
    parser = argparse.ArgumentParser(description="A corpus through fix, undo and check, in three kinds of files.")
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--json", action="store_true", help="Print the figures as JSON.")
    arguments = parser.parse_args()
    figures = measure(arguments.documents)
    if arguments.json:
        print(json.dumps(figures))
        return
    header = [name.replace("_", " ") for name in next(iter(figures.values()))]
    rows = [
        [name, *(f"{value:,.1f}" if value % 1 else f"{value:,.0f}" for value in row.values())]
        for name, row in figures.items()
    ]
    material.table("A corpus through fix, undo and check", ["", *header], rows)


if __name__ == "__main__":
    main()
