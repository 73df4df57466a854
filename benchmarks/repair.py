"""What repair recovers, what it changes falsely and how fast it is, with ftfy beside it: `python benchmarks/repair.py`.

Tables: the seed article, slips by variant, mix-ups by length, recovery against false changes, a sentence garbled inside clean
text, two layers, lost and ignored bytes, real snippets, false changes on clean text, speed. Name tables on the command line to
print only these; `--quick` draws smaller samples.
"""

from __future__ import annotations

import re
import sys
import sysconfig
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import fmean

import ftfy

from curve import curve
from lost import ignored, lost
from material import LANGUAGE, ROOT, SHARED, clean_lines, folded, garbled_lines, percent, real_pairs, sample, table
from mojibake_fix import GUESS, SAFE, explain, fix
from mojibake_fix.damage import mixup, slip
from mojibake_fix.damage.pairs import READERS, WRITERS
from mojibake_fix.records import Policy
from slips import slips

Figures = dict[str, float]


def seed(_quick: bool) -> Figures:
    """The article that started the project."""
    folder = ROOT / "fixtures" / "seed"
    source, wanted = ((folder / name).read_text(encoding="utf-8") for name in ("article.txt", "article.repaired.txt"))
    repair = explain(source)
    families = Counter(step.family for step in repair.plan.steps)
    exact = repair.text == wanted and repair.plan.undo(repair.text) == source
    row = [
        str(exact),
        str(families["gloss"]),
        str(families["slip"]),
        str(len(repair.losses)),
        str(ftfy.fix_text(source) == wanted),
    ]
    table("seed article", ["exact and undone", "glosses", "slips", "losses", "ftfy exact"], [row])
    return {"seed_exact": float(exact)}


MIXED_READERS = ("utf-8/latin-1", "utf-8/surrogateescape")


def mixups(quick: bool) -> Figures:
    """Lossless mix-ups of a whole string, by length, mean over all pairs that can carry the text.

    `MIXED_READERS` are shown, and left out of the mean: they are no encodings, but what some libraries do with bad UTF-8.
    """
    number = 60 if quick else 200
    shares: dict[int, dict[str, list[int]]] = {}
    for length in (4, 8, 16, 32):
        by_pair: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        for writer in WRITERS:
            language = LANGUAGE.get(writer, "hans")
            for reader in READERS:
                if reader in (writer, "utf-8", "gb18030"):
                    continue
                pair = by_pair[f"{writer} > {reader}"]
                for truth, garbled in garbled_lines(language, writer, reader, length, number):
                    pair[0] += 1
                    pair[1] += fix(garbled) == truth
                    pair[2] += ftfy.fix_text(garbled) == ftfy.fix_text(truth)
        shares[length] = {name: row for name, row in by_pair.items() if row[0] >= 10}
    names = sorted(set().union(*shares.values()))
    rows = [[name, *(percent(*shares[n][name][1::-1]) if name in shares[n] else "-" for n in shares)] for name in names]
    means, others = (
        {
            n: fmean(row[column] / row[0] for name, row in shares[n].items() if not name.endswith(MIXED_READERS))
            for n in shares
        }
        for column in (1, 2)
    )
    ours = ["mean", *(percent(means[n], 1) for n in shares)]
    theirs = ["ftfy, mean", *(percent(others[n], 1) for n in shares)]
    table("lossless mix-ups, exact", ["pair", *(f"{n} code points" for n in shares)], [*rows, ours, theirs])
    return {f"mixups_{n}": means[n] for n in shares}


PARTIAL = (
    ("utf-8", "cp936"), ("utf-8", "cp1252"), ("cp936", "cp1252"), ("cp936", "big5"), ("big5", "cp936"), ("utf-8", "cp932"),
)  # fmt: skip


def partial(quick: bool) -> Figures:
    """One sentence garbled inside a clean paragraph of three."""
    rows, all_exact, all_tried = [], 0, 0
    for writer, reader in PARTIAL:
        language = LANGUAGE.get(writer, "hans")
        lines = sample(language, 4000, least=20, most=60, seed=11)
        exact = tried = other = 0
        for index in range(0, len(lines) - 3, 3):
            first, middle, last = lines[index : index + 3]
            try:
                garbled = mixup.inflict(middle, writer, reader)
            except ValueError:
                continue
            tried += 1
            exact += fix(first + garbled + last) == first + middle + last
            other += ftfy.fix_text(first + garbled + last) == ftfy.fix_text(first + middle + last)
            if tried == (40 if quick else 150):
                break
        rows.append([f"{writer} > {reader}", str(tried), percent(exact, tried), percent(other, tried)])
        all_exact, all_tried = all_exact + exact, all_tried + tried
    table("one sentence garbled inside a paragraph, exact", ["pair", "paragraphs", "ours", "ftfy"], rows)
    return {"partial": all_exact / max(all_tried, 1)}


