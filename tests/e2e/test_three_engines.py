"""Every Delta table of the lake, read by Spark, delta-rs and DuckDB: equal rows, equal checksums, no new feature."""

import os
from pathlib import Path

import pytest
from deltalake import DeltaTable

from expectations.contract.catalogue import load_feed
from spark_jobs.base import settings
from spark_jobs.intake.formats import write_sample
from spark_jobs.lake.server import session
from tests.e2e import engines
from tests.e2e.conftest import Lake
from tests.e2e.files import REGISTRY

LAYERS = {"bronze", "silver", "quarantine", "entities", "base", "marts"}

SOME_OF_DBT = "+base_person +base_legal_entity +mart_health__epidemic_curve +mart_lake_operation__delivery_day"
"""One writer makes all tables of dbt; these are of every type of column that it writes."""


@pytest.fixture(scope="module")
def tables(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """All tables of a lake in which every layer has some: what earlier tests left, or one delivery taken through."""
    if LAYERS - layers(lake):
        lake.receive(REGISTRY, write_sample(load_feed(REGISTRY), tmp_path_factory.mktemp("sample"), 50))
        lake.run("verify", REGISTRY)
        for entity in ("person", "legal_entity"):
            lake.run("resolve", "--entity", entity)
        lake.run("warehouse", "build", "--select", SOME_OF_DBT)
    return sorted(log.parent for log in (lake.home / "lake").glob("*/*/_delta_log"))


def layers(lake: Lake) -> set[str]:
    """Layers that have a table."""
    return {log.parts[-3] for log in (lake.home / "lake").glob("*/*/_delta_log")}


def test_every_layer_has_tables(lake: Lake, tables: list[Path]) -> None:
    assert tables
    assert layers(lake) >= LAYERS


def test_no_table_asks_a_new_feature_of_its_readers(tables: list[Path]) -> None:
    for path in tables:
        table = DeltaTable(str(path))
        assert (table.protocol().min_reader_version, table.protocol().reader_features) == (1, None), path
        configuration = table.metadata().configuration
        assert configuration.get("delta.enableDeletionVectors") != "true", path
        assert configuration.get("delta.columnMapping.mode", "none") == "none", path


def test_three_engines_read_the_same(lake: Lake, tables: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in lake.env.items():
        if name.startswith("LAKE_"):
            monkeypatch.setitem(os.environ, name, value)
    settings.settings.cache_clear()
    lake.run("server", "up")
    try:
        with session.connected("three engines") as spark:
            for path in tables:
                sums = engines.by_delta_rs(path)
                assert engines.by_duckdb(path) == sums, path
                assert engines.by_spark(spark, path) == sums, path
    finally:
        lake.run("server", "down")
        settings.settings.cache_clear()
