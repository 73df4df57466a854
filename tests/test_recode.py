"""Records that are not UTF-8: read in their encoding, repaired, written as UTF-8, and undone to the byte."""

import csv
import io
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mojibake_fix import SAFE
from mojibake_fix.corpus.outlet import Delivery, Watch
from mojibake_fix.corpus.run import repair_files
from mojibake_fix.corpus.sidecar import Sidecar, beside
from mojibake_fix.corpus.source import Source
from mojibake_fix.corpus.undo import undo_file
from mojibake_fix.formats.base import Job

SENTENCES = {
    "gbk": ("图书馆的读者越来越多", '他说："请坐"，我们谢了他', "新的规定从下个月开始执行。"),
    "big5": ("圖書館的讀者越來越多", "功能許可蓋章：成功！", "新的規定從下個月開始執行。"),
    "cp932": ("図書館の利用者が増えています", "表示ソフトの予定", "新しい規則は来月から始まります。"),
    "cp949": ("도서관을 찾는 사람이 늘고 있습니다", "새로운 규칙은 다음 달부터", "시작됩니다. 감사합니다."),
    "cp1252": ("Le café est très réputé", "Überall hört man schöne Töne", "Él sonrió después del años."),
}
"""In GBK, Big5 and Shift-JIS some trail bytes are backslashes."""


def rows_of(encoding):
    return [{"id": number, "文" if encoding == "gbk" else "t": text} for number, text in enumerate(SENTENCES[encoding])]


def json_lines(records, encoding="utf-8"):
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode(encoding)


def table(rows, encoding="utf-8", delimiter=","):
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", SENTENCES)
def test_json_lines_in_another_encoding(cli, tmp_path, encoding):
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(json_lines(rows_of(encoding), encoding))
    outcome = cli("fix", path, "-o", out, "--sidecar")
    assert outcome.status == 0
    assert out.read_bytes() == json_lines(rows_of(encoding))
    assert outcome.err.count("written as UTF-8") == 1
    assert cli("undo", out).out == path.read_bytes()


@pytest.mark.parametrize("encoding", SENTENCES)
@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_tables_in_another_encoding(cli, tmp_path, encoding, suffix, delimiter):
    path, out = tmp_path / f"in.{suffix}", tmp_path / f"out.{suffix}"
    rows = [SENTENCES[encoding], ("1", 'quoted, "twice"', SENTENCES[encoding][0])]
    path.write_bytes(table(rows, encoding, delimiter))
    outcome = cli("fix", path, "-o", out, "--sidecar")
    assert outcome.status == 0
    assert out.read_bytes() == table(rows, delimiter=delimiter)
    assert outcome.err.count("written as UTF-8") == 1
    assert cli("undo", out).out == path.read_bytes()


def test_what_is_recoded_is_repaired_where_that_is_asked_for(cli, tmp_path):
    path = tmp_path / "in.csv"
    garbled, truth = "企業(yè)發(fā)展的動(dòng)力，圖書館", "企業發展的動力，圖書館"
    path.write_bytes(table([("標題", "內容"), (garbled, garbled)], "gbk"))
    assert cli("fix", path).out == table([("標題", "內容"), (truth, truth)])
    assert cli("fix", "--field", "標題", path).out == table([("標題", "內容"), (truth, garbled)])


def test_keys_and_other_fields_are_recoded_but_never_repaired(cli, tmp_path):
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    garbled, truth = "企業(yè)發(fā)展的動(dòng)力", "企業發展的動力"
    path.write_bytes(json_lines([{garbled: garbled, "題": {"名": garbled}}], "gbk"))
    out.write_bytes(cli("fix", "--field", "題.名", "--plan-column", "why", path).out)
    record = json.loads(out.read_bytes())
    why = record.pop("why")
    assert record == {garbled: garbled, "題": {"名": truth}}
    assert [len(change["plan"]["stages"][0]) for change in why if "plan" in change] == [3]
    assert cli("undo", "--plan-column", "why", out).out == path.read_bytes()


