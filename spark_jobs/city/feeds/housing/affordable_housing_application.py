"""Applications for affordable housing of each week, as a clerk's workbook: real dates beside dates that are text."""

from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.batch import CELL_KINDS, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import CITIZEN, Kind, missing, of_citizen_number, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import (
    Ints,
    Texts,
    amounts,
    blank_where,
    calendar_numbers,
    dates,
    day_number,
    joined,
    numbers,
    repeated,
    taken,
)

_NUMBER, _SIZE = "申请人身份证号", "家庭人数"
_EXCEL_EPOCH = day_number(date(1900, 1, 1)) - 2
"""Days between Excel's day 0, which counts a 29 February 1900, and ours."""


def _applications(city: City, slot: Slot) -> Batch:
    """Of one week."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    who = rng.choice(city.adults, rows)
    day = slot.business_day - rng.integers(0, 60, rows)
    style = rng.choice(3, rows, p=[0.3, 0.2, 0.5])
    income = blank_where(numbers(rng.integers(8, 90, rows) * 1000), rng.random(rows) < 0.1)
    columns = {
        "申请编号": joined(dates(np.full(rows, slot.business_day), compact=True), numbers(np.arange(rows), 6)),
        "申请人姓名": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "联系电话": taken(people.mobile, who),
        _SIZE: numbers(rng.integers(1, 7, rows)),
        "家庭年收入": income,
        "现住房面积": amounts(rng.integers(10, 120, rows) * 50),
        "申请类型": taken(["公租房", "租赁补贴", "保障性租赁住房"], rng.integers(0, 3, rows)),
        "申请区划": numbers(people.county[who]),
        "申请日期": _days_as_clerks_write(day, style),
        "审核状态": taken(["受理", "公示", "合格", "不合格", "轮候", "已分配", "退出"], rng.integers(0, 7, rows)),
    }
    number = np.full(rows, CELL_KINDS.index("number"), np.int8)
    cells = {name: number.copy() for name in (_SIZE, "家庭年收入", "现住房面积")}
    cells["申请日期"] = np.where(style == 0, CELL_KINDS.index("date"), 0).astype(np.int8)
    return Batch(columns, [Mentioned("applicant", "person", who)], cells)


def _cases(city: City, slot: Slot) -> Batch:
    """Of those who own, buy, run vehicles or are dead, all waiting."""
    people, who = city.persons, planted(city).applicants
    batch = _applications(city, replace(slot, rows=len(who)))
    number = joined(
        dates(np.full(len(who), slot.business_day), compact=True), numbers(slot.first + np.arange(len(who)), 6)
    )
    columns = {
        "申请编号": number,
        "申请人姓名": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "联系电话": taken(people.mobile, who),
        "申请区划": numbers(people.county[who]),
        "审核状态": repeated("轮候", len(who)),
    }
    return batch.with_columns([Mentioned("applicant", "person", who)], **columns)


def _days_as_clerks_write(day: Ints, style: Ints) -> Texts:
    """Excel's serial number, yyyy/M/d or yyyy-MM-dd."""
    integer = calendar_numbers(day)
    slashed = joined(numbers(integer // 10_000), "/", numbers(integer // 100 % 100), "/", numbers(integer % 100))
    text = pc.if_else(style == 1, slashed, dates(day))
    return pc.if_else(style == 0, numbers(day - _EXCEL_EPOCH), text)


DATA = Generated(
    weight=3,
    rows=each_file(_applications),
    cases=_cases,
    kinds=(
        *of_citizen_number(_NUMBER, "ctxwpo"),
        Kind(
            "number_saved_as_number",
            _NUMBER,
            "reject",
            "resident_id_excel_damage",
            d.rewritten(d.zeroed_tail),
            CITIZEN,
            cell="number",
        ),
        *of_division("申请区划"),
        *of_mobile("联系电话"),
        missing("申请类型"),
        Kind("application_number_saved_as_number", "申请编号", "none", "", d.unchanged, cell="number"),
        Kind("error_in_cell", "家庭年收入", "reject", "cell_error", d.constant("#N/A"), cell="error"),
        Kind("income_as_text", "家庭年收入", "normalise", "amount_text", d.rewritten(d.income_in_words)),
        Kind("income_not_available", "家庭年收入", "reject", "amount_format", d.constant("N/A")),
        Kind("household_of_99", _SIZE, "reject", "household_size_is_plausible", d.constant("99"), cell="number"),
        Kind("household_in_words", _SIZE, "reject", "integer_format", d.constant("三人")),
        Kind("area_with_unit", "现住房面积", "reject", "decimal_format", d.constant("56平米")),
        Kind("impossible_date", "申请日期", "reject", "date_format", d.constant("2026/2/30")),
        Kind("applied_in_future", "申请日期", "reject", "applied_on_or_before_business_date", d.constant("2036-01-15")),
        Kind("unknown_programme", "申请类型", "reject", "unknown_code", d.constant("廉租房")),
        Kind("formula_as_name", "申请人姓名", "none", "", d.hyperlink(quoted=False)),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    most_rows_of_file=200_000,  # the contract's bound on one delivery
)
