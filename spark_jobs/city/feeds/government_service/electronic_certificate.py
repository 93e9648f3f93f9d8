"""Electronic certificates that departments issued or changed on each day, a JSON object a line, with a manifest."""

from typing import NamedTuple

import numpy as np

from spark_jobs.city.batch import NOBODY, Batch, Mentioned
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.codes import of_certificate_id
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_citizen_number, of_credit_code, of_division
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.registers import subject_of_rows
from spark_jobs.city.slots import Slot
from spark_jobs.city.world import departments as of
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.certificates import certificate_ids
from spark_jobs.city.world.chance import choices, happens, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.departments import Department
from spark_jobs.city.world.texts import SECONDS_OF_DAY, blank_where, dates, joined, moments, numbers, repeated, taken

_ID, _PERSON, _FIRM, _UNTIL, _BEFORE = (
    "certificateID",
    "holderIdentityNumber",
    "holderUSCC",
    "expiringDate",
    "associatedCertificateID",
)
_ENDLESS = 10**9
"""Certificates that there may ever be."""


class _Type(NamedTuple):
    name: str
    code: str
    """Social credit code of the ministry that defines it, and three digits."""
    authority: Department
    is_personal: bool
    years: int
    """For which it is valid; 0 for ever."""


_TYPES = [
    _Type("居住证", "11100000MFXN030129001", of.PUBLIC_SECURITY, True, 1),
    _Type("机动车驾驶证", "11100000MFXN030129002", of.PUBLIC_SECURITY, True, 6),
    _Type("教师资格证", "11100000MFXN030204001", of.EDUCATION, True, 0),
    _Type("社会保障卡", "11100000MFXN030391001", of.HUMAN_RESOURCES, True, 10),
    _Type("医师执业证书", "11100000MFXN03047U001", of.HEALTH, True, 0),
    _Type("营业执照", "11100000MFXN03055N001", of.MARKET_REGULATION, False, 0),
    _Type("食品经营许可证", "11100000MFXN03055N002", of.MARKET_REGULATION, False, 5),
    _Type("建筑业企业资质证书", "11100000000013338W011", of.HOUSING, False, 5),
    _Type("道路运输经营许可证", "11100000MFXN03063H001", of.TRANSPORT, False, 4),
    _Type("排污许可证", "11100000MFXN03071C001", of.ECOLOGY, False, 5),
    _Type("危险化学品经营许可证", "11100000MB03271699022", of.EMERGENCY, False, 3),
]
_STATES = ["01", "02", "03", "04", "05", "07"]
_SECOND_VERSIONS = 0.1
_SERIALS_OF_CASES = 9_000_000


def _certificates(city: City, slot: Slot) -> Batch:
    """Of one day."""
    people, firms, rows, rng = city.persons, city.companies, slot.rows, slot.rng("rows")
    which, is_new = subject_of_rows(slot, _ENDLESS, rng)
    keys = keys_of(city.seed, which)
    what = choices(keys, "certificate type", len(_TYPES))
    is_personal = np.array([each.is_personal for each in _TYPES])[what]
    person = city.adults[choices(keys, "holder", len(city.adults))]
    firm = firms.with_uscc[choices(keys, "holding firm", len(firms.with_uscc))]
    issued = city.today - choices(keys, "issued", 300)
    years = np.array([each.years for each in _TYPES])[what]
    is_second = happens(keys, "second version", _SECOND_VERSIONS)
    types, issuers = taken([each.code for each in _TYPES], what), taken([each.authority.uscc for each in _TYPES], what)
    serials = joined("2026", numbers(which, 7))
    first = certificate_ids(types, issuers, serials, taken(["001"], np.zeros(rows, np.int64)))
    own = certificate_ids(types, issuers, serials, taken(["001", "002"], is_second.astype(np.int8)))
    state = np.where(is_new, 0, rng.choice(len(_STATES), rows, p=[0.5, 0.05, 0.05, 0.25, 0.1, 0.05]))
    county = np.where(is_personal, people.county[person], firms.county[firm])
    columns = {
        _ID: own,
        "certificateTypeName": taken([each.name for each in _TYPES], what),
        "certificateNumber": joined("鄂", numbers(what, 2), "-", numbers(which, 8)),
        "issueAuthority": taken([each.authority.name for each in _TYPES], what),
        "issueAuthorityCode": issuers,
        "holderCategory": taken(["2", "1"], is_personal.astype(np.int8)),
        "holderName": joined(
            blank_where(taken(people.name, person), ~is_personal), blank_where(taken(firms.name, firm), is_personal)
        ),
        _PERSON: blank_where(taken(people.resident_id, person), ~is_personal),
        _FIRM: blank_where(taken(firms.uscc, firm), is_personal),
        "issueDate": dates(issued),
        "effectiveDate": dates(issued),
        _UNTIL: joined(
            blank_where(dates(issued + 365 * years), years == 0), taken(["", "长期"], (years == 0).astype(np.int8))
        ),
        "certificateStatus": taken(_STATES, state),
        _BEFORE: blank_where(first, ~is_second),
        "divisionCode": numbers(county),
        "updateTime": moments(slot.business_day * SECONDS_OF_DAY + np.sort(rng.integers(0, SECONDS_OF_DAY, rows))),
    }
    mentions = [
        Mentioned("holder", "person", np.where(is_personal, person, NOBODY)),
        Mentioned("holder", "legal_entity", np.where(is_personal, NOBODY, firm)),
    ]
    return Batch(columns, mentions)


