"""Who is on duty where: the month's roster of the departments, in which the same people come again and again."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_line, of_mobile
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints, Texts, calendar_numbers, dates, joined, numbers, repeated, taken

_DAY, _TELEPHONE, _NAME = "值班日期", "值班电话", "姓名"
_SHIFTS, _DUTIES = ["白班", "夜班", "全天"], ["带班领导", "值班人员", "值班司机"]
_DAYS_OF_ROSTER, _STAFF_OF_DEPARTMENT = 28, 15


def _roster(city: City, slot: Slot) -> Batch:
    """Of one month; a department's people take turns."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    departments = list(dict.fromkeys((row["department"], row["uscc"]) for row in read_table("key_projects.csv")))
    position = np.arange(slot.first, slot.first + rows)
    department, turn = position % len(departments), position // len(departments)
    staff = _staff(city)
    who = staff[(department * _STAFF_OF_DEPARTMENT + turn % _STAFF_OF_DEPARTMENT) % len(staff)]
    day = slot.business_day + turn // len(_DUTIES) % _DAYS_OF_ROSTER
    duty = turn % len(_DUTIES)
    columns = {
        "单位名称": taken([name for name, _ in departments], department),
        "单位代码": taken([code for _, code in departments], department),
        _DAY: pc.if_else(pa.array(rng.random(rows) < 0.3), _slashed(day), dates(day)),
        "班次": taken(_SHIFTS, np.where(duty == 0, 2, position % 2)),
        "值班类别": taken(_DUTIES, duty),
        _NAME: taken(people.name, who),
        "职务": taken(["副局长", "科员", "工勤人员"], duty),
        "政治面貌": taken(["01", "03", "13"], who % 3),
        "移动电话": taken(people.mobile, who),
        _TELEPHONE: joined("0715-", numbers(8_100_000 + department * 111)),
        "备注": repeated("", rows),
    }
    return Batch(columns, [Mentioned("on_duty", "person", who)])


def _staff(city: City) -> Ints:
    """People of working age whose names an old office program can write."""
    people, who = city.persons, city.reachable
    return who[people.fits_gbk[who] & (people.birth[who] > city.today - 60 * 365)]


def _slashed(day: Ints) -> Texts:
    integer = calendar_numbers(day)
    parts = (numbers(part) for part in (integer // 10_000, integer // 100 % 100, integer % 100))
    return joined(*parts, separator="/")


DATA = Generated(
    weight=0.2,
    fewest=90,
    rows=each_file(_roster),
    kinds=(
        *of_line("职务", ","),
        *of_mobile("移动电话"),
        missing(_NAME),
        Kind("blank_in_name", _NAME, "normalise", "person_name_spaces", d.rewritten(d.with_blank), r".{2}"),
        Kind("unreadable_character", _NAME, "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind("day_without_year", _DAY, "reject", "date_format", d.constant("11月8日")),
        Kind("day_of_last_year", _DAY, "reject", "duty_within_two_months", d.constant("2019-11-08")),
        Kind("unknown_shift", "班次", "reject", "unknown_code", d.constant("早班")),
        Kind("mobile_of_duty_room", _TELEPHONE, "warn", "duty_telephone_is_landline", d.constant("13872150000")),
        Kind("two_persons_in_a_cell", _NAME, "none", "", d.rewritten(lambda v: f"{v}、{v}")),
    ),
    bad_files=(BadFile("zero_bytes", "zero_bytes", files.nothing, "_empty"),),
    dates=last_day,
    repeats=False,
    most_rows_of_file=200_000,  # the contract's bound on one delivery
)
