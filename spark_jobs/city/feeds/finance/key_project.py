"""The nineteen key projects of the digital government, 368.47 million yuan together, with the line that adds them up.

Their number and the sum are the study's; what each costs is made up.
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
from spark_jobs.city.world.texts import Texts

_YEARS = ("2020", "2021", "2022")
_SUM, _TOTAL, _UNIT_CODE, _BODY = "合计", "总投资(万元)", "建设单位代码", "建设单位"


def _projects(city: City, slot: Slot) -> Batch:
    """All of them, then their sum, as the bureau's table ends."""
    rows = read_table("key_projects.csv")
    years = {year: [int(row[f"wan_yuan_{year}"]) for row in rows] for year in _YEARS}
    totals = [sum(parts) for parts in zip(*years.values(), strict=True)]
    columns = {
        "项目编号": _texts([f"XNSZ{number:03d}" for number in range(1, len(rows) + 1)], ""),
        "项目名称": _texts([row["project"] for row in rows], _SUM),
        _BODY: _texts([row["department"] for row in rows], ""),
        _UNIT_CODE: _texts([row["uscc"] for row in rows], ""),
        "建设内容": _texts([f"建设{row['project']}，接入政务数据湖" for row in rows], ""),
        _TOTAL: _texts([str(total) for total in totals], str(sum(totals))),
        **{f"{year}年投资(万元)": _texts([str(v) for v in parts], str(sum(parts))) for year, parts in years.items()},
        "开工日期": _texts(["2020-06-01"] * len(rows), ""),
        "完工日期": _texts(["2022-12-31"] * len(rows), ""),
        "项目状态": _texts(["在建"] * len(rows), ""),
    }
    number = np.full(len(rows) + 1, CELL_KINDS.index("number"), np.int8)
    return Batch(columns, [], {_TOTAL: number, **{f"{year}年投资(万元)": number.copy() for year in _YEARS}})


def _texts(projects: list[str], of_sum: str) -> Texts:
    return pa.array([*projects, of_sum], pa.string())


DATA = Generated(
    weight=0,
    fewest=20,
    rows=each_file(_projects),
    kinds=(
        Kind("line_of_sums", "项目名称", "reject", "missing_value", d.unchanged, _SUM),
        Kind(
            "investment_as_text", _TOTAL, "normalise", "amount_text", d.rewritten(lambda v: f"{int(v):,}万元"), r"\d{4}"
        ),
        Kind("lower_case_uscc", _UNIT_CODE, "normalise", "uscc_upper", d.rewritten(d.lower_case), r".{18}"),
        Kind("blank_in_name", _BODY, "normalise", "company_name_spaces", d.rewritten(d.with_blank), r"咸宁市.*"),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    dates=last_day,
    repeats=False,
)
