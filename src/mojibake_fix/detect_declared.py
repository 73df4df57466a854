"""What the data says about itself: the encoding that a page, a style sheet, a script or an e-mail declares.

A declaration is evidence, never an order: pages are re-encoded by tools that leave their `<meta>` alone.
"""

from __future__ import annotations

import re

from mojibake_fix import labels

HEAD = 1024
"""Bytes in which browsers look for a declaration. Vim also looks at the last lines: too rare to read them."""

_PATTERN = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)"""  # HTML
    rb"""|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)"""  # XML
    rb"""|^@charset\s+["']([\w.:-]+)["']"""  # CSS
    rb"""|^[ \t\f]*\#.*?coding[:=][ \t]*([\w.-]+)"""  # Python, Ruby, Emacs
    rb"""|^.{0,40}vim?:.{0,60}fileencoding=([\w.-]+)"""  # Vim
    rb"""|^(?:content-type:|"content-type:)[^\n]{0,80}charset\s*=\s*["']?([\w.:-]+)""",  # e-mail, gettext
    re.IGNORECASE | re.MULTILINE,
)


def declared(data: bytes) -> str:
    """Return the encoding that `data` declares, as WHATWG names it; empty for none and for unknown names.

    UTF-16 in a `<meta>` that could be read is UTF-8, as in browsers.

    >>> declared(b'<meta http-equiv=Content-Type content="text/html; charset=gb2312">')
    'GBK'
    >>> declared(b"# -*- coding: big5 -*-"), declared(b"plain")
    ('Big5', '')
    """
    head = data[:HEAD]
    if b"cod" not in head.lower() and b"charset" not in head.lower():
        return ""
    for match in _PATTERN.finditer(head):
        encoding = labels.known(match[match.lastindex or 0].decode("ascii", "replace"))
        if encoding is not None:
            return "UTF-8" if encoding.name.startswith("UTF-16") else encoding.name
    return ""


def named(label: str | None) -> str:
    """Return the WHATWG name of what a caller declared (a label, or a Content-Type header); empty for unknown names.

    >>> named("text/html; charset=GB2312"), named("latin1"), named(None)
    ('GBK', 'windows-1252', '')
    """
    if not label:
        return ""
    header = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", label, re.IGNORECASE)
    encoding = labels.known(header[1] if header else label)
    return encoding.name if encoding else ""
