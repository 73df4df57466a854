"""Tables as text: CSV and TSV. Every cell is a text; its column is named by the first row."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from mojibake_fix.formats import literal
from mojibake_fix.formats.base import PIECE, Field, Format, Job, Piece, Problem, bad_byte, decoded
from mojibake_fix.formats.recode import Recoded, Sampler, names, recoded, unread

LONGEST_ROW = 1 << 26
"""Bytes after which a row is cut although its quote is open: 64 MiB; such a quote is a stray one."""


class Table(Format):
    """Rows of cells. Rows that are not touched keep their spelling, and so do the cells beside a repaired one."""

    delimiter: str

    def cut(self, stream: BinaryIO) -> Iterator[Piece]:
        """Cut at the ends of rows: at a line end outside quotes."""
        header: tuple[str, ...] = ()
        line, sampler = 1, Sampler()
        for data in self._rows(stream):
            if line == 1:
                header = tuple(self._first_row(data))
            yield Piece(data, line, header, sampler.after(data))
            line += data.count(b"\n")

    def count(self, piece: Piece) -> int:
        """Count the lines; a row with line ends inside quotes counts as several."""
        return len(piece.data.splitlines())

    def fields(self, piece: Piece, job: Job, wanted: Callable[[str], bool]) -> Iterator[Field | Problem]:
        """Give the cells, the header's among them."""
        source = decoded(piece.data)
        read = recoded(piece, source) if job.recode else Recoded(source)
        yield from read.notes
        columns = names(piece)
        line, column, is_utf_8 = piece.record, 0, bad_byte(read.text) is None
        # What divides cells is the same in all encodings that are read, and so the cells are.
        originals = self._cells(source, piece.record)
        for match in self._cells(read.text, piece.record):
            original = match if read.text is source else next(originals)
            name = columns[column] if column < len(columns) else str(column + 1)
            bad = None if is_utf_8 else bad_byte(match[1])
            if bad is not None:
                yield unread(line, f"at byte {bad} of column {name!r}", job)
            else:
                yield from _cell_fields(match[1], original, line, name, job, wanted)
            line += match[0].count("\n")
            column = column + 1 if match[2] == self.delimiter else 0

    def _rows(self, stream: BinaryIO) -> Iterator[bytes]:
        """Read whole rows, a piece at a time."""
        while data := stream.read(PIECE):
            parts = [data if data.endswith(b"\n") else data + stream.readline()]
            size, quotes = len(parts[0]), parts[0].count(b'"')
            while self.multiline and quotes % 2 and size < LONGEST_ROW and (row := stream.readline()):
                parts.append(row)
                size, quotes = size + len(row), quotes + row.count(b'"')
            yield b"".join(parts)

    def _first_row(self, data: bytes) -> Iterator[str]:
        for match in self._cells(decoded(data), 1):
            yield _content(match[1])[0]
            if match[2] != self.delimiter:
                return

    def _cells(self, text: str, record: int) -> Iterator[re.Match[str]]:
        """Match every cell with what ends it; nothing after the last line end."""
        position = 1 if record == 1 and text.startswith("\ufeff") else 0
        while position < len(text):
            match = self.cell.match(text, position)
            if match is None:
                raise AssertionError("the pattern matches the empty cell")
            yield match
            position = match.end()
            if match[2] == self.delimiter and position == len(text):
                return

    cell: re.Pattern[str]
    multiline: bool


def _cell(delimiter: str) -> re.Pattern[str]:
    """A quoted cell where the quotes close before a delimiter or line end, anything up to the delimiter otherwise."""
    return re.compile(rf'("(?:[^"]|"")*"(?=[{delimiter}\r\n]|\Z)|[^{delimiter}\r\n]*)([{delimiter}]|\r\n|\r|\n|\Z)')


def _content(raw: str) -> tuple[str, bool]:
    """What a cell says, and whether it is quoted."""
    quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
    return (raw[1:-1].replace('""', '"') if quoted else raw), quoted


def _cell_fields(
    raw: str, original: re.Match[str], line: int, name: str, job: Job, wanted: Callable[[str], bool]
) -> Iterator[Field]:
    """Give the text of a cell, if there is anything to do: it reads `raw` and stands in the piece as `original`."""
    cell, quoted = _content(raw)
    in_other_encoding = raw != original[1]
    if cell and job.wants(name) and wanted(cell):
        form = literal.QUOTED_CELL if quoted else literal.CELL
        yield Field(line, name, cell, *original.span(1), form, recoded=in_other_encoding)
    elif in_other_encoding:
        yield Field(line, name, raw, *original.span(1), recoded=True, repaired=False)


class Csv(Table):
    """Cells between commas; quoted ones may hold line ends."""

    name = "csv"
    suffixes = (".csv",)
    delimiter = ","
    cell = _cell(",")
    multiline = True


class Tsv(Table):
    """Cells between tabs, a row a line; quotes mean nothing unless they enclose a cell."""

    name = "tsv"
    suffixes = (".tsv", ".tab")
    delimiter = "\t"
    cell = _cell("\t")
    multiline = False
