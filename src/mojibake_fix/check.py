"""Files -> findings: what is damaged, at which line and column, what it should read and why.

Lines and columns count from 1, columns in code points. In formats that have no lines (Parquet, WARC) the line is the
number of the record. Besides the families of damage there are rules about the encoding itself: `not-utf8`, `bom` and
`replacement-character`.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate
from pathlib import PurePath

from mojibake_fix.corpus.pool import ordered
from mojibake_fix.corpus.source import Source
from mojibake_fix.failure import Failure
from mojibake_fix.formats import Format, literal
from mojibake_fix.formats.base import Field, Job, Piece, Problem, Repairs, decoded
from mojibake_fix.formats.job import Recording
from mojibake_fix.formats.text import marked
from mojibake_fix.records import Damage
from mojibake_fix.repair import damages

NOT_UTF8, BOM, REPLACEMENT = "not-utf8", "bom", "replacement-character"
ENCODING_RULES = (NOT_UTF8, BOM, REPLACEMENT)

CONTEXT = 8
"""Code points on either side that a fingerprint holds: enough to tell two places apart, few enough to survive edits."""

AROUND = 40
"""Code points on either side that a finding shows."""

CODE = frozenset((
    ".c", ".cc", ".cpp", ".cs", ".css", ".go", ".h", ".java", ".js", ".json", ".jsx", ".kt", ".lua", ".m", ".php",
    ".pl", ".po", ".properties", ".py", ".rb", ".rs", ".scala", ".sh", ".swift", ".toml", ".ts", ".tsx", ".vue",
    ".yaml", ".yml",
))  # fmt: skip
"""Suffixes of files in which escapes such as `\\u4e2d` are how text is written, and no damage."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A place in a file that is damaged, or breaks a rule.

    Attributes:
        path: The file, as it was named.
        line: Its line, from 1; the number of the record where there are no lines.
        column: Its column, from 1, in code points.
        end_line: Line of the code point after it.
        end_column: Column of the code point after it.
        rule: The family of damage, or the rule about encodings.
        found: What stands there.
        suggestion: What it should read; None where that is lost.
        cause: How it happened.
        before: What stands before it on its line, at most 40 code points.
        after: What stands after it on its line, at most 40 code points.
        field: Name of the field or column; "" in text.
        log_odds: Evidence in nats that this is damage.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    rule: str
    found: str
    suggestion: str | None
    cause: str
    before: str = ""
    after: str = ""
    field: str = ""
    log_odds: float = 0.0

    @property
    def fingerprint(self) -> str:
        """Name of the finding that does not change when lines are added or removed elsewhere."""
        parts = (self.rule, self.before[-CONTEXT:], self.found, self.after[:CONTEXT])
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def message(self) -> str:
        """Say what is wrong and what it should read."""
        should = f"should read {self.suggestion!r}" if self.suggestion else "is lost" if self.rule == "loss" else ""
        if self.suggestion == "":
            should = "should not be there"
        return f"{self.found!r} {should}: {self.cause}" if should else self.cause


