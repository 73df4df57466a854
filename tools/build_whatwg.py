"""Build what the decoder adds to Python's codecs: `python tools/build_whatwg.py [--check]`.

Python's codecs and the indexes of the WHATWG Encoding Standard agree on nearly every byte sequence, so the package
ships only the differences: sequences that Python cannot read, and those that it reads differently. The indexes
come from the npm package `@exodus/bytes` (which tests its tables against the standard, gb18030 in its 2022 mapping)
and are compared with those of a second package, `text-encoding`, which has the 2005 mapping. The tool also writes the
labels of the standard, the digest of each complete index for the tests, and CNS 11643 planes 1 and 2 as runs of Big5,
which has the same characters in nearly the same order.

Needs `npm`, `node` and `iconv` (glibc). With `--check` nothing is written: the exit status is 1 if what is shipped
differs from what the sources give.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from shipped import write_or_compare

CACHE = Path.home() / ".cache" / "mojibake-fix-build"

SOURCES = (
    {
        "package": "@exodus/bytes", "version": "1.16.0", "licence": "MIT", "use": "WHATWG labels and indexes",
        "file": "exodus-bytes-1.16.0.tgz",
        "sha256": "bc5282c79f68d01e1516385aee4ffbe6ba955f023e685f3cf2fd3ffcb00c8841",
    },
    {
        "package": "text-encoding", "version": "0.7.0", "licence": "Unlicense OR Apache-2.0", "use": "second source",
        "file": "text-encoding-0.7.0.tgz",
        "sha256": "02fd8c42402f4625457e31db9ceeba48e7db6c5d4024288f49ebf86bfdbde687",
    },
)  # fmt: skip

# The standard writes names with capitals that its labels lack.
NAMES = (
    "UTF-8", "IBM866", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8",
    "ISO-8859-8-I", "ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "KOI8-R", "KOI8-U",
    "macintosh", "windows-874", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254",
    "windows-1255", "windows-1256", "windows-1257", "windows-1258", "x-mac-cyrillic", "GBK", "gb18030", "Big5",
    "EUC-JP", "ISO-2022-JP", "Shift_JIS", "EUC-KR", "replacement", "UTF-16BE", "UTF-16LE", "x-user-defined",
)  # fmt: skip

DUMP = """
import { getTable } from './fallback/multi-byte.table.js'
import labels from './fallback/encoding.labels.js'
const spell = (x) => x > 0xffff ? String.fromCharCode(x >>> 16, x & 0xffff) : x ? String.fromCharCode(x) : null
const out = { labels }
for (const id of ['big5', 'gb18030', 'euc-kr', 'jis0208', 'jis0212']) out[id] = Array.from(getTable(id), spell)
console.log(JSON.stringify(out))
"""

Pair = Callable[[int], bytes]
"""The bytes of the entry at a pointer of an index."""


def big5_pair(pointer: int) -> bytes:
    """Bytes of a pointer of index Big5."""
    trail = pointer % 157
    return bytes([pointer // 157 + 0x81, trail + (0x40 if trail < 0x3F else 0x62)])


def gb18030_pair(pointer: int) -> bytes:
    """Bytes of a pointer of index gb18030."""
    trail = pointer % 190
    return bytes([pointer // 190 + 0x81, trail + (0x40 if trail < 0x3F else 0x41)])


def euc_kr_pair(pointer: int) -> bytes:
    """Bytes of a pointer of index EUC-KR."""
    return bytes([pointer // 190 + 0x81, pointer % 190 + 0x41])


def shift_jis_pair(pointer: int) -> bytes:
    """Bytes of a pointer of index jis0208 in Shift_JIS."""
    lead, trail = divmod(pointer, 188)
    return bytes([lead + (0x81 if lead < 0x1F else 0xC1), trail + (0x40 if trail < 0x3F else 0x41)])


def euc_pair(pointer: int) -> bytes:
    """Bytes of a pointer of index jis0208 in EUC-JP."""
    return bytes([pointer // 94 + 0xA1, pointer % 94 + 0xA1])


def euc_triple(pointer: int) -> bytes:
    """Bytes of a pointer of index jis0212 in EUC-JP."""
    return b"\x8f" + euc_pair(pointer)


TABLES: tuple[tuple[str, str, tuple[tuple[str, Pair], ...]], ...] = (
    ("Big5", "big5hkscs", (("big5", big5_pair),)),
    ("gb18030", "gb18030", (("gb18030", gb18030_pair),)),
    ("EUC-KR", "cp949", (("euc-kr", euc_kr_pair),)),
    ("Shift_JIS", "cp932", (("jis0208", shift_jis_pair),)),
    ("EUC-JP", "euc_jp", (("jis0208", euc_pair), ("jis0212", euc_triple))),
)


def package(source: dict[str, str]) -> Path:
    """Path of an npm package in the cache, downloaded if need be; raises ValueError if its digest is not as pinned."""
    path = CACHE / source["file"]
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "pack", "--silent", f"{source['package']}@{source['version']}"], cwd=CACHE, check=True)
    if (digest := hashlib.sha256(path.read_bytes()).hexdigest()) != source["sha256"]:
        raise ValueError(f"{path} has sha256 {digest}, expected {source['sha256']}")
    return path


Indexes = dict[str, list[str | None]]
"""Text of each pointer of each index; None for a gap."""


def standard() -> tuple[Indexes, dict[str, list[str]]]:
    """The indexes of the standard, and its labels by lower-case name."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(package(SOURCES[0])) as archive:
        archive.extractall(folder, filter="data")
        command = ["node", "--input-type=module", "--eval", DUMP]
        dump = subprocess.run(command, cwd=Path(folder) / "package", check=True, capture_output=True).stdout
    tables: dict[str, Any] = json.loads(dump)
    labels: dict[str, list[str]] = tables.pop("labels")
    big5 = tables["big5"]
    # Four pointers decode to two code points; the standard treats them before it looks into the index.
    for pointer, text in ((1133, "Ê̄"), (1135, "Ê̌"), (1164, "ê̄"), (1166, "ê̌")):
        big5[pointer] = text
    return tables, labels