def test_lines_in_utf_8_keep_their_bytes_among_others(cli, tmp_path):
    path = tmp_path / "in.jsonl"
    utf_8 = b'{ "t" :"\\u4e2d\\/' + "é, ц, 语言".encode() + b'"}\r\n'
    rest = json_lines(rows_of("gbk"), "gbk"), json_lines(rows_of("big5"), "big5")
    path.write_bytes(utf_8.join((b"", *rest, b"")))
    outcome = cli("fix", path)
    assert outcome.out == utf_8.join((b"", json_lines(rows_of("gbk")), json_lines(rows_of("big5")), b""))
    assert [line.rsplit(":", 2)[1:] for line in outcome.err.splitlines()] == [
        ["2", " read as gb18030, written as UTF-8"],
        ["6", " read as Big5, written as UTF-8"],
    ]


def test_western_lines_in_utf_8_are_not_taken_for_chinese_ones(cli, tmp_path):
    path = tmp_path / "in.csv"
    western = "café,Škoda,naïve\r\n".encode()
    path.write_bytes(western * 5 + table([SENTENCES["gbk"]] * 3, "gbk") + western * 5)
    assert cli("fix", path).out == western * 5 + table([SENTENCES["gbk"]] * 3) + western * 5


def test_a_line_that_is_utf_8_by_chance_is_read_as_the_others(cli, tmp_path):
    path = tmp_path / "in.csv"
    rows = [(str(number), text) for number in range(20) for text in SENTENCES["gbk"]]
    rows.insert(7, ("17", "目录"))
    assert "目录".encode("gbk").decode() == "Ŀ¼"
    path.write_bytes(table(rows, "gbk"))
    assert cli("fix", path).out == table(rows)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_last_lines_of_a_long_file_are_read_as_the_first(cli, tmp_path, jobs):
    path, out, back = (tmp_path / f"{name}.csv" for name in ("in", "out", "back"))
    rows = [(str(number), *SENTENCES["gbk"]) for number in range(6000)]
    rows.append(("6000", "合肥", "", ""))  # 5 bytes of what was read so far: no evidence by themselves
    path.write_bytes(table(rows, "gbk"))
    outcome = cli("fix", path, "-o", out, "--jobs", jobs, "--sidecar")
    assert out.read_bytes() == table(rows)
    assert outcome.err.count("\n") == 1
    back.write_bytes(cli("undo", out).out)
    assert back.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("how", ["--sidecar", "--plan-column"])
def test_a_line_of_two_encodings_is_undone_to_the_byte(cli, tmp_path, how):
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    garbled = "企業(yè)發(fā)展的動(dòng)力".encode()
    line = '{"编号": 1, "title": "没有问题", "text": "'.encode() + garbled + b'\xff", "more": "'
    path.write_bytes(line + "图书馆的读者越来越多".encode("gbk") + b'"}\n' + line + b'"}\n')
    cli("fix", path, "-o", out, *([how] if how == "--sidecar" else [how, "why"]))
    json.loads(out.read_bytes().split(b"\n")[1])
    assert cli("undo", out, *(() if how == "--sidecar" else (how, "why"))).out == path.read_bytes()


def test_in_place_they_are_left_alone_and_one_is_told_what_to_do(cli, tmp_path):
    for name, data in (("in.csv", table([SENTENCES["gbk"]], "gbk")), ("in.jsonl", json_lines(rows_of("gbk"), "gbk"))):
        path = tmp_path / name
        path.write_bytes(data)
        outcome = cli("fix", "--in-place", path)
        assert outcome.status == 2
        assert path.read_bytes() == data
        assert outcome.err.count("--output") == 1


