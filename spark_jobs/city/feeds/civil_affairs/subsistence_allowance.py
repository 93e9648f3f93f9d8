"""Subsistence allowances of each month, a clerk's workbook: amounts are numbers here and 1,234.5元 there."""

import numpy as np

from spark_jobs.city.batch import CELL_KINDS, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import CITIZEN, Kind, missing, of_citizen_number, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import amounts, blank_where, dates, joined, numbers, repeated, taken

_NUMBER, _SIZE, _SUPPORTED, _INCOME, _PAID, _ACCOUNT = (
    "户主身份证号",
    "家庭人口",
    "保障人口",
    "家庭月人均收入",
    "月保障金额",
    "银行账号",
)
_REASONS = ["疾病", "残疾", "失业", "年老无赡养", "子女就学", "灾害", "其他"]
_BANKS = ["中国农业银行咸宁分行", "湖北咸宁农村商业银行", "中国邮政储蓄银行咸宁市分行"]
_AS_TEXT = 60_000
"""Of a million amounts, those that a clerk wrote with thousands and 元."""


def _households(city: City, slot: Slot) -> Batch:
    """Of one month."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    serial = np.arange(slot.first, slot.first + rows)
    who = city.adults[serial * max(len(city.adults) // max(rows, 1), 1) % len(city.adults)]
    keys = keys_of(city.seed, who)
    size = 1 + choices(keys, "household size", 5)
    supported = 1 + choices(keys, "supported", size)
    paid = supported * (32_000 + 50 * choices(keys, "allowance", 600))
    number = np.full(rows, CELL_KINDS.index("number"), np.int8)
    columns = {
        "低保证号": joined("DB", numbers(people.county[who]), numbers(who, 8)),
        "发放月份": repeated(f"{slot.business_date:%Y-%m}", rows),
        "户主姓名": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "联系电话": taken(people.mobile, who),
        "保障类别": taken(["城市低保", "农村低保", "特困供养"], choices(keys, "allowance type", 3)),
        "救助分类": taken(["A", "B", "C"], choices(keys, "need class", 3)),
        _SIZE: numbers(size),
        _SUPPORTED: numbers(supported),
        _INCOME: amounts(choices(keys, "income", 70_000)),
        _PAID: amounts(paid),
        "补发金额": blank_where(amounts(paid * 2), rng.random(rows) < 0.95),
        "致困原因": taken(_REASONS, choices(keys, "need", len(_REASONS))),
        "开户银行": taken(_BANKS, choices(keys, "bank", len(_BANKS))),
        _ACCOUNT: joined("62284800", numbers(choices(keys, "account", 10**11), 11)),
        "所属社区": taken(villages().codes, people.village[who]),
        "家庭住址": taken(people.address, who),
        "批准日期": dates(slot.business_day - 60 - choices(keys, "approved", 1500)),
        "状态": taken(["在保", "停保", "退保"], rng.choice(3, rows, p=[0.95, 0.03, 0.02])),
    }
    cells = {name: number.copy() for name in (_SIZE, _SUPPORTED, _INCOME, _PAID, "补发金额")}
    return Batch(columns, [Mentioned("head", "person", who)], cells)


DATA = Generated(
    weight=0.6,
    fewest=200,
    rows=each_file(_households),
    kinds=(
        *of_citizen_number(_NUMBER, "ctxwpo"),
        *of_division("所属社区"),
        *of_mobile("联系电话"),
        missing("低保证号"),
        Kind(
            "number_saved_as_number",
            _NUMBER,
            "reject",
            "resident_id_excel_damage",
            d.rewritten(d.zeroed_tail),
            CITIZEN,
            cell="number",
        ),
        Kind(
            "allowance_as_text", _PAID, "normalise", "amount_text", d.rewritten(d.with_thousands), per_million=_AS_TEXT
        ),
        Kind("income_as_text", _INCOME, "normalise", "amount_text", d.rewritten(d.with_thousands)),
        Kind("allowance_full_width", _PAID, "normalise", "amount_text", d.constant("４８０．５元")),
        Kind("allowance_in_words", _PAID, "reject", "amount_format", d.constant("叁佰伍拾元")),
        Kind("allowance_in_other_unit", _PAID, "reject", "amount_format", d.constant("0.05万元")),
        Kind("allowance_too_high", _PAID, "reject", "allowance_is_plausible", d.constant("48000"), cell="number"),
        Kind("back_payment_none", "补发金额", "none", "", d.constant("无")),
        Kind("more_than_household", _SUPPORTED, "reject", "supported_within_household", d.constant("9"), cell="number"),
        Kind("income_above_standard", _INCOME, "warn", "income_below_standard", d.constant("2600"), cell="number"),
        Kind("account_as_number", _ACCOUNT, "reject", "string_excel_damage", d.constant("6.22848E+18")),
        Kind("size_with_unit", _SIZE, "reject", "integer_format", d.constant("3人")),
        Kind("approved_after_payment", "批准日期", "reject", "approved_before_paid", d.constant("2027-01-15")),
        Kind("impossible_date", "批准日期", "reject", "date_format", d.constant("2026/2/30")),
        Kind("next_year_s_month", "发放月份", "reject", "paid_month_is_past", d.constant("2036-11")),
        Kind("formula_error", "补发金额", "reject", "cell_error", d.constant("#VALUE!"), cell="error"),
        Kind("unknown_kind", "保障类别", "reject", "unknown_code", d.constant("五保")),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    most_rows_of_file=200_000,
    repeats=False,
)
