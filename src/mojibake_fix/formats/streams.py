"""Compressed and plain streams: told apart by their first bytes when read, by the file's suffix when written."""

from __future__ import annotations

import contextlib
import io
import lzma
import zlib
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from mojibake_fix.failure import Failure

SUFFIXES = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd"}
_BLOCK = 1 << 17
"""Bytes read at a time: the block size of zstd."""
_MAGIC = {b"\x1f\x8b": "gzip", b"BZh91AY&SY": "bzip2", b"\xfd7zXZ\x00": "xz", b"\x28\xb5\x2f\xfd": "zstd"}


def compression_of(path: PurePath) -> str:
    """Name the compression that a file's suffix asks for, "" for none.

    >>> compression_of(PurePath("a.jsonl.zst")), compression_of(PurePath("a.txt"))
    ('zstd', '')
    """
    return SUFFIXES.get(path.suffix.lower(), "")


def sniffed(stream: io.BufferedReader) -> str:
    """Name the compression of a stream by its first bytes, without reading on."""
    head = stream.peek(10)[:10]
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")


def reader(stream: io.BufferedReader, compression: str) -> BinaryIO:
    """Read what a compressed stream holds; several members or frames after each other are one stream.

    Raises:
        Failure: zstd, without its package.
    """
    if compression == "gzip":
        import gzip

        return cast("BinaryIO", gzip.open(stream))
    if compression == "bzip2":
        import bz2

        return cast("BinaryIO", bz2.open(stream))
    if compression == "xz":
        return cast("BinaryIO", lzma.open(stream))
    if compression == "zstd":
        return cast("BinaryIO", io.BufferedReader(_ZstdReader(stream), _BLOCK))
    return stream


class _ZstdReader(io.RawIOBase):
    """Reads frames one after the other; the reader of the package takes a file that was cut off for a complete one."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream
        self._package = _zstandard()
        self._frame: Any = None
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on into `buffer`.

        Raises:
            EOFError: The last frame is not complete.
        """
        while not self._rest:
            data = (self._frame.unused_data if self._frame and self._frame.eof else b"") or self._stream.read(_BLOCK)
            if not data:
                if self._frame and not self._frame.eof:
                    raise EOFError("the compressed data end before their end mark")
                return 0
            if self._frame is None or self._frame.eof:
                self._frame = self._package.ZstdDecompressor().decompressobj()
            self._rest = memoryview(self._frame.decompress(data))
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


@contextlib.contextmanager
def writer(file: BinaryIO, compression: str) -> Iterator[BinaryIO]:
    """Compress into `file`, which stays open. The same content gives the same bytes at any time.

    Raises:
        Failure: zstd, without its package.
    """
    if not compression:
        yield file
        return
    stream = _compressor(file, compression)
    try:
        yield stream
    finally:
        stream.close()


def _compressor(file: BinaryIO, compression: str) -> Any:
    if compression == "gzip":
        import gzip

        return gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0)
    if compression == "bzip2":
        import bz2

        return bz2.open(file, "wb")
    if compression == "xz":
        return lzma.open(file, "wb")
    return _zstandard().ZstdCompressor().stream_writer(file, closefd=False)


@contextlib.contextmanager
def damaged_compression(name: str) -> Iterator[None]:
    """Turn what decompressors raise on broken data into one clear line.

    Raises:
        Failure: The data cannot be decompressed.
    """
    try:
        yield
    except (EOFError, zlib.error, lzma.LZMAError) as error:
        raise Failure(f"{name}: cannot be decompressed: {error}") from error
    except Exception as error:
        if type(error).__name__ in ("BadGzipFile", "ZstdError") or str(error) == "Invalid data stream":
            raise Failure(f"{name}: cannot be decompressed: {error}") from error
        raise


def _zstandard() -> Any:
    try:
        import zstandard
    except ModuleNotFoundError as error:
        raise Failure("reading and writing .zst takes a package: pip install 'mojibake-fix[zstd]'") from error
    return zstandard
