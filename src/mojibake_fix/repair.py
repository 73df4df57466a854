"""str -> Repair: suspect stretches, competing explanations, the plan.

`explain` is the whole library in twenty lines: scan; let every family propose what it can explain; choose among the
proposals; carry them out; look again, until nothing is left to do. `fix` and `check` are views of its result, so asking
for the explanation never changes the outcome.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from mojibake_fix.arguments import require
from mojibake_fix.damage import (
    accents,
    decomposed,
    destroyed,
    escape,
    gloss,
    lookalike,
    mixup,
    phase,
    remains,
    restoration,
    signature,
    slip,
    surrogates,
)
from mojibake_fix.damage.proposal import Proposal
from mojibake_fix.lattice import REPLACEMENT
from mojibake_fix.look import Look, look_at
from mojibake_fix.model import CharacterModel, load
from mojibake_fix.positions import Positions
from mojibake_fix.records import SAFE, Damage, Loss, Plan, Policy, Repair, Step

STAGES = 6
"""How often a text is looked at again after a change: three layers of mix-ups, what they hid, and a last look."""


def fix(text: str, policy: Policy = SAFE) -> str:
    """Return `text` with its damage undone; the very same object where there is none.

    Args:
        text: Any string; lone surrogates, NUL and private use are ordinary input.
        policy: How far to go. `SAFE` makes certain repairs only.

    >>> fix("履職能力?!睍\ue490?,朱勤虎對于")
    '履職能力。”會上,朱勤虎對于'
    >>> clean = "别说了，这句话没有问题?!"
    >>> fix(clean) is clean
    True
    """
    if not isinstance(text, str) or not isinstance(policy, Policy):  # a call costs as much as half a look at a string
        require(text, policy, "fix")
    look = look_at(text)
    return text if look is None and not policy.restore else _repaired(text, look, policy).text


def explain(text: str, policy: Policy = SAFE) -> Repair:
    """Return the repair of `text` with its plan, its losses and its confidence.

    >>> repair = explain("咨詢(xún)?nèi)绾螌W")
    >>> repair.text, [step.family for step in repair.plan.steps]
    ('咨詢如何學', ['gloss', 'slip'])
    >>> repair.plan.undo(repair.text) == repair.source
    True
    """
    require(text, policy, "explain")
    return _repaired(text, look_at(text), policy)


def _repaired(text: str, look: Look | None, policy: Policy) -> Repair:
    current = text
    made: list[Positions] = []
    losses: list[Loss] = []
    while look is not None and len(made) < STAGES:
        proposals = (one for one in _propose(current, look, policy, made) if not _rereads_loss(one, current, made))
        chosen = _choose(proposals, policy)
        losses += _in_source((loss for proposal in chosen for loss in proposal.losses), made)
        stage = tuple(step for proposal in chosen for step in proposal.steps)
        if not stage:
            break
        made.append(Positions.of(stage))
        current = Plan.of(current, [stage]).apply(current)
        look = look_at(current)
    stages = [one.steps for one in made]
    if policy.restore:
        for stage in restoration.stages(current, [step for done in stages for step in done]):
            stages.append(stage)
            current = Plan.of(current, [stage]).apply(current)
    if not stages:
        return Repair(text, text, Plan(), _distinct(losses))
    return Repair(text, current, Plan.of(text, stages), _distinct(losses))


def check(text: str) -> list[Damage]:
    """Return the damage of `text`, in order, without repairing it.

    >>> [damage.found for damage in check("企業(yè)發(fā)展的動(dòng)力")]
    ['(yè)', '(fā)', '(dòng)']
    """
    return damages(explain(text))


def damages(repair: Repair) -> list[Damage]:
    """Return the damage that a repair undoes or finds lost, in order; layers of one place are one damage.

    >>> [(damage.found, damage.suggestion) for damage in damages(explain("&amp;#20320;&amp;#22909;"))]
    [('&amp;#20320;&amp;#22909;', '你好')]
    """
    places = _places(repair.plan.stages)
    found: list[Damage] = []
    shift = 0
    for start, end, steps in places:
        at = start + shift
        shift += sum(len(step.after) - len(step.before) for _, step in steps)
        layers = dict.fromkeys((number, step.mechanism) for number, step in reversed(steps))
        cause = ", then ".join(mechanism for _, mechanism in layers)
        rest = (repair.source[start:end], repair.text[at : end + shift], cause, min(step.log_odds for _, step in steps))
        found.append(Damage(steps[0][1].family, start, end, *rest))
    for loss in repair.losses:
        if not any(start <= loss.start and loss.end <= end for start, end, _ in places):
            lost = repair.source[loss.start : loss.end]
            found.append(Damage("loss", loss.start, loss.end, lost, None, loss.cause, 0.0))
    return sorted(found, key=lambda damage: (damage.start, damage.end))


def _places(stages: tuple[tuple[Step, ...], ...]) -> list[tuple[int, int, list[tuple[int, Step]]]]:
    """The places of the source that stages change, each with the steps there, by stage, and the numbers of those."""
    made = [Positions.of(stage) for stage in stages]
    spans: list[tuple[int, int, int, Step]] = []
    for number, stage in enumerate(stages):
        for step in stage:
            start, end = step.start, step.end
            for earlier in reversed(made[:number]):
                start, end = earlier.span(start, end)
            spans.append((start, end, number, step))
    places: list[tuple[int, int, list[tuple[int, Step]]]] = []
    for start, end, number, step in sorted(spans, key=lambda span: span[:3]):
        if places and start < places[-1][1]:
            first, last, steps = places.pop()
            places.append((first, max(last, end), [*steps, (number, step)]))
        else:
            places.append((start, end, [(number, step)]))
    return [(start, end, sorted(steps, key=lambda one: one[0])) for start, end, steps in places]


def _propose(text: str, look: Look, policy: Policy, made: list[Positions]) -> Iterator[Proposal]:
    """Ask every family what it can explain; what is destroyed no family may read as text."""
    if look.wide is not None:
        yield look.wide
        return
    yield from destroyed.propose(text, look.lost, policy)
    if look.halved:
        yield from surrogates.propose(text)
    if look.signed:
        yield from signature.propose(text)
    if look.escaped:
        yield from escape.propose(text, policy, load())
    if look.alike:
        yield from lookalike.propose(text, policy, load())
    if look.remaining:
        yield from remains.propose(text, policy, load())
    found = _searched(text, look, policy, made)
    yield from (one for one in found if not destroyed.is_all_destroyed(text, one, look.lost))


def _searched(text: str, look: Look, policy: Policy, made: list[Positions]) -> Iterator[Proposal]:
    """Ask the families that search stretches."""
    model = load()
    mixups = [one for one in mixup.propose(text, look.suspects, policy, model) if one.log_odds >= policy.margin]
    if look.apart:
        mixups += (one for one in decomposed.propose(text, policy, model) if one.log_odds >= policy.margin)
    mixups = accents.chosen(text, mixups, list(accents.propose(text))) if look.accented else mixups
    yield from mixups
    claimed = sorted((mixed.start, mixed.end) for mixed in mixups if _is_plain(mixed))
    signs = [sign for sign in _signs(look, claimed, model) if not _marks_loss(sign, text, made)]
    glosses = gloss.weigh(text, model, slipped=bool(signs)) if look.glossed else gloss.NONE
    yield from gloss.propose(glosses)
    places = phase.places(text, look.suspects, signs, claimed, model)
    yield from slip.propose(text, places, glosses, policy, model)


def _signs(look: Look, claimed: Sequence[tuple[int, int]], model: CharacterModel) -> Iterable[phase.Place]:
    """The signs of slips outside what mix-ups explain."""
    return phase.signs(look.seen, model, claimed) if look.suspects and look.seen is not None else look.signs


# Nats a code point from which a mix-up is so plain that no slip is searched in its place; what gains less is weighed against slips.
# True mix-ups gain 4 to 6, bytes out of phase that happen to read as Korean or Japanese some 1.5.
_PLAIN = 2.5


def _is_plain(mixed: Proposal) -> bool:
    return not mixed.steps or mixed.log_odds >= _PLAIN * (mixed.end - mixed.start)


def _choose(proposals: Iterable[Proposal], policy: Policy) -> list[Proposal]:
    """Choose proposals that do not overlap, the strongest evidence first; a tie goes to the one that starts first."""
    chosen: list[Proposal] = []
    for proposal in sorted(proposals, key=lambda proposal: (-proposal.log_odds, proposal.start, proposal.end)):
        if proposal.steps and proposal.log_odds < policy.margin:
            continue
        index = bisect_left(chosen, proposal.start, key=lambda other: other.start)
        before, after = chosen[index - 1 : index] if index else [], chosen[index : index + 1]
        if all(other.end <= proposal.start for other in before) and all(proposal.end <= other.start for other in after):
            chosen.insert(index, proposal)
    return chosen


def _rereads_loss(proposal: Proposal, text: str, made: list[Positions]) -> bool:
    """Tell whether a proposal takes what an earlier look marked as lost for the sign of a slip."""
    if not made or not proposal.steps or proposal.steps[0].family != "slip":
        return False
    return any(_is_marked(at, text, made) for at in range(proposal.start, proposal.end))


def _marks_loss(sign: phase.Place, text: str, made: list[Positions]) -> bool:
    """Tell whether the sign of a slip is what an earlier look marked as lost, behind the place where none began it."""
    end = min(sign.end + sign.unsigned, len(text))
    return bool(made) and any(_is_marked(at, text, made) for at in range(sign.start, end))


def _is_marked(position: int, text: str, made: list[Positions]) -> bool:
    return text[position] == REPLACEMENT and _is_written(position, made)


def _is_written(position: int, made: list[Positions]) -> bool:
    """Tell whether a stage wrote the character that the last one left at `position`."""
    for stage in reversed(made):
        start, end = stage.before(position, last=False), stage.before(position + 1, last=True)
        if stage.wrote(start, end):
            return True
        position = start
    return False


def _in_source(losses: Iterable[Loss], made: list[Positions]) -> Iterator[Loss]:
    """Carry the positions of losses back from the text that stages made to the source."""
    for loss in losses:
        yield functools.reduce(lambda one, stage: stage.of_source(one), reversed(made), loss)


def _distinct(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    """One loss for each place; one that a later look found somewhere inside a change gives way to those of the change."""
    by_place: dict[tuple[int, int], Loss] = {}
    for loss in losses:
        by_place.setdefault((loss.start, loss.end), loss)
    kept: list[Loss] = []
    for start, end in sorted(by_place, key=lambda place: (place[0], -place[1])):
        while kept and kept[-1].end >= end:
            kept.pop()
        kept.append(by_place[start, end])
    return tuple(kept)
