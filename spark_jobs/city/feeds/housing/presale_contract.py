"""The online signing system's table of presale contracts: couples and single buyers, by time of change."""

import sys
from dataclasses import replace

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_mobile, of_unit_number
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import changes_of_day
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import amounts, blank_where, clock_times, dates, joined, numbers, repeated, taken

_FILED = 1
_EVENING = 20 * 3600


def _contracts(city: City, slot: Slot) -> Batch:
    """Changes of one day; a dwelling is sold once as long as there are dwellings."""
    people, firms, estates = city.persons, city.companies, city.estates
    rows, rng = slot.rows, slot.rng("rows")
    position = np.arange(slot.first, slot.first + rows)
    dwelling = position * 104_729 % estates.dwellings  # a prime: sales are spread over all estates
    estate = estates.estate_of(dwelling)
    couple = people.couples[rng.integers(0, len(people.couples), rows)]
    is_shared = rng.random(rows) < 0.5
    adults = people.residents[people.birth[people.residents] < city.today - 20 * 366]
    buyer = np.where(is_shared, couple[:, 0], rng.choice(adults, rows))
    status = rng.choice(3, rows, p=[0.3, 0.6, 0.1])
    signed = slot.business_day - rng.integers(3, 40, rows)
    area = estates.areas(dwelling, city.seed)
    price = rng.integers(42, 115, rows) * 10_000  # cents a square metre
    columns = {
        "htbh": joined("YS", dates(signed, compact=True), numbers(position, 8)),
        "ysxkzh": joined("咸房预售字（2025）第", numbers(1 + estate, 3), "号"),
        "kfqymc": taken(firms.name, estates.developer[estate]),
        "kfqydm": taken(firms.uscc, estates.developer[estate]),
        "xmmc": taken(estates.name, estate),
        "xzqhdm": numbers(estates.county[estate]),
        "zh": estates.buildings(dwelling),
        "fh": estates.rooms(dwelling),
        "bdcdyh": estates.unit_numbers(dwelling),
        "jzmj": amounts(area),
        "tnmj": amounts(area * 82 // 100),
        "dj": amounts(price),
        "zj": amounts(area * price // 100),
        "fkfs": numbers(rng.integers(1, 6, rows)),
        "msrxm": taken(people.name, buyer),
        "msrzjhm": taken(people.resident_id, buyer),
        "msrdh": taken(people.mobile, buyer),
        "gyrxm": blank_where(taken(people.name, couple[:, 1]), ~is_shared),
        "gyrzjhm": blank_where(taken(people.resident_id, couple[:, 1]), ~is_shared),
        "gyfs": numbers(np.where(is_shared, 1, 0)),
        "qdrq": dates(signed),
        "barq": blank_where(dates(signed + 2), status < _FILED),
        "htzt": numbers(status + 1),
        "gxsj": changes_of_day(slot),
    }
    mentions = [
        Mentioned("buyer", "person", buyer),
        Mentioned("co_buyer", "person", np.where(is_shared, couple[:, 1], NOBODY)),
        Mentioned("developer", "legal_entity", estates.developer[estate]),
    ]
    return Batch(columns, mentions)


def _cases(city: City, slot: Slot) -> Batch:
    """Single buyers who apply for affordable housing or are on the poverty register."""
    people, who = city.persons, planted(city).buyers
    rows = len(who)
    batch = _contracts(city, replace(slot, rows=rows))
    nothing = repeated("", rows)
    columns = {
        "msrxm": taken(people.name, who),
        "msrzjhm": taken(people.resident_id, who),
        "msrdh": taken(people.mobile, who),
        "gyrxm": nothing,
        "gyrzjhm": nothing,
        "gyfs": repeated("0", rows),
        "barq": batch.columns["qdrq"],
        "htzt": repeated("2", rows),
        "gxsj": joined(repeated(f"{slot.business_date.isoformat()} ", rows), clock_times(_EVENING + np.arange(rows))),
    }
    nobody = Mentioned("co_buyer", "person", np.full(rows, NOBODY))
    return batch.with_columns([Mentioned("buyer", "person", who), nobody], **columns)


DATA = Generated(
    weight=0.8,
    fewest=150,
    rows=each_file(_contracts),
    cases=_cases,
    kinds=(
        *of_citizen_number("msrzjhm", "ctxwo"),
        *of_credit_code("kfqydm"),
        *of_mobile("msrdh"),
        *of_unit_number("bdcdyh"),
        missing("qdrq"),
        Kind("price_of_another_area", "zj", "reject", "price_is_area_by_unit_price", d.rewritten(d.one_more)),
        Kind("price_in_ten_thousands", "zj", "reject", "amount_format", d.constant("68.5万")),
        Kind("inner_area_too_large", "tnmj", "reject", "inner_area_within_floor_area", d.constant("999.00")),
        Kind("shared_without_second_buyer", "gyfs", "warn", "co_buyer_where_shared", d.constant("1"), "0"),
        Kind("filed_before_signed", "barq", "reject", "filed_after_signed", d.rewritten(d.earlier_year)),
        Kind("signed_in_future", "qdrq", "reject", "signed_on_or_before_business_date", d.constant("2036-01-15")),
        Kind("paid_in_words", "fkfs", "reject", "unknown_code", d.constant("按揭")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's changes lie in the order of their times
)
