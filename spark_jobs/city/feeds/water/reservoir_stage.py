"""The flood-control database's table ST_RSVR_R: level, storage and flows of reservoirs, by time."""

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
    """Of one day; half of the reservoirs have no gauge below the dam, and most tell no feature."""
    reservoirs = stations("RR")
    station, seconds = reports(slot, len(reservoirs))
    above = swell(city.seed, station + 100, slot.business_day, seconds)
    before = swell(city.seed, station + 100, slot.business_day, seconds - 3600)
    storage = reservoirs.capacity[station] * (0.8 + 0.08 * above)
    inflow = np.maximum(20 + 15 * above, 0)
    columns = {
        "STCD": taken(reservoirs.codes, station),
        "TM": moments(slot, seconds),
        "RZ": decimals(reservoirs.base[station] + above, 3),
        "INQ": decimals(inflow, 3),
        "W": decimals(storage, 3),
        "BLRZ": blank_where(decimals(reservoirs.base[station] - 14, 3), station % 2 == 1),
        "OTQ": decimals(np.maximum(inflow - (above - before) * 50, 0), 3),
        "RWCHRCD": repeated("", slot.rows),
        "RWPTN": numbers(np.select([above - before > 0.02, above - before < -0.02], [5, 4], 6)),
        "INQDR": repeated("1.00", slot.rows),
        "MSQMT": repeated("1", slot.rows),
    }
    return Batch(columns, [])


DATA = Generated(
    weight=0.35,
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
        missing("RZ"),
        Kind("no_reading_as_9999", "RZ", "reject", "level_is_possible", d.constant("9999.000")),
        Kind("storage_in_ten_thousands", "W", "reject", "storage_in_millions", d.constant("56300.000")),
        Kind("storage_with_unit", "W", "reject", "decimal_format", d.constant("5.63亿")),
        Kind("levels_of_two_datums", "BLRZ", "warn", "water_stands_above_the_dam", d.constant("420.000")),
        Kind("telegraph_symbol_for_feature", "RWCHRCD", "reject", "unknown_code", d.constant("^"), r""),
        Kind("tendency_of_old_code", "RWPTN", "reject", "unknown_code", d.constant("2")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's readings lie in the order of their times
)
