"""The search through small lattices built by hand."""

import random
import time
from dataclasses import replace

import pytest

from mojibake_fix.encodings import LOST, SWALLOWED, charset
from mojibake_fix.lattice import REPLACEMENT, Channel, Edge, Way
from mojibake_fix.model import load
from mojibake_fix.search import search


def channel(
    name: str = "cp936", *, lasting: bool = False, cut: float | None = None, habit: dict[str, float] | None = None
) -> Channel:
    return Channel(charset(name), load(), lasting=lasting, cut=cut, habit=habit or {})


def bytes_of(text: str, name: str = "cp936") -> bytes:
    data = charset(name).encode(text)
    assert data is not None
    return data


def lattice(data: bytes, *, holes: tuple[int, ...] = ()) -> list[list[Edge]]:
    """One code point a byte; the byte at a hole is lost."""
    return [
        [Edge(1, (LOST if index in holes else byte,), opening=opening) for opening in (True, False)]
        for index, byte in enumerate(data)
    ]


def found(edges: list[list[Edge]], made: Channel, **arguments: str) -> Way:
    way = search(edges, made, observed="·" * len(edges), **arguments)
    assert way is not None
    return way


@pytest.mark.parametrize("name", ["cp936", "gb18030", "big5", "utf-8"])
def test_bytes_alone_are_decoded(name: str) -> None:
    text = "他提高了能力，也很快"
    way = found(lattice(bytes_of(text, name)), channel(name))
    assert way.text == text
    assert way.score == pytest.approx(load().log_probability(text), rel=1e-4)
    assert not any(glyph.lost for move in way.moves for glyph in move.glyphs)


