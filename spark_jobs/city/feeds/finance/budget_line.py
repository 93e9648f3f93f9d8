"""The city's budget of 2019 by department, item and project, among lines of the year before and lines of sums.

In all 5.461 billion yuan, of it for transport 895 million, general services 765, education 593, and for information
systems 210: these are the study's figures; how they part into lines is made up.
"""

import numpy as np
import pyarrow as pa

from spark_jobs.city.batch import CELL_KINDS, Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.tables import read_table

_COLUMNS = {
    "单位编码": "department_number",
    "单位名称": "department",
    "科目编码": "item_code",
    "科目名称": "item",
    "项目名称": "project",
    "支出性质": "expense_type",
    "是否信息化项目": "is_information_system",
    "预算金额(万元)": "wan_yuan",
    "资金来源": "funding",
}
_AMOUNT, _ITEM, _YEAR = "预算金额(万元)", "科目编码", "预算年度"
_CLASS, _NOTHING, _EARLIER = "214", "0", "2018"
_LINES = len(read_table("budget_2019.csv")) + 5
"""Those of 2019, two of sums, and three of 2018 that are worth nothing."""


def _lines(city: City, slot: Slot) -> Batch:
    """All lines; those of sums stand where the bureau's table has them, at the end."""
    lines = read_table("budget_2019.csv")
    of_class = [line for line in lines if line["item_code"].startswith(_CLASS)]
    total = {**lines[0], "item_code": "", "item": "合计", "wan_yuan": _sum(lines)}
    subtotal = {**of_class[0], "item_code": _CLASS, "item": "交通运输支出小计", "wan_yuan": _sum(of_class)}
    before = [{**line, "wan_yuan": _NOTHING} for line in lines[:3]]
    every = [*before, *lines, subtotal, total]
    columns = {source: pa.array([line[name] for line in every], pa.string()) for source, name in _COLUMNS.items()}
    year = pa.array([_EARLIER] * len(before) + ["2019"] * (len(every) - len(before)), pa.string())
    number = np.full(len(every), CELL_KINDS.index("number"), np.int8)
    serial = pa.array([str(number) for number in range(1, len(every) + 1)], pa.string())
    return Batch({_YEAR: year, **columns, "序号": serial}, [], {_AMOUNT: number, _YEAR: number.copy()})


def _sum(lines: list[dict[str, str]]) -> str:
    return str(sum(int(line["wan_yuan"]) for line in lines))


DATA = Generated(
    weight=0,
    fewest=_LINES,
    rows=each_file(_lines),
    kinds=(
        Kind("line_of_sums", "科目名称", "reject", "missing_value", d.unchanged, "合计"),
        Kind("line_of_a_class", _ITEM, "reject", "item_code_shape", d.unchanged, _CLASS),
        Kind("year_in_words", _YEAR, "reject", "integer_format", d.constant("二〇一八年"), _EARLIER),
        Kind("amount_below_zero", _AMOUNT, "reject", "amount_is_positive", d.constant("-350"), _NOTHING, cell="number"),
        Kind("error_in_cell", _AMOUNT, "reject", "cell_error", d.constant("#REF!"), _NOTHING, cell="error"),
        Kind("amount_as_text", _AMOUNT, "normalise", "amount_text", d.rewritten(lambda v: f"{int(v):,}万元"), r"\d{4}"),
        Kind("blank_in_name", "单位名称", "normalise", "company_name_spaces", d.rewritten(d.with_blank)),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    repeats=False,
)
