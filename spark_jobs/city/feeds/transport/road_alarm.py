"""Alarms of coaches, chartered coaches and trucks of dangerous goods of each day, and what was done about them."""

import gzip

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division, of_mobile
from spark_jobs.city.damage.kinds_of_vehicles import of_plate
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.positions import degrees, positions_of
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken
from spark_jobs.city.world.vehicles import CHARTER, COACH, HAZARDOUS, vehicles

_BEGIN, _END, _HANDLED_AT, _SPEED = "begin_time", "end_time", "handled_time", "speed"
_KINDS = ["0101", "0102", "0103", "0104", "0105", "6401", "6402", "6501", "6502", "6503", "6504"]
_SPEEDING = 0
_ROADS = ["京港澳高速咸宁段", "杭瑞高速通山段", "武深高速嘉鱼段", "107国道", "106国道", "咸通公路", "咸赤公路"]


def _alarms(city: City, slot: Slot) -> Batch:
    """Of one day."""
    fleet, people, firms = vehicles(city), city.persons, city.companies
    rows, rng = slot.rows, slot.rng("rows")
    watched = fleet.of_kinds(COACH, CHARTER, HAZARDOUS)
    which = rng.choice(watched, rows)
    runner, driver = fleet.runner[which], fleet.driver[which]
    kind = rng.choice(len(_KINDS), rows)
    begin = slot.business_day * SECONDS_OF_DAY + rng.integers(0, 22 * 3600, rows)
    end = begin + rng.integers(5, 900, rows)
    limit = np.array([80, 100, 60])[which % 3]
    speed = np.where(kind == _SPEEDING, limit + rng.integers(3, 40, rows), limit - rng.integers(1, 40, rows))
    is_handled = rng.random(rows) < 0.7
    longitude, latitude = positions_of(people.village[driver], np.arange(slot.first, slot.first + rows), city.seed)
    is_compact = pa.array(rng.random(rows) < 0.2)
    columns = {
        "alarm_id": joined(
            taken(fleet.terminal, which),
            dates(begin // SECONDS_OF_DAY, compact=True),
            numbers(np.arange(slot.first, slot.first + rows), 7),
        ),
        "plate": taken(fleet.plate, which),
        "plate_color": numbers(fleet.colour[which]),
        "alarm_type": taken(_KINDS, kind),
        "level": numbers(1 + rng.integers(0, 3, rows)),
        _BEGIN: pc.if_else(is_compact, _compact(moments(begin)), moments(begin)),
        _END: pc.if_else(is_compact, _compact(moments(end)), moments(end)),
        _SPEED: joined(numbers(speed), ".0"),
        "limit_speed": numbers(limit),
        "lon": degrees(longitude),
        "lat": degrees(latitude),
        "road": taken(_ROADS, rng.integers(0, len(_ROADS), rows)),
        "division": numbers(people.county[driver]),
        "company": taken(firms.name, runner),
        "company_uscc": taken(firms.uscc, runner),
        "driver": taken(people.name, driver),
        "driver_mobile": taken(people.mobile, driver),
        "handled": taken(["0", "1"], is_handled.astype(np.int8)),
        _HANDLED_AT: blank_where(moments(end + rng.integers(60, 7200, rows)), ~is_handled),
    }
    return Batch(columns, [Mentioned("operator", "legal_entity", runner), Mentioned("driver", "person", driver)])


def _compact(texts: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(texts, r"[-: ]", "")


def _packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


DATA = Generated(
    weight=1,
    fewest=150,
    rows=each_file(_alarms),
    kinds=(
        *of_plate("plate"),
        *of_credit_code("company_uscc")[2:],
        *of_division("division"),
        *of_mobile("driver_mobile"),
        missing("alarm_id"),
        Kind("unknown_alarm", "alarm_type", "reject", "unknown_code", d.constant("9999")),
        Kind("ended_before_beginning", _END, "reject", "ended_after_beginning", d.constant("2020-01-01 00:00:00")),
        Kind("begin_in_milliseconds", _BEGIN, "reject", "timestamp_format", d.constant("1793577600000")),
        Kind("speed_below_the_limit", _SPEED, "none", "", d.constant("0.0"), r"[1-5]\d\.0"),
        Kind("speed_with_unit", _SPEED, "reject", "decimal_format", d.rewritten(lambda v: f"{v}km/h")),
        Kind("handled_without_time", _HANDLED_AT, "warn", "handled_has_time", d.constant("")),
        Kind("position_zero", "lon", "reject", "position_in_china", d.constant("0.000000")),
        Kind("handled_in_words", "handled", "reject", "boolean_format", d.constant("处置中")),
    ),
    bad_files=(BadFile("gzip_named_jsonl", "content_mismatch", _packed, "_packed"),),
)
