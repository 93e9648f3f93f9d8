"""Registers: each row speaks of a subject for the first time, or of a change since."""

import numpy as np

from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import Mask
from spark_jobs.city.world.texts import Ints

_NEW_PERCENT = 85
"""Of the rows, those that speak of somebody for the first time."""


def subject_of_rows(slot: Slot, subjects: int, rng: np.random.Generator) -> tuple[Ints, Mask]:
    """Position of the subject of each row of a register, and whether it is the first row about it.

    Where all subjects are known, only changes are left.
    """
    row = np.arange(slot.first, slot.first + slot.rows)
    known = -(-row * _NEW_PERCENT // 100)
    is_new = (-(-(row + 1) * _NEW_PERCENT // 100) > known) & (known < subjects)
    known = np.minimum(known, subjects)
    again = (rng.random(slot.rows) * np.maximum(known, 1)).astype(np.int64)
    return np.where(is_new, known, again), is_new
