"""Build the table of the character model: `python tools/build_model.py [--check]`.

Downloads the pinned packages that `model_sources` names (into a cache outside the repository), counts them and the text
in `corpus/`, prunes, and writes `data/model.npz` and `data/model.manifest.json`. With `--check` nothing is written: the exit
status is 1 if what is shipped differs from what the sources give.
"""

from __future__ import annotations

import sys
from importlib.metadata import version

from model_build import SIZES, build, read_sources
from model_estimate import Weights
from model_sources import OWN_FILES, PACKAGES
from shipped import table_files, write_or_compare


def build_files() -> dict[str, bytes]:
    """The files to write: name and content."""
    table = build(read_sources(), Weights(), SIZES)
    sizes: dict[str, int | str] = {
        "characters": len(table["learned"]),
        "pairs": len(table["pair_codes"]),
        "triples": len(table["triple_codes"]),
        "opencc": version("opencc"),
    }
    return table_files("model", table, sizes, PACKAGES, OWN_FILES)


if __name__ == "__main__":
    sys.exit(write_or_compare("Build the table of the character model.", build_files))
