"""What a source holds of a person: the truth when it was taken down, as that source writes, with its slips."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.mentions.addresses_taken_down import address_column, division_column
from spark_jobs.city.mentions.damaged_dates import damaged_dates
from spark_jobs.city.mentions.damaged_names import damage_names, dotless, with_surname_cut
from spark_jobs.city.mentions.damaged_numbers import blank_texts, with_wrong_digit
from spark_jobs.city.mentions.feeds import HOTLINE, LIST
from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.mentions.resident_id_captures import resident_ids
from spark_jobs.city.mentions.taken_down import Captures
from spark_jobs.city.world.chance import Mask, choices, happens, keys_of
from spark_jobs.city.world.homes import HOMES_IN_BLOCK
from spark_jobs.city.world.names import surnames
from spark_jobs.city.world.people import People
from spark_jobs.city.world.phones import phone_of
from spark_jobs.city.world.texts import Ints, Texts, numbers, taken

HOT_MOBILE = 13900000000
_PLACEHOLDERS = np.array([13800000000, 13888888888, 13000000000, 11111111111, 15900000000], np.int64)
_PLACEHOLDER_SHARE = 0.006
_STALE_SHARE = 0.10
"""Of the captures, those that took an outdated address or mobile from an older form."""
_PEOPLE_OF_AGENT = 100
_EVIDENCE_FLOOR = 0.95
"""Of the captures without number and with one further particular, those whose clerk asked again."""


def person_columns(people: People, taken_down: Captures) -> tuple[dict[str, pa.Array], Marks]:
    """Identifying columns of the captures, null where the source has nothing, and what is wrong with them."""
    marks = Marks(len(taken_down.entity))
    person = taken_down.entity
    marks.add("twin", people.is_twin[person])
    marks.add("namesake", people.is_namesake[person])
    has = _particulars(people, taken_down, marks)
    home = _homes(people, taken_down, has["address"], marks)
    columns = {
        "name": _names(people, taken_down, marks),
        "resident_id": resident_ids(people, taken_down, has["number"], marks),
        "birth_date": _birth_dates(people, taken_down, has["date"], marks),
        "sex_code": _sexes(people, taken_down, has["sex"], marks),
        "mobile": _mobiles(people, taken_down, has["phone"], marks),
        "division_code": division_column(home, taken_down, has["address"]),
        "address": address_column(home, taken_down, has["address"], marks),
    }
    return columns, marks


def _particulars(people: People, by: Captures, marks: Marks) -> dict[str, Mask]:
    """Which particulars each capture has."""
    has = {name: happens(by.keys, f"has {name}", by.share(name)) for name in _PARTICULARS}
    few = ~has["number"] & (has["date"].astype(int) + has["phone"] + has["address"] < 2)
    mended = few & happens(by.keys, "asked again", _EVIDENCE_FLOOR)
    has["phone"] |= mended
    has["address"] |= mended
    marks.add("little_evidence", few & ~mended)
    for name, kind in (("number", "id_missing"), ("date", "birth_missing"), ("phone", "mobile_missing")):
        marks.add(kind, ~has[name])
    marks.add("address_missing", ~has["address"])
    marks.add("sex_missing", ~has["sex"])
    return has


_PARTICULARS = ("number", "date", "sex", "phone", "address")


def _names(people: People, by: Captures, marks: Marks) -> Texts:
    person = by.entity
    names = people.names(person, by.seed)
    foreign = np.flatnonzero(people.is_foreign[person])
    is_compound = pc.utf8_length(surnames()[0]).to_numpy()[people.surname[person]] > 1
    cut = is_compound & ~people.is_foreign[person] & ~by.is_careful & happens(by.keys, "surname cut", 0.12)
    damaged = happens(by.keys, "name damaged", by.share("name_damaged")) & ~cut
    names = with_surname_cut(names, np.flatnonzero(cut), marks)
    names = damage_names(names, damaged & ~people.is_foreign[person], by.kind, by.keys, marks)
    return dotless(names, foreign[happens(by.keys[foreign], "other dot", 0.4)], by.keys, marks)


def _birth_dates(people: People, by: Captures, has: Mask, marks: Marks) -> pa.Array:
    wrong = has & happens(by.keys, "date damaged", by.share("date_damaged"))
    return damaged_dates(people.birth[by.entity], wrong, has, by.keys, marks)


def _sexes(people: People, by: Captures, has: Mask, marks: Marks) -> Texts:
    wrong = has & ~by.is_careful & happens(by.keys, "sex wrong", 0.003)
    marks.add("sex_wrong", wrong)
    sex = people.sex[by.entity]
    return blank_texts(taken(["1", "2"], np.where(wrong, 2 - sex, sex - 1)), has)


def _mobiles(people: People, by: Captures, has: Mask, marks: Marks) -> Texts:
    """The person's own or the family's, at times the clerk's of the village or an agent's, or a number of no one."""
    person = by.entity
    is_old = (people.renumbered[person] > by.time) | happens(by.keys, "old mobile", _STALE_SHARE)
    is_old &= people.renumbered[person] > 0
    value = np.where(is_old, people.former_mobile[person], people.mobile[person])
    clerks = (by.kind == LIST) & happens(by.keys, "clerk's phone", 0.35)
    agents = ~clerks & ~by.is_careful & (by.kind != HOTLINE) & happens(by.keys, "agent's phone", 0.008)
    value = np.where(clerks, phone_of(keys_of(by.seed, people.home[person] // HOMES_IN_BLOCK), "clerk"), value)
    agent = choices(by.keys, "agent", max(len(people) // _PEOPLE_OF_AGENT, 1))
    value = np.where(agents, phone_of(keys_of(by.seed, agent), "agent"), value)
    wrong = has & happens(by.keys, "phone damaged", by.share("phone_damaged"))
    value = with_wrong_digit(value, wrong, by.keys)
    empty = ~by.is_careful & happens(by.keys, "placeholder phone", _PLACEHOLDER_SHARE)
    value = np.where(empty, _PLACEHOLDERS[choices(by.keys, "which placeholder", len(_PLACEHOLDERS))], value)
    hot = happens(by.keys, "hot phone", by.hot_share)
    own = ~(clerks | agents | wrong | empty | hot)
    for kind, where in (("mobile_former", is_old & own), ("mobile_of_clerk", clerks), ("mobile_of_agent", agents)):
        marks.add(kind, has & where)
    marks.add("mobile_digit_wrong", wrong & ~empty & ~hot)
    marks.add("mobile_placeholder", (has & empty) | hot)
    marks.add("shared_phone", has & (clerks | agents | (own & people.shares_phone[person])))
    return blank_texts(numbers(np.where(hot, HOT_MOBILE, value)), has | hot)


def _homes(people: People, by: Captures, has: Mask, marks: Marks) -> Ints:
    """The home that the capture names."""
    person = by.entity
    is_old = (people.moved[person] > by.time) | happens(by.keys, "old address", _STALE_SHARE)
    is_old &= people.moved[person] > 0
    marks.add("address_former", has & is_old)
    return np.where(is_old, people.former_home[person], people.home[person])
