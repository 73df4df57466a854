"""The report as one HTML page that needs nothing else: charts, and before and after side by side.

The findings travel as data inside the page and only those in view are drawn, so that 100,000 of them stay usable.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources

from mojibake_fix.reports.diff import visible
from mojibake_fix.reports.report import EXPLANATIONS, Report, around


def as_html(report: Report) -> Iterator[str]:
    """Return the page."""
    files = sorted({finding.path for finding in report.findings})
    rules = report.rules
    index = {name: number for number, name in enumerate([*rules, *files])}
    data = {
        "summary": report.summary,
        "rules": [[rule, EXPLANATIONS.get(rule, "")] for rule in rules],
        "files": [visible(path) for path in files],
        "problems": [visible(problem) for problem in report.problems],
        "findings": [
            [
                index[finding.rule],
                index[finding.path] - len(rules),
                finding.line,
                finding.column,
                around(finding)(finding.before),
                around(finding)(finding.found),
                None if finding.suggestion is None else visible(finding.suggestion),
                around(finding)(finding.after),
                visible(finding.cause),
                visible(finding.field),
            ]
            for finding in report.findings
        ],
    }
    template = resources.files("mojibake_fix.reports").joinpath("page.html").read_text(encoding="utf-8")
    # "</script>" inside a string would end the script; "<" written as an escape is the same string to JSON.
    yield template.replace("/*DATA*/null", json.dumps(data).replace("<", "\\u003c"))
