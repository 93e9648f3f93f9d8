"""The register of insured persons: what an old system's lines of fixed width come to."""

from typing import Any

import pytest

from expectations.contract.catalogue import load_feed
from tests.unit.city.city_reading import MadeCity
from tests.unit.city.identifier_oracle import is_citizen_number
from tests.unit.intake.formats.decoding_cases import decoded

FEED = "medical_insurance/insured_person"
OF_LINES = {"too_few_fields", "malformed_record", "control_character"}

Row = dict[str, Any]


@pytest.fixture
def rows(city: MadeCity) -> list[Row]:
    """The month's file, decoded."""
    (delivery,) = [row for row in city.truth("deliveries") if row["feed"] == FEED]
    table, accounting = decoded(city.file(FEED, delivery["file"]), load_feed(FEED))
    assert accounting.rows_counted == delivery["rows"]
    return [
        {**row, "defect": city.defects(FEED).get((delivery["file"], row["_row_number"]))} for row in table.to_pylist()
    ]


def test_lines_that_cannot_be_parted_are_those_of_the_truth(rows: list[Row]) -> None:
    planted = [row["defect"]["reason"] if row["defect"] else None for row in rows]
    assert [row["_defect"] for row in rows] == [reason if reason in OF_LINES else None for reason in planted]
    assert set(planted) >= OF_LINES


def test_half_a_character_is_shown_as_its_byte(rows: list[Row]) -> None:
    (cut,) = [row for row in rows if row["_defect"] == "malformed_record"]
    assert "\\x" in cut["_raw"][-30:]


def test_citizen_numbers_are_right_but_where_truth_says_otherwise(rows: list[Row]) -> None:
    clean = [row["resident_id"] for row in rows if row["defect"] is None]
    assert len(clean) > len(rows) / 2
    assert [number for number in clean if not is_citizen_number(number)] == []


def test_employees_alone_have_an_employer_and_an_account(rows: list[Row]) -> None:
    kinds = {
        (row["insurance_type"], bool(row["employer_name"]), bool(row["account_balance"]))
        for row in rows
        if row["defect"] is None
    }
    assert kinds == {("310", True, True), ("390", False, False)}


def test_nobody_is_listed_twice_but_where_truth_says_so(rows: list[Row]) -> None:
    numbers = [row["insured_number"] for row in rows if row["defect"] is None]
    assert len(set(numbers)) == len(numbers)
