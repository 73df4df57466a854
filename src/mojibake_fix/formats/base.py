"""What every format has in common: pieces, the texts in them, and the changes that a repair makes.

A format cuts its stream into *pieces* at the ends of records, so that the pieces joined are the stream. A piece is
repaired without knowing the others, in any process; what is not repaired comes out byte for byte as it went in.
"""

from __future__ import annotations

import base64
import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, ClassVar, Protocol

from mojibake_fix.formats import literal
from mojibake_fix.formats.job import Job as Job
from mojibake_fix.formats.job import Recording
from mojibake_fix.records import Plan, Repair

PIECE = 1 << 18
"""Bytes after which a piece ends with the record at hand: 256 KiB keep two processes busy and memory flat."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Whole records of a stream.

    Attributes:
        data: The records: bytes, or what the format cuts its files into.
        record: Number of the first record, from 1; in text, its line.
        header: Names of the columns, where the stream began with them, as `decoded` reads them.
        sample: The first lines of the stream that are not UTF-8: evidence of what the other such lines are in.
    """

    data: Any
    record: int
    header: tuple[str, ...] = ()
    sample: bytes = b""


@dataclass(frozen=True, slots=True)
class Field:
    """A text inside a piece.

    Attributes:
        record: Number of its record (in lines: the line on which the record begins), from 1.
        name: Name of the field; "" where a record is one text.
        text: The text itself.
        start: Where its literal begins in the decoded piece, in code points.
        end: Where its literal ends.
        form: How the text is written there (see `literal`).
        recoded: Whether its bytes are in another encoding, so that it is written anew whether it is repaired or not.
        repaired: Whether it may be repaired; keys and fields that are not asked for may not.
    """

    record: int
    name: str
    text: str
    start: int
    end: int
    form: str = literal.TEXT
    recoded: bool = False
    repaired: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to say about a record: mostly that it could not be read, and was passed on unchanged.

    Attributes:
        record: Its number, from 1.
        reason: What there is to say.
        harmless: Whether it was read all the same.
        once: Whether it holds for other records of the file as well, and is told only once.
    """

    record: int
    reason: str
    harmless: bool = False
    once: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A changed text, as a sidecar or a plan column stores it: enough to find it in the output and to undo it.

    Attributes:
        record: Number of its record, from 1.
        name: Name of its field.
        at: Offset of its literal in the output, in bytes.
        size: Length of its literal in the output, in bytes.
        form: How the text is written there.
        plan: The plan, as JSON; "" where nothing was repaired.
        was: The literal as it was, in base64, where writing the undone text would not give the same bytes.
    """

    record: int
    name: str = ""
    at: int = 0
    size: int = 0
    form: str = literal.TEXT
    plan: str = ""
    was: str = ""

    def to_json(self) -> str:
        """Return the change as one line of ASCII JSON."""
        document = asdict(self) | {"plan": json.loads(self.plan) if self.plan else None}
        return json.dumps({key: value for key, value in document.items() if value not in ("", None)})

    @classmethod
    def from_json(cls, document: Any) -> Change:
        """Make a change of the parsed JSON.

        Raises:
            ValueError: It is no such thing.
        """
        try:
            plan = json.dumps(document["plan"]) if "plan" in document else ""
            return cls(**{**document, "plan": plan})
        except TypeError as error:
            raise ValueError(f"not a change that mojibake-fix wrote: {error}") from error

    @classmethod
    def carried(cls, value: Any) -> list[Change]:
        """Make changes of what a plan column holds, parsed.

        Raises:
            ValueError: Nothing that `fix` writes into a plan column.
        """
        written = {"record", "at", "size", "form"}
        if not isinstance(value, list) or not value:
            raise ValueError("not a list of changes")
        if not all(isinstance(change, dict) and written <= change.keys() for change in value):
            raise ValueError("not changes that mojibake-fix wrote")
        return [cls.from_json(change) for change in value]

    def undo(self, raw: bytes) -> bytes:
        """Give the literal back as it was, from what the output has in its place.

        Raises:
            ValueError: `raw` is not what this change wrote.
        """
        source = Plan.from_json(self.plan).undo(literal.read(self.form, raw)) if self.plan else ""
        return base64.b64decode(self.was) if self.was or not self.plan else literal.write(self.form, source)


@dataclass(slots=True)
class Done:
    """A repaired piece. Offsets of the changes count from the start of `data`."""

    data: Any
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    families: Counter[str] = field(default_factory=Counter)
    losses: int = 0
    records: int = 0
    changed: int = 0
    notes: list[Problem] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def count(self, repair: Repair) -> None:
        """Add a repair to the figures."""
        self.families.update(step.family for step in repair.plan.steps)
        self.losses += len(repair.losses)


class Writer(Protocol):
    """Takes the data of repaired pieces, in order."""

    def write(self, data: Any) -> object:
        """Write one piece."""

    def close(self) -> None:
        """Finish the file, and leave the file under it open."""


