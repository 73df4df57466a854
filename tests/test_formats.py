"""Every kind of file: repaired where damaged, byte for byte the same elsewhere, and undone."""

import bz2
import gzip
import json
import lzma

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from fastwarc.warc import ArchiveIterator

COMPRESS = {
    "": (bytes, bytes),
    ".gz": (gzip.compress, gzip.decompress),
    ".bz2": (bz2.compress, bz2.decompress),
    ".xz": (lzma.compress, lzma.decompress),
    ".zst": (
        lambda data: zstandard.ZstdCompressor().compress(data),
        lambda data: zstandard.ZstdDecompressor().stream_reader(data).read(),
    ),
}


@pytest.fixture
def documents(clean, garbled):
    """A clean and a damaged document in turn."""
    return [
        {"id": number, "text": (garbled if number % 2 else clean)[number % 6], "n": [1, 2.5, None], "tags": ["a", "乙"]}
        for number in range(40)
    ]


@pytest.fixture
def repaired(documents, clean):
    return [{**document, "text": clean[document["id"] % 6]} for document in documents]


def lines(documents, **style):
    return "".join(json.dumps(document, **style) + "\n" for document in documents).encode()


@pytest.mark.parametrize("suffix", COMPRESS)
def test_json_lines_plain_and_compressed(cli, tmp_path, documents, repaired, suffix):
    compress, decompress = COMPRESS[suffix]
    path, out, back = (tmp_path / f"{name}.jsonl{suffix}" for name in ("in", "out", "back"))
    path.write_bytes(compress(lines(documents)))
    assert cli("fix", path, "-o", out, "--sidecar").status == 0
    assert decompress(out.read_bytes()) == lines(repaired)
    back.write_bytes(cli("undo", out).out)
    assert decompress(back.read_bytes()) == lines(documents)


def test_json_keeps_the_spelling_of_everything_it_does_not_repair(cli, tmp_path, garbled, clean):
    path = tmp_path / "in.jsonl"
    damaged, plain = json.dumps(garbled[0], ensure_ascii=False), json.dumps(clean[0], ensure_ascii=False)
    spelling = '{ "a" :1e2,"b":"\\u4e2d\\/文", "deep":{"x":[%s, {"y": "z"}]} , "a":2}  \r\n\r\n'
    path.write_bytes((spelling % damaged).encode())
    out = tmp_path / "out.jsonl"
    assert cli("fix", path, "-o", out, "--sidecar").status == 0
    assert out.read_bytes() == (spelling % plain).encode()
    assert cli("undo", out).out == path.read_bytes()


def test_an_unusual_spelling_of_a_repaired_string_is_undone_to_the_byte(cli, tmp_path, garbled):
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(b'{"text": "\\u002f' + garbled[0].encode() + b'\\/\\u00D6"}\n')
    assert cli("fix", path, "-o", out, "--sidecar").status == 0
    assert out.read_bytes() != path.read_bytes()
    assert cli("undo", out).out == path.read_bytes()


def test_only_the_chosen_field_is_repaired(cli, tmp_path, garbled, clean):
    path = tmp_path / "in.jsonl"
    path.write_bytes(lines([{"text": garbled[0], "meta": {"title": garbled[1]}}], ensure_ascii=False))
    record = json.loads(cli("fix", "--field", "meta.title", path).out)
    assert record == {"text": garbled[0], "meta": {"title": clean[1]}}


def test_records_carry_their_plans_and_are_undone_by_them(cli, tmp_path, documents, clean):
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_bytes(lines(documents, ensure_ascii=False))
    out.write_bytes(cli("fix", "--plan-column", "why", path).out)
    records = [json.loads(line) for line in out.read_bytes().splitlines()]
    assert [record["text"] for record in records] == [clean[number % 6] for number in range(40)]
    assert [number for number, record in enumerate(records) if "why" in record] == list(range(1, 40, 2))
    assert cli("undo", "--plan-column", "why", out).out == path.read_bytes()


def test_a_line_that_is_not_json_is_said_and_passed_on(cli, tmp_path, garbled, clean):
    path = tmp_path / "in.jsonl"
    good, fixed = lines([{"t": garbled[0]}], ensure_ascii=False), lines([{"t": clean[0]}], ensure_ascii=False)
    bad = b'{"t": \n' + b'{"t": "\xff"}\n' + b"[" * 100_000 + b"\n"
    path.write_bytes(good + bad + good)
    outcome = cli("fix", path)
    assert outcome.status == 2
    assert outcome.out == fixed + bad + fixed
    assert [line.split(": ")[1].rsplit(":", 1)[1] for line in outcome.err.splitlines()] == ["2", "3", "4"]
    assert "not JSON" in outcome.err
    assert "not UTF-8" in outcome.err
    assert "nested too deeply" in outcome.err


