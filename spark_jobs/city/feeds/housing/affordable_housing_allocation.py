"""Allocations of affordable housing of each week, as a clerk's workbook: rents with units, areas as text."""

import numpy as np

from spark_jobs.city.batch import CELL_KINDS, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_mobile, of_unit_number
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import amounts, blank_where, dates, joined, numbers, taken

_SIZE, _RENT, _AREA, _NUMBER = "家庭人数", "月租金", "建筑面积", "承租人身份证号"
_YEAR = 365
_CHOSEN, _DECLINED = 0, 3


def _allocations(city: City, slot: Slot) -> Batch:
    """Of one week, to people who have waited since last year or longer."""
    people, estates, rows, rng = city.persons, city.estates, slot.rows, slot.rng("rows")
    adults = people.residents[people.birth[people.residents] < city.today - 18 * 366]
    who = rng.choice(adults, rows)
    position = np.arange(slot.first, slot.first + rows)
    dwelling = estates.dwellings - 1 - position * 7919 % estates.dwellings  # a prime; sales begin at the other end
    estate = estates.estate_of(dwelling)
    status = rng.choice(5, rows, p=[0.2, 0.3, 0.35, 0.1, 0.05])
    has_no_lease = (status == _CHOSEN) | (status == _DECLINED)
    waiting = slot.business_day - rng.integers(_YEAR, 3 * _YEAR, rows)
    allocated = slot.business_day - rng.integers(1, 60, rows)
    area = rng.integers(60, 120, rows) * 50
    columns = {
        "配租编号": joined("PZ", dates(np.full(rows, slot.business_day), compact=True), numbers(position, 6)),
        "申请编号": joined(dates(waiting, compact=True), numbers(position % 900, 6)),
        "承租人姓名": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "联系电话": taken(people.mobile, who),
        _SIZE: numbers(rng.integers(1, 6, rows)),
        "保障方式": taken(["公租房", "保障性租赁住房", "共有产权住房"], rng.choice(3, rows, p=[0.7, 0.2, 0.1])),
        "项目名称": taken(estates.name, estate),
        "楼栋": estates.buildings(dwelling),
        "房号": estates.rooms(dwelling),
        "不动产单元号": estates.unit_numbers(dwelling),
        "所在区划": numbers(estates.county[estate]),
        _AREA: amounts(area),
        _RENT: amounts(area * 3),
        "轮候起始日": dates(waiting),
        "分配日期": dates(allocated),
        "合同起": blank_where(dates(allocated + 15), has_no_lease),
        "合同止": blank_where(dates(allocated + 15 + 3 * _YEAR), has_no_lease),
        "状态": taken(["选房", "签约", "入住", "放弃", "退出"], status),
    }
    number = np.full(rows, CELL_KINDS.index("number"), np.int8)
    cells = {name: number.copy() for name in (_SIZE, _AREA, _RENT)}
    return Batch(columns, [Mentioned("tenant", "person", who)], cells)


DATA = Generated(
    weight=0.4,
    fewest=160,
    rows=each_file(_allocations),
    kinds=(
        *of_citizen_number(_NUMBER, "ctxwpo"),
        Kind(
            "number_saved_as_number",
            _NUMBER,
            "reject",
            "resident_id_excel_damage",
            d.rewritten(d.zeroed_tail),
            r"[1-7]\d{16}[\dX]",
            d.right_by_chance,
            cell="number",
        ),
        *of_division("所在区划"),
        *of_mobile("联系电话"),
        *of_unit_number("不动产单元号"),
        missing("状态"),
        Kind("error_in_cell", _RENT, "reject", "cell_error", d.constant("#REF!"), cell="error"),
        Kind("rent_as_text", _RENT, "normalise", "amount_text", d.rewritten(d.with_thousands)),
        Kind("rent_free", _RENT, "reject", "amount_format", d.constant("免租")),
        Kind("area_with_unit", _AREA, "reject", "decimal_format", d.constant("56平米")),
        Kind("household_of_99", _SIZE, "reject", "household_size_is_plausible", d.constant("99"), cell="number"),
        Kind("date_as_clerks_write", "分配日期", "none", "", d.rewritten(d.slashed)),
        Kind("impossible_date", "分配日期", "reject", "date_format", d.constant("2026/2/30")),
        Kind("allocated_before_waiting", "分配日期", "reject", "allocated_after_waiting", d.constant("2015-03-01")),
        Kind("lease_of_20_years", "合同止", "warn", "lease_of_five_years_at_most", d.constant("2046-10-31")),
        Kind("lease_that_ends_before", "合同止", "reject", "lease_ends_after_it_begins", d.constant("2020-10-31")),
        Kind("status_as_number", "状态", "reject", "unknown_code", d.constant("1")),
    ),
    bad_files=(BadFile("csv_named_xlsx", "content_mismatch", files.as_plain_text, "_csv"),),
    dates=last_day,
)
