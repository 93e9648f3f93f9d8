"""The random-inspection platform's table: firms drawn for tasks, and what was found, by time of change."""

import sys
from dataclasses import replace

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import changes_of_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.supervision import DEPARTMENTS, card_numbers, officers
from spark_jobs.city.world.texts import blank_where, clock_times, dates, joined, numbers, repeated, taken

_FIRMS_PER_TASK = 20
_DRAWN, _RUNNING, _ENTERED, _PUBLISHED = range(4)
_MANY, _EVENING = 3, 20 * 3600
_RESULTS = [str(code) for code in range(1, 9)]


def _inspections(city: City, slot: Slot) -> Batch:
    """Changes of one day, oldest first; each row is another firm of a task."""
    firms, rows, rng = city.companies, slot.rows, slot.rng("rows")
    position = np.arange(slot.first, slot.first + rows)
    task = position // _FIRMS_PER_TASK
    which = firms.with_uscc[position * 7919 % len(firms.with_uscc)]  # a prime: a task's firms differ
    status = rng.choice(4, rows, p=[0.1, 0.1, 0.2, 0.6])
    inspected = slot.business_day - 1 - rng.integers(0, 15, rows)
    department = task % len(DEPARTMENTS)
    cards = card_numbers(np.arange(len(officers(city.persons, city.today))))
    inspector = rng.integers(0, len(cards) - 1, rows)
    columns = {
        "ccjhbh": joined("421200-2026-", numbers(1 + task % 40, 3)),
        "ccrwbh": joined("RW2026", numbers(position, 10)),
        "ccrwmc": joined(
            taken([name for _, name, _ in DEPARTMENTS], department), "2026年第", numbers(1 + task % 40), "批抽查"
        ),
        "cclx": numbers(1 + task % 2),
        "sflh": numbers(task // 3 % 2),
        "fqbmdm": taken([code for code, _, _ in DEPARTMENTS], department),
        "fqbmmc": taken([name for _, name, _ in DEPARTMENTS], department),
        "tyshxydm": taken(firms.uscc, which),
        "ztmc": taken(firms.name, which),
        "xzqhdm": numbers(firms.county[which]),
        "zfryzjh": blank_where(joined(taken(cards, inspector), ",", taken(cards, inspector + 1)), status == _DRAWN),
        "jcrq": blank_where(dates(inspected), status < _ENTERED),
        "jcjg": blank_where(taken(_RESULTS, (rng.random(rows) ** 2 * 8).astype(np.int64)), status < _ENTERED),
        "gsrq": blank_where(repeated(slot.business_date.isoformat(), rows), status < _PUBLISHED),
        "rwzt": numbers(status),
        "gxsj": changes_of_day(slot),
    }
    return Batch(columns, [Mentioned("inspected_firm", "legal_entity", which)])


def _cases(city: City, slot: Slot) -> Batch:
    """Three inspections of each of some firms within a month."""
    firms, which = city.companies, np.repeat(planted(city).inspected, _MANY)
    rows = len(which)
    batch = _inspections(city, replace(slot, rows=rows))
    cards = card_numbers(np.arange(len(officers(city.persons, city.today))))
    inspector = np.arange(rows) % (len(cards) - 1)
    columns = {
        "tyshxydm": taken(firms.uscc, which),
        "ztmc": taken(firms.name, which),
        "xzqhdm": numbers(firms.county[which]),
        "zfryzjh": joined(taken(cards, inspector), ",", taken(cards, inspector + 1)),
        "jcrq": dates(slot.business_day - 1 - np.arange(rows) % _MANY * 7),
        "jcjg": repeated("1", rows),
        "gsrq": repeated("", rows),
        "rwzt": numbers(np.full(rows, _ENTERED)),
        "gxsj": joined(repeated(f"{slot.business_date.isoformat()} ", rows), clock_times(_EVENING + np.arange(rows))),
    }
    return batch.with_columns([Mentioned("inspected_firm", "legal_entity", which)], **columns)


_DAY = r"\d{4}-\d\d-\d\d"

DATA = Generated(
    weight=0.6,
    fewest=120,
    rows=each_file(_inspections),
    cases=_cases,
    kinds=(
        *of_division("xzqhdm"),
        *of_credit_code("tyshxydm"),
        missing("ztmc"),
        Kind("result_left_out", "jcjg", "reject", "result_when_entered", d.constant("")),
        Kind("result_in_words", "jcjg", "reject", "unknown_code", d.constant("合格")),
        Kind(
            "published_before_inspected",
            "gsrq",
            "reject",
            "published_after_inspected",
            d.rewritten(d.earlier_year),
            _DAY,
        ),
        Kind(
            "published_a_year_late",
            "jcrq",
            "warn",
            "published_within_20_working_days",
            d.rewritten(d.earlier_year),
            _DAY,
        ),
        Kind(
            "one_inspector_alone", "zfryzjh", "warn", "at_least_two_inspectors", d.rewritten(lambda v: v[:11]), r"\d.+"
        ),
        Kind("date_of_zeros", "jcrq", "reject", "date_format", d.constant("0000-00-00"), _DAY),
        Kind("joint_not_said", "sflh", "reject", "boolean_format", d.constant("部分")),
        Kind("task_status_of_old_platform", "rwzt", "reject", "unknown_code", d.constant("9")),
        Kind("firm_s_name_with_blank", "ztmc", "normalise", "company_name_spaces", d.rewritten(d.with_blank)),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's changes lie in the order of their times
)
