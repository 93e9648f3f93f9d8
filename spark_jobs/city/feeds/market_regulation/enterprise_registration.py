"""Registrations of enterprises, individual businesses and cooperatives, and their changes, of each day."""

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
    of_quotes,
)
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import dates, numbers, taken

_CODE, _OLD_NUMBER, _NAME, _CAPITAL = "统一社会信用代码", "注册号", "企业名称", "注册资本(万元)"
_ADDRESS, _SEPARATOR = "住所", ","


def _registrations(city: City, slot: Slot) -> Batch:
    """Of one day."""
    firms, people, rows, rng = city.companies, city.persons, slot.rows, slot.rng("rows")
    which, is_new = subject_of_rows(slot, len(firms), rng)
    approved = np.maximum(slot.business_day - rng.integers(0, 5, rows), firms.established[which])
    status = np.where(is_new, rng.choice(2, rows, p=[0.9, 0.1]), rng.choice(5, rows, p=[0.7, 0.1, 0.05, 0.1, 0.05]))
    representative = firms.representative[which]
    capital = firms.capital[which] * np.where(is_new, 1, rng.integers(1, 4, rows))
    columns = {
        _CODE: taken(firms.uscc, which),
        _OLD_NUMBER: taken(firms.registration_number, which),
        _NAME: taken(firms.name, which),
        "企业类型": taken(firms.type_code, which),
        "法定代表人": taken(people.name, representative),
        "法定代表人证件号": taken(people.resident_id, representative),
        _CAPITAL: numbers(capital),
        "成立日期": dates(firms.established[which]),
        "核准日期": dates(approved),
        "营业期限止": taken(firms.term_end, which),
        "行业代码": taken(firms.industry, which),
        _ADDRESS: taken(firms.address, which),
        "住所区划": numbers(firms.county[which]),
        "登记状态": taken(["存续（在营、开业、在册）", "开业", '"吊销,未注销"', "注销", "迁出"], status),
    }
    mentions = [
        Mentioned("enterprise", "legal_entity", which),
        Mentioned("legal_representative", "person", representative),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=8,
    rows=each_file(_registrations),
    kinds=(
        *of_credit_code(_CODE),
        *of_citizen_number("法定代表人证件号", "cwo"),
        *of_division("住所区划"),
        *of_line(_ADDRESS, _SEPARATOR),
        *of_quotes(_ADDRESS),
        missing(_NAME),
        Kind("unknown_department_in_uscc", _CODE, "reject", "uscc_department", d.rewritten(lambda v: "X" + v[1:])),
        Kind(
            "old_number_of_14_digits", _OLD_NUMBER, "reject", "registration_number_shape", d.rewritten(lambda v: v[:-1])
        ),
        Kind("wrong_check_of_old_number", _OLD_NUMBER, "warn", "registration_number_checksum", d.wrong_last_digit),
        Kind("formula_as_name", _NAME, "normalise", "company_name_width", d.hyperlink(quoted=True)),
        Kind("brackets_of_two_widths", _NAME, "normalise", "company_name_width", d.rewritten(d.mixed_brackets)),
        Kind("capital_as_text", _CAPITAL, "normalise", "amount_text", d.constant('"1,234.5万元"')),
        Kind("capital_in_other_unit", _CAPITAL, "reject", "amount_format", d.constant('"1,234.5元"')),
        Kind("capital_not_available", _CAPITAL, "reject", "amount_format", d.constant("N/A")),
        Kind("impossible_date", "成立日期", "reject", "date_format", d.constant("2019-02-30")),
        Kind("date_of_zeros", "核准日期", "reject", "date_format", d.constant("0000-00-00")),
        Kind(
            "approved_before_established", "核准日期", "warn", "established_before_approved", d.constant("1990-01-01")
        ),
        Kind("unknown_industry", "行业代码", "reject", "unknown_code", d.constant("Z9999")),
        Kind("unknown_status", "登记状态", "reject", "unknown_code", d.constant("待定")),
    ),
    bad_files=(
        BadFile("zero_bytes", "zero_bytes", files.nothing, "_empty"),
        BadFile("unclosed_quote", "unclosed_quote", files.with_open_quote, "_quote"),
    ),
    unknown_column=("经营范围", "日用百货零售"),
)
