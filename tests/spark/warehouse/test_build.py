"""dbt on the lake server: incremental months, the guard against silent replacement, feeds without a publication."""

from collections.abc import Iterator
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from spark_jobs import warehouse
from spark_jobs.base.errors import LakeError
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import table_uri
from tests.spark.silver_rows import delivered, put_silver

MART = "mart_health__visits_and_cost"
SETTLEMENT = "medical_insurance__settlement"


def settlement(number: str, day: str, total: float) -> dict[str, Any]:
    return {
        "settlement_id": number,
        "insured_division_code": "421202",
        "treatment_division_code": "420100",
        "insurance_type": "310",
        "treatment_type": "11",
        "settled_at": f"{day} 09:00:00",
        "total_amount": total,
        "fund_amount": total - 10,
        "person_amount": 10,
        "is_refund": False,
    }


OCTOBER = settlement("S1", "2026-10-07", 100)
NOVEMBER = settlement("S2", "2026-11-02", 50)
CORRECTED = settlement("S2", "2026-11-02", 80)


def build_with(spark: SparkSession, *settlements: dict[str, Any]) -> None:
    version = put_silver("medical_insurance/settlement", delivered(1, *settlements))
    warehouse.build(select=f"+{MART}", published={SETTLEMENT: version})


def totals() -> dict[str, float]:
    rows = DeltaTable(table_uri("marts", MART)).to_pyarrow_table(columns=["settled_month", "total_amount"]).to_pylist()
    return {str(row["settled_month"]): float(row["total_amount"]) for row in rows}


@pytest.fixture(scope="module")
def built(spark: SparkSession) -> Iterator[SparkSession]:
    build_with(spark, OCTOBER, NOVEMBER)
    yield spark


def test_only_a_changed_month_is_rebuilt(built: SparkSession) -> None:
    october = {file for file in DeltaTable(table_uri("marts", MART)).file_uris() if "2026-10" in file}
    build_with(built, OCTOBER, CORRECTED)
    after = set(DeltaTable(table_uri("marts", MART)).file_uris())
    assert totals() == {"2026-10-01": 100.0, "2026-11-01": 80.0}
    assert october and october <= after


def test_a_table_that_dbt_does_not_see_is_not_replaced(built: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tables.version("marts", MART)
    # What a failed metadata call looks like to dbt: no such table, though storage holds it.
    built.sql(f"DROP TABLE marts.{MART}")
    monkeypatch.setattr(warehouse, "register_layer", lambda spark, layer: [])
    try:
        with pytest.raises(LakeError, match="is in storage, but dbt does not see it"):
            build_with(built, NOVEMBER)
        assert tables.version("marts", MART) == before
        assert "2026-10-01" in totals()
    finally:
        tables.register(built, "marts", MART)


def test_a_server_that_knows_no_table_is_told_of_those_in_storage(built: SparkSession) -> None:
    before = {file for file in DeltaTable(table_uri("marts", MART)).file_uris() if "2026-10" in file}
    built.sql(f"DROP TABLE marts.{MART}")
    build_with(built, OCTOBER, CORRECTED)
    assert before <= set(DeltaTable(table_uri("marts", MART)).file_uris())
    assert totals() == {"2026-10-01": 100.0, "2026-11-01": 80.0}


def test_a_feed_without_a_publication_gives_no_rows(built: SparkSession) -> None:
    outcome = warehouse.build(select="+mart_business_environment__approval_duration", published={})
    assert outcome.marts["marts.mart_business_environment__approval_duration"] == 0
    assert outcome.failed == 0
