"""`lake audit` on the terminal: progress on standard error, findings on standard output."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from spark_jobs.ask.audit import Report, Watch, audit
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.commands.console import err, out


def run(since: datetime | None, as_json: bool) -> int:
    """Audit and print what was found; returns the exit status.

    Args:
        since: a moment, or a day's beginning in the city; None: everything.
        as_json: print one JSON document.
    """
    with _progress() as watch:
        report = audit(_moment(since), watch)
    (_print_json if as_json else _print_lines)(report, since)
    return 1 if report.findings else 0


def _moment(since: datetime | None) -> datetime | None:
    return since if since is None or since.tzinfo else since.replace(tzinfo=CITY_TIME)


@contextmanager
def _progress() -> Iterator[Watch]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        yield _Bar(bar)


class _Bar:
    """One bar that begins anew with each part of the audit."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("audit", total=None)

    def begin(self, what: str, total: int) -> None:
        self._bar.reset(self._task, total=total, description=what)

    def step(self) -> None:
        self._bar.advance(self._task)


def _print_json(report: Report, since: datetime | None) -> None:
    document = {
        "scope": _scope(since),
        "findings": [asdict(finding) for finding in report.findings],
        "not_checked": [asdict(remark) for remark in report.remarks],
    }
    out.print_json(json.dumps(document, ensure_ascii=False))


def _print_lines(report: Report, since: datetime | None) -> None:
    for finding in report.findings:
        out.print(f"{finding.invariant} {finding.place}: {finding.what}", highlight=False, markup=False)
        out.print(f"  next: {finding.next_step}", highlight=False, markup=False)
    for remark in report.remarks:
        out.print(f"not checked: {remark}", highlight=False, markup=False)
    if report.findings:
        out.print(f"{len(report.findings)} findings ({_scope(since)})", highlight=False)
    else:
        out.print(f"every byte and row is accounted for ({_scope(since)})", highlight=False)


def _scope(since: datetime | None) -> str:
    return "everything" if since is None else f"since {since.isoformat()}"
