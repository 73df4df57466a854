"""`mojibake-fix check`: find damage, for people and for CI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mojibake_fix.commands._shared import complain, find, input_options, jobs_option, policy_option, require_fields
from mojibake_fix.failure import ERROR, Failure, near

if TYPE_CHECKING:
    from mojibake_fix.check import Checked, Rules
    from mojibake_fix.corpus.walk import Found
    from mojibake_fix.records import Policy
    from mojibake_fix.reports.report import Report

FOUND = 1
KINDS = ("text", "json", "sarif", "github", "junit", "html")
RULES = ("not-utf8", "bom", "replacement-character")


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@policy_option
@click.option(
    "--format",
    "--report",
    "-r",
    "report",
    type=click.Choice(KINDS),
    default="text",
    show_default=True,
    help="Kind of report.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--output", "-o", metavar="FILE", help="Write the report there instead of to standard output.")
@click.option("--baseline", metavar="FILE", help="Findings that are known; only new ones fail.")
@click.option("--write-baseline", metavar="FILE", help="Write what is found now as a baseline, and leave with 0.")
@click.option("--rules", multiple=True, type=click.Choice(RULES), help="Rule on encodings to add; repeatable.")
@click.option("--ignore", "ignored", multiple=True, metavar="FAMILY", help="Pass by a family or rule; repeatable.")
@click.option("--exit-zero", is_flag=True, help="Leave with 0 even if something is found.")
@jobs_option
@partial(input_options, names=("--input-format",))
def command(
    paths: tuple[str, ...],
    policy: Policy,
    report: str,
    as_json: bool,
    output: str | None,
    baseline: str | None,
    write_baseline: str | None,
    rules: tuple[str, ...],
    ignored: tuple[str, ...],
    exit_zero: bool,
    jobs: int,
    format_name: str | None,
    fields: tuple[str, ...],
    exclude: tuple[str, ...],
    force_exclude: bool,
) -> int:
    """Check files and directories for damaged text: each finding with file, line, column, and what it should read.

    That files are UTF-8 is always checked (rule not-utf8). A line that says `mojibake-fix: ignore` is passed by, as are
    those between `mojibake-fix: ignore-start` and `ignore-end`, the one after `ignore-next-line`, and the whole of a
    file that says `ignore-file`; `ignore[gloss]` names a family.

    \b
      mojibake-fix check .
      mojibake-fix check --policy restore subtitles/
      mojibake-fix check --format sarif -o findings.sarif src docs
      mojibake-fix check --write-baseline .mojibake-baseline.json corpus/
      mojibake-fix check --baseline .mojibake-baseline.json corpus/

    Exit status: 0 nothing (new) was found; 1 something was; 2 a file or a record could not be read.
    """
    from mojibake_fix.check import NOT_UTF8, Rules
    from mojibake_fix.formats.base import Job
    from mojibake_fix.reports.report import Report

    _require_rules(ignored)
    found = find(paths or (".",), exclude, force_exclude=force_exclude)
    encoding = tuple(rule for rule in dict.fromkeys((NOT_UTF8, *rules)) if rule not in ignored)
    checked = _check(found, format_name, Rules(Job(policy, fields), encoding, ignored), jobs)
    findings = [finding for file in checked for finding in file.findings]
    problems = tuple(problem for file in checked for problem in file.problems)
    for problem in problems:
        complain(problem)
    if checked:
        require_fields(fields, {name for file in checked for name in file.fields})
    if write_baseline is not None:
        from mojibake_fix import baseline as baselines

        baselines.write(Path(write_baseline), findings)
        complain(f"{len(findings):,} findings written to {write_baseline}")
        return ERROR if problems else 0
    made = Report(tuple(findings), tuple(file.path for file in checked), problems)
    if baseline is not None:
        made = _without_known(made, Path(baseline))
    _deliver(made, "json" if as_json else report, output)
    if problems:
        return ERROR
    return FOUND if made.findings and not exit_zero else 0


def _require_rules(names: tuple[str, ...]) -> None:
    from mojibake_fix.reports.report import EXPLANATIONS

    for name in names:
        if name not in EXPLANATIONS:
            raise Failure(f"--ignore {name}: no such family or rule; {near(name, EXPLANATIONS)}")


def _check(found: list[Found], format_name: str | None, rules: Rules, jobs: int) -> list[Checked]:
    from mojibake_fix.check import check_files
    from mojibake_fix.commands._progress import Bar
    from mojibake_fix.corpus.source import Source

    sources = [Source(str(item.path), format_name) for item in found]
    with Bar(sum(item.size for item in found), show=True) as bar:
        return list(check_files(sources, rules, jobs=jobs, progress=bar.advance))


def _without_known(report: Report, path: Path) -> Report:
    from mojibake_fix import baseline
    from mojibake_fix.reports.report import Report

    new, left = baseline.compare(report.findings, baseline.read(path), path.parent)
    gone = baseline.gone(left, report.files, path.parent)
    return Report(tuple(new), report.files, report.problems, len(report.findings) - len(new), gone)


def _deliver(report: Report, kind: str, output: str | None) -> None:
    if kind == "text" and output is None:
        from mojibake_fix.reports.terminal import print_report

        print_report(report)
        return
    text = "".join(f"{line}\n" for line in _writer(kind)(report))
    if output is None:
        click.echo(text, nl=False)
        return
    from mojibake_fix.corpus.atomic import replacing

    with replacing(Path(output)) as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def _writer(kind: str) -> Callable[[Report], Iterator[str]]:
    from mojibake_fix.reports import machine, page, terminal

    return {
        "text": terminal.lines,
        "json": machine.as_json,
        "sarif": machine.as_sarif,
        "github": machine.as_github,
        "junit": machine.as_junit,
        "html": page.as_html,
    }[kind]
