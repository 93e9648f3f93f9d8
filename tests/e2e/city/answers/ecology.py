"""The truth about air and water quality."""

from collections import Counter
from datetime import timedelta

import numpy as np

from spark_jobs.city.world.air import index_of
from tests.e2e.city.city_rows import CityRows, Row
from tests.e2e.city.counting import Labels, latest, number, when
from tests.e2e.city.true_hits import TrueHits

AIR, WATER = "ecology/air_quality", "ecology/water_quality"
_POLLUTANTS = {"PM2.5": "pm25", "PM10": "pm10", "SO2": "so2", "NO2": "no2", "CO": "co", "O3": "o3"}
_LEVELS = ((50, "优"), (100, "良"), (150, "轻度污染"), (200, "中度污染"), (300, "重度污染"))
_ENOUGH_HOURS = 20
_CLASSES = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"]
_MOST = {
    "高锰酸盐指数": (2, 4, 6, 10, 15), "化学需氧量": (15, 15, 20, 30, 40), "五日生化需氧量": (3, 3, 4, 6, 10),
    "氨氮": (0.15, 0.5, 1, 1.5, 2), "总磷": (0.02, 0.1, 0.2, 0.3, 0.4), "铜": (0.01, 1, 1, 1, 1),
    "锌": (0.05, 1, 1, 2, 2), "氟化物": (1, 1, 1, 1.5, 1.5), "砷": (0.05, 0.05, 0.05, 0.1, 0.1),
    "汞": (0.00005, 0.00005, 0.0001, 0.001, 0.001), "镉": (0.001, 0.005, 0.005, 0.005, 0.01),
    "六价铬": (0.01, 0.05, 0.05, 0.05, 0.1), "铅": (0.01, 0.01, 0.05, 0.05, 0.1),
    "氰化物": (0.005, 0.05, 0.2, 0.2, 0.2), "挥发酚": (0.002, 0.002, 0.005, 0.01, 0.1),
    "石油类": (0.05, 0.05, 0.05, 0.5, 1),
}  # fmt: skip
"""GB 3838-2002, table 1: limits of the classes I to V."""
_PHOSPHORUS_OF_LAKES = (0.01, 0.025, 0.05, 0.1, 0.2)
_LAKES = {"斧头湖", "三湖连江", "青山水库", "陆水水库", "黄盖湖"}


def _hours(rows: CityRows) -> list[Row]:
    return latest(rows.of(AIR), lambda row: (row.text["stationCode"], row.text["monitorTime"]), "updateTime")


def _indexes(row: Row) -> dict[str, int]:
    """Index of each pollutant that was measured."""
    measured = {name: number(row.text[column]) for name, column in _POLLUTANTS.items()}
    return {name: int(index_of(name, np.array([value]))[0]) for name, value in measured.items() if value is not None}


def _index(row: Row) -> int:
    return max(_indexes(row).values())


def hours_by_air_quality(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    indexes = [_index(row) for row in _hours(rows)]
    return Counter((next((name for most, name in _LEVELS if i <= most), "严重污染"),) for i in indexes)


def worst_hour_of_stations(rows: CityRows, hits: TrueHits) -> dict[Labels, int]:
    found: dict[Labels, int] = {}
    for row in _hours(rows):
        station = (row.text["stationCode"],)
        found[station] = max(found.get(station, 0), _index(row))
    return found


def hours_by_primary_pollutant(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    counts: Counter[Labels] = Counter()
    for row in _hours(rows):
        indexes = _indexes(row)
        worst = max(indexes.values())
        if worst > _LEVELS[0][0]:
            counts[(",".join(sorted(name for name, index in indexes.items() if index == worst)),)] += 1
    return counts


def indexes_sent_wrong(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    wrong = sum(number(row.text["aqi"]) not in {None, _index(row)} for row in _hours(rows))
    return Counter({("wrong",): wrong})


def days_without_enough_hours(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    hours: Counter[Labels] = Counter()
    for row in _hours(rows):
        began = when(row.text["monitorTime"]) - timedelta(hours=1)
        hours[(row.text["stationCode"], str(began.date()))] += 1
    return Counter((station,) for (station, _), there in hours.items() if there < _ENOUGH_HOURS)


def _samples(rows: CityRows) -> list[Row]:
    return latest(rows.of(WATER), lambda row: (row.text["断面编码"], when(row.text["采样时间"])))


def _classes(row: Row) -> dict[str, int]:
    """Class of each item from 0, by its limits; what cannot be detected is of the first."""
    found = {"溶解氧": sum(float(row.text["溶解氧"]) < least for least in (7.5, 6, 5, 3, 2))}
    found["pH值"] = 0 if 6 <= float(row.text["pH值"]) <= 9 else 5
    for item, limits in _MOST.items():
        text, most = row.text[item].strip(), limits
        if item == "总磷" and row.text["河流名称"] in _LAKES:
            most = _PHOSPHORUS_OF_LAKES
        is_hidden = text[-1:] in {"L", "l"} or text[:1] in {"<", "＜"}
        if text:
            found[item] = 0 if is_hidden else sum(float(text) > limit for limit in most)
    return found


def samples_by_water_class(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return Counter((_CLASSES[max(_classes(row).values())],) for row in _samples(rows))


def sections_that_miss_their_target(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    missed = (
        row
        for row in _samples(rows)
        if row.text["目标类别"] and max(_classes(row).values()) > _CLASSES.index(row.text["目标类别"])
    )
    return Counter((row.text["断面编码"],) for row in missed)


def classes_sent_too_good(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    better = (row for row in _samples(rows) if _CLASSES.index(row.text["水质类别"]) < max(_classes(row).values()))
    return Counter(("lake" if row.text["河流名称"] in _LAKES else "river",) for row in better)


def items_that_decide(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    counts: Counter[Labels] = Counter()
    for row in _samples(rows):
        classes = _classes(row)
        worst = max(classes.values())
        if worst:
            counts[("、".join(sorted(item for item, each in classes.items() if each == worst)),)] += 1
    return counts
