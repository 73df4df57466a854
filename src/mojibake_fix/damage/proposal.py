"""What a family of damage proposes, and how a run of damage becomes steps and losses."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mojibake_fix.damage.lost_bytes import resolve
from mojibake_fix.damage.runs import CONTEXT, Run
from mojibake_fix.lattice import REPLACEMENT, Channel
from mojibake_fix.records import Loss, Policy, Step


@dataclass(frozen=True, slots=True)
class Proposal:
    """An explanation of `text[start:end]`: the steps that undo it, what stays lost, and the evidence for it in nats."""

    start: int
    end: int
    steps: tuple[Step, ...]
    log_odds: float
    losses: tuple[Loss, ...] = ()


def propose(
    family: str,
    run: Run,
    observed: str,
    origin: int,
    channel: Channel,
    policy: Policy,
    mechanism: str,
    certainty: float,
    strange: float = 0.0,
) -> Iterator[Proposal]:
    """Make the proposal of one run: its step, its losses, and the evidence for it; nothing where it changes nothing.

    Args:
        family: The family of damage.
        run: The run, as the search found it.
        observed: The stretch that was searched.
        origin: Position of the stretch in the source.
        channel: What the search was made with.
        policy: How lost bytes are treated.
        mechanism: How the damage was done, in words and bytes.
        certainty: The margin, in nats, at which a lost byte is filled in.
        strange: Evidence against what is seen, in nats, that the model does not know of.
    """
    resolved = resolve(run, channel, certainty=certainty, guess=policy.guess, origin=origin)
    best = run.text
    seen = observed[run.start : run.end]
    gained = channel.model.log_probability(best + run.after, run.before) + _favoured(run, channel)
    log_odds = run.cost + strange + gained - channel.model.log_probability(seen + run.after, run.before)
    start, end = origin + run.start, origin + run.end
    if REPLACEMENT in resolved.text and all(one == REPLACEMENT or one.isascii() for one in resolved.text):
        yield Proposal(start, end, (), log_odds, resolved.losses)  # nothing of it is certain, so that it stays as it is
    elif seen != resolved.text:
        step = Step(family, start, end, seen, resolved.text, mechanism, round(log_odds, 3), resolved.guessed)
        yield Proposal(start, end, (trimmed(step),), log_odds, resolved.losses)


def _favoured(run: Run, channel: Channel) -> float:
    """What is known of the lost characters of a run besides what the model says of them, in nats."""
    favoured, before = 0.0, run.before
    for move, glyph in run.glyphs:
        if glyph.lost:
            favoured += channel.favours(move.edge, glyph.character, before).get(glyph.character, 0.0)
        before = (before + glyph.character)[-CONTEXT:]
    return favoured


def trimmed(step: Step) -> Step:
    """Return the step without what it leaves as it is at either end.

    >>> trimmed(Step("mixup", 4, 9, "// ÖÐ", "// 中", "", 0.0))
    Step(family='mixup', start=7, end=9, before='ÖÐ', after='中', mechanism='', log_odds=0.0, guessed=False)
    """
    before, after = step.before, step.after
    left = len(os.path.commonprefix((before, after)))
    right = len(os.path.commonprefix((before[left:][::-1], after[left:][::-1])))
    return replace(
        step,
        start=step.start + left,
        end=step.end - right,
        before=before[left : len(before) - right],
        after=after[left : len(after) - right],
    )
