"""Standard output as reports write to it: coloured on a terminal, and every line as it is."""

from __future__ import annotations

import sys

from rich.console import Console


class Output(Console):
    """Prints to standard output; that nobody reads it any longer is raised, as anything else that writes there does."""

    def __init__(self) -> None:
        super().__init__(file=sys.stdout, soft_wrap=True, highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Raise what was caught; of itself a console ends the program, with status 1 and without a word."""
        raise  # it is called where the error is caught
