"""Applications of enterprises for credit, one record each, in the order of their last change."""

import sys

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.kinds import Kind, missing, of_credit_code, of_division, of_mobile
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import SECONDS_OF_DAY, amounts, blank_where, dates, joined, moments, numbers, taken

_CODE, _APPLIED, _GRANTED, _GRANT_TIME = "enterprise.uscc", "applyAmount", "grantAmount", "grantTime"
_BANKS = [
    "湖北银行咸宁分行",
    "咸宁农村商业银行",
    "中国建设银行咸宁分行",
    "中国农业银行咸宁分行",
    "中国邮政储蓄银行咸宁分行",
]
_PRODUCTS = ["楚天贷款码", "纳税信用贷", "科技创新贷", "砖茶产业贷", "创业担保贷款"]
_STATES = ["01", "02", "03", "04", "05", "06", "07"]
_WITH_GRANT = (2, 3, 5)


def _applications(city: City, slot: Slot) -> Batch:
    """Those that changed on one day."""
    people, firms, rows, rng = city.persons, city.companies, slot.rows, slot.rng("rows")
    firm = rng.choice(firms.with_uscc, rows)
    contact = firms.representative[firm]
    state = rng.choice(len(_STATES), rows, p=[0.15, 0.15, 0.15, 0.35, 0.1, 0.05, 0.05])
    has_grant = np.isin(state, _WITH_GRANT)
    updated = slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(8 * 3600, 18 * 3600, rows))
    applied = updated - rng.integers(3_600, 40 * SECONDS_OF_DAY, rows)
    asked = rng.integers(10, 1_000, rows)
    serial = np.arange(slot.first, slot.first + rows)
    columns = {
        "applyNo": joined("RZ", dates(applied // SECONDS_OF_DAY, compact=True), numbers(serial, 7)),
        _CODE: taken(firms.uscc, firm),
        "enterprise.name": taken(firms.name, firm),
        "enterprise.division": numbers(firms.county[firm]),
        "enterprise.industry": taken(firms.industry, firm),
        "contact.name": taken(people.name, contact),
        "contact.mobile": taken(people.mobile, contact),
        "bank.name": taken(_BANKS, rng.integers(0, len(_BANKS), rows)),
        "product": taken(_PRODUCTS, rng.integers(0, len(_PRODUCTS), rows)),
        "guarantee": taken(["1", "2", "3", "4", "9"], rng.integers(0, 5, rows)),
        _APPLIED: numbers(asked),
        _GRANTED: blank_where(numbers(asked * rng.integers(40, 101, rows) // 100), ~has_grant),
        "rate": amounts(rng.integers(300, 700, rows)),
        "termMonths": taken(["6", "12", "24", "36"], rng.integers(0, 4, rows)),
        "state": taken(_STATES, state),
        "applyTime": moments(applied),
        _GRANT_TIME: blank_where(moments(applied + (updated - applied) // 2), ~has_grant),
        "updateTime": moments(updated),
    }
    mentions = [Mentioned("borrower", "legal_entity", firm), Mentioned("contact", "person", contact)]
    return Batch(columns, mentions)


DATA = Generated(
    weight=0.5,
    fewest=130,
    rows=each_file(_applications),
    kinds=(
        *of_credit_code(_CODE),
        *of_division("enterprise.division"),
        *of_mobile("contact.mobile"),
        missing("enterprise.name"),
        Kind("amount_in_yuan", _APPLIED, "reject", "amount_is_plausible", d.constant("5000000")),
        Kind("amount_as_text", _APPLIED, "normalise", "amount_text", d.rewritten(lambda v: f"{v}万元")),
        Kind("grant_in_yuan", _GRANTED, "warn", "granted_within_applied", d.constant("99999")),
        Kind("grant_lost", _GRANTED, "reject", "granted_has_amount_and_time", d.constant("")),
        Kind("granted_before_application", _GRANT_TIME, "reject", "granted_after_applied", d.rewritten(d.earlier_year)),
        Kind("rate_in_thousandths", "rate", "warn", "rate_is_lawful", d.constant("43.50")),
        Kind("rate_with_sign", "rate", "reject", "decimal_format", d.rewritten(lambda v: f"{v}%")),
        Kind("term_in_words", "termMonths", "reject", "integer_format", d.constant("一年")),
        Kind("unknown_industry", "enterprise.industry", "reject", "unknown_code", d.constant("批发零售")),
        Kind("unknown_state", "state", "reject", "unknown_code", d.constant("99")),
    ),
    repeats=False,
    most_rows_of_file=sys.maxsize,  # an interface has no files
)
