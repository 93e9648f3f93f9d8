"""How dates go wrong."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.world.chance import Keys, Mask, choices, weighted
from spark_jobs.city.world.texts import Ints, calendar_numbers

_KINDS = ("birth_swapped", "birth_day_off", "birth_year_off", "birth_first_of_january")
_SHARES = (0.30, 0.34, 0.20, 0.16)
_DAYS_FROM_1900_TO_1970 = 25_567


def as_dates(days: NDArray[np.int64], has: Mask) -> pa.Array:
    """Days since 1900-01-01 as dates, null where the mask does not hold."""
    return pa.array((days - _DAYS_FROM_1900_TO_1970).astype(np.int32), pa.int32(), mask=~has).cast(pa.date32())


def damaged_dates(days: Ints, wrong: Mask, has: Mask, keys: Keys, marks: Marks) -> pa.Array:
    """Dates, in some rows with month and day swapped, a day or a year beside, or the first of January."""
    rows = np.flatnonzero(wrong)
    calendar = calendar_numbers(days[rows])
    year, month, day = calendar // 10_000, calendar // 100 % 100, calendar % 100
    kind = weighted(keys[rows], "kind of wrong date", _SHARES)
    kind = np.where((kind == 0) & ((day > 12) | (day == month)), 1, kind)
    step = 1 - 2 * choices(keys[rows], "direction", 2)
    years = np.where(choices(keys[rows], "years", 3) > 0, 1, 10)
    changed = np.select(
        [kind == 0, kind == 1, kind == 2],
        [_day_of(year, day, month), days[rows] + step, _day_of(year + step * years, month, np.minimum(day, 28))],
        _day_of(year, np.ones_like(year), np.ones_like(year)),
    )
    for number, name in enumerate(_KINDS):
        marks.add(name, rows[kind == number])
    found = days.copy()
    found[rows] = np.maximum(changed, 0)
    return as_dates(found, has)


def _day_of(year: Ints, month: Ints, day: Ints) -> Ints:
    """Days since 1900-01-01."""
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    found: Ints = months.astype("datetime64[D]").astype(np.int64) + day - 1 + _DAYS_FROM_1900_TO_1970
    return found
