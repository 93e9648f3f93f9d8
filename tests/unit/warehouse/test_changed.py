"""What a build need not make again: what follows from nothing that has changed since the last build of everything."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import delete

from expectations.entity_spec import load_entity
from spark_jobs import ledger_table, warehouse
from spark_jobs.control import ledger, warehouse_builds
from spark_jobs.control.database import session
from spark_jobs.control.schema import WarehouseBuild
from spark_jobs.entities.state import create_tables
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.delta_commits import Signed
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.release import tokens
from spark_jobs.warehouse import building, changed, standing
from tests.deliveries import a_delivery

READ = {"medical_insurance__settlement": 3, "health__epidemic_daily": 1}
MADE: tuple[Layer, str] = ("marts", "mart_of_tests")


def put(layer: Layer, table: str, *values: int) -> None:
    delta_commits.put(layer, table, pa.table({"a": list(values)}), Signed("test"))


def note(selection: str | None = None) -> int:
    documents = {name: each.document() for name, each in standing.now().items()}
    entities = standing.versions_of("entities")
    return warehouse_builds.note(selection, READ, entities, documents, inputs=changed.read_now())


def since(published: dict[str, int] | None = None) -> changed.Since | None:
    return changed.since_last_build(published or READ, standing.versions_of("entities"), changed.read_now())


@pytest.fixture
def built(lake_home: Path) -> int:
    """A warehouse of one table that was built of everything."""
    with session() as at:
        at.execute(delete(WarehouseBuild))
        at.commit()
    put(*MADE, 1)
    ledger_table.write()
    tokens.write()
    create_tables(load_entity("person"))
    return note()


def test_where_nothing_has_changed_nothing_is_to_be_made(built: int) -> None:
    assert since() == changed.Since(built, ())


def test_what_has_changed_is_named_as_dbt_selects_it(built: int) -> None:
    found = since({**READ, "medical_insurance__settlement": 4, "water__rainfall": 0})
    assert found is not None
    assert found.names == ("silver.medical_insurance__settlement", "silver.water__rainfall")
    assert found.selection() == [
        "--select",
        "source:silver.medical_insurance__settlement+",
        "source:silver.water__rainfall+",
        "@source:silver.medical_insurance__settlement,config.materialized:view",
        "@source:silver.water__rainfall,config.materialized:view",
    ]


def test_a_feed_that_is_no_longer_published_has_changed(built: int) -> None:
    found = since({"medical_insurance__settlement": 3})
    assert found is not None
    assert found.names == ("silver.health__epidemic_daily",)


def test_what_the_ledger_says_is_a_source_and_saying_it_again_is_no_change(built: int) -> None:
    ledger_table.write()
    assert since() == changed.Since(built, ())
    ledger.add(a_delivery())
    ledger_table.write()
    found = since()
    assert found is not None
    assert found.names == (f"ledger.{ledger_table.TABLE}",)


def test_another_key_of_tokens_is_a_change(built: int) -> None:
    row = dict.fromkeys(tokens.SCHEMA.names, ["by another key"])
    delta_commits.add("restricted", tokens.TABLE, pa.table(row, schema=tokens.SCHEMA), Signed("test"))
    found = since()
    assert found is not None
    assert found.names == (f"tokens.{tokens.TABLE}",)


def _of_a_selection() -> None:
    note("+base_person")


def _of_other_code() -> None:
    noted = warehouse_builds.builds()[0]
    inputs = {**(noted.inputs or {}), "code": "of yesterday"}
    warehouse_builds.note(None, noted.published, noted.entities, noted.tables, inputs=inputs)


def _with_another_table() -> None:
    put(*MADE, 2)


def _with_a_table_gone() -> None:
    noted = warehouse_builds.builds()[0]
    gone = {**noted.tables, "marts.mart_that_is_gone": {"version": 0, "rows": 1}}
    warehouse_builds.note(None, noted.published, noted.entities, gone, inputs=noted.inputs)


def _restored() -> None:
    noted = warehouse_builds.builds()[0]
    warehouse_builds.note(None, noted.published, noted.entities, noted.tables)


@pytest.mark.parametrize(
    ("after", "because"),
    [
        (_of_a_selection, "no build of everything is the last one"),
        (_of_other_code, "are others than those of build"),
        (_with_another_table, "marts.mart_of_tests is not as build"),
        (_with_a_table_gone, "marts.mart_that_is_gone is not as build"),
        (_restored, "no build of everything is the last one"),
    ],
)
def test_where_the_last_build_does_not_tell_all_must_be_made_and_it_is_said_why(
    built: int, after: Callable[[], None], because: str
) -> None:
    after()
    assert since() is None
    assert because in str(changed.why_everything(warehouse_builds.builds(), changed.read_now()))


def test_before_the_first_build_all_must_be_made(built: int) -> None:
    with session() as at:
        at.execute(delete(WarehouseBuild))
        at.commit()
    assert since() is None


def test_a_build_that_would_change_nothing_asks_no_engine(built: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_engine(*_: Any) -> None:
        raise AssertionError("an engine was asked")

    monkeypatch.setattr(building, "check_lineage", lambda: None)
    monkeypatch.setattr(building, "_prepare_sources", lambda: None)
    monkeypatch.setattr(building, "of_versions", lambda _: {})
    monkeypatch.setattr(building, "engine_over", no_engine)
    before = tables.version(*MADE)
    outcome = warehouse.build(published=READ)
    assert (outcome.number, outcome.changed, outcome.passed) == (built, (), 0)
    assert outcome.marts["marts.mart_of_tests"] == 1
    assert tables.version(*MADE) == before
    with pytest.raises(AssertionError, match="an engine was asked"):
        warehouse.build(published=READ, everything=True)
