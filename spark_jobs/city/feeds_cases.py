"""The approval platform's table: cases and the changes of their state, by time of change."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned, Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import Ints, Texts, blank_where, clock_times, dates, joined, numbers, taken

_DAY = 86_400
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
class Cases:
    """All cases so far; the position is the case's serial number."""

    applicant: Ints
    """Person uid, or company uid where `is_firm`."""
    is_firm: Ints
    item: Ints
    applied: Ints
    """Seconds since 1900-01-01."""
    known: int = 0


def make_cases(city: City, total: int, rng: np.random.Generator) -> Cases:
    """As many cases as the table may ever need, none of them applied for yet."""
    is_firm = (rng.random(total) < 0.3).astype(np.int64)
    person = (rng.random(total) ** 1.2 * len(city.persons)).astype(np.int64)
    firm = rng.choice(city.companies.with_uscc, total)
    return Cases(
        applicant=np.where(is_firm == 1, firm, person),
        is_firm=is_firm,
        item=rng.integers(0, len(_ITEMS), total),
        applied=np.zeros(total, np.int64),
    )


def approval_case(city: City, cases: Cases, slot: Slot, rng: np.random.Generator) -> Batch:
    """Rows of one day, oldest change first: new cases, and older ones whose state changed."""
    changed = rng.choice(cases.known, min(slot.rows * 3 // 10, cases.known), replace=False)
    opened = np.arange(cases.known, cases.known + slot.rows - len(changed))
    cases.known += len(opened)
    start = slot.business_day * _DAY
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
    cases: Cases,
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
        "case_number": joined("4212", dates(cases.applied[which] // _DAY, compact=True), numbers(which, 10)),
        "item_code": taken([f"{code}4212{i:09d}" for i, code in enumerate(departments, 1)], item),
        "item_name": taken([name for name, _, _ in _ITEMS], item),
        "department_uscc": taken(departments, item),
        "division_code": numbers(np.where(is_firm, firms.county[firm], people.county[person])),
        "applicant_type": taken(["1", "2"], is_firm.astype(np.int8)),
        "applicant_name": pc.if_else(pa.array(is_firm), taken(firms.name, firm), taken(people.name, person)),
        "applicant_resident_id": blank_where(taken(people.resident_id, person), is_firm),
        "applicant_uscc": blank_where(taken(firms.uscc, firm), ~is_firm),
        "applicant_mobile": taken(people.mobile, agent),
        "state_code": taken(_STATES, state),
        "applied_at": _moments(cases.applied[which]),
        "accepted_at": blank_where(_moments(accepted), state == 0),
        "decided_at": blank_where(_moments(decided), state != 2),
        "promised_days": taken([str(days) for _, _, days in _ITEMS], item),
        "is_online": taken(["1", "0"], (which % 5 == 0).astype(np.int8)),
        "visits": numbers(rng.integers(0, 3, rows)),
        "updated_at": _moments(updated),
    }
    return Batch(
        columns,
        [
            Mentioned("applicant", "person", np.where(is_firm, NOBODY, person)),
            Mentioned("applicant", "legal_entity", np.where(is_firm, firm, NOBODY)),
        ],
    )


def _moments(seconds: Ints) -> Texts:
    return joined(dates(seconds // _DAY), " ", clock_times(seconds % _DAY))
