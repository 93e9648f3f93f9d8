"""Profiles of the elderly, a record each, in the order of their last change; health and guardian are nested."""

import sys

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, happens, keys_of, weighted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.elderly import elders
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken

_NUMBER, _GUARDIAN, _BORN, _SUBSIDY = "person.idNumber", "guardian.idNumber", "person.birthDate", "subsidy.monthly"
_DISEASES = [
    "[]",
    '["高血压"]',
    '["高血压","2型糖尿病"]',
    '["冠心病"]',
    '["慢性阻塞性肺疾病"]',
    '["脑卒中后遗症","高血压"]',
]
_RELATIONS = ["10", "20", "30"]
_DISABLED = 3


def _profiles(city: City, slot: Slot) -> Batch:
    """Those that changed on one day; each elder has one profile."""
    people, rows, old = city.persons, slot.rows, elders(city)
    serial = np.arange(slot.first, slot.first + rows)
    who = old[serial % len(old)]
    keys = keys_of(city.seed, who)
    level = weighted(keys, "level of ability", (0.5, 0.25, 0.12, 0.08, 0.05))
    guardian = city.adults[choices(keys, "guardian", len(city.adults))]
    has_guardian = (happens(keys, "has guardian", 0.7) | (level >= _DISABLED)) & (guardian != who)
    guardian = np.where(has_guardian, guardian, NOBODY)
    some = np.maximum(guardian, 0)
    is_assessed = happens(keys, "assessed", 0.8)
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(slot.rng("rows").integers(8 * 3600, 18 * 3600, rows))
    columns = {
        "elderId": joined("YL", numbers(people.county[who]), numbers(serial, 7)),
        "person.name": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "person.gender": numbers(people.sex[who]),
        _BORN: dates(people.birth[who]),
        "person.mobile": taken(people.mobile, who),
        "residence.divisionCode": taken(villages().codes, people.village[who]),
        "residence.address": taken(people.address, who),
        "residence.living": taken(["1", "2", "3", "4", "9"], weighted(keys, "living", (0.2, 0.3, 0.4, 0.05, 0.05))),
        "health.abilityLevel": blank_where(numbers(level), ~is_assessed & (level < _DISABLED)),
        "health.assessedOn": blank_where(dates(city.today - 1 - choices(keys, "assessed on", 700)), ~is_assessed),
        "health.chronicDiseases": taken(_DISEASES, choices(keys, "diseases", len(_DISEASES))),
        "guardian.name": blank_where(taken(people.name, some), ~has_guardian),
        _GUARDIAN: blank_where(taken(people.resident_id, some), ~has_guardian),
        "guardian.mobile": blank_where(taken(people.mobile, some), ~has_guardian),
        "guardian.relation": blank_where(taken(_RELATIONS, choices(keys, "relation", 3)), ~has_guardian),
        _SUBSIDY: numbers(50 * choices(keys, "subsidy", 12)),
        "state": taken(["1", "2", "3"], weighted(keys, "profile state", (0.95, 0.02, 0.03))),
        "updatedAt": moments(updated),
    }
    return Batch(columns, [Mentioned("elder", "person", who), Mentioned("guardian", "person", guardian)])


DATA = Generated(
    weight=0.5,
    fewest=180,
    rows=each_file(_profiles),
    kinds=(
        *of_citizen_number(_NUMBER, "ctn"),
        *of_citizen_number(_GUARDIAN, "cw"),
        *of_division("residence.divisionCode"),
        *of_mobile("person.mobile"),
        missing("person.name"),
        Kind("too_young", _BORN, "reject", "is_sixty", d.constant("1999-05-06")),
        Kind("birth_date_of_other", _BORN, "reject", "birth_date_agrees_with_id", d.constant("1931-02-03")),
        Kind("guardian_of_oneself", _GUARDIAN, "reject", "guardian_is_somebody_else", d.as_beside, beside=_NUMBER),
        Kind(
            "assessed_in_future",
            "health.assessedOn",
            "reject",
            "assessed_on_or_before_business_date",
            d.rewritten(d.later_year),
        ),
        Kind("subsidy_of_a_year", _SUBSIDY, "warn", "subsidy_is_plausible", d.constant("6600")),
        Kind("subsidy_with_unit", _SUBSIDY, "normalise", "amount_text", d.constant("1,200.0元")),
        Kind("level_in_words", "health.abilityLevel", "reject", "unknown_code", d.constant("半自理")),
        Kind("unknown_relation", "guardian.relation", "reject", "unknown_code", d.constant("儿子")),
        Kind("diseases_as_text", "health.chronicDiseases", "none", "", d.constant("高血压、糖尿病")),
        Kind("birth_date_without_day", _BORN, "reject", "date_format", d.rewritten(lambda v: v[:7])),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
