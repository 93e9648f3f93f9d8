"""The week's list of government-service items, a workbook of two sheets whose headers have two rows."""

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.codes import of_service_item_code
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_division
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world import departments
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.service_items import ITEMS, KINDS, PUBLIC_SERVICE, service_items
from spark_jobs.city.world.texts import joined, numbers, taken

_CODE, _TYPE, _LEVEL, _LEGAL, _PROMISED, _VISITS = (
    "事项/实施编码",
    "事项/事项类型",
    "实施主体/行使层级",
    "办理时限（工作日）/法定",
    "办理时限（工作日）/承诺",
    "办理方式/到现场次数",
)


def _items(city: City, slot: Slot) -> Batch:
    """The first of the items, or all; those of a sheet stand together."""
    items = service_items()
    which = np.arange(slot.first, slot.first + slot.rows)
    which = which[np.argsort(items.kind[which] == PUBLIC_SERVICE, kind="stable")]
    keys = keys_of(0, which)
    kind = items.kind[which]
    columns = {
        _CODE: taken(items.code, which),
        "事项/事项名称": taken(items.name, which),
        _TYPE: taken(KINDS, kind),
        "实施主体/名称": taken(departments.NAMES, items.department[which]),
        "实施主体/统一社会信用代码": taken(departments.CODES, items.department[which]),
        _LEVEL: numbers(items.level[which]),
        "实施主体/区划代码": numbers(items.county[which]),
        _LEGAL: numbers(items.legal_days[which]),
        _PROMISED: numbers(items.promised_days[which]),
        "办理方式/办件类型": taken(["承诺件", "即办件"], items.is_on_the_spot[which]),
        "办理方式/是否网办": taken(["否", "是"], items.is_online[which]),
        _VISITS: numbers(items.visits[which]),
        "服务对象": taken(["自然人", "法人", "自然人和法人"], choices(keys, "target", 3)),
        "是否收费": taken(["否", "否", "否", "是"], choices(keys, "fee", 4)),
        "咨询电话": joined("0715-8", numbers(100_000 + choices(keys, "telephone", 800_000), 6)),
        "事项状态": taken(["在用"] * 18 + ["暂停", "取消"], choices(keys, "state", 20)),
        "清单": taken(["行政权力事项", "公共服务事项"], (kind == PUBLIC_SERVICE).astype(np.int8)),
    }
    return Batch(columns, [])


DATA = Generated(
    weight=5.858,
    fewest=300,
    most=ITEMS,
    rows=each_file(_items),
    kinds=(
        *of_service_item_code(_CODE),
        *of_division("实施主体/区划代码"),
        missing("事项/事项名称"),
        Kind("wrong_check_of_department", "实施主体/统一社会信用代码", "reject", "uscc_checksum", d.wrong_last_digit),
        Kind("code_full_width", "实施主体/统一社会信用代码", "normalise", "uscc_width", d.rewritten(d.full_width)),
        Kind("level_of_other_code", _LEVEL, "reject", "code_agrees_with_level", d.constant("5")),
        Kind("promised_longer_than_law", _PROMISED, "reject", "promised_within_legal", d.constant("99")),
        Kind("days_with_unit", _LEGAL, "reject", "integer_format", d.constant("20个工作日")),
        Kind("visits_in_words", _VISITS, "reject", "integer_format", d.constant("无需")),
        Kind("two_visits_on_the_spot", _VISITS, "warn", "on_the_spot_takes_one_visit", d.constant("2"), "1"),
        Kind("type_of_other_sheet", _TYPE, "reject", "item_stands_in_its_list", d.constant("20"), "0[157]"),
        Kind("type_in_words", _TYPE, "reject", "unknown_code", d.constant("行政许可")),
        Kind("online_not_said", "办理方式/是否网办", "reject", "boolean_format", d.constant("部分")),
        Kind("case_type_in_words", "办理方式/办件类型", "reject", "unknown_code", d.constant("限时办结")),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    most_rows_of_file=100_000,  # the contract's bound on one delivery
    repeats=False,
)
