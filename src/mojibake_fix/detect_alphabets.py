"""The single-byte encodings and the alphabets they were made for, as arrays for the detector.

A script has a table of how its letters follow each other, by language (`tools/build_alphabets.py`); an encoding maps
bytes to the script's letters. What is no letter of the script has a cost of its own.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

ENCODINGS: dict[str, tuple[str, float]] = {
    "windows-1252": ("cp1252", 0.0), "ISO-8859-15": ("iso8859_15", -2.5), "macintosh": ("mac_roman", -3.0),
    "cp850": ("cp850", -4.5), "cp437": ("cp437", -5.0), "windows-1250": ("cp1250", -1.5),
    "ISO-8859-2": ("iso8859_2", -2.0), "cp852": ("cp852", -3.5), "mac_latin2": ("mac_latin2", -4.5),
    "ISO-8859-16": ("iso8859_16", -5.0), "windows-1254": ("cp1254", -2.5), "ISO-8859-3": ("iso8859_3", -5.5),
    "windows-1257": ("cp1257", -3.0), "ISO-8859-13": ("iso8859_13", -4.0), "ISO-8859-4": ("iso8859_4", -4.5),
    "ISO-8859-10": ("iso8859_10", -5.5), "ISO-8859-14": ("iso8859_14", -5.5), "cp775": ("cp775", -6.0),
    "cp857": ("cp857", -5.0), "windows-1258": ("cp1258", -4.5),
    "windows-1251": ("cp1251", 0.0), "KOI8-R": ("koi8_r", -1.5), "IBM866": ("cp866", -2.0),
    "ISO-8859-5": ("iso8859_5", -3.0), "x-mac-cyrillic": ("mac_cyrillic", -5.0), "cp855": ("cp855", -3.5),
    "KOI8-U": ("koi8_u", -3.0), "kz1048": ("kz1048", -5.0),
    "windows-1253": ("cp1253", -4.0), "ISO-8859-7": ("iso8859_7", -4.5), "cp737": ("cp737", -6.0),
    "cp869": ("cp869", -7.0),
    "windows-1255": ("cp1255", -5.0), "ISO-8859-8": ("iso8859_8", -5.5), "cp862": ("cp862", -7.0),
    "windows-1256": ("cp1256", -4.0), "ISO-8859-6": ("iso8859_6", -5.0), "windows-874": ("cp874", -5.0),
}  # fmt: skip
"""WHATWG name (or Python's, where the standard has none): the codec, and the log of how common it is."""

SCRIPTS = {
    "latin": "windows-1252 ISO-8859-15 macintosh cp850 cp437 windows-1250 ISO-8859-2 cp852 mac_latin2 ISO-8859-16 "
    "windows-1254 ISO-8859-3 windows-1257 ISO-8859-13 ISO-8859-4 ISO-8859-10 ISO-8859-14 cp775 cp857 windows-1258",
    "cyrillic": "windows-1251 KOI8-R IBM866 ISO-8859-5 x-mac-cyrillic cp855 KOI8-U kz1048",
    "greek": "windows-1253 ISO-8859-7 cp737 cp869",
    "hebrew": "windows-1255 ISO-8859-8 cp862",
    "arabic": "windows-1256 ISO-8859-6",
    "thai": "windows-874",
}
"""The encodings of each script."""

COMMON, SIGN, ODD, CONTROL, NOTHING = 4.5, 6.0, 8.5, 11.0, 12.0
"""Nats of a quotation mark and its like, of another sign of good typography, of any other sign or foreign letter, of a
C1 control, of an undefined byte."""

INSIDE = 4.0
"""Further nats of a sign with a letter on either side, which an apostrophe may have and hardly anything else."""

THAI_MARK, JOINED_MARK, MARK = 3.5, 6.5, 8.0
"""Nats of a mark, which the table does not have: those of Thai are in every word, the combining marks of
windows-1258 in every second; points are rare."""

_USUAL = "’“”„«»–—…·°©®€£\xa0"
_TYPOGRAPHY = "‘§№•†‚´¿¡ºª½²³×±"
_APOSTROPHES = "’‘´·\xad"

BOUNDARY, SMALL, CAPITAL, UNCASED = 0, 1, 2, 3
"""Cases of a byte: no letter, a small one, a capital, one of a script without cases."""


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """A script with its encodings.

    Attributes:
        latin: Whether ASCII letters belong to it.
        names: Its encodings; the rows of the arrays below.
        priors: Log of how common each is.
        languages: Its languages; the rows of `costs`.
        costs: By language, the cost of a letter after another in sixteenths of a nat, at `before * size + letter`.
        size: Symbols of the script, with 0 for everything that is no letter of it.
        symbols: By encoding, the symbol of each byte.
        cases: By encoding, the case of each byte.
        extra: By encoding, the cost in nats of each byte that is no letter.
        inside: By encoding, what it costs more between two letters.
        codes: By encoding, the code point of each byte.
    """

    latin: bool
    names: tuple[str, ...]
    priors: NDArray[np.float64]
    languages: tuple[str, ...]
    costs: NDArray[np.uint8]
    size: int
    symbols: NDArray[np.intp]
    cases: NDArray[np.int8]
    extra: NDArray[np.float32]
    inside: NDArray[np.float32]
    codes: NDArray[np.uint16]


@functools.cache
def arrays() -> dict[str, NDArray[np.generic]]:
    """Return the arrays that `tools/build_alphabets.py` wrote."""
    content = files("mojibake_fix").joinpath("data/alphabets.npz").read_bytes()
    with np.load(BytesIO(content), allow_pickle=False) as packed:
        return dict(packed)


@functools.cache
def scripts() -> tuple[Script, ...]:
    """Return the scripts, ready to be weighed (about 20 ms at first use)."""
    return tuple(_script(name) for name in SCRIPTS)


@functools.cache
def single_costs() -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_]]:
    """Return, for all encodings in the order of `scripts`: the cost of each byte by itself, the prior, and whether the
    script is Latin.

    A letter costs what it does at the start of a word in the language that has it most.
    """
    tables = []
    for script in scripts():
        first = script.costs[:, : script.size].min(axis=0).astype(np.float32) / 16
        tables.append(np.where(script.symbols > 0, first[script.symbols], script.extra))
    priors = np.concatenate([script.priors for script in scripts()])
    return np.concatenate(tables), priors, np.concatenate([[script.latin] * len(script.names) for script in scripts()])


