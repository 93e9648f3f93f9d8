"""What the medical-insurance and housing bureaus send: settlements and applications for housing."""

from datetime import date

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from spark_jobs.city.batch import CELL_KINDS, Batch, Mentioned, Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import (
    Ints,
    Texts,
    amounts,
    blank_where,
    calendar_numbers,
    clock_times,
    dates,
    day_number,
    joined,
    numbers,
    taken,
)

_EXCEL_EPOCH = day_number(date(1900, 1, 1)) - 2
"""Days between Excel's day 0, which counts a 29 February 1900, and ours."""


def settlement(city: City, slot: Slot, rng: np.random.Generator) -> Batch:
    """Settlements and refunds of one day; some people are ill more often than others."""
    people, rows = city.persons, slot.rows
    who = _patients(city, rows, rng)
    places = read_table("institutions.csv")
    place = rng.integers(0, len(places), rows)
    is_pharmacy = np.array([p["kind"] == "P" for p in places])[place]
    treatment = np.where(is_pharmacy, 3, rng.choice(3, rows, p=[0.65, 0.2, 0.15]))
    day = np.full(rows, slot.business_day)
    moment = joined(dates(day), " ", clock_times(rng.integers(7 * 3600, 20 * 3600, rows)))
    serial = numbers(np.arange(slot.first, slot.first + rows), 10)
    diseases = [row["code"] for row in read_table("diseases.csv")]
    disease = taken(diseases, rng.integers(0, len(diseases), rows))
    is_refund = rng.random(rows) < 0.01
    columns = {
        "setl_id": joined("S", dates(day, compact=True), serial),
        "psn_no": joined("4212", numbers(who, 12)),
        "certno": taken(people.resident_id, who),
        "psn_name": taken(people.name, who),
        "gend": numbers(people.sex[who]),
        "brdy": dates(people.birth[who]),
        "fixmedins_code": taken([f"{p['kind']}{p['division_code']}{i:05d}" for i, p in enumerate(places, 1)], place),
        "fixmedins_name": taken([p["name"] for p in places], place),
        "insuplc_admdvs": numbers(people.county[who]),
        "mdtrtarea_admvs": taken([p["division_code"] for p in places], place),
        "insutype": taken(["310", "390"], (who % 3 > 0).astype(np.int8)),
        "med_type": taken(["11", "14", "21", "41"], treatment),
        "dise_codg": blank_where(disease, is_pharmacy | (rng.random(rows) < 0.03)),
        "setl_time": moment,
        **_payments(treatment, is_refund, rng),
        "refd_setl_flag": taken(["0", "1"], is_refund.astype(np.int8)),
    }
    return Batch(columns, [Mentioned("insured_person", "person", who)])


def _patients(city: City, rows: int, rng: np.random.Generator) -> Ints:
    """Mostly residents; a few hold a residence permit or a permanent residence card."""
    residents = city.persons.residents
    others = np.setdiff1d(np.arange(len(city.persons)), residents)
    resident = residents[(rng.random(rows) ** 1.4 * len(residents)).astype(np.int64)]
    return np.where(rng.random(rows) < 0.015, rng.choice(others, rows), resident)


def _payments(treatment: Ints, is_refund: NDArray[np.bool_], rng: np.random.Generator) -> dict[str, Texts]:
    """Fee = fund + person, person = account + cash, in cents; a refund is negative throughout."""
    rows = len(treatment)
    usual = np.array([15_000, 9_000, 450_000, 6_000])[treatment]
    fee = np.maximum(usual * np.exp(rng.normal(0, 0.6, rows)), 200).astype(np.int64)
    fund = (fee * rng.uniform(0.2, 0.8, rows)).astype(np.int64)
    person = fee - fund
    account = (person * rng.uniform(0, 1, rows)).astype(np.int64)
    sign = np.where(is_refund, -1, 1)
    parts = {
        "medfee_sumamt": fee,
        "fund_pay_sumamt": fund,
        "psn_part_amt": person,
        "acct_pay": account,
        "psn_cash_pay": person - account,
    }
    return {name: amounts(cents * sign) for name, cents in parts.items()}


def affordable_housing_application(city: City, slot: Slot, rng: np.random.Generator) -> Batch:
    """Applications of one week, as a clerk's workbook: real dates beside dates that are text."""
    people, rows = city.persons, slot.rows
    adults = people.residents[people.birth[people.residents] < city.today - 18 * 366]
    who = rng.choice(adults, rows)
    day = slot.business_day - rng.integers(0, 60, rows)
    style = rng.choice(3, rows, p=[0.3, 0.2, 0.5])
    income = blank_where(numbers(rng.integers(8, 90, rows) * 1000), rng.random(rows) < 0.1)
    columns = {
        "申请编号": joined(dates(np.full(rows, slot.business_day), compact=True), numbers(np.arange(rows), 6)),
        "申请人姓名": taken(people.name, who),
        "申请人身份证号": taken(people.resident_id, who),
        "联系电话": taken(people.mobile, who),
        "家庭人数": numbers(rng.integers(1, 7, rows)),
        "家庭年收入": income,
        "现住房面积": amounts(rng.integers(10, 120, rows) * 50),
        "申请类型": taken(["公租房", "租赁补贴", "保障性租赁住房"], rng.integers(0, 3, rows)),
        "申请区划": numbers(people.county[who]),
        "申请日期": _days_as_clerks_write(day, style),
        "审核状态": taken(["受理", "公示", "合格", "不合格", "轮候", "已分配", "退出"], rng.integers(0, 7, rows)),
    }
    number = np.full(rows, CELL_KINDS.index("number"), np.int8)
    cells = {name: number.copy() for name in ("家庭人数", "家庭年收入", "现住房面积")}
    cells["申请日期"] = np.where(style == 0, CELL_KINDS.index("date"), 0).astype(np.int8)
    return Batch(columns, [Mentioned("applicant", "person", who)], cells)


def _days_as_clerks_write(day: Ints, style: Ints) -> Texts:
    """Excel's serial number, yyyy/M/d or yyyy-MM-dd."""
    integer = calendar_numbers(day)
    slashed = joined(numbers(integer // 10_000), "/", numbers(integer // 100 % 100), "/", numbers(integer % 100))
    text = pc.if_else(style == 1, slashed, dates(day))
    return pc.if_else(style == 0, numbers(day - _EXCEL_EPOCH), text)
