"""Runs over many files: order, any number of processes, resuming, where the output goes, what is passed by."""

import gzip
import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def tree(tmp_path, clean, garbled):
    """A directory with a repository's usual contents."""
    root = tmp_path / "tree"
    files = {
        "a.md": garbled[0],
        "b/c.txt": clean[1],
        "b/d.jsonl": json.dumps({"t": garbled[2]}, ensure_ascii=False) + "\n",
        "build/out.txt": garbled[3],
        "b/kept.log": garbled[4],
        "b/other.log": garbled[5],
        ".gitignore": "build/\n*.log\n",
        "b/.gitignore": "!kept.log\n",
        ".git/config": garbled[0],
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / "image.png").write_bytes(b"\x89PNG\0" + garbled[0].encode())
    return root


def contents(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_directory_is_repaired_but_for_what_git_ignores(cli, tree, clean):
    before = contents(tree)
    assert cli("fix", "--in-place", tree).status == 0
    after = contents(tree)
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {"a.md", "b/d.jsonl", "b/kept.log"}
    assert after["a.md"].decode() == clean[0]
    assert set(after) == set(before)


def test_patterns_and_exclusions(cli, tree):
    before = contents(tree)
    assert cli("fix", "--in-place", f"{tree}/**/*.*", "--exclude", "*.jsonl").status == 0
    named = cli("fix", "--in-place", "--force-exclude", "--exclude", "d.jsonl", tree / "b" / "d.jsonl")
    assert named.status == 0
    assert contents(tree)["b/d.jsonl"] == before["b/d.jsonl"]
    assert contents(tree)["a.md"] != before["a.md"]


def test_configuration_is_read_from_pyproject(shell, tree):
    (tree / "pyproject.toml").write_text(
        '[tool.mojibake-fix]\nexclude = ["b/"]\n\n[tool.mojibake-fix.fix]\nexit-code = true\n', encoding="utf-8"
    )
    before = contents(tree)
    assert shell("fix", "--in-place", ".", cwd=tree).status == 1
    assert {name for name, data in contents(tree).items() if data != before[name]} == {"a.md"}
    assert shell("--isolated", "fix", "--in-place", "b", cwd=tree).status == 0
    assert contents(tree)["b/kept.log"] != before["b/kept.log"]


def test_a_configuration_that_cannot_be_read_is_one_line(shell, tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.mojibake-fix\n", encoding="utf-8")
    outcome = shell("fix", "x", cwd=tmp_path)
    assert outcome.status == 2
    assert "not TOML" in outcome.err
    assert outcome.err.count("\n") == 1


def test_output_goes_to_a_directory_with_the_same_names(cli, tree, tmp_path, clean):
    out = tmp_path / "out"
    before = contents(tree)
    assert cli("fix", tree, "-o", out).status == 0
    assert contents(tree) == before
    assert (out / "a.md").read_text(encoding="utf-8") == clean[0]
    assert (out / "b" / "c.txt").read_text(encoding="utf-8") == clean[1]


def test_two_inputs_for_one_output_are_refused(cli, tree, tmp_path):
    other = tmp_path / "a.md"
    other.write_text("x", encoding="utf-8")
    outcome = cli("fix", tree / "a.md", other, "-o", tmp_path / "out")
    assert outcome.status == 2
    assert "same file" in outcome.err


def test_output_is_compressed_as_its_name_says(cli, tmp_path, garbled, clean):
    path, out = tmp_path / "a.txt", tmp_path / "b.txt.gz"
    path.write_text(garbled[0], encoding="utf-8")
    assert cli("fix", path, "-o", out).status == 0
    assert gzip.decompress(out.read_bytes()).decode() == clean[0]


def test_any_number_of_processes_gives_the_same_bytes(cli, tmp_path, clean, garbled):
    path = tmp_path / "in.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(6000):
            text = (garbled if number % 9 == 0 else clean)[number % 6]
            file.write(json.dumps({"id": number, "text": text * 3}) + ("\n" if number % 500 else "\nnot json\n"))
    results = []
    for jobs in (1, 2, 3):
        out = tmp_path / f"out{jobs}.jsonl"
        outcome = cli("fix", path, "-o", out, "--sidecar", "--jobs", jobs, "--json")
        results.append((outcome, out.read_bytes(), out.with_name(f"{out.name}.plan.jsonl").read_bytes()))
    assert results[0][0].status == 2
    assert json.loads(results[0][0].out)["changed_texts"] == 667
    assert results[0] == results[1] == results[2]


def test_a_run_goes_on_where_it_was_stopped(cli, tree, tmp_path):
    out, journal = tmp_path / "out", tmp_path / "journal.jsonl"
    run = ("fix", tree, "-o", out, "--resume", journal, "--json")
    assert json.loads(cli(*run).out)["files"] == 6
    assert json.loads(cli(*run).out)["files"] == 0
    (out / "a.md").write_text("changed since", encoding="utf-8")
    assert json.loads(cli(*run).out)["files"] == 1
    with journal.open("a", encoding="utf-8") as file:
        file.write('{"source": "cut o')
    assert json.loads(cli(*run).out)["files"] == 0
    assert json.loads(cli(*run, "--policy", "guess").out)["files"] == 6


def test_a_source_that_changed_since_is_done_again(cli, tree, tmp_path, garbled, clean):
    out, journal = tmp_path / "out", tmp_path / "journal.jsonl"
    run = ("fix", tree, "-o", out, "--resume", journal, "--json")
    assert json.loads(cli(*run).out)["files"] == 6
    (tree / "a.md").write_text(garbled[1], encoding="utf-8")
    assert json.loads(cli(*run).out)["files"] == 1
    assert (out / "a.md").read_text(encoding="utf-8") == clean[1]
    assert json.loads(cli(*run).out)["files"] == 0
    in_place = ("fix", "--in-place", tree, "--resume", journal, "--json")
    assert json.loads(cli(*in_place).out)["files"] == 6
    assert json.loads(cli(*in_place).out)["files"] == 0


def test_a_journal_that_says_nothing_of_sources_is_read(cli, tree, tmp_path):
    out, journal = tmp_path / "out", tmp_path / "journal.jsonl"
    run = ("fix", tree, "-o", out, "--resume", journal, "--json")
    assert cli(*run).status == 0
    entries = [json.loads(line) for line in journal.read_bytes().splitlines()]
    old = [{key: value for key, value in entry.items() if not key.startswith("source_")} for entry in entries]
    journal.write_text("".join(json.dumps(entry) + "\n" for entry in old), encoding="utf-8")
    assert json.loads(cli(*run).out)["files"] == 6
    assert json.loads(cli(*run).out)["files"] == 0


def test_standard_input_is_in_no_journal(shell, tmp_path, clean, garbled):
    out = tmp_path / "out.txt"
    for _ in range(2):
        run = shell("fix", "-o", out, "--resume", tmp_path / "journal", stdin=garbled[0].encode(), cwd=tmp_path)
        assert (run.status, run.err) == (0, "")
        assert out.read_text(encoding="utf-8") == clean[0]
        out.unlink()


def test_in_place_with_a_sidecar_is_undone_in_place(cli, tree):
    before = contents(tree)
    assert cli("fix", "--in-place", "--sidecar", tree).status == 0
    assert {name for name in contents(tree) if name.endswith(".plan.jsonl")} == {
        "a.md.plan.jsonl",
        "b/d.jsonl.plan.jsonl",
        "b/kept.log.plan.jsonl",
    }
    assert cli("undo", "--in-place", tree).status == 0
    assert contents(tree) == before


def test_a_sidecar_is_never_overwritten(cli, tmp_path, garbled):
    path = tmp_path / "a.txt"
    path.write_text(garbled[0], encoding="utf-8")
    assert cli("fix", "--in-place", "--sidecar", path).status == 0
    sidecar = path.with_name("a.txt.plan.jsonl").read_bytes()
    path.write_text(garbled[1], encoding="utf-8")
    outcome = cli("fix", "--in-place", "--sidecar", path)
    assert outcome.status == 2
    assert "a.txt.plan.jsonl: exists" in outcome.err
    assert path.read_text(encoding="utf-8") == garbled[1]
    assert path.with_name("a.txt.plan.jsonl").read_bytes() == sidecar


def test_undo_refuses_a_file_that_was_changed(cli, tmp_path, garbled):
    path = tmp_path / "a.txt"
    path.write_text(garbled[0] + "\n后来的一行\n", encoding="utf-8")
    assert cli("fix", "--in-place", "--sidecar", path).status == 0
    changed = path.read_bytes().replace("后来".encode(), "早先".encode())
    path.write_bytes(changed)
    outcome = cli("undo", "--in-place", path)
    assert outcome.status == 2
    assert path.read_bytes() == changed


def test_undo_goes_on_after_a_file_that_was_changed(cli, tree):
    before = contents(tree)
    assert cli("fix", "--in-place", "--sidecar", tree).status == 0
    (tree / "a.md").write_text("changed since", encoding="utf-8")
    outcome = cli("undo", "--in-place", tree)
    assert outcome.status == 2
    assert "a.md" in outcome.err
    after = contents(tree)
    assert {name for name, data in before.items() if after[name] != data} == {"a.md"}
    assert set(after) - set(before) == {"a.md.plan.jsonl"}


def test_undo_of_a_named_file_without_a_sidecar_is_said(cli, tree):
    assert cli("fix", "--in-place", "--sidecar", tree).status == 0
    before = contents(tree)
    for arguments in ((tree / "b" / "c.txt",), ("--in-place", tree / "b" / "c.txt")):
        outcome = cli("undo", *arguments)
        assert (outcome.status, outcome.out) == (2, b"")
        assert "c.txt: has no sidecar c.txt.plan.jsonl" in outcome.err
        assert outcome.err.count("\n") == 1
    assert "nowhere.txt: no such file" in cli("undo", tree / "nowhere.txt").err
    assert contents(tree) == before
    assert cli("undo", "--in-place", f"{tree}/**/*.*").status == 0, "what a pattern finds may be without"


def test_undo_of_a_directory_has_no_standard_output(cli, tree):
    assert cli("fix", "--in-place", "--sidecar", tree).status == 0
    outcome = cli("undo", tree)
    assert (outcome.status, outcome.out) == (2, b"")
    assert "say --in-place" in outcome.err


def test_the_summary_counts_by_family(cli, tree):
    summary = json.loads(cli("fix", "--in-place", tree, "--json").out)
    assert summary["changes"] == {"mixup": 3}
    assert (summary["files"], summary["changed_files"], summary["problems"]) == (6, 3, 0)
    assert "mixup" not in cli("fix", "--in-place", tree, "--summary").err


def test_garble_makes_what_fix_repairs(cli, tmp_path, clean):
    path, damaged = tmp_path / "clean.jsonl", tmp_path / "damaged.jsonl"
    path.write_text("".join(json.dumps({"t": text}, ensure_ascii=False) + "\n" for text in clean), encoding="utf-8")
    garble = ("garble", "mixup", "-s", "written=cp936", "-s", "read=latin-1")
    assert cli(*garble, path, "-o", damaged, "--sidecar").status == 0
    assert damaged.read_bytes() != path.read_bytes()
    assert cli("fix", damaged).out == path.read_bytes()
    assert cli("undo", damaged).out == path.read_bytes()
    half = cli(*garble, "--rate", "0.5", path).out.splitlines()
    differing = [line for line, original in zip(half, path.read_bytes().splitlines(), strict=True) if line != original]
    assert 0 < len(differing) < len(clean)


def test_garble_says_what_it_cannot_do(cli):
    assert {"mixup", "slip", "gloss"} <= {line.split(":")[0] for line in cli("garble", "--list").text.splitlines()}
    for wrong in (("nonsense",), ("gloss",), ("gloss", "-s", "colour=red"), ("gloss", "-s", "hanzi")):
        assert cli("garble", *wrong).status == 2


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (("mixup", "written=gb2312x", "read=latin-1"), "no character set is called 'gb2312x'; there are: utf-8, "),
        (("mixup", "written=utf-8", "read=gb2312"), "no character set is called 'gb2312'; did you mean gb18030?"),
        (("signature", "read=big-5"), "did you mean big5"),
        (("slip", "trigger=mark", "byte=x"), "byte is a number, not 'x'"),
    ],
)
def test_a_setting_that_is_none_is_one_line(shell, settings, said):
    family, *pairs = settings
    outcome = shell("garble", family, *(word for pair in pairs for word in ("-s", pair)), stdin="中文".encode())
    assert (outcome.status, outcome.out) == (2, b"")
    assert said in outcome.err
    assert outcome.err.count("\n") == 1


def test_memory_does_not_grow_with_the_file(tmp_path, clean):
    code = (
        "import sys; from mojibake_fix.cli import group; group.main(sys.argv[1:], standalone_mode=False);"
        "print(open('/proc/self/status').read().split('VmHWM:')[1].split()[0], file=sys.stderr)"
    )
    peaks = []
    for factor in (1, 10):
        path = tmp_path / f"{factor}.jsonl"
        line = json.dumps({"text": "".join(clean) * 5}, ensure_ascii=False) + "\n"
        path.write_text(line * (2_500 * factor), encoding="utf-8")
        command = [sys.executable, "-c", code, "fix", str(path), "-o", str(tmp_path / "out.jsonl")]
        peaks.append(int(subprocess.run(command, capture_output=True, check=True).stderr))
    assert path.stat().st_size > 40_000_000
    assert peaks[1] - peaks[0] < 8_000, f"kilobytes at the peak: {peaks}"


def test_the_workers_environment_does_not_matter(shell, tmp_path, garbled, clean):
    path = tmp_path / "a.txt"
    path.write_text(garbled[0], encoding="utf-8")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "latin-1"}
    assert shell("fix", path, "--jobs", "2", env=environment).text == clean[0]
