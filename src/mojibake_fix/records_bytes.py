"""The nouns of bytes: what was detected in them, and what they say once decoded.

Offsets and lengths count bytes of the input, positions count code points of the decoded text, evidence is in nats.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Candidate:
    """One encoding that was weighed.

    Attributes:
        encoding: Its WHATWG name, or the usual one where the standard has none.
        language: The language it was weighed with ("zh", "ja", "ko", "ru", …), empty for none.
        score: Log-probability of the sample under it, with its prior and its damage, in nats; 0 is the best one's.
        damage: Places in the sample that it cannot read.
    """

    encoding: str
    language: str
    score: float
    damage: int = 0


@dataclass(frozen=True, slots=True)
class Detection:
    """The encoding of some bytes, and how it was found.

    Attributes:
        encoding: Its WHATWG name ("gb18030", "Big5", "Shift_JIS", …), or the usual one where the standard has none
            ("EUC-TW", "HZ-GB-2312"); None for binary data.
        codec: What `bytes.decode` takes to read these bytes best; None for binary data and where Python has no codec
            (EUC-TW, ISO-2022-CN: use `mojibake_fix.decode`).
        probability: Probability that the answer reads the bytes rightly, calibrated: of answers given with 0.9 about
            nine in ten are right.
        margin: Nats between the answer and the best other one that reads the bytes differently.
        basis: "bom", "structure", "statistics", "declared" (a declaration decided) or "guess" (nothing did).
        language: Language of the text as far as its letters tell, empty where they do not.
        declared: The encoding that the data or the caller declared, as WHATWG names it; empty for none.
        indistinguishable: Other encodings that read the bytes as the same text.
        candidates: All that were weighed, best first.
    """

    encoding: str | None
    codec: str | None
    probability: float
    margin: float
    basis: str
    language: str = ""
    declared: str = ""
    indistinguishable: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)

    @property
    def binary(self) -> bool:
        """Tell whether the data is no text at all."""
        return self.encoding is None

    @property
    def confidence(self) -> float:
        """The probability, by the name that other detectors use."""
        return self.probability

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain values for JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class LostBytes:
    """Bytes that stand for no character.

    Attributes:
        offset: Offset of the first of them in the input.
        data: The bytes.
        why: "truncated" (the input ends inside a character), "no character" (a well-formed sequence without one) or
            "invalid" (bytes that begin nothing).
        position: Position of the U+FFFD that stands for them in the text.
    """

    offset: int
    data: bytes
    why: str
    position: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the input in one encoding: `data[start:end]` reads as `text[position:position + length]`."""

    start: int
    end: int
    encoding: str
    position: int
    length: int


@dataclass(frozen=True, slots=True)
class Decoded:
    """Decoded bytes, with everything that was not read.

    Attributes:
        text: The text; U+FFFD stands where bytes were lost, and nowhere else unless the data itself says so.
        encoding: Encoding of the whole, or of the most of it where there are segments; None for binary data, which is
            shown as windows-1252.
        segments: Stretches in order, covering the input; one unless encodings are mixed.
        losses: Bytes that stand for no character, in order.
        detection: What was detected; None where the caller said the encoding.
    """

    text: str
    encoding: str | None
    segments: tuple[Segment, ...]
    losses: tuple[LostBytes, ...] = ()
    detection: Detection | None = None

    @property
    def mixed(self) -> bool:
        """Tell whether the input mixes encodings."""
        return len({segment.encoding for segment in self.segments}) > 1

    @property
    def truncated(self) -> bool:
        """Tell whether the input ends inside a character."""
        return bool(self.losses) and self.losses[-1].why == "truncated"

    def to_json(self) -> str:
        """Return everything but the text as one line of ASCII JSON."""
        losses = [{**asdict(loss), "data": loss.data.hex()} for loss in self.losses]
        record = {
            "encoding": self.encoding,
            "segments": [asdict(segment) for segment in self.segments],
            "losses": losses,
            "detection": None if self.detection is None else self.detection.to_dict(),
        }
        return json.dumps(record, allow_nan=False)
