"""Orders of the call centre for the elderly, a record each, in the order of their last change."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.elderly import elders, provider_of
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.texts import SECONDS_OF_DAY, amounts, blank_where, dates, joined, moments, numbers, taken

_NUMBER, _BEGAN, _ENDED, _FEE = "elder.idNumber", "startedAt", "finishedAt", "fee.total"
_SERVICES = ["meal", "bath", "clean", "medical", "walk", "rescue", "care"]
_UNDER_WAY, _DONE = 2, 3


def _orders(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    people, rows, old, rng = city.persons, slot.rows, elders(city), slot.rng("rows")
    place = rng.integers(0, len(old), rows)
    who = old[place]
    provider = provider_of(city, who)
    worker = city.reachable[choices(keys_of(city.seed, provider), "worker", len(city.reachable))]
    state = rng.choice(5, rows, p=[0.05, 0.07, 0.08, 0.75, 0.05])
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(9 * 3600, 20 * 3600, rows))
    ordered = updated - rng.integers(3600, 7200, rows)
    began, subsidy = ordered + rng.integers(300, 1800, rows), rng.integers(0, 20, rows) * 250
    own = rng.integers(0, 20, rows) * 150
    has_begun, is_done = (state == _UNDER_WAY) | (state == _DONE), state == _DONE
    columns = {
        "orderId": joined(
            "GD", dates(ordered // SECONDS_OF_DAY, compact=True), numbers(np.arange(slot.first, slot.first + rows), 8)
        ),
        "elder.id": joined("YL", numbers(people.county[who]), numbers(place, 7)),
        "elder.name": taken(people.name, who),
        _NUMBER: taken(people.resident_id, who),
        "elder.mobile": taken(people.mobile, who),
        "source": numbers(rng.integers(1, 5, rows)),
        "service.type": taken(_SERVICES, rng.integers(0, len(_SERVICES), rows)),
        "service.divisionCode": taken(villages().codes, people.village[who]),
        "provider.name": taken(city.companies.name, provider),
        "provider.uscc": taken(city.companies.uscc, provider),
        "worker.name": taken(people.name, worker),
        "worker.mobile": taken(people.mobile, worker),
        "orderedAt": moments(ordered),
        _BEGAN: blank_where(moments(began), ~has_begun),
        _ENDED: blank_where(moments(began + rng.integers(300, 1500, rows)), ~is_done),
        _FEE: amounts(subsidy + own),
        "fee.subsidy": amounts(subsidy),
        "fee.selfPaid": amounts(own),
        "satisfaction": blank_where(numbers(rng.integers(1, 6, rows)), ~is_done),
        "state": numbers(state + 1),
        "updatedAt": moments(updated),
    }
    mentions = [
        Mentioned("elder", "person", who),
        Mentioned("provider", "legal_entity", provider),
        Mentioned("worker", "person", worker),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=0.5,
    fewest=180,
    rows=each_file(_orders),
    kinds=(
        *of_citizen_number(_NUMBER, "cto"),
        *of_credit_code("provider.uscc"),
        *of_division("service.divisionCode")[:2],
        *of_mobile("worker.mobile"),
        missing("elder.id"),
        Kind("ended_before_begin", _ENDED, "reject", "finished_after_started", d.rewritten(d.earlier_year)),
        Kind("began_before_order", _BEGAN, "reject", "started_after_ordered", d.rewritten(d.earlier_year)),
        Kind("fee_does_not_add_up", _FEE, "reject", "fee_adds_up", d.rewritten(d.one_more)),
        Kind("fee_as_text", _FEE, "normalise", "amount_text", d.rewritten(d.with_thousands)),
        Kind("done_without_end", _ENDED, "reject", "finished_orders_have_times", d.constant("")),
        Kind("unknown_service", "service.type", "reject", "unknown_code", d.constant("助急")),
        Kind("degree_out_of_scale", "satisfaction", "reject", "unknown_code", d.constant("0")),
        Kind("time_without_seconds", "orderedAt", "reject", "timestamp_format", d.rewritten(lambda v: v[:16])),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
