"""Plan columns: only where a record has room for one, and undone only where `fix` wrote it."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mojibake_fix.formats.jsonl import JsonLines


def written(path, *lines):
    path.write_bytes(b"".join(line.encode() + b"\n" for line in lines))
    return path


@pytest.mark.parametrize("shape", ['[{{"a": "{0}"}}, {{}}]', '[1, "{0}"]', '"{0}"'])
def test_a_record_that_is_no_object_has_no_room(cli, tmp_path, clean, garbled, shape):
    record = json.dumps({"t": garbled[1]}, ensure_ascii=False)
    path = written(tmp_path / "in.jsonl", shape.format(garbled[0]), shape.format(clean[0]), record)
    out = tmp_path / "out.jsonl"
    outcome = cli("fix", "--plan-column", "why", path, "-o", out)
    assert outcome.status == 2
    assert outcome.err.count("in.jsonl:1: not an object") == outcome.err.count("\n") == 1
    before, after = path.read_bytes().splitlines(), out.read_bytes().splitlines()
    assert after[:2] == before[:2]
    assert json.loads(after[2])["t"] == clean[1]
    assert cli("undo", "--plan-column", "why", out).out == path.read_bytes()


@pytest.mark.parametrize("own", ['["spelling"]', "[]", '"good"', '[{"record": 1}]', "null"])
@pytest.mark.parametrize(
    "shape", ['{{"t": "{0}", "why": {1}}}', '{{"why": {1}, "t": "{0}"}}', '{{"t":"{0}","why":{1}}}']
)
def test_a_field_of_that_name_is_kept(cli, tmp_path, garbled, shape, own):
    record = json.dumps({"t": garbled[1]}, ensure_ascii=False)
    path = written(tmp_path / "in.jsonl", shape.format(garbled[0], own), record)
    out = tmp_path / "out.jsonl"
    outcome = cli("fix", "--plan-column", "why", path, "-o", out)
    assert outcome.status == 2
    assert "in.jsonl:1: has a field 'why' of its own" in outcome.err
    before, after = path.read_bytes().splitlines(), out.read_bytes().splitlines()
    assert after[0] == before[0]
    assert after[1] != before[1]
    undone = cli("undo", "--plan-column", "why", out)
    assert (undone.status, undone.out) == (0, path.read_bytes())


@pytest.mark.parametrize("column", ["stages", "plan", "a", "原因"])
def test_any_name_will_do(cli, tmp_path, garbled, column):
    inner = {"inner": {"x": garbled[0], column: ["y"]}, "t": garbled[1]}
    path = written(tmp_path / "in.jsonl", json.dumps(inner, ensure_ascii=False))
    out = tmp_path / "out.jsonl"
    assert cli("fix", "--plan-column", column, path, "-o", out).status == 0
    assert column in json.loads(out.read_bytes())
    assert cli("undo", "--plan-column", column, out).out == path.read_bytes()


def test_what_was_repaired_with_a_column_is_left_alone_by_a_second_run(cli, tmp_path, garbled):
    path, once = written(tmp_path / "in.jsonl", json.dumps({"t": garbled[0]})), tmp_path / "once.jsonl"
    assert cli("fix", "--plan-column", "why", path, "-o", once).status == 0
    twice = cli("fix", "--plan-column", "why", once)
    assert (twice.status, twice.out) == (0, once.read_bytes())


def test_lines_that_are_no_json_are_passed_on(tmp_path):
    from mojibake_fix.formats.base import Piece

    lines = b'x}, "why": [\xff]}\n{"a": 1, "why": [' + b"[" * 100_000 + b']}\n, "why": [1]\n'
    assert JsonLines().undo_columns(Piece(lines, 1), "why") == lines


def test_parquet_with_such_a_column_is_left_alone(cli, tmp_path, garbled):
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    for own in (["x", None], [1, 2], ['["y"]', '"z"']):
        table = pa.table({"t": [garbled[0], garbled[1]], "why": own})
        pq.write_table(table, path)
        outcome = cli("fix", "--plan-column", "why", path, "-o", out)
        assert outcome.status == 2
        assert outcome.err.count("in.parquet:1: has a field 'why' of its own") == outcome.err.count("\n") == 1
        assert pq.read_table(out) == table
        undone = cli("undo", "--plan-column", "why", out)
        assert undone.status == 2
        assert undone.err.count("cannot be undone") == 1
