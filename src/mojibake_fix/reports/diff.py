"""A unified diff in which the changed characters are marked."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from rich.text import Text

from mojibake_fix.reports.console import Output

# Beyond this many code points a line is compared as a whole: marking single characters takes quadratic time.
_LONGEST = 2000


def lines(before: str, after: str, name: str) -> Iterator[Text]:
    """Give the lines of a unified diff, styled; invisible characters are spelled out.

    >>> print(*lines("企業(yè)", "企業", "a.txt"), sep="|")
    --- a.txt|+++ a.txt (repaired)|@@ -1 +1 @@|-企業(yè)|+企業
    """
    removed: list[str] = []
    added: list[str] = []
    for line in difflib.unified_diff(_split(before), _split(after), name, f"{name} (repaired)", n=1, lineterm=""):
        if line.startswith("-") and not line.startswith("---"):
            removed.append(line[1:])
        elif line.startswith("+") and not line.startswith("+++"):
            added.append(line[1:])
        else:
            yield from _changed(removed, added)
            removed, added = [], []
            yield Text(line, "cyan" if line.startswith("@@") else "bold" if line[:3] in ("---", "+++") else "")
    yield from _changed(removed, added)


def print_diff(before: str, after: str, name: str) -> None:
    """Print the diff to standard output, coloured on a terminal."""
    console = Output()
    for line in lines(before, after, name):
        console.print(line)


def visible(text: str) -> str:
    r"""Spell out what cannot be seen: controls, private use, lone surrogates.

    >>> visible("a\ue490\r")
    'a\\ue490\\r'
    """
    return "".join(
        character if character.isprintable() or character == "\u3000" else character.encode("unicode_escape").decode()
        for character in text
    )


def visible_bytes(text: str) -> str:
    r"""Spell out what cannot be seen in text with bytes that are not UTF-8 among it: these as bytes.

    >>> visible_bytes("\udcffa\0")
    '\\xffa\\x00'
    """
    return visible(text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def _split(text: str) -> list[str]:
    return text.split("\n")


def _changed(removed: list[str], added: list[str]) -> Iterator[Text]:
    pairs = len(removed) == len(added)
    marks = [_marks(old, new) if pairs else ([], []) for old, new in zip(removed, added, strict=False)]
    for index, line in enumerate(removed):
        yield _styled("-", line, "red", marks[index][0] if index < len(marks) else [])
    for index, line in enumerate(added):
        yield _styled("+", line, "green", marks[index][1] if index < len(marks) else [])


def _marks(old: str, new: str) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Spans of the characters that differ between two lines."""
    if max(len(old), len(new)) > _LONGEST:
        return [], []
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changes = [block for block in blocks if block[0] != "equal"]
    return [(start, end) for _, start, end, _, _ in changes], [(start, end) for _, _, _, start, end in changes]


def _styled(sign: str, line: str, colour: str, marks: list[tuple[int, int]]) -> Text:
    text = Text(sign, colour)
    position = 0
    for start, end in marks:
        text.append(visible(line[position:start]), colour)
        text.append(visible(line[start:end]), f"{colour} reverse")
        position = end
    text.append(visible(line[position:]), colour)
    return text
