"""The report for people at a terminal: place, what is wrong, and the line with the place marked."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from mojibake_fix.check import Finding
from mojibake_fix.reports.console import Output
from mojibake_fix.reports.diff import visible
from mojibake_fix.reports.report import Report, around


def print_report(report: Report) -> None:
    """Print the findings and the summary to standard output, coloured on a terminal."""
    console = Output()
    for line in styled(report):
        console.print(line)


def lines(report: Report) -> Iterator[str]:
    """Give the same lines without colour."""
    yield from (line.plain for line in styled(report))


def styled(report: Report) -> Iterator[Text]:
    """Give the lines of the report: two for each finding, then the summary."""
    for finding in report.findings:
        yield _headline(finding)
        yield _line(finding)
    counts = ", ".join(f"{rule} {count:,}" for rule, count in report.by_rule.most_common())
    yield Text(f"{report.summary} ({counts})" if counts else report.summary)


def _headline(finding: Finding) -> Text:
    field = f" [{visible(finding.field)}]" if finding.field else ""
    text = Text(f"{visible(finding.path)}:{finding.line}:{finding.column}:{field} ", "bold")
    text.append(finding.rule, "red")
    text.append(f": {visible(finding.cause)}")
    return text


def _line(finding: Finding) -> Text:
    spelled = around(finding)
    text = Text(f"    {spelled(finding.before)}")
    text.append(f"[{spelled(finding.found)}", "red")
    if finding.suggestion is not None:
        text.append(" → ")
        text.append(visible(finding.suggestion), "green")
    text.append("]", "red")
    text.append(spelled(finding.after))
    return text
