"""The supervision platform's table of whom departments supervise, by time of exchange."""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division, of_mobile
from spark_jobs.city.exchange import exchange_columns, of_exchange
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import changes_of_day
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.supervision import DEPARTMENTS
from spark_jobs.city.world.texts import blank_where, joined, numbers, taken

_ONE_PERSON_IN = 12


def _objects(city: City, slot: Slot) -> Batch:
    """New objects, and changes of older ones; every twelfth is a person."""
    people, firms, rng = city.persons, city.companies, slot.rng("rows")
    which, is_new = subject_of_rows(slot, len(firms.with_uscc), rng)
    is_person = which % _ONE_PERSON_IN == _ONE_PERSON_IN - 1
    keys = keys_of(city.seed, which)
    firm = firms.with_uscc[which]
    person = people.residents[choices(keys, "person supervised", len(people.residents))]
    is_shop = np.isin(firm, firms.individual)
    agent = np.where(is_person, person, firms.representative[firm])
    codes = taken([code for code, _, _ in DEPARTMENTS], which % len(DEPARTMENTS))
    status = np.where(is_new, 0, rng.choice(3, slot.rows, p=[0.7, 0.2, 0.1]))
    columns = {
        "object_code": joined("JGDX", numbers(which, 10)),
        "object_name": pc.if_else(pa.array(is_person), taken(people.name, person), taken(firms.name, firm)),
        "object_type": taken(["1", "2", "5"], np.select([is_person, is_shop], [2, 1], 0)),
        "object_uscc": blank_where(taken(firms.uscc, firm), is_person),
        "object_certno": blank_where(taken(people.resident_id, person), ~is_person),
        "object_address": pc.if_else(pa.array(is_person), taken(people.address, person), taken(firms.address, firm)),
        "area_number": numbers(np.where(is_person, people.county[person], firms.county[firm])),
        "industry_code": blank_where(taken(firms.industry, firm), is_person),
        "legal_person": blank_where(taken(people.name, agent), is_person),
        "phone": taken(people.mobile, agent),
        "supervise_dept_code": codes,
        "risk_level": taken(["A", "B", "C", "D"], np.minimum(choices(keys, "risk", 100) ** 2 // 2600, 3)),
        "object_status": numbers(status + 1),
    }
    columns |= exchange_columns(slot, changes_of_day(slot), codes, is_new)
    mentions = [
        Mentioned("supervised_object", "person", np.where(is_person, person, NOBODY)),
        Mentioned("supervised_object", "legal_entity", np.where(is_person, NOBODY, firm)),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=0.8,
    fewest=160,
    rows=each_file(_objects),
    kinds=(
        *of_exchange(),
        *of_citizen_number("object_certno", "cw"),
        *of_credit_code("object_uscc"),
        *of_division("area_number"),
        *of_mobile("phone"),
        missing("object_name"),
        Kind("firm_without_code", "object_uscc", "reject", "object_is_identified", d.constant("")),
        Kind("firm_without_representative", "legal_person", "warn", "firm_has_a_representative", d.constant("")),
        Kind("unknown_industry", "industry_code", "reject", "unknown_code", d.constant("Z9999")),
        Kind("risk_in_words", "risk_level", "reject", "unknown_code", d.constant("低风险")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's rows lie in the order of their times
)
