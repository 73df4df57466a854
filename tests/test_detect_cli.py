"""`mojibake-fix detect` and `mojibake-fix decode`."""

import json

GBK = "清晨的菜市场已经热闹起来，卖豆腐的老人正在摆摊。"
BIG5 = "清晨的菜市場已經熱鬧起來，賣豆腐的老人正在擺攤。"


def test_detect_prints_a_line_a_file(cli, tmp_path):
    (tmp_path / "a.txt").write_bytes(GBK.encode("gbk"))
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    outcome = cli("detect", tmp_path / "a.txt", tmp_path / "b.png")
    first, second = outcome.text.splitlines()
    assert first.split()[1:3] == ["gb18030", "gb18030"]
    assert second.split()[1:3] == ["binary", "-"]
    assert outcome.status == 0


def test_detect_as_json_carries_the_candidates(cli, tmp_path):
    (tmp_path / "a.txt").write_bytes(BIG5.encode("big5"))
    found = json.loads(cli("detect", "--json", tmp_path / "a.txt").text)
    assert found["encoding"] == found["candidates"][0]["encoding"] == "Big5"
    assert found["binary"] is False


def test_detect_goes_on_after_a_missing_file(cli, tmp_path):
    (tmp_path / "a.txt").write_bytes(GBK.encode("gbk"))
    outcome = cli("detect", tmp_path / "none.txt", tmp_path / "a.txt")
    assert outcome.status == 2
    assert "none.txt: no such file" in outcome.err
    assert "gb18030" in outcome.text


def test_detect_refuses_unknown_candidates(cli, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"a")
    outcome = cli("detect", "--candidate", "bgi5", tmp_path / "a.txt")
    assert outcome.status == 2
    assert "did you mean Big5" in outcome.err


def test_decode_writes_utf_8_and_says_what_was_lost(cli, tmp_path):
    (tmp_path / "a.txt").write_bytes(GBK.encode("gbk") + b"\xff\n")
    outcome = cli("decode", "--exit-code", tmp_path / "a.txt")
    assert outcome.text == GBK + "\ufffd\n"
    assert f"offset {2 * len(GBK)}: FF (invalid)" in outcome.err
    assert outcome.status == 1


def test_decode_reads_mixed_encodings_and_says_so(cli, tmp_path):
    (tmp_path / "a.log").write_bytes(GBK.encode("gbk") + b"\n" + BIG5.encode("big5") + b"\n")
    outcome = cli("decode", tmp_path / "a.log", "-o", tmp_path / "out.txt")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == f"{GBK}\n{BIG5}\n"
    assert "mixed encodings" in outcome.err
    record = json.loads(cli("decode", "--json", tmp_path / "a.log").text)
    assert [segment["encoding"] for segment in record["segments"]] == ["gb18030", "Big5"]


def test_decode_refuses_binary_data_and_unknown_names(cli, tmp_path):
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert "binary data" in cli("decode", tmp_path / "b.png").err
    outcome = cli("decode", "--encoding", "gb2313", tmp_path / "b.png")
    assert outcome.status == 2
    assert "did you mean GBK" in outcome.err
