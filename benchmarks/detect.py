"""How often the detector is right, how sure it is, and how fast: `python benchmarks/detect.py [--files]`.

The material are sentences of the project's own and, where `../shared` is at hand, clean text and byte files. The
same cases go to the other detectors that are installed (charset-normalizer always; chardet, chardetng-py,
faust-cchardet). An answer is right if the bytes read with it are the text that was written.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import itertools
import json
import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import material
from mojibake_fix import decode, detect
from mojibake_fix.labels import known

Detect = Callable[[bytes], str | None]

SENTENCES: dict[str, list[str]] = json.loads(
    (material.ROOT / "fixtures" / "detection" / "sentences.json").read_text(encoding="utf-8")
)
PAIRS = (
    ("gbk", "hans"), ("big5", "hant"), ("cp932", "ja"), ("euc_jp", "ja"), ("cp949", "ko"),
)  # fmt: skip
SINGLE = (("cp1251", "ru"), ("koi8_r", "ru"), ("cp1252", "fr"), ("cp1252", "de"), ("cp1252", "es"), ("cp1250", "pl"))
CJK = {"gb18030", "GBK", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "EUC-TW", "Johab", "HZ-GB-2312"}
NUMBER = 300


@dataclass(frozen=True, slots=True)
class Case:
    """Bytes, the text that was written, and the codec it was written in; damaged bytes have no text."""

    group: str
    data: bytes
    codec: str
    text: str | None


@functools.cache
def lines(language: str) -> list[str]:
    """Clean lines of a language: those beside the checkout, or the project's own."""
    if language in ("hans", "hant", "ja", "ko") and material.SHARED.exists():
        return material.sample(language, 4000, least=20, most=400, seed=4)
    return SENTENCES[language]


def encodable(text: str, codec: str) -> bool:
    """Tell whether a codec can write a text and reads it back."""
    try:
        return text.encode(codec).decode(codec) == text
    except UnicodeError:
        return False


def strings(codec: str, language: str, length: int, number: int = NUMBER) -> Iterator[str]:
    """Draw strings of `length` characters, at least three quarters of them beyond ASCII."""
    chance = random.Random(f"{codec}{length}")
    pool = lines(language)
    found = 0
    for _ in range(200 * number):
        line = chance.choice(pool)
        start = chance.randrange(max(1, len(line) - length))
        text = line[start : start + length]
        beyond = sum(not character.isascii() for character in text)
        wanted = 1 if language in ("fr", "de", "es", "pl") else 0.75 * length
        if len(text) == length and beyond >= wanted and encodable(text, codec):
            yield text
            found += 1
        if found == number:
            return


def short_cases() -> Iterator[Case]:
    """Strings of a few characters, and file names."""
    for codec, language in PAIRS:
        for length in (4, 8, 16):
            for text in strings(codec, language, length):
                yield Case(f"{codec} strings of {length}", text.encode(codec), codec, text)
        for number, text in enumerate(strings(codec, language, 4)):
            name = (
                f"{text}{1998 + number % 25}.doc",
                f"report_{text}_v{number % 9}.pdf",
                f"{text[:2]};{number};Y;{text}",
            )
            yield Case(f"{codec} file names and rows", name[number % 3].encode(codec), codec, name[number % 3])


def single_cases() -> Iterator[Case]:
    """Strings of 8 to 64 letters in single-byte encodings."""
    for codec, language in SINGLE:
        for length in (8, 16, 32, 64):
            for text in strings(codec, language, length, 100):
                yield Case(f"{codec} strings", text.encode(codec), codec, text)


def documents(codec: str, language: str) -> Iterator[tuple[str, bytes]]:
    """Texts of some twenty lines."""
    pool = [line for line in lines(language) if encodable(line, codec)]
    for number in range(60):
        text = "\n".join(random.Random(number).choices(pool, k=20))
        yield text, text.encode(codec)


