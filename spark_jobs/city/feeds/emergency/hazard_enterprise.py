"""Enterprises with major hazards of each month, as a clerk's workbook with a title above the header."""

import numpy as np

from spark_jobs.city.batch import CELL_KINDS, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.monitored import hazards
from spark_jobs.city.world.points import degrees, near_county
from spark_jobs.city.world.texts import amounts, dates, joined, numbers, taken

_LEVEL, _INDEX, _STOCK, _UNTIL = "危险源等级", "R值", "最大储量(吨)", "许可证有效期至"
_KINDS = [
    ("危险化学品", "液氨储罐", "液氨"),
    ("危险化学品", "甲醇罐区", "甲醇"),
    ("冶金", "煤气柜", "煤气"),
    ("非煤矿山", "民爆物品库", "乳化炸药"),
    ("烟花爆竹", "成品库", "烟火药"),
    ("粉尘涉爆", "抛光车间", "铝镁粉尘"),
    ("涉氨制冷", "冷库机房", "液氨"),
]
_LEVELS = ["不构成", "四级", "三级", "二级", "一级"]


def _hazards(city: City, slot: Slot) -> Batch:
    """Of one month, each hazard once."""
    firms, people = city.companies, city.persons
    position = np.arange(slot.first, slot.first + slot.rows)
    every = hazards(firms, city.seed)
    firm, keys = every[position % len(every)], keys_of(city.seed, position)
    kind = choices(keys, "kind of hazard", len(_KINDS))
    index = np.array([0, 320, 1_840, 6_700, 12_500])[choices(keys, "index", 5)]
    level = np.searchsorted([1, 1_000, 5_000, 10_000], index, side="right")
    head = firms.representative[firm]
    longitude, latitude = near_county(firms.county[firm], keys)
    columns = {
        "序号": numbers(position + 1),
        "企业名称": taken(firms.name, firm),
        "统一社会信用代码": taken(firms.uscc, firm),
        "企业类别": taken([name for name, _, _ in _KINDS], kind),
        "地址": taken(firms.address, firm),
        "所在区划": numbers(firms.county[firm]),
        "经度": degrees(longitude),
        "纬度": degrees(latitude),
        "危险源名称": joined(numbers(position + 1), "号", taken([name for _, name, _ in _KINDS], kind)),
        _LEVEL: taken(_LEVELS, level),
        "主要危险物质": taken([name for _, _, name in _KINDS], kind),
        _STOCK: amounts(100 + choices(keys, "stock", 50_000)),
        _INDEX: amounts(index),
        "许可证号": joined("（鄂）WH安许证字〔2024〕", numbers(position + 1, 4), "号"),
        _UNTIL: dates(city.today + 60 + choices(keys, "permit", 900)),
        "最近评估日期": dates(city.today - 30 - choices(keys, "assessed", 900)),
        "安全负责人": taken(people.name, head),
        "负责人电话": taken(people.mobile, head),
    }
    number = np.full(slot.rows, CELL_KINDS.index("number"), np.int8)
    cells = {name: number.copy() for name in ("序号", "经度", "纬度", _STOCK, _INDEX)}
    return Batch(columns, [Mentioned("hazard_enterprise", "legal_entity", firm)], cells)


DATA = Generated(
    weight=0.05,
    fewest=130,
    rows=each_file(_hazards),
    kinds=(
        *of_credit_code("统一社会信用代码"),
        *of_division("所在区划"),
        *of_mobile("负责人电话"),
        missing("企业名称"),
        Kind(
            "level_of_another_index",
            _LEVEL,
            "reject",
            "level_agrees_with_index",
            d.constant("一级"),
            "四级|三级|不构成",
        ),
        Kind("level_in_digits", _LEVEL, "reject", "unknown_code", d.constant("3")),
        Kind(
            "swapped_coordinates", "经度", "warn", "point_lies_in_the_city", d.as_beside, beside="纬度", cell="number"
        ),
        Kind("stock_with_unit", _STOCK, "reject", "decimal_format", d.constant("320吨")),
        Kind("negative_stock", _STOCK, "reject", "stock_is_not_negative", d.constant("-5"), cell="number"),
        Kind("error_in_cell", _INDEX, "reject", "cell_error", d.constant("#DIV/0!"), cell="error"),
        Kind("expired_permit", _UNTIL, "warn", "permit_has_not_expired", d.constant("2024-06-30")),
        Kind("permit_for_ever", _UNTIL, "reject", "date_format", d.constant("长期有效")),
        Kind("assessed_long_ago", "最近评估日期", "warn", "assessed_within_three_years", d.constant("2019/5/6")),
    ),
    bad_files=(BadFile("half_a_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    repeats=False,
)
