"""Builds are noted with the versions of their tables; tables go back to them, and are compared with a full build."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from sqlalchemy import delete, update

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import warehouse_builds
from spark_jobs.control.database import session
from spark_jobs.control.schema import WarehouseBuild
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.lake.storage.paths import Layer, table_uri
from spark_jobs.warehouse import anew, building, restoring, standing
from spark_jobs.warehouse.anew import Compared
from spark_jobs.warehouse.dbt_run import target_folder
from spark_jobs.warehouse.standing import Standing

TABLE = "marts.mart_of_tests"
READ = {"medical_insurance__settlement": 3}
CANARY = "金丝雀"


def put(layer: Layer, **columns: list[Any]) -> None:
    write_deltalake(table_uri(layer, "mart_of_tests"), pa.table(columns), mode="overwrite", schema_mode="overwrite")


def rows() -> list[dict[str, Any]]:
    return list(dataset("marts", "mart_of_tests").to_table().to_pylist())


@pytest.fixture(autouse=True)
def no_builds(lake_home: Path) -> None:
    assert lake_home
    with session() as at:
        at.execute(delete(WarehouseBuild))
        at.commit()


def note(selection: str | None = None) -> int:
    documents = {name: each.document() for name, each in standing.now().items()}
    return warehouse_builds.note(selection, READ, standing.versions_of("entities"), documents)


def test_a_table_stands_at_a_version_with_its_rows() -> None:
    put("marts", a=[1, 2])
    before = standing.now()[TABLE]
    put("marts", a=[1, 2, 3])
    assert standing.now()[TABLE] == Standing(before.version + 1, 3)


def test_builds_are_numbered_and_forgotten_after_a_month() -> None:
    first, second = note(), note("base_person")
    with session() as at:
        old = datetime.now(UTC) - warehouse_builds.KEEP - timedelta(hours=1)
        at.execute(update(WarehouseBuild).where(WarehouseBuild.number == first).values(built_at=old))
        at.commit()
    third = note()
    assert (second, third) == (first + 1, first + 2)
    assert [(each.number, each.selection) for each in warehouse_builds.builds()] == [
        (third, None),
        (second, "base_person"),
    ]


def test_a_table_goes_back_to_the_rows_and_columns_of_a_build() -> None:
    put("marts", a=[1, 2])
    good = note()
    put("marts", a=["x"], b=[1])
    assert restoring.restore() == (good, [TABLE])
    assert rows() == [{"a": 1}, {"a": 2}]


def test_what_is_restored_is_noted_as_a_build_that_read_the_same() -> None:
    put("marts", a=[1])
    good = note()
    put("marts", a=[2])
    restoring.restore(good)
    assert restoring.restore() == (good + 1, [])
    newest = warehouse_builds.builds()[0]
    assert (newest.published, newest.tables[TABLE]) == (READ, standing.now()[TABLE].document())


def test_a_build_that_is_not_noted_cannot_be_restored() -> None:
    with pytest.raises(LakeError, match="no build 7 is noted"):
        restoring.restore(7)


@pytest.mark.parametrize(
    ("full", "surplus", "missing"),
    [
        pytest.param({"n": [1, 1, None], "t": ["a", "a", CANARY]}, 0, 0, id="the same in another order"),
        pytest.param({"n": [1, None], "t": ["a", CANARY]}, 1, 0, id="a row twice"),
        pytest.param({"n": [1, 1, 2, 3], "t": ["a", "a", CANARY, "b"]}, 1, 2, id="another value, a further row"),
        pytest.param({"n": [1, 1, None], "u": ["a", "a", CANARY]}, 3, 3, id="another column"),
        pytest.param({"n": pa.array([], pa.int64()), "t": pa.array([], pa.string())}, 3, 0, id="no row"),
    ],
)
def test_rows_are_compared_with_those_of_a_full_build(full: dict[str, Any], surplus: int, missing: int) -> None:
    put("marts", t=[CANARY, "a", "a"], n=[None, 1, 1])
    put(anew._SCRATCH, **full)
    assert anew.compared(TABLE) == Compared(TABLE, 3, surplus, missing)


def test_a_difference_is_told_by_table_and_counts() -> None:
    found = [Compared("marts.a", 10, 0, 0), Compared("marts.b", 1200, 3, 2)]
    with pytest.raises(LakeError) as told:
        anew.raise_on_difference(found)
    assert "1 of 2 incremental tables" in told.value.what
    assert "marts.b: 3 of 1,200 rows are in no full build, 2 are missing" in told.value.what
    assert "--full-refresh" in told.value.next_step


def test_equal_tables_raise_nothing() -> None:
    anew.raise_on_difference([Compared("marts.a", 10, 0, 0)])


def test_nothing_is_compared_after_a_build_of_a_selection() -> None:
    note("base_person")
    with pytest.raises(LakeError, match="the last build was of a selection"):
        anew.compare()


def test_nothing_is_compared_where_a_table_has_changed_since() -> None:
    put("marts", a=[1])
    note()
    put("marts", a=[2])
    with pytest.raises(LakeError, match=rf"1 tables have changed since the last build: {TABLE}"):
        anew.compare()


def test_what_was_made_anew_is_told_of_incremental_tables_alone() -> None:
    tables = {"mart_of_months": "incremental", "base_of_rows": "table"}
    nodes = {
        f"model.{name}": {"schema": name.partition("_")[0], "alias": name, "config": {"materialized": kind}}
        for name, kind in tables.items()
    }
    target = target_folder(settings())
    target.mkdir(parents=True)
    (target / "manifest.json").write_text(json.dumps({"nodes": nodes}), "utf-8")
    results = [{"unique_id": each} for each in (*nodes, "unit_test.of_months")]
    assert building.refreshed(results) == ("mart.mart_of_months",)
