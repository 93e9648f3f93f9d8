"""Whom a name alone means: the one firm that bears it, and nobody for certain where two do."""

from typing import Any

import pytest

from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.entities.match.model import load_model, shipped_path
from spark_jobs.entities.resolution.resolve import resolve_from
from spark_jobs.lake.engine.workbench import Workbench
from tests.mentions_as_source import source_of
from tests.spark.entities.deliveries import content, ids_of_records

FIRM, OTHER = "91421200MA4952T91M", "91421202MA48W6PX2M"
"""Codes with right check characters."""
NAME = "咸宁市恒通商贸有限公司"
COLUMNS = ("uscc", "name", "phone", "division_code")


def rows_of(bench: Workbench, deliveries: dict[str, list[dict[str, Any]]]) -> Any:
    """Deliveries of `records/…`: each row `id`, and what it says of the firm."""
    schema = ["feed", "delivery", "row_number", "business_date", "delivery_sequence", "record_id", *COLUMNS]
    kinds = ["string", "string", "int", "date", "bigint", "string", *["string"] * len(COLUMNS)]
    given = [
        ["records/firms", name, place, "2026-01-05", number, row["id"], *(row.get(c) for c in COLUMNS)]
        for number, (name, rows) in enumerate(deliveries.items(), start=1)
        for place, row in enumerate(rows)
    ]
    texts = bench.spark.createDataFrame(given, ", ".join(f"{name} string" for name in schema))
    return texts.selectExpr(*(f"cast({n} as {kind}) as {n}" for n, kind in zip(schema, kinds, strict=True)))


def firm_as(name: str) -> EntitySpec:
    """The spec of firms with tables of their own."""
    return load_entity("legal_entity").model_copy(update={"entity": name})


def resolved(bench: Workbench, rows: Any, spec: EntitySpec, *deliveries: str) -> dict[str, str]:
    """Record -> entity after a resolution of what has been delivered so far."""
    source = source_of(rows, spec, {("records/firms", name): "as sent" for name in deliveries})
    resolve_from(bench, spec, load_model(shipped_path("legal_entity")), source)
    return ids_of_records(bench, spec)


@pytest.fixture(scope="module")
def rows(bench: Workbench) -> Any:
    deliveries = {
        "register": [{"id": "registered", "uscc": FIRM, "name": NAME, "phone": "0715-8256301"}],
        "trips": [
            {"id": "bare", "name": "咸宁市恒通商贸有限公司 "},
            {"id": "with_division", "name": NAME, "division_code": "421221"},
            {"id": "with_telephone", "name": NAME, "phone": "0715-8990412"},
            {"id": "other_name", "name": "咸宁市恒通贸易有限公司"},
        ],
        "namesake": [{"id": "namesake", "uscc": OTHER, "name": NAME}],
    }
    return rows_of(bench, deliveries)


def test_a_name_alone_means_the_one_firm_that_bears_it(bench: Workbench, rows: Any) -> None:
    found = resolved(bench, rows, firm_as("one_bearer"), "register", "trips")
    assert found["bare"] == found["with_division"] == found["registered"]
    # It says more than a name, and that speaks against the firm.
    assert found["with_telephone"] != found["registered"]
    assert found["other_name"] != found["registered"]


def test_of_two_that_bear_it_neither_is_meant(bench: Workbench, rows: Any) -> None:
    found = resolved(bench, rows, firm_as("two_bearers"), "register", "namesake", "trips")
    assert len({found[record] for record in ("registered", "namesake", "bare")}) == 3


def test_a_namesake_that_comes_parts_them_and_one_that_goes_joins_them(bench: Workbench, rows: Any) -> None:
    increments, batch = firm_as("namesake_comes"), firm_as("namesake_there")
    assert len(set(resolved(bench, rows, increments, "register", "trips").values())) == 3
    resolved(bench, rows, increments, "register", "trips", "namesake")
    resolved(bench, rows, batch, "register", "trips", "namesake")
    assert content(bench, increments) == content(bench, batch)
    found = resolved(bench, rows, increments, "register", "trips")
    assert found["bare"] == found["registered"]
