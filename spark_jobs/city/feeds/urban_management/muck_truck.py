"""Trips of muck trucks from building sites to dumps of each day."""

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division, of_line, of_mobile, of_quotes
from spark_jobs.city.damage.kinds_of_vehicles import of_plate
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import SECONDS_OF_DAY, dates, joined, moments, numbers, taken
from spark_jobs.city.world.vehicles import MUCK, vehicles

_SITE, _WEIGHT, _LEFT, _ARRIVED, _DUMP = "工地名称", "净重(吨)", "出场时间", "到达时间", "消纳场"
_DUMPS = ["浮山消纳场", "横沟桥消纳场", "官埠桥消纳场", "嘉鱼官桥消纳场", "赤壁中伙铺消纳场"]
_SITES_OF_CITY = 40


def _trips(city: City, slot: Slot) -> Batch:
    """Of one day."""
    fleet, people, firms = vehicles(city), city.persons, city.companies
    rows, rng = slot.rows, slot.rng("rows")
    which = rng.choice(fleet.of_kinds(MUCK), rows)
    runner, driver = fleet.runner[which], fleet.driver[which]
    builder = firms.with_uscc[rng.integers(0, _SITES_OF_CITY, rows) * 31 % len(firms.with_uscc)]
    left = slot.business_day * SECONDS_OF_DAY + rng.integers(0, 20 * 3600, rows)
    weight = rng.integers(80, 220, rows)
    violation = rng.choice(6, rows, p=[0.84, 0.08, 0.02, 0.02, 0.02, 0.02])
    serial = np.arange(slot.first, slot.first + rows)
    columns = {
        "趟次编号": joined("ZT", dates(np.full(rows, slot.business_day), compact=True), numbers(serial, 7)),
        "车牌号": taken(fleet.plate, which),
        "准运证号": joined("咸渣运〔2026〕", numbers(which % 10_000, 4), "号"),
        "运输企业": taken(firms.name, runner),
        "运输企业代码": taken(firms.uscc, runner),
        _SITE: joined(taken(firms.name, builder), "承建项目"),
        "施工单位": taken(firms.name, builder),
        "工地区划": numbers(firms.county[builder]),
        _DUMP: taken(_DUMPS, rng.integers(0, len(_DUMPS), rows)),
        _LEFT: moments(left),
        _ARRIVED: moments(left + rng.integers(900, 5_400, rows)),
        _WEIGHT: joined(numbers(weight // 10), ".", numbers(weight % 10)),
        "是否密闭": taken(["是", "否"], (violation == 1).astype(np.int8)),
        "违规情形": numbers(violation),
        "驾驶员": taken(people.name, driver),
        "驾驶员电话": taken(people.mobile, driver),
    }
    mentions = [
        Mentioned("carrier", "legal_entity", runner),
        Mentioned("builder", "legal_entity", builder),
        Mentioned("driver", "person", driver),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=1,
    fewest=180,
    rows=each_file(_trips),
    kinds=(
        *of_plate("车牌号"),
        *of_credit_code("运输企业代码")[2:],
        *of_division("工地区划"),
        *of_line(_SITE, ","),
        *of_quotes(_SITE),
        *of_mobile("驾驶员电话"),
        missing("准运证号"),
        Kind("arrived_before_leaving", _ARRIVED, "reject", "arrived_after_leaving", d.rewritten(d.earlier_year)),
        Kind("arrived_after_a_day", _ARRIVED, "warn", "arrived_within_six_hours", d.rewritten(d.later_year)),
        Kind("weight_in_kilograms", _WEIGHT, "reject", "weight_is_plausible", d.constant("15600")),
        Kind("weight_with_unit", _WEIGHT, "reject", "decimal_format", d.rewritten(lambda v: f"{v}吨")),
        Kind("open_load_without_violation", "违规情形", "warn", "open_load_is_a_violation", d.constant("0"), r"1"),
        Kind("dump_not_registered", _DUMP, "warn", "dump_is_known", d.constant("未登记")),
        Kind("unknown_violation", "违规情形", "reject", "unknown_code", d.constant("未密闭")),
        Kind("covering_not_said", "是否密闭", "reject", "boolean_format", d.constant("部分")),
    ),
    bad_files=(
        BadFile("open_quote", "unclosed_quote", files.with_open_quote, "_quote"),
        BadFile("misnamed_file", "name_not_recognised", files.header_only, name="渣土车.csv"),
    ),
)
