"""The columns that every table of the supervision platform's exchange has, and how they go wrong."""

import numpy as np

from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import Mask
from spark_jobs.city.world.texts import Ints, Texts, dates, joined, numbers, taken

_DIVISION = "421200"
_RUNS = 3
"""Submissions of a department a day."""


def exchange_columns(slot: Slot, times: Texts, department: Texts, is_new: Mask) -> dict[str, Texts]:
    """cd_id, cd_time, cd_source, cd_batch, cd_operation; a few of the changes are deletions.

    Args:
        slot: which rows these are.
        times: when each was put into the exchange, oldest first.
        department: social credit code of each row's department.
        is_new: rows that speak of their subject for the first time.
    """
    position = np.arange(slot.first, slot.first + slot.rows)
    run = 1 + np.arange(slot.rows) * _RUNS // max(slot.rows, 1)
    day = np.full(slot.rows, slot.business_day)
    changed = slot.rng("exchange").choice(3, slot.rows, p=[0.0, 0.9, 0.1])
    return {
        "cd_id": joined(_DIVISION, numbers(position, 12)),
        "cd_time": times,
        "cd_source": joined(_DIVISION, department),
        "cd_batch": joined(dates(day, compact=True), numbers(run, 5)),
        "cd_operation": taken(["i", "u", "d"], np.where(is_new, 0, changed)),
    }


def every_row_is_new(rows: Ints) -> Mask:
    """No subject comes twice."""
    return np.ones(len(rows), np.bool_)


def of_exchange() -> list[Kind]:
    """Damaged exchange columns."""
    return [
        Kind("batch_of_the_day_only", "cd_batch", "reject", "exchange_batch_shape", d.rewritten(lambda v: v[:8])),
        Kind("batch_of_tomorrow", "cd_batch", "warn", "exchange_batch_in_future", d.constant("2099010100001")),
        Kind("operation_in_words", "cd_operation", "reject", "unknown_code", d.constant("insert")),
        Kind("source_without_department", "cd_source", "warn", "exchange_source_shape", d.constant(_DIVISION)),
    ]


def of_item_code(column: str) -> list[Kind]:
    """Damaged codes of the supervision list."""
    return [
        Kind("leading_zero_lost", column, "reject", "supervision_item_code_shape", d.rewritten(lambda v: v[1:])),
        Kind("item_in_groups", column, "normalise", "supervision_item_code_spaces", d.rewritten(_in_groups)),
    ]


def _in_groups(value: str) -> str:
    return f"{value[:4]} {value[4:11]} {value[11:]}"
