"""The bureau's list of investment projects of each month, dates as each clerk writes them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import CELL_KINDS, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import Ints, Texts, blank_where, calendar_numbers, dates, joined, numbers, taken

_CODE, _AGREED, _PAID, _SIGNED, _STARTED = (
    "投资方统一社会信用代码",
    "协议投资额(万元)",
    "到位资金(万元)",
    "签约日期",
    "开工日期",
)
_STAGES = ["在谈", "签约", "开工", "投产", "终止"]
_ORIGINS = ["湖北武汉", "广东深圳", "上海", "浙江杭州", "湖南长沙", "江苏苏州", "本地"]
_DEPARTMENTS = ["市招商局", "咸宁高新区管委会", "市经信局", "市农业农村局", "市文旅局"]


def _projects(city: City, slot: Slot) -> Batch:
    """Of one month."""
    people, firms, rows, rng = city.persons, city.companies, slot.rows, slot.rng("rows")
    firm = rng.choice(firms.with_uscc, rows)
    contact = firms.representative[firm]
    stage = rng.choice(len(_STAGES), rows, p=[0.25, 0.25, 0.25, 0.2, 0.05])
    signed = slot.business_day - rng.integers(200, 900, rows)
    agreed = rng.integers(1_000, 200_000, rows)
    serial = np.arange(slot.first, slot.first + rows)
    year = calendar_numbers(signed) // 10_000
    columns = {
        "项目编号": joined("ZS", numbers(year), numbers(serial, 5)),
        "项目名称": joined(
            taken(firms.name, firm), taken(["生产基地", "总部", "二期", "产业园", "研发中心"], serial % 5), "项目"
        ),
        "项目代码": blank_where(
            joined(numbers(year), "-", numbers(firms.county[firm]), "-13-03-", numbers(100_000 + serial, 6)), stage < 1
        ),
        "投资方": taken(firms.name, firm),
        _CODE: taken(firms.uscc, firm),
        "投资方来源地": taken(_ORIGINS, rng.integers(0, len(_ORIGINS), rows)),
        "落户区划": numbers(firms.county[firm]),
        "行业代码": taken(firms.industry, firm),
        _AGREED: numbers(agreed),
        _PAID: blank_where(numbers(agreed * rng.integers(0, 100, rows) // 100), stage == 0),
        "项目阶段": taken(_STAGES, stage),
        _SIGNED: blank_where(_as_clerks_write(signed, rng.integers(0, 3, rows)), stage == 0),
        _STARTED: blank_where(_as_clerks_write(signed + 90, rng.integers(0, 3, rows)), (stage < 2) | (stage > 3)),
        "责任单位": taken(_DEPARTMENTS, rng.integers(0, len(_DEPARTMENTS), rows)),
        "联系人": taken(people.name, contact),
        "联系电话": taken(people.mobile, contact),
        "序号": numbers(1 + np.arange(rows)),
    }
    number = np.full(rows, CELL_KINDS.index("number"), np.int8)
    mentions = [Mentioned("investor", "legal_entity", firm), Mentioned("contact", "person", contact)]
    return Batch(columns, mentions, {_AGREED: number, _PAID: number.copy(), "序号": number.copy()})


def _as_clerks_write(day: Ints, style: Ints) -> Texts:
    """yyyy-MM-dd, yyyy/M/d or yyyy年M月d日."""
    integer = calendar_numbers(day)
    year, month, date = (numbers(part) for part in (integer // 10_000, integer // 100 % 100, integer % 100))
    chinese = joined(year, "年", month, "月", date, "日")
    return pc.choose(pa.array(style), dates(day), joined(year, month, date, separator="/"), chinese)


DATA = Generated(
    weight=0.15,
    fewest=130,
    rows=each_file(_projects),
    kinds=(
        *of_credit_code(_CODE),
        *of_division("落户区划"),
        *of_mobile("联系电话"),
        missing("投资方"),
        Kind("code_of_other_form", "项目代码", "warn", "filing_code_shape", d.constant("咸发改备〔2021〕35号")),
        Kind("investment_in_yuan", _AGREED, "reject", "agreed_is_plausible", d.constant("1200000000"), cell="number"),
        Kind("investment_as_text", _AGREED, "normalise", "amount_text", d.rewritten(lambda v: f"{int(v):,}万元")),
        Kind("investment_in_yi", _AGREED, "reject", "amount_format", d.constant("1.2亿元")),
        Kind("paid_more_than_agreed", _PAID, "warn", "paid_within_agreed", d.constant("999999"), r"\d+", cell="number"),
        Kind("signing_without_day", _SIGNED, "reject", "date_format", d.constant("2021年3月")),
        Kind("signing_left_out", _SIGNED, "reject", "signed_project_has_date", d.constant("")),
        Kind("started_before_signing", _STARTED, "warn", "started_after_signed", d.constant("2010-01-01")),
        Kind("unknown_stage", "项目阶段", "reject", "unknown_code", d.constant("洽谈中")),
        Kind("unknown_industry", "行业代码", "reject", "unknown_code", d.constant("制造业")),
        Kind("formula_as_name", "项目名称", "none", "", d.hyperlink(quoted=False)),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    most_rows_of_file=100_000,  # the contract's bound on one delivery
)
