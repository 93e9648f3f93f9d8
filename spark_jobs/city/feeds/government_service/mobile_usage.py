"""What people did in the mobile application, a record each, in the order of the reports."""

import sys

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.codes import of_service_item_code
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.service_items import service_items
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, joined, moments, numbers, taken

_NUMBER, _LEVEL, _ITEM = "user.idNumber", "user.authLevel", "service.code"
_ACTIONS = ["login", "query", "apply", "show", "pay", "evaluate"]
_OF_ITEMS = (2, 5)
_SERVICES = ["登录", "公积金查询", "", "亮证", "水费缴纳", ""]


def _uses(city: City, slot: Slot) -> Batch:
    """Those that were reported on one day."""
    people, items, rows, rng = city.persons, service_items(), slot.rows, slot.rng("rows")
    who = rng.choice(city.reachable, rows)
    level = rng.choice(3, rows, p=[0.1, 0.5, 0.4])
    action = rng.choice(len(_ACTIONS), rows, p=[0.3, 0.3, 0.15, 0.12, 0.1, 0.03])
    item = rng.integers(0, len(items), rows)
    is_of_item, is_known = np.isin(action, _OF_ITEMS), level > 0
    reported = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(6 * 3600, 22 * 3600, rows))
    seconds = rng.integers(2, 900, rows)
    failed = rng.random(rows) < 0.04
    columns = {
        "usageId": joined("EHB", numbers(np.arange(slot.first, slot.first + rows), 12)),
        "user.id": joined("U", numbers(who, 9)),
        "user.name": blank_where(taken(people.name, who), ~is_known),
        _NUMBER: blank_where(taken(people.resident_id, who), ~is_known),
        "user.mobile": taken(people.mobile, who),
        _LEVEL: numbers(level),
        "action": taken(_ACTIONS, action),
        _ITEM: blank_where(taken(items.code, item), ~is_of_item),
        "service.name": joined(taken(_SERVICES, action), blank_where(taken(items.name, item), ~is_of_item)),
        "device.platform": taken(["android", "ios", "harmony", "mini"], rng.integers(0, 4, rows)),
        "device.version": joined("4.", numbers(rng.integers(0, 9, rows)), ".", numbers(rng.integers(0, 20, rows))),
        "divisionCode": numbers(people.county[who]),
        "startTime": moments(reported - seconds - 5),
        "seconds": numbers(seconds),
        "success": taken(["true", "false"], failed.astype(np.int8)),
        "errorCode": taken(["", "E5001"], failed.astype(np.int8)),
        "reportTime": moments(reported),
    }
    return Batch(columns, [Mentioned("user", "person", np.where(is_known, who, NOBODY))])


DATA = Generated(
    weight=1.5,
    fewest=200,
    rows=each_file(_uses),
    kinds=(
        *of_citizen_number(_NUMBER, "cwx"),
        *of_service_item_code(_ITEM)[:3],
        *of_division("divisionCode")[:2],
        *of_mobile("user.mobile"),
        missing("user.id"),
        Kind(
            "number_masked",
            _NUMBER,
            "reject",
            "resident_id_shape",
            d.rewritten(lambda v: v[:6] + "********" + v[14:]),
            r".{18}",
        ),
        Kind("known_without_number", _NUMBER, "reject", "known_user_has_number", d.constant(""), r".{18}"),
        Kind(
            "application_without_item",
            "action",
            "reject",
            "application_names_item",
            d.constant("apply"),
            "login|query|show|pay",
        ),
        Kind("clock_ahead", "startTime", "reject", "reported_after_start", d.rewritten(d.later_year)),
        Kind("duration_negative", "seconds", "warn", "duration_is_plausible", d.constant("-3")),
        Kind("duration_in_words", "seconds", "reject", "integer_format", d.constant("2分钟")),
        Kind("failure_without_code", "errorCode", "warn", "failure_has_code", d.constant("")),
        Kind("success_as_number", "success", "none", "", d.constant("1"), "true"),
        Kind("success_not_said", "success", "reject", "boolean_format", d.constant("未知")),
        Kind("unknown_platform", "device.platform", "reject", "unknown_code", d.constant("symbian")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
