"""Airflow's REST API, as its one user: a request costs milliseconds, an `airflow` command seconds."""

from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote

import httpx

from infra.airflow.environment import credentials
from infra.airflow.settings import AirflowSettings, Places
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings

PAGE = 100


class Rest:
    """The few calls that starting and watching runs needs."""

    def __init__(self) -> None:
        self._base = f"http://127.0.0.1:{AirflowSettings().port}"
        self._client = httpx.Client(base_url=self._base, timeout=60, trust_env=False)

    def is_healthy(self) -> bool:
        """Database, scheduler and DAG processor all report themselves healthy."""
        try:
            parts = self._client.get("/api/v2/monitor/health").json()
        except (httpx.HTTPError, ValueError):
            return False
        return all(
            (parts.get(part) or {}).get("status") == "healthy"
            for part in ("metadatabase", "scheduler", "dag_processor")
        )

    def unpause(self, dag_id: str) -> bool:
        """Switch a DAG on; False where it is not known (yet)."""
        answer = self._send("PATCH", f"/dags/{dag_id}", json={"is_paused": False}, accept=(404,))
        return answer.status_code != 404

    def import_errors(self) -> list[str]:
        """What is wrong with DAG files, the last line of each error first."""
        found = self._send("GET", "/importErrors").json()["import_errors"]
        return [f"{error['filename']}: {error['stack_trace'].strip().splitlines()[-1]}" for error in found]

    def create_backfill(self, request: dict[str, Any]) -> int | None:
        """Ask for a backfill and give its number; None while another one of this DAG is open.

        Raises:
            LakeError: Airflow refuses, for example because no interval in the range has ended yet.
        """
        answer = self._send("POST", "/backfills", json=request, accept=(409,))
        return None if answer.status_code == 409 else int(answer.json()["id"])

    def close_backfill(self, number: int) -> None:
        """Mark a backfill whose runs have all ended as complete; Airflow would do so within half a minute."""
        self._send("PUT", f"/backfills/{number}/cancel", accept=(409,))

    def backfill_dates(self, request: dict[str, Any]) -> list[datetime]:
        """Logical dates that a backfill would run now."""
        found = self._send("POST", "/backfills/dry_run", json=request).json()["backfills"]
        return [datetime.fromisoformat(entry["logical_date"]) for entry in found]

    def trigger(self, dag_id: str, logical_date: datetime | None, conf: dict[str, Any]) -> str:
        """Ask for one run; gives its id."""
        request = {"logical_date": logical_date.isoformat() if logical_date else None, "conf": conf}
        return str(self._send("POST", f"/dags/{dag_id}/dagRuns", json=request).json()["dag_run_id"])

    def runs(self, dag_ids: list[str], **only: Any) -> list[dict[str, Any]]:
        """Runs of these DAGs by logical date, filtered by `states`, `logical_date_gte` or `logical_date_lte`."""
        found: list[dict[str, Any]] = []
        while True:
            request = {"dag_ids": dag_ids, "order_by": "logical_date", "page_limit": PAGE, "page_offset": len(found)}
            page = self._send("POST", "/dags/~/dagRuns/list", json={**request, **only}).json()
            found += page["dag_runs"]
            if len(page["dag_runs"]) < PAGE:
                return found

    def run(self, dag_id: str, run_id: str) -> dict[str, Any]:
        """One run."""
        found: dict[str, Any] = self._send("GET", f"/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}").json()
        return found

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Task instances of one run."""
        path = f"/dags/{dag_id}/dagRuns/{quote(run_id, safe='')}/taskInstances"
        found: list[dict[str, Any]] = self._send("GET", path, params={"limit": PAGE}).json()["task_instances"]
        return found

    def _send(self, method: str, path: str, accept: tuple[int, ...] = (), **request: Any) -> httpx.Response:
        try:
            answer = self._client.request(method, f"/api/v2{path}", headers=self._authorization, **request)
        except httpx.HTTPError as error:
            raise LakeError(f"Airflow does not answer at {self._base}: {error}", "start it: lake up") from error
        if answer.is_error and answer.status_code not in accept:
            raise LakeError(f"Airflow refuses {method} {path}: {_reason(answer)}", "read it; `lake up` starts Airflow")
        return answer

    @cached_property
    def _authorization(self) -> dict[str, str]:
        name, password = credentials(Places(settings()))
        answer = self._client.post("/auth/token", json={"username": name, "password": password})
        answer.raise_for_status()
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def _reason(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
