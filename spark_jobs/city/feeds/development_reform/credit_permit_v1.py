"""Administrative permits of each day by the template of 2015, which county systems still export."""

import numpy as np

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.codes import of_organisation_code
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division
from spark_jobs.city.double_publicity import mentions_of
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.world.decisions import decisions
from spark_jobs.city.world.texts import SECONDS_OF_DAY, dates, joined, moments, numbers, repeated, taken

_UNIT, _ORGANISATION, _OLD, _PERSON = "XK_XDR_SHXYM", "XK_XDR_ZDM", "XK_XDR_GSDJ", "XK_XDR_SFZ"
_FIRST_SERIAL = 500_000
"""Decisions by the newer template have lower numbers."""
_KINDS = ["普通", "特许", "认可", "核准", "登记", "其他"]
_ITEMS = ["食品经营许可", "道路运输经营许可", "公共场所卫生许可", "户外广告设置", "林木采伐许可"]


def _permits(city: City, slot: Slot) -> Batch:
    """Of one day."""
    rows, rng = slot.rows, slot.rng("rows")
    serial = _FIRST_SERIAL + np.arange(slot.first, slot.first + rows)
    found, people, firms = decisions(city, serial, "许"), city.persons, city.companies
    day = slot.business_day - rng.integers(0, 8, rows)
    item = taken(_ITEMS, rng.integers(0, len(_ITEMS), rows))
    county = np.where(
        found.is_natural, people.county[np.maximum(found.person, 0)], firms.county[np.maximum(found.company, 0)]
    )
    columns = {
        "XK_WSH": found.document_number,
        "XK_XMMC": item,
        "XK_SPLB": taken(_KINDS, rng.integers(0, len(_KINDS), rows)),
        "XK_NR": joined("准予", item),
        "XK_XDR": found.party_name(city),
        _UNIT: found.of_company(firms.uscc),
        _ORGANISATION: found.organisation_code(city),
        _OLD: found.of_company(firms.registration_number),
        "XK_XDR_SWDJ": repeated("", rows),
        _PERSON: found.of_person(people.resident_id),
        "XK_FR": found.of_representative(people.name),
        "XK_JDRQ": dates(day),
        "XK_JZQ": dates(day + 365 * rng.integers(1, 6, rows)),
        "XK_XZJG": found.authority_name,
        "XK_ZT": taken(["0", "1", "2", "3"], rng.choice(4, rows, p=[0.94, 0.03, 0.02, 0.01])),
        "DFBM": numbers(county),
        "SJC": moments(slot.business_day * SECONDS_OF_DAY + rng.integers(0, SECONDS_OF_DAY, rows)),
        "BZ": repeated("", rows),
    }
    return Batch(columns, mentions_of(found))


DATA = Generated(
    weight=0.15,
    fewest=150,
    rows=each_file(_permits),
    kinds=(
        *of_credit_code(_UNIT),
        *of_organisation_code(_ORGANISATION),
        *of_citizen_number(_PERSON, "cwo"),
        *of_division("DFBM"),
        missing("XK_WSH"),
        Kind("columns_of_v2", _ORGANISATION, "reject", "organisation_code_shape", d.constant("421202000012345")),
        Kind(
            "organisation_code_of_other",
            _ORGANISATION,
            "reject",
            "organisation_code_agrees_with_uscc",
            d.constant("D2143569X"),
            "MA.{7}",
        ),
        Kind("nobody_named", _PERSON, "reject", "party_is_identified", d.constant("")),
        Kind("state_in_words", "XK_ZT", "reject", "unknown_code", d.constant("正常")),
        Kind("decided_in_future", "XK_JDRQ", "reject", "decided_on_or_before_business_date", d.rewritten(d.later_year)),
        Kind("sent_late", "XK_JDRQ", "warn", "sent_in_time", d.constant("2025-03-06")),
        Kind("over_before_decided", "XK_JZQ", "reject", "valid_until_after_decided", d.constant("2016-01-31")),
        Kind("impossible_date", "XK_JDRQ", "reject", "date_format", d.constant("2026-02-30")),
        Kind("time_without_clock", "SJC", "reject", "timestamp_format", d.rewritten(lambda v: v[:10])),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    most_rows_of_file=100_000,  # the contract's bound on one delivery
)
