"""Registrations of real estate of each day: the estates' developers first, then couples and single owners."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_mobile, of_unit_number
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.chance import choices, happens, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import county_names
from spark_jobs.city.world.texts import amounts, blank_where, clock_times, dates, joined, numbers, repeated, taken

_NUMBERS_OF_CASES = 90_000_000
_OWNERS = 3
"""Of each three rows two are of a couple's dwelling, the third of one with a single owner."""
_ID, _CODE, _SHARE, _END = "QLR/ZJH", "QLR/TYSHXYDM", "QLR/QLBL", "QLJSSJ"


def _registrations(city: City, slot: Slot) -> Batch:
    """Of one day; rows that follow one another with the same registration are its owners."""
    people, firms, estates, rows = city.persons, city.companies, city.estates, slot.rows
    position = np.arange(slot.first, slot.first + rows)
    place = position % _OWNERS
    is_second = place == 1
    number = position // _OWNERS * 2 + (place == 2)
    keys = keys_of(city.seed, number)
    dwelling = (number * 611_953 + 17) % estates.dwellings  # a prime: all estates have their turn
    estate = estates.estate_of(dwelling)
    is_first = (place == 2) & happens(keys, "first registration", 0.4)
    couple = people.couples[choices(keys, "couple", len(people.couples))]
    adults = people.residents[people.birth[people.residents] < city.today - 20 * 366]
    single = adults[choices(keys, "owner", len(adults))]
    person = np.where(place == 2, single, np.where(is_second, couple[:, 1], couple[:, 0]))
    firm = estates.developer[estate]
    by_shares = (place < 2) & happens(keys, "by shares", 0.2)
    counties = np.array(sorted(county_names()))
    where = taken([county_names()[int(c)] for c in counties], np.searchsorted(counties, estates.county[estate]))
    house = joined(
        "湖北省咸宁市", where, taken(estates.name, estate), estates.buildings(dwelling), estates.rooms(dwelling)
    )
    start = city.today - 1200 - estate % 900
    entered = 30_000 + choices(keys, "entered", 30_000)
    columns = {
        "YWH": joined("2026", numbers(number, 8)),
        "DJLX": taken(["200", "100"], is_first.astype(np.int8)),
        "DJYY": taken(["买卖", "新建房屋"], is_first.astype(np.int8)),
        "BDCDYH": estates.unit_numbers(dwelling),
        "ZL": house,
        "XZQDM": numbers(estates.county[estate]),
        "QLLX": repeated("4", rows),
        "GHYT": repeated("10", rows),
        "JZMJ": amounts(estates.areas(dwelling, city.seed)),
        "JYJG": blank_where(amounts(4_000 + choices(keys, "price", 9_000)), is_first),
        "GYFS": taken(["0", "1", "2"], np.select([place == 2, by_shares], [0, 2], 1)),
        "QSZT": repeated("1", rows),
        "QLQSSJ": dates(start),
        _END: dates(start + 70 * 365),
        "DBR": repeated("登簿员甲", rows),
        "DJSJ": joined(repeated(slot.business_date.isoformat(), rows), "T", clock_times(entered)),
        "QLR/SXH": numbers(1 + is_second.astype(np.int64)),
        "QLR/QLRMC": pc.if_else(pa.array(is_first), taken(firms.name, firm), taken(people.name, person)),
        "QLR/QLRLX": taken(["1", "2"], is_first.astype(np.int8)),
        _ID: blank_where(taken(people.resident_id, person), is_first),
        _CODE: blank_where(taken(firms.uscc, firm), ~is_first),
        "QLR/BDCQZH": joined("鄂（2026）咸宁市不动产权第", numbers(number * 2 + is_second, 7), "号"),
        _SHARE: blank_where(repeated("50", rows), ~by_shares),
        "QLR/DH": blank_where(taken(people.mobile, person), is_first),
    }
    mentions = [
        Mentioned("owner", "person", np.where(is_first, NOBODY, person)),
        Mentioned("owner", "legal_entity", np.where(is_first, firm, NOBODY)),
    ]
    return Batch(columns, mentions)


def _cases(city: City, slot: Slot) -> Batch:
    """Single owners who apply for affordable housing or are on the poverty register."""
    people, who = city.persons, planted(city).owners
    rows = len(who)
    nothing = repeated("", rows)
    columns = {
        "YWH": joined("2026", numbers(_NUMBERS_OF_CASES + np.arange(rows), 8)),
        "DJLX": repeated("200", rows),
        "DJYY": repeated("买卖", rows),
        "GYFS": repeated("0", rows),
        "QLR/SXH": repeated("1", rows),
        "QLR/QLRMC": taken(people.name, who),
        "QLR/QLRLX": repeated("1", rows),
        _ID: taken(people.resident_id, who),
        _CODE: nothing,
        _SHARE: nothing,
        "QLR/DH": taken(people.mobile, who),
    }
    mentions = [
        Mentioned("owner", "person", who),
        Mentioned("owner", "legal_entity", np.full(rows, NOBODY)),
    ]
    return _registrations(city, replace(slot, rows=rows)).with_columns(mentions, **columns)


DATA = Generated(
    weight=1,
    fewest=180,
    rows=each_file(_registrations),
    cases=_cases,
    kinds=(
        *of_citizen_number(_ID, "ctwpo"),
        *of_credit_code(_CODE),
        *of_mobile("QLR/DH"),
        *of_unit_number("BDCDYH"),
        missing("QLR/QLRMC"),
        Kind("owner_without_number", _ID, "reject", "owner_is_identified", d.constant("")),
        Kind("share_of_120", _SHARE, "reject", "share_is_between_0_and_100", d.constant("120")),
        Kind("share_left_out", _SHARE, "warn", "shares_of_common_ownership", d.constant("")),
        Kind("for_ever", _END, "warn", "dwelling_lasts_70_years", d.constant("2999-12-31")),
        Kind("ended_before", _END, "reject", "right_ends_after_it_begins", d.constant("1999-12-31")),
        Kind("area_with_unit", "JZMJ", "reject", "decimal_format", d.constant("86.42㎡")),
        Kind("right_of_old_catalogue", "QLLX", "reject", "unknown_code", d.constant("房屋所有权")),
        Kind("entered_in_future", "DJSJ", "reject", "registered_before_receipt", d.constant("2036-01-15T09:00:00")),
    ),
    bad_files=(
        BadFile("cut_document", "xml_malformed", files.first_part(1, 2), "_cut"),
        BadFile("document_with_entities", "content_mismatch", files.with_entities, "_dtd"),
    ),
)
