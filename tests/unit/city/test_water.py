"""Readings of water: each station once at a time, and nothing is said of what cannot be detected but its limit."""

import re

import pytest

from tests.unit.city.city_reading import MadeCity

LEVELS, RAIN, RESERVOIRS = "water/river_stage", "water/rainfall", "water/reservoir_stage"
QUALITY = "ecology/water_quality"


def clean(city: MadeCity, feed: str) -> list[dict[str, str]]:
    """Records without a defect."""
    return [record for place, record in city.records(feed).items() if place not in city.defects(feed)]


@pytest.mark.parametrize("feed", [LEVELS, RAIN, RESERVOIRS])
def test_readings_lie_in_the_order_in_which_they_are_pulled(city: MadeCity, feed: str) -> None:
    places = [(row["TM"], row["STCD"]) for row in city.records(feed).values()]
    assert places == sorted(places)
    assert len(set(places)) == len(places)


def test_stations_of_rivers_and_of_reservoirs_are_others(city: MadeCity) -> None:
    levels, reservoirs = ({row["STCD"].upper() for row in city.records(feed).values()} for feed in (LEVELS, RESERVOIRS))
    assert len(levels) == 8
    assert len(reservoirs) == 6
    assert not levels & reservoirs


def test_the_day_s_rain_comes_with_the_first_report_after_eight(city: MadeCity) -> None:
    times = {row["TM"][11:] for row in clean(city, RAIN) if row["DYP"]}
    assert len(times) == 1
    assert min(times) >= "08:00:00"


def test_what_cannot_be_detected_is_written_in_two_ways(city: MadeCity) -> None:
    marks = {row["砷"] for row in clean(city, QUALITY) if not re.fullmatch(r"[0-9.]+", row["砷"])}
    assert marks == {"0.0003L", "<0.0003"}


def test_a_value_is_given_where_the_method_can_detect_it(city: MadeCity) -> None:
    given = [float(row["砷"]) for row in clean(city, QUALITY) if re.fullmatch(r"[0-9.]+", row["砷"])]
    assert given
    assert min(given) >= 0.0003
