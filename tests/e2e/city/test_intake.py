"""Intake and refine of the city: every planted defect is found as what it is, and nothing else is."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from deltalake import DeltaTable

from expectations.contract.catalogue import feed_ids, load_feed
from spark_jobs.lake.silver.parts import ENDING, PART
from tests.e2e.city.city_rows import Place
from tests.e2e.city.conftest import BuiltCity
from tests.e2e.conftest import Lake
from tests.truth_files import file_of

PULLED = "government_service/approval_case"


class Row(NamedTuple):
    """What a row was found to have."""

    rejects: frozenset[str]
    warnings: frozenset[str]
    notes: frozenset[str]
    """As `column:code`."""


@pytest.fixture(scope="module")
def deliveries(city: BuiltCity) -> list[dict[str, Any]]:
    """What the truth says of each delivery."""
    return city.rows.truth("deliveries")


@pytest.fixture(scope="module")
def defects(city: BuiltCity) -> Callable[[str], dict[Place, dict[str, Any]]]:
    """The planted defects of an outcome, by the row that has them."""
    rows = city.rows.truth("defects")

    def of(outcome: str) -> dict[Place, dict[str, Any]]:
        found = {Place(row["feed"], row["file"], row["row_number"]): row for row in rows if row["outcome"] == outcome}
        assert found, f"no defect of outcome {outcome} was planted"
        return found

    return of


@pytest.fixture(scope="module")
def rows(city: BuiltCity) -> dict[Place, Row]:
    """What became of every row of the city's deliveries."""
    names = {
        delivery: (feed, file_of(feed, key))
        for delivery, feed, key in city.lake.ledger("select delivery_id, feed, object_key from delivery")
    }
    found = {
        Place(*names[delivery], number): row
        for layer in ("silver", "quarantine")
        for delivery, number, row in rows_of(city.lake, layer)
    }
    assert found
    return found


def rows_of(lake: Lake, layer: str) -> Iterator[tuple[str, int, Row]]:
    """Delivery, row number and findings of all rows of silver, its endings left out, or quarantine."""
    for path in sorted((lake.home / "lake" / layer).iterdir()):
        for row in DeltaTable(str(path)).to_pyarrow_table().to_pylist():
            if row.get(PART) == ENDING:
                continue
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


def test_receipts_agree_with_the_truth(city: BuiltCity, deliveries: list[dict[str, Any]]) -> None:
    closed = city.lake.ledger("select feed, object_key, receipt from delivery where receipt is not null")
    receipts = {(feed, file_of(feed, key)): json.loads(text) for feed, key, text in closed}
    assert len({feed for feed, _ in receipts}) == len(feed_ids())
    for delivery in deliveries:
        receipt = receipts[delivery["feed"], delivery["file"]]
        counts = (receipt["rows_counted"], receipt["accepted"], receipt["quarantined"])
        assert counts == (delivery["rows"], delivery["accepted"], delivery["quarantined"]), delivery["file"]


def test_the_books_balance(city: BuiltCity) -> None:
    assert city.lake.findings() == ""