@pytest.mark.parametrize(("suffix", "delimiter"), [("csv", ","), ("tsv", "\t")])
def test_tables_keep_quotes_and_line_ends(cli, tmp_path, garbled, clean, suffix, delimiter):
    rows = 'id|title|note\r\n1|"{0}"|"say ""{1}"", twice"\r\n2|{2}|5" pipe\n3||"x"y\r\n'.replace("|", delimiter)
    path, out = tmp_path / f"in.{suffix}", tmp_path / f"out.{suffix}"
    path.write_bytes(b"\xef\xbb\xbf" + rows.format(*garbled).encode())
    assert cli("fix", path, "-o", out, "--sidecar").status == 0
    assert out.read_bytes() == b"\xef\xbb\xbf" + rows.format(*clean).encode()
    assert cli("undo", out).out == path.read_bytes()
    only_title = cli("fix", "--field", "title", path).out
    assert only_title == b"\xef\xbb\xbf" + rows.format(clean[0], garbled[1], clean[2]).encode()


def test_a_quoted_cell_may_hold_line_ends_across_pieces(cli, tmp_path, garbled, clean):
    long = "\n".join(["一行" * 20] * 9000)
    row = 'a,"{0}\n' + long + '",b\n'
    path = tmp_path / "in.csv"
    path.write_bytes((row * 2).format(garbled[0]).encode())
    assert cli("fix", path).out == (row * 2).format(clean[0]).encode()


def test_parquet_keeps_types_row_groups_and_compression(cli, tmp_path, documents, repaired):
    table = pa.table(
        {
            "id": [document["id"] for document in documents],
            "text": pa.array([document["text"] for document in documents], pa.large_string()),
            "kind": pa.array([document["text"] for document in documents]).dictionary_encode(),
            "empty": pa.array([None] * 40, pa.string()),
        },
    ).replace_schema_metadata({"made by": "us"})
    path, out, back = tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "back.parquet"
    pq.write_table(table, path, row_group_size=15, compression="gzip")
    assert cli("fix", path, "-o", out, "--sidecar").status == 0
    result = pq.read_table(out)
    assert result.schema.equals(table.schema, check_metadata=True)
    assert result["text"].to_pylist() == [document["text"] for document in repaired]
    assert result["kind"].to_pylist() == result["text"].to_pylist()
    metadata = pq.ParquetFile(out).metadata
    assert metadata.num_row_groups == 3
    assert metadata.row_group(0).column(1).compression == "GZIP"
    back.write_bytes(cli("undo", out).out)
    assert pq.read_table(back).schema.equals(table.schema, check_metadata=True)
    assert pq.read_table(back).to_pylist() == table.to_pylist()


def test_parquet_rows_carry_their_plans(cli, tmp_path, documents, repaired):
    path, out, back = tmp_path / "in.parquet", tmp_path / "out.parquet", tmp_path / "back.parquet"
    table = pa.table({"text": [document["text"] for document in documents]})
    pq.write_table(table, path)
    assert cli("fix", "--plan-column", "why", path, "-o", out).status == 0
    result = pq.read_table(out)
    assert [plan is not None for plan in result["why"].to_pylist()] == [number % 2 == 1 for number in range(40)]
    back.write_bytes(cli("undo", "--plan-column", "why", out).out)
    assert pq.read_table(back) == table


def test_parquet_values_that_are_not_utf8_are_said_and_kept(cli, tmp_path, garbled, clean):
    raw = pa.array([garbled[0].encode(), b"\xff\xfe", None], pa.binary())
    strings = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"text": strings}), path)
    outcome = cli("fix", path, "-o", out)
    assert outcome.status == 2
    assert "in.parquet:2: column 'text' is not UTF-8" in outcome.err
    assert pq.read_table(out)["text"].cast(pa.binary()).to_pylist() == [clean[0].encode(), b"\xff\xfe", None]


def warc(kind, content_type, block, **fields):
    extra = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in fields.items())
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: http://a/\r\nContent-Type: {content_type}\r\n{extra}"
    return f"{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"


def http(body, *fields):
    head = ["HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body)}", *fields]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


