"""Enforcement officers and their cards, as the departments list them each day."""

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_line, of_mobile
from spark_jobs.city.exchange import exchange_columns, of_exchange
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import changes_of_day
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.supervision import DEPARTMENTS, card_numbers, officer_departments, officers
from spark_jobs.city.world.texts import Texts, dates, numbers, taken

_CARD, _UNTIL = "执法证号", "有效期至"
_FIELDS = ["01", "02", "03", "04", "05", "06", "07", "08", "09"]
"""Field of enforcement of each of DEPARTMENTS."""


def _officers(city: City, slot: Slot) -> Batch:
    """New cards, and changes of cards."""
    people, rng = city.persons, slot.rng("rows")
    every = officers(people, city.today)
    place, is_new = subject_of_rows(slot, len(every), rng)
    who, department = every[place], officer_departments(len(every))[place]
    codes = taken([code for code, _, _ in DEPARTMENTS], department)
    issued = city.today - 30 - place * 37 % 1500
    columns = {
        "姓名": taken(people.name, who),
        "身份证号": taken(people.resident_id, who),
        "性别": numbers(people.sex[who]),
        _CARD: card_numbers(place),
        "所在部门": taken([name for _, name, _ in DEPARTMENTS], department),
        "部门代码": codes,
        "执法区域": numbers(people.county[who]),
        "执法类别": taken(_FIELDS, department),
        "发证日期": dates(issued, compact=True),
        _UNTIL: dates(issued + 5 * 365, compact=True),
        "证件状态": taken(["1", "2", "3"], np.where(is_new, 0, rng.choice(3, slot.rows, p=[0.8, 0.1, 0.1]))),
        "联系电话": taken(people.mobile, who),
    }
    columns |= exchange_columns(slot, _compact(changes_of_day(slot)), codes, is_new)
    return Batch(columns, [Mentioned("officer", "person", who)])


def _compact(times: Texts) -> Texts:
    """yyyyMMddHHmmss, as old systems write it."""
    return pc.replace_substring_regex(times, "[ :-]", "")


DATA = Generated(
    weight=0.1,
    fewest=150,
    rows=each_file(_officers),
    kinds=(
        *of_citizen_number("身份证号", "ctxwo"),
        *of_exchange(),
        *of_division("执法区域"),
        *of_mobile("联系电话"),
        *of_line("所在部门", "|"),
        missing(_CARD),
        Kind(
            "card_of_province", _CARD, "reject", "enforcement_card_number_shape", d.rewritten(lambda v: f"鄂L{v[5:]}")
        ),
        Kind(
            "expired_but_valid",
            _UNTIL,
            "warn",
            "card_has_not_expired",
            d.constant("20260101"),
            r"20(27|28|29).*",
            beside="证件状态",
            only_beside="1",
        ),
        Kind("valid_until_before_issued", _UNTIL, "reject", "valid_until_after_issued", d.constant("20010101")),
        Kind("date_with_hyphens", "发证日期", "reject", "date_format", d.rewritten(d.hyphened)),
        Kind("sex_of_another", "性别", "warn", "sex_agrees_with_id", d.rewritten(lambda v: "21"[int(v) - 1])),
        Kind("field_unknown", "执法类别", "reject", "unknown_code", d.constant("10")),
    ),
    bad_files=(BadFile("column_missing", "missing_column", files.without_first_column("|"), "_less"),),
)