def second_source() -> dict[str, list[int | None]]:
    """The indexes as `text-encoding` has them, gb18030 in its 2005 mapping."""
    with tarfile.open(package(SOURCES[1])) as archive:
        file = archive.extractfile("package/lib/encoding-indexes.js")
        if file is None:
            raise ValueError("text-encoding holds no indexes")
        script = file.read().decode()
    tables: dict[str, list[int | None]] = json.JSONDecoder().raw_decode(script, script.index('{\n  "big5"'))[0]
    return tables


def compare_sources(tables: Indexes) -> None:
    """Raise ValueError where the two sources disagree on more than the amendments of 2022 and the four sequences."""
    for name, codes in second_source().items():
        if name not in tables:
            continue
        ours = tables[name] + [None] * (len(codes) - len(tables[name]))
        differing = [i for i, code in enumerate(codes) if (None if code is None else chr(code)) != ours[i]]
        allowed = {"gb18030": 18, "big5": 4}.get(name, 0)
        if len(differing) > allowed:
            raise ValueError(f"{name}: the sources disagree on {len(differing)} entries")


def entries(tables: Indexes, parts: tuple[tuple[str, Pair], ...]) -> Iterator[tuple[bytes, str]]:
    """Byte sequences and their text, in order of the indexes."""
    for index, pair in parts:
        limit = 94 * 94 if pair in (euc_pair, euc_triple) else 60 * 188
        for pointer, text in enumerate(tables[index]):
            if text is not None and pointer < (limit if index.startswith("jis") else len(tables[index])):
                yield pair(pointer), text