def layers(quick: bool) -> Figures:
    """Two mix-ups on top of each other."""
    rows, all_exact, all_tried = [], 0, 0
    pairs = (("utf-8", "cp936"), ("utf-8", "cp1252"), ("utf-8", "latin-1"), ("cp936", "cp1252"))
    for inner in pairs:
        for outer in (("utf-8", "cp936"), ("utf-8", "cp1252"), ("utf-8", "latin-1")):
            exact = tried = other = 0
            for line in sample("hans", 3000, least=16, most=60, seed=5):
                try:
                    garbled = mixup.inflict(mixup.inflict(line, *inner), *outer)
                except ValueError:
                    continue
                tried += 1
                exact += fix(garbled) == line
                other += ftfy.fix_text(garbled) == ftfy.fix_text(line)
                if tried == (20 if quick else 80):
                    break
            rows.append(
                [f"{' > '.join(inner)}, {' > '.join(outer)}", str(tried), percent(exact, tried), percent(other, tried)]
            )
            all_exact, all_tried = all_exact + exact, all_tried + tried
    table("two layers, 16 code points and more, exact", ["pairs", "lines", "ours", "ftfy"], rows)
    return {"layers": all_exact / max(all_tried, 1)}


def real(_quick: bool) -> Figures:
    """Real snippets by kind, exact (full-width forms folded), and negatives changed."""
    policies: tuple[Policy, ...] = (SAFE, GUESS)
    counts: Counter[tuple[str, str]] = Counter()
    for record in real_pairs():
        kind, garbled, truth = record["kind"], record["garbled"], record["truth"]
        if truth is None:
            continue
        sure = "" if kind == "h" else ", bytes decide" if record["recoverable"] is True else ", with context"
        for key in {kind, kind + sure}:
            counts[key, "n"] += 1
            for policy in policies:
                counts[key, policy.name] += folded(fix(garbled, policy)) == folded(truth)
            counts[key, "ftfy"] += folded(ftfy.fix_text(garbled)) == folded(truth)
            counts[key, "fix_encoding"] += folded(ftfy.fix_encoding(garbled)) == folded(truth)
    keys = sorted({key for key, _ in counts})
    columns = ["safe", "guess", "ftfy", "fix_encoding"]
    rows = [
        [key, str(counts[key, "n"]), *(percent(counts[key, name], counts[key, "n"]) for name in columns)]
        for key in keys
    ]
    table("real snippets, exact (h: clean text left as it is)", ["kind", "n", *columns], rows)
    return {
        f"real_{key}": max(counts[key, "safe"], counts[key, "guess"] if key != "h" else 0) / counts[key, "n"]
        for key in keys
        if len(key) == 1
    }


def clean(quick: bool) -> Figures:
    """Clean lines that are changed, whole and cut short."""
    rows, changed_all, lines_all = [], 0, 0
    for language in ("hans", "hant", "ja", "ko"):
        lines = clean_lines(language)
        lines = lines[:: 10 if quick else 1]
        cells = []
        for length in (4, 8, 16, 0):
            cut = [line[:length] if length else line for line in lines]
            changed = [line for line in cut if fix(line) != line]
            for line in changed[:5]:
                print(f"    changed: {line[:60]!r} -> {fix(line)[:60]!r}")
            cells.append(f"{len(changed)}")
            changed_all, lines_all = changed_all + len(changed), lines_all + len(cut)
        others = sum(ftfy.fix_text(line) != line for line in lines[::10])
        rows.append([language, str(len(lines)), *cells, percent(others, len(lines[::10]))])
    table("clean lines changed", ["language", "lines", "4", "8", "16", "whole", "ftfy, whole"], rows)
    print(f"  {changed_all} of {lines_all}: {100_000 * changed_all / max(lines_all, 1):.2f} in 100,000")
    return {"clean_changed_in_100000": 100_000 * changed_all / max(lines_all, 1)}


def _rate(function: Callable[[str], object], texts: list[str]) -> float:
    """MB (10^6 bytes of UTF-8) a second of CPU time, each text once: what is remembered of it would not count.

    One text in ten is read before, so that all tables and packages that such text needs are there.
    """
    before, texts = texts[::10], [text for place, text in enumerate(texts) if place % 10] or texts
    for text in before:
        function(text)
    size = sum(len(text.encode()) for text in texts)
    start = time.process_time()
    for text in texts:
        function(text)
    return size / 1e6 / max(time.process_time() - start, 1e-9)


def _damaged() -> tuple[str, ...]:
    """Slips in some lines, glosses, and mix-ups with and without a loss."""
    article = (ROOT / "fixtures" / "seed" / "article.txt").read_text(encoding="utf-8")
    mixed = [mixup.inflict("中文的文本，请你看看", "utf-8", "cp936", replacement=sign) for sign in "?\ufffd"]
    return article, *mixed, mixed[0][:-1], 6 * (slip.inflict("維他命與健康", "lost", encoding="big5", offset=4) + "\n")


