"""Web archives: WARC and WET. The text of a page is repaired, and the lengths and digests around it are made to fit.

Only records whose text is UTF-8 and neither compressed nor chunked inside are looked at; all others are passed on byte
for byte, as are the headers of every record that is not repaired.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

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
)

_VERSION = re.compile(rb"WARC/\d")
_HEADER_END = re.compile(rb"\r?\n\r?\n")
_LENGTH = re.compile(rb"(?im)^Content-Length:[ \t]*(\d+)[ \t]*\r?$")
_TEXTUAL = re.compile(rb"(?i)text/|json|xml|javascript")
_OPAQUE = re.compile(rb"(?im)^(Content-Encoding:[ \t]*(?!identity)\S|Transfer-Encoding:[ \t]*chunked)")
_DIGEST = re.compile(rb"(?im)^(WARC-(?:Block|Payload)-Digest:[ \t]*)(\w+):([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its header with the empty line, its block, and the empty lines after it."""

    header: bytes
    block: bytes
    rest: bytes

    def field(self, name: str) -> bytes:
        """Value of a header field, b"" where there is none."""
        match = re.search(rb"(?im)^" + name.encode() + rb":[ \t]*(.*?)[ \t]*\r?$", self.header)
        return match[1] if match else b""

    @property
    def http_head(self) -> bytes:
        """The HTTP header with its empty line, where the block begins with one."""
        if b"application/http" not in self.field("Content-Type"):
            return b""
        end = _HEADER_END.search(self.block)
        return self.block[: end.end()] if end and self.block.startswith(b"HTTP/") else self.block

    @property
    def text(self) -> str | None:
        """The text of the record, None where it has none or none that can be read."""
        if self.field("WARC-Type") not in (b"response", b"resource", b"conversion"):
            return None
        head = self.http_head
        if head:
            kind = re.search(rb"(?im)^Content-Type:(.*)$", head)
            if not kind or not _TEXTUAL.search(kind[1]) or _OPAQUE.search(head):
                return None
        elif not _TEXTUAL.search(self.field("Content-Type")):
            return None
        try:
            return self.block[len(head) :].decode()
        except UnicodeDecodeError:
            return None

    def with_text(self, text: bytes) -> tuple[bytes, bytes]:
        """Return the head (WARC and HTTP header) that another text needs, and that text with the empty lines."""
        head = _with_length(self.http_head, len(text))
        header = _with_length(self.header, len(head) + len(text))
        for kind, data in ((b"block", head + text), (b"payload", text)):
            header = _DIGEST.sub(lambda match, kind=kind, data=data: _digest(match, kind, data), header)  # type: ignore[misc]
        return header + head, text + self.rest


class Warc(Format):
    """Records of an archive; in `.gz`, each is a member of its own, as readers expect."""

    name = "warc"
    suffixes = (".warc", ".wet", ".wat")

    def cut(self, stream: BinaryIO) -> Iterator[Piece]:
        """Cut at the ends of records."""
        first = number = 1
        parts: list[bytes] = []
        size = 0
        for raw in _raw_records(stream):
            parts.append(raw)
            size += len(raw)
            number += 1
            if size >= PIECE:
                yield Piece(b"".join(parts), first)
                first, parts, size = number, [], 0
        if parts:
            yield Piece(b"".join(parts), first)

    def count(self, piece: Piece) -> int:
        """Count the records."""
        return sum(1 for _ in records(piece.data))

    def fields(self, piece: Piece, job: Job, wanted: Callable[[str], bool]) -> Iterator[Field | Problem]:
        """Give the texts of pages, as positions only their records: these are taken apart again to be repaired."""
        for number, record in enumerate(records(piece.data), piece.record):
            if isinstance(record, bytes):
                yield Problem(number, "not a whole WARC record")
                continue
            text = record.text
            name = record.field("WARC-Target-URI").decode("utf-8", "replace").strip("<>")
            if text is not None and not job.fields and wanted(text):
                yield Field(number, name, text, 0, 0)

    def replace(self, piece: Piece, job: Job, changed: list[Field], repairs: Repairs, done: Done) -> None:  # noqa: ARG002
        """Write the repaired records anew."""
        by_record = {item.record: item for item in changed}
        out: list[bytes] = []
        at = 0
        for number, record in enumerate(records(piece.data), piece.record):
            item = by_record.get(number)
            if item is None or isinstance(record, bytes):
                out.append(record if isinstance(record, bytes) else record.header + record.block + record.rest)
            else:
                repair = repairs.of(item)
                text = literal.write(literal.TEXT, repair.text)
                head, body = record.with_text(text)
                was = base64.b64encode(record.header + record.http_head).decode()
                done.changes.append(Change(number, item.name, at, len(head), was=was))
                done.changes.append(Change(number, item.name, at + len(head), len(text), plan=repair.plan.to_json()))
                out.append(head + body)
            at += len(out[-1])
        done.data = b"".join(out)


class MemberWriter:
    """Writes each record as a gzip member."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        """Write the records of a piece."""
        for record in records(data):
            raw = record if isinstance(record, bytes) else record.header + record.block + record.rest
            self._file.write(gzip.compress(raw, mtime=0))

    def close(self) -> None:
        """Nothing is left to write."""


def records(data: bytes) -> Iterator[Record | bytes]:
    """Take whole records apart; what is not a record comes as it is."""
    position = 0
    while position < len(data):
        end = _HEADER_END.search(data, position)
        length = _LENGTH.search(data, position, end.end()) if end and _VERSION.match(data, position) else None
        if end is None or length is None:
            yield data[position:]
            return
        block = end.end() + int(length[1])
        if block > len(data):
            yield data[position:]
            return
        rest = block
        while data[rest : rest + 1] in (b"\r", b"\n"):
            rest += 1
        yield Record(data[position : end.end()], data[end.end() : block], data[block:rest])
        position = rest


def _raw_records(stream: BinaryIO) -> Iterator[bytes]:
    """Read one record after the other; from the first thing that is not one, the rest in blocks."""
    line = stream.readline()
    while line:
        parts = [line]
        while line.strip():
            line = stream.readline()
            parts.append(line)
        header = b"".join(parts)
        length = _LENGTH.search(header)
        if not _VERSION.match(header) or length is None:
            yield header
            while block := stream.read(PIECE):
                yield block
            return
        parts.append(stream.read(int(length[1])))
        line = stream.readline()
        while line and not line.strip():
            parts.append(line)
            line = stream.readline()
        yield b"".join(parts)


def _with_length(head: bytes, length: int) -> bytes:
    return _LENGTH.sub(lambda match: match[0].replace(match[1], str(length).encode()), head, count=1)


def _digest(match: re.Match[bytes], kind: bytes, data: bytes) -> bytes:
    """Compute a digest anew, in the alphabet of the old one; one that cannot be computed stays."""
    if kind not in match[1].lower() or match[2].decode().lower() not in hashlib.algorithms_guaranteed:
        return match[0]
    digest = hashlib.new(match[2].decode().lower(), data, usedforsecurity=False).digest()
    hexadecimal = len(match[3]) == 2 * len(digest)
    return match[1] + match[2] + b":" + (digest.hex().encode() if hexadecimal else base64.b32encode(digest))
