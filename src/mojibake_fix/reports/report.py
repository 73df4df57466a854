"""What a check came to: the value that every format of report is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from mojibake_fix.check import NOT_UTF8, Finding
from mojibake_fix.reports.diff import visible, visible_bytes

EXPLANATIONS = {
    "mixup": "Text was written in one encoding and read in another.",
    "slip": "A byte of double-byte text was lost or added, and what follows was read out of phase.",
    "gloss": "A bracketed reading was inserted after characters.",
    "lookalike": "A character stands for another that looks the same.",
    "escape": "An escape was left in running text.",
    "conversion": "A conversion of script chose the wrong character.",
    "punctuation": "Full-width marks were folded to half-width ones.",
    "destroyed": "What stood here was destroyed; the date around it tells what it was.",
    "loss": "The damage destroyed what stood here.",
    "not-utf8": "The bytes are not UTF-8.",
    "bom": "The file begins with a byte order mark.",
    "replacement-character": "U+FFFD stands for a byte that was lost.",
}
"""One sentence on each rule, for reports that explain their rules."""


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check.

    Attributes:
        findings: What was found and is not in the baseline, by file and place.
        files: The files that were looked at.
        problems: What could not be read, one line each.
        known: How many findings the baseline already has.
        gone: How many findings of the baseline are no longer there.
    """

    findings: tuple[Finding, ...]
    files: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    known: int = 0
    gone: int = 0

    @property
    def rules(self) -> list[str]:
        """The rules that something was found by, in alphabetical order."""
        return sorted({finding.rule for finding in self.findings})

    @property
    def by_rule(self) -> Counter[str]:
        """Findings of each rule."""
        return Counter(finding.rule for finding in self.findings)

    @property
    def summary(self) -> str:
        """The outcome in one line."""
        count, files = len(self.findings), len({finding.path for finding in self.findings})
        line = f"{count:,} finding{'s' * (count != 1)} in {files:,} of {len(self.files):,} files"
        if self.known or self.gone:
            line += f"; {self.known:,} more in the baseline, {self.gone:,} of it gone"
        return line


def around(finding: Finding) -> Callable[[str], str]:
    """Choose how what a finding found, and what stands around it, is spelled."""
    return visible_bytes if finding.rule == NOT_UTF8 else visible