class Format(ABC):
    """A kind of file."""

    name: ClassVar[str]
    suffixes: ClassVar[tuple[str, ...]]
    seekable: ClassVar[bool] = False
    """Whether reading it takes a file that can be sought in (Parquet keeps its index at the end)."""
    all_or_nothing: ClassVar[bool] = False
    """Whether a record that cannot be read is the whole file, so that nothing is written."""

    @abstractmethod
    def cut(self, stream: BinaryIO) -> Iterator[Piece]:
        """Cut a stream into pieces."""

    @abstractmethod
    def fields(self, piece: Piece, job: Job, wanted: Callable[[str], bool]) -> Iterator[Field | Problem]:
        """Find the texts of a piece for which `wanted` says yes, in order, and the records that cannot be read."""

    @abstractmethod
    def count(self, piece: Piece) -> int:
        """Count the records of a piece."""

    def repair(self, piece: Piece, job: Job) -> Done:
        """Repair every text of a piece."""
        job = Recording.of(job)
        repairs = Repairs(job)
        found = list(self.fields(piece, job, repairs.wanted))
        done = Done(piece.data)
        done.problems = [item for item in found if isinstance(item, Problem) and not item.harmless]
        done.notes = [item for item in found if isinstance(item, Problem) and item.harmless]
        done.records = self.count(piece)
        done.seen = job.seen
        damaged = [item for item in found if isinstance(item, Field)]
        for item in damaged:
            done.count(repairs.of(item))
        changed = [item for item in damaged if item.recoded or repairs.of(item).changed]
        done.changed = len(changed)
        if changed:
            self.replace(piece, job, changed, repairs, done)
        return done

    def replace(self, piece: Piece, job: Job, changed: list[Field], repairs: Repairs, done: Done) -> None:  # noqa: ARG002
        """Put the repaired texts in the place of the damaged ones."""
        done.data, done.changes = splice(decoded(piece.data), changed, repairs)

    def undo_columns(self, piece: Piece, column: str) -> Any:  # noqa: ARG002
        """Undo a piece whose records carry their changes in a column; return its data.

        Raises:
            ValueError: The records do not carry changes, or are not those that the changes were made for.
        """
        raise ValueError(f"{self.name} files have no plan column; undo them with their sidecar")

    def writer(self, file: BinaryIO, stream: BinaryIO | None) -> Writer:
        """Write to `file`, in the manner of the `stream` that is read."""
        del stream
        return PlainWriter(file)


class PlainWriter:
    """Writes pieces as they are."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: bytes) -> None:
        """Write one piece."""
        self._file.write(data)

    def close(self) -> None:
        """Nothing is left to write."""


class Repairs:
    """The repairs of the texts of a piece, each made once."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._found: dict[str, Repair] = {}

    def wanted(self, text: str) -> bool:
        """Tell whether there is anything to say about a text, and keep the repair if so."""
        if text in self._found:
            return True
        repair = self._job.treat(text)
        if repair.changed or repair.losses:
            self._found[text] = repair
            return True
        return False

    def of(self, item: Field) -> Repair:
        """Return the repair of a text."""
        if not item.repaired:
            return Repair(item.text, item.text, Plan())
        found = self._found.get(item.text)
        return found if found is not None else self._job.treat(item.text)


def no_room(column: str) -> str:
    """Say that a record has the plan column already."""
    return f"has a field {column!r} of its own: no room for its changes, left as it is; choose another --plan-column"


def splice(source: str, fields: Iterable[Field], repairs: Repairs) -> tuple[bytes, list[Change]]:
    """Write repaired texts over the literals of `source`; everything between them stays as it is."""
    out: list[bytes] = []
    changes: list[Change] = []
    at = position = 0
    for item in fields:
        repair = repairs.of(item)
        between, new = encoded(source[position : item.start]), literal.write(item.form, repair.text)
        at += len(between)
        raw = encoded(source[item.start : item.end])
        was = "" if literal.write(item.form, item.text) == raw else base64.b64encode(raw).decode()
        plan = repair.plan.to_json() if repair.changed else ""
        changes.append(Change(item.record, item.name, at, len(new), item.form, plan, was))
        out += (between, new)
        at += len(new)
        position = item.end
    out.append(encoded(source[position:]))
    return b"".join(out), changes


def undo_inside(data: bytes, changes: Iterable[Change]) -> bytes:
    """Undo changes in order, their offsets counting from the start of `data`.

    Raises:
        ValueError: `data` is not what the changes were made for.
    """
    out: list[bytes] = []
    position = 0
    for change in changes:
        end = change.at + change.size
        out += (data[position : change.at], change.undo(data[change.at : end]))
        position = end
    return b"".join((*out, data[position:]))


def decoded(data: bytes) -> str:
    """Read UTF-8; a byte that is not becomes a lone surrogate, from which `encoded` makes the same byte."""
    return data.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """Write what `decoded` read."""
    return text.encode("utf-8", "surrogateescape")


def bad_byte(text: str) -> int | None:
    """Offset, in bytes, of the first byte of a decoded text that was not UTF-8."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return len(encoded(text[: error.start]))
    return None