def test_a_mark_of_utf_8_before_other_lines_is_kept(cli, tmp_path):
    for name, data, truth in (
        ("in.csv", table([SENTENCES["gbk"]], "gbk"), table([SENTENCES["gbk"]])),
        ("in.jsonl", json_lines(rows_of("gbk"), "gbk"), json_lines(rows_of("gbk"))),
    ):
        path, out = tmp_path / name, tmp_path / f"out-{name}"
        path.write_bytes(b"\xef\xbb\xbf" + data)
        assert cli("fix", path, "-o", out, "--sidecar").status == 0
        assert out.read_bytes() == b"\xef\xbb\xbf" + truth
        assert cli("undo", out).out == path.read_bytes()


def test_lines_of_several_western_languages_are_asked_one_by_one(cli, tmp_path):
    path = tmp_path / "in.csv"
    rows = [
        ("Ça a été très agréable à l’été, déjà vu",),
        ("El niño comió piñas en España mañana",),
        ("Größe über Straße",),
    ]
    path.write_bytes(table(rows * 100, "cp1252"))
    assert cli("fix", path).out == table(rows * 100)


def test_a_character_that_is_cut_is_said_to_be_lost(cli, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_bytes(json_lines(rows_of("gbk")) + b'{"t": "' + "图书馆的读".encode()[:-1] + b'"}\n')
    outcome = cli("fix", path, "--json")
    assert outcome.status == 0
    assert outcome.out == json_lines([*rows_of("gbk"), {"t": "图书馆的\ufffd"}])
    assert "in.jsonl:4: 1 of its characters are lost" in outcome.err
    assert json.loads(outcome.err.splitlines()[-1])["losses"] == 1


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_lines_of_wide_code_units_are_passed_on(cli, tmp_path, encoding, suffix):
    path = tmp_path / f"in.{suffix}"
    path.write_bytes(table([SENTENCES["gbk"]] * 3, encoding, "\t"))
    outcome = cli("fix", path)
    assert outcome.status == 2
    assert outcome.out == path.read_bytes()
    assert "mojibake-fix decode" in outcome.err


RECORD = st.sampled_from(
    [text.encode(code) for encoding, texts in SENTENCES.items() for text in texts for code in (encoding, "utf-8")]
)
SIGNS = st.sampled_from(
    [b"\n", b",", b'"', b'""', b'{"t": "', b'"}\n', b"\\", b"\r\n", b"\t", b"\xef\xbb\xbf", b"\xff", b"\x1b$B"]
)


@settings(deadline=None)  # the first example loads the tables
@given(
    st.lists(st.one_of(RECORD, SIGNS, st.binary(max_size=4)), max_size=24).map(b"".join),
    st.sampled_from(["csv", "tsv", "jsonl"]),
)
def test_whatever_the_bytes_are_undo_gives_them_back(data, suffix):
    with tempfile.TemporaryDirectory() as directory:
        path, out, back = (Path(directory) / f"{name}.{suffix}" for name in ("in", "out", "back"))
        path.write_bytes(data)
        delivery = Delivery(lambda _source: out, sidecar=True)
        repair_files([Source(str(path))], delivery, Job(SAFE, recode=True), jobs=1, watch=Watch())
        if not beside(out).exists():
            assert out.read_bytes() == data
            return
        with back.open("wb") as file:
            undo_file(Source(str(out)), Sidecar.open(beside(out)), file)
        assert back.read_bytes() == data


def test_the_encodings_that_a_text_mixes_are_named(cli, tmp_path):
    path = tmp_path / "in.txt"
    parts = (("图书馆的读者越来越多，请大家准时。\n", "utf-8"), (SENTENCES["gbk"][2] * 3 + "\n", "gbk"))
    path.write_bytes(b"".join(text.encode(encoding) * 3 for text, encoding in parts))
    outcome = cli("fix", path)
    assert outcome.text == "".join(text * 3 for text, _ in parts)
    assert "in.txt:1: read as mixed encodings (UTF-8, gb18030), written as UTF-8" in outcome.err
