"""Evaluations of finished cases, a record each, in the order of their last change; the interface nests them."""

import sys

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.codes import of_service_item_code
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world import departments
from spark_jobs.city.world.city import City
from spark_jobs.city.world.service_items import service_items
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken

_NUMBER, _STATE, _GIVEN = "user.idNumber", "rectify.state", "evaluateTime"
_TAGS = ["[]", '["服务热情","一次办好"]', '["办事效率高"]', '["材料要求多次变更"]', '["等候时间长","态度生硬"]']
_SATISFIED = 2
"""Position in the scale from 5 to 1 up to which nothing is to be put right."""
_DONE = "3"


def _evaluations(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    people, firms, items, rows, rng = city.persons, city.companies, service_items(), slot.rows, slot.rng("rows")
    serial = np.arange(slot.first, slot.first + rows)
    item = rng.integers(0, len(items), rows)
    is_firm = rng.random(rows) < 0.25
    person, firm = rng.choice(city.reachable, rows), rng.choice(firms.with_uscc, rows)
    degree = rng.choice(5, rows, p=[0.78, 0.12, 0.06, 0.03, 0.01])
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(9 * 3600, 18 * 3600, rows))
    given = updated - rng.integers(0, 40_000, rows)
    finished = given - rng.integers(60, 80_000, rows)
    state = np.where(degree > _SATISFIED, rng.integers(1, 5, rows), 0)
    columns = {
        "evaluationId": joined("PJ", numbers(serial, 12)),
        "caseNo": joined("4212", dates(finished // SECONDS_OF_DAY, compact=True), numbers(serial, 10)),
        "item.code": taken(items.code, item),
        "item.name": taken(items.name, item),
        "department.name": taken(departments.NAMES, items.department[item]),
        "department.uscc": taken(departments.CODES, items.department[item]),
        "divisionCode": numbers(items.county[item]),
        "channel": numbers(rng.integers(1, 6, rows)),
        "satisfaction": numbers(5 - degree),
        "tags": taken(_TAGS, degree),
        "content": taken(
            ["", "工作人员耐心细致", "窗口排队时间过长，希望改进"], np.where(degree > _SATISFIED, 2, serial % 2)
        ),
        "user.type": taken(["1", "2"], is_firm.astype(np.int8)),
        "user.name": joined(
            blank_where(taken(people.name, person), is_firm), blank_where(taken(firms.name, firm), ~is_firm)
        ),
        _NUMBER: blank_where(taken(people.resident_id, person), is_firm),
        "user.uscc": blank_where(taken(firms.uscc, firm), ~is_firm),
        "user.mobile": blank_where(taken(people.mobile, person), is_firm),
        "finishTime": moments(finished),
        _GIVEN: moments(given),
        _STATE: numbers(state),
        "rectify.time": blank_where(moments(updated), state != int(_DONE)),
        "updateTime": moments(updated),
    }
    mentions = [
        Mentioned("evaluator", "person", np.where(is_firm, NOBODY, person)),
        Mentioned("evaluator", "legal_entity", np.where(is_firm, firm, NOBODY)),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=0.8,
    fewest=240,
    rows=each_file(_evaluations),
    kinds=(
        *of_service_item_code("item.code"),
        *of_citizen_number(_NUMBER, "cto"),
        *of_credit_code("user.uscc")[2:3],
        *of_division("divisionCode"),
        *of_mobile("user.mobile"),
        missing("caseNo"),
        Kind(
            "item_of_other_department",
            "department.uscc",
            "warn",
            "item_is_of_department",
            d.constant("11421200MFXN01308G"),
        ),
        Kind("before_end_of_case", _GIVEN, "reject", "evaluated_after_end_of_case", d.rewritten(d.earlier_year)),
        Kind(
            "dissatisfaction_ignored",
            "satisfaction",
            "reject",
            "dissatisfaction_is_followed_up",
            d.constant("1"),
            "[345]",
        ),
        Kind("put_right_without_time", "rectify.time", "warn", "put_right_has_time", d.constant("")),
        Kind("firm_with_number", "user.type", "warn", "user_agrees_with_kind", d.constant("2"), "1"),
        Kind("degree_in_words", "satisfaction", "reject", "unknown_code", d.constant("非常满意")),
        Kind("time_in_milliseconds", "finishTime", "reject", "timestamp_format", d.constant("1793577600000")),
        Kind("content_in_quotes", "content", "none", "", d.constant('他说："好"，\n谢谢！')),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
