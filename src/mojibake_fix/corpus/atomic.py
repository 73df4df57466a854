"""Files that are either all new or all old: written beside, forced to the disk, then moved into place.

Pipes, devices and descriptors that are open have no content that could be replaced: they are written straight into.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mojibake_fix.failure import Failure

SUFFIX = ".mojibake-fix.tmp"
"""How unfinished files end; no walk through a directory looks at them."""

_DESCRIPTOR = re.compile(r"/dev/(?:(?P<name>stdout|stderr)|fd/(?P<device>\d+))|/proc/self/fd/(?P<process>\d+)")
"""Paths that name what this process has open; opened anew, a file would be written from its start, and a socket not at all."""


class Replacement:
    """A file that is being written beside `target`, and becomes it with `commit`.

    The old content of `target` is there until the new one is complete on the disk; its permissions are kept; a symbolic
    link stays one, and what it points to is replaced. What a killed process left half-written is removed. A `target` that
    is no regular file is never replaced, but written straight into.

    Raises:
        OSError: The directory is not writable, the disk is full, `target` is a directory or not writable, …
    """

    def __init__(self, target: Path) -> None:
        self._straight = not is_replaceable(target)
        self.target = target if self._straight else Path(os.path.realpath(target))
        if self.target.is_dir():
            raise IsADirectoryError(21, "is a directory", str(target))
        if self.target.exists() and not os.access(self.target, os.W_OK):
            raise PermissionError(13, "is not writable", str(target))
        self._mode = _mode(self.target)
        name = f".{self.target.name[:100]}.{os.getpid()}.{secrets.token_hex(4)}{SUFFIX}"
        self._temporary = self.target.parent / name
        self._file: BinaryIO | None = None

    def open(self) -> BinaryIO:
        """Make the file to write to. An interrupt may come at any moment: whoever calls this must be ready to `discard`."""
        if self._straight:
            self._file = open(_descriptor(self.target), "wb")  # noqa: SIM115
            return self._file
        try:
            sweep(self.target)
            self._file = open(self._temporary, "xb", opener=_for_us_only)  # noqa: SIM115
        except OSError as error:
            raise type(error)(error.errno, f"cannot write beside it: {error.strerror}", str(self.target)) from error
        return self._file

    def commit(self) -> None:
        """Force what was written to the disk and move it into place."""
        try:
            file = self._file or self.open()
            file.flush()
            if self._straight:
                file.close()
                return
            os.fchmod(file.fileno(), self._mode)
            os.fsync(file.fileno())
            file.close()
            self._temporary.replace(self.target)
        except BaseException:
            self.discard()
            raise
        _sync_directory(self.target.parent)

    def discard(self) -> None:
        """Remove what was written; `target` stays as it was, unless it was written straight into."""
        with contextlib.suppress(OSError):  # a full disk refuses the last flush too; the file goes away all the same
            if self._file is not None:
                self._file.close()
        if not self._straight:
            self._temporary.unlink(missing_ok=True)


def is_replaceable(target: Path) -> bool:
    """Tell whether a path is that of a regular file, or of none yet: links followed, open descriptors left out.

    >>> is_replaceable(Path("no-such-file.txt")), is_replaceable(Path("/dev/stdout"))
    (True, False)
    """
    if _DESCRIPTOR.fullmatch(str(target)):
        return False
    try:
        mode = target.stat().st_mode
    except OSError:
        return True  # writing will say what is wrong
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def require_replaceable(target: Path, purpose: str) -> None:
    """Refuse what is no regular file where `purpose` needs one.

    Raises:
        Failure: It is a pipe, a device, or something else that has no content to keep.
    """
    if not is_replaceable(target):
        raise Failure(f"{target}: is a pipe or a device, not a file; {purpose} needs a file")


def _descriptor(target: Path) -> int:
    """Open what is written straight into: neither made nor emptied."""
    known = _DESCRIPTOR.fullmatch(str(target))
    if known is None:
        return os.open(target, os.O_WRONLY)
    numbers = {"stdout": 1, "stderr": 2}
    return os.dup(numbers[known["name"]] if known["name"] else int(known["device"] or known["process"]))


def _for_us_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a file that becomes `target` when the block ends well, and vanishes when it does not.

    Raises:
        OSError: As `Replacement`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     with replacing(Path(directory) / "a") as file:
    ...         _ = file.write(b"new")
    ...     (Path(directory) / "a").read_bytes()
    b'new'
    """
    replacement = Replacement(target)
    try:
        yield replacement.open()
    except BaseException:
        replacement.discard()
        raise
    replacement.commit()


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
