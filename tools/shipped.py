"""What generators ship: packed tables, manifests that say where they come from, and `--check`, the same for all."""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from model_sources import Package

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src" / "mojibake_fix" / "data"


def table_files(
    name: str,
    table: Mapping[str, Any],
    sizes: Mapping[str, int | str],
    packages: Iterable[Package],
    own: Iterable[Path] = (),
) -> dict[str, bytes]:
    """Return `NAME.npz`, one uncompressed NumPy archive (the wheel compresses it), and its manifest; `own` are files of ours."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **table)
    packed = buffer.getvalue()
    sources = [
        {
            "package": package.name,
            "version": package.version,
            "file": package.file,
            "sha256": package.sha256,
            "licence": package.licence,
            "use": package.use,
        }
        for package in packages
    ]
    sources += [
        {
            "file": str(path.relative_to(ROOT)),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "licence": "Apache-2.0",
            "use": "text written for this project",
        }
        for path in own
    ]
    # The size in bytes stands behind the counts; what follows it in `sizes` (versions) stays behind it.
    counts = {key: value for key, value in sizes.items() if isinstance(value, int)}
    rest = {key: value for key, value in sizes.items() if not isinstance(value, int)}
    record = {
        "file": f"{name}.npz",
        "sha256": hashlib.sha256(packed).hexdigest(),
        **counts,
        "bytes": len(packed),
        **rest,
        "sources": sources,
    }
    manifest = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    return {f"{name}.npz": packed, f"{name}.manifest.json": manifest.encode()}


def write_or_compare(description: str, build: Callable[[], Mapping[str, bytes]]) -> int:
    """Write the files of `build` (name and content), or with `--check` compare them; 1 where what is shipped differs."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the shipped files differ")
    check = parser.parse_args().check
    files = {DATA / name: content for name, content in build().items()}
    if not check:
        for path, content in files.items():
            path.write_bytes(content)
        return 0
    stale = [path.name for path, content in files.items() if not path.exists() or path.read_bytes() != content]
    if stale:
        script = f"tools/{Path(sys.argv[0]).name}"
        print(f"differs from what the sources give: {', '.join(stale)}; run python {script}", file=sys.stderr)
    return 1 if stale else 0
