"""Ask the scheduler for runs, and wait for them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.airflow.failure import RunsFailedError, failure_of
from infra.airflow.requests import Backfill, Request, Trigger
from infra.airflow.rest import Rest
from infra.airflow.services import down_services
from spark_jobs.base.errors import LakeError

POLL_SECONDS = 1.0
POLL_SHARE = 10
"""Between two questions passes so many times what the first took: the answer about a thousand runs takes seconds."""
OPEN_BACKFILL_SECONDS = 90
ENDED = ("success", "failed")


@dataclass(frozen=True)
class Run:
    """One run that has ended.

    Args:
        dag_id: its DAG.
        run_id: its id.
        start: start of its data interval; None for a run without one.
        end: end of that interval.
        state: success or failed.
        seconds: from its start to its end.
    """

    dag_id: str
    run_id: str
    start: datetime | None
    end: datetime | None
    state: str
    seconds: float


@dataclass(frozen=True)
class Progress:
    """How far a set of runs is.

    Args:
        done: runs that have ended.
        total: all of them.
        running: DAGs that are at work now.
    """

    done: int
    total: int
    running: tuple[str, ...]


def run_many(requests: Sequence[Request], report: Callable[[Progress], None] | None = None) -> list[Run]:
    """Ask for all of these at once, wait until the last has ended, and give every run in order.

    A backfill gives the runs of all its intervals, those that had succeeded before too.

    Args:
        requests: what to run; at most one backfill of a DAG.
        report: called about once a second.

    Raises:
        RunsFailedError: runs failed (of each DAG the first: interval, task, log and its last lines).
        LakeError: Airflow refused, or a service ended meanwhile.
    """
    rest = Rest()
    tell = report or _ignore
    asked = [_ask(rest, request, tell) for request in requests]
    runs = _ended(rest, asked, tell)
    for request in asked:
        if request.backfill is not None:
            rest.close_backfill(request.backfill)
    failed: dict[str, Run] = {}
    for run in runs:
        if run.state != "success":
            failed.setdefault(run.dag_id, run)
    if failed:
        raise RunsFailedError(
            [(dag_id, failure_of(rest, dag_id, run.run_id, run.start)) for dag_id, run in failed.items()]
        )
    return runs


def backfill(request: Backfill, report: Callable[[Progress], None] | None = None) -> list[Run]:
    """Backfill business dates of one feed and give the runs, oldest first.

    Raises:
        LakeError: as `run_many`.
    """
    return run_many([request], report)


def trigger(request: Trigger, report: Callable[[Progress], None] | None = None) -> Run:
    """Run one DAG once.

    Raises:
        LakeError: as `run_many`.
    """
    return run_many([request], report)[0]


@dataclass(frozen=True)
class _Asked:
    """A request that the scheduler has taken."""

    dag_id: str
    pending: frozenset[str]
    backfill: int | None
    all: Callable[[Rest], list[dict[str, Any]]]


def _ask(rest: Rest, request: Request, report: Callable[[Progress], None]) -> _Asked:
    if isinstance(request, Trigger):
        run_id = rest.trigger(request.dag_id, request.logical_date, request.conf)
        return _Asked(request.dag_id, frozenset({run_id}), None, lambda at: [at.run(request.dag_id, run_id)])
    return _ask_backfill(rest, request, report)


def _ask_backfill(rest: Rest, request: Backfill, report: Callable[[Progress], None]) -> _Asked:
    earliest, latest = (bound.isoformat() for bound in request.bounds)

    def all_runs(at: Rest) -> list[dict[str, Any]]:
        return at.runs([request.dag_id], logical_date_gte=earliest, logical_date_lte=latest)

    body = {
        "dag_id": request.dag_id,
        "from_date": earliest,
        "to_date": latest,
        "max_active_runs": request.max_active_runs,
        "reprocess_behavior": "completed" if request.reprocess else "failed",
    }
    number = None
    if rest.backfill_dates(body):
        number = _create(rest, body, report)
    runs = all_runs(rest)
    if not runs:
        raise LakeError(
            f"{request.dag_id}: no data interval that covers {request.first} to {request.last} has ended yet",
            "wait for it, or give earlier dates",
        )
    pending = frozenset(run["dag_run_id"] for run in runs if run["state"] not in ENDED)
    return _Asked(request.dag_id, pending, number, all_runs)


def _create(rest: Rest, body: dict[str, Any], report: Callable[[Progress], None]) -> int:
    """Create a backfill; the runs of one that was interrupted, which the scheduler takes up again, end first.

    Raises:
        LakeError: one is open whose runs have ended long since, or a service ended meanwhile.
    """
    deadline = time.monotonic() + OPEN_BACKFILL_SECONDS
    most = 0
    while (number := rest.create_backfill(body)) is None:
        active = len(rest.runs([body["dag_id"]], states=["queued", "running"]))
        if active:
            deadline = time.monotonic() + OPEN_BACKFILL_SECONDS
            most = max(most, active)
            report(Progress(most - active, most, (body["dag_id"],)))
        elif time.monotonic() > deadline:
            raise LakeError(f"{body['dag_id']}: another backfill is running", "wait for it, or cancel it in the UI")
        _services_are_alive()
        time.sleep(POLL_SECONDS)
    return number


def _ended(rest: Rest, asked: list[_Asked], report: Callable[[Progress], None]) -> list[Run]:
    """Every run that was asked for, in order, once all have ended."""
    wanted = {(request.dag_id, run_id) for request in asked for run_id in request.pending}
    while True:
        _wait(rest, wanted, report)
        found = [run for request in asked for run in request.all(rest)]
        # The list of active runs comes in pages, and grows shorter between two of them: one may have been left out.
        wanted = {(run["dag_id"], run["dag_run_id"]) for run in found if run["state"] not in ENDED}
        if not wanted:
            return [_run(run) for run in found]


def _wait(rest: Rest, wanted: set[tuple[str, str]], report: Callable[[Progress], None]) -> None:
    """Until none of these runs is among those that are queued or running."""
    wanted = set(wanted)
    dag_ids = sorted({dag_id for dag_id, _ in wanted})
    total = len(wanted)
    while wanted:
        asked_at = time.monotonic()
        active = rest.runs(dag_ids, states=["queued", "running"])
        took = time.monotonic() - asked_at
        wanted &= {(run["dag_id"], run["dag_run_id"]) for run in active}
        at_work = {run["dag_id"] for run in active if run["state"] == "running"}
        report(Progress(total - len(wanted), total, tuple(sorted(at_work))))
        if wanted:
            _services_are_alive()
            time.sleep(max(POLL_SECONDS, POLL_SHARE * took))


def _services_are_alive() -> None:
    dead = down_services()
    if dead:
        raise LakeError(f"Airflow's {', '.join(dead)} ended while runs were waiting", "read its log; start it: lake up")


def _run(found: dict[str, Any]) -> Run:
    start, end = (
        datetime.fromisoformat(found[name]) if found[name] else None
        for name in ("data_interval_start", "data_interval_end")
    )
    return Run(found["dag_id"], found["dag_run_id"], start, end, found["state"], float(found["duration"] or 0))


def _ignore(_progress: Progress) -> None:
    return None
