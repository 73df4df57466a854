"""Bytes to repaired text in one call: detect, decode, repair, with one explanation for all of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from mojibake_fix.decode import decode
from mojibake_fix.records import SAFE, Plan, Policy, Repair
from mojibake_fix.records_bytes import Decoded
from mojibake_fix.repair import explain


@dataclass(frozen=True, slots=True)
class BytesRepair:
    """What `explain_bytes` returns.

    Attributes:
        decoded: How the bytes were read: encoding, segments, lost bytes.
        repair: What was repaired in the text that they gave: plan and losses.
    """

    decoded: Decoded
    repair: Repair

    @property
    def text(self) -> str:
        """The repaired text."""
        return self.repair.text

    @property
    def changed(self) -> bool:
        """Tell whether the decoded text was changed."""
        return self.repair.changed

    @property
    def confidence(self) -> float:
        """Probability that the encoding and the least certain step are both right."""
        detection = self.decoded.detection
        return self.repair.confidence * (detection.probability if detection else 1.0)

    def to_json(self) -> str:
        """Return the explanation as one line of ASCII JSON: everything but the text."""
        plan = json.loads(self.repair.plan.to_json())
        return json.dumps({"decoded": json.loads(self.decoded.to_json()), "plan": plan}, allow_nan=False)


def explain_bytes(
    data: bytes,
    encoding: str | None = None,
    *,
    declared: str | None = None,
    candidates: Iterable[str] | None = None,
    hint: str | None = None,
    policy: Policy = SAFE,
) -> BytesRepair:
    """Decode `data` and repair the text. Arguments are those of `decode`, and the policy of `explain`.

    >>> result = explain_bytes("題目：企業(yè)發(fā)展的動(dòng)力".encode("gbk"))
    >>> result.decoded.encoding, result.text
    ('gb18030', '題目：企業發展的動力')
    """
    decoded = decode(data, encoding, declared=declared, candidates=candidates, hint=hint)
    if decoded.encoding is None:
        return BytesRepair(decoded, Repair(decoded.text, decoded.text, Plan()))
    return BytesRepair(decoded, explain(decoded.text, policy))


def fix_bytes(
    data: bytes,
    encoding: str | None = None,
    *,
    declared: str | None = None,
    candidates: Iterable[str] | None = None,
    hint: str | None = None,
    policy: Policy = SAFE,
) -> str:
    """Return the text of `data`, decoded and repaired. Arguments are those of `explain_bytes`.

    >>> fix_bytes("中文网页".encode("gbk"), declared="big5")
    '中文网页'
    """
    return explain_bytes(data, encoding, declared=declared, candidates=candidates, hint=hint, policy=policy).text
