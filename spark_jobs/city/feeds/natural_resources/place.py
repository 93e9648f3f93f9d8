"""Places of the spatial platform: estates, hospitals, villages and gauges, each in the datum of its surveyor.

Some are surveyed again: renamed, given up, or corrected for the same day.
"""

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_division
from spark_jobs.city.feed_data import Generated, each_file, last_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, keys_of, weighted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.points import near_county, shortest_degrees
from spark_jobs.city.world.positions import village_positions
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints, Texts, blank_where, dates, joined, numbers, taken

_DATUMS, _SHARES = ["CGCS2000", "GCJ02", "WGS84"], (0.6, 0.3, 0.1)
_LONGITUDE, _LATITUDE, _DATUM = "geometry.longitude", "geometry.latitude", "coordSys"
_SURVEYS = 4
"""Of so many rows the last is of the same place as the one before, surveyed again."""
_RENAMED, _GIVEN_UP, _CORRECTED = 1, 2, 3
_CHANGES = (0.4, 0.4, 0.2)
_OF_NEW_NAMES = ["小区", "总院", "新村", "新站"]
"""What each kind's new names end in."""


def _places(city: City, slot: Slot) -> Batch:
    """Of one month: all kinds one after the other, then again as often as the file has rows for."""
    position = np.arange(slot.first, slot.first + slot.rows)
    number = position - (position + 1) // _SURVEYS
    kinds = [_of_estates(city), _of_hospitals(), _of_villages(), _of_stations()]
    starts = np.cumsum([0, *(len(names) for names, _, _, _ in kinds)])
    place = number % starts[-1]
    name, county, longitude, latitude = (_stacked([kind[part] for kind in kinds]) for part in range(4))
    category = np.searchsorted(starts, place, side="right") - 1
    keys = keys_of(city.seed, number)
    change = np.where(position % _SURVEYS == _SURVEYS - 1, 1 + weighted(keys, "change", _CHANGES), 0)
    surveyed = city.today - 30 - choices(keys, "collected", 900)
    again = surveyed + 1 + choices(keys, "collected again", city.today - surveyed)
    status = np.where(change == _GIVEN_UP, 1, choices(keys, "status", 20) // 19)
    columns = {
        "placeId": joined("DM", numbers(number, 10)),
        "name": joined(taken(name, place), blank_where(taken(_OF_NEW_NAMES, category), change != _RENAMED)),
        "category": taken(["101", "102", "103", "104"], category),
        "address": joined(
            "湖北省咸宁市", taken(name, place), taken(["", "正门"], (change == _CORRECTED).astype(np.int8))
        ),
        "divisionCode": numbers(county[place]),
        _DATUM: taken(_DATUMS, weighted(keys, "datum", _SHARES)),
        "collectedDate": dates(np.where((change == _RENAMED) | (change == _GIVEN_UP), again, surveyed)),
        "status": taken(["1", "2"], status),
        _LONGITUDE: shortest_degrees(longitude[place]),
        _LATITUDE: shortest_degrees(latitude[place]),
    }
    return Batch(columns, [])


_Kind = tuple[list[str], Ints, Ints, Ints]
"""Names, counties, longitudes and latitudes."""


def _stacked(parts: list[Texts | Ints]) -> Texts | Ints:
    return [text for part in parts for text in part] if isinstance(parts[0], list) else np.concatenate(parts)


def _of_estates(city: City) -> _Kind:
    estates = city.estates
    return estates.name.to_pylist(), estates.county, estates.longitude, estates.latitude


def _of_hospitals() -> _Kind:
    rows = [row for row in read_table("institutions.csv") if row["kind"] == "H" and row["division_code"][:4] == "4212"]
    county = np.array([int(row["division_code"]) for row in rows], np.int64)
    return [row["name"] for row in rows], county, *near_county(county, keys_of(0, np.arange(len(rows))))


def _of_villages() -> _Kind:
    return villages().addresses.to_pylist(), villages().counties, *village_positions()


def _of_stations() -> _Kind:
    rows = read_table("hydrology_stations.csv")
    county, *points = (
        np.round([float(row[name]) * scale for row in rows]).astype(np.int64)
        for name, scale in (("division_code", 1), ("longitude", 1e6), ("latitude", 1e6))
    )
    return [row["name"] for row in rows], county, points[0], points[1]


DATA = Generated(
    weight=0.6,
    fewest=120,
    rows=each_file(_places),
    kinds=(
        *of_division("divisionCode"),
        missing("name"),
        Kind("latitude_first", _LONGITUDE, "none", "", d.unchanged, fault="axes_swapped"),
        Kind("datum_of_another_map", _DATUM, "reject", "datum_unknown", d.constant("BD09")),
        Kind("projected_coordinates", _LONGITUDE, "reject", "geometry_outside", d.constant("534210.75")),
        Kind("name_of_digits", "name", "warn", "name_is_no_number", d.constant("10086")),
        Kind("surveyed_in_future", "collectedDate", "reject", "collected_before_receipt", d.constant("2036-01-15")),
        Kind("category_in_words", "category", "reject", "unknown_code", d.constant("小区")),
    ),
    bad_files=(BadFile("cut_document", "json_malformed", files.first_part(1, 2), "_cut"),),
    dates=last_day,
)
