"""`mojibake-fix convert` and `mojibake-fix identify`."""

import json

import pytest
from click.testing import CliRunner

from mojibake_fix.cli import group


def run(*arguments, text=""):
    return CliRunner().invoke(group, arguments, input=text.encode(), standalone_mode=False)


def test_convert_reads_standard_input():
    result = run("convert", "--to", "zh-Hant-TW", text="他吃了药太后悔了\r\n")
    assert result.stdout_bytes.decode() == "他吃了藥太後悔了\r\n"
    assert result.return_value == 0


def test_convert_keeps_the_byte_order_mark_and_protected_words(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xef\xbb\xbf" + "里根的头发".encode())
    result = run("convert", "--to", "s2t", "--protect", "里根", str(path))
    assert result.stdout_bytes == b"\xef\xbb\xbf" + "里根的頭髮".encode()


def test_choices_are_listed_as_json():
    result = run("convert", "--to", "zh-Hant", "--choices", text="头发")
    (row,) = map(json.loads, result.stdout.splitlines())
    assert (row["position"], row["chosen"], list(row["alternatives"])) == (1, "髮", ["發"])


def test_an_unknown_target_says_what_there_is():
    result = CliRunner().invoke(group, ["convert", "--to", "latin"], input=b"x")
    assert result.exit_code == 2
    assert "zh-Hant-TW" in result.output


def test_a_missing_file_is_an_error_and_the_others_are_done(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("头发", "utf-8")
    result = run("convert", "--to", "s2t", str(tmp_path / "none.txt"), str(path))
    assert result.return_value == 2
    assert "頭髮" in result.stdout_bytes.decode()


@pytest.mark.parametrize(
    ("text", "line"), [("这是简体", "simplified"), ("佢哋喺度食飯睇戲", "cantonese"), ("計程車用軟體", "taiwan")]
)
def test_identify_says_it_in_words(text, line):
    assert line in run("identify", text=text).stdout


def test_identify_gives_its_evidence_as_json():
    found = json.loads(run("identify", "--json", text="這是繁體").stdout)
    assert found["script"] == "traditional"
    assert found["log_odds"] > 0
