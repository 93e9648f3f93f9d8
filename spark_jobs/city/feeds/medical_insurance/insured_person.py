"""Insured persons of each month, as an old system lists them: fields of fixed width, cut where they end."""

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division
from spark_jobs.city.feed_data import Generated, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import Ints, Texts, amounts, blank_where, dates, joined, numbers, repeated, taken

_EMPLOYER, _BALANCE = "emp_name", "balc"
_KINDS_OF_PERSON = ["1101", "1201", "1403", "1501", "1601"]
"""Working, retired; pupils, adults and the old among those who are insured as residents."""
_YEAR, _PUPIL_YEARS, _PENSION_YEARS = 365, 18, 60
_ANY = r"(?s).*"


def _insured(city: City, slots: Sequence[Slot]) -> Iterator[Batch]:
    """Each person once at most, spread over all of the city."""
    total = max(sum(slot.rows for slot in slots), 1)
    for slot in slots:
        position = np.arange(slot.first, slot.first + slot.rows)
        yield _rows(city, slot, position * len(city.persons) // total)


def _rows(city: City, slot: Slot, who: Ints) -> Batch:
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    is_employee = who % 3 == 0  # as their settlements say
    status = rng.choice(3, rows, p=[0.95, 0.03, 0.02])
    insured = np.maximum(slot.business_day - rng.integers(2 * _YEAR, 20 * _YEAR, rows), people.birth[who])
    paused = np.maximum(slot.business_day - rng.integers(0, _YEAR, rows), insured)
    employer = taken(city.companies.name, rng.integers(0, len(city.companies), rows))
    columns = {
        "psn_no": joined("4212", numbers(who, 12)),
        "certno": taken(people.resident_id, who),
        "psn_name": taken(people.name, who),
        "gend": numbers(people.sex[who]),
        "naty": taken(people.ethnic, who),
        "brdy": dates(people.birth[who], compact=True),
        "insutype": taken(["390", "310"], is_employee.astype(np.int8)),
        "psn_type": _kinds_of_person((slot.business_day - people.birth[who]) // _YEAR, is_employee),
        "psn_insu_stas": taken(["1", "2", "4"], status),
        "psn_insu_date": dates(insured, compact=True),
        "paus_insu_date": blank_where(dates(paused, compact=True), status == 0),
        "insuplc_admdvs": numbers(people.county[who]),
        _EMPLOYER: blank_where(employer, ~is_employee),
        _BALANCE: blank_where(amounts(rng.integers(0, 2_000_000, rows)), ~is_employee),
    }
    return Batch(columns, [Mentioned("insured_person", "person", who)])


def _insured_twice(city: City, slot: Slot) -> Batch:
    """People who are insured as employees and as residents at the same time."""
    who = np.repeat(planted(city).insured_twice, 2)
    as_employee = np.arange(len(who)) % 2 == 0
    batch = _rows(city, replace(slot, rows=len(who)), who)
    columns = {
        "insutype": taken(["390", "310"], as_employee.astype(np.int8)),
        "psn_type": taken(["1501", "1101"], as_employee.astype(np.int8)),
        "psn_insu_stas": repeated("1", len(who)),
        "paus_insu_date": repeated("", len(who)),
    }
    return batch.with_columns([], **columns)


def _kinds_of_person(years: Ints, is_employee: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Texts:
    """By age and insurance."""
    is_old = years >= _PENSION_YEARS
    as_resident = np.where(years < _PUPIL_YEARS, 2, np.where(is_old, 4, 3))
    return taken(_KINDS_OF_PERSON, np.where(is_employee, is_old, as_resident))


DATA = Generated(
    weight=20,
    rows=_insured,
    cases=_insured_twice,
    kinds=(
        *of_citizen_number("certno", "ctzesnbwpo"),
        *of_division("insuplc_admdvs"),
        missing("psn_name"),
        Kind("line_too_short", "psn_no", "reject", "too_few_fields", d.unchanged, _ANY, fault="too_few_fields"),
        Kind("crlf_line", "psn_no", "none", "", d.unchanged, _ANY, fault="crlf"),
        Kind(
            "character_cut_at_edge",
            _EMPLOYER,
            "reject",
            "malformed_record",
            d.rewritten(lambda value: "A" + value * 100),
            r"[^\x00-\x7f]{4,}",
        ),
        Kind("control_character", _EMPLOYER, "reject", "control_character", d.rewritten(d.with_control_character)),
        Kind("unreadable_character", "psn_name", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind("unknown_insurance", "insutype", "reject", "unknown_code", d.constant("999")),
        Kind("unknown_status", "psn_insu_stas", "reject", "unknown_code", d.constant("3")),
        Kind("unknown_kind_of_person", "psn_type", "reject", "unknown_code", d.constant("9999")),
        Kind("impossible_date", "brdy", "reject", "date_format", d.constant("19900231")),
        Kind("date_of_zeros", "psn_insu_date", "reject", "date_format", d.constant("00000000")),
        Kind("paused_before_insured", "paus_insu_date", "reject", "paused_after_insured", d.constant("19900101")),
        Kind(
            "resident_type_of_employee", "psn_type", "warn", "employee_or_pensioner", d.constant("1501"), r"1[12]\d\d"
        ),
        Kind("amount_as_text", _BALANCE, "normalise", "amount_text", d.rewritten(d.with_thousands), r"\d{4,}\.\d\d"),
        Kind("amount_not_available", _BALANCE, "reject", "amount_format", d.constant("N/A")),
    ),
    bad_files=(
        BadFile("zero_bytes", "zero_bytes", files.nothing, "_empty"),
        BadFile("gzip_named_txt", "content_mismatch", lambda content: gzip.compress(content, mtime=0), "_packed"),
    ),
    dates=last_day,
)
