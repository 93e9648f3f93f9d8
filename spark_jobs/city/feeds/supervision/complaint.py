"""The supervision platform's table of complaints: many nameless, most without a number, by time of exchange."""

import sys

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division, of_mobile
from spark_jobs.city.exchange import exchange_columns, of_exchange, of_item_code
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.moments import changes_of_day
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import choices, happens, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.supervision import DEPARTMENTS, ITEMS, item_codes, item_departments
from spark_jobs.city.world.texts import Ints, Texts, blank_where, clock_times, dates, joined, numbers, taken

_SUBJECTS = 1 << 40
"""There is no end of complaints."""
_CHANNELS = ["01", "02", "03", "04", "05", "99"]
_MATTERS = [
    *("食品标签与实际不符，要求退一赔十", "预付卡店铺关门，余额不退", "夜间施工噪声扰民，请核查", "商家拒开发票"),
    *("电动车充电桩收费高于公示价格", "餐馆后厨卫生差", "网购商品质量问题，商家不处理", "油烟直排，影响居民生活"),
]
_ACCEPTED, _FINISHED = 1, 2


def _complaints(city: City, slot: Slot) -> Batch:
    """New complaints, and further states of older ones."""
    people, firms, rng = city.persons, city.companies, slot.rng("rows")
    which, is_new = subject_of_rows(slot, _SUBJECTS, rng)
    keys = keys_of(city.seed, which)
    who = people.residents[choices(keys, "complainant", len(people.residents))]
    firm = firms.with_uscc[choices(keys, "respondent", len(firms.with_uscc))]
    is_nameless = happens(keys, "anonymous", 0.25)
    has_mobile = pc.not_equal(people.mobile, "").to_numpy(zero_copy_only=False)[who]
    has_no_number = is_nameless | (has_mobile & happens(keys, "no number", 0.5))
    item = choices(keys, "item", ITEMS)
    codes = taken([code for code, _, _ in DEPARTMENTS], item_departments()[item])
    state = np.where(is_new, 0, 1 + choices(keys, "state", 2))
    complained = city.today - 20 - choices(keys, "complained", 60)
    columns = {
        "complaint_code": joined("TS2026", numbers(which, 10)),
        "complaint_type": numbers(1 + choices(keys, "type", 2)),
        "complaint_source": taken(_CHANNELS, choices(keys, "channel", len(_CHANNELS))),
        "complainant_name": blank_where(taken(people.name, who), is_nameless),
        "complainant_certno": blank_where(taken(people.resident_id, who), has_no_number),
        "complainant_phone": blank_where(taken(people.mobile, who), is_nameless),
        "is_anonymous": numbers(is_nameless.astype(np.int64)),
        "respondent_name": taken(firms.name, firm),
        "respondent_uscc": blank_where(taken(firms.uscc, firm), happens(keys, "no code", 0.15)),
        "area_number": numbers(firms.county[firm]),
        "supervise_item_code": taken(item_codes(), item),
        "content": taken(_MATTERS, choices(keys, "matter", len(_MATTERS))),
        "complained_time": _at(complained, 9),
        "accept_time": blank_where(_at(complained + 3, 15), state < _ACCEPTED),
        "handle_dept_code": codes,
        "handle_state": numbers(state + 1),
        "handle_result": blank_where(taken(["已调解", "已责令整改", "不属实"], which % 3), state < _FINISHED),
        "finish_time": blank_where(_at(complained + 15, 16), state < _FINISHED),
        "satisfaction": blank_where(numbers(1 + choices(keys, "satisfied", 5)), state < _FINISHED),
    }
    columns |= exchange_columns(slot, changes_of_day(slot), codes, is_new)
    mentions = [
        Mentioned("complainant", "person", np.where(is_nameless, NOBODY, who)),
        Mentioned("respondent", "legal_entity", firm),
    ]
    return Batch(columns, mentions)


def _at(days: Ints, hour: int) -> Texts:
    return joined(dates(days), " ", clock_times(np.full(len(days), hour * 3600)))


DATA = Generated(
    weight=0.8,
    fewest=180,
    rows=each_file(_complaints),
    kinds=(
        *of_item_code("supervise_item_code"),
        *of_exchange(),
        *of_citizen_number("complainant_certno", "cwo"),
        *of_credit_code("respondent_uscc"),
        *of_division("area_number"),
        *of_mobile("complainant_phone"),
        missing("content"),
        Kind("nameless_with_a_name", "is_anonymous", "reject", "anonymous_without_a_name", d.constant("1"), "0"),
        Kind("accepted_before", "accept_time", "reject", "accepted_after_complained", d.rewritten(d.earlier_year)),
        Kind("finished_before", "finish_time", "reject", "finished_after_accepted", d.rewritten(d.earlier_year)),
        Kind("finished_without_result", "handle_result", "warn", "finished_has_a_result", d.constant("")),
        Kind("accepted_late", "accept_time", "warn", "accepted_within_7_working_days", d.rewritten(d.ten_days_later)),
        Kind("time_without_clock", "complained_time", "reject", "timestamp_format", d.rewritten(lambda v: v[:10])),
        Kind("state_of_old_platform", "handle_state", "reject", "unknown_code", d.constant("结案")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # a table has no files: a day's rows lie in the order of their times
)
