"""Reports for programs: JSON, SARIF 2.1.0, GitHub annotations, JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import PurePath
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from mojibake_fix import __version__
from mojibake_fix.check import Finding
from mojibake_fix.reports.diff import visible
from mojibake_fix.reports.report import EXPLANATIONS, Report

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(report: Report) -> Iterator[str]:
    """One JSON object: the findings, the problems, the figures."""
    document = {
        "findings": [asdict(finding) | {"fingerprint": finding.fingerprint} for finding in report.findings],
        "problems": list(report.problems),
        "files": len(report.files),
        "by_rule": dict(sorted(report.by_rule.items())),
        "in_baseline": report.known,
        "gone_from_baseline": report.gone,
    }
    yield json.dumps(document)


def as_sarif(report: Report) -> Iterator[str]:
    """One SARIF log with one run; columns are code points, each finding has a fingerprint and, where known, a fix."""
    rules = report.rules
    run = {
        "tool": {
            "driver": {
                "name": "mojibake-fix",
                "version": __version__,
                "rules": [
                    {
                        "id": rule,
                        "shortDescription": {"text": EXPLANATIONS.get(rule, rule)},
                        "defaultConfiguration": {"level": "error"},
                    }
                    for rule in rules
                ],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.problems,
                "toolExecutionNotifications": [
                    {"level": "error", "message": {"text": visible(problem)}} for problem in report.problems
                ],
            }
        ],
        "results": [_sarif_result(finding, rules.index(finding.rule)) for finding in report.findings],
    }
    yield json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_result(finding: Finding, rule: int) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
    }
    artifact = {"uri": _uri(finding.path)}
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": finding.message},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"mojibakeFix/v1": finding.fingerprint},
        "properties": {"logOdds": finding.log_odds},
    }
    if finding.suggestion is not None and not finding.field:
        replacement = {"deletedRegion": region, "insertedContent": {"text": finding.suggestion}}
        change = {"artifactLocation": artifact, "replacements": [replacement]}
        result["fixes"] = [{"description": {"text": "Undo the damage"}, "artifactChanges": [change]}]
    return result


def _uri(path: str) -> str:
    pure = PurePath(path)
    return pure.as_uri() if pure.is_absolute() else quote(pure.as_posix())


def as_github(report: Report) -> Iterator[str]:
    """One workflow command for each finding: GitHub shows it beside the line."""
    for finding in report.findings:
        place = {
            "title": f"mojibake-fix ({finding.rule})",
            "file": finding.path,
            "line": finding.line,
            "col": finding.column,
            "endLine": finding.end_line,
            "endColumn": finding.end_column,
        }
        properties = ",".join(f"{name}={_github(str(value), property_=True)}" for name, value in place.items())
        yield f"::error {properties}::{_github(visible(finding.message))}"
    for problem in report.problems:
        yield f"::error title=mojibake-fix::{_github(visible(problem))}"


def _github(text: str, *, property_: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if property_ else text


def as_junit(report: Report) -> Iterator[str]:
    """A test suite for each file, a failed case for each finding, a passed one for each clean file."""
    by_file: dict[str, list[Finding]] = {path: [] for path in report.files}
    for finding in report.findings:
        by_file.setdefault(finding.path, []).append(finding)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield (
        f'<testsuites name="mojibake-fix" tests="{sum(max(1, len(found)) for found in by_file.values())}" '
        f'failures="{len(report.findings)}" errors="{len(report.problems)}">'
    )
    for path, found in by_file.items():
        name = _attribute(path)
        yield f'<testsuite name={name} tests="{max(1, len(found))}" failures="{len(found)}">'
        if not found:
            yield f'<testcase name="clean" classname={name}/>'
        for finding in found:
            case = f"name={_attribute(f'{finding.rule} at {finding.line}:{finding.column}')} classname={name}"
            yield f'<testcase {case} line="{finding.line}"><failure message={_attribute(finding.message)}/></testcase>'
        yield "</testsuite>"
    if report.problems:
        yield f'<testsuite name="problems" tests="{len(report.problems)}" errors="{len(report.problems)}">'
        for problem in report.problems:
            yield f"<testcase name={_attribute(problem)}><error message={_attribute(problem)}/></testcase>"
        yield "</testsuite>"
    yield "</testsuites>"


def _attribute(text: str) -> str:
    return quoteattr(visible(text))
