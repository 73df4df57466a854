"""The nouns: what the library finds, plans and returns.

Every record is a frozen, slotted value. Positions are counted in code points of the text that a record speaks of,
log-odds and margins are in nats (natural logarithm). Records that people store (`Plan`, `Step`, `Loss`) go to JSON and
back without loss; lone surrogates survive because the JSON is ASCII only.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import asdict, dataclass, field
from typing import Any

PLAN_SCHEMA = 1


class PlanMismatchError(ValueError):
    """A plan was applied to, or undone on, a text that it was not made for."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How far a repair may go. Use the presets `SAFE`, `RESTORE` and `GUESS`, or a value of your own.

    Attributes:
        name: What reports call it.
        margin: Nats by which the evidence for damage must exceed "the text is fine" before anything is changed.
        certainty: Nats by which the best reading of a *lost* byte must exceed all others together before it is filled in.
            Of what 3.5 nats (33 to 1) fill in some 99 % is right, of what 2 nats fill in 97 %.
        slip_certainty: The same for the byte that a slip took where a mark or a reading tells of it; where nothing shows where the
            slip began it must be 2 nats more. All other characters of a slip's run are exact; of those that the repair
            restores 1 % are wrong so.
        guess: Fill losses with the most likely reading and mark it as a guess, instead of marking the place.
        restore: Also give back the original script and punctuation of text that a conversion went over.

    >>> SAFE.guess, GUESS.guess
    (False, True)
    """

    name: str = "custom"
    margin: float = 3.0
    certainty: float = 3.5
    slip_certainty: float = 0.5
    guess: bool = False
    restore: bool = False


SAFE = Policy("safe")
RESTORE = Policy("restore", restore=True)
GUESS = Policy("guess", guess=True)


@dataclass(frozen=True, slots=True)
class Loss:
    """A place where the damage destroyed something that the repair does not claim to know.

    Attributes:
        start: First code point of the place, in the source text.
        end: Code point after the place, in the source text.
        cause: How it was lost, in words.
        known: What is still known of the character, as bytes with `??` for a lost one; empty where nothing is.
        candidates: The most likely characters, best first; empty where the context says nothing.
        filled: What the repaired text shows there: a guess under `GUESS`, U+FFFD or the source's own sign otherwise; nothing
            where it is not certain that something is missing.
    """

    start: int
    end: int
    cause: str
    known: str = ""
    candidates: tuple[str, ...] = ()
    filled: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One change: `source[start:end]`, which is `before`, becomes `after`.

    Attributes:
        family: The family of damage that is undone: "slip", "gloss", "mixup", "lookalike", "escape", "conversion", …
        start: First code point of the change, in the text that the step's stage starts from.
        end: Code point after the change, in the same text.
        before: What stood there.
        after: What the repair puts there.
        mechanism: How the damage was done, in words and bytes.
        log_odds: Evidence in nats that this is damage, over "the text is fine".
        guessed: True where `after` holds characters that context chose and the bytes did not determine.
    """

    family: str
    start: int
    end: int
    before: str
    after: str
    mechanism: str
    log_odds: float
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that turn a source text into its repair, as a value that can be stored, replayed and undone.

    A plan has stages, carried out one after the other. The steps of a stage do not overlap, stand in order, and count
    code points in the text that the stage before them left.

    >>> step = Step("gloss", 1, 5, "(yè)", "", "reading inserted after U+696D", 9.0)
    >>> plan = Plan.of("業(yè)者", [(step,)])
    >>> plan.apply("業(yè)者")
    '業者'
    >>> plan.undo("業者")
    '業(yè)者'
    >>> Plan.from_json(plan.to_json()) == plan
    True
    """

    stages: tuple[tuple[Step, ...], ...] = ()
    source_digest: str = ""
    result_digest: str = ""

    @classmethod
    def of(cls, source: str, stages: list[tuple[Step, ...]]) -> Plan:
        """Make the plan of `stages` for `source`. Empty stages are left out."""
        kept = tuple(stage for stage in stages if stage)
        result = source
        for stage in kept:
            result = _replace(result, stage, PlanMismatchError("the steps do not fit the source"))
        return cls(kept, _digest(source), _digest(result))

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps in the order in which they are carried out."""
        return tuple(step for stage in self.stages for step in stage)

    def __bool__(self) -> bool:
        """Tell whether the plan changes anything."""
        return bool(self.stages)

    def apply(self, text: str) -> str:
        """Carry the plan out on the text it was made for.

        Raises:
            PlanMismatchError: `text` is not the source of the plan.
        """
        _require(text, self.source_digest, "source", "apply")
        for stage in self.stages:
            text = _replace(text, stage, PlanMismatchError("the plan's steps do not fit the text"))
        return text

    def undo(self, text: str) -> str:
        """Give the source back, from the text that `apply` made.

        Raises:
            PlanMismatchError: `text` is not the result of the plan.
        """
        _require(text, self.result_digest, "result", "undo")
        for stage in reversed(self.stages):
            text = _replace(text, _inverted(stage), PlanMismatchError("the plan's steps do not fit the text"))
        return text

    def to_json(self) -> str:
        """Return the plan as one line of ASCII JSON."""
        document = {
            "schema": PLAN_SCHEMA,
            "source_digest": self.source_digest,
            "result_digest": self.result_digest,
            "stages": [[_shown(step) for step in stage] for stage in self.stages],
        }
        return json.dumps(document, allow_nan=False)

    @classmethod
    def from_json(cls, document: str) -> Plan:
        """Read a plan that `to_json` wrote.

        Raises:
            ValueError: `document` is not such a plan; the message says what is wrong.
        """
        try:
            fields: dict[str, Any] = json.loads(document)
            if type(fields["schema"]) is not int or fields["schema"] != PLAN_SCHEMA:
                raise ValueError(f"plan schema {fields['schema']!r} is not the one this version reads ({PLAN_SCHEMA})")
            stages = tuple(tuple(map(_step, stage)) for stage in fields["stages"])
            return cls(stages, fields["source_digest"], fields["result_digest"])
        except (KeyError, TypeError, RecursionError) as error:
            raise ValueError(f"not a plan written by Plan.to_json: {error}") from error


