"""Cases of the digital city-management platform, one row each, in the order of their last change."""

import sys

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.positions import degrees, positions_of
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken

_HOUR = 3600
_COMPONENT, _EVENT, _PUBLIC = 1, 2, 2
_CLASSES = [
    (_COMPONENT, "0101", "上水井盖", "市水务集团"),
    (_COMPONENT, "0104", "雨水井盖", "市住建局"),
    (_COMPONENT, "0201", "停车场", "市城管委"),
    (_COMPONENT, "0206", "交通信号灯", "市公安局"),
    (_COMPONENT, "0302", "公共厕所", "市城管委"),
    (_COMPONENT, "0403", "行道树", "市园林局"),
    (_EVENT, "0101", "私搭乱建", "市城管委"),
    (_EVENT, "0102", "暴露垃圾", "市环卫局"),
    (_EVENT, "0107", "道路不洁", "市环卫局"),
    (_EVENT, "0201", "非法小广告", "市城管委"),
    (_EVENT, "0303", "施工扬尘", "市住建局"),
    (_EVENT, "0307", "渣土车抛洒", "市城管委"),
    (_EVENT, "0401", "路面塌陷", "市住建局"),
    (_EVENT, "0503", "店外经营", "市城管委"),
    (_EVENT, "0504", "机动车乱停放", "市公安局"),
]
"""Kind, major and minor class (GB/T 30428.2-2013), name, department that disposes."""
_STATES = ["10", "20", "30", "40", "50", "60", "90"]
_CLOSED = 5


def _cases(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    who = rng.choice(city.reachable, rows)
    village = people.village[rng.choice(city.adults, rows)]
    what = rng.integers(0, len(_CLASSES), rows)
    source = rng.choice(np.arange(1, 6), rows, p=[0.6, 0.22, 0.12, 0.03, 0.03])
    state = rng.choice(len(_STATES), rows, p=[0.05, 0.08, 0.10, 0.12, 0.08, 0.55, 0.02])
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(8 * _HOUR, 18 * _HOUR, rows))
    reported = updated - rng.integers(_HOUR, 60 * _HOUR, rows)
    filed = reported + (updated - reported) // 5
    limit = np.array([4, 12, 24, 48])[rng.integers(0, 4, rows)]
    serial = np.arange(slot.first, slot.first + rows)
    longitude, latitude = positions_of(village, serial, city.seed)
    is_public, is_closed = source == _PUBLIC, state == _CLOSED
    community = taken(villages().codes, village)
    is_late = is_closed & (updated - filed > limit * _HOUR)
    columns = {
        "task_number": joined("XNCG", dates(reported // SECONDS_OF_DAY, compact=True), numbers(serial, 8)),
        "source_type": numbers(source),
        "case_kind": taken([str(kind) for kind, _, _, _ in _CLASSES], what),
        "category_code": taken([code for _, code, _, _ in _CLASSES], what),
        "category_name": taken([name for _, _, name, _ in _CLASSES], what),
        "description": joined("发现", taken([name for _, _, name, _ in _CLASSES], what), "，请及时处理"),
        "grid_code": joined(community, numbers(1 + rng.integers(0, 20, rows), 3)),
        "division_code": community,
        "address": taken(villages().addresses, village),
        "longitude": degrees(longitude),
        "latitude": degrees(latitude),
        "reporter_name": blank_where(taken(people.name, who), ~is_public),
        "reporter_mobile": blank_where(taken(people.mobile, who), ~is_public),
        "responsible_department": taken([department for _, _, _, department in _CLASSES], what),
        "state_code": taken(_STATES, state),
        "reported_at": moments(reported),
        "filed_at": blank_where(moments(filed), state == 0),
        "dispatched_at": blank_where(moments(filed + (updated - filed) // 4), state < 2),
        "closed_at": blank_where(moments(updated), ~is_closed),
        "limit_hours": numbers(limit),
        "is_overdue": taken(["0", "1"], is_late.astype(np.int8)),
        "updated_at": moments(updated),
    }
    return Batch(columns, [Mentioned("reporter", "person", np.where(is_public, who, NOBODY))])


DATA = Generated(
    weight=0.6,
    fewest=120,
    rows=each_file(_cases),
    kinds=(
        missing("task_number"),
        *of_division("division_code")[:2],  # one that is retired is in no cell of the grid
        *of_mobile("reporter_mobile"),
        Kind("mobile_left_out", "reporter_mobile", "warn", "public_report_has_reporter", d.constant("")),
        Kind("grid_of_other_community", "grid_code", "reject", "grid_lies_in_community", d.constant("421202999999001")),
        Kind("grid_of_12_digits", "grid_code", "reject", "grid_lies_in_community", d.rewritten(lambda v: v[:12])),
        Kind("class_in_words", "category_code", "reject", "category_agrees_with_kind", d.constant("垃圾")),
        Kind("event_class_of_component", "category_code", "reject", "category_agrees_with_kind", d.constant("0700")),
        Kind("unknown_state", "state_code", "reject", "unknown_code", d.constant("00")),
        Kind("closed_before_filed", "closed_at", "reject", "closed_after_filed", d.rewritten(d.earlier_year)),
        Kind("closing_time_lost", "closed_at", "warn", "closed_cases_have_a_time", d.constant("")),
        Kind("latitude_for_longitude", "longitude", "warn", "position_in_city", d.as_beside, beside="latitude"),
        Kind("degrees_and_minutes", "latitude", "reject", "decimal_format", d.constant("29°51′36″")),
        Kind("time_without_clock", "reported_at", "reject", "timestamp_format", d.rewritten(lambda v: v[:10])),
        Kind("hours_with_unit", "limit_hours", "reject", "integer_format", d.constant("24小时")),
        Kind("overdue_not_said", "is_overdue", "reject", "boolean_format", d.constant("待核")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files
)
