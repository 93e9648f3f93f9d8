"""Incidents that the emergency bureau was told of, with further reports of each, as one JSON document a day."""

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, happens, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.monitored import hazards
from spark_jobs.city.world.places import county_names
from spark_jobs.city.world.points import degrees, near_county
from spark_jobs.city.world.texts import Texts, amounts, blank_where, clock_times, dates, joined, numbers, taken

_KINDS = [
    ("11", "危险化学品泄漏"),
    ("12", "冶金企业灼烫事故"),
    ("13", "采石场物体打击"),
    ("14", "工地高处坠落"),
    ("15", "道路交通事故"),
    ("21", "城区内涝"),
    ("22", "山体滑坡"),
    ("23", "森林火情"),
    ("31", "居民楼火灾"),
]
_OF_FIRMS = 4
"""So many of the kinds happen at a firm."""
_SUBJECTS = 1 << 40
"""There is no end of incidents."""


def _incidents(city: City, slot: Slot) -> Batch:
    """First reports, and second ones of incidents before."""
    firms, rng = city.companies, slot.rng("rows")
    which, is_new = subject_of_rows(slot, _SUBJECTS, rng)
    keys = keys_of(city.seed, which)
    kind = choices(keys, "kind of incident", len(_KINDS))
    risky = hazards(firms, city.seed)
    firm = risky[choices(keys, "where", len(risky))]
    is_at_firm = kind < _OF_FIRMS
    villages = np.array(sorted(county_names()))
    county = np.where(is_at_firm, firms.county[firm], villages[choices(keys, "county", len(villages))])
    longitude, latitude = near_county(county, keys)
    dead = np.where(happens(keys, "somebody died", 0.05), 1 + choices(keys, "dead", 5), 0)
    day = city.today - 30 - choices(keys, "day", 60)
    start = 3600 * (1 + choices(keys, "hour", 20))
    place = taken([county_names()[int(code)] for code in villages], np.searchsorted(villages, county))
    columns = {
        "eventId": joined("SJ2026", numbers(which, 10)),
        "reportNo": numbers(np.where(is_new, 1, 2)),
        "eventType": taken([code for code, _ in _KINDS], kind),
        "eventLevel": taken(["4", "3"], (dead >= 3).astype(np.int8)),
        "title": joined(place, taken([name for _, name in _KINDS], kind)),
        "occurTime": _at(day, start),
        "reportTime": _at(day, start + np.where(is_new, 60 * (5 + choices(keys, "delay", 50)), 3 * 3600)),
        "divisionCode": numbers(county),
        "address": joined("湖北省咸宁市", place, "某地"),
        "lng": degrees(longitude),
        "lat": degrees(latitude),
        "enterpriseName": blank_where(taken(firms.name, firm), ~is_at_firm),
        "enterpriseCode": blank_where(taken(firms.uscc, firm), ~is_at_firm),
        "deadCount": numbers(dead),
        "missingCount": numbers(np.zeros(slot.rows, np.int64)),
        "injuredCount": numbers(choices(keys, "injured", 4)),
        "economicLoss": amounts(choices(keys, "loss", 500_000)),
        "reporter": joined(place, "应急管理局"),
        "status": taken(["1", "2", "3"], np.where(is_new, 0, 1 + choices(keys, "status", 2))),
    }
    return Batch(columns, [Mentioned("site", "legal_entity", np.where(is_at_firm, firm, NOBODY))])


def _at(days: np.ndarray[tuple[int], np.dtype[np.int64]], seconds: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Texts:
    return joined(dates(days), " ", clock_times(seconds))


DATA = Generated(
    weight=0.15,
    fewest=120,
    rows=each_file(_incidents),
    kinds=(
        *of_credit_code("enterpriseCode"),
        *of_division("divisionCode"),
        missing("title"),
        Kind("reported_before", "reportTime", "reject", "reported_after_it_happened", d.rewritten(d.earlier_year)),
        Kind("swapped_coordinates", "lng", "warn", "point_lies_in_the_city", d.as_beside, beside="lat"),
        Kind("degrees_and_minutes", "lat", "reject", "degrees_format", d.constant("29°50′24″")),
        Kind("negative_dead", "deadCount", "reject", "numbers_are_not_negative", d.constant("-1")),
        Kind("many_dead_and_ordinary", "deadCount", "warn", "level_agrees_with_the_dead", d.constant("31")),
        Kind("dead_in_words", "deadCount", "reject", "integer_format", d.constant("暂无")),
        Kind("accident_of_no_firm", "eventType", "warn", "accident_names_a_firm", d.constant("11"), "[23]."),
        Kind("time_in_iso_form", "occurTime", "none", "", d.rewritten(lambda v: v.replace(" ", "T"))),
        Kind("loss_with_unit", "economicLoss", "normalise", "amount_text", d.constant("1,200万元")),
        Kind("type_in_words", "eventType", "reject", "unknown_code", d.constant("火灾")),
    ),
    bad_files=(BadFile("cut_document", "json_malformed", files.first_part(2, 3), "_cut"),),
)
