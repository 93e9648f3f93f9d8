"""Runs of the exchange platform's tasks between departments, in the order of their last change."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world import departments
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken

_TASKS = 240
_RESOURCES = [
    "人口基本信息",
    "婚姻登记信息",
    "企业登记信息",
    "社保参保信息",
    "不动产登记信息",
    "行政许可信息",
    "低保对象信息",
]
_WAITING, _RUNNING, _DONE, _PARTLY, _FAILED = range(5)
_ERRORS = ["", "", "", "目标表主键冲突", "连接超时"]


def _runs(city: City, slot: Slot) -> Batch:
    """Those of one day."""
    rows, rng, many = slot.rows, slot.rng("rows"), len(departments.DEPARTMENTS)
    serial = np.arange(slot.first, slot.first + rows)
    task = serial % _TASKS
    provider, receiver = task % many, (task + 1 + task // many % (many - 1)) % many
    state = rng.choice(5, rows, p=[0.03, 0.03, 0.84, 0.06, 0.04])
    planned = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(0, 20 * 3600, rows))
    started = planned + rng.integers(0, 600, rows)
    finished = started + rng.integers(1, 3600, rows)
    read = rng.integers(1, 20_000, rows)
    failed = np.select([state == _DONE, state == _FAILED], [0, read], rng.integers(1, 50, rows) % read)
    is_over, is_waiting = state >= _DONE, state == _WAITING
    columns = {
        "run_number": joined("R", dates(planned // SECONDS_OF_DAY, compact=True), numbers(serial, 8)),
        "task_code": joined("JH", numbers(task, 5)),
        "task_name": joined(taken(_RESOURCES, task % len(_RESOURCES)), "交换"),
        "resource_code": joined("2010", numbers(task % 90 + 10, 2), "/", numbers(task, 6)),
        "provider_name": taken(departments.NAMES, provider),
        "provider_uscc": taken(departments.CODES, provider),
        "receiver_name": taken(departments.NAMES, receiver),
        "receiver_uscc": taken(departments.CODES, receiver),
        "exchange_mode": numbers(1 + task % 3),
        "cycle_code": taken(["1", "2", "3", "4", "5"], task % 5),
        "planned_at": moments(planned),
        "started_at": blank_where(moments(started), is_waiting),
        "finished_at": blank_where(moments(finished), ~is_over),
        "read_count": blank_where(numbers(read), ~is_over),
        "written_count": blank_where(numbers(read - failed), ~is_over),
        "failed_count": blank_where(numbers(failed), ~is_over),
        "byte_count": blank_where(numbers(read * 310), ~is_over),
        "state_code": numbers(state),
        "error_message": taken(_ERRORS, state),
        "updated_at": moments(planned + 4200),
    }
    return Batch(columns, [])


DATA = Generated(
    weight=0.6,
    fewest=150,
    rows=each_file(_runs),
    kinds=(
        Kind("wrong_uscc_check", "provider_uscc", "reject", "uscc_checksum", d.wrong_last_digit, r".{18}"),
        missing("task_name"),
        missing("resource_code"),
        Kind("clock_of_other_server", "finished_at", "reject", "finished_after_started", d.rewritten(d.earlier_year)),
        Kind(
            "counts_do_not_add_up",
            "read_count",
            "reject",
            "counts_add_up",
            d.rewritten(lambda v: str(int(v) + 7)),
            r"\d+",
        ),
        Kind("count_with_unit", "read_count", "reject", "integer_format", d.rewritten(lambda v: f"{v}条"), r"\d+"),
        Kind("failed_as_success", "state_code", "warn", "success_without_failed_records", d.constant("2"), "[34]"),
        Kind("failure_without_reason", "error_message", "warn", "failure_has_a_reason", d.constant("")),
        Kind(
            "receives_from_itself", "receiver_uscc", "reject", "departments_differ", d.as_beside, beside="provider_uscc"
        ),
        Kind("unknown_state", "state_code", "reject", "unknown_code", d.constant("9")),
        Kind("time_without_clock", "planned_at", "reject", "timestamp_format", d.rewritten(lambda v: v[:10])),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files
)
