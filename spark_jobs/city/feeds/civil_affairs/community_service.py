"""Matters that communities take care of, a record each, in the order of their last change."""

import sys

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken

_NUMBER, _CLOSED, _CODE = "resident.idNumber", "closedAt", "community.code"
_CATEGORIES = ["mediation", "convenience", "sanitation", "repair", "visit", "safety", "other"]
_TITLES = ["邻里纠纷", "代办证件", "楼道堆物", "路灯损坏", "走访独居老人", "电动车飞线充电", "其他诉求"]
_OF_PERSONS = (0, 1, 4)
_DONE = 2


def _matters(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    people, rows, rng = city.persons, slot.rows, slot.rng("rows")
    who = rng.choice(city.adults, rows)
    village = people.village[who]
    handler = city.reachable[choices(keys_of(city.seed, village), "community worker", len(city.reachable))]
    what = rng.integers(0, len(_CATEGORIES), rows)
    state = rng.choice(5, rows, p=[0.08, 0.15, 0.68, 0.06, 0.03])
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(8 * 3600, 20 * 3600, rows))
    reported = updated - rng.integers(600, 200_000, rows)
    is_named = np.isin(what, _OF_PERSONS) | (rng.random(rows) < 0.3)
    columns = {
        "matterId": joined(
            "SQ", dates(reported // SECONDS_OF_DAY, compact=True), numbers(np.arange(slot.first, slot.first + rows), 8)
        ),
        _CODE: taken(villages().codes, village),
        "community.name": pc.replace_substring_regex(taken(villages().addresses, village), "^湖北省咸宁市", ""),
        "community.grid": numbers(1 + rng.integers(0, 20, rows), 3),
        "resident.name": blank_where(taken(people.name, who), ~is_named),
        _NUMBER: blank_where(taken(people.resident_id, who), ~is_named),
        "resident.mobile": blank_where(taken(people.mobile, who), ~is_named),
        "resident.address": blank_where(taken(people.address, who), ~is_named),
        "category": taken(_CATEGORIES, what),
        "title": taken(_TITLES, what),
        "photos": taken(["[]", '["p/1.jpg"]', '["p/1.jpg","p/2.jpg"]'], rng.integers(0, 3, rows)),
        "handler.name": taken(people.name, handler),
        "handler.mobile": taken(people.mobile, handler),
        "reportedAt": moments(reported),
        _CLOSED: blank_where(moments(updated), state != _DONE),
        "state": numbers(state),
        "rating": blank_where(numbers(rng.integers(1, 6, rows)), state != _DONE),
        "modifiedAt": moments(updated),
    }
    return Batch(columns, [Mentioned("resident", "person", np.where(is_named, who, NOBODY))])


DATA = Generated(
    weight=0.6,
    fewest=180,
    rows=each_file(_matters),
    kinds=(
        *of_citizen_number(_NUMBER, "ctp"),
        *of_division(_CODE)[:2],
        *of_mobile("resident.mobile"),
        missing("title"),
        Kind("community_of_other_city", _CODE, "reject", "matter_lies_in_city", d.constant("420106001001")),
        Kind("closed_before_report", _CLOSED, "reject", "closed_after_reported", d.rewritten(d.earlier_year)),
        Kind("closing_time_lost", _CLOSED, "reject", "closed_matters_have_time", d.constant("")),
        Kind("rating_of_ten", "rating", "reject", "rating_is_of_five", d.constant("10")),
        Kind("rating_in_words", "rating", "reject", "integer_format", d.constant("五星")),
        Kind("name_lost", "resident.name", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
        Kind("unknown_category", "category", "reject", "unknown_code", d.constant("party")),
        Kind("photos_as_text", "photos", "none", "", d.constant("p/1.jpg;p/2.jpg")),
        Kind("time_in_seconds", "reportedAt", "reject", "timestamp_format", d.constant("1793577600")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
