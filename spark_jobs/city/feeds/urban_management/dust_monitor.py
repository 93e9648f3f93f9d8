"""Hourly frames of the dust monitors at building sites of each day, some of them sent late or again."""

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import Ints, Texts, clock_times, dates, joined, numbers, repeated, taken

_TIME, _PM10, _HUMIDITY = "CP.DataTime", "a34002-Avg", "a01002-Avg"
_HOURS, _ANY = 24, r"(?s).*"
_EDITIONS = ["4", "8"]
"""Flag of frames of HJ 212-2017 and of HJ 212-2025."""


def _frames(city: City, slot: Slot) -> Batch:
    """Of one day, hour by hour; the number of monitors follows from the rows."""
    rows, rng = slot.rows, slot.rng("rows")
    row = np.arange(rows)
    monitors = max(-(-rows // _HOURS), 1)
    device, hour = row % monitors, row // monitors
    sent = hour + 1 + np.where(rng.random(rows) < 0.02, rng.integers(1, 20, rows), 0)
    fine = rng.integers(5, 90, rows)
    coarse = fine + rng.integers(5, 120, rows)
    total = coarse + rng.integers(5, 200, rows)
    columns = {
        "QN": joined(_moment(slot, sent), numbers(100 + device % 900)),
        "ST": repeated("39", rows),
        "CN": repeated("2061", rows),
        "MN": joined("421200YC", numbers(device, 16)),
        "Flag": taken(_EDITIONS, device % 2),
        _TIME: _moment(slot, hour),
        "a34001-Avg": _thousandths(total),
        _PM10: _thousandths(coarse),
        "a34002-Flag": taken(["N", "M", "C"], rng.choice(3, rows, p=[0.97, 0.02, 0.01])),
        "a34004-Avg": _thousandths(fine),
        "a01001-Avg": joined(numbers(rng.integers(3, 20, rows)), ".5"),
        _HUMIDITY: joined(numbers(rng.integers(30, 98, rows)), ".0"),
        "a01007-Avg": joined(numbers(rng.integers(0, 8, rows)), ".2"),
        "LA-Avg": joined(numbers(rng.integers(45, 80, rows)), ".1"),
        "PW": repeated("123456", rows),
    }
    return Batch(columns, [])


def _moment(slot: Slot, hour: Ints) -> Texts:
    """So many hours after the day began, yyyyMMddHHmmss."""
    return joined(
        dates(slot.business_day + hour // _HOURS, compact=True), clock_times(hour % _HOURS * 3600, compact=True)
    )


def _thousandths(value: Ints) -> Texts:
    return joined("0.", numbers(np.minimum(value, 999), 3))


DATA = Generated(
    weight=0.8,
    fewest=120,
    rows=each_file(_frames),
    kinds=(
        Kind("wrong_crc", "MN", "reject", "frame_crc", d.unchanged, _ANY, fault="frame_crc"),
        Kind("frame_cut", "MN", "reject", "frame_length", d.unchanged, _ANY, fault="frame_length"),
        Kind("crc_in_lower_case", "MN", "none", "", d.unchanged, _ANY, fault="frame_lower_crc"),
        Kind("device_of_14_characters", "MN", "reject", "device_code_shape", d.rewritten(lambda v: v[:14])),
        Kind("hour_with_minutes", _TIME, "reject", "on_the_hour", d.rewritten(lambda v: v[:10] + "1730")),
        Kind("hour_to_come", _TIME, "reject", "measured_before_receipt", d.rewritten(d.later_year)),
        Kind("hour_without_seconds", _TIME, "reject", "timestamp_format", d.rewritten(lambda v: v[:12])),
        Kind("dust_below_zero", _PM10, "reject", "dust_is_not_negative", d.constant("-0.003")),
        Kind("dust_in_micrograms", _PM10, "warn", "finer_dust_is_less", d.constant("86.000")),
        Kind("dust_not_measured", _PM10, "reject", "decimal_format", d.constant("NaN")),
        Kind("humidity_of_120", _HUMIDITY, "warn", "humidity_of_hundred", d.constant("120.0")),
        Kind("unknown_state", "a34002-Flag", "reject", "unknown_code", d.constant("X")),
        Kind("other_system", "ST", "reject", "unknown_code", d.constant("99")),
    ),
    bad_files=(BadFile("zip_named_txt", "content_mismatch", lambda content: b"PK\x03\x04" + content, "_packed"),),
)