def patch(codec: str, table: list[tuple[bytes, str]]) -> dict[str, dict[str, str]]:
    """What to add to a Python codec.

    `unreadable` are sequences that it cannot read; `different` are characters that it shows for one sequence only and
    that stand for another character, so they can be exchanged after decoding; `reread` are sequences that it reads
    wrongly, as a character that it also shows rightly for others.
    """
    shown = {sequence: read(sequence, codec) for sequence, _ in table}
    unreadable = {sequence.hex(): text for sequence, text in table if not shown[sequence]}
    wrong = {sequence: text for sequence, text in table if shown[sequence] not in ("", text)}
    right = {text for sequence, text in table if shown[sequence] == text} | set(map(chr, range(0x80)))
    different = {shown[sequence]: text for sequence, text in wrong.items() if shown[sequence] not in right}
    reread = {sequence.hex(): text for sequence, text in wrong.items() if shown[sequence] in right}
    return {"unreadable": unreadable, "different": different, "reread": reread}


def read(sequence: bytes, codec: str) -> str:
    """What a codec of Python shows for one sequence; nothing where it cannot read it."""
    try:
        return sequence.decode(codec)
    except UnicodeDecodeError:
        return ""


def digest(table: list[tuple[bytes, str]]) -> str:
    """Digest of a complete index: `hex of the bytes`, a space and the text, one entry a line, sorted."""
    lines = sorted(f"{sequence.hex()} {text}" for sequence, text in table)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def cns_runs() -> list[list[int]]:
    """CNS 11643 planes 1 and 2 as runs `plane, first cell, first Big5 cell, cells`; a cell is counted from row 0xA1.

    Both grids are counted without gaps: 94 cells a row in CNS, 157 in Big5. Signs that Big5 lacks are left out.
    """
    big5: dict[str, int] = {}
    for cell in range(89 * 157):
        sequence = big5_pair(cell + 32 * 157)
        big5.setdefault(read(sequence, "cp950"), cell)
    runs: list[list[int]] = []
    for plane, prefix, cells in ((1, b"", 94 * 94), (2, b"\x8e\xa2", 7650)):
        for cell in range(cells):
            text = _iconv(prefix, cell // 94).get(cell % 94, "")
            found = big5.get(text) if text else None
            if found is None:
                continue
            if runs and runs[-1][0] == plane and [runs[-1][i] + runs[-1][3] for i in (1, 2)] == [cell, found]:
                runs[-1][3] += 1
            else:
                runs.append([plane, cell, found, 1])
    return runs


_rows: dict[tuple[bytes, int], dict[int, str]] = {}


def _iconv(prefix: bytes, row: int) -> dict[int, str]:
    """Characters of one row of EUC-TW by cell, as glibc reads it."""
    if (prefix, row) not in _rows:
        lines = [b"%02d %s\n" % (cell, prefix + bytes([row + 0xA1, cell + 0xA1])) for cell in range(94)]
        command = ["iconv", "-c", "-f", "EUC-TW", "-t", "UTF-8"]
        text = subprocess.run(command, input=b"".join(lines), capture_output=True, check=False).stdout.decode()
        _rows[prefix, row] = {int(line[:2]): line[3:] for line in text.split("\n") if len(line) > 3}
    return _rows[prefix, row]


def build() -> dict[str, bytes]:
    """The files to write: name and content."""
    tables, labels = standard()
    spelled = {name: [name.lower(), *sorted(labels[name.lower()])] for name in NAMES}
    compare_sources(tables)
    complete = {name: list(entries(tables, parts)) for name, _, parts in TABLES}
    record = {
        "labels": spelled,
        "patches": {name: patch(codec, complete[name]) for name, codec, _ in TABLES},
        "digests": {name: digest(complete[name]) for name, _, _ in TABLES},
        "counts": {name: len(complete[name]) for name, _, _ in TABLES},
        "cns11643": cns_runs(),
    }
    content = json.dumps(record, ensure_ascii=True, separators=(",", ":")) + "\n"
    manifest = {
        "file": "whatwg.json",
        "sha256": hashlib.sha256(content.encode()).hexdigest(),
        "sources": [*SOURCES, {"package": "glibc iconv", "use": "order of CNS 11643 planes 1 and 2 (facts)"}],
    }
    return {"whatwg.json": content.encode(), "whatwg.manifest.json": (json.dumps(manifest, indent=2) + "\n").encode()}


if __name__ == "__main__":
    sys.exit(write_or_compare("Build what the decoder adds to Python's codecs.", build))
