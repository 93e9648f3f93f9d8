"""Why a run failed, so that a person need not open the UI to learn it."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.airflow.intervals import CITY_TIME
from infra.airflow.rest import Rest
from infra.airflow.settings import Places
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings

LINES = 12
OF_THE_COMMAND = "airflow.task.hooks.airflow.providers.standard.hooks.subprocess.SubprocessHook"


class RunsFailedError(LakeError):
    """Runs failed; all others that were asked for have ended well. The text is of the first, and names the others.

    Args:
        failures: DAG and error, one of each DAG.
    """

    def __init__(self, failures: Sequence[tuple[str, LakeError]]) -> None:
        (_, first), *others = failures
        also = ", ".join(dag_id for dag_id, _ in others)
        told = f"; failed too: {also} (lake steps --unfinished says what and why)" if also else ""
        super().__init__(first.what, f"{first.next_step}{told}")
        self.failures = tuple(failures)


def failure_of(rest: Rest, dag_id: str, run_id: str, start: datetime | None) -> LakeError:
    """The error that tells which task of a run failed, for which interval, and what it said last."""
    failed = [task for task in rest.tasks(dag_id, run_id) if task["state"] == "failed"]
    which = f"{dag_id} of {start.astimezone(CITY_TIME):%Y-%m-%d %H:%M}" if start else f"{dag_id} {run_id}"
    if not failed:
        return LakeError(f"{which} failed before any task did", "read .lake/airflow/logs/scheduler.log")
    task = failed[0]
    log = log_of(task)
    said = "\n    ".join(["", *last_events(log)])
    tries = f"{task['try_number']} of {task['max_tries'] + 1} tries"
    return LakeError(
        f"{which}: task {task['task_id']} failed after {tries}:{said}",
        f"correct the cause and run again; whole log: {log}",
    )


def log_of(task: dict[str, Any]) -> Path:
    """The log file of a task's last try."""
    parts = [f"dag_id={task['dag_id']}", f"run_id={task['dag_run_id']}", f"task_id={task['task_id']}"]
    if task["map_index"] >= 0:
        parts.append(f"map_index={task['map_index']}")
    return Places(settings()).logs.joinpath(*parts, f"attempt={task['try_number']}.log")


def last_events(log: Path) -> list[str]:
    """What the command printed last; where it printed nothing, what Airflow logged last."""
    if not log.exists():
        return ["nothing was logged"]
    entries = [_entry(line) for line in log.read_text("utf-8", errors="replace").splitlines()]
    printed = [entry["event"] for entry in entries if entry.get("logger") == OF_THE_COMMAND]
    said = printed[printed.index("Output:") + 1 :] if "Output:" in printed else [str(e["event"]) for e in entries]
    return [line for line in said if not line.startswith("Command exited")][-LINES:]


def _entry(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except json.JSONDecodeError:
        return {"event": line}
    return entry if isinstance(entry, dict) and "event" in entry else {"event": line}
