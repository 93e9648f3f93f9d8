"""`lake audit` on the terminal: progress on standard error, findings on standard output."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from spark_jobs.ask.audit import Report, Watch, audit
from spark_jobs.ask.audit.rerun import rerun as do_again
from spark_jobs.base.counted import counted
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.commands.console import err, out


def run(since: datetime | None, rerun: int | None, feed: str | None, as_json: bool) -> int:
    """Audit, or do deliveries again, and print what was found; returns the exit status.

    Args:
        since: a moment, or a day's beginning in the city; None: everything.
        rerun: how many deliveries to do again instead.
        feed: with `rerun`, of which feed.
        as_json: print one JSON document.
    """
    with _progress() as watch:
        report = do_again(rerun, feed, watch) if rerun else audit(_moment(since), watch)
    (_print_json if as_json else _print_lines)(report)
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


def _print_json(report: Report) -> None:
    document = {
        "scope": report.scope,
        "findings": [asdict(finding) for finding in report.findings],
        "not_checked": [asdict(remark) for remark in report.remarks],
    }
    out.print_json(json.dumps(document, ensure_ascii=False))


def _print_lines(report: Report) -> None:
    for finding in report.findings:
        _print(f"{finding.invariant} {finding.place}: {finding.what}")
        _print(f"  next: {finding.next_step}")
    for remark in report.remarks:
        _print(f"not checked: {remark}")
    for line in report.scope:
        _print(f"looked at: {line}")
    _print(counted(len(report.findings), "finding") if report.findings else "every byte and row is accounted for")


def _print(line: str) -> None:
    out.print(line, highlight=False, markup=False)
