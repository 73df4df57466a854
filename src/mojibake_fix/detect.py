"""bytes -> Detection: which encoding are these bytes in?

Evidence is taken in order: a byte order mark; the shape of the bytes (escape sequences, UTF-16, binary data); then a
sample of the high bytes is weighed in every encoding (`detect_hanzi` for Chinese, Japanese, Korean and UTF-8,
`detect_letters` for single bytes), with what the data or the caller declares as a prior of a few nats. Nothing is ruled
out by one bad byte: damage has a cost like everything else, and the sum decides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from mojibake_fix import detect_hanzi, detect_letters, detect_other, labels
from mojibake_fix.arguments import as_bytes
from mojibake_fix.detect_declared import declared as declared_in
from mojibake_fix.detect_declared import named
from mojibake_fix.detect_sample import sample
from mojibake_fix.detect_structure import Shape, look
from mojibake_fix.records_bytes import Candidate, Detection

DECLARED = 4.0
"""Nats for what is declared: of pages that declare something, about one in fifty is in another encoding (as the wild
sets of the benchmark have it); more would let a wrong one decide a line of text."""

HINTED = 5.0
"""Nats for the encodings of a language that the caller expects."""

TEMPERATURE = 1.2
"""By what evidence is divided before it is a probability: characters are not independent. Least log loss over pieces
of 2 to 6 characters of `fixtures/detection` in ten encodings: 0.063 at 1.0 and 1.2, 0.085 at 2.0, 0.14 at 3.0."""

VALID_UTF_8 = 6.0
"""Nats for UTF-8 without a fault: text in other encodings reads as UTF-8 by chance only when it is a few characters."""

HINTS = {
    "zh": ("gb18030", "Big5", "EUC-TW"), "cn": ("gb18030",), "sg": ("gb18030",), "tw": ("Big5", "EUC-TW"),
    "hk": ("Big5",), "mo": ("Big5",), "zh-hans": ("gb18030",), "zh-hant": ("Big5", "EUC-TW"), "zh-cn": ("gb18030",),
    "zh-sg": ("gb18030",), "zh-tw": ("Big5", "EUC-TW"), "zh-hk": ("Big5",), "ja": ("Shift_JIS", "EUC-JP"),
    "jp": ("Shift_JIS", "EUC-JP"), "ko": ("EUC-KR", "Johab"), "kr": ("EUC-KR", "Johab"),
    "ru": ("windows-1251", "KOI8-R", "IBM866", "ISO-8859-5"),
}  # fmt: skip
"""Encodings that a language or a top-level domain makes likely."""


def detect(
    data: bytes,
    *,
    declared: str | None = None,
    candidates: Iterable[str] | None = None,
    hint: str | None = None,
) -> Detection:
    """Say which encoding `data` is in.

    Args:
        data: Any bytes; a sample of a large input is read.
        declared: What an HTTP header or a file format says: a label, or a whole Content-Type. It is weighed, not
            obeyed; an unknown label is ignored. By default the data's own declaration is looked for.
        candidates: Labels of the only encodings to consider.
        hint: A language ("zh", "zh-Hant", "ja") or a top-level domain ("tw") that makes some encodings likelier.

    Raises:
        UnknownEncodingError: A candidate is no known encoding.

    >>> detect("中文编码".encode("gbk")).encoding, detect("中文編碼".encode("big5")).encoding
    ('gb18030', 'Big5')
    >>> detect(b"\\x89PNG\\r\\n\\x1a\\n").binary
    True
    """
    data = as_bytes(data, "detect")
    names = _names(candidates)
    shape = look(data)
    said = named(declared) or declared_in(data)
    if shape is not None and (names is None or shape.encoding in names):
        return _of_shape(shape, said)
    if data.isascii():
        return _of_ascii(said, names)
    if names is None and detect_other.is_ebcdic(data) and (other := detect_other.other(data)) in detect_other.EBCDIC:
        return Detection(other, other, OTHER, 0.0, "structure", "", said)
    chosen = sample(data)
    if (names is None or "UTF-8" in names) and _surely_utf_8(chosen):
        return _of_shape(
            Shape("UTF-8", "utf-8", "statistics", detect_hanzi.language_of(chosen.decode("utf-8", "ignore"))), said
        )
    return _weighed(data, chosen, said, names, hint)


def _names(candidates: Iterable[str] | None) -> frozenset[str] | None:
    if candidates is None:
        return None
    names = {labels.lookup(label).name for label in candidates}
    return frozenset("gb18030" if name == "GBK" else name for name in names)


def _of_shape(shape: Shape, said: str) -> Detection:
    candidate = Candidate(shape.encoding or "binary", shape.language, 0.0)
    return Detection(
        shape.encoding, shape.codec, 0.999, 20.0, shape.basis, shape.language, said, candidates=(candidate,)
    )


_ASCII_LIKE = ("windows-1252", "gb18030", "Big5", "Shift_JIS", "EUC-JP", "EUC-KR", "windows-1251", "KOI8-R")


def _of_ascii(said: str, names: frozenset[str] | None) -> Detection:
    """ASCII reads alike in nearly every encoding: the declared one if there is one, else UTF-8."""
    likely = [name for name in (said, "UTF-8", *_ASCII_LIKE) if name and (names is None or name in names)]
    likely = [name for name in likely if not name.startswith(("UTF-16", "UTF-32", "ISO-2022", "HZ"))]
    answer = likely[0] if likely else min(names or {"UTF-8"})
    others = tuple(dict.fromkeys(name for name in likely if name != answer))
    codec = labels.lookup(answer).codec
    return Detection(answer, codec, 1.0, 20.0, "declared" if answer == said else "guess", "", said, others)


UTF_8_CHECKED = 1 << 18
"""Bytes from the start that must be UTF-8 without a fault (0.2 ms); a fault further on is damage, and recorded."""


def _is_utf_8(data: bytes) -> bool:
    head = data if len(data) <= UTF_8_CHECKED else data[:UTF_8_CHECKED]
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.reason == "unexpected end of data"
    return True


UTF_8_SURE, UTF_8_FAULTS = 8, 0.3
"""Bytes of well-formed sequences beyond their first that cannot be chance, and how many faults they outweigh, each: of
UTF-8 with 1 % of its bytes replaced 0.05 are faults, of other encodings read as UTF-8 more than 0.6."""


def _surely_utf_8(chosen: bytes) -> bool:
    """Tell whether a sample holds so much UTF-8, and so little else, that it cannot be chance.

    U+FFFD that was written is UTF-8 like any other character: what lost its text on an earlier way is not GBK with 锟斤拷 in it.
    """
    text, written = chosen.decode("utf-8", "replace"), chosen.count("\ufffd".encode())
    faults = text.count("\ufffd") - written
    following = len(text.encode()) - 2 * faults - len(text)
    sure = following >= UTF_8_SURE or (written > 0 and faults == 0)
    return sure and faults <= UTF_8_FAULTS * following


FEW = 8
"""ASCII letters to a high byte from which the text is in Latin script, with a few letters that ASCII lacks."""

_ASCII = bytes(range(128))
_NO_LETTERS = bytes(byte for byte in range(256) if not (byte < 0x80 and chr(byte).isalpha()))


def _weighed(data: bytes, chosen: bytes, said: str, names: frozenset[str] | None, hint: str | None) -> Detection:
    """Weigh all encodings over the sample."""
    few = len(chosen.translate(None, _ASCII)) * FEW < len(chosen.translate(None, _NO_LETTERS))
    hinted = HINTS.get(hint.lower().lstrip("."), ()) if hint else ()
    said_as = "gb18030" if said == "GBK" else said
    valid = _is_utf_8(data) and bool(chosen.translate(None, _ASCII).decode("utf-8", "ignore"))
    scored: list[tuple[float, Candidate, bytes]] = []

    def add(candidate: Candidate, text: bytes) -> None:
        bonus = DECLARED * (candidate.encoding == said_as) + HINTED * (candidate.encoding in hinted)
        bonus += VALID_UTF_8 * (candidate.encoding == "UTF-8" and valid)
        bonus -= detect_letters.FOREIGN * (few and candidate.language in ("zh", "ja", "ko"))
        scored.append((candidate.score + bonus, candidate, text))

    readings = detect_hanzi.weigh(chosen, names)
    if names is not None or not detect_hanzi.reads_like_text(readings, chosen):
        for candidate, text in detect_letters.weigh(chosen, names):
            add(candidate, text)
    rival = max((candidate.score for _, candidate, _ in scored), default=-math.inf)
    for reading in detect_hanzi.in_context(readings, rival):
        add(reading.candidate, reading.codes.tobytes())
    if names is None and _like_no_text(scored, chosen) and (other := detect_other.other(data)):
        return Detection(other, labels.lookup(other).codec, OTHER, 0.0, "statistics", "", said)
    if not scored:
        return Detection(None, None, 0.5, 0.0, "guess", "", said)
    scored.sort(key=lambda item: -item[0])
    return _answer(data, scored, said_as)


POOR, POOR_BYTES = 9.0, 16
"""Nats a high byte, over so many of them, from which the best candidate is no text that we know: prose in any language
of the tables has 2.5 to 6."""

OTHER = 0.8
"""Probability of an answer of charset-normalizer: its share of right ones over single-byte files, rounded."""


def _like_no_text(scored: list[tuple[float, Candidate, bytes]], chosen: bytes) -> bool:
    high = len(chosen.translate(None, _ASCII))
    best = max((score for score, _, _ in scored), default=-math.inf)
    return high >= POOR_BYTES and -(best + detect_letters.ASCII * (len(chosen) - high)) > POOR * high


def _answer(data: bytes, scored: list[tuple[float, Candidate, bytes]], said: str) -> Detection:
    top, best, text = scored[0]
    alike = dict.fromkeys(c.encoding for _, c, t in scored if t == text)
    total = sum(math.exp(max((score - top) / TEMPERATURE, -700.0)) for score, c, t in scored)
    right = sum(math.exp((score - top) / TEMPERATURE) for score, c, t in scored if c.encoding in alike)
    rival = next((score for score, c, t in scored if c.encoding not in alike), top - 50.0)
    candidates = tuple(Candidate(c.encoding, c.language, round(score - top, 3), c.damage) for score, c, _ in scored[:8])
    basis = "declared" if best.encoding == said and top - rival < DECLARED else "statistics"
    others = tuple(name for name in alike if name != best.encoding)
    return Detection(
        best.encoding,
        codec_for(data, best.encoding),
        right / total,
        top - rival,
        basis,
        best.language,
        said,
        others,
        candidates,
    )


_CODECS = {
    "Big5": ("cp950", "big5hkscs", "big5"),
    "Shift_JIS": ("cp932", "shift_jis_2004"),
    "EUC-JP": ("euc_jp", "euc_jis_2004"),
    "gb18030": ("gb18030",),
}
"""Codecs of Python that read each encoding, the most usual first."""

CODEC_CHECKED = 1 << 20
"""Bytes over which codecs are tried; cp950 reads 1 MB in 4 ms."""


def codec_for(data: bytes, encoding: str) -> str | None:
    """Return the codec of Python that reads `data` best: the first that reads it without error."""
    options = _CODECS.get(encoding)
    if options is None:
        return labels.lookup(encoding).codec
    if len(options) > 1:
        part = data[:CODEC_CHECKED]
        for codec in options:
            try:
                part.decode(codec)
            except UnicodeDecodeError as error:
                if len(data) > CODEC_CHECKED and error.start >= CODEC_CHECKED - 3:
                    return codec
                continue
            return codec
    return options[1] if encoding == "Big5" else options[0]
