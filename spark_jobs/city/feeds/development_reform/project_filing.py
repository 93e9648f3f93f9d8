"""Investment projects of the online approval platform, one row each, in the order of their last change."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken

_TYPES = ["A00001", "A00002", "A00003"]
_STATES = ["1", "2", "3", "4", "5"]
_IS_DECIDED = (2, 3)
_WORKS = [
    "生产线技术改造",
    "标准化厂房",
    "冷链物流园",
    "光伏发电",
    "商业综合体",
    "污水处理设施",
    "智能仓储",
    "农产品加工",
]
_CODE, _TOTAL, _CAPITAL, _DECIDED = "project_code", "total_investment", "own_capital", "decided_on"


def _projects(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    firms, people, rows, rng = city.companies, city.persons, slot.rows, slot.rng("rows")
    firm = rng.choice(firms.with_uscc, rows)
    contact = firms.representative[firm]
    serial = np.arange(slot.first, slot.first + rows)
    state = rng.choice(len(_STATES), rows, p=[0.2, 0.08, 0.65, 0.04, 0.03])
    kind = rng.choice(3, rows, p=[0.12, 0.08, 0.8])
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(8 * 3600, 18 * 3600, rows))
    applied = slot.business_day - rng.integers(1, 60, rows)
    decided = np.minimum(applied + rng.integers(0, 20, rows), slot.business_day)
    total = rng.integers(50, 80_000, rows)
    start = applied + rng.integers(30, 200, rows)
    is_open = ~np.isin(state, _IS_DECIDED)
    county = numbers(firms.county[firm])
    columns = {
        _CODE: joined(
            "2026-", county, "-", numbers(10 + serial % 80, 2), "-0", numbers(kind + 1), "-", numbers(serial, 6)
        ),
        "project_name": joined(taken(firms.name, firm), taken(_WORKS, rng.integers(0, len(_WORKS), rows)), "项目"),
        "project_type": taken(_TYPES, kind),
        "nature_code": taken(["0", "1", "2", "3"], rng.integers(0, 4, rows)),
        "unit_name": taken(firms.name, firm),
        "unit_uscc": taken(firms.uscc, firm),
        "contact_name": taken(people.name, contact),
        "contact_mobile": taken(people.mobile, contact),
        "industry_code": taken(firms.industry, firm),
        "division_code": county,
        "site": taken(firms.address, firm),
        _TOTAL: numbers(total),
        _CAPITAL: numbers(total * rng.integers(20, 100, rows) // 100),
        "planned_start": dates(start),
        "planned_finish": dates(start + rng.integers(90, 900, rows)),
        "applied_on": dates(applied),
        _DECIDED: blank_where(dates(decided), is_open),
        "state_code": taken(_STATES, state),
        "updated_at": moments(updated),
    }
    return Batch(columns, [Mentioned("project_unit", "legal_entity", firm), Mentioned("contact", "person", contact)])


DATA = Generated(
    weight=0.25,
    fewest=120,
    rows=each_file(_projects),
    kinds=(
        *of_credit_code("unit_uscc"),
        *of_division("division_code"),
        *of_mobile("contact_mobile"),
        missing("unit_name"),
        Kind("code_of_document", _CODE, "reject", "project_code_shape", d.constant("咸发改备〔2026〕35号")),
        Kind("code_without_hyphens", _CODE, "reject", "project_code_shape", d.rewritten(lambda v: v.replace("-", ""))),
        Kind(
            "code_of_other_city",
            _CODE,
            "warn",
            "code_agrees_with_division",
            d.rewritten(lambda v: "2026-420106" + v[11:]),
        ),
        Kind("investment_in_yuan", _TOTAL, "reject", "investment_is_plausible", d.constant("8000000000")),
        Kind("investment_as_text", _TOTAL, "normalise", "amount_text", d.rewritten(lambda v: f"{int(v):,}万元")),
        Kind("investment_in_yi", _TOTAL, "reject", "amount_format", d.constant("1.2亿元")),
        Kind("capital_above_investment", _CAPITAL, "reject", "capital_within_investment", d.constant("90000")),
        Kind("decided_before_applied", _DECIDED, "reject", "decided_after_applied", d.rewritten(d.earlier_year)),
        Kind("date_of_decision_lost", _DECIDED, "reject", "decided_projects_have_a_date", d.constant("")),
        Kind("finished_before_start", "planned_finish", "warn", "finish_after_start", d.rewritten(d.earlier_year)),
        Kind("month_for_a_day", "planned_start", "reject", "date_format", d.rewritten(lambda v: v[:7])),
        Kind("industry_in_words", "industry_code", "reject", "unknown_code", d.constant("制造业")),
        Kind("unknown_type", "project_type", "reject", "unknown_code", d.constant("A00009")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files
)
