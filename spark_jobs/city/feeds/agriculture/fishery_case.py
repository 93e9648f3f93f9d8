"""Cases of the fishery police on lakes and the Yangtze, one row each, in the order of their last change."""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import (
    SECONDS_OF_DAY,
    amounts,
    blank_where,
    dates,
    joined,
    moments,
    numbers,
    taken,
)

_NUMBER = "subject_resident_id"
_WATERS = [
    ("西凉湖", "421202", "西凉湖国家级水产种质资源保护区"),
    ("斧头湖", "421202", "向阳湖镇水域"),
    ("长江嘉鱼段", "421221", "簰洲湾江段"),
    ("长江赤壁段", "421281", "赤壁镇江段"),
    ("陆水湖", "421281", "陆水水库库区"),
    ("富水湖", "421224", "富水水库库区"),
    ("青山水库", "421223", "青山水库库区"),
]
"""Water, county, place."""
_STATES = ["1", "2", "3", "4", "5"]
_CLOSED = 3
_FIRMS_SHARE = 0.12


def _cases(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    people, firms, rows, rng = city.persons, city.companies, slot.rows, slot.rng("rows")
    is_firm = rng.random(rows) < _FIRMS_SHARE
    who, firm = rng.choice(city.adults, rows), rng.choice(firms.with_uscc, rows)
    agent = np.where(is_firm, firms.representative[firm], who)
    where, state = rng.integers(0, len(_WATERS), rows), rng.choice(5, rows, p=[0.15, 0.2, 0.15, 0.4, 0.1])
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(8 * 3600, 18 * 3600, rows))
    filed = slot.business_day - rng.integers(0, 60, rows)
    found = (filed - 1) * SECONDS_OF_DAY + rng.integers(0, SECONDS_OF_DAY, rows)
    first, second = rng.integers(0, 40, rows), 40 + rng.integers(0, 40, rows)
    columns = {
        "case_number": joined(
            "咸渔罚", dates(filed, compact=True), numbers(np.arange(slot.first, slot.first + rows), 6)
        ),
        "water_area": taken([name for name, _, _ in _WATERS], where),
        "division_code": taken([code for _, code, _ in _WATERS], where),
        "place": taken([place for _, _, place in _WATERS], where),
        "violation_type": numbers(1 + rng.integers(0, 7, rows), 2),
        "subject_type": taken(["1", "2"], is_firm.astype(np.int8)),
        "subject_name": pc.if_else(pa.array(is_firm), taken(firms.name, firm), taken(people.name, who)),
        _NUMBER: blank_where(taken(people.resident_id, who), is_firm),
        "subject_uscc": blank_where(taken(firms.uscc, firm), ~is_firm),
        "subject_mobile": taken(people.mobile, agent),
        "boat_number": taken(["三无船舶", "无", ""], rng.integers(0, 3, rows)),
        "catch_kg": amounts(rng.integers(0, 20_000, rows)),
        "fine_yuan": blank_where(amounts(rng.integers(1, 100, rows) * 50_000), state < 2),
        "officer_one": joined("鄂L渔", numbers(first, 4)),
        "officer_two": joined("鄂L渔", numbers(second, 4)),
        "found_at": moments(found),
        "filed_date": dates(filed),
        "closed_date": blank_where(dates(np.full(rows, slot.business_day)), state != _CLOSED),
        "state_code": taken(_STATES, state),
        "updated_at": moments(updated),
    }
    return Batch(
        columns,
        [
            Mentioned("party", "person", np.where(is_firm, NOBODY, who)),
            Mentioned("party", "legal_entity", np.where(is_firm, firm, NOBODY)),
        ],
    )


DATA = Generated(
    weight=0.15,
    fewest=120,
    rows=each_file(_cases),
    kinds=(
        *of_citizen_number(_NUMBER, "ctnwpo"),
        *of_credit_code("subject_uscc")[2:4],
        *of_division("division_code"),
        *of_mobile("subject_mobile"),
        missing("water_area"),
        Kind("party_without_number", _NUMBER, "reject", "party_is_identified", d.constant("")),
        Kind("one_officer_twice", "officer_two", "reject", "two_officers", d.as_beside, beside="officer_one"),
        Kind("closed_before_filed", "closed_date", "reject", "closed_after_filed", d.rewritten(d.earlier_year)),
        Kind("fine_beyond_the_law", "fine_yuan", "warn", "fine_within_law", d.constant("5000000.00")),
        Kind("fine_as_text", "fine_yuan", "normalise", "amount_text", d.rewritten(d.with_thousands)),
        Kind("catch_in_jin", "catch_kg", "reject", "decimal_format", d.constant("30斤")),
        Kind("unknown_violation", "violation_type", "reject", "unknown_code", d.constant("88")),
        Kind("impossible_date", "filed_date", "reject", "date_format", d.constant("2026-02-30")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files
)
