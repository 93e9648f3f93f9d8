"""Marriages and divorces of each day, between couples of the city whose names GBK can hold."""

from collections.abc import Iterator, Sequence

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_line, of_mobile
from spark_jobs.city.feed_data import Generated
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import Ints, blank_where, dates, joined, numbers, taken

_HUSBAND, _WIFE, _SEPARATOR = "男方身份证件号", "女方身份证件号", ","


def _registrations(city: City, slots: Sequence[Slot]) -> Iterator[Batch]:
    """Each couple comes once before any comes again."""
    couples = slots[0].rng("couples").permutation(_couples(city))
    for slot in slots:
        yield _of_day(city, slot, *couples[(slot.first + np.arange(slot.rows)) % len(couples)].T)


def _couples(city: City) -> Ints:
    """Of age for a while on the first business day."""
    people = city.persons
    husband, wife = people.couples.T
    is_of_age = (people.birth[husband] < city.today - 22 * 366) & (people.birth[wife] < city.today - 20 * 366)
    fit: Ints = people.couples[is_of_age & people.fits_gbk[husband] & people.fits_gbk[wife]]
    return fit


def _of_day(city: City, slot: Slot, husband: Ints, wife: Ints) -> Batch:
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    county = numbers(people.county[np.where(rng.random(rows) < 0.7, husband, wife)])
    serial = numbers(np.arange(slot.first, slot.first + rows), 8)
    day = np.full(rows, slot.business_day)
    columns = {
        "登记字号": joined("J", county, "-", dates(day, compact=True), "-", serial),
        "登记类型": taken(["1", "2", "3"], rng.choice(3, rows, p=[0.83, 0.16, 0.01])),
        "登记日期": dates(day),
        "登记机关区划": county,
        "男方姓名": taken(people.name, husband),
        _HUSBAND: taken(people.resident_id, husband),
        "男方联系电话": taken(people.mobile, husband),
        "女方姓名": taken(people.name, wife),
        _WIFE: taken(people.resident_id, wife),
        "女方联系电话": blank_where(taken(people.mobile, wife), rng.random(rows) < 0.1),
    }
    return Batch(columns, [Mentioned("husband", "person", husband), Mentioned("wife", "person", wife)])


DATA = Generated(
    weight=7,
    rows=_registrations,
    kinds=(
        *of_citizen_number(_HUSBAND, "ctwpo"),
        *of_citizen_number(_WIFE, "nbx"),
        *of_division("登记机关区划"),
        *of_line("女方姓名", _SEPARATOR),
        *of_mobile("男方联系电话"),
        missing("登记字号"),
        Kind("name_lost_in_gbk", "女方姓名", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind("same_person_twice", _WIFE, "reject", "two_different_persons", d.as_beside, beside=_HUSBAND),
        Kind("unknown_kind", "登记类型", "reject", "unknown_code", d.constant("7")),
        Kind("date_with_dots", "登记日期", "reject", "date_format", d.rewritten(lambda v: v.replace("-", "."))),
        Kind(
            "registered_in_future",
            "登记日期",
            "reject",
            "registered_on_or_before_business_date",
            d.rewritten(d.later_year),
        ),
    ),
    bad_files=(
        BadFile("header_missing", "header_missing", files.without_header, "_noheader"),
        BadFile("column_missing", "missing_column", files.without_first_column(_SEPARATOR), "_narrow"),
        BadFile("duplicate_file", "duplicate_delivery", files.unchanged, "_again"),
        BadFile("changed_after_manifest", "manifest_mismatch", files.some_lines, "_changed", denied_by_manifest=True),
    ),
)
