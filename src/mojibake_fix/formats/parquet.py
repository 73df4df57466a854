"""Parquet: every string in a column of strings is a text. Row groups, types and compression stay."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from mojibake_fix.failure import Failure
from mojibake_fix.formats.base import Change, Done, Field, Format, Job, Piece, Problem, Repairs, Writer, no_room
from mojibake_fix.records import Plan

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 512
"""Rows of a piece: 256 KiB or so of web text."""


class Parquet(Format):
    """Columns of strings, also of dictionaries. A piece is some rows of one row group, with the group's number."""

    name = "parquet"
    suffixes = (".parquet",)
    seekable = True

    def cut(self, stream: BinaryIO) -> Iterator[Piece]:
        """Cut every row group into slices."""
        file = _open(stream)
        record = 1
        for group in range(file.num_row_groups):
            table = file.read_row_group(group)
            names = tuple(table.column_names)
            for start in range(0, max(1, table.num_rows), ROWS):
                rows = table.slice(start, ROWS).combine_chunks()
                yield Piece((group, rows), record, names)
                record += rows.num_rows

    def count(self, piece: Piece) -> int:
        """Count the rows."""
        return int(piece.data[1].num_rows)

    def fields(self, piece: Piece, job: Job, wanted: Callable[[str], bool]) -> Iterator[Field | Problem]:
        """Give the values; `start` is the number of the column, `end` the row within the piece."""
        _, rows = piece.data
        has_room = job.plan_column not in rows.column_names
        for number, name in enumerate(rows.column_names):
            if not job.wants(name) or not _is_text(rows.column(number).type):
                continue
            for row, value in enumerate(_values(rows.column(number))):
                if isinstance(value, bytes):
                    yield Problem(piece.record + row, f"column {name!r} is not UTF-8")
                elif value and wanted(value) and has_room:
                    yield Field(piece.record + row, name, value, number, row)
                elif value and job.plan_column is not None and wanted(value):
                    yield Problem(piece.record + row, no_room(job.plan_column), once=True)

    def replace(self, piece: Piece, job: Job, changed: list[Field], repairs: Repairs, done: Done) -> None:
        """Put repaired values into their columns, and the changes of each row into the plan column."""
        group, rows = piece.data
        values = {(item.start, item.end): repairs.of(item).text for item in changed}
        done.changes = [
            Change(item.record, item.name, plan=repairs.of(item).plan.to_json()) for item in changed
        ]  # fmt: skip
        done.data = group, _with_values(rows, values)
        if job.plan_column is not None:
            by_row: dict[int, list[str]] = {}
            for change in done.changes:
                by_row.setdefault(change.record - piece.record, []).append(change.to_json())
            carried = {row: f"[{', '.join(changes)}]" for row, changes in by_row.items()}
            done.data = group, _with_column(rows=done.data[1], column=job.plan_column, carried=carried)
            done.changes = []

    def repair(self, piece: Piece, job: Job) -> Done:
        """Repair the rows; with a plan column, all rows get one."""
        done = super().repair(piece, job)
        if job.plan_column is not None and job.plan_column not in done.data[1].column_names:
            done.data = done.data[0], _with_column(done.data[1], job.plan_column, {})
        return done

    def undo_columns(self, piece: Piece, column: str) -> Any:
        """Undo the rows by their plan column, and take the column away."""
        import json

        group, rows = piece.data
        if column not in rows.column_names:
            raise ValueError(f"there is no column {column!r}")
        if not _is_text(rows.column(column).type):
            raise ValueError(f"the column {column!r} holds no changes that mojibake-fix wrote")
        carried = rows.column(column).to_pylist()
        rows = rows.drop_columns([column])
        changes = [
            dataclasses.replace(change, record=row)
            for row, document in enumerate(carried)
            if document is not None
            for change in Change.carried(json.loads(document))
        ]
        return group, undo_rows(rows, changes, first=0)

    def writer(self, file: BinaryIO, stream: BinaryIO | None) -> Writer:
        """Write row groups as the file that is read has them."""
        compression = "zstd"
        if stream is not None:
            metadata = _open(stream).metadata
            if metadata.num_row_groups and metadata.num_columns:
                compression = metadata.row_group(0).column(0).compression
        return RowGroupWriter(file, compression)


class RowGroupWriter:
    """Collects the slices of a row group and writes it when the next begins."""

    def __init__(self, file: BinaryIO, compression: str) -> None:
        self._file = file
        self._compression = "none" if compression == "UNCOMPRESSED" else compression.lower()
        self._writer: Any = None
        self._group = 0
        self._slices: list[pa.Table] = []

    def write(self, data: tuple[int, pa.Table]) -> None:
        """Take a slice."""
        group, rows = data
        if group != self._group:
            self._flush()
        self._group = group
        self._slices.append(rows)

    def close(self) -> None:
        """Write the last row group and the index."""
        self._flush()
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not self._slices:
            return
        table = pa.concat_tables(self._slices)
        if self._writer is None:
            self._writer = pq.ParquetWriter(self._file, table.schema, compression=self._compression)
        self._writer.write_table(table, row_group_size=max(1, table.num_rows))
        self._slices = []


def undo_rows(rows: pa.Table, changes: list[Change], first: int) -> pa.Table:
    """Undo changes in rows, of which the first is record number `first`.

    Raises:
        ValueError: The values are not those that the changes were made for.
    """
    values = {}
    for change in changes:
        column, row = rows.column_names.index(change.name), change.record - first
        values[column, row] = Plan.from_json(change.plan).undo(rows.column(column)[row].as_py())
    return _with_values(rows, values)


def _open(stream: BinaryIO) -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ModuleNotFoundError as error:
        raise Failure("reading and writing Parquet takes a package: pip install 'mojibake-fix[parquet]'") from error
    try:
        return pq.ParquetFile(stream)
    except pa.ArrowInvalid as error:
        raise Failure(f"{getattr(stream, 'name', 'the input')}: not a Parquet file: {error}") from error


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _values(column: pa.ChunkedArray) -> list[str | bytes | None]:
    """Values of a column of strings; as bytes where they are not UTF-8."""
    try:
        return column.to_pylist()  # type: ignore[no-any-return]
    except UnicodeDecodeError:
        import pyarrow as pa

        raw = column.cast(pa.large_binary()).to_pylist()
        return [_str_or_bytes(value) for value in raw]


def _str_or_bytes(value: bytes | None) -> str | bytes | None:
    try:
        return value.decode() if value is not None else None
    except UnicodeDecodeError:
        return value


def _with_values(rows: pa.Table, values: dict[tuple[int, int], str]) -> pa.Table:
    """Replace values, given by column and row."""
    import pyarrow as pa

    for number in sorted({column for column, _ in values}):
        field = rows.schema.field(number)
        plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        column = _values(rows.column(number))
        for (where, row), text in values.items():
            if where == number:
                column[row] = text
        raw = [value.encode() if isinstance(value, str) else value for value in column]
        array = pa.array(raw, pa.large_binary()).cast(plain, safe=False)
        rows = rows.set_column(number, field, pa.chunked_array([array]).cast(field.type))
    return rows


def _with_column(rows: pa.Table, column: str, carried: dict[int, str]) -> pa.Table:
    import pyarrow as pa

    return rows.append_column(column, pa.array([carried.get(row) for row in range(rows.num_rows)], pa.string()))