def _of_the_dead(city: City, slot: Slot) -> Batch:
    """Social security cards that nobody has withdrawn."""
    people, who = city.persons, planted(city).dead_holders
    rows = len(who)
    card = next(place for place, each in enumerate(_TYPES) if each.name == "社会保障卡")
    kind = _TYPES[card]
    issued = np.full(rows, city.today - 400)
    types, issuers = repeated(kind.code, rows), repeated(kind.authority.uscc, rows)
    serials = joined("2026", numbers(_SERIALS_OF_CASES + np.arange(rows), 7))
    nothing = repeated("", rows)
    columns = {
        _ID: certificate_ids(types, issuers, serials, repeated("001", rows)),
        "certificateTypeName": repeated(kind.name, rows),
        "certificateNumber": joined(f"鄂{card:02d}-", numbers(_SERIALS_OF_CASES + np.arange(rows), 8)),
        "issueAuthority": repeated(kind.authority.name, rows),
        "issueAuthorityCode": issuers,
        "holderCategory": repeated("1", rows),
        "holderName": taken(people.name, who),
        _PERSON: taken(people.resident_id, who),
        _FIRM: nothing,
        "issueDate": dates(issued),
        "effectiveDate": dates(issued),
        _UNTIL: dates(issued + 365 * kind.years),
        "certificateStatus": repeated("01", rows),
        _BEFORE: nothing,
        "divisionCode": numbers(people.county[who]),
        "updateTime": moments(np.full(rows, slot.business_day * SECONDS_OF_DAY + 20 * 3600)),
    }
    mentions = [
        Mentioned("holder", "person", who),
        Mentioned("holder", "legal_entity", np.full(rows, NOBODY)),
    ]
    return Batch(columns, mentions)


DATA = Generated(
    weight=1.0,
    fewest=240,
    rows=each_file(_certificates),
    cases=_of_the_dead,
    kinds=(
        *of_certificate_id(_ID),
        *of_citizen_number(_PERSON, "cto"),
        *of_credit_code(_FIRM),
        *of_division("divisionCode"),
        missing("holderName"),
        Kind("holder_without_number", _PERSON, "reject", "holder_is_identified", d.constant(""), r".{18}"),
        Kind(
            "issuer_of_other_code",
            "issueAuthorityCode",
            "reject",
            "issuer_agrees_with_authority",
            d.constant(of.CIVIL_AFFAIRS.uscc),
        ),
        Kind("version_before_left_out", _BEFORE, "reject", "new_version_names_the_last", d.constant(""), r"1\..+"),
        Kind(
            "version_before_itself", _BEFORE, "reject", "version_before_is_another", d.as_beside, r"1\..+", beside=_ID
        ),
        Kind("ends_before_it_begins", _UNTIL, "reject", "valid_from_before_until", d.constant("2016-01-31"), r"\d.+"),
        Kind("for_ever_as_date", _UNTIL, "none", "", d.constant("9999-12-31"), "长期"),
        Kind("valid_after_its_end", _UNTIL, "warn", "expired_is_not_valid", d.constant("2026-11-01"), "长期"),
        Kind("impossible_date", "issueDate", "reject", "date_format", d.constant("2026-02-30")),
        Kind("issued_in_future", "issueDate", "reject", "issued_on_or_before_business_date", d.rewritten(d.later_year)),
        Kind("state_in_words", "certificateStatus", "reject", "unknown_code", d.constant("有效")),
    ),
    bad_files=(
        BadFile("changed_after_manifest", "manifest_mismatch", files.header_only, "_changed", denied_by_manifest=True),
    ),
)
