"""Places are carried back through a stage: what stayed to itself, what was written to the change that wrote it."""

from hypothesis import given
from hypothesis import strategies as st

from mojibake_fix.positions import Positions
from mojibake_fix.records import Plan, Step


@st.composite
def changes(draw: st.DrawFn) -> tuple[str, tuple[Step, ...]]:
    """A text of characters that are all different, and a stage of steps that fit it."""
    steps: list[Step] = []
    position = 0
    for gap, length, written in draw(st.lists(st.tuples(*[st.integers(0, 3)] * 3), max_size=6)):
        position += gap
        if length or written:
            before = "".join(map(chr, range(0x4E00 + position, 0x4E00 + position + length)))
            steps.append(Step("mixup", position, position + length, before, "x" * written, "", 9.0))
            position += length
    return "".join(map(chr, range(0x4E00, 0x4E00 + position + 3))), tuple(steps)


@given(changes())
def test_what_stayed_is_carried_back_to_itself(made: tuple[str, tuple[Step, ...]]) -> None:
    text, stage = made
    after, positions = Plan.of(text, [stage]).apply(text), Positions.of(stage)
    for place, character in enumerate(after):
        start, end = positions.before(place, last=False), positions.before(place + 1, last=True)
        if character != "x":
            assert positions.span(place, place + 1) == (text.index(character), text.index(character) + 1)
        else:
            assert any(start <= step.start and step.end <= end for step in stage if step.after)
            assert positions.wrote(*positions.span(place, place + 1))


@given(changes(), st.data())
def test_a_span_holds_the_whole_of_each_change_in_it(made: tuple[str, tuple[Step, ...]], data: st.DataObject) -> None:
    text, stage = made
    after, positions = Plan.of(text, [stage]).apply(text), Positions.of(stage)
    start = data.draw(st.integers(0, len(after) - 1))
    end = data.draw(st.integers(start + 1, len(after)))
    left, right = positions.span(start, end)
    assert 0 <= left <= right <= len(text)
    written = [
        step for step, at, to in zip(stage, positions.starts, positions.ends, strict=True) if at < end and to > start
    ]
    assert all(left <= step.start and step.end <= right for step in written)
    assert set(after[start:end]) - {"x"} <= set(text[left:right])
