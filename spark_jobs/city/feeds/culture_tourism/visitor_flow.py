"""Visitors of scenic spots by the hour, as the counters at the gates report them."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.scenic_spots import scenic_spots
from spark_jobs.city.world.texts import SECONDS_OF_DAY, joined, moments, numbers, taken

_HOUR, _IN, _PRESENT, _OPENS, _HOURS = "hour", "in", "inPark", 8, 10


def _flows(city: City, slot: Slot) -> Batch:
    """Of one day, hour by hour; a large city has counters at many gates, each of which reports for its spot."""
    spots, rows, rng = scenic_spots(), slot.rows, slot.rng("rows")
    row = np.arange(rows)
    per_hour = max(-(-rows // _HOURS), 1)
    which, hour = row % per_hour % len(spots.codes), row // per_hour
    gate = row % per_hour // len(spots.codes)
    began = slot.business_day * SECONDS_OF_DAY + (_OPENS + hour) * 3600
    capacity = spots.instant[which]
    present = (capacity * (0.2 + 0.6 * rng.random(rows))).astype(np.int64)
    came = present // 3 + rng.integers(0, 50, rows)
    columns = {
        "spotCode": joined(taken(spots.codes, which), taken(["", *(f"-{n}" for n in range(1, 1000))], gate % 1000)),
        _HOUR: moments(began),
        _IN: numbers(came),
        "out": numbers(np.maximum(came - rng.integers(0, 100, rows), 0)),
        _PRESENT: numbers(present),
        "capacity": numbers(capacity),
        "comfort": numbers(np.minimum(1 + present * 5 // np.maximum(capacity, 1), 5)),
        "device.code": joined("KL", numbers(which, 3), numbers(gate, 4)),
        "device.online": taken(["true", "false"], rng.choice(2, rows, p=[0.97, 0.03])),
        "reportTime": moments(began + 3600 + row % per_hour % 600),
    }
    return Batch(columns, [])


DATA = Generated(
    weight=1,
    fewest=100,
    rows=each_file(_flows),
    kinds=(
        missing("spotCode"),
        Kind("counter_was_reset", _IN, "reject", "counts_are_not_negative", d.constant("-3512")),
        Kind("count_in_words", _PRESENT, "reject", "integer_format", d.constant("约3000")),
        Kind("more_than_may_be", _PRESENT, "warn", "present_within_capacity", d.constant("65535")),
        Kind("not_on_the_hour", _HOUR, "reject", "on_the_hour", d.rewritten(lambda v: v[:14] + "17:00")),
        Kind("hour_without_date", _HOUR, "reject", "timestamp_format", d.rewritten(lambda v: v[11:])),
        Kind("hour_to_come", _HOUR, "reject", "reported_after_the_hour", d.rewritten(d.later_year)),
        Kind("unknown_comfort", "comfort", "reject", "unknown_code", d.constant("舒适")),
        Kind("capacity_lost", "capacity", "none", "", d.constant("")),
        Kind("device_not_said", "device.online", "reject", "boolean_format", d.constant("离线")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
