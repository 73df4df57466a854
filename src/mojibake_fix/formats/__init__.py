"""The kinds of files we read and write: one file a kind, chosen by suffix or by name.

>>> format_of(PurePath("pages.warc.gz")).name, format_of(PurePath("notes.md")).name
('warc', 'text')
"""

from __future__ import annotations

from pathlib import PurePath

from mojibake_fix.formats.base import Format as Format
from mojibake_fix.formats.jsonl import JsonLines
from mojibake_fix.formats.parquet import Parquet
from mojibake_fix.formats.streams import SUFFIXES
from mojibake_fix.formats.table import Csv, Tsv
from mojibake_fix.formats.text import Text
from mojibake_fix.formats.warc import Warc

FORMATS: dict[str, Format] = {kind.name: kind for kind in (Text(), JsonLines(), Csv(), Tsv(), Parquet(), Warc())}


def format_of(path: PurePath, name: str | None = None) -> Format:
    """Choose the format of a file by its suffix (that of its compression aside), or by `name` where it is given."""
    if name is not None:
        return FORMATS[name]
    suffix = (path.with_suffix("") if path.suffix.lower() in SUFFIXES else path).suffix.lower()
    return next((kind for kind in FORMATS.values() if suffix in kind.suffixes), FORMATS["text"])
