"""Entries of the red and black lists, a record each, in the order of their last change."""

import sys

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.decisions import NATURAL_PERSON, decisions
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken

_NUMBER, _UNIT, _UNTIL, _OUT = "subject.idNumber", "subject.uscc", "validUntil", "removedOn"
_OF_FIRMS = ["A01", "A02", "B01", "B02", "B03", "B04", "C01"]
_OF_PERSONS = ["A03", "B01"]
_TYPES = {"A": "1", "B": "2", "C": "3"}
_REASONS = {"A": "信用良好", "B": "有履行能力而拒不履行生效法律文书确定义务", "C": "通过登记的住所无法联系"}
_REMOVED = 1


def _entries(city: City, slot: Slot) -> Batch:
    """Those that changed in one week."""
    people, firms, rows, rng = city.persons, city.companies, slot.rows, slot.rng("rows")
    serial = np.arange(slot.first, slot.first + rows)
    found = decisions(city, serial, "信")
    is_natural = (found.kind == NATURAL_PERSON) | ~np.isin(found.company, firms.with_uscc)
    person = np.where(found.kind == NATURAL_PERSON, found.person, found.representative)
    company = np.where(is_natural, NOBODY, found.company)
    firm = np.maximum(company, 0)
    lists = [*_OF_FIRMS, *_OF_PERSONS]
    which = np.where(is_natural, len(_OF_FIRMS) + rng.integers(0, 2, rows), rng.integers(0, len(_OF_FIRMS), rows))
    listed = slot.business_day - rng.integers(1, 300, rows)
    state = (rng.random(rows) < 0.15).astype(np.int64)
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(8 * 3600, 18 * 3600, rows))
    columns = {
        "listId": joined("XY", numbers(serial, 10)),
        "listType": taken([_TYPES[name[0]] for name in lists], which),
        "listName": taken(lists, which),
        "subject.type": taken(["1", "2"], is_natural.astype(np.int8)),
        "subject.name": joined(
            blank_where(taken(firms.name, firm), is_natural), blank_where(taken(people.name, person), ~is_natural)
        ),
        _UNIT: blank_where(taken(firms.uscc, firm), is_natural),
        _NUMBER: blank_where(taken(people.resident_id, person), ~is_natural),
        "subject.representative": blank_where(taken(people.name, firms.representative[firm]), is_natural),
        "reason": taken([_REASONS[name[0]] for name in lists], which),
        "documentNo": found.document_number,
        "department.name": found.authority_name,
        "department.uscc": found.authority_uscc,
        "listedOn": dates(listed),
        _UNTIL: dates(listed + 365 * rng.integers(1, 4, rows)),
        _OUT: blank_where(dates(np.full(rows, slot.business_day)), state != _REMOVED),
        "removalReason": blank_where(numbers(rng.integers(1, 4, rows)), state != _REMOVED),
        "state": numbers(state + 1),
        "updateTime": moments(updated),
    }
    mentions = [
        Mentioned("subject", "legal_entity", company),
        Mentioned("subject", "person", np.where(is_natural, person, NOBODY)),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=0.12,
    fewest=150,
    rows=each_file(_entries),
    kinds=(
        *of_citizen_number(_NUMBER, "co"),
        *of_credit_code(_UNIT),
        missing("reason"),
        Kind("subject_without_code", _UNIT, "reject", "subject_is_identified", d.constant(""), r"9.{17}"),
        Kind(
            "number_masked",
            _NUMBER,
            "reject",
            "resident_id_shape",
            d.rewritten(lambda v: v[:10] + "****" + v[14:]),
            r".{18}",
        ),
        Kind("list_of_other_type", "listType", "reject", "list_agrees_with_type", d.constant("1"), "[23]"),
        Kind("list_in_words", "listName", "reject", "unknown_code", d.constant("老赖名单")),
        Kind("ends_before_it_begins", _UNTIL, "reject", "valid_until_after_listed", d.constant("2016-01-31")),
        Kind("out_before_in", _OUT, "reject", "removed_after_listed", d.rewritten(d.earlier_year)),
        Kind("removed_without_reason", "removalReason", "reject", "removed_has_date_and_reason", d.constant("")),
        Kind("date_with_dots", "listedOn", "reject", "date_format", d.rewritten(lambda v: v.replace("-", "."))),
        Kind("wrong_check_of_department", "department.uscc", "reject", "uscc_checksum", d.wrong_last_digit),
    ),
    dates=last_day,
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
