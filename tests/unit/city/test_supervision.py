"""The supervision platform's feeds agree with each other: items, officers and inspections are those of one list."""

import json
from collections import Counter

import pytest

from tests.unit.city.city_reading import MadeCity
from tests.unit.city.identifier_oracle import is_social_credit_code

ITEMS, OFFICERS = "supervision/supervision_item", "supervision/enforcement_officer"
INSPECTIONS = "supervision/supervision_behaviour"
EXCHANGED = (
    ITEMS,
    INSPECTIONS,
    "supervision/supervised_object",
    "supervision/complaint",
    "supervision/knowledge_entry",
)


def clean(city: MadeCity, feed: str) -> list[dict[str, str]]:
    """Records without a defect."""
    return [record for place, record in city.records(feed).items() if place not in city.defects(feed)]


def test_the_list_has_901_items_by_whatever_size(city: MadeCity) -> None:
    (delivery,) = [row for row in city.truth("deliveries") if row["feed"] == ITEMS]
    assert delivery["rows"] == 901
    items = clean(city, ITEMS)
    for column in ("supervise_item_code", "supervise_item_name", "supervise_item_check_icode"):
        assert max(Counter(item[column] for item in items).values()) <= 2, column  # a record may be repeated


def test_implementation_lists_begin_with_a_department_s_code(city: MadeCity) -> None:
    for item in clean(city, ITEMS):
        assert is_social_credit_code(item["supervise_item_check_icode"][:18])
        assert item["supervise_item_check_icode"][18] in "12345"


def test_inspections_are_of_items_of_the_list_and_of_the_same_department(city: MadeCity) -> None:
    department_of = {item["supervise_item_code"]: item["supervise_dept_code"] for item in clean(city, ITEMS)}
    inspections = clean(city, INSPECTIONS)
    known = [row for row in inspections if row["supervise_item_implement_code"] in department_of]
    assert len(known) > len(inspections) * 0.9
    for row in known:
        assert department_of[row["supervise_item_implement_code"]] == row["implement_institution_code"]


def test_inspectors_are_officers_of_the_department(city: MadeCity) -> None:
    officers = {row["执法证号"]: (row["姓名"], row["部门代码"]) for row in clean(city, OFFICERS)}
    compared = 0
    for row in clean(city, INSPECTIONS):
        names, cards = json.loads(row["check_personnel"]), json.loads(row["check_personnel_code"])
        for name, card in zip(names, cards, strict=True):
            if card in officers:
                assert officers[card] == (name, row["implement_institution_code"])
                compared += 1
    assert compared > 100


@pytest.mark.parametrize("feed", EXCHANGED)
def test_batches_are_of_the_day_and_grow_with_the_time(city: MadeCity, feed: str) -> None:
    batches = [(row["cd_time"][:10].replace("-", ""), row["cd_time"], row["cd_batch"]) for row in clean(city, feed)]
    assert all(batch.startswith(day) for day, _, batch in batches)
    by_time = [batch for _, _, batch in sorted(batches)]
    assert by_time == sorted(by_time)
    assert len(set(by_time)) > 1


def test_some_rows_are_withdrawn(city: MadeCity) -> None:
    operations = Counter(row["cd_operation"] for row in clean(city, INSPECTIONS))
    assert operations["i"] > operations["u"] > operations["d"] > 0


def test_a_card_that_has_expired_is_a_defect_where_its_status_says_that_it_holds(city: MadeCity) -> None:
    records = city.records(OFFICERS)
    planted = [place for place, row in city.defects(OFFICERS).items() if row["kind"] == "expired_but_valid"]
    assert planted
    assert {records[place]["证件状态"] for place in planted} == {"1"}
