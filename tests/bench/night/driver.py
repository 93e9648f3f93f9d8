"""The night itself, run by the tree that has the contracts: `driver.py COUNTS DAGS`, a folder and a JSON list."""

import json
import sys
import time
from pathlib import Path

from infra.airflow import runtime
from infra.airflow.rest import Rest
from infra.warm import keeper

_AT_ONCE = 30
"""Runs that wait or work: as a clock would start them that staggers 1,325 feeds over an hour."""
_POLL_SECONDS = 2.0


def main(counts: Path, dags: list[str]) -> None:
    """Start the services, run each DAG once, and stop them."""
    keeper.start()
    try:
        with runtime.running(dags, by_clock=False):
            _note(counts, "begun")
            failed = _run_all(dags)
            _note(counts, "ended")
    finally:
        keeper.stop()
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


def _run_all(dags: list[str]) -> list[str]:
    """Names of the DAGs whose run failed."""
    rest, waiting, runs = Rest(), list(reversed(dags)), {}
    active: set[str] = set()
    while waiting or active:
        while waiting and len(active) < _AT_ONCE:
            dag_id = waiting.pop()
            runs[dag_id] = rest.trigger(dag_id, None, {})
            active.add(dag_id)
        time.sleep(_POLL_SECONDS)
        active = {run["dag_id"] for run in rest.runs(sorted(active), states=["queued", "running"])}
    return [dag_id for dag_id, run_id in runs.items() if rest.run(dag_id, run_id)["state"] != "success"]


def _note(counts: Path, moment: str) -> None:
    """Let the benchmark look at its account, and wait until it has."""
    (counts / moment).touch()
    while not (counts / f"{moment}.seen").exists():
        time.sleep(0.05)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
