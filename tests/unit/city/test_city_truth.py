"""What is said about the files is so, and the contracts agree with it."""

from collections import Counter

import pytest

from expectations.contract.catalogue import load_feed
from expectations.rejections import load_rejections
from spark_jobs.city.damage.planting import REPEATED_ACROSS_FILES, REPEATED_IN_FILE
from spark_jobs.city.feeds import data_of_feeds
from tests.unit.city.city_reading import (
    APPLICATIONS,
    CASES,
    ENTERPRISES,
    MARRIAGES,
    RESIDENTS,
    SETTLEMENTS,
    MadeCity,
)
from tests.unit.city.identifier_oracle import is_citizen_number, is_registration_number, is_social_credit_code

KINDS = [(feed, kind) for feed, data in data_of_feeds().items() for kind in data.kinds]

_CITIZEN_NUMBERS = [
    (RESIDENTS, "公民身份号码"),
    (MARRIAGES, "男方身份证件号"),
    (MARRIAGES, "女方身份证件号"),
    (SETTLEMENTS, "certno"),
    (ENTERPRISES, "法定代表人证件号"),
    (APPLICATIONS, "申请人身份证号"),
    (CASES, "applicant_resident_id"),
]


def test_every_kind_of_defect_occurs(city: MadeCity) -> None:
    planted = {(row["feed"], row["kind"], row["column"]) for row in city.truth("defects")}
    assert {(feed, kind.name, kind.column) for feed, kind in KINDS} <= planted
    assert {REPEATED_IN_FILE, REPEATED_ACROSS_FILES, "unknown_column"} <= {kind for _, kind, _ in planted}


def test_every_reason_is_one_of_the_contract(city: MadeCity) -> None:
    for feed, kind in KINDS:
        contract = load_feed(feed)
        breaches = contract.breaches()
        notes = {note for column in contract.columns for note in column.domain.notes}
        if kind.outcome in ("reject", "warn"):
            assert breaches[kind.reason].severity.value == kind.outcome, kind
        elif kind.outcome == "normalise":
            assert kind.reason in notes, kind
        else:
            assert kind.reason == ""


def test_a_row_has_one_defect_at_most(city: MadeCity) -> None:
    rows = Counter((row["feed"], row["file"], row["row_number"]) for row in city.truth("defects"))
    assert set(rows.values()) == {1}


def test_quarantined_rows_are_those_with_a_reason_to_reject(city: MadeCity) -> None:
    rejected = Counter(row["file"] for row in city.truth("defects") if row["outcome"] == "reject")
    for delivery in city.truth("deliveries"):
        assert delivery["quarantined"] == rejected[delivery["file"]]
        assert delivery["accepted"] + delivery["quarantined"] == delivery["rows"]
        assert delivery["quarantined"] <= delivery["rows"] * 0.4


@pytest.mark.parametrize(("feed", "column"), _CITIZEN_NUMBERS)
def test_citizen_numbers_are_right_but_where_truth_says_otherwise(city: MadeCity, feed: str, column: str) -> None:
    defects = city.defects(feed)
    for place, record in city.records(feed).items():
        defect = defects.get(place)
        is_damaged = defect is not None and defect["column"] == column and defect["outcome"] != "none"
        if not is_damaged:
            assert not record[column] or is_citizen_number(record[column]), (place, defect)
        elif defect is not None and defect["reason"] in ("resident_id_checksum", "resident_id_excel_damage"):
            assert not is_citizen_number(record[column]), place


def test_company_numbers_are_right_but_where_truth_says_otherwise(city: MadeCity) -> None:
    defects = city.defects(ENTERPRISES)
    only_old = 0
    for place, record in city.records(ENTERPRISES).items():
        damaged = defects[place]["column"] if place in defects else ""
        code, old = record["统一社会信用代码"], record["注册号"]
        only_old += not code
        if damaged != "统一社会信用代码":
            assert is_social_credit_code(code) if code else old, place
        if damaged != "注册号":
            assert not old or is_registration_number(old), place
    assert only_old


