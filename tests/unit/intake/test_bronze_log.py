"""Bronze keeps every string in its rows, and no value of a row in the table's log or the files' statistics."""

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from expectations.contract.catalogue import load_feed
from spark_jobs import upkeep
from spark_jobs.base.settings import settings
from spark_jobs.intake import bronze
from spark_jobs.intake.child.decoded import Decoded, DecodeTask
from spark_jobs.lake.storage.paths import table_uri

CANARY = "金丝雀3301"
CONTRACT = load_feed("health/epidemic_daily")


class Rows(Decoded):
    """Records that hold one value everywhere."""

    has_rows = True

    def batches(self) -> Iterator[pa.RecordBatch]:
        schema = pa.schema(list(bronze.bronze_schema(CONTRACT))[1:])
        columns = [pa.array([CANARY if pa.types.is_string(field.type) else 1], field.type) for field in schema]
        yield pa.RecordBatch.from_arrays(columns, schema=schema)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the bronze table of the feed will be, in a lake of its own."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    return Path(table_uri("bronze", CONTRACT.table))


def log_of(table: Path) -> str:
    DeltaTable(str(table)).create_checkpoint()
    entries = [path.read_text("utf-8") for path in sorted((table / "_delta_log").glob("*.json"))]
    packed = [str(pq.read_table(path).to_pylist()) for path in (table / "_delta_log").glob("*.parquet")]
    return "".join(entries + packed)


def write(delivery: str) -> None:
    bronze.write_many(CONTRACT, [Rows(DecodeTask(delivery, Path("delivery")))])


def test_neither_log_nor_statistics_hold_a_value(table: Path) -> None:
    for delivery in ("d1", "d2"):
        write(delivery)
    assert list(upkeep.compact_bronze()) == [f"bronze.{CONTRACT.table}: 2 files into 1"]

    assert CANARY not in log_of(table)
    (file,) = (Path(path) for path in DeltaTable(str(table)).file_uris())
    group = pq.ParquetFile(file).metadata.row_group(0)
    told = {group.column(at).path_in_schema for at in range(group.num_columns) if group.column(at).is_stats_set}
    assert told == {"_delivery_id", "_row_number"}
    assert DeltaTable(str(table)).to_pyarrow_table().column(CONTRACT.columns[0].name).to_pylist() == [CANARY] * 2


def test_files_are_still_found_by_delivery(table: Path) -> None:
    write("d1")
    added = [json.loads(line) for line in log_of(table).splitlines() if line.startswith('{"add"')]
    stated = json.loads(added[0]["add"]["stats"])
    assert (stated["numRecords"], stated["minValues"]["_delivery_id"]) == (1, "d1")


def test_a_table_of_an_earlier_version_holds_no_further_values(table: Path) -> None:
    schema = bronze.bronze_schema(CONTRACT)
    old = pa.table(
        [pa.array(["从前"]) if pa.types.is_string(kind) else pa.array([1], kind) for kind in schema.types],
        schema=schema,
    )
    write_deltalake(str(table), old)
    write("d1")

    said = log_of(table)
    assert "从前" in said
    assert CANARY not in said
