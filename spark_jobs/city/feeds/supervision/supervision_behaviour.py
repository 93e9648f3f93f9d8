"""The supervision platform's table of inspections: each by officers of its department, by time of exchange."""

import sys

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division
from spark_jobs.city.exchange import exchange_columns, of_exchange, of_item_code
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import changes_of_day
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, happens, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.supervision import (
    DEPARTMENTS,
    ITEMS,
    card_numbers,
    check_list_codes,
    item_codes,
    item_departments,
    item_names,
    officer_of,
    officers,
)
from spark_jobs.city.world.texts import Ints, Texts, blank_where, clock_times, dates, joined, numbers, repeated, taken

_SUBJECTS = 1 << 40
"""There is no end of inspections."""
_NAMES, _CARDS = "check_personnel", "check_personnel_code"


def _inspections(city: City, slot: Slot) -> Batch:
    """Of one day: inspections that are reported for the first time, and corrections of earlier reports."""
    people, firms, rng = city.persons, city.companies, slot.rng("rows")
    which, is_new = subject_of_rows(slot, _SUBJECTS, rng)
    keys = keys_of(city.seed, which)
    is_person = happens(keys, "person inspected", 0.1)
    firm = firms.with_uscc[choices(keys, "firm", len(firms.with_uscc))]
    person = people.residents[choices(keys, "person", len(people.residents))]
    is_shop = np.isin(firm, firms.individual)
    item = choices(keys, "item", ITEMS)
    department = item_departments()[item]
    codes = taken([code for code, _, _ in DEPARTMENTS], department)
    inspected = city.today - 2 - choices(keys, "inspected", 60)
    names, cards = _inspectors(city, department, which)
    none = repeated("", slot.rows)
    columns = {
        "plan_id": blank_where(joined("421200-2026-", numbers(1 + which % 40, 3)), which % 3 > 0),
        "supervise_item_implement_code": taken(item_codes(), item),
        "supervise_item_check_icode": taken(check_list_codes(), item),
        "check_action_name": taken(item_names(), item),
        "check_action_code": joined("XZJC2026", numbers(which, 10)),
        "implement_institution": taken([name for _, name, _ in DEPARTMENTS], department),
        "implement_institution_code": codes,
        "entrust_dept": none,
        "entrust_dept_code": none,
        "supervise_object_type": taken(["1", "2", "5"], np.select([is_person, is_shop], [2, 1], 0)),
        "supervise_object": _either(is_person, taken(people.name, person), taken(firms.name, firm)),
        "administrative_cp": _either(is_person, taken(people.name, person), taken(firms.name, firm)),
        "administrative_cp_na": taken(["1", "3", "2"], np.select([is_person, is_shop], [2, 1], 0)),
        "administrative_cp_ce_type": taken(["001", "111"], is_person.astype(np.int8)),
        "administrative_cp_ui_code": blank_where(taken(firms.uscc, firm), is_person),
        "administrative_cp_certno": blank_where(taken(people.resident_id, person), ~is_person),
        "address_registered": blank_where(taken(firms.address, firm), is_person),
        "address_operating": none,
        "area_number": numbers(np.where(is_person, people.county[person], firms.county[firm])),
        "check_form": numbers(1 + choices(keys, "form", 3)),
        "check_type": numbers(1 + choices(keys, "type", 4)),
        "check_mode": numbers(1 + choices(keys, "mode", 2)),
        "check_result": numbers(1 + (choices(keys, "result", 100) ** 2 // 2600)),
        "check_date": joined(dates(inspected), " ", clock_times(30_000 + choices(keys, "clock", 30_000))),
        _NAMES: names,
        _CARDS: cards,
        "submitted_date": joined(dates(inspected + 1), " 09:00:00"),
        "submitted_personnel": none,
    }
    columns |= exchange_columns(slot, changes_of_day(slot), codes, is_new)
    mentions = [
        Mentioned("party", "person", np.where(is_person, person, NOBODY)),
        Mentioned("party", "legal_entity", np.where(is_person, NOBODY, firm)),
    ]
    return Batch(columns, mentions)


def _either(mask: np.ndarray[tuple[int], np.dtype[np.bool_]], one: Texts, other: Texts) -> Texts:
    return pc.if_else(pa.array(mask), one, other)


def _inspectors(city: City, department: Ints, which: Ints) -> tuple[Texts, Texts]:
    """Names and cards of two officers of each inspection's department, as JSON arrays."""
    every = officers(city.persons, city.today)
    two = [officer_of(department, len(every), city.seed, which * 2 + nth) for nth in (0, 1)]
    names = [taken(city.persons.name, every[each]) for each in two]
    cards = [card_numbers(each) for each in two]
    return tuple(joined('["', one, '", "', other, '"]') for one, other in (names, cards))


DATA = Generated(
    weight=1.2,
    fewest=180,
    rows=each_file(_inspections),
    kinds=(
        *of_item_code("supervise_item_implement_code"),
        *of_exchange(),
        *of_citizen_number("administrative_cp_certno", "c"),
        *of_credit_code("administrative_cp_ui_code"),
        *of_division("area_number"),
        missing("check_action_name"),
        Kind("level_9", "supervise_item_check_icode", "reject", "check_list_code_shape", d.rewritten(d.level_nine)),
        Kind("firm_without_code", "administrative_cp_ui_code", "reject", "party_is_identified", d.constant("")),
        Kind(
            "identity_card_of_a_firm",
            "administrative_cp_ce_type",
            "warn",
            "document_agrees_with_nature",
            d.constant("111"),
            "001",
        ),
        Kind("submitted_before", "submitted_date", "reject", "submitted_after_inspected", d.rewritten(d.earlier_year)),
        Kind("names_without_brackets", _NAMES, "reject", "inspectors_are_an_array", d.rewritten(d.without_brackets)),
        Kind("one_inspector_alone", _NAMES, "warn", "at_least_two_inspectors", d.rewritten(d.first_of_array)),
        Kind("one_card_for_two", _CARDS, "warn", "as_many_cards_as_inspectors", d.rewritten(d.first_of_array)),
        Kind("result_in_words", "check_result", "reject", "unknown_code", d.constant("合格")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's rows lie in the order of their times
)