def test_deciding_departments_have_true_codes(city: MadeCity) -> None:
    assert all(is_social_credit_code(row["department_uscc"]) for row in city.records(CASES).values())


def test_clean_rows_have_every_required_value_and_known_codes(city: MadeCity) -> None:
    for feed in {feed for feed, _ in KINDS}:
        contract, defects = load_feed(feed), city.defects(feed)
        for place, record in city.records(feed).items():
            if place in defects:
                continue
            for column in contract.columns:
                value = record[column.source]
                assert value or not column.required, (place, column.source)
                assert not value or column.values is None or value in column.values, (place, column.source, value)


def test_birth_dates_agree_with_numbers_in_clean_rows(city: MadeCity) -> None:
    for place, record in city.records(RESIDENTS).items():
        if place not in city.defects(RESIDENTS):
            assert record["公民身份号码"][6:14] == record["出生日期"]


def test_amounts_add_up_in_clean_rows(city: MadeCity) -> None:
    for place, row in city.records(SETTLEMENTS).items():
        if place not in city.defects(SETTLEMENTS):
            fee, fund, person, account, cash = (
                round(float(row[name]) * 100)
                for name in ("medfee_sumamt", "fund_pay_sumamt", "psn_part_amt", "acct_pay", "psn_cash_pay")
            )
            assert (fee, person) == (fund + person, account + cash)
            assert (fee < 0) == (row["refd_setl_flag"] == "1")


def test_repeated_records_are_the_same_again(city: MadeCity) -> None:
    records = city.records(SETTLEMENTS)
    for (file, number), defect in city.defects(SETTLEMENTS).items():
        if defect["kind"] == REPEATED_IN_FILE:
            assert records[file, number] == records[file, number - 1]
        if defect["kind"] == REPEATED_ACROSS_FILES:
            assert records[file, number] in [row for (other, _), row in records.items() if other < file]


@pytest.mark.parametrize(
    ("feed", "role", "number"),
    [
        (RESIDENTS, "resident", "公民身份号码"),
        (SETTLEMENTS, "insured_person", "certno"),
        (MARRIAGES, "wife", "女方身份证件号"),
        (ENTERPRISES, "legal_representative", "法定代表人证件号"),
        (CASES, "applicant", "applicant_resident_id"),
    ],
)
def test_mentions_lead_to_the_person_of_that_number(city: MadeCity, feed: str, role: str, number: str) -> None:
    true_numbers = [row["resident_id"] for row in city.truth("persons")]
    records, defects = city.records(feed), city.defects(feed)
    compared = 0
    for mention in city.truth("mentions"):
        place = mention["file"], mention["row_number"]
        if (mention["feed"], mention["role"]) != (feed, role) or mention["person_uid"] is None or place not in records:
            continue
        if defects.get(place, {}).get("column") != number:
            assert records[place][number] == true_numbers[mention["person_uid"]]
            compared += 1
    assert compared > 100


def test_people_recur_across_feeds(city: MadeCity) -> None:
    feeds: dict[int, set[str]] = {}
    for mention in city.truth("mentions"):
        if mention["person_uid"] is not None:
            feeds.setdefault(mention["person_uid"], set()).add(mention["feed"])
    assert sum(len(found) > 1 for found in feeds.values()) > len(feeds) / 3


def test_no_two_people_share_a_number(city: MadeCity) -> None:
    numbers = [row["resident_id"] for row in city.truth("persons")]
    assert len(set(numbers)) == len(numbers)
    assert {number[:2] for number in numbers} >= {"81", "82", "83", "94", "42"}


def test_bad_files_are_there_and_their_rejections_exist(city: MadeCity) -> None:
    bad = city.truth("files")
    assert len(bad) >= 10
    assert {row["rejection"] for row in bad} <= set(load_rejections())
    assert all(city.file(row["feed"], row["file"]).is_file() for row in bad)
    assert not {row["file"] for row in bad} & {row["file"] for row in city.truth("deliveries")}
