"""Registrations of individual businesses and their changes, of each day; old shops have their old number only."""

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import (
    Kind,
    missing,
    of_citizen_number,
    of_credit_code,
    of_division,
    of_line,
    of_mobile,
    of_quotes,
)
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import dates, numbers, taken

_CODE, _OLD_NUMBER, _NAME, _ADDRESS = "统一社会信用代码", "注册号", "名称", "经营场所"
_OPERATOR, _NUMBER, _EMPLOYED = "经营者", "经营者证件号", "从业人数"


def _registrations(city: City, slot: Slot) -> Batch:
    """Of one day: shops of the register of enterprises, with their operator."""
    firms, people, rows, rng = city.companies, city.persons, slot.rows, slot.rng("rows")
    shops = firms.individual
    place, is_new = subject_of_rows(slot, len(shops), rng)
    which = shops[place]
    operator = firms.representative[which]
    status = np.where(is_new, 0, rng.choice(3, rows, p=[0.8, 0.15, 0.05]))
    columns = {
        _CODE: taken(firms.uscc, which),
        _OLD_NUMBER: taken(firms.registration_number, which),
        _NAME: taken(firms.name, which),
        _OPERATOR: taken(people.name, operator),
        _NUMBER: taken(people.resident_id, operator),
        "经营者电话": taken(people.mobile, operator),
        _ADDRESS: taken(firms.address, which),
        "经营场所区划": numbers(firms.county[which]),
        _EMPLOYED: numbers(1 + (rng.random(rows) ** 3 * 12).astype(np.int64)),
        "注册日期": dates(firms.established[which]),
        "登记状态": taken(["存续", "注销", "吊销"], status),
    }
    mentions = [
        Mentioned("individual_business", "legal_entity", which),
        Mentioned("operator", "person", operator),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=1.5,
    fewest=160,
    rows=each_file(_registrations),
    kinds=(
        *of_credit_code(_CODE),
        *of_citizen_number(_NUMBER, "cxwo"),
        *of_division("经营场所区划"),
        *of_mobile("经营者电话"),
        *of_line(_ADDRESS, ","),
        *of_quotes(_ADDRESS),
        missing(_NAME),
        Kind("wrong_check_of_old_number", _OLD_NUMBER, "warn", "registration_number_checksum", d.wrong_last_digit),
        Kind("operator_s_name_lost", _OPERATOR, "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind("employed_in_words", _EMPLOYED, "reject", "integer_format", d.constant("约3人")),
        Kind("employed_beyond_belief", _EMPLOYED, "warn", "employee_count_is_plausible", d.constant("1314")),
        Kind("impossible_date", "注册日期", "reject", "date_format", d.constant("2019-02-30")),
        Kind("status_of_enterprises", "登记状态", "reject", "unknown_code", d.constant("存续（在营、开业、在册）")),
    ),
    bad_files=(BadFile("gb18030_instead_of_utf8", "encoding_invalid", files.in_gb18030, "_gb"),),
)
