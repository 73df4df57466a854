"""Files that are either all new or all old: written beside, forced to the disk, then moved into place."""

from __future__ import annotations

import contextlib
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

SUFFIX = ".mojibake-fix.tmp"
"""How unfinished files end; no walk through a directory looks at them."""


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file that becomes `target` when the block ends well, and vanishes when it does not.

    The old content of `target` is there until the new one is complete on the disk; its permissions are kept; a symbolic
    link stays one, and what it points to is replaced. What a killed process left half-written is removed.

    Raises:
        OSError: The directory is not writable, the disk is full, `target` is a directory, …

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     with replacing(Path(directory) / "a") as file:
    ...         _ = file.write(b"new")
    ...     (Path(directory) / "a").read_bytes()
    b'new'
    """
    target = target.resolve()
    if target.is_dir():
        raise IsADirectoryError(21, "is a directory", str(target))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "is not writable", str(target))
    mode = _mode(target)
    sweep(target)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.{os.getpid()}.", suffix=SUFFIX, dir=target.parent)
    except OSError as error:
        raise type(error)(error.errno, f"cannot write beside it: {error.strerror}", str(target)) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_directory(target.parent)


def sweep(target: Path) -> None:
    """Remove what killed processes left half-written beside `target`."""
    start = f".{target.name[:100]}."
    for name in os.listdir(target.parent):  # noqa: PTH208  (names only: no need to make paths of a thousand neighbours)
        if not name.startswith(start):
            continue
        process = re.fullmatch(rf"(\d+)\.\w+{re.escape(SUFFIX)}", name[len(start) :])
        if process and not _alive(int(process[1])):
            (target.parent / name).unlink(missing_ok=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _mode(target: Path) -> int:
    """Permissions for the new file: those of the old one, or what the user's mask leaves of rw-rw-rw-."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_directory(directory: Path) -> None:
    """Force the move itself to the disk, where the system lets a directory be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
