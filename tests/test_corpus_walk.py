"""What is found in directories: text, compressed or in units of two bytes too; what cannot be looked at is said."""

import bz2
import gzip
import lzma
import os

import pytest
import zstandard

COMPRESSED = {
    ".gz": (gzip.compress, gzip.decompress),
    ".bz2": (bz2.compress, bz2.decompress),
    ".xz": (lzma.compress, lzma.decompress),
    ".zst": (
        zstandard.ZstdCompressor().compress,
        lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
    ),
}


@pytest.mark.parametrize("suffix", COMPRESSED)
def test_compressed_text_in_a_directory_is_repaired(cli, tmp_path, clean, garbled, suffix):
    compress, decompress = COMPRESSED[suffix]
    path, binary = tmp_path / f"page.html{suffix}", tmp_path / f"archive.tar{suffix}"
    path.write_bytes(compress((garbled[0] + "\n").encode() * 50))
    binary.write_bytes(compress(b"name\0\0\0" + garbled[0].encode()))
    before = binary.read_bytes()
    outcome = cli("fix", "--in-place", tmp_path)
    assert (outcome.status, outcome.err) == (0, "")
    assert decompress(path.read_bytes()).decode() == (clean[0] + "\n") * 50
    assert binary.read_bytes() == before


@pytest.mark.parametrize("suffix", COMPRESSED)
def test_damaged_compression_in_a_directory_is_said(cli, tmp_path, garbled, suffix):
    path = tmp_path / f"page.html{suffix}"
    path.write_bytes(COMPRESSED[suffix][0](os.urandom(64) + garbled[0].encode() * 50)[:-30])
    outcome = cli("check", tmp_path)
    assert outcome.status == 2
    assert f"page.html{suffix}: cannot be decompressed" in outcome.err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-32-be"])
def test_text_with_a_byte_order_mark_is_text(cli, tmp_path, clean, encoding):
    path, out = tmp_path / "in" / "a.txt", tmp_path / "out"
    path.parent.mkdir()
    mark = "" if encoding in ("utf-16", "utf-32") else "\ufeff"
    path.write_bytes((mark + "\n".join(clean) + "\nASCII\n").encode(encoding))
    path.with_name("b.bin").write_bytes(b"\xff\xfe\0\0\0\0\0\0\x12\x34")
    checked = cli("check", path.parent)
    assert checked.status == 1
    assert "a.txt:1:1: not-utf8" in checked.text
    assert f"the file is {encoding.upper().removesuffix('-LE')}"[:16] in checked.text
    assert "1 finding in 1 of 1 files" in checked.text
    assert "\\udc" not in checked.text
    out.mkdir()
    assert cli("fix", path.parent, "-o", out).status == 0
    assert (out / "a.txt").read_text(encoding="utf-8").removeprefix("\ufeff") == "\n".join(clean) + "\nASCII\n"
    assert not (out / "b.bin").exists()


def test_a_loop_in_a_directory_is_said_and_the_rest_is_done(cli, tmp_path, clean, garbled):
    (tmp_path / "a-loop").symlink_to("a-loop")
    (tmp_path / "b.txt").write_text(garbled[0], encoding="utf-8")
    for command in (("fix", "--in-place", "--sidecar"), ("check",), ("undo", "--in-place")):
        outcome = cli(*command, tmp_path)
        assert outcome.status == 2
        assert "a-loop: too many levels of symbolic links" in outcome.err
        assert outcome.err.count("\n") == 1
        assert (tmp_path / "b.txt").read_text(encoding="utf-8") == (garbled if command[0] == "undo" else clean)[0]
    assert cli("check", "--exclude", "a-loop", "--ignore", "mixup", tmp_path).status == 0


def test_a_directory_that_may_not_be_read_is_said_and_the_rest_is_done(cli, tmp_path, monkeypatch, garbled):
    secret, search = tmp_path / "a" / "secret", tmp_path / "a" / "no-search"
    for folder in (secret, search):
        folder.mkdir(parents=True)
        (folder / "x.txt").write_text("x", encoding="utf-8")
    (tmp_path / "a" / "good.txt").write_text(garbled[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli("check", "a/good.txt").status == 1, "what is loaded by then takes no rights later"
    user = os.geteuid()
    secret.chmod(0)
    search.chmod(0o444)
    tmp_path.chmod(0o755)
    try:
        os.seteuid(user or 65534)
        outcome = cli("check", "a")
    finally:
        os.seteuid(user)
        secret.chmod(0o755)
        search.chmod(0o755)
    assert outcome.status == 2
    assert "a/good.txt:1:" in outcome.text
    assert outcome.err.splitlines() == [
        "mojibake-fix: a/no-search/x.txt: permission denied",
        "mojibake-fix: a/secret: permission denied",
    ]
