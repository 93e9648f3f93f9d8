"""The air-monitoring interface: each station's hour, with the index of HJ 633."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_division
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import moments, reports
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.air import BREAKPOINTS, concentrations, index_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import blank_where, decimals, joined, numbers, taken

_LEVELS = ["优", "良", "轻度污染", "中度污染", "重度污染", "严重污染"]
_POLLUTANTS = list(BREAKPOINTS)
_CLEAN = 50
"""Up to here no pollutant is the primary one."""


def _hours(city: City, slot: Slot) -> Batch:
    """Of one day."""
    stations = read_table("air_stations.csv")
    station, seconds = reports(slot, len(stations))
    found = concentrations(city.seed, station, slot.business_day * 24 + seconds // 3600)
    indexes = np.column_stack([index_of(name, values) for name, values in found.items()])
    aqi = indexes.max(axis=1)
    level = np.searchsorted([50, 100, 150, 200, 300], aqi, side="left")
    columns = {
        "stationCode": taken([row["code"] for row in stations], station),
        "stationName": taken([row["name"] for row in stations], station),
        "divisionCode": taken([row["division_code"] for row in stations], station),
        "monitorTime": moments(slot, seconds),
        "pm25": decimals(found["PM2.5"], 0),
        "pm10": decimals(found["PM10"], 0),
        "so2": decimals(found["SO2"], 0),
        "no2": decimals(found["NO2"], 0),
        "co": decimals(found["CO"], 1),
        "o3": decimals(found["O3"], 0),
        "aqi": numbers(aqi),
        "level": taken(_LEVELS, level),
        "primaryPollutant": blank_where(taken(_POLLUTANTS, indexes.argmax(axis=1)), aqi <= _CLEAN),
        "updateTime": joined(moments(slot, seconds + 1200)),
    }
    return Batch(columns, [])


DATA = Generated(
    weight=0.5,
    fewest=144,
    rows=each_file(_hours),
    kinds=(
        *of_division("divisionCode"),
        missing("stationName"),
        Kind("no_reading_as_dash", "pm25", "none", "", d.constant("—")),
        Kind("no_reading_as_9999", "o3", "reject", "concentration_is_possible", d.constant("9999")),
        Kind("negative_concentration", "so2", "reject", "concentration_is_possible", d.constant("-3")),
        Kind(
            "index_of_2012", "aqi", "warn", "index_agrees_with_concentrations", d.rewritten(lambda v: str(int(v) + 25))
        ),
        Kind("index_in_words", "aqi", "reject", "integer_format", d.constant("优")),
        Kind("level_of_another_index", "level", "warn", "level_agrees_with_index", d.constant("严重污染"), "优|良"),
        Kind("level_in_digits", "level", "reject", "unknown_code", d.constant("2")),
        Kind("primary_pollutant_in_words", "primaryPollutant", "reject", "unknown_code", d.constant("细颗粒物")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files: a day's hours lie in the order of their times
)
