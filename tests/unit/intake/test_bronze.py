"""Bronze: many deliveries in one commit, each there once."""

import json
from pathlib import Path

import pytest
from deltalake import DeltaTable

from expectations.contract.feed import FeedContract
from spark_jobs.intake import bronze
from spark_jobs.intake.child.decoded import Decoded, DecodeTask
from spark_jobs.intake.child.decoding import decode_all
from spark_jobs.lake.storage.paths import table_uri
from tests.unit.intake.formats.decoding_cases import CSV, contract_of

CONTRACT = contract_of(CSV, feed="written_together")


@pytest.fixture(scope="module")
def deliveries(lake_home: Path) -> list[Decoded]:
    """Deliveries d0 to d4 of 0 to 4 rows each."""
    folder = lake_home / "spool"
    folder.mkdir(exist_ok=True)
    tasks = [DecodeTask(f"d{rows}", folder / f"{rows}") for rows in range(5)]
    for rows, task in enumerate(tasks):
        task.path.write_text("编号,姓名\n" + f"{rows},甲\n" * rows, "utf-8")
    return list(decode_all(tasks, CONTRACT))


def stored(contract: FeedContract) -> DeltaTable:
    return DeltaTable(table_uri("bronze", contract.table))


def test_deliveries_are_committed_together_and_once(deliveries: list[Decoded]) -> None:
    first = bronze.write_many(CONTRACT, deliveries[:3])
    assert first == {"d0": None, "d1": 1, "d2": 1}
    second = bronze.write_many(CONTRACT, deliveries)
    assert second == {"d0": None, "d1": 2, "d2": 2, "d3": 2, "d4": 2}
    assert bronze.write_many(CONTRACT, deliveries) == second

    table = stored(CONTRACT)
    counted = table.to_pyarrow_table().group_by("_delivery_id").aggregate([([], "count_all")])
    assert dict(zip(*(column.to_pylist() for column in counted.columns), strict=True)) == {
        f"d{n}": n for n in range(1, 5)
    }
    told = [json.loads(commit.get("deliveries", "[]")) for commit in table.history()]
    assert told == [["d3", "d4"], ["d1", "d2"], []]
