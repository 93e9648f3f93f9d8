"""The supervision platform of building sites: each site's state, hour by hour, with those who build it."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import moments, reports
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.points import degrees
from spark_jobs.city.world.texts import decimals, joined, numbers, taken

_SITES = 12
"""That many report, the estates which come first."""
_DUST_LIMIT = 150


def _states(city: City, slot: Slot) -> Batch:
    """Of one day."""
    estates, firms, people = city.estates, city.companies, city.persons
    site, seconds = reports(slot, _SITES)
    keys = keys_of(city.seed, site, slot.business_day * 86_400 + seconds)
    developer, builder = estates.developer[site], estates.builder[site]
    head = firms.representative[builder]
    cameras = 8 + site % 5
    dust = 40 + choices(keys, "dust", 130)
    columns = {
        "siteCode": joined(numbers(estates.county[site]), "GD", numbers(site + 1, 6)),
        "siteName": joined(taken(estates.name, site), "项目工地"),
        "permitNo": joined(numbers(estates.county[site]), "202503", numbers(site + 1, 6), "01"),
        "developer.name": taken(firms.name, developer),
        "developer.uscc": taken(firms.uscc, developer),
        "builder.name": taken(firms.name, builder),
        "builder.uscc": taken(firms.uscc, builder),
        "builder.headName": taken(people.name, head),
        "builder.headMobile": taken(people.mobile, head),
        "divisionCode": numbers(estates.county[site]),
        "lng": degrees(estates.longitude[site]),
        "lat": degrees(estates.latitude[site]),
        "status": numbers(1 + site % 4 // 3),
        "workersOnSite": numbers(choices(keys, "workers", 200)),
        "cameraTotal": numbers(cameras),
        "cameraOnline": numbers(cameras - choices(keys, "dark", 3)),
        "pm10": numbers(dust),
        "noise": decimals(45 + choices(keys, "noise", 300) / 10, 1),
        "craneAlarms": numbers(choices(keys, "cranes", 12) // 10),
        "sprayOn": numbers((dust > _DUST_LIMIT).astype(np.int64)),
        "reportTime": moments(slot, seconds),
    }
    mentions = [
        Mentioned("developer", "legal_entity", developer),
        Mentioned("builder", "legal_entity", builder),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=0.4,
    fewest=150,
    rows=each_file(_states),
    kinds=(
        *of_credit_code("builder.uscc"),
        *of_division("divisionCode"),
        *of_mobile("builder.headMobile"),
        missing("siteName"),
        Kind("swapped_coordinates", "lng", "warn", "point_lies_in_the_city", d.as_beside, beside="lat"),
        Kind("more_online_than_there_are", "cameraOnline", "reject", "online_within_total", d.constant("99")),
        Kind("dust_of_a_broken_sensor", "pm10", "reject", "dust_is_possible", d.constant("-1")),
        Kind("dust_without_spraying", "pm10", "warn", "spraying_where_dusty", d.constant("640"), r"[4-9]\d|1[0-4]\d"),
        Kind("workers_in_words", "workersOnSite", "reject", "integer_format", d.constant("停工")),
        Kind("status_of_old_platform", "status", "reject", "unknown_code", d.constant("在建")),
        Kind("crane_alarms_as_decimal", "craneAlarms", "reject", "integer_format", d.constant("1.0")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files: a day's states lie in the order of their times
)
