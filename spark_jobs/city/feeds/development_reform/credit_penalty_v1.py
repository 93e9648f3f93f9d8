"""Administrative penalties of each day by the template of 2015, in which what was decided is one text."""

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

_UNIT, _ORGANISATION, _OLD, _PERSON = "CF_XDR_SHXYM", "CF_XDR_ZDM", "CF_XDR_GSDJ", "CF_XDR_SFZ"
_FIRST_SERIAL = 500_000
"""Decisions by the newer template have lower numbers."""
_CASES = ["占道经营", "未取得健康证从事餐饮服务", "擅自倾倒建筑垃圾", "未按规定明码标价", "违反消防安全规定"]
_KINDS = ["罚款", "警告", "没收违法所得、没收非法财物", "责令停产停业"]


def _penalties(city: City, slot: Slot) -> Batch:
    """Of one day."""
    rows, rng = slot.rows, slot.rng("rows")
    serial = _FIRST_SERIAL + np.arange(slot.first, slot.first + rows)
    found, people, firms = decisions(city, serial, "罚"), city.persons, city.companies
    day = slot.business_day - rng.integers(0, 8, rows)
    case = taken(_CASES, rng.integers(0, len(_CASES), rows))
    county = np.where(
        found.is_natural, people.county[np.maximum(found.person, 0)], firms.county[np.maximum(found.company, 0)]
    )
    columns = {
        "CF_WSH": found.document_number,
        "CF_CFMC": joined(case, "案"),
        "CF_CFLB1": taken(_KINDS, rng.integers(0, len(_KINDS), rows)),
        "CF_CFLB2": repeated("", rows),
        "CF_SY": joined("当事人", case),
        "CF_YJ": repeated("《中华人民共和国行政处罚法》第二十八条", rows),
        "CF_XDR_MC": found.party_name(city),
        _UNIT: found.of_company(firms.uscc),
        _ORGANISATION: found.organisation_code(city),
        _OLD: found.of_company(firms.registration_number),
        "CF_XDR_SWDJ": repeated("", rows),
        _PERSON: found.of_person(people.resident_id),
        "CF_FR": found.of_representative(people.name),
        "CF_JG": joined("罚款人民币", numbers(rng.integers(1, 200, rows) * 100), "元"),
        "CF_JDRQ": dates(day),
        "CF_XZJG": found.authority_name,
        "CF_ZT": taken(["0", "1", "2", "3"], rng.choice(4, rows, p=[0.94, 0.03, 0.02, 0.01])),
        "DFBM": numbers(county),
        "SJC": moments(slot.business_day * SECONDS_OF_DAY + rng.integers(0, SECONDS_OF_DAY, rows)),
        "BZ": repeated("", rows),
    }
    return Batch(columns, mentions_of(found))


DATA = Generated(
    weight=0.1,
    fewest=150,
    rows=each_file(_penalties),
    kinds=(
        *of_credit_code(_UNIT),
        *of_organisation_code(_ORGANISATION)[:2],
        *of_citizen_number(_PERSON, "cxp"),
        *of_division("DFBM")[:2],
        missing("CF_JG"),
        Kind("columns_of_v2", _ORGANISATION, "reject", "organisation_code_shape", d.constant("421202000012345")),
        Kind("nobody_named", _PERSON, "reject", "party_is_identified", d.constant("")),
        Kind("unknown_state", "CF_ZT", "reject", "unknown_code", d.constant("9")),
        Kind("old_number_of_14_digits", _OLD, "reject", "registration_number_shape", d.rewritten(lambda v: v[:-1])),
        Kind("decided_in_future", "CF_JDRQ", "reject", "decided_on_or_before_business_date", d.rewritten(d.later_year)),
        Kind("sent_late", "CF_JDRQ", "warn", "sent_in_time", d.constant("2025-03-06")),
        Kind("date_with_dots", "CF_JDRQ", "reject", "date_format", d.rewritten(lambda v: v.replace("-", "."))),
        Kind("name_lost_in_gbk", "CF_FR", "warn", "person_name_damaged", d.rewritten(d.last_unreadable)),
    ),
    bad_files=(BadFile("truncated_workbook", "compression_damaged", files.first_part(1, 2), "_half"),),
    most_rows_of_file=100_000,  # the contract's bound on one delivery
)
