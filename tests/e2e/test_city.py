"""A small city through intake and refine: every planted defect is found as what it is, and nothing else is."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from expectations.contract.catalogue import feed_ids, load_feed
from expectations.contract.channels.jdbc import Jdbc
from tests.e2e.conftest import Lake

PULLED = "government_service/approval_case"
_CONTRACTS = [load_feed(feed) for feed in feed_ids()]
TABLES = {
    each.id: each.arrival.table if isinstance(each.arrival, Jdbc) else each.table
    for each in _CONTRACTS
    if each.arrival.yields == "rows"
}
"""What the truth calls a pull of each table or interface."""


class Place(NamedTuple):
    """A row of a delivery; a table that is pulled is one delivery."""

    feed: str
    file: str
    row_number: int


class Row(NamedTuple):
    """What a row was found to have."""

    rejects: frozenset[str]
    warnings: frozenset[str]
    notes: frozenset[str]
    """As `column:code`."""


@pytest.fixture(scope="module")
def bureaus(lake: Lake) -> Iterator[None]:
    """The servers of the city's bureaus."""
    with lake.bureaus():
        yield


@pytest.fixture(scope="module")
def truth(lake: Lake, bureaus: None) -> Path:
    """A city generated into the lake's inboxes and sources, collected and refined; gives its truth."""
    lake.run("city", "--records", "4000", "--days", "2", "--seed", "3", "--out", str(lake.home))
    with lake.warm():
        for feed in feed_ids():
            lake.run("deliver", feed)
    return lake.home / "truth"


@pytest.fixture(scope="module")
def deliveries(lake: Lake, truth: Path) -> list[dict[str, Any]]:
    """What the truth says of each delivery."""
    return list(pq.read_table(truth / "deliveries.parquet").to_pylist())


@pytest.fixture(scope="module")
def defects(truth: Path) -> Callable[[str], dict[Place, dict[str, Any]]]:
    """The planted defects of an outcome, by the row that has them."""
    rows = pq.read_table(truth / "defects.parquet").to_pylist()

    def of(outcome: str) -> dict[Place, dict[str, Any]]:
        found = {Place(row["feed"], row["file"], row["row_number"]): row for row in rows if row["outcome"] == outcome}
        assert found, f"no defect of outcome {outcome} was planted"
        return found

    return of


@pytest.fixture(scope="module")
def rows(lake: Lake, deliveries: list[dict[str, Any]]) -> dict[Place, Row]:
    """What became of every row of the city's deliveries; rows of other deliveries are left out."""
    files = {(each["feed"], each["file"]) for each in deliveries}
    names = {
        delivery: (feed, TABLES.get(feed) or key.rsplit("/", 1)[-1])
        for delivery, feed, key in lake.ledger("select delivery_id, feed, object_key from delivery")
    }
    found = {
        Place(*names[delivery], number): row
        for layer in ("silver", "quarantine")
        for delivery, number, row in rows_of(lake, layer)
        if names.get(delivery) in files
    }
    assert found
    return found


def rows_of(lake: Lake, layer: str) -> Iterator[tuple[str, int, Row]]:
    """Delivery, row number and findings of all rows of silver or quarantine."""
    for path in sorted((lake.home / "lake" / layer).iterdir()):
        for row in DeltaTable(str(path)).to_pyarrow_table().to_pylist():
            rejects = frozenset(each["rule"] for each in row.get("breaches", ()))
            found = Row(rejects, frozenset(row.get("_warnings") or ()), frozenset(row.get("_notes") or ()))
            yield row["_delivery_id"], row["_row_number"], found


Defects = Callable[[str], dict[Place, dict[str, Any]]]


def missed(defects: dict[Place, dict[str, Any]], is_found: Callable[[Place, dict[str, Any]], bool]) -> Counter[str]:
    """How often each kind of defect was not found."""
    return Counter(f"{row['feed']} {row['kind']}" for place, row in defects.items() if not is_found(place, row))


def test_every_defect_to_reject_is_in_quarantine_with_its_reason(rows: dict[Place, Row], defects: Defects) -> None:
    assert missed(defects("reject"), lambda place, row: row["reason"] in rows[place].rejects) == {}


def test_every_defect_to_warn_of_is_accepted_with_its_warning(rows: dict[Place, Row], defects: Defects) -> None:
    def is_found(place: Place, row: dict[str, Any]) -> bool:
        return not rows[place].rejects and row["reason"] in rows[place].warnings

    assert missed(defects("warn"), is_found) == {}


def test_every_value_to_mend_is_accepted_with_its_note(rows: dict[Place, Row], defects: Defects) -> None:
    def is_found(place: Place, row: dict[str, Any]) -> bool:
        names = {column.source: column.name for column in load_feed(row["feed"]).columns}
        return not rows[place].rejects and f"{names[row['column']]}:{row['reason']}" in rows[place].notes

    assert missed(defects("normalise"), is_found) == {}


def test_what_only_looks_wrong_is_accepted_as_it_stands(rows: dict[Place, Row], defects: Defects) -> None:
    # A column that the contract does not know is planted in the header, which is no row of a table.
    planted = {place: kinds for place, kinds in defects("none").items() if place in rows}
    assert len(planted) > len(defects("none")) / 2
    assert missed(planted, lambda place, row: not rows[place].rejects) == {}


def test_no_other_row_is_in_quarantine(rows: dict[Place, Row], defects: Defects) -> None:
    assert [place for place, row in rows.items() if row.rejects and place not in defects("reject")] == []


def test_no_other_row_has_a_warning(rows: dict[Place, Row], defects: Defects) -> None:
    planted = {**defects("warn"), **defects("reject")}
    assert [place for place, row in rows.items() if row.warnings and place not in planted] == []


@pytest.mark.parametrize("outcome", ["reject", "warn", "normalise"])
def test_the_pulled_feed_has_defects_too(defects: Defects, outcome: str) -> None:
    assert [place for place in defects(outcome) if place.feed == PULLED]


def test_receipts_agree_with_the_truth(lake: Lake, deliveries: list[dict[str, Any]]) -> None:
    closed = lake.ledger("select feed, object_key, receipt from delivery where receipt is not null")
    receipts = {(feed, TABLES.get(feed) or key.rsplit("/", 1)[-1]): json.loads(text) for feed, key, text in closed}
    assert len({feed for feed, _ in receipts}) == len(feed_ids())
    for delivery in deliveries:
        receipt = receipts[delivery["feed"], delivery["file"]]
        counts = (receipt["rows_counted"], receipt["accepted"], receipt["quarantined"])
        assert counts == (delivery["rows"], delivery["accepted"], delivery["quarantined"]), delivery["file"]


def test_the_books_balance(lake: Lake, truth: Path) -> None:
    assert truth.is_dir()
    assert lake.findings() == ""