def damaged_cases() -> Iterator[Case]:
    """Documents, whole and damaged, behind markup, and wrongly declared."""
    markup = b"<td class='x'>&nbsp;</td>\n"
    for codec, language in (*PAIRS[:2], ("utf-8", "hans")):
        for number, (text, data) in enumerate(documents(codec, language)):
            chance = random.Random(number)
            high = [place for place, byte in enumerate(data) if byte > 0x7F]
            place = chance.choice(high)
            noisy = bytes(chance.randrange(1, 256) if chance.random() < 0.01 else byte for byte in data)
            yield Case(f"{codec} documents", data, codec, text)
            yield Case(f"{codec} one byte deleted", data[:place] + data[place + 1 :], codec, None)
            yield Case(f"{codec} one byte set to FF", data[:place] + b"\xff" + data[place + 1 :], codec, None)
            yield Case(f"{codec} 1 % replaced", noisy, codec, None)
            yield Case(f"{codec} cut", data[: high[len(high) // 2] + 1], codec, None)
            yield Case(f"{codec} behind 64 kB of markup", markup * 2500 + data, codec, None)
            yield Case(f"{codec} one line in 20 kB", markup * 400 + data.split(b"\n")[0] + markup * 400, codec, None)
            for wrong in ("utf-8", "iso-8859-1", "big5" if codec != "big5" else "gb2312"):
                if wrong != codec:
                    yield Case(f"{codec} wrongly declared", b'<meta charset="%s">' % wrong.encode() + data, codec, None)


def file_cases() -> Iterator[Case]:
    """The byte files beside the checkout, if there are any."""
    folder = material.SHARED / "detect"
    if not folder.exists():
        return
    for row in (folder / "manifest.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        name, group, label, *_ = row.split("\t")
        yield Case(f"files: {group}", (folder / "files" / name).read_bytes(), label, None)


def right(case: Case, answer: str | None) -> bool:
    """Tell whether the bytes read with the answer are what was written."""
    encoding, truth = known(answer or ""), known(case.codec)
    if encoding is None or truth is None:
        return False
    return encoding.codec == truth.codec != None or _read(case.data, encoding.name) == _read(case.data, truth.name)  # noqa: E711


@functools.lru_cache(maxsize=256)
def _read(data: bytes, name: str) -> str:
    return decode(data, name).text


def rivals() -> dict[str, Detect]:
    """The detectors at hand, ours first."""
    found: dict[str, Detect] = {"mojibake-fix": lambda data: detect(data).encoding}

    def add(name: str, module: str, make: Callable[[Any], Detect]) -> None:
        try:
            found[name] = make(importlib.import_module(module))
        except ImportError:
            return

    add(
        "charset-normalizer",
        "charset_normalizer",
        lambda module: lambda data: getattr(module.from_bytes(data).best(), "encoding", None),
    )
    add("chardet", "chardet", lambda module: lambda data: module.detect(data)["encoding"])
    add("faust-cchardet", "cchardet", lambda module: lambda data: module.detect(data)["encoding"])
    add("chardetng", "chardetng_py", lambda module: lambda data: module.detect(data, allow_utf8=True))
    return found


def accuracy(cases: list[Case], detectors: dict[str, Detect]) -> None:
    """Print the share of right answers by group."""
    groups = dict.fromkeys(case.group for case in cases)
    rows = []
    for group in groups:
        members = [case for case in cases if case.group == group]
        shares = [
            100 * statistics.mean(right(case, answer(case.data)) for case in members) for answer in detectors.values()
        ]
        rows.append([group, str(len(members)), *(f"{share:.1f}" for share in shares)])
    material.table("Right answers (%)", ["group", "n", *detectors], rows)


def called_cjk(cases: list[Case], detectors: dict[str, Detect]) -> None:
    """Print the share of single-byte text that is called CJK."""
    rows = []
    for name, answer in detectors.items():
        answers = [known(answer(case.data) or "") for case in cases]
        rows.append(
            [name, f"{100 * statistics.mean(bool(a) and a is not None and a.name in CJK for a in answers):.2f}"]
        )
    material.table(f"Single-byte strings called CJK (%, n={len(cases)})", ["detector", "%"], rows)


def reliability(cases: list[Case]) -> None:
    """Print how often an answer of each probability is right, and how many may be given at 99.5 % precision."""
    results = sorted(
        ((found.probability, right(case, found.encoding)) for case in cases for found in [detect(case.data)]),
        reverse=True,
    )
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
    rows = []
    for low, high in itertools.pairwise(edges):
        members = [(p, ok) for p, ok in results if low <= p < high]
        if members:
            said, was = statistics.mean(p for p, _ in members), statistics.mean(ok for _, ok in members)
            rows.append([f"{low:.2f}-{min(high, 1):.2f}", str(len(members)), f"{said:.3f}", f"{was:.3f}"])
    material.table("Reliability of the probability", ["given", "n", "mean given", "right"], rows)
    good = best = 0
    for number, (_, ok) in enumerate(results, 1):
        good += ok
        best = number if good >= 0.995 * number else best
    print(f"\nAnswered at 99.5 % precision: {100 * best / len(results):.1f} %")


def speed(cases: list[Case], detectors: dict[str, Detect]) -> None:
    """Print MB/s and the median time of a case, best of three passes."""
    rows = []
    for name, answer in detectors.items():
        times = []
        for case in cases:
            best = float("inf")
            for _ in range(3):
                started = time.perf_counter()
                answer(case.data)
                best = min(best, time.perf_counter() - started)
            times.append(best)
        rate = sum(len(case.data) for case in cases) / 1e6 / sum(times)
        rows.append([name, f"{rate:.1f}", f"{1000 * statistics.median(times):.3f}"])
    material.table("Speed", ["detector", "MB/s", "median ms"], rows)


def mixed() -> None:
    """Print the share of characters that are right in inputs of 2 to 5 encodings."""
    chance = random.Random(5)
    right_ = total = 0
    for _ in range(300):
        parts: list[tuple[str, str]] = []
        for _ in range(chance.randint(2, 5)):
            codec, language = chance.choice(
                [pair for pair in (*PAIRS[:2], ("utf-8", "hant")) if not parts or pair[0] != parts[-1][0]]
            )
            text = next(
                text
                for text in (chance.choice(lines(language))[:80] for _ in range(1000))
                if len(text) >= 20 and encodable(text, codec)
            )
            parts.append((codec, text))
        between = chance.choice(["\n", "", ","])
        wanted = "".join(text + between for _, text in parts)
        shown = decode(b"".join(text.encode(codec) + between.encode() for codec, text in parts)).text
        total += len(wanted)
        right_ += sum(a == b for a, b in zip(wanted, shown, strict=False)) if len(wanted) == len(shown) else 0
    print(f"\nMixed encodings, characters right: {100 * right_ / total:.2f} % of {total}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description="Benchmark of the detector.")
    parser.add_argument("--files", action="store_true", help="also the byte files beside the checkout")
    files = parser.parse_args().files
    detectors = rivals()
    short, single, damaged = list(short_cases()), list(single_cases()), list(damaged_cases())
    accuracy([*short, *damaged], detectors)
    called_cjk(single, detectors)
    reliability([*short, *single])
    mixed()
    if files and (byte_files := list(file_cases())):
        accuracy(byte_files, detectors)
        speed(byte_files, detectors)
    else:
        speed([case for case in damaged if case.group.endswith("documents")], detectors)


if __name__ == "__main__":
    main()
