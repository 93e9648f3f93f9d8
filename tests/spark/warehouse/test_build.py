"""dbt on either engine: incremental months, the guard against silent replacement, feeds without a publication."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from deltalake import DeltaTable, write_deltalake
from pyspark.sql import SparkSession

from spark_jobs import warehouse
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger, warehouse_builds
from spark_jobs.control.database import engine
from spark_jobs.lake.storage import delta_commits, tables
from spark_jobs.lake.storage.paths import Layer, table_uri
from spark_jobs.warehouse import anew, changed, losses, standing
from spark_jobs.warehouse.anew import Compared
from tests.deliveries import a_delivery
from tests.spark.silver_rows import delivered, put_silver

pytestmark = pytest.mark.usefixtures("mart")

MART = "mart_health__visits_and_cost"
SETTLEMENT = "medical_insurance__settlement"
BY_THE_CLOCK = (
    "+mart_ecology__air_quality_day +mart_water__rainfall_day mart_transport__tracks mart_city_management__dust"
)
ANEW: dict[str, Any] = {"mode": "overwrite", "schema_mode": "overwrite"}


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


@dataclass
class Mart:
    """A mart of settlements. A build takes seconds: it is of the last ones unless a test asks for others."""

    settlements: list[dict[str, Any]] = field(default_factory=list)

    def build(self, *settlements: dict[str, Any]) -> None:
        """Built of these; if that fails it is still of the last ones."""
        version = put_silver("medical_insurance/settlement", delivered(1, *settlements))
        warehouse.build(select=f"+{MART}", published={SETTLEMENT: version}, unit_tests=False)
        self.settlements = list(settlements)

    def of(self, *settlements: dict[str, Any]) -> None:
        """As if it had just been built of these."""
        if self.settlements != list(settlements):
            self.build(*settlements)


def as_if_all_was_built() -> None:
    """Note the tables as they stand as those of a build of everything, which read what the last one read."""
    documents = {name: each.document() for name, each in standing.now().items()}
    last = warehouse_builds.builds()[0]
    entities = standing.versions_of("entities")
    warehouse_builds.note(None, last.published, entities, documents, inputs=changed.read_now())


def totals() -> dict[str, float]:
    rows = (
        DeltaTable(table_uri("restricted", MART))
        .to_pyarrow_table(columns=["settled_month", "total_amount"])
        .to_pylist()
    )
    return {str(row["settled_month"]): float(row["total_amount"]) for row in rows}


@pytest.fixture(scope="module", params=["sail", "server"])
def mart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mart]:
    """A mart of two months, on an engine, in the lake of the ring's server or in one without any."""
    if request.param == "server":
        request.getfixturevalue("server_session")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_WAREHOUSE_ENGINE", request.param)
        if request.param == "sail":
            patch.setenv("LAKE_HOME", str(tmp_path_factory.mktemp("without_server")))
            patch.setenv("LAKE_CONNECT_PORT", "1")
        settings.cache_clear()
        engine.cache_clear()
        made = Mart()
        made.build(OCTOBER, NOVEMBER)
        yield made
    settings.cache_clear()
    engine.cache_clear()


ON_SERVER = pytest.mark.parametrize("mart", ["server"], indirect=True, scope="module")
"""The lake server has a catalogue of its own; Sail is told of what storage holds at each build."""
ON_SAIL = pytest.mark.parametrize("mart", ["sail"], indirect=True, scope="module")
"""Of models and macros alone, whatever the engine: where a build takes least."""


def test_only_a_changed_month_is_rebuilt(mart: Mart) -> None:
    mart.of(OCTOBER, NOVEMBER)
    october = {file for file in DeltaTable(table_uri("restricted", MART)).file_uris() if "2026-10" in file}
    mart.build(OCTOBER, CORRECTED)
    after = set(DeltaTable(table_uri("restricted", MART)).file_uris())
    assert totals() == {"2026-10-01": 100.0, "2026-11-01": 80.0}
    assert october and october <= after


def test_incremental_months_are_those_of_a_full_build(mart: Mart) -> None:
    mart.of(OCTOBER, CORRECTED)
    as_if_all_was_built()
    assert anew.compare() == [Compared(f"restricted.{MART}", 2, 0, 0)]
    assert not tables.exists(cast(Layer, "scratch"), MART)


def test_a_build_that_would_lose_too_many_rows_leaves_all_as_it_was(
    mart: Mart, monkeypatch: pytest.MonkeyPatch
) -> None:
    mart.of(OCTOBER, CORRECTED)
    monkeypatch.setattr(losses, "_FEW", 1)
    with pytest.raises(LakeError, match=rf"too many rows from restricted.{MART} \(2 rows, may lose 50%\)"):
        mart.build()
    assert totals() == {"2026-10-01": 100.0, "2026-11-01": 80.0}


