"""Workbooks as offices lay them out: a worksheet a school, households with their members beneath."""

import io
from itertools import pairwise
from typing import Any

import openpyxl
import pytest

from expectations.contract.catalogue import load_feed
from tests.unit.city.city_reading import MadeCity, Row
from tests.unit.intake.formats.decoding_cases import decoded

PUPILS, HOUSEHOLDS = "education/student_enrolment", "poverty_relief/poverty_household"


def rows_of(city: MadeCity, feed: str) -> list[Row]:
    """The rows that intake finds, with the defect of each."""
    (delivery,) = [row for row in city.truth("deliveries") if row["feed"] == feed]
    table, accounting = decoded(city.file(feed, delivery["file"]), load_feed(feed))
    assert accounting.rows_counted == delivery["rows"]
    defects = city.defects(feed)
    return [{**row, "defect": defects.get((delivery["file"], row["_row_number"]))} for row in table.to_pylist()]


def sheets_of(city: MadeCity, feed: str) -> dict[str, list[tuple[Any, ...]]]:
    """The cells of each worksheet."""
    (file,) = [row["file"] for row in city.truth("deliveries") if row["feed"] == feed]
    book = openpyxl.load_workbook(io.BytesIO(city.file(feed, file).read_bytes()))
    return {sheet.title: list(sheet.values) for sheet in book}


def test_each_school_has_a_worksheet_of_its_pupils(city: MadeCity) -> None:
    rows, sheets = rows_of(city, PUPILS), sheets_of(city, PUPILS)
    assert {row["school_name"] for row in rows} == set(sheets)
    assert len(sheets) > 6
    clean = {(row["school_name"], row["school_code"]) for row in rows if not row["defect"]}
    assert len({code for _, code in clean}) == len({name for name, _ in clean}) == len(clean)


def test_what_is_said_of_the_guardian_stands_under_one_heading(city: MadeCity) -> None:
    for lines in sheets_of(city, PUPILS).values():
        above, below = lines[1], lines[2]
        place = above.index("监护人")
        assert below[place : place + 3] == ("姓名", "身份证件号", "联系电话")


def test_guardians_are_grown_up_and_pupils_are_not(city: MadeCity) -> None:
    clean = [row for row in rows_of(city, PUPILS) if not row["defect"]]
    assert clean
    for row in clean:
        assert int(row["guardian_resident_id"][6:10]) < 2008 < int(row["birth_date"][:4]) + 2
        assert row["student_number"] == f"G{row['resident_id']}"


def test_a_household_is_written_once_and_holds_for_its_members(city: MadeCity) -> None:
    rows = [row for row in rows_of(city, HOUSEHOLDS)]
    sheets = sheets_of(city, HOUSEHOLDS)
    lines = [line for each in sheets.values() for line in each[2:]]
    heads = [line for line in lines if line[0]]
    assert len(heads) < len(rows) == len(lines) - len(heads)
    assert all(not any(line[:12]) for line in lines if not line[0])
    assert all(row["household_number"] and row["head_name"] for row in rows)


@pytest.mark.parametrize("column", ["household_number", "address", "recognised_year"])
def test_members_of_a_household_agree_about_it(city: MadeCity, column: str) -> None:
    clean = [row for row in rows_of(city, HOUSEHOLDS) if not row["defect"]]
    together = [(one, other) for one, other in pairwise(clean) if one["household_number"] == other["household_number"]]
    assert len(together) > 20
    assert all(one[column] == other[column] for one, other in together)
