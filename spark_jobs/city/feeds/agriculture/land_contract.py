"""Contracts of rural land and their changes of each day, by the codes of NY/T 2539."""

from datetime import date

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_line, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.collectives import collectives
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import Ints, amounts, blank_where, dates, day_number, joined, numbers, taken

_CODE, _ISSUER, _NUMBER, _MEASURED = "承包合同代码", "发包方编码", "承包方代表证件号", "实测面积(亩)"
_START, _END = day_number(date(1998, 10, 1)), day_number(date(2028, 9, 30))
"""The second round of contracts in Hubei, of thirty years."""
_HOUSEHOLDS = 10_000


def _contracts(city: City, slot: Slot) -> Batch:
    """Of one day; a household's contract is that of its village's collective, whatever changes in it."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    subject, is_new = subject_of_rows(slot, len(city.adults), rng)
    who = city.adults[subject]
    collective = _collectives_of(city, who)
    village = taken(villages().codes, collectives().village[collective])
    issuer = joined(village, numbers(who % 12 + 1, 2))
    household = numbers(who // 12 % _HOUSEHOLDS, 4)
    area = 150 + (who * 37) % 2_500
    columns = {
        _CODE: joined(issuer, household, "J"),
        _ISSUER: issuer,
        "发包方名称": taken(collectives().name, collective),
        "承包方代表姓名": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "承包方联系电话": taken(people.mobile, who),
        "承包方地址": taken(people.address, who),
        "承包方成员数量": numbers(1 + who % 6),
        "区划代码": village,
        "承包地块数": numbers(1 + who % 9),
        "二轮合同面积(亩)": blank_where(amounts(area), rng.random(rows) < 0.1),
        _MEASURED: amounts(area + area * rng.integers(0, 25, rows) // 100),
        "承包方式": taken(["110", "121", "123"], rng.choice(3, rows, p=[0.95, 0.02, 0.03])),
        "承包期限起": dates(np.full(rows, _START), compact=True),
        "承包期限止": dates(np.full(rows, _END), compact=True),
        "变更类型": taken(["0", "1", "2"], np.where(is_new, 0, rng.choice(np.array([1, 2]), rows, p=[0.9, 0.1]))),
        "变更日期": dates(np.full(rows, slot.business_day)),
    }
    return Batch(columns, [Mentioned("contractor", "person", who)])


def _collectives_of(city: City, who: Ints) -> Ints:
    """That of each one's village; townspeople have their land in another one."""
    homes, rural = city.persons.village[who], collectives().village
    return np.where(np.isin(homes, rural), np.searchsorted(rural, homes), who) % len(rural)


def _forty_years_before(value: str) -> str:
    return f"{int(value[:4]) - 40}{value[4:]}"


DATA = Generated(
    weight=1,
    fewest=180,
    rows=each_file(_contracts),
    kinds=(
        *of_citizen_number(_NUMBER, "ctzebyxwpo"),
        *of_division("区划代码"),
        *of_line("承包方地址", ","),
        *of_mobile("承包方联系电话"),
        missing("承包方代表姓名"),
        Kind("contract_without_letter", _CODE, "reject", "contract_code_shape", d.rewritten(lambda v: v[:-1])),
        Kind(
            "issuer_as_number", _ISSUER, "reject", "string_excel_damage", d.rewritten(lambda v: f"{v[0]}.{v[1:6]}E+13")
        ),
        Kind("ends_before_start", "承包期限止", "reject", "ends_after_start", d.rewritten(_forty_years_before)),
        Kind("term_of_seventy_years", "承包期限止", "warn", "term_of_thirty_years", d.constant("20680930")),
        Kind("area_in_square_metres", _MEASURED, "warn", "measured_area_is_plausible", d.constant("26680.00")),
        Kind("area_with_unit", _MEASURED, "reject", "decimal_format", d.rewritten(lambda v: f"{v}亩")),
        Kind("unreadable_character", "承包方代表姓名", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind("unknown_way", "承包方式", "reject", "unknown_code", d.constant("家庭承包")),
        Kind("impossible_date", "承包期限起", "reject", "date_format", d.constant("19981131")),
    ),
    bad_files=(BadFile("header_lost", "header_missing", files.without_header, "_bare"),),
)
