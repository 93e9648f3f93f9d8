"""Times of day: those at which a table's rows change, and those at which instruments report."""

import numpy as np

from spark_jobs.city.slots import Slot
from spark_jobs.city.world.texts import Ints, Texts, clock_times, dates, joined, repeated

_OPENS, _CLOSES = 8 * 3600, 18 * 3600
_DAY = 86_400
_STEPS = (43_200, 28_800, 21_600, 14_400, 10_800, 7200, 3600, 1800, 900, 600, 300, 60, 30, 10, 5, 1)
"""Seconds between two reports of an instrument, from which the largest is taken that fits."""


def changes_of_day(slot: Slot) -> Texts:
    """When each row of the slot was last changed, within office hours, oldest first, as yyyy-MM-dd HH:mm:ss."""
    seconds = np.sort(slot.rng("times of change").integers(_OPENS, _CLOSES, slot.rows))
    return joined(repeated(slot.business_date.isoformat(), slot.rows), " ", clock_times(seconds))


def reports(slot: Slot, instruments: int) -> tuple[Ints, Ints]:
    """Instrument and time of each reading of a day, by time and then by instrument.

    Returns:
        position of the instrument; seconds since the day began, the first report one step into it.
    """
    row = np.arange(slot.rows)
    turns = -(-slot.rows // instruments) or 1
    step = next((s for s in _STEPS if _DAY // s >= turns), 1)
    return row % instruments, (row // instruments % (_DAY // step) + 1) * step


def moments(slot: Slot, seconds: Ints, form: str = "spaced") -> Texts:
    """Times of the slot's day, as yyyy-MM-dd HH:mm:ss, or `compact` as yyyyMMddHHmmss; a day's end is the next day."""
    days, clock = slot.business_day + seconds // _DAY, seconds % _DAY
    is_compact = form == "compact"
    return joined(dates(days, is_compact), "" if is_compact else " ", clock_times(clock, is_compact))
