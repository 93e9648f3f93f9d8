"""The flood-control database's table ST_PPTN_R: rain of the hour and, at eight, of the day."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import moments, reports
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import Floats
from spark_jobs.city.world.city import City
from spark_jobs.city.world.hydrology import rainfall, stations
from spark_jobs.city.world.texts import Ints, Texts, blank_where, decimals, repeated, taken

_EIGHT = 8 * 3600
_RAIN, _CLOUD, _SUN = "7", "8", "9"


def _readings(city: City, slot: Slot) -> Batch:
    """Of one day; a report with the day's rain leaves out that of an hour without."""
    gauges = stations("PP")
    station, seconds = reports(slot, len(gauges))
    rain = rainfall(city.seed, station, slot.business_day, seconds)
    is_first_after_eight = seconds == seconds[seconds >= _EIGHT].min(initial=2 * 86_400)
    of_day = sum(
        rainfall(city.seed, station, slot.business_day - 1, _EIGHT + 3600 * (h + seconds * 0)) for h in range(24)
    )
    columns = {
        "STCD": taken(gauges.codes, station),
        "TM": moments(slot, seconds),
        "DRP": blank_where(decimals(rain, 1), is_first_after_eight & (rain == 0)),
        "INTV": repeated("1.00", slot.rows),
        "PDR": blank_where(decimals(np.minimum(rain / 10, 0.59), 2), rain == 0),
        "DYP": blank_where(decimals(np.maximum(of_day, rain), 1), ~is_first_after_eight),
        "WTH": _weather(rain, station),
    }
    return Batch(columns, [])


def _weather(rain: Floats, station: Ints) -> Texts:
    """Automatic gauges do not look at the sky."""
    sky = taken([_RAIN, _CLOUD, _SUN], np.where(rain > 0, 0, 1 + station % 2))
    return blank_where(sky, station % 3 == 0)


DATA = Generated(
    weight=0.7,
    fewest=180,
    rows=each_file(_readings),
    kinds=(
        Kind(
            "code_in_lower_case",
            "STCD",
            "normalise",
            "hydrological_station_code_upper",
            d.rewritten(d.lower_case),
            r".*[A-Z].*",
        ),
        Kind("neither_hour_nor_day", "DRP", "reject", "some_rainfall_is_given", d.constant(""), r"0\.0"),
        Kind("no_reading_as_999.9", "DRP", "reject", "rainfall_is_possible", d.constant("999.9")),
        Kind("negative_rain", "DRP", "reject", "rainfall_is_possible", d.constant("-99.9")),
        Kind("trace_of_rain", "DRP", "reject", "decimal_format", d.constant("微量")),
        Kind("interval_of_90_minutes", "INTV", "reject", "interval_length_is_a_time", d.constant("0.90")),
        Kind("interval_in_minutes", "INTV", "reject", "interval_length_is_a_time", d.constant("60.00")),
        Kind("no_reading_of_the_day", "DYP", "reject", "day_is_possible", d.constant("-99.9")),
        Kind("weather_in_words", "WTH", "reject", "unknown_code", d.constant("小雨")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's readings lie in the order of their times
)
