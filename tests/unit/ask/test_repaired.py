"""Which quarantined rows are still to be fixed, as SQL, trace, systems and audit have it."""

import json
from types import SimpleNamespace

import pytest

from spark_jobs.ask import sql, trace
from spark_jobs.ask.systems import standings
from spark_jobs.ask.trace import trace_row
from spark_jobs.base.errors import LakeError
from spark_jobs.control import ledger, repairs
from spark_jobs.control.repairs import Closing
from spark_jobs.control.schema import DeliveryState
from tests.e2e.files import REGISTRY
from tests.unit.ask.small_lake import FEED, SmallLake

TABLE = f"quarantine.{FEED.table}"


def close_one(lake: SmallLake) -> tuple[str, int, str]:
    """Let the second day close a row of the first: delivery, row number and who closed it."""
    by = lake.delivery("resident_registry_20261102.csv")
    (of, *_) = repairs.waiting(REGISTRY)
    rows = sql.query(f"select _row_number from {TABLE} where _delivery_id = '{of.delivery_id}'").to_pylist()
    number = rows[0]["_row_number"]
    repairs.write(REGISTRY, by, [Closing(of, {"repaired": [(number, number)]})])
    return of.delivery_id, number, by


def test_the_quarantine_table_can_be_asked_what_is_open(lake: SmallLake) -> None:
    held = sql.query(f"select count(*) as rows from {TABLE} where _repair = 'open'").to_pylist()[0]["rows"]
    delivery, number, by = close_one(lake)
    rows = sql.query(f"select * from {TABLE}").to_pylist()
    closed = [row for row in rows if row["_repair"] != "open"]
    assert len(rows) == held
    assert [(row["_delivery_id"], row["_row_number"], row["_repair"], row["_repaired_by"]) for row in closed] == [
        (delivery, number, "repaired", by)
    ]
    assert sum(each.open_rows for each in standings()) == held - 1


def test_what_a_delivery_closed_is_open_again_once_it_is_out_of_force(lake: SmallLake) -> None:
    delivery, number, by = close_one(lake)
    ledger.change(ledger.by_id(by).sequence, state=DeliveryState.REPLACED.value)
    assert repairs.closed_by(delivery, number) is None
    rows = sql.query(f"select 1 from {TABLE} where _delivery_id = '{delivery}' and _repair <> 'open'")
    assert rows.num_rows == 0


def test_a_quarantined_row_is_traced_to_what_closed_it(lake: SmallLake) -> None:
    delivery, number, by = close_one(lake)
    key = {"_delivery_id": delivery, "_row_number": str(number)}
    (origin,) = trace_row(TABLE, key)
    assert (origin["repair"], origin["repaired_by"]["delivery_id"]) == ("repaired", by)
    (other,) = trace_row(TABLE, {"_delivery_id": by, "_row_number": str(number)})
    assert (other["repair"], other["repaired_by"]) == ("open", None)


def test_a_quarantined_row_is_traced_by_what_the_department_sent(lake: SmallLake) -> None:
    row = sql.query(f"select * from {TABLE} order by _delivery_id, _row_number limit 1").to_pylist()[0]
    column = FEED.columns[0]
    value = dict(row["record"])[column.source]
    by_source, by_name = (trace_row(TABLE, {name: value}) for name in (column.source, column.name))
    assert by_source == by_name
    assert (row["_delivery_id"], row["_row_number"]) in [(at["delivery_id"], at["row_number"]) for at in by_name]


def test_a_key_that_is_no_column_is_answered_with_those_that_are(lake: SmallLake) -> None:
    for table in (TABLE, f"bronze.{FEED.table}"):
        with pytest.raises(LakeError, match=f"{table} has no column shoe_size") as refused:
            trace_row(table, {"shoe_size": "43"})
        assert "_row_number" in refused.value.next_step
    with pytest.raises(LakeError, match="no row") as refused:
        trace_row(TABLE, {FEED.columns[0].name: "nobody's"})
    assert "as they were sent" in refused.value.next_step


def test_audit_counts_what_is_open_and_finds_what_cannot_be(lake: SmallLake) -> None:
    delivery, number, by = close_one(lake)
    report = lake.audit()
    assert report.findings == []
    assert report.scope[1] == f"{repairs.open_rows()[REGISTRY]} quarantined rows still to be fixed"
    lake.ledger("update repair set closed = 5")
    assert "says 5 rows, its ranges hold 1" in lake.only().what
    lake.ledger("update repair set closed = 9, rows = ?", json.dumps({"repaired": [[1, 9]]}))
    assert "9 rows are closed" in lake.only().what
    lake.ledger("update repair set delivery_id = ?", "0" * 20)
    assert lake.found() == [("I5", f"repair {REGISTRY} {'0' * 20} by {by}")]
    assert (delivery, number) != ("", 0)


def test_rows_that_are_not_followed_are_named(lake: SmallLake, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(trace, "log", SimpleNamespace(warning=lambda what, **about: told.append(what)))
    key = {"_delivery_id": lake.delivery("resident_registry_20261101.csv")}
    rows = len(trace_row(f"bronze.{FEED.table}", key))
    assert told == []
    monkeypatch.setattr(trace, "_MOST", rows - 1)
    assert len(trace_row(f"bronze.{FEED.table}", key)) == rows - 1
    assert told == ["traced in part"]