@dataclass(frozen=True, slots=True)
class Rules:
    """What is looked for.

    Attributes:
        job: Which fields are looked at.
        encoding: Rules about encodings that hold, of `ENCODING_RULES`.
        ignored: Families that are passed by.
    """

    job: Job = Job()  # noqa: RUF009  (frozen)
    encoding: tuple[str, ...] = (NOT_UTF8,)
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was looked at.

    Attributes:
        path: Its path.
        findings: What was found, in order.
        problems: What could not be read.
        fields: Which of the fields that were asked for it has.
    """

    path: str
    findings: tuple[Finding, ...] = ()
    problems: tuple[str, ...] = ()
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Ticket:
    """Comes back with what a piece holds; without a piece the source has ended, well or with an error."""

    source: Source
    read: int = 0
    error: Failure | None = None


def check_files(
    sources: Iterable[Source], rules: Rules, *, jobs: int, progress: Callable[[int], None] = lambda _bytes: None
) -> Iterator[Checked]:
    """Look at files, pieces of them in `jobs` processes; what cannot be read is told in the result.

    Args:
        sources: The files.
        rules: What is looked for.
        jobs: Number of processes; the result is the same for any.
        progress: Told how many bytes of the files were newly read.
    """
    findings: list[Finding] = []
    problems: list[str] = []
    fields: set[str] = set()
    for ticket, looked_at in ordered(_check_piece, _tickets(sources, rules), jobs):
        source = ticket.source
        if looked_at is not None:
            found, seen = looked_at
            fields |= seen
            findings += (item for item in found if isinstance(item, Finding))
            problems += (f"{source.name}:{item.record}: {item.reason}" for item in found if isinstance(item, Problem))
            progress(ticket.read)
            continue
        if ticket.error is not None:
            problems.append(ticket.error.message)
        findings.sort(key=lambda finding: (finding.line, finding.column))
        yield Checked(source.name, tuple(findings), tuple(problems), frozenset(fields))
        findings, problems, fields = [], [], set()


def _tickets(sources: Iterable[Source], rules: Rules) -> Iterator[tuple[_Ticket, tuple[Source, Piece, Rules] | None]]:
    for source in sources:
        error: Failure | None = None
        try:
            with source.open() as (stream, file, _):
                position = 0
                for piece in source.format.cut(stream):
                    read, position = position, file.tell() if file.seekable() else 0
                    yield _Ticket(source, position - read), (source, piece, rules)
        except (OSError, Failure) as problem:
            error = source.failure(problem)
        yield _Ticket(source, error=error), None


def _check_piece(task: tuple[Source, Piece, Rules]) -> tuple[list[Finding | Problem], set[str]]:
    source, piece, rules = task
    job = Recording.of(rules.job)
    return list(check_piece(source, piece, replace(rules, job=job))), job.seen


def check_piece(source: Source, piece: Piece, rules: Rules) -> Iterator[Finding | Problem]:
    """Look at one piece of a file."""
    kind = source.format
    place = _Places(kind, piece)
    found = [*_encoding(source, place, piece, rules)]
    repairs = Repairs(rules.job)
    for item in kind.fields(piece, rules.job, repairs.wanted):
        if isinstance(item, Field):
            wanted = (one for one in damages(repairs.of(item)) if not _passed_by(one.family, source, rules))
            found += place.findings(source.name, item, wanted)
        elif not any(finding.rule == NOT_UTF8 for finding in found):
            yield item
    yield from _without_ignored(found, place.lines, piece.record) if found and kind.name == "text" else found


def _passed_by(family: str, source: Source, rules: Rules) -> bool:
    return family in rules.ignored or (family == "escape" and PurePath(source.path).suffix.lower() in CODE)


class _Places:
    """Lines and columns of a piece."""

    def __init__(self, kind: Format, piece: Piece) -> None:
        self._piece = piece
        self.has_lines = isinstance(piece.data, bytes) and kind.name != "warc"
        self.text = decoded(piece.data) if self.has_lines else ""

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.lines)]

    def of(self, position: int) -> tuple[int, int]:
        """Line and column of a position in the piece."""
        line = min(bisect_right(self._starts, position), len(self.lines)) - 1
        column = position - self._starts[line] + 1
        mark = self._piece.record == 1 and line == 0 and self.text.startswith("\ufeff")
        return self._piece.record + line, column - mark

    def around(self, start: int, end: int) -> tuple[str, str]:
        """What stands on the same line before and after a place."""
        before, after = self.text[max(0, start - AROUND) : start], self.text[end : end + AROUND]
        return before.rpartition("\n")[2].lstrip("\ufeff"), after.partition("\n")[0].rstrip("\r")

    def findings(self, path: str, field: Field, found: Iterable[Damage]) -> Iterator[Finding]:
        """Place the damages of a text in the file."""
        at = literal.places(field.form, self.text[field.start : field.end]) if self.has_lines else ()
        for damage in found:
            rest = (damage.family, damage.found, damage.suggestion, damage.cause)
            if self.has_lines:
                start, end = field.start + at[damage.start], field.start + at[damage.end]
                place, around = (*self.of(start), *self.of(end)), self.around(start, end)
            else:
                place = (field.record, damage.start + 1, field.record, damage.end + 1)
                around = (
                    field.text[max(0, damage.start - AROUND) : damage.start],
                    field.text[damage.end : damage.end + AROUND],
                )
            yield Finding(path, *place, *rest, *around, field.name, damage.log_odds)


def _encoding(source: Source, place: _Places, piece: Piece, rules: Rules) -> Iterator[Finding]:
    """Look at the rules about encodings, of which each is told once a line."""
    if not place.has_lines:
        return
    if BOM in rules.encoding and piece.record == 1 and place.text.startswith("\ufeff"):
        cause = "the file begins with a byte order mark"
        yield Finding(source.name, 1, 1, 1, 1, BOM, "\ufeff", "", cause, after=place.lines[0][1 : AROUND + 1])
    encoding = marked(piece.data[:4]) if piece.record == 1 and NOT_UTF8 in rules.encoding else None
    if encoding:
        mark = decoded(piece.data[: int(encoding[4:6]) // 8])
        cause = f"the file is {encoding}, not UTF-8; `mojibake-fix decode` turns it into UTF-8"
        yield Finding(source.name, 1, 1, 1, len(mark) + 1, NOT_UTF8, mark, None, cause)
        return
    for rule, pattern, cause in (
        (NOT_UTF8, "[\udc80-\udcff]+", "the bytes are not UTF-8; `mojibake-fix detect` tells what they are"),
        (REPLACEMENT, "\ufffd+", "U+FFFD stands for a byte that was lost"),
    ):
        if rule not in rules.encoding:
            continue
        line = 0
        for match in re.finditer(pattern, place.text):
            start = place.of(match.start())
            if start[0] != line:
                around = place.around(*match.span())
                yield Finding(source.name, *start, *place.of(match.end()), rule, match[0], None, cause, *around)
            line = start[0]


_DIRECTIVE = re.compile(r"mojibake-fix: *(ignore(?:-next-line|-start|-end|-file)?)(?![\w-])(?: *\[([\w, -]*)\])?")


def _without_ignored(findings: Iterable[Finding], lines: Sequence[str], first: int) -> Iterator[Finding]:
    """Leave out what comments in the file say to ignore: `mojibake-fix: ignore`, `ignore-next-line`, …"""
    ignored = _ignored_lines(lines, first)
    for finding in findings:
        rules = ignored.get(finding.line, frozenset())
        if "*" not in rules and finding.rule not in rules:
            yield finding


def _ignored_lines(lines: Sequence[str], first: int) -> dict[int, frozenset[str]]:
    ignored: dict[int, frozenset[str]] = {}
    open_rules: frozenset[str] = frozenset()
    for number, line in enumerate(lines, first):
        for match in _DIRECTIVE.finditer(line) if "mojibake-fix:" in line else ():
            rules = frozenset((match[2] or "*").replace(" ", "").split(","))
            if match[1] == "ignore-file":
                return dict.fromkeys(range(first, first + len(lines)), rules)
            if match[1] == "ignore-end":
                open_rules = frozenset()
            elif match[1] == "ignore-start":
                open_rules = rules
            else:
                where = number + (match[1] == "ignore-next-line")
                ignored[where] = ignored.get(where, frozenset()) | rules
        if open_rules:
            ignored[number] = ignored.get(number, frozenset()) | open_rules
    return ignored