def _script(script: str) -> Script:
    packed = arrays()
    names = tuple(SCRIPTS[script].split())
    number = {chr(int(code)): i + 1 for i, code in enumerate(packed[f"{script}_letters"].tolist())}
    shape = (len(names), 256)
    symbols, cases = np.zeros(shape, np.intp), np.zeros(shape, np.int8)
    extra, inside, codes = np.zeros(shape, np.float32), np.zeros(shape, np.float32), np.zeros(shape, np.uint16)
    for row, name in enumerate(names):
        for byte in range(256):
            character = _character(byte, ENCODINGS[name][0])
            codes[row, byte] = ord(character)
            symbols[row, byte] = number.get(character.lower(), 0)
            if symbols[row, byte] or (byte < 0x80 and character.isalpha()):
                cased = character.lower() != character.upper()
                cases[row, byte] = (SMALL if character.islower() else CAPITAL) if cased else UNCASED
            elif byte > 0x7F:
                extra[row, byte] = _sign_cost(character)
                inside[row, byte] = INSIDE * (character not in _APOSTROPHES and extra[row, byte] != THAI_MARK)
    table = packed[f"{script}_costs"].astype(np.uint8)
    table[:, 0, 0] = 0
    languages = tuple(str(language) for language in packed[f"{script}_languages"])
    priors = np.array([ENCODINGS[name][1] for name in names])
    size = table.shape[-1]
    costs = table.reshape(len(languages), -1)
    return Script(script == "latin", names, priors, languages, costs, size, symbols, cases, extra, inside, codes)


def _character(byte: int, codec: str) -> str:
    try:
        return bytes([byte]).decode(codec)
    except UnicodeDecodeError:
        return "\ufffd"


def _sign_cost(character: str) -> float:
    if character == "\ufffd":
        return NOTHING
    if character in _USUAL:
        return COMMON
    if character in _TYPOGRAPHY:
        return SIGN
    category = unicodedata.category(character)
    if category == "Cc":
        return CONTROL
    if category in ("Mn", "Mc"):
        return THAI_MARK if "\u0e00" <= character <= "\u0e7f" else JOINED_MARK if character < "\u0370" else MARK
    return ODD