def speed(quick: bool) -> Figures:
    """Clean text through `fix` and through ftfy, documents, strings and files of one line; garbled documents; doubling.

    Some damage is undone before: what a process builds once, in half a second, is no matter of its texts.
    """
    for damaged in _damaged():
        fix(damaged)
    figures: Figures = {}
    rows, large = [], []
    library = Path(sysconfig.get_path("stdlib"))
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted(library.glob("*.py"))[:40])
    texts = {
        language: "\n".join(clean_lines(language))[: 300_000 if quick else 1_000_000]
        for language in ("hans", "hant", "ja", "ko")
    }
    texts |= {"code": code, "english": (ROOT / "LICENSE").read_text(encoding="utf-8") * 20}
    for name, text in texts.items():
        strings = [text[start : start + 50] for start in range(0, min(len(text), 100_000), 50)]
        documents = [text[start : start + 20_000] for start in range(0, len(text), 20_000)]
        ours, theirs = _rate(fix, documents), _rate(ftfy.fix_text, documents)
        short, short_theirs = _rate(fix, strings), _rate(ftfy.fix_text, strings)
        cells = [f"{ours:.0f}", f"{theirs:.1f}", f"{ours / theirs:.0f} x"]
        rows.append([name, *cells, f"{short:.1f}", f"{short_theirs:.1f}", f"{short / short_theirs:.1f} x"])
        figures[f"speed_documents_{name}"] = ours / theirs
        figures[f"speed_strings_{name}"] = short / short_theirs
        third = len(text) // 3
        files = [text[start : start + third] for start in range(0, 3 * third, third)]
        lines = [file.replace("\n", " ") for file in files]
        (whole, whole_theirs), (line, line_theirs) = (
            (_rate(fix, some), _rate(ftfy.fix_text, some)) for some in (files, lines)
        )
        cells = [f"{whole:.0f}", f"{whole_theirs:.1f}", f"{whole / whole_theirs:.0f} x"]
        large.append([name, *cells, f"{line:.0f}", f"{line_theirs:.1f}", f"{line / line_theirs:.0f} x"])
        figures[f"speed_files_{name}"] = whole / whole_theirs
        figures[f"speed_lines_{name}"] = line / line_theirs
    table("clean text, MB/s of CPU time", ["text", "60 kB", "ftfy", "", "50 code points", "ftfy", ""], rows)
    table(
        "clean documents of 1 MB (with --quick a third of it), and the same in one line, MB/s of CPU time",
        ["text", "1 MB", "ftfy", "", "one line", "ftfy", ""],
        large,
    )
    figures |= _garbled_speed()
    return figures


def _garbled_speed() -> Figures:
    whole = "\n".join(sample("hans", 400, least=40, most=200, seed=3))
    rows = []
    figures: Figures = {}
    for name, garble in (
        ("utf-8 > cp936, lossless lines", _lossless),
        (
            "utf-8 > cp936, bytes lost",
            lambda text: mixup.inflict(text, "utf-8", "cp936", replacement="?", swallow=True),
        ),
        ("cp936 > cp1252", lambda text: mixup.inflict(text, "cp936", "cp1252", replacement="?")),
    ):
        times = []
        fix(garble(whole[-4000:]))  # builds what is built once
        for length in (1000, 2000, 4000):
            documents = [garble(whole[start : start + length])[:length] for start in range(0, 20_000, length)]
            start = time.process_time()
            for document in documents:
                fix(document)
            times.append(1000 * (time.process_time() - start) / len(documents))
        rows.append([name, *(f"{value:.0f} ms" for value in times)])
        figures[f"garbled_ms_{re.sub('[^a-z0-9]+', '_', name)}"] = times[0]
    table("garbled documents, mean", ["damage", "3 kB", "6 kB", "12 kB"], rows)
    return figures


def _lossless(text: str) -> str:
    kept = []
    for line in text.split("\n"):
        try:
            kept.append(mixup.inflict(line, "utf-8", "cp936"))
        except ValueError:
            kept.append(mixup.inflict(line, "utf-8", "cp936", replacement="?")[:-1])
    return "\n".join(kept)


TABLES: dict[str, Callable[[bool], Figures]] = {
    "seed": seed, "slips": slips, "mixups": mixups, "curve": curve, "partial": partial, "layers": layers, "lost": lost,
    "ignored": ignored, "real": real, "clean": clean, "speed": speed,
}  # fmt: skip


def measure() -> Figures:
    """Return the figures that the gate holds, from small samples.

    Speed is measured on real text only: the project's own sentences are a document of a few kB, and cost what any text costs.
    """
    names = ["seed", "slips", "mixups", "partial", "layers", "lost", "ignored", "real", "clean"]
    figures: Figures = {}
    for name in [*names, "speed"] if SHARED.exists() else names:
        figures |= TABLES[name](True)
    return figures


def main() -> int:
    """Print the tables that the command line names, all by default."""
    names = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    for name in names or TABLES:
        TABLES[name]("--quick" in sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
