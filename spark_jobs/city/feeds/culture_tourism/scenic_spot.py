"""Scenic spots and what changes of them, in the order of their changes."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.positions import degrees
from spark_jobs.city.world.scenic_spots import scenic_spots
from spark_jobs.city.world.texts import SECONDS_OF_DAY, moments, numbers, taken

_PRICE, _INSTANT, _LONGITUDE = "ticket.price", "capacity.instant", "location.lng"


def _spots(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    spots, firms, rows, rng = scenic_spots(), city.companies, slot.rows, slot.rng("rows")
    which = np.arange(slot.first, slot.first + rows) % len(spots.codes)
    operator = firms.with_uscc[which % len(firms.with_uscc)]
    prices = ["免费", "30.00", "60.00", "80.00", "135.00"]
    columns = {
        "spotCode": taken(spots.codes, which),
        "name": taken(spots.names, which),
        "level": taken(spots.levels, which),
        "division": numbers(spots.county[which]),
        "address": taken(villages().addresses, spots.village[which]),
        _LONGITUDE: degrees(spots.longitude[which]),
        "location.lat": degrees(spots.latitude[which]),
        "operator.name": taken(firms.name, operator),
        "operator.uscc": taken(firms.uscc, operator),
        "phone": numbers(7_158_000_000 + which * 1_111),
        _PRICE: taken(prices, which % len(prices)),
        "capacity.daily": numbers(spots.daily[which]),
        _INSTANT: numbers(spots.instant[which]),
        "state": taken(["1", "2", "3"], rng.choice(3, rows, p=[0.9, 0.08, 0.02])),
        "updateTime": moments(slot.business_day * SECONDS_OF_DAY + 7 * 3600 + np.arange(rows) * 60),
    }
    return Batch(columns, [Mentioned("operator", "legal_entity", operator)])


DATA = Generated(
    weight=0,
    fewest=112,
    rows=each_file(_spots),
    kinds=(
        *of_credit_code("operator.uscc"),
        *of_division("division"),
        missing("name"),
        Kind("unknown_level", "level", "reject", "unknown_code", d.constant("AAAA")),
        Kind("at_once_more_than_a_day", _INSTANT, "reject", "instant_within_daily_capacity", d.constant("99999")),
        Kind("capacity_in_words", "capacity.daily", "reject", "integer_format", d.constant("约2万人次")),
        Kind("latitude_for_longitude", _LONGITUDE, "warn", "position_in_city", d.as_beside, beside="location.lat"),
        Kind("price_in_fen", _PRICE, "warn", "price_is_plausible", d.constant("13500"), r"\d+\.00"),
        Kind("price_as_text", _PRICE, "normalise", "amount_text", d.rewritten(lambda v: f"{v}元"), r"\d+\.00"),
        Kind("price_of_two_seasons", _PRICE, "reject", "amount_format", d.constant("旺季80，淡季60"), r"\d+\.00"),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
