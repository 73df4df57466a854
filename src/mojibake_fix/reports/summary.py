"""What a run found and did, by family."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mojibake_fix.corpus.outlet import Tally


def as_json(tally: Tally) -> str:
    """Return the figures as one line of JSON."""
    return json.dumps(
        {
            "files": tally.files,
            "changed_files": tally.changed_files,
            "records": tally.records,
            "changed_texts": tally.changed,
            "changes": dict(sorted(tally.families.items())),
            "losses": tally.losses,
            "problems": tally.problems,
            "bytes": tally.bytes,
        }
    )


def print_table(tally: Tally) -> None:
    """Print the figures as a table to standard error."""
    from rich.console import Console
    from rich.table import Table

    table = Table("family", "changes", box=None, padding=(0, 2))
    table.columns[1].justify = "right"
    for family, count in tally.families.most_common():
        table.add_row(family, f"{count:,}")
    if tally.losses:
        table.add_row("lost, marked", f"{tally.losses:,}")
    if tally.problems:
        table.add_row("could not be read or written", f"{tally.problems:,}")
    console = Console(stderr=True)
    console.print(_headline(tally), highlight=False)
    if table.row_count:
        console.print(table, highlight=False)


def _headline(tally: Tally) -> str:
    return f"{tally.changed_files:,} of {tally.files:,} files and {tally.changed:,} texts changed in {tally.records:,} records"
