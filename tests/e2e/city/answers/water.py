"""The truth about rivers, reservoirs and rain."""

from collections import Counter, defaultdict
from datetime import timedelta

from spark_jobs.city.world.tables import read_table
from tests.e2e.city.city_rows import CityRows, Row
from tests.e2e.city.counting import Labels, latest, when
from tests.e2e.city.true_hits import TrueHits

RIVERS, RESERVOIRS, RAIN = "water/river_stage", "water/reservoir_stage", "water/rainfall"
_STATIONS = {row["code"]: row for row in read_table("hydrology_stations.csv")}


def _readings(rows: CityRows, feed: str) -> list[Row]:
    return latest(rows.of(feed), lambda row: (_station(row), row.text["TM"]))


def _station(row: Row) -> str:
    return row.text["STCD"].upper()


def _highest(rows: CityRows) -> dict[Labels, float]:
    """Highest level by station and day."""
    found: dict[Labels, float] = {}
    for feed, column in ((RIVERS, "Z"), (RESERVOIRS, "RZ")):
        for row in _readings(rows, feed):
            key = (_station(row), row.text["TM"][:10])
            found[key] = max(found.get(key, -1e9), float(row.text[column]))
    return found


def highest_levels(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    return _highest(rows)


def nearest_to_warning(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    found: dict[Labels, float] = {}
    for (station, _), level in _highest(rows).items():
        above = level - float(_STATIONS[station]["alarm"])
        found[(station,)] = max(found.get((station,), -1e9), above)
    return found


def stages_of_stations(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    counts: Counter[Labels] = Counter()
    for (station, _), level in _highest(rows).items():
        above = level - float(_STATIONS[station]["alarm"])
        stage = "above_guaranteed" if above >= 1.5 else "above_warning" if above >= 0 else "below_warning"
        counts[("reservoir" if _STATIONS[station]["type"] == "RR" else "river", stage)] += 1
    return counts


def storage_of_reservoirs(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    newest = latest(_readings(rows, RESERVOIRS), _station, "TM")
    return {(_station(row),): float(row.text["W"]) for row in newest if row.text["W"]}


def _rain(rows: CityRows) -> dict[Labels, float]:
    """Rain by gauge and day from eight to eight: as it was reported of the day, else the sum of its intervals."""
    intervals: dict[Labels, float] = defaultdict(float)
    reported: dict[Labels, float] = {}
    for row in _readings(rows, RAIN):
        since_eight = when(row.text["TM"]) - timedelta(hours=8)
        if row.text["DRP"]:
            of = (since_eight - timedelta(seconds=1)).date()
            intervals[(_station(row), str(of))] += float(row.text["DRP"])
        if row.text["DYP"]:
            of = (since_eight - timedelta(days=1)).date()
            key = (_station(row), str(of))
            reported[key] = max(reported.get(key, 0), float(row.text["DYP"]))
    return intervals | reported


def rain_by_day(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    found: dict[Labels, float] = {}
    for (_, day), millimetres in _rain(rows).items():
        found[(day,)] = max(found.get((day,), 0), millimetres)
    return found


def days_by_grade_of_rain(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    grades = ((0.1, "none"), (10, "light"), (25, "moderate"), (50, "heavy"), (100, "storm"), (250, "severe_storm"))
    of = (next((name for below, name in grades if rain < below), "extreme_storm") for rain in _rain(rows).values())
    return Counter((grade,) for grade in of)


def gauges_that_report_little(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    counts: Counter[Labels] = Counter()
    for row in _readings(rows, RAIN):
        if row.text["DRP"]:
            counts[(_station(row),)] += 1
    return counts
