"""Texts as files write them: plain, as a JSON string, as a cell of a table."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

TEXT, JSON, JSON_ASCII, CELL, QUOTED_CELL = "text", "json", "json-ascii", "cell", "quoted-cell"

_JSON_UNIT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
)
_CELL_UNIT = re.compile('""|.', re.DOTALL)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NEEDS_QUOTES = re.compile('[,;\t|"\r\n]')


def write(form: str, text: str) -> bytes:
    r"""Write a text in one of the forms above, as UTF-8.

    >>> write(JSON_ASCII, "中\n"), write(QUOTED_CELL, 'a"b')
    (b'"\\u4e2d\\n"', b'"a""b"')
    """
    if form in (JSON, JSON_ASCII):
        written = json.dumps(text, ensure_ascii=form == JSON_ASCII)
        return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", written).encode()
    if form == QUOTED_CELL or (form == CELL and _NEEDS_QUOTES.search(text)):
        return b'"' + text.encode().replace(b'"', b'""') + b'"'
    return text.encode()


def read(form: str, raw: bytes) -> str:
    r"""Read what `write` wrote, or any other spelling of the form.

    Raises:
        ValueError: `raw` is not of that form.

    >>> read(JSON, b'"\\u4e2d"'), read(CELL, b'"a""b"')
    ('中', 'a"b')
    """
    text = raw.decode()
    if form in (JSON, JSON_ASCII):
        value = json.loads(text)
        if not isinstance(value, str):
            raise ValueError(f"not a JSON string: {text[:40]}")
        return value
    if form in (CELL, QUOTED_CELL) and len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text


def places(form: str, raw: str) -> Sequence[int]:
    r"""Tell where in a literal each code point of its text stands, and where the last one ends.

    >>> places(JSON, r'"\u4e2d\"a"'), list(places(CELL, "中文"))
    ([1, 7, 9, 10], [0, 1, 2])
    """
    quoted = len(raw) > 1 and raw[0] == raw[-1] == '"'
    if form == TEXT or not quoted:
        return range(len(raw) + 1)
    unit = _JSON_UNIT if form in (JSON, JSON_ASCII) else _CELL_UNIT
    return [*(match.start() for match in unit.finditer(raw, 1, len(raw) - 1)), len(raw) - 1]
