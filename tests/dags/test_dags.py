"""What every DAG must be: named after its contract, scheduled by it, documented, retried with backoff, in the pool."""

import ast
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from expectations.contract.catalogue import feed_ids, load_feed, load_feeds
from expectations.contract.stagger import staggered
from spark_jobs.base.settings import PROJECT

HOUSE_DAGS = ["absences", "entities", "models", "sweep", "upkeep", "warehouse"]
DAG_FILES = sorted((PROJECT / "dags").glob("*.py"))


def test_each_contract_has_a_dag_and_there_is_no_other(dags: dict[str, Any]) -> None:
    assert sorted(dags) == sorted([*(feed.table for feed in load_feeds()), *HOUSE_DAGS])


def test_lake_up_switches_every_dag_on(dags: dict[str, Any]) -> None:
    from infra.airflow.every_dag import every_dag

    assert every_dag() == sorted(dags)


@pytest.mark.parametrize("feed_id", feed_ids())
def test_a_delivery_is_one_task_which_publishes_the_silver_asset(dags: dict[str, Any], feed_id: str) -> None:
    table = load_feed(feed_id).table
    outlets = {task.task_id: [asset.name for asset in task.outlets] for task in dags[table].tasks}
    assert outlets == {"deliver": [f"silver.{table}"]}


@pytest.mark.parametrize("feed_id", feed_ids())
def test_a_feed_runs_on_its_contracts_schedule_in_city_time_with_a_data_interval(
    dags: dict[str, Any], feed_id: str
) -> None:
    from airflow.sdk import CronDataIntervalTimetable

    feed = load_feed(feed_id)
    dag = dags[feed.table]
    assert dag.timetable == CronDataIntervalTimetable(staggered(feed), timezone="Asia/Shanghai")
    assert not dag.catchup
    assert dag.max_active_runs == 1
    assert dag.start_date.date().isoformat() <= "2020-01-01", "the epidemic's history must be loadable"


@pytest.mark.parametrize("feed_id", feed_ids())
def test_a_feeds_page_comes_from_its_contract(dags: dict[str, Any], feed_id: str) -> None:
    feed = load_feed(feed_id)
    dag = dags[feed.table]
    assert dag.owner == feed.owner
    assert feed.agency in dag.tags
    for fact in (feed.title, feed.title_en, feed.legal_basis, feed.grain, *(column.name for column in feed.columns)):
        assert fact in dag.doc_md


def test_every_task_has_owner_doc_pool_timeout_and_retries_with_backoff(dags: dict[str, Any]) -> None:
    for task in (task for dag in dags.values() for task in dag.tasks):
        # A mapped operator keeps its arguments apart from those of the house.
        given = task.partial_kwargs if task.is_mapped else vars(task)
        assert given.get("doc_md"), task
        assert task.owner not in ("", "airflow"), task
        assert task.pool == "lake", task
        assert task.execution_timeout, task
        assert task.retries == 3, task
        assert task.retry_exponential_backoff, task
        assert task.max_retry_delay == timedelta(minutes=10), task


def test_every_dag_has_a_page_a_description_and_tags(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert dag.doc_md, dag
        assert dag.description, dag
        assert dag.tags, dag


def test_entities_and_warehouse_never_depend_on_events_alone(dags: dict[str, Any]) -> None:
    for name in ("entities", "warehouse"):
        assert dags[name].timetable.timetable.expression, name
        assert dags[name].timetable.asset_condition, name


def test_models_are_first_learned_at_the_next_quarter_not_when_the_dag_is_switched_on(dags: dict[str, Any]) -> None:
    assert first_run(dags["models"]) > datetime.now(UTC)
    assert first_run(dags["upkeep"]) <= datetime.now(UTC), "a missed night is caught up with at once"


def first_run(dag: Any) -> datetime:
    """When the scheduler would start a DAG that it has never run."""
    from airflow.serialization.serialized_objects import DagSerialization
    from airflow.timetables.base import TimeRestriction

    scheduled = DagSerialization.from_dict(DagSerialization.to_dict(dag))
    since = TimeRestriction(earliest=scheduled.start_date, latest=None, catchup=False)
    info = scheduled.timetable.next_dagrun_info(last_automated_data_interval=None, restriction=since)
    return datetime.fromisoformat(info.run_after.isoformat())


@pytest.mark.parametrize(
    ("run_type", "conf", "arguments"),
    [
        pytest.param("scheduled", {}, " --from 2026-11-02T03:00:00+08:00 --to 2026-11-03T03:00:00+08:00", id="clock"),
        pytest.param("backfill", {}, " --from 2026-11-02T03:00:00+08:00 --to 2026-11-03T03:00:00+08:00", id="backfill"),
        pytest.param("operator_triggered", {}, "", id="woken by the sweep: all that is pending"),
        pytest.param("manual", {}, "", id="by hand: all that is pending"),
        pytest.param(
            "manual",
            {"from": "2026-11-02T00:00:00+08:00", "to": "2026-11-07T00:00:00+08:00"},
            " --from 2026-11-02T00:00:00+08:00 --to 2026-11-07T00:00:00+08:00",
            id="by hand, over an interval",
        ),
    ],
)
def test_the_kind_of_run_decides_which_deliveries_it_takes(
    dags: dict[str, Any], run_type: str, conf: dict[str, str], arguments: str
) -> None:
    import jinja2
    import pendulum

    command = dags["public_security__resident_registry"].get_task("deliver").bash_command
    zone = ZoneInfo("Asia/Shanghai")
    rendered = jinja2.Template(command).render(
        params={"from": None, "to": None, **conf},
        dag_run=SimpleNamespace(run_type=run_type),
        data_interval_start=pendulum.instance(datetime(2026, 11, 2, 3, tzinfo=zone)).in_timezone("UTC"),
        data_interval_end=pendulum.instance(datetime(2026, 11, 3, 3, tzinfo=zone)).in_timezone("UTC"),
    )
    assert rendered == f'exec "${{LAKE_COMMAND:-lake}}" deliver public_security/resident_registry{arguments}'


@pytest.mark.parametrize("text", ["2026-11-02", "2026-11-02T00:00:00", "2026-11-02T00:00:00Z; rm -rf /", "$(id)"])
def test_a_parameter_that_is_not_a_moment_with_a_zone_never_reaches_the_shell(dags: dict[str, Any], text: str) -> None:
    param = dags["public_security__resident_registry"].params.get_param("from")
    with pytest.raises(Exception, match="does not match"):
        param.resolve(text)


def test_the_sweep_wakes_the_dags_of_the_feeds_it_found(dags: dict[str, Any]) -> None:
    sweep = dags["sweep"]
    read = sweep.get_task("sweep").output_processor
    assert read('["health/epidemic_daily", "housing/affordable_housing_application"]') == [
        "health__epidemic_daily",
        "housing__affordable_housing_application",
    ]
    assert sweep.get_task("wake").upstream_task_ids == {"sweep"}


OF_AIRFLOW = {"start_date", "end_date"}
"""Arguments of a DAG that are names of columns too."""


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.name)
def test_a_dag_file_knows_no_column(file: Any) -> None:
    columns = {column.name for feed in load_feeds() for column in feed.columns} - OF_AIRFLOW
    columns |= {column.source for feed in load_feeds() for column in feed.columns if not column.source.isascii()}
    words = {node.value for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant)}
    assert not columns & {word for word in words if isinstance(word, str)}


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.name)
def test_a_dag_file_shadows_no_package(file: Any) -> None:
    assert not file.name.startswith("dbt_")
    assert file.stem not in {"airflow", "spark", "dbt"}
