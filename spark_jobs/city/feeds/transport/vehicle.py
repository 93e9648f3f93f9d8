"""The transport bureau's table of vehicles: each is registered once, and some of them change."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division, of_mobile
from spark_jobs.city.damage.kinds_of_vehicles import of_plate, of_vin
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, taken
from spark_jobs.city.world.vehicles import HAZARDOUS, MUCK, TAXI, vehicles

_NUMBER, _UNTIL, _TERMINAL = "driver_resident_id", "certificate_until", "terminal_phone"
_OPERATIONS = ["010", "012", "020", "030", "040", "050", "060"]
_SEATS, _LOADS = np.array([45, 37, 5, 33, 3, 2, 2]), np.array([0, 0, 0, 0, 9_800, 15_000, 15_500])


def _vehicles(city: City, slot: Slot) -> Batch:
    """Those that changed on one day, oldest change first."""
    fleet, people, firms = vehicles(city), city.persons, city.companies
    rows, rng = slot.rows, slot.rng("rows")
    which, is_new = subject_of_rows(slot, len(fleet), rng)
    kind, runner, driver = fleet.kind[which], fleet.runner[which], fleet.driver[which]
    updated = slot.business_day * SECONDS_OF_DAY + 8 * 3600 + np.arange(rows) * (10 * 3600) // max(rows, 1)
    state = np.where(is_new, 0, rng.choice(5, rows, p=[0.7, 0.12, 0.06, 0.06, 0.06]))
    is_watched = (kind <= TAXI) | (kind == HAZARDOUS) | (kind == MUCK)
    columns = {
        "plate_number": taken(fleet.plate, which),
        "plate_color": numbers(fleet.colour[which]),
        "vin": taken(fleet.vin, which),
        "operation_type": taken(_OPERATIONS, kind),
        "certificate_number": joined("鄂交运管咸字", numbers(firms.county[runner]), numbers(which, 6), "号"),
        _UNTIL: dates(slot.business_day + 200 + which % 900),
        "owner_name": taken(firms.name, runner),
        "owner_uscc": taken(firms.uscc, runner),
        "driver_name": taken(people.name, driver),
        _NUMBER: taken(people.resident_id, driver),
        "driver_mobile": taken(people.mobile, driver),
        "seats": numbers(_SEATS[kind]),
        "load_kg": numbers(_LOADS[kind]),
        _TERMINAL: blank_where(taken(fleet.terminal, which), ~is_watched),
        "registered_date": dates(fleet.registered[which]),
        "division_code": numbers(firms.county[runner]),
        "state_code": taken(["10", "21", "31", "33", "80"], state),
        "updated_at": moments(updated),
    }
    mentions = [Mentioned("operator", "legal_entity", runner), Mentioned("driver", "person", driver)]
    return Batch(columns, mentions)


DATA = Generated(
    weight=1,
    fewest=180,
    rows=each_file(_vehicles),
    kinds=(
        *of_plate("plate_number"),
        *of_vin("vin"),
        *of_citizen_number(_NUMBER, "ctnwpo"),
        *of_credit_code("owner_uscc")[2:],
        *of_division("division_code"),
        *of_mobile("driver_mobile"),
        missing("owner_name"),
        Kind("colour_of_other_plate", "plate_color", "reject", "green_plate_has_six_signs", d.constant("5"), r"[12]"),
        Kind("colour_in_words", "plate_color", "reject", "unknown_code", d.constant("黄牌")),
        Kind("certificate_out_of_date", _UNTIL, "reject", "certificate_after_registration", d.constant("2001-01-01")),
        Kind("seats_with_unit", "seats", "reject", "integer_format", d.constant("45座")),
        Kind("registered_on_no_day", "registered_date", "reject", "date_format", d.constant("2019-00-00")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files
)
