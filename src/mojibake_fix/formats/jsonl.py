"""JSON Lines: every line is a record, every string in it a text."""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from mojibake_fix.formats import literal
from mojibake_fix.formats.base import (
    PIECE,
    Change,
    Done,
    Field,
    Format,
    Job,
    Piece,
    Problem,
    Repairs,
    bad_byte,
    decoded,
    no_room,
    undo_inside,
)
from mojibake_fix.formats.recode import Recoded, Sampler, recoded, unread

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]')


class JsonLines(Format):
    """Lines of JSON. A line that is not touched keeps its spelling; in one that is,
    only the changed strings are written anew."""

    name = "jsonl"
    suffixes = (".jsonl", ".ndjson", ".jsonlines")

    def cut(self, stream: BinaryIO) -> Iterator[Piece]:
        """Cut at the ends of lines."""
        yield from line_pieces(stream)

    def count(self, piece: Piece) -> int:
        """Count the lines that are not empty."""
        return sum(1 for line in piece.data.split(b"\n") if line.strip())

    def fields(self, piece: Piece, job: Job, wanted: Callable[[str], bool]) -> Iterator[Field | Problem]:
        """Give the strings that are not keys; of a line that is not UTF-8, the keys as well."""
        source = decoded(piece.data)
        read = recoded(piece, source) if job.recode else Recoded(source)
        yield from read.notes
        start = 0
        raw_lines = source.split("\n")
        for number, (line, raw) in enumerate(zip(read.text.split("\n"), raw_lines, strict=True), piece.record):
            if line.strip():
                yield from _line_fields(line, raw, number, start, job, wanted)
            start += len(raw) + 1

    def replace(self, piece: Piece, job: Job, changed: list[Field], repairs: Repairs, done: Done) -> None:
        """Put repaired strings in, and the changes of each record into its plan column."""
        super().replace(piece, job, changed, repairs, done)
        if job.plan_column is None:
            return
        lines = done.data.split(b"\n")
        starts = [0, *itertools.accumulate(len(line) + 1 for line in lines)]
        for record, changes in itertools.groupby(done.changes, key=lambda change: change.record):
            number = record - piece.record
            inside = [dataclasses.replace(change, at=change.at - starts[number]) for change in changes]
            lines[number] = _with_column(lines[number], job.plan_column, inside)
        done.data = b"\n".join(lines)
        done.changes = []

    def undo_columns(self, piece: Piece, column: str) -> bytes:
        """Undo the lines that carry a plan column, and take the column away; a field of that name that is none stays."""
        mark = f", {json.dumps(column)}: [".encode()
        return b"\n".join(_undone(line, mark) if mark in line else line for line in piece.data.split(b"\n"))


def _with_column(line: bytes, column: str, changes: list[Change]) -> bytes:
    end = line.rindex(b"}")
    carried = f", {json.dumps(column)}: [{', '.join(change.to_json() for change in changes)}]"
    return line[:end] + carried.encode() + line[end:]


def _undone(line: bytes, mark: bytes) -> bytes:
    end = line.rfind(b"}")
    if not line.removeprefix(BOM_UTF8).lstrip().startswith(b"{") or line[end + 1 :].strip():
        return line
    for match in re.finditer(re.escape(mark), line):
        changes = _carried(line[match.end() - 1 : end])
        if changes:
            return undo_inside(line[: match.start()], changes) + line[end:]
    return line


def _carried(raw: bytes) -> list[Change]:
    """Read the changes of the last member of a record; none where it is something else."""
    try:
        return Change.carried(json.loads(raw.decode("ascii")))
    except (ValueError, RecursionError):
        return []


def line_pieces(stream: BinaryIO, first: int = 1) -> Iterator[Piece]:
    """Cut a stream at the ends of lines."""
    record, sampler = first, Sampler()
    while data := stream.read(PIECE):
        if not data.endswith(b"\n"):
            data += stream.readline()
        yield Piece(data, record, sample=sampler.after(data))
        record += data.count(b"\n")


def _line_fields(
    line: str, raw: str, number: int, offset: int, job: Job, wanted: Callable[[str], bool]
) -> Iterator[Field | Problem]:
    """Give the texts of a line, which stands in the piece as `raw`."""
    bad = bad_byte(line)
    if bad is not None:
        yield unread(number, f"at byte {bad} of the line", job)
        return
    in_other_encoding = line != raw
    try:
        value = json.loads(line.removeprefix("\ufeff") if number == 1 else line)
        damaged = any(wanted(text) for name, text in _strings(value, "") if job.wants(name))
    except RecursionError:
        yield Problem(number, "nested too deeply to be read")
        return
    except ValueError as error:
        yield Problem(number, f"not JSON: {error}")
        return
    if not damaged and not in_other_encoding:
        return
    if job.plan_column is not None and (not isinstance(value, dict) or job.plan_column in value):
        is_object = isinstance(value, dict)
        yield Problem(
            number, no_room(job.plan_column) if is_object else "not an object: no room for its changes, left as it is"
        )
        return
    place = dict(zip(_quotes(line), _quotes(raw), strict=True)) if in_other_encoding else None
    for name, start, end in _literals(line):
        written = line[start:end]
        text = json.loads(written)
        first, last = (start, end - 1) if place is None else (place[start], place[end - 1])
        span = offset + first, offset + last + 1
        is_other = written != raw[first : last + 1]
        if name is not None and job.wants(name) and wanted(text):
            form = literal.JSON_ASCII if written.isascii() else literal.JSON
            yield Field(number, name, text, *span, form, recoded=is_other)
        elif is_other:
            yield Field(number, name or "", written, *span, recoded=True, repaired=False)


def _quotes(line: str) -> list[int]:
    return [match.start() for match in re.finditer('"', line)]


def _strings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Give the strings of a value with their names: `meta.title`, the same for all elements of a list."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _strings(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, name)


def _literals(line: str) -> Iterator[tuple[str | None, int, int]]:
    """Give the string literals of valid JSON with their names and spans; a key has no name."""
    names = [""]
    key: tuple[int, int] | None = None
    in_object: list[bool] = []
    expects_key = False
    for match in _TOKEN.finditer(line):
        sign = match[0]
        if sign in "{[":
            in_object.append(sign == "{")
            names.append(names[-1])
            expects_key = sign == "{"
        elif sign in "}]":
            in_object.pop()
            names.pop()
            expects_key = False
        elif sign == ",":
            expects_key = in_object[-1]
        elif sign == ":":
            parent = names[-2] if len(names) > 1 else ""
            inner = json.loads(line[key[0] : key[1]]) if key else ""
            names[-1] = f"{parent}.{inner}" if parent else inner
            expects_key = False
        elif expects_key:
            key = match.span()
            yield None, *key
        else:
            yield names[-1], match.start(), match.end()