@dataclass(frozen=True, slots=True)
class Repair:
    """What `explain` returns: the repaired text, and everything that can be said about it.

    Attributes:
        source: The text as it was given.
        text: The repaired text; the very same object as `source` where nothing was changed.
        plan: The changes.
        losses: What stays unknown, or was only guessed; positions in `source`.
    """

    source: str = field(repr=False)
    text: str
    plan: Plan
    losses: tuple[Loss, ...] = ()

    @property
    def changed(self) -> bool:
        """Tell whether the repair changes the text."""
        return bool(self.plan)

    @property
    def confidence(self) -> float:
        """Probability that the least certain step is right: its log-odds through the logistic function; 1.0 without steps."""
        if not self.plan:
            return 1.0
        return 1.0 / (1.0 + math.exp(-min(step.log_odds for step in self.plan.steps)))


@dataclass(frozen=True, slots=True)
class Damage:
    """One finding of `check`: a place that is damaged, and what it should read.

    Attributes:
        family: The family of damage, as in `Step.family`; "loss" where nothing can be restored.
        start: First code point of the place in the text.
        end: Code point after it.
        found: What stands there.
        suggestion: What it should read; None where that is lost.
        cause: How it happened, in words and bytes.
        log_odds: Evidence in nats that this is damage.
    """

    family: str
    start: int
    end: int
    found: str
    suggestion: str | None
    cause: str
    log_odds: float


def _shown(step: Step) -> dict[str, Any]:
    """A step as JSON has it: where both halves of a character stand side by side, which JSON would join, a text is in pieces."""
    fields = asdict(step)
    for name in ("before", "after"):
        pieces = _BETWEEN_HALVES.split(fields[name])
        fields[name] = pieces if len(pieces) > 1 else fields[name]
    return fields


def _step(fields: dict[str, Any]) -> Step:
    step = Step(**{**fields, "before": "".join(fields["before"]), "after": "".join(fields["after"])})
    texts = (step.family, step.mechanism)
    if not all(isinstance(one, str) for one in texts) or not isinstance(step.log_odds, int | float):
        raise TypeError(f"a step with {step.log_odds!r} nats")
    if type(step.start) is not int or type(step.end) is not int or not 0 <= step.start <= step.end:
        raise TypeError(f"a step from {step.start!r} to {step.end!r}")
    return step


_BETWEEN_HALVES = re.compile("(?<=[\ud800-\udbff])(?=[\udc00-\udfff])")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _require(text: str, digest: str, role: str, verb: str) -> None:
    if digest and _digest(text) != digest:
        raise PlanMismatchError(
            f"cannot {verb}: this is not the {role} text that the plan was made for; "
            f"pass the exact text, without re-encoding, trimming or normalising it"
        )


def _replace(text: str, stage: tuple[Step, ...], error: PlanMismatchError) -> str:
    pieces: list[str] = []
    position = 0
    for step in stage:
        if step.start < position or text[step.start : step.end] != step.before:
            raise error
        pieces += (text[position : step.start], step.after)
        position = step.end
    pieces.append(text[position:])
    return "".join(pieces)


def _inverted(stage: tuple[Step, ...]) -> tuple[Step, ...]:
    """Turn a stage round: its steps in the coordinates of its result, `after` becoming `before`."""
    inverted: list[Step] = []
    shift = 0
    for step in stage:
        start = step.start + shift
        end = start + len(step.after)
        inverted.append(Step(step.family, start, end, step.after, step.before, step.mechanism, step.log_odds))
        shift += len(step.after) - (step.end - step.start)
    return tuple(inverted)
