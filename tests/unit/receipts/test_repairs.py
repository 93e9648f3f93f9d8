"""Rows that were to be fixed are closed by the delivery that brings them again, and receipts say what is still open."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.control import ledger, repairs
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.bronze import bronze_schema
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.receipts import closing, key_list, rows_to_fix
from spark_jobs.receipts.quarantine_files import batches
from spark_jobs.receipts.repairs import _inside, ranges
from tests.unit.intake.formats.decoding_cases import CSV, contract_of
from tests.unit.receipts.test_rows_to_fix import QUARANTINE, breach

_COUNTED = count(1)
MERGED = {"mode": "merge", "key": ["number"]}
Row = tuple[str | None, bool] | tuple[str | None, bool, int]
"""Key, whether it is good, and which row it corrects."""


@pytest.fixture
def feed(lake_home: Path) -> Callable[..., FeedContract]:
    """A feed that has no delivery yet."""
    return lambda **write: contract_of(CSV, feed=f"example_{next(_COUNTED)}", write=write or MERGED)


@pytest.fixture(autouse=True)
def _no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_to_fix, "write", lambda *_: [])
    monkeypatch.setattr(key_list, "write", lambda _delivery, _contract, path: path.touch())


def entered(contract: FeedContract, day: int, rows: Sequence[Row], name: str | None = None, sight: int = 1) -> Delivery:
    """A delivery in bronze and quarantine that is still to be closed."""
    key = f"{contract.id}/{name or f'example_202607{day:02d}.csv'}"
    delivery = ledger.delivery_id(contract.id, key, str(sight))
    moment = datetime(2026, 7, day, tzinfo=UTC)
    numbered = list(enumerate(rows, start=2))
    corrects = [row[2] if len(row) == 3 else None for row in rows]
    _write_bronze(contract, delivery, [row[0] for row in rows], corrects)
    bad = [(number, row[0]) for number, row in numbered if not row[1]]
    _write_quarantine(contract, delivery, bad)
    ledger.add(
        Delivery(
            **{"delivery_id": delivery, "feed": contract.id, "state": DeliveryState.PARSED.value, "object_key": key},
            **{"object_version": str(sight), "bytes": 1, "modified_at": moment, "first_seen_at": moment},
            **{"unchanged_since": moment, "business_date": date(2026, 7, day), "sha256": "0" * 64, "claim_epoch": 0},
            accounting={"rows_counted": len(rows), "is_correction": any(each is not None for each in corrects)},
        )
    )
    return ledger.by_id(delivery)


def _write_bronze(
    contract: FeedContract, delivery: str, keys: Sequence[str | None], corrects: Sequence[int | None]
) -> None:
    if not keys:
        return
    name = next(column.name for column in contract.columns if column.name in (*contract.write.key, "number"))
    documents = [
        {"_delivery_id": delivery, "_row_number": number, name: key, "_corrects": of}
        for number, (key, of) in enumerate(zip(keys, corrects, strict=True), start=2)
    ]
    rows = pa.Table.from_pylist(documents, bronze_schema(contract))
    write_deltalake(table_uri("bronze", contract.table), rows, mode="append")


def _write_quarantine(contract: FeedContract, delivery: str, bad: Iterable[tuple[int, str | None]]) -> None:
    source = next(c.source for c in contract.columns if c.name in (*contract.write.key, "number"))
    documents = [
        {"_delivery_id": delivery, "_row_number": number, "breaches": [breach(None, "错")], "record": [(source, key)]}
        for number, key in bad
    ]
    rows = pa.Table.from_pylist(documents, QUARANTINE)
    write_deltalake(table_uri("quarantine", contract.table), rows, mode="append")


def closed(delivery: Delivery, contract: FeedContract, older: Sequence[Delivery] = ()) -> dict[str, Any]:
    """What its receipt says of rows of earlier deliveries."""
    rows = closing.delivery_rows(delivery)
    stored = pa.Table.from_batches(_bad_batches(contract, delivery))
    outcome = Outcome(delivery.delivery_id, accepted=rows - stored.num_rows, quarantined=stored.num_rows)
    receipt = closing.commit(delivery, contract, outcome, "f" * 64, older)
    return dict(receipt["repairs"])


def _bad_batches(contract: FeedContract, delivery: Delivery) -> Iterator[pa.RecordBatch]:
    yield pa.RecordBatch.from_pylist([], schema=pa.schema([("_delivery_id", pa.string())]))
    yield from batches(contract.table, [delivery.delivery_id], ["_delivery_id"])


def mark(delivery: Delivery) -> str:
    return f"_更正_{delivery.delivery_id[:8]}"


def counts(said: dict[str, Any]) -> tuple[int, int, int, int]:
    return said["repaired"], said["returned"], said["superseded"], said["still_open"]["rows"]


def test_a_file_of_rows_to_fix_closes_those_that_it_refers_to(feed: Callable[..., FeedContract]) -> None:
    contract = feed(mode="append")
    first = entered(contract, 1, [("1", True), ("2", False), ("3", False), ("4", False), ("5", False)])
    assert counts(closed(first, contract)) == (0, 0, 0, 0)
    fixed = entered(contract, 1, [("another", True, 4), ("x", False, 3)], f"example_20260701.{mark(first)}.csv")
    said = closed(fixed, contract)
    assert counts(said) == (1, 1, 0, 2)
    assert [(each["delivery_id"], each["rows"]) for each in said["of"]] == [(first.delivery_id, 2)]
    assert said["still_open"]["of"][0]["file"] == "example_20260701.csv"
    assert repairs.closed_by(first.delivery_id, 4) == ("repaired", fixed.delivery_id)
    assert repairs.closed_by(first.delivery_id, 3) == ("returned", fixed.delivery_id)
    assert repairs.closed_by(first.delivery_id, 5) is None
    # Two of the first delivery, and the one that came back wrong.
    assert repairs.open_rows()[contract.id] == 3


def test_rows_that_come_again_close_those_of_their_key(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    first = entered(contract, 1, [("42 x", False), ("2", False), ("3", False), (None, False), ("", False)])
    closed(first, contract)
    next_day = entered(
        contract, 2, [("４２ X ", True), ("2", False), ("2", True), ("9", True), (None, True), ("", True)]
    )
    assert counts(closed(next_day, contract)) == (2, 0, 0, 3)
    last = entered(contract, 3, [("3", False), ("2", True)])
    # What waited in the second delivery is closed by the third; of the first, one row came back as wrong as it was.
    assert counts(closed(last, contract)) == (1, 1, 0, 2)


def test_without_key_and_reference_nothing_is_closed(feed: Callable[..., FeedContract]) -> None:
    contract = feed(mode="append")
    closed(entered(contract, 1, [("1", False)]), contract)
    assert counts(closed(entered(contract, 2, [("1", True)]), contract)) == (0, 0, 0, 1)


def test_a_late_file_of_an_earlier_day_repairs_nothing(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    closed(entered(contract, 5, [("1", False)]), contract)
    assert counts(closed(entered(contract, 4, [("1", True)]), contract)) == (0, 0, 0, 1)
    assert counts(closed(entered(contract, 5, [("1", True)], "example_20260705.b.csv"), contract)) == (1, 0, 0, 0)


@pytest.mark.parametrize(("scope", "expected"), [("all", (0, 0, 2, 0)), ("business_date", (0, 0, 1, 1))])
def test_a_newer_snapshot_closes_those_whose_place_it_takes(
    feed: Callable[..., FeedContract], scope: str, expected: tuple[int, ...]
) -> None:
    contract = feed(mode="snapshot", scope=scope)
    closed(entered(contract, 1, [("1", False)]), contract)
    same = entered(contract, 2, [("1", False)])
    closed(same, contract)
    again = entered(contract, 2, [("1", True), ("2", False)], "example_20260702.b.csv")
    before = repairs.open_rows()[contract.id]
    assert before == (1 if scope == "all" else 2)
    said = closed(again, contract)
    assert counts(said) == ((0, 0, 1, 0) if scope == "all" else expected)


def test_done_again_it_says_the_same(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    first = entered(contract, 1, [("1", False), ("2", False)])
    closed(first, contract)
    second = entered(contract, 2, [("1", True)])
    said = closed(second, contract)
    third = entered(contract, 3, [("1", True), ("2", True)])
    closed(third, contract)
    assert closed(ledger.by_id(second.delivery_id), contract) == said | {
        "still_open": {"rows": 0, "deliveries": 0, "of": []}
    }
    assert repairs.open_rows()[contract.id] == 0


def test_what_is_written_for_a_delivery_that_is_not_closed_does_not_count(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    first = entered(contract, 1, [("1", False)])
    closed(first, contract)
    second = entered(contract, 2, [("1", True)])
    closed(second, contract)
    ledger.change(second.sequence, state=DeliveryState.PARSED.value)
    assert repairs.closed_by(first.delivery_id, 2) is None
    assert repairs.open_rows()[contract.id] == 1
    assert counts(closed(ledger.by_id(second.delivery_id), contract)) == (1, 0, 0, 0)


def test_a_newer_version_closes_what_the_older_one_did(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    first = entered(contract, 1, [("1", False), ("2", False)])
    closed(first, contract)
    name = f"example_20260701.{mark(first)}.csv"
    fixed = entered(contract, 1, [("1", True, 2), ("2", True, 3)], name)
    closed(fixed, contract)
    newer = entered(contract, 1, [("1", True, 2)], name, sight=2)
    assert counts(closed(newer, contract, [fixed])) == (1, 0, 0, 1)


def test_what_is_bad_no_more_by_a_newer_contract_is_not_counted_as_closed(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    first = entered(contract, 1, [("1", False), ("2", False)])
    closed(first, contract)
    closed(entered(contract, 2, [("1", True)]), contract)
    DeltaTable(table_uri("quarantine", contract.table)).delete(
        f"_delivery_id = '{first.delivery_id}' and _row_number = 2"
    )
    closed(ledger.by_id(first.delivery_id), contract)
    assert repairs.open_rows()[contract.id] == 1
    assert repairs.closed_by(first.delivery_id, 2) is None


def test_rows_of_a_pull_are_closed_by_the_pull_that_brings_them_again(lake_home: Path) -> None:
    contract = load_feed("government_service/approval_case")
    closed(entered(contract, 1, [("甲1", False), ("乙2", False)], "pull_a_b"), contract)
    said = closed(entered(contract, 2, [("甲1", True)], "pull_b_c"), contract)
    assert counts(said) == (1, 0, 0, 1)


def test_the_page_says_what_was_closed_and_what_is_open(feed: Callable[..., FeedContract], lake_home: Path) -> None:
    contract = feed()
    closed(entered(contract, 1, [("1", False), ("2", False), ("3", False)]), contract)
    second = entered(contract, 2, [("1", True), ("2", False)])
    closed(second, contract)
    receipt = ledger.by_id(second.delivery_id).receipt or {}
    page = (lake_home / "outbox" / receipt["outbox"]["page"]).read_text("utf-8")
    assert "本次报送使以前待改正的 <b>2</b> 行销号：改正后入库 1 行；再次收到仍不合格 1 行" in page
    assert "仍有 <b>1</b> 行待改正（1 批），请按各批回执所附清单改正" in page


@given(st.sets(st.integers(0, 60)), st.lists(st.integers(0, 60)))
def test_ranges_hold_the_numbers_that_they_were_made_of(numbers: set[int], asked: list[int]) -> None:
    made = ranges(np.array(sorted(numbers), np.int64))
    assert {number for first, last in made for number in range(first, last + 1)} == numbers
    assert repairs.size(made) == len(numbers)
    if made:
        assert _inside(np.array(asked, np.int64), made).tolist() == [number in numbers for number in asked]
