"""What is to be done with the texts of files, and which of their fields are texts."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

from mojibake_fix.garble import Garble
from mojibake_fix.records import SAFE, Policy, Repair
from mojibake_fix.repair import explain


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done with every text.

    Attributes:
        policy: How far a repair may go.
        fields: Names of the fields or columns that hold text; empty for all that hold strings.
        plan_column: Name of the field or column that carries each record's changes; None for none.
        garble: Damage to inflict, instead of a repair.
        recode: Read what is not UTF-8 in the encoding that is detected; it is written as UTF-8.
    """

    policy: Policy = SAFE
    fields: tuple[str, ...] = ()
    plan_column: str | None = None
    garble: Garble | None = None
    recode: bool = False

    def treat(self, text: str) -> Repair:
        """Repair a text, or damage it, as the job has it."""
        return self.garble(text) if self.garble else explain(text, self.policy)

    def wants(self, name: str) -> bool:
        """Tell whether the field of that name holds text; what plans quote, of an earlier run, is none."""
        if self.plan_column is not None and (name == self.plan_column or name.startswith(f"{self.plan_column}.")):
            return False
        return not self.fields or name in self.fields


@dataclass(frozen=True, slots=True)
class Recording(Job):
    """A job that keeps which of its fields there were.

    >>> job = Recording.of(Job(fields=("title", "text")))
    >>> job.wants("text"), job.wants("id"), job.seen
    (True, False, {'text'})
    """

    seen: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, job: Job) -> Recording:
        """Make one of a job."""
        return cls(**{item.name: getattr(job, item.name) for item in dataclasses.fields(Job)})

    def wants(self, name: str) -> bool:
        """Tell the same, and keep the names that were asked for."""
        wanted = Job.wants(self, name)
        if wanted and self.fields:
            self.seen.add(name)
        return wanted