@pytest.fixture
def archive(garbled):
    page = f"<html><title>x</title><p>{garbled[0]}</p></html>".encode()
    digest = "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    kind = "application/http; msgtype=response"
    return [
        warc("warcinfo", "application/warc-fields", b"software: ours\r\n"),
        warc("response", kind, http(page), WARC_Block_Digest=digest, WARC_Payload_Digest=digest),
        warc("response", kind, http(gzip.compress(page), "Content-Encoding: gzip")),
        warc("response", kind, http("中文".encode("gb18030"))),
        warc("conversion", "text/plain", garbled[1].encode(), WARC_Block_Digest=digest),
        warc("request", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
    ]


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_web_archives(cli, tmp_path, archive, clean, suffix):
    compress, decompress = COMPRESS[suffix]
    path, out, back = (tmp_path / f"{name}.warc{suffix}" for name in ("in", "out", "back"))
    members = map(compress, archive) if suffix == ".gz" else [compress(b"".join(archive))]
    path.write_bytes(b"".join(members))
    assert cli("fix", path, "-o", out, "--sidecar").status == 0
    data = decompress(out.read_bytes())
    assert data.count(b"WARC/1.0") == 6
    for untouched in (archive[0], archive[2], archive[3], archive[5]):
        assert untouched in data
    back.write_bytes(cli("undo", out).out)
    assert decompress(back.read_bytes()) == b"".join(archive)


def test_repaired_records_have_true_lengths_and_digests(cli, tmp_path, archive, clean):
    path, out = tmp_path / "in.warc.gz", tmp_path / "out.warc.gz"
    path.write_bytes(b"".join(gzip.compress(record) for record in archive))
    assert cli("fix", path, "-o", out).status == 0
    texts = []
    for record in ArchiveIterator(str(out), parse_http=False):
        if "WARC-Block-Digest" in record.headers:
            assert record.verify_block_digest()
            texts.append(record.reader.read().decode())
    assert texts[1] == clean[1]
    head, _, body = texts[0].partition("\r\n\r\n")
    assert body == f"<html><title>x</title><p>{clean[0]}</p></html>"
    assert f"Content-Length: {len(body.encode())}" in head


def test_a_broken_archive_is_said_and_passed_on(cli, tmp_path, archive):
    path = tmp_path / "in.warc"
    for broken in (archive[0] + b"nonsense\r\n\r\n" + archive[1], archive[0] + archive[1][:-60]):
        path.write_bytes(broken)
        outcome = cli("fix", path)
        assert (outcome.status, outcome.out) == (2, broken)
        assert "in.warc:2: not a whole WARC record" in outcome.err


def test_html_is_repaired_as_text(cli, tmp_path, garbled, clean):
    page = '<!doctype html>\r\n<html lang="zh"><body class="a b"><p>{0}</p>\r\n<p title="{1}">{2}</p></body></html>\r\n'
    path = tmp_path / "page.html"
    path.write_bytes(page.format(*garbled).encode())
    assert cli("fix", path).out == page.format(*clean).encode()


def test_a_very_long_text_is_taken_in_parts_with_the_same_result(cli, tmp_path, garbled, clean):
    filler = "没有问题的一行文字。\n" * 300_000
    path, out = tmp_path / "long.txt", tmp_path / "out.txt"
    path.write_bytes(f"{garbled[0]}\n{filler}{garbled[1]}\r\n".encode())
    assert path.stat().st_size > 1 << 23
    assert cli("fix", path, "-o", out, "--sidecar").status == 0
    assert out.read_bytes() == f"{clean[0]}\n{filler}{clean[1]}\r\n".encode()
    assert cli("undo", out).out == path.read_bytes()


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_damaged_compression_is_one_clear_line(cli, tmp_path, suffix):
    whole = COMPRESS[suffix][0]("没有问题。\n".encode() * 5000)
    path, out = tmp_path / f"a.txt{suffix}", tmp_path / "out.txt"
    path.write_bytes(whole[: len(whole) // 2])
    outcome = cli("fix", path, "-o", out)
    assert outcome.status == 2
    assert "cannot be decompressed" in outcome.err
    assert not out.exists()


def test_another_format_can_be_asked_for(shell, garbled, clean):
    damaged, plain = (lines([{"t": text}], ensure_ascii=False) for text in (garbled[0], clean[0]))
    assert shell("fix", "--format", "jsonl", stdin=gzip.compress(damaged)).out != damaged
    assert gzip.decompress(shell("fix", "--format", "jsonl", stdin=gzip.compress(damaged)).out) == plain


@pytest.mark.parametrize("command", [("fix",), ("fix", "--diff"), ("check",), ("check", "--jobs", "2")])
def test_a_field_that_no_record_has_is_said(cli, tmp_path, clean, garbled, command):
    path, table, text = tmp_path / "a.jsonl", tmp_path / "a.csv", tmp_path / "a.txt"
    path.write_text(json.dumps({"meta": {"title": clean[0]}, "text": clean[1]}) + "\n", encoding="utf-8")
    table.write_text(f"id,text\n1,{clean[2]}\n", encoding="utf-8")
    text.write_text(clean[3], encoding="utf-8")
    for there in (("--field", "meta.title", "--field", "text", path), ("--field", "text", table)):
        outcome = cli(*command, *there)
        assert (outcome.status, outcome.err) == (0, "")
    for one in (path, table, text):
        outcome = cli(*command, "--field", "title", one)
        assert outcome.status == 0
        assert "--field title: no record has text there" in outcome.err
        assert outcome.err.count("\n") == 1


def test_help_names_fields_inside_others(cli):
    assert "meta.title" in cli("fix", "--help").text
