"""Residence registrations of people from elsewhere, and their changes, of each day; the file begins with a BOM."""

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import (
    Kind,
    missing,
    of_citizen_number,
    of_division,
    of_line,
    of_mobile,
    of_quotes,
)
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, happens, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import (
    SECONDS_OF_DAY,
    Ints,
    blank_where,
    clock_times,
    dates,
    joined,
    numbers,
    taken,
)

_NUMBER, _LANDLORD, _BORN, _ADDRESS = "公民身份号码", "房主身份号码", "出生日期", "居住地址"
_SEPARATOR = ","
_OF_CITY = r"^42(12|23)"
_REASONS = ["01", "03", "04", "05", "06", "07"]
_DWELLINGS = ["1", "2", "3", "4", "5"]
_RENTED = 0
_CHANGES = ["1", "2", "3", "4", "5"]


def _from_elsewhere(city: City) -> Ints:
    """Adults whose number begins with a county of another city; everybody of age in a city that is too small."""
    numbers_of = city.persons.resident_id.take(city.adults)
    is_of_city = pc.match_substring_regex(numbers_of, _OF_CITY).to_numpy(zero_copy_only=False)
    found: Ints = city.adults[~is_of_city]
    return found if len(found) else city.adults


def _registrations(city: City, slot: Slot) -> Batch:
    """Of one day."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    elsewhere = _from_elsewhere(city)
    which, is_new = subject_of_rows(slot, len(elsewhere), rng)
    who, keys = elsewhere[which], keys_of(city.seed, elsewhere[which])
    dwelling = choices(keys, "dwelling", len(_DWELLINGS))
    landlord = city.adults[choices(keys, "landlord", len(city.adults))]
    landlord = np.where((dwelling == _RENTED) & (landlord != who), landlord, NOBODY)
    arrived = slot.business_day - 200 - choices(keys, "arrived", 2000)
    issued = arrived + 190
    change = np.where(is_new, rng.integers(0, 2, rows), rng.choice(len(_CHANGES), rows, p=[0, 0.1, 0.6, 0.2, 0.1]))
    firm = choices(keys, "employer", len(city.companies))
    born = dates(people.birth[who], compact=True)
    is_employed = happens(keys, "employed", 0.6)
    columns = {
        "登记编号": joined(numbers(people.county[who]), "JZ", numbers(which, 8)),
        _NUMBER: taken(people.resident_id, who),
        "姓名": taken(people.name, who),
        "性别": numbers(people.sex[who]),
        "民族": taken(people.ethnic, who),
        _BORN: born,
        "户籍地区划": pc.utf8_slice_codeunits(taken(people.resident_id, who), 0, 6),
        "居住地区划": taken(villages().codes, people.village[who]),
        _ADDRESS: taken(people.address, who),
        "居住事由": taken(_REASONS, choices(keys, "reason", len(_REASONS))),
        "居住处所": taken(_DWELLINGS, dwelling),
        "房主姓名": blank_where(taken(people.name, np.maximum(landlord, 0)), landlord == NOBODY),
        _LANDLORD: blank_where(taken(people.resident_id, np.maximum(landlord, 0)), landlord == NOBODY),
        "服务处所": blank_where(taken(city.companies.name, firm), ~is_employed),
        "联系电话": taken(people.mobile, who),
        "来本地日期": dates(arrived, compact=True),
        "签发日期": blank_where(dates(issued, compact=True), change == 0),
        "有效期止": blank_where(dates(issued + 365, compact=True), change == 0),
        "变更类型": taken(_CHANGES, change),
        "变更时间": joined(
            dates(np.full(rows, slot.business_day), compact=True),
            clock_times(rng.integers(8 * 3600, SECONDS_OF_DAY * 3 // 4, rows), compact=True),
        ),
    }
    mentions = [Mentioned("resident", "person", who), Mentioned("landlord", "person", landlord)]
    return Batch(columns, mentions, has_byte_order_mark=True)


DATA = Generated(
    weight=1.2,
    fewest=240,
    rows=each_file(_registrations),
    kinds=(
        *of_citizen_number(_NUMBER, "ctznbwpo"),
        *of_citizen_number(_LANDLORD, "cw"),
        *of_division("居住地区划")[:2],  # a retired code of six digits is none of a village
        *of_mobile("联系电话"),
        *of_line(_ADDRESS, _SEPARATOR),
        *of_quotes(_ADDRESS),
        missing("登记编号"),
        Kind("mobile_full_width", "联系电话", "normalise", "mobile_cleaned", d.rewritten(d.full_width), r"\d{11}"),
        Kind("division_full_width", "居住地区划", "none", "", d.rewritten(d.full_width)),
        Kind("birth_date_of_other", _BORN, "reject", "birth_date_agrees_with_id", d.constant("19490101")),
        Kind("lives_elsewhere", "居住地区划", "reject", "residence_is_in_city", d.constant("420106")),
        Kind(
            "ends_before_it_begins",
            "有效期止",
            "reject",
            "permit_is_issued_before_it_ends",
            d.rewritten(d.earlier_year),
        ),
        Kind("landlord_left_out", "居住处所", "warn", "rented_home_has_landlord", d.constant("1"), "[2345]"),
        Kind("landlord_of_oneself", _LANDLORD, "warn", "landlord_is_somebody_else", d.as_beside, beside=_NUMBER),
        Kind("dates_with_hyphens", "来本地日期", "none", "", d.rewritten(lambda v: f"{v[:4]}-{v[4:6]}-{v[6:]}")),
        Kind("impossible_date", "来本地日期", "reject", "date_format", d.constant("20250230")),
        Kind("reason_in_words", "居住事由", "reject", "unknown_code", d.constant("打工")),
        Kind("changed_in_future", "变更时间", "reject", "changed_before_receipt", d.rewritten(d.later_year)),
        Kind(
            "name_with_blank",
            "姓名",
            "normalise",
            "person_name_spaces",
            d.rewritten(d.with_blank),
            r"[\u4e00-\u9fff]{2,3}",
        ),
    ),
    bad_files=(
        BadFile("column_missing", "missing_column", files.without_first_column(_SEPARATOR), "_narrow"),
        BadFile("unclosed_quote", "unclosed_quote", files.with_open_quote, "_quote"),
    ),
)
