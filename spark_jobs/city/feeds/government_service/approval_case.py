"""The approval platform's table: cases and the changes of their state, by time of change."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import SECONDS_OF_DAY, Ints, blank_where, dates, joined, moments, numbers, taken

_NUMBER = "applicant_resident_id"
_ITEMS = [
    ("企业设立登记", "11421200MFXN0105XM", 1),
    ("食品经营许可", "11421200MFXN0105XM", 10),
    ("居住证签发", "11421200MFXN01009J", 7),
    ("不动产转移登记", "11421200MFXN01068M", 3),
    ("建筑工程施工许可", "11421200MFXN01076G", 5),
    ("医疗机构执业登记", "11421200MFXN010333", 15),
    ("异地就医备案", "11421200MFXN01041X", 1),
    ("社会团体成立登记", "11421200MFXN010258", 20),
]
"""Name, deciding department's code, promised working days."""

_RECEIVED, _ACCEPTED, _DECIDED, _RETURNED, _RUNNING = "02", "05", "10", "13", "12"
_STATES = [_RECEIVED, _ACCEPTED, _DECIDED, _RETURNED, _RUNNING]


@dataclass
class _Cases:
    """All cases so far; the position is the case's serial number."""

    applicant: Ints
    """Person uid, or company uid where `is_firm`."""
    is_firm: Ints
    item: Ints
    applied: Ints
    """Seconds since 1900-01-01."""
    known: int = 0


def _changes(city: City, slots: Sequence[Slot]) -> Iterator[Batch]:
    """Day by day; what is a change of an older case follows from the days before."""
    cases = _opened(city, sum(slot.rows for slot in slots), slots[0].rng("cases"))
    for slot in slots:
        yield _of_day(city, cases, slot)


def _opened(city: City, total: int, rng: np.random.Generator) -> _Cases:
    """As many cases as the table may ever need, none of them applied for yet."""
    is_firm = (rng.random(total) < 0.3).astype(np.int64)
    person = (rng.random(total) ** 1.2 * len(city.persons)).astype(np.int64)
    firm = rng.choice(city.companies.with_uscc, total)
    return _Cases(
        applicant=np.where(is_firm == 1, firm, person),
        is_firm=is_firm,
        item=rng.integers(0, len(_ITEMS), total),
        applied=np.zeros(total, np.int64),
    )


def _of_day(city: City, cases: _Cases, slot: Slot) -> Batch:
    """Rows of one day, oldest change first: new cases, and older ones whose state changed."""
    rng = slot.rng("rows")
    changed = rng.choice(cases.known, min(slot.rows * 3 // 10, cases.known), replace=False)
    opened = np.arange(cases.known, cases.known + slot.rows - len(changed))
    cases.known += len(opened)
    start = slot.business_day * SECONDS_OF_DAY
    cases.applied[opened] = start + rng.integers(8 * 3600, 16 * 3600, len(opened))
    which = np.concatenate([opened, changed])
    is_new = np.arange(slot.rows) < len(opened)
    at_once = is_new & (rng.random(slot.rows) < 0.4)
    later = rng.choice(np.array([2, 2, 2, 2, 3, 4]), slot.rows)
    state = np.where(is_new, np.where(at_once, 2, rng.integers(0, 2, slot.rows)), later)
    accepted = cases.applied[which] + 60 * rng.integers(1, 60, slot.rows)
    decided = np.where(
        is_new, accepted + 60 * rng.integers(1, 180, slot.rows), start + rng.integers(30_000, 70_000, slot.rows)
    )
    updated = np.select([state == 2, is_new & (state == 0), is_new], [decided, cases.applied[which], accepted], decided)
    order = np.lexsort((which, updated))
    return _table(city, cases, which[order], state[order], accepted[order], decided[order], updated[order], rng)


def _table(
    city: City,
    cases: _Cases,
    which: Ints,
    state: Ints,
    accepted: Ints,
    decided: Ints,
    updated: Ints,
    rng: np.random.Generator,
) -> Batch:
    people, firms, rows = city.persons, city.companies, len(which)
    is_firm, item = cases.is_firm[which] == 1, cases.item[which]
    person = np.where(is_firm, 0, cases.applicant[which])
    firm = np.where(is_firm, cases.applicant[which], 0)
    agent = np.where(is_firm, firms.representative[firm], person)
    departments = [code for _, code, _ in _ITEMS]
    columns = {
        "case_number": joined("4212", dates(cases.applied[which] // SECONDS_OF_DAY, compact=True), numbers(which, 10)),
        "item_code": taken([f"{code}4212{i:09d}" for i, code in enumerate(departments, 1)], item),
        "item_name": taken([name for name, _, _ in _ITEMS], item),
        "department_uscc": taken(departments, item),
        "division_code": numbers(np.where(is_firm, firms.county[firm], people.county[person])),
        "applicant_type": taken(["1", "2"], is_firm.astype(np.int8)),
        "applicant_name": pc.if_else(pa.array(is_firm), taken(firms.name, firm), taken(people.name, person)),
        _NUMBER: blank_where(taken(people.resident_id, person), is_firm),
        "applicant_uscc": blank_where(taken(firms.uscc, firm), ~is_firm),
        "applicant_mobile": taken(people.mobile, agent),
        "state_code": taken(_STATES, state),
        "applied_at": moments(cases.applied[which]),
        "accepted_at": blank_where(moments(accepted), state == 0),
        "decided_at": blank_where(moments(decided), state != 2),
        "promised_days": taken([str(days) for _, _, days in _ITEMS], item),
        "is_online": taken(["1", "0"], (which % 5 == 0).astype(np.int8)),
        "visits": numbers(rng.integers(0, 3, rows)),
        "updated_at": moments(updated),
    }
    return Batch(
        columns,
        [
            Mentioned("applicant", "person", np.where(is_firm, NOBODY, person)),
            Mentioned("applicant", "legal_entity", np.where(is_firm, firm, NOBODY)),
        ],
    )


DATA = Generated(
    weight=12,
    rows=_changes,
    kinds=(
        *of_citizen_number(_NUMBER, "ctnwpo"),
        *of_credit_code("applicant_uscc"),
        *of_division("division_code"),
        *of_mobile("applicant_mobile"),
        missing("item_code"),
        Kind("applicant_without_number", _NUMBER, "reject", "applicant_is_identified", d.constant("")),
        Kind("unknown_state", "state_code", "reject", "unknown_code", d.constant("99")),
        Kind("decided_before_applied", "decided_at", "reject", "decided_after_applied", d.rewritten(d.earlier_year)),
        Kind("time_without_clock", "applied_at", "reject", "timestamp_format", d.rewritten(lambda v: v[:10])),
        Kind("visits_in_words", "visits", "reject", "integer_format", d.constant("两次")),
        Kind("online_not_said", "is_online", "reject", "boolean_format", d.constant("待核")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's changes lie in the order of their times
)