@ON_SERVER
def test_a_table_that_dbt_does_not_see_is_not_replaced(
    mart: Mart, server_session: SparkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    mart.of(OCTOBER, CORRECTED)
    before = tables.version("restricted", MART)
    # What a failed metadata call looks like to dbt: no such table, though storage holds it.
    server_session.sql(f"DROP TABLE restricted.{MART}")
    monkeypatch.setattr("spark_jobs.lake.engine.on_server.register_layer", lambda spark, layer: [])
    try:
        with pytest.raises(LakeError, match="is in storage, but dbt does not see it"):
            mart.build(NOVEMBER)
        assert tables.version("restricted", MART) == before
        assert "2026-10-01" in totals()
    finally:
        tables.register(server_session, "restricted", MART)


@ON_SERVER
def test_a_server_that_knows_no_table_is_told_of_those_in_storage(mart: Mart, server_session: SparkSession) -> None:
    mart.of(OCTOBER, CORRECTED)
    before = {file for file in DeltaTable(table_uri("restricted", MART)).file_uris() if "2026-10" in file}
    server_session.sql(f"DROP TABLE restricted.{MART}")
    mart.build(OCTOBER, CORRECTED)
    assert before <= set(DeltaTable(table_uri("restricted", MART)).file_uris())
    assert totals() == {"2026-10-01": 100.0, "2026-11-01": 80.0}


@ON_SAIL
def test_a_month_that_a_full_build_makes_otherwise_is_found(mart: Mart) -> None:
    mart.of(OCTOBER, CORRECTED)
    delta_commits.opened("restricted", MART).update(
        {"persons": "persons + 1"}, predicate="settled_month = '2026-10-01'"
    )
    mart.settlements.clear()
    as_if_all_was_built()
    assert anew.compare() == [Compared(f"restricted.{MART}", 2, 1, 1)]


def test_a_month_that_has_no_settlement_any_more_is_gone(mart: Mart) -> None:
    mart.build(OCTOBER)
    assert totals() == {"2026-10-01": 100.0}


@ON_SAIL
def test_a_table_that_is_replaced_has_the_rows_and_the_columns_of_the_build() -> None:
    seeded = "gbt4761_2008_family_relation"
    warehouse.build(select=seeded, published={})
    table = DeltaTable(table_uri("reference", seeded))
    whole = table.to_pyarrow_table().sort_by("code")
    write_deltalake(table, whole.slice(0, 1).append_column("more", [["x"]]), **ANEW)
    warehouse.build(select=seeded, published={}, full_refresh=True)
    again = DeltaTable(table_uri("reference", seeded))
    assert again.to_pyarrow_table().sort_by("code") == whole
    assert again.metadata().configuration["lake.seed.checksum"]


@ON_SAIL
def test_a_seed_whose_file_has_not_changed_is_left_alone() -> None:
    warehouse.build(select="rainfall_grades", published={})
    before = tables.version("reference", "rainfall_grades")
    warehouse.build(select="rainfall_grades", published={})
    assert tables.version("reference", "rainfall_grades") == before


def test_no_log_of_the_warehouse_has_least_or_greatest_values() -> None:
    added = DeltaTable(table_uri("restricted", MART)).get_add_actions(flatten=True)
    assert added.num_rows
    assert [name for name in added.schema.names if name.startswith(("min.", "max."))] == []


@ON_SAIL
def test_a_feed_without_a_publication_gives_no_rows() -> None:
    outcome = warehouse.build(select="+mart_business_environment__approval_duration", published={})
    assert outcome.marts["marts.mart_business_environment__approval_duration"] == 0
    assert outcome.failed == 0


@ON_SAIL
def test_a_selection_of_nothing_is_named() -> None:
    with pytest.raises(LakeError, match="nothing in the warehouse is selected by 'mart_of_nothing'"):
        warehouse.build(select="mart_of_nothing", published={})


@ON_SAIL
def test_what_follows_from_nothing_that_has_changed_is_not_built() -> None:
    of_the_ledger = ("mart_lake_operation__delivery_day", "mart_lake_operation__reason")
    published = {SETTLEMENT: tables.version("silver", SETTLEMENT)}
    warehouse.build(select=" ".join((f"+{MART}", *of_the_ledger)), published=published)
    as_if_all_was_built()
    before = standing.now()
    assert warehouse.build(published=published).changed == ()
    assert standing.now() == before
    ledger.add(a_delivery())
    outcome = warehouse.build(published=published, unit_tests=False)
    assert outcome.changed == ("ledger.ledger_delivery",)
    after = standing.now()
    assert {name for name in after if after[name] != before[name]} == {f"marts.{name}" for name in of_the_ledger}
    assert warehouse.build(published=published).changed == ()


@ON_SERVER
def test_models_that_count_by_day_or_hour_pass_their_unit_tests_on_the_server_too() -> None:
    """On Sail the city of the stories runs all of them; where a day begins is what engines may see differently."""
    assert warehouse.build(select=BY_THE_CLOCK, published={}).failed == 0