@pytest.mark.parametrize("hole", range(20))
def test_a_hole_is_filled_from_the_context(hole: int) -> None:
    text = "我们现在都是这个问题"
    data = bytes_of(text)
    way = found(lattice(data, holes=(hole,)), channel())
    lost = [glyph for move in way.moves for glyph in move.glyphs if glyph.lost]
    assert [len(way.text), len(lost)] == [len(text), 1]
    assert all(a == b for index, (a, b) in enumerate(zip(way.text, text, strict=True)) if index != hole // 2)
    assert lost[0].pattern == ((LOST, data[hole + 1]) if hole % 2 == 0 else (data[hole - 1], LOST))
    assert any(sequence[1 - hole % 2] == data[hole ^ 1] for sequence in charset("cp936").spell(way.text[hole // 2]))


def test_a_character_of_which_all_is_lost_is_marked() -> None:
    way = found(lattice(bytes_of("我们现在"), holes=(2, 3)), channel())
    assert way.text == f"我{REPLACEMENT}现在"


def test_a_swallowed_byte_comes_back_as_ascii() -> None:
    first, _ = bytes_of("好")
    way = found([[Edge(1, (first,), opening=True)], [Edge(1, (LOST, SWALLOWED))]], channel())
    assert bytes_of(way.text)[0] == first
    assert way.text[-1] in charset("cp936").match((SWALLOWED,)).characters


def test_a_folded_mark_is_taken_in_full_where_the_bytes_want_it() -> None:
    full, plain = bytes_of("，"), b","
    mark = [Edge(1, tuple(plain), opening=True), Edge(1, tuple(full), -1.5, opening=True)]
    edges = [*lattice(bytes_of("会")), mark, *lattice(bytes_of("上"))]
    assert found(edges, channel()).text == "会，上"


def test_a_cut_end_is_allowed_only_where_the_channel_has_it() -> None:
    edges = lattice(bytes_of("我们现在")[:-1])
    assert search(edges, channel(), observed="·" * 7) is None
    way = found(edges, channel(cut=-4.0))
    assert way.text[:3] == "我们现"
    assert way.moves[-1].edge.kind == "cut"
    assert bytes_of(way.text)[:-1] == bytes_of("我们现在")[:-1]


def test_no_way_is_no_result() -> None:
    assert search([[Edge(1, (0xFF, 0xFF), opening=True)]], channel("big5"), observed="x") is None
    assert search([[]], channel(), observed="x") is None
    way = search([], channel(), observed="")
    assert way is not None
    assert (way.text, way.moves) == ("", ())


def test_copying_is_possible_only_between_characters() -> None:
    first, second = bytes_of("中")
    copy = Edge(1)
    edges = [[Edge(1, (first,), opening=True)], [copy, Edge(1, (second,))], [copy]]
    way = search(edges, channel(), observed="ab国")
    assert way is not None
    assert way.text == "中国"
    assert [move.inside for move in way.moves] == [True, False, False]


def test_a_run_lasts_until_it_is_left() -> None:
    edges = lattice(bytes_of("中国"))
    assert [move.inside for move in found(edges, channel(lasting=True)).moves] == [True] * 4
    assert [move.inside for move in found(edges, channel()).moves] == [True, False, True, False]


def test_conditions_of_edges_hold() -> None:
    gloss = Edge(3, None, 0.0, "gloss", follows="中".__eq__)
    observed = "中(x)"
    assert search([[Edge(1)], [gloss], [], []], channel(), observed=observed).text == "中"  # type: ignore[union-attr]
    assert search([[Edge(1)], [gloss], [], []], channel(), observed="国(x)") is None
    first, _ = bytes_of("中")
    wanted = "忠"
    assert bytes_of(wanted)[0] == first
    way = search([[Edge(1, (first, LOST), opening=True, spells=wanted.__eq__)]], channel(), observed="x")
    assert way is not None
    assert way.text == wanted


def test_habit_and_favour_weigh_readings_of_lost_bytes() -> None:
    edges = [[Edge(1, (LOST, 0xA3), opening=True)]]
    plain = search(edges, channel(), observed="x", before="我们")
    moved = search(edges, channel(habit={"＃": 50.0}), observed="x", before="我们")
    favoured = search(
        [[Edge(1, (LOST, 0xA3), opening=True, favours={"＃": 50.0})]], channel(), observed="x", before="我们"
    )
    assert plain is not None
    assert plain.text != "＃"
    assert moved is not None
    assert favoured is not None
    assert (moved.text, favoured.text) == ("＃", "＃")


def test_context_before_the_stretch_counts() -> None:
    first = bytes_of("们")[0]
    edges = [[Edge(1, (first, LOST), opening=True)]]
    assert found(edges, channel(), before="今天我").text == "们"
    assert found(edges, channel(), before="学生家").text != ""


def test_the_order_of_edges_never_matters() -> None:
    data = bytes_of("我们现在都是这个问题")
    draw = random.Random(3)  # noqa: S311
    edges = [
        [*at, Edge(1, (LOST,), -2.0), Edge(1, (LOST,), -2.0, opening=True), Edge(1, (), -6.0)] for at in lattice(data)
    ]
    first = found(edges, channel(cut=-4.0))
    for _ in range(5):
        shuffled = [draw.sample(at, len(at)) for at in edges]
        again = found(shuffled, channel(cut=-4.0))
        assert (again.text, again.score) == (first.text, pytest.approx(first.score))


def test_moves_cover_the_observed_text_in_order() -> None:
    data = bytes_of("我们现在都是这个问题")
    way = found(lattice(data, holes=(3, 8)), channel())
    assert [move.start for move in way.moves] == [0, *[move.end for move in way.moves][:-1]]
    assert way.moves[-1].end == len(data)


def test_time_is_linear_in_the_length() -> None:
    data = bytes_of("我们现在都是这个问题") * 10
    made = channel()

    def seconds(times: int) -> float:
        edges = lattice(data * times, holes=tuple(range(5, len(data) * times, 17)))
        best = float("inf")
        for _ in range(2):
            start = time.process_time()
            found(edges, made)
            best = min(best, time.process_time() - start)
        return best

    seconds(1)
    assert seconds(8) < 4 * 8 / 2 * seconds(2)  # linear gives 4 times; quadratic 16 times


def test_a_search_gives_up_where_it_takes_more_effort_than_allowed() -> None:
    text = "".join(chr(code) for code in range(0x4E00, 0x9FA6, 97) if len(chr(code).encode("gb2312", "ignore")) == 2)
    edges = lattice(bytes_of(text), holes=tuple(range(0, 2 * len(text), 2)))  # every lead byte is lost
    arguments = {"observed": "·" * len(edges)}
    assert search(edges, replace(channel(), effort=1000), **arguments) is not None
    assert search(edges, replace(channel(), effort=1), **arguments) is None


def test_what_follows_a_stretch_decides_with_it() -> None:
    first, _ = bytes_of("中")
    edges = [[Edge(1, (first, LOST), opening=True)]]
    assert (
        found(edges, channel(), before="发展", after="家").text
        != found(edges, channel(), before="发展", after="心").text
    )
    assert found(edges, channel(), before="发展", after="心").text == "中"


def test_no_line_ends_in_an_opening_mark_nor_begins_in_a_closing_one() -> None:
    edges = [[Edge(1, (0xA1, LOST), opening=True)]]
    assert found(edges, channel(), before="很好。", after="\n").text not in "，、；“‘（《〈「『【〔"
    assert found(edges, channel(), before="很好。\n", after="这").text not in "。，、；：？！）》〉」』】〕”’"


@pytest.mark.parametrize("splits", [True, False])
def test_an_edge_may_have_to_end_inside_a_character(splits: bool) -> None:
    data = bytes_of("中文")
    edges = [[Edge(1, (data[0],), opening=True)], [Edge(1, (LOST, LOST), splits=splits)], [Edge(1, (data[3],))]]
    way = search(edges, channel(), observed="···")
    assert (way is not None) is splits
