"""Complaints of tourists of each day: who complains, about whom, and how it ended."""

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division, of_line, of_mobile, of_quotes
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import SECONDS_OF_DAY, amounts, blank_where, dates, joined, moments, numbers, taken

_TEXT, _AMOUNT, _AT, _SETTLED = "投诉内容", "涉及金额", "投诉时间", "办结时间"
_REASONS = ["01", "02", "03", "04", "05", "06", "99"]
_WORDS = [
    "导游服务态度差且中途加收费用",
    "被强制带入购物店停留两小时",
    "现场价格与网上公示不一致",
    "未经同意取消温泉项目",
    "漂流途中橡皮艇破损无人救援",
    "因疫情取消行程拒绝退还定金",
    "停车场排队过长",
]


def _complaints(city: City, slot: Slot) -> Batch:
    """Of one day."""
    people, firms, rows, rng = city.persons, city.companies, slot.rows, slot.rng("rows")
    who, firm = rng.choice(city.reachable, rows), rng.choice(firms.with_uscc, rows)
    reason = rng.integers(0, len(_REASONS), rows)
    result = rng.choice(5, rows, p=[0.3, 0.45, 0.1, 0.1, 0.05])
    at = slot.business_day * SECONDS_OF_DAY + rng.integers(8 * 3600, 20 * 3600, rows)
    settled = at + rng.integers(3600, 20 * SECONDS_OF_DAY, rows)
    is_settled = (result == 1) | (result == 2)
    columns = {
        "投诉编号": joined(
            "TS", dates(at // SECONDS_OF_DAY, compact=True), numbers(np.arange(slot.first, slot.first + rows), 6)
        ),
        "受理渠道": taken(["12345", "12301", "现场", "网站", "公众号"], rng.integers(0, 5, rows)),
        _AT: moments(at),
        "投诉人": taken(people.name, who),
        "投诉人电话": taken(people.mobile, who),
        "被投诉对象类型": taken(["景区", "旅行社", "酒店", "餐饮", "购物店", "交通"], rng.integers(0, 6, rows)),
        "被投诉单位": taken(firms.name, firm),
        "被投诉单位代码": blank_where(taken(firms.uscc, firm), rng.random(rows) < 0.4),
        "发生地区划": numbers(firms.county[firm]),
        "投诉事由": taken(_REASONS, reason),
        _TEXT: taken(_WORDS, reason),
        _AMOUNT: blank_where(amounts(rng.integers(20, 8_000, rows) * 100), rng.random(rows) < 0.3),
        _SETTLED: blank_where(moments(settled), ~is_settled),
        "处理结果": numbers(result),
        "满意度": taken(["未回访", "1", "2", "3", "4", "5"], np.where(is_settled, rng.integers(0, 6, rows), 0)),
    }
    mentions = [Mentioned("complainant", "person", who), Mentioned("subject", "legal_entity", firm)]
    return Batch(columns, mentions)


def _slashed(value: str) -> str:
    """As a spreadsheet writes a time: no leading zeros, no seconds."""
    return f"{int(value[:4])}/{int(value[5:7])}/{int(value[8:10])} {int(value[11:13])}:{value[14:16]}"


DATA = Generated(
    weight=0.3,
    fewest=180,
    rows=each_file(_complaints),
    kinds=(
        *of_credit_code("被投诉单位代码"),
        *of_division("发生地区划"),
        *of_line(_TEXT, ","),
        *of_quotes(_TEXT),
        *of_mobile("投诉人电话"),
        missing("被投诉单位"),
        Kind("unknown_reason", "投诉事由", "reject", "unknown_code", d.constant("9")),
        Kind("settled_before_complaint", _SETTLED, "reject", "settled_after_complaint", d.rewritten(d.earlier_year)),
        Kind("settled_after_a_year", _SETTLED, "warn", "settled_within_sixty_days", d.rewritten(d.later_year)),
        Kind("settled_without_time", _SETTLED, "warn", "settled_has_time", d.constant("")),
        Kind("satisfaction_of_ten", "满意度", "reject", "satisfaction_of_one_to_five", d.constant("10")),
        Kind("satisfaction_in_words", "满意度", "reject", "integer_format", d.constant("基本满意")),
        Kind("amount_as_text", _AMOUNT, "normalise", "amount_text", d.constant('"1,280.00元"')),
        Kind("amount_in_words", _AMOUNT, "reject", "amount_format", d.constant("一千二百元")),
        Kind("time_with_slashes", _AT, "none", "", d.rewritten(_slashed)),
        Kind("impossible_time", _AT, "reject", "timestamp_format", d.rewritten(lambda v: v[:11] + "25:61:00")),
    ),
    bad_files=(
        BadFile("open_quote", "unclosed_quote", files.with_open_quote, "_quote"),
        BadFile("misnamed_file", "name_not_recognised", files.header_only, name="旅游投诉.csv"),
    ),
)
