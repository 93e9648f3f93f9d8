"""One fleet: what is registered, what reports its way, and what alarms are the same vehicles."""

import gzip
import json
from datetime import datetime

import pytest

from spark_jobs.city.world.city import City
from spark_jobs.city.world.vehicles import Vehicles, vehicles
from tests.unit.city.city_reading import MadeCity
from tests.unit.city.identifier_oracle import is_vehicle_number

VEHICLES, TRACKS, ALARMS, TRIPS = (
    "transport/vehicle",
    "transport/gps_track",
    "transport/road_alarm",
    "urban_management/muck_truck",
)


@pytest.fixture(scope="module")
def fleet() -> Vehicles:
    """That of a larger city."""
    return vehicles(City(50_000, 46_326, 1))


def test_no_two_vehicles_have_a_plate_a_number_or_a_terminal_in_common(fleet: Vehicles) -> None:
    assert len(fleet) == 1_000
    for column in (fleet.plate, fleet.vin, fleet.terminal):
        assert len(set(column.to_pylist())) == len(fleet)


def test_plates_of_new_energy_are_longer_and_green(fleet: Vehicles) -> None:
    lengths = {(int(colour), len(plate)) for colour, plate in zip(fleet.colour, fleet.plate.to_pylist(), strict=True)}
    assert lengths == {(1, 7), (2, 7), (5, 8)}


def test_vehicle_numbers_are_right_but_where_truth_says_otherwise(city: MadeCity) -> None:
    defects = city.defects(VEHICLES)
    for place, row in city.records(VEHICLES).items():
        defect = defects.get(place)
        if defect is None or defect["column"] != "vin":
            assert is_vehicle_number(row["vin"]), place
        elif defect["reason"] == "vin_checksum":
            assert not is_vehicle_number(row["vin"]), place


@pytest.mark.parametrize(("feed", "column"), [(TRACKS, "plate"), (ALARMS, "plate"), (TRIPS, "车牌号")])
def test_vehicles_of_other_feeds_are_those_of_the_fleet(city: MadeCity, feed: str, column: str) -> None:
    known = set(vehicles(City(6000, 46_326, 7)).plate.to_pylist())
    assert {
        row[column]
        for place, row in city.records(feed).items()
        if city.defects(feed).get(place, {}).get("column") != column
    } <= known


def test_a_vehicle_moves_no_faster_than_it_can(city: MadeCity) -> None:
    (file, *_) = [row["file"] for row in city.truth("deliveries") if row["feed"] == TRACKS]
    lines = gzip.decompress(city.file(TRACKS, file).read_bytes()).decode().splitlines()
    damaged = {number for name, number in city.defects(TRACKS) if name == file}
    last: dict[str, tuple[datetime, float, float]] = {}
    compared = 0
    for number, line in enumerate(lines, 1):
        row = json.loads(line)
        if number in damaged:
            continue
        at, east, north = datetime.fromisoformat(row["time"]), float(row["lon"]), float(row["lat"])
        if row["phone"] in last:
            before, west, south = last[row["phone"]]
            hours = (at - before).total_seconds() / 3600
            assert hours > 0
            assert max(abs(east - west) * 96, abs(north - south) * 111) / hours < 200
            compared += 1
        last[row["phone"]] = at, east, north
    assert compared > 100
