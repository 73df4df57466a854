"""Build the table of the character model: `python tools/build_model.py [--check]`.

Downloads the pinned packages that `model_sources` names (into a cache outside the repository), counts, prunes, and
writes `data/model.npz` and `data/model.manifest.json`. With `--check` nothing is written: the exit status is 1 if what
is shipped differs from what the sources give.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np

from model_build import SIZES, build, read_sources
from model_estimate import Weights
from model_prune import Table
from model_sources import PACKAGES

DATA = Path(__file__).resolve().parent.parent / "src" / "mojibake_fix" / "data"


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
        for p in PACKAGES
    ]
    sizes = {
        "characters": len(table["learned"]),
        "pairs": len(table["pair_codes"]),
        "triples": len(table["triple_codes"]),
        "bytes": len(packed),
        "opencc": version("opencc"),
    }
    record = {"file": "model.npz", "sha256": hashlib.sha256(packed).hexdigest(), **sizes, "sources": sources}
    return json.dumps(record, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    """Build, and write or compare."""
    parser = argparse.ArgumentParser(description="Build the table of the character model.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the shipped table differs")
    check = parser.parse_args().check
    table = build(read_sources(), Weights(), SIZES)
    packed = pack(table)
    files = {DATA / "model.npz": packed, DATA / "model.manifest.json": manifest(table, packed).encode()}
    if not check:
        for path, content in files.items():
            path.write_bytes(content)
        return 0
    stale = [path.name for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    if stale:
        print(
            f"differs from what the sources give: {', '.join(stale)}; run python tools/build_model.py", file=sys.stderr
        )
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
