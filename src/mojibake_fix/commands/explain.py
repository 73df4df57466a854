"""`mojibake-fix explain`: say what is damaged, how it happened, and what the repair does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from mojibake_fix.commands._shared import STDIN, policy_option, read, shown, text_of
from mojibake_fix.records import Plan, Policy, Repair

CONTEXT = 12
"""Code points shown before and after a change: enough to recognise the sentence."""


@click.command()
@click.argument("path", default=STDIN, metavar="[FILE]")
@policy_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object with the plan, which `undo --plan` takes.")
def command(path: str, policy: Policy, as_json: bool) -> int:
    """Explain the repair of FILE (or standard input): each change with its mechanism in bytes and its evidence.

    \b
      mojibake-fix explain broken.txt
      mojibake-fix explain --json broken.txt > plan.json

    Exit status: 0 explained, whether or not there is damage; 2 the file could not be read.
    """
    from mojibake_fix.repair import explain

    _, text = text_of(read(path), path)
    repair = explain(text, policy)
    click.echo(_as_json(repair) if as_json else "\n".join(_readable(repair, shown(path))))
    return 0


def _as_json(repair: Repair) -> str:
    return json.dumps(
        {
            "changed": repair.changed,
            "confidence": round(repair.confidence, 6),
            "plan": json.loads(repair.plan.to_json()),
            "losses": [asdict(loss) for loss in repair.losses],
        }
    )


def _readable(repair: Repair, name: str) -> Iterator[str]:
    from mojibake_fix.reports.diff import visible

    current = repair.source
    for number, stage in enumerate(repair.plan.stages, 1):
        if len(repair.plan.stages) > 1:
            yield f"Pass {number}"
        for step in stage:
            line, column = _place(current, step.start)
            left = visible(current[max(0, step.start - CONTEXT) : step.start])
            right = visible(current[step.end : step.end + CONTEXT])
            guessed = ", chosen by context" if step.guessed else ""
            yield f"{name}:{line}:{column}: {step.family} ({step.log_odds:.1f} nats{guessed}): {step.mechanism}"
            yield f"    …{left}[{visible(step.before)} → {visible(step.after)}]{right}…"
        current = Plan.of(current, [stage]).apply(current)
    for loss in repair.losses:
        line, column = _place(repair.source, loss.start)
        known = f"; known bytes {loss.known}" if loss.known else ""
        likely = f"; perhaps {' '.join(loss.candidates)}" if loss.candidates else ""
        yield f"{name}:{line}:{column}: lost: {loss.cause}{known}{likely}"
    if not repair.changed and not repair.losses:
        yield f"{name}: nothing to repair"
    else:
        steps = len(repair.plan.steps)
        yield f"{steps} change{'s' * (steps != 1)}, {len(repair.losses)} lost, confidence {repair.confidence:.4f}"


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and column of a position, both from 1, in code points."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)
