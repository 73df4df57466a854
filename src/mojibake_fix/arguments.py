"""What the public functions are given: a clear error for what is no text, no bytes or no policy."""

from __future__ import annotations

from typing import Any

from mojibake_fix.records import Policy


def require_text(value: Any, function: str) -> None:
    """Refuse what is no string.

    Raises:
        TypeError: It is something else; the message says what to do with bytes.

    >>> require_text(b"abc", "fix")
    Traceback (most recent call last):
    TypeError: fix takes a str, not bytes; fix_bytes and decode take bytes
    """
    if not isinstance(value, str):
        with_bytes = "; fix_bytes and decode take bytes" if isinstance(value, bytes | bytearray | memoryview) else ""
        raise TypeError(f"{function} takes a str, not {type(value).__name__}{with_bytes}")


def require(text: Any, policy: Any, function: str) -> None:
    """Refuse what is no string, and what is no policy.

    Raises:
        TypeError: One of them is something else; the name of a policy, for example.
    """
    require_text(text, function)
    if not isinstance(policy, Policy):
        raise TypeError(f"{function} takes a Policy (SAFE, RESTORE, GUESS or one of your own), not {policy!r}")


def as_bytes(value: Any, function: str) -> bytes:
    """Return bytes, or what any other buffer holds.

    Raises:
        TypeError: It is none.

    >>> as_bytes(memoryview(b"abc"), "decode")
    b'abc'
    """
    if isinstance(value, bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    other = "; fix and explain take a str" if isinstance(value, str) else ""
    raise TypeError(f"{function} takes bytes, not {type(value).__name__}{other}")
