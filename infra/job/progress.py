"""Stages of a job with their seconds, and runs of DAGs with a bar."""

import time
from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from infra.airflow import runtime
from spark_jobs.commands.console import out


@contextmanager
def stage(name: str, stages: MutableMapping[str, float]) -> Iterator[None]:
    """Put the seconds of the block into `stages`, whether it succeeds or not."""
    start = time.monotonic()
    try:
        yield
    finally:
        stages[name] = round(time.monotonic() - start, 1)


@dataclass(frozen=True)
class Failure:
    """A run that failed.

    Args:
        dag: whose.
        what: what happened: interval, task, and what it said last.
        next_step: what to do.
    """

    dag: str
    what: str
    next_step: str


@contextmanager
def noted(failures: list[Failure]) -> Iterator[None]:
    """Note runs of the block that fail, and go on behind it."""
    try:
        yield
    except runtime.RunsFailedError as error:
        failures += [Failure(dag_id, each.what, each.next_step) for dag_id, each in error.failures]


def run_dags(what: str, requests: Sequence[runtime.Request]) -> None:
    """Ask the scheduler, and show how far it is; at the end the line names what was run.

    Raises:
        RunsFailedError: runs failed; the others have ended well.
        LakeError: Airflow refused, or a service ended meanwhile.
    """
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} runs"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=out) as progress:
        task = progress.add_task(f"{what}: waiting for the scheduler", total=None)

        def report(state: runtime.Progress) -> None:
            at_work = f"{what}: {', '.join(state.running)}" if state.running else what
            progress.update(task, completed=state.done, total=state.total, description=at_work[:60])

        runtime.run_many(requests, report)
