"""A lake with one invented mart, as a build leaves it, and pages about it."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from deltalake import write_deltalake

from expectations.theme_pages import Figure, ThemePage
from spark_jobs import ledger_table
from spark_jobs.base.pages import replace
from spark_jobs.lake.storage.paths import table_uri
from tests.theme_pages import node

HOSTILE = "<script>alert(1)</script>&\"'"
FEEDS = ("housing/presale_contract", "housing/affordable_housing_application", "water/rainfall")
"""One that came late, one of which nothing could be used, one of which nothing came."""
ROWS = [
    # county, month, kind, persons, sum
    ("421202", date(2026, 9, 1), "a", 40, 4.0),
    ("421202", date(2026, 10, 1), HOSTILE, 60, 9.0),
    ("421223", date(2026, 10, 1), "a", 7, 1.0),
    ("422301", date(2026, 11, 1), "b", 120, 2.0),
    ("421281", date(2026, 11, 1), "b", 0, 0.0),
]


MEANINGS = {
    "county_code": "所在县（市、区）。County.",
    "month": "月份。Month.",
    "kind": "类别：a甲，b乙。Kind.",
    "persons": "人数。Persons.",
    "points": "分数。Points.",
}


def delivery(feed: str, state: str, day: date, is_late: bool) -> dict[str, Any]:
    return {"feed": feed, "state": state, "business_date": day, "is_late": is_late, "quarantined": 0}


def figure(name: str = "persons", value: str = "sum(persons)", **stated: Any) -> Figure:
    measure = {"model": "mart_invented", "value": value, **stated.pop("measure", {})}
    return Figure.model_validate({"name": name, "title": "人数", "unit": "人", "measure": measure, **stated})


def page_of(*figures: Figure) -> ThemePage:
    return ThemePage(theme="invented", title="发明", department="市发明局", summary="试一试", figures=figures)


def build(home: Path) -> None:
    """Write mart, ledger and manifest into a home."""
    columns = ("county_code", "month", "kind", "persons", "points")
    rows = pa.table([list(column) for column in zip(*ROWS, strict=True)], names=columns)
    write_deltalake(table_uri("marts", "mart_invented"), rows)
    ledger = [
        delivery(FEEDS[0], "committed", date(2026, 11, 3), is_late=True),
        delivery(FEEDS[0], "committed", date(2026, 11, 4), is_late=False),
        delivery(FEEDS[1], "rejected", date(2026, 11, 9), is_late=False),
    ]
    write_deltalake(table_uri("reference", "ledger_delivery"), pa.Table.from_pylist(ledger, ledger_table.SCHEMA))
    described = {
        "description": "发明的：按县统计。\nInvented.",
        "columns": [{"name": name, "description": text} for name, text in MEANINGS.items()],
    }
    reads = [f"source.xianning_warehouse.silver.{feed.replace('/', '__')}" for feed in FEEDS]
    nodes = {
        "model.xianning_warehouse.mart_invented": node(described, ("model.xianning_warehouse.base_invented",)),
        "model.xianning_warehouse.base_invented": {"depends_on": {"nodes": [*reads, "seed.xianning_warehouse.codes"]}},
        "model.xianning_warehouse.mart_not_built": node(described),
    }
    replace(home / "dbt" / "target" / "manifest.json", json.dumps({"nodes": nodes}))
