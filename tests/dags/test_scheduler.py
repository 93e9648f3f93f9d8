"""The real scheduler on the real DAGs; only the `lake` command is replaced, by a script that writes down its calls."""

import json
import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psutil
import pytest

from expectations.contract.catalogue import load_feed
from expectations.contract.stagger import staggered
from infra.airflow import runtime
from infra.airflow.settings import Places
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from tests.ports import free_ports

FEED = load_feed("health/epidemic_daily")
DIVISION = load_feed("natural_resources/division")
MINUTE, HOUR = map(int, staggered(FEED).split()[:2])
TIME = f"{HOUR:02}:{MINUTE:02}"
COMMAND = """#!/bin/sh
echo "$@" >> {calls}
case "$*" in
  sweep) echo "looking"; echo '["natural_resources/division"]' ;;
  deliver*2020-02-01*) echo "20200201.csv: 编码有误"; exit 1 ;;
  warehouse*) test ! -e {calls}.no-build ;;
  pages|marts) exit 1 ;;
esac
"""


class Calls:
    """What tasks asked of the `lake` command, in the order in which they did."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def take(self) -> list[str]:
        """The calls since the last look."""
        text = self.file.read_text() if self.file.exists() else ""
        self.file.unlink(missing_ok=True)
        return text.splitlines()


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calls]:
    folder = tmp_path_factory.mktemp("scheduler")
    command = folder / "lake"
    command.write_text(COMMAND.format(calls=folder / "calls"))
    command.chmod(0o700)
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "AIRFLOW_HOME"):
            environment.delenv(name, raising=False)
        environment.setenv("LAKE_HOME", str(folder / "home"))
        environment.setenv("LAKE_AIRFLOW_PORT", str(free_ports(2)))
        environment.setenv("LAKE_COMMAND", str(command))
        environment.setenv("AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY", "1")
        settings.cache_clear()
        try:
            with runtime.running([FEED.table, DIVISION.table, "sweep", "warehouse"], by_clock=False):
                yield Calls(folder / "calls")
        finally:
            settings.cache_clear()


def delivery_of(day: str, next_day: str) -> str:
    return f"deliver {FEED.id} --from {day}T{TIME}:00+08:00 --to {next_day}T{TIME}:00+08:00"


THREE_DAYS = [
    delivery_of("2020-01-20", "2020-01-21"),
    delivery_of("2020-01-21", "2020-01-22"),
    delivery_of("2020-01-22", "2020-01-23"),
]


def three_days(reprocess: bool) -> runtime.Backfill:
    return runtime.Backfill(FEED, date(2020, 1, 20), date(2020, 1, 22), reprocess)


def test_a_backfill_makes_one_run_per_date_in_order(calls: Calls) -> None:
    seen: list[runtime.Progress] = []
    runs = runtime.backfill(three_days(reprocess=False), seen.append)
    assert [run.state for run in runs] == ["success"] * 3
    assert calls.take() == THREE_DAYS
    assert (seen[-1].done, seen[-1].total) == (3, 3)


def test_the_same_backfill_again_runs_nothing_unless_asked_to(calls: Calls) -> None:
    assert [run.state for run in runtime.backfill(three_days(reprocess=False))] == ["success"] * 3
    assert calls.take() == []
    assert [run.state for run in runtime.backfill(three_days(reprocess=True))] == ["success"] * 3
    assert calls.take() == THREE_DAYS


def test_a_failing_command_is_tried_four_times_and_then_told(calls: Calls) -> None:
    day = date(2020, 2, 1)
    with pytest.raises(LakeError) as failed:
        runtime.backfill(runtime.Backfill(FEED, day, day))
    assert f"health__epidemic_daily of 2020-02-01 {TIME}: task deliver failed after 4 of 4 tries" in failed.value.what
    assert failed.value.what.endswith("20200201.csv: 编码有误")
    assert Path(failed.value.next_step.rpartition("whole log: ")[2]).is_file()
    assert calls.take() == [delivery_of("2020-02-01", "2020-02-02")] * 4


def test_a_run_by_hand_takes_all_that_is_pending(calls: Calls) -> None:
    assert runtime.trigger(runtime.Trigger(DIVISION.table)).state == "success"
    assert calls.take() == [f"deliver {DIVISION.id}"]


def test_the_sweep_wakes_the_feeds_it_found(calls: Calls) -> None:
    assert runtime.trigger(runtime.Trigger("sweep")).state == "success"
    # Waits for the run that the sweep asked for too: a DAG has one active run at a time.
    runtime.trigger(runtime.Trigger(DIVISION.table))
    assert calls.take().count(f"deliver {DIVISION.id}") == 2


def test_pages_and_a_file_of_marts_that_fail_do_not_fail_the_warehouse(calls: Calls) -> None:
    assert runtime.trigger(runtime.Trigger("warehouse")).state == "success"
    first, *between, last = calls.take()
    assert (first, last) == ("warehouse build --no-unit-tests", "compare")
    assert sorted(between) == [*["marts"] * 4, *["pages"] * 4]


def test_a_warehouse_that_is_not_built_has_neither_pages_nor_file_nor_comparisons(calls: Calls) -> None:
    calls.file.with_name("calls.no-build").touch()
    with pytest.raises(LakeError, match="task build failed"):
        runtime.trigger(runtime.Trigger("warehouse"))
    assert set(calls.take()) == {"warehouse build --no-unit-tests"}


def test_services_listen_on_loopback_only(calls: Calls) -> None:
    services = [psutil.Process(service.pid) for service in runtime.status() if service.pid]
    family = [member for service in services for member in (service, *service.children(recursive=True))]
    listening = {at.laddr.ip for one in family for at in one.net_connections() if at.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}


def test_passwords_and_keys_are_generated_and_for_the_owner_only(calls: Calls) -> None:
    places = Places(settings())
    for file in (places.secrets, places.passwords, places.environment):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    password = json.loads(places.passwords.read_text())["admin"]
    assert len(password) == 40
    assert all(password not in log.read_text() for log in places.logs.glob("*.log"))


def test_down_leaves_no_process(calls: Calls) -> None:
    services = [psutil.Process(service.pid) for service in runtime.status() if service.pid]
    family = [member for service in services for member in (service, *service.children(recursive=True))]
    assert runtime.down() == ["api-server", "execution-api", "scheduler", "dag-processor"]
    assert not any(member.is_running() and member.status() != psutil.STATUS_ZOMBIE for member in family)
    assert [service.pid for service in runtime.status()] == [None] * 4
