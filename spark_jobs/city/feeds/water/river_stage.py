"""The flood-control database's table ST_RIVER_R: levels and flows of river stations, by time."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import moments, reports
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.hydrology import stations, swell
from spark_jobs.city.world.texts import blank_where, decimals, numbers, repeated, taken


def _readings(city: City, slot: Slot) -> Batch:
    """Of one day; stations that watch the level alone have neither flow nor section."""
    rivers = stations("ZQ", "ZZ")
    station, seconds = reports(slot, len(rivers))
    above = swell(city.seed, station, slot.business_day, seconds)
    before = swell(city.seed, station, slot.business_day, seconds - 3600)
    width = 80.0 + 40 * station
    area = np.round(width * (2 + np.maximum(above, -1.5)), 3)
    speed = np.round(0.4 + 0.15 * np.maximum(above, 0), 3)
    is_level_only = np.array([code in set(stations("ZZ").codes) for code in rivers.codes])[station]
    has_no_section = is_level_only | (seconds % 21_600 != 0)
    columns = {
        "STCD": taken(rivers.codes, station),
        "TM": moments(slot, seconds),
        "Z": decimals(rivers.base[station] + above, 3),
        "Q": blank_where(decimals(area * speed, 3), is_level_only),
        "XSA": blank_where(decimals(area, 3), has_no_section),
        "XSAVV": blank_where(decimals(speed, 3), has_no_section),
        "XSMXV": blank_where(decimals(speed * 1.3, 3), has_no_section),
        "FLWCHRCD": repeated("", slot.rows),
        "WPTN": numbers(np.select([above - before > 0.02, above - before < -0.02], [5, 4], 6)),
        "MSQMT": blank_where(taken(["1", "3", "5"], station % 3), is_level_only),
        "MSAMT": blank_where(repeated("1", slot.rows), has_no_section),
        "MSVMT": blank_where(repeated("1", slot.rows), has_no_section),
    }
    return Batch(columns, [])


DATA = Generated(
    weight=0.5,
    fewest=120,
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
        missing("Z"),
        Kind("no_reading_as_9999", "Z", "reject", "level_is_possible", d.constant("9999.000")),
        Kind("level_in_words", "Z", "reject", "decimal_format", d.constant("干涸")),
        Kind("negative_no_reading", "Z", "reject", "level_is_possible", d.constant("-99.999")),
        Kind("telegraph_symbol_for_feature", "FLWCHRCD", "reject", "unknown_code", d.constant("@"), r""),
        Kind("area_in_square_feet", "XSA", "warn", "discharge_agrees_with_section", d.rewritten(d.in_feet)),
        Kind("tendency_of_old_code", "WPTN", "reject", "unknown_code", d.constant("1")),
        Kind("unknown_method", "MSQMT", "reject", "unknown_code", d.constant("8")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's readings lie in the order of their times
)
