"""Family farms, cooperatives, companies and rural collectives of each month, as the clerks of the towns list them."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import CELL_KINDS, NOBODY, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import CITIZEN, Kind, missing, of_citizen_number, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.collectives import collectives
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import Ints, amounts, dates, joined, numbers, taken

_CODE, _NUMBER, _AREA, _SALES, _DAY = (
    "统一社会信用代码",
    "负责人身份证号",
    "经营面积(亩)",
    "年销售收入(万元)",
    "认定日期",
)
_KINDS = ["家庭农场", "农民专业合作社", "农业企业", "农村集体经济组织", "种养大户"]
_HOUSEHOLD_KINDS, _COLLECTIVE = (0, 4), 3
_PRODUCTS = ["水稻", "油茶", "砖茶", "楠竹", "桂花", "蔬菜", "生猪", "小龙虾", "猕猴桃", "中药材"]


def _entities(city: City, slot: Slot) -> Batch:
    """Of one month: firms of the register, collectives of the villages, and people who farm on their own."""
    people, firms, rows, rng = city.persons, city.companies, slot.rows, slot.rng("rows")
    kind = rng.choice(len(_KINDS), rows, p=[0.25, 0.3, 0.2, 0.15, 0.1])
    is_household, is_collective = np.isin(kind, _HOUSEHOLD_KINDS), kind == _COLLECTIVE
    firm = _firms(city, kind, rng)
    collective = rng.integers(0, len(collectives().village), rows)
    of_firm = firms.representative[firm]
    manager = np.where(is_household | is_collective, rng.choice(city.adults, rows), of_firm)
    village = np.where(is_collective, collectives().village[collective], people.village[manager])
    names = [taken(people.name, manager), taken(firms.name, firm), taken(collectives().name, collective)]
    which = np.select([is_household, is_collective], [0, 2], 1)
    columns = {
        "主体编号": joined("XN", numbers(np.arange(slot.first, slot.first + rows), 8)),
        _CODE: pc.choose(
            pa.array(which),
            pa.repeat(pa.scalar(""), rows),
            taken(firms.uscc, firm),
            taken(collectives().uscc, collective),
        ),
        "主体名称": pc.choose(pa.array(which), joined(names[0], "家庭农场"), names[1], names[2]),
        "主体类型": taken(_KINDS, kind),
        "负责人": taken(people.name, manager),
        _NUMBER: taken(people.resident_id, manager),
        "联系电话": taken(people.mobile, manager),
        "区划代码": taken(villages().codes, village),
        "经营地址": taken(villages().addresses, village),
        "主营产业": taken(_PRODUCTS, rng.integers(0, len(_PRODUCTS), rows)),
        _AREA: amounts(rng.integers(1_000, 200_000, rows)),
        "成员数": numbers(rng.integers(1, 200, rows)),
        _SALES: numbers(rng.integers(3, 900, rows)),
        "示范等级": taken(
            ["国家级", "省级", "市级", "县级", "无"], rng.choice(5, rows, p=[0.02, 0.08, 0.15, 0.15, 0.6])
        ),
        _DAY: dates(slot.business_day - rng.integers(30, 3_000, rows)),
    }
    number = np.full(rows, CELL_KINDS.index("number"), np.int8)
    cells = {name: number.copy() for name in (_AREA, "成员数", _SALES)}
    mentions = [
        Mentioned("farm_entity", "legal_entity", np.where(is_household | is_collective, NOBODY, firm)),
        Mentioned("manager", "person", manager),
    ]
    return Batch(columns, mentions, cells)


def _firms(city: City, kind: Ints, rng: np.random.Generator) -> Ints:
    """Cooperatives where the kind is one, else any firm with a credit code."""
    coded = city.companies.with_uscc
    is_cooperative = pc.equal(city.companies.type_code, "9100").to_numpy(zero_copy_only=False)[coded]
    cooperatives = coded[is_cooperative] if is_cooperative.any() else coded
    return np.where(kind == 1, rng.choice(cooperatives, len(kind)), rng.choice(coded[~is_cooperative], len(kind)))


DATA = Generated(
    weight=0.5,
    fewest=120,
    rows=each_file(_entities),
    kinds=(
        *of_citizen_number(_NUMBER, "ctxwpo"),
        Kind(
            "number_saved_as_number",
            _NUMBER,
            "reject",
            "resident_id_excel_damage",
            d.rewritten(d.zeroed_tail),
            CITIZEN,
            d.right_by_chance,
            cell="number",
        ),
        *of_division("区划代码"),
        *of_mobile("联系电话"),
        missing("主体名称"),
        Kind(
            "collective_code_of_company", _CODE, "reject", "uscc_checksum", d.rewritten(lambda v: "9" + v[1:]), r"N.*"
        ),
        Kind("code_left_out", _CODE, "reject", "registered_entity_has_code", d.constant(""), r"9.*"),
        Kind("area_in_square_metres", _AREA, "reject", "area_is_plausible", d.constant("667000.00"), cell="number"),
        Kind("area_with_unit", _AREA, "reject", "decimal_format", d.constant("约30亩")),
        Kind("sales_as_text", _SALES, "normalise", "amount_text", d.constant("1,234.5万元")),
        Kind("error_in_cell", _SALES, "reject", "cell_error", d.constant("#VALUE!"), cell="error"),
        Kind("unknown_kind", "主体类型", "reject", "unknown_code", d.constant("农民合作社")),
        Kind("day_with_dots", _DAY, "none", "", d.constant("2021.3.9")),
        Kind("recognised_in_future", _DAY, "reject", "recognised_on_or_before_business_date", d.constant("2036-01-15")),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    most_rows_of_file=200_000,  # the contract's bound on one delivery
)
