"""What is outside our tables: charset-normalizer is asked."""

from __future__ import annotations

from mojibake_fix import labels

HEAD = 1 << 16
"""Bytes that charset-normalizer gets."""

BLANKS, SPACES, LEAST = 0.08, 50, 64
"""Share of the byte 0x40, the space of EBCDIC, how often it must outnumber ASCII's space, and bytes over which that
tells something. EBCDIC prose has 0.16; Big5, whose character for "one" ends in 0x40, 0.01."""

EBCDIC = {"cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"}
"""What charset-normalizer may find there."""


def is_ebcdic(data: bytes) -> bool:
    """Tell whether the bytes look like EBCDIC, whose letters are high bytes and whose space is 0x40.

    >>> is_ebcdic("To be, or not to be, that is ".encode("cp037") * 3), is_ebcdic(b"a@b")
    (True, False)
    """
    head = data[:HEAD]
    blanks = head.count(b"@") if len(head) >= LEAST else 0
    return (
        blanks > BLANKS * len(head)
        and blanks > SPACES * head.count(b" ")
        and 2 * len(head.translate(None, bytes(range(128)))) > len(head)
    )


def other(data: bytes) -> str | None:
    """Return the name of the encoding that charset-normalizer finds; None if it finds none that is known here."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[:HEAD]).best()
    encoding = labels.known(best.encoding) if best is not None else None
    return encoding.name if encoding else None
