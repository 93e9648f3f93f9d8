"""Positions of the watched vehicles of each day, twice a minute: what the gateway made of JT/T 808 messages."""

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing
from spark_jobs.city.damage.kinds_of_vehicles import of_plate
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import chances, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.positions import degrees, village_positions
from spark_jobs.city.world.texts import SECONDS_OF_DAY, Ints, joined, moments, numbers, repeated, taken
from spark_jobs.city.world.vehicles import vehicles

_LAT, _LON, _STATE, _TIME = "lat", "lon", "state", "time"
_START, _STEP, _STEPS = 5 * 3600, 30, 2_000
"""First position at five o'clock, then one every half minute, till after nine in the evening."""
_REACH = 60_000
"""Millionths of a degree that a vehicle goes around its base."""
_ON_AND_FIXED, _ON_ONLY = "00000003", "00000001"
"""State bits: 0 ignition, 1 positioned (JT/T 808, table 25)."""


def _positions(city: City, slot: Slot) -> Batch:
    """Of one day: as many vehicles as there are positions for, each on a round tour."""
    fleet, rows, rng = vehicles(city), slot.rows, slot.rng("rows")
    under_way = min(max(rows // _STEPS, 1) * 8, len(fleet))
    row = np.arange(rows)
    which, step = row % under_way, row // under_way
    longitude, latitude, direction = _on_tour(city, which, step)
    speed = 150 + (np.abs(np.sin(step / 40.0 + which)) * 650).astype(np.int64)
    at = slot.business_day * SECONDS_OF_DAY + _START + step * _STEP
    is_resent = rng.random(rows) < 0.01
    delay = np.where(is_resent, rng.integers(3600, 6 * 3600, rows), rng.integers(0, 4, rows))
    columns = {
        "phone": taken(fleet.terminal, which),
        "plate": taken(fleet.plate, which),
        "plate_color": numbers(fleet.colour[which]),
        "serial": numbers(step % 65_536),
        "alarm": taken(["00000000", "00000002", "00000004"], rng.choice(3, rows, p=[0.97, 0.02, 0.01])),
        _STATE: repeated(_ON_AND_FIXED, rows),
        _LAT: degrees(latitude),
        _LON: degrees(longitude),
        "altitude": numbers(20 + which % 80),
        "speed": joined(numbers(speed // 10), ".", numbers(speed % 10)),
        "direction": numbers(direction),
        _TIME: moments(at),
        "received": moments(at + delay),
        "mileage": joined(numbers(10_000 + which * 37 + step // 3), ".", numbers(step % 10)),
    }
    return Batch(columns, [])


def _on_tour(city: City, which: Ints, step: Ints) -> tuple[Ints, Ints, Ints]:
    """Longitude and latitude in millionths of a degree, and the direction of travel in degrees."""
    east, north = village_positions()
    keys = keys_of(city.seed, which)
    home = (chances(keys, "base") * len(east)).astype(np.int64)
    angle = step * (0.002 + chances(keys, "haste") * 0.004) + chances(keys, "start") * 2 * np.pi
    longitude = east[home] + (np.cos(angle) * _REACH).astype(np.int64)
    latitude = north[home] + (np.sin(angle) * _REACH).astype(np.int64)
    return longitude, latitude, (-np.degrees(angle)).astype(np.int64) % 360


DATA = Generated(
    weight=10,
    fewest=150,
    rows=each_file(_positions),
    kinds=(
        *of_plate("plate"),
        missing("phone"),
        Kind("phone_without_zero", "phone", "reject", "terminal_phone_shape", d.rewritten(lambda v: v[1:]), r"0.*"),
        Kind("latitude_and_longitude_changed", _LAT, "reject", "position_on_earth", d.as_beside, beside=_LON),
        Kind("millionths_of_degrees", _LON, "reject", "position_on_earth", d.rewritten(lambda v: v.replace(".", ""))),
        Kind("position_not_fixed", _STATE, "none", "", d.constant(_ON_ONLY)),
        Kind("state_in_decimal", _STATE, "reject", "flags_are_hexadecimal", d.constant("3")),
        Kind("direction_of_400", "direction", "reject", "direction_in_circle", d.constant("400")),
        Kind("speed_of_a_drift", "speed", "warn", "speed_is_plausible", d.constant("327.6")),
        Kind("clock_ahead", _TIME, "reject", "positioned_before_received", d.rewritten(d.later_year)),
        Kind("clock_of_1980", _TIME, "none", "", d.constant("1980-01-06 00:00:00")),
        Kind("time_in_bcd", _TIME, "reject", "timestamp_format", d.rewritten(lambda v: "26" + v[5:7] + v[8:10])),
        Kind("mileage_lost", "mileage", "none", "", d.constant("")),
    ),
    bad_files=(
        BadFile("truncated_gzip", "compression_damaged", files.first_part(2, 3), "_part"),
        BadFile("plain_text_named_gz", "content_mismatch", files.decompressed, "_plain"),
    ),
)
