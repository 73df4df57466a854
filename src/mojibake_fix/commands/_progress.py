"""A progress bar with rate and time left on a terminal, and nothing in a pipe."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any

from mojibake_fix.commands._shared import complain


class Bar:
    """Shows how many bytes of `total` are read; silent where standard error is no terminal."""

    def __init__(self, total: int, *, show: bool) -> None:
        self._progress: Any = None
        if show and total and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

            self._progress = Progress(
                BarColumn(),
                DownloadColumn(),
                TransferSpeedColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._progress.add_task("", total=total)

    def __enter__(self) -> Bar:
        """Show the bar."""
        if self._progress:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        if self._progress:
            self._progress.stop()

    def advance(self, size: int) -> None:
        """Note that more bytes were read."""
        if self._progress:
            self._progress.advance(self._task, size)

    def complain(self, message: str) -> None:
        """Print a problem above the bar."""
        if self._progress:
            self._progress.console.print(f"mojibake-fix: {message}", markup=False, highlight=False, soft_wrap=True)
        else:
            complain(message)
