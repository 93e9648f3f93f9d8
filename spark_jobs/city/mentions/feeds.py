"""The 338 sources and their habits: what each knows of a person or a firm, and how carefully it writes it down."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from spark_jobs.city.world.chance import Floats, Keys, chances, weighted

FEEDS = 338

REGISTER, COUNTER, SCANNED, LEGACY, HOTLINE, LIST = range(6)
"""Kinds of source: a register that is kept with care; a counter where clerks type; scanned forms; a system from before
2000; one that is asked by telephone; lists on paper from villages and associations."""


@dataclass(frozen=True)
class Habits:
    """Shares of records, one number a kind of source in the order of the constants above."""

    records: tuple[float, ...]
    number: tuple[float, ...]
    """Has the resident id, or the social credit code."""
    number_damaged: tuple[float, ...]
    """Of those with a number, that are not what is printed on the card."""
    date: tuple[float, ...]
    """Has the birth date, or the date of foundation."""
    date_damaged: tuple[float, ...]
    sex: tuple[float, ...]
    phone: tuple[float, ...]
    phone_damaged: tuple[float, ...]
    address: tuple[float, ...]
    name_damaged: tuple[float, ...]
    address_whole: tuple[float, ...]
    """Of the addresses, that begin with the province and leave nothing out."""
    strangers: tuple[int, ...]
    """Positions of feeds that never mention such an entity."""


PERSON_HABITS = Habits(
    records=(0.04, 0.42, 0.14, 0.11, 0.20, 0.09),
    number=(1.0, 0.93, 0.85, 0.90, 0.0, 0.35),
    number_damaged=(0.0, 0.100, 0.145, 0.140, 0.0, 0.160),
    date=(1.0, 0.90, 0.90, 0.95, 0.50, 0.80),
    date_damaged=(0.001, 0.014, 0.025, 0.022, 0.030, 0.030),
    sex=(1.0, 0.93, 0.90, 0.97, 0.50, 0.93),
    phone=(0.55, 0.85, 0.62, 0.38, 0.97, 0.60),
    phone_damaged=(0.002, 0.012, 0.020, 0.015, 0.012, 0.020),
    address=(0.98, 0.85, 0.88, 0.90, 0.80, 0.95),
    name_damaged=(0.008, 0.060, 0.095, 0.085, 0.070, 0.085),
    address_whole=(0.95, 0.45, 0.40, 0.35, 0.10, 0.15),
    strangers=(),
)

FIRM_HABITS = Habits(
    records=(0.08, 0.46, 0.13, 0.14, 0.11, 0.08),
    number=(1.0, 0.86, 0.80, 0.12, 0.08, 0.25),
    number_damaged=(0.0, 0.055, 0.110, 0.100, 0.090, 0.120),
    date=(1.0, 0.55, 0.50, 0.75, 0.05, 0.20),
    date_damaged=(0.001, 0.010, 0.020, 0.015, 0.020, 0.030),
    sex=(0.0,) * 6,
    phone=(0.70, 0.80, 0.60, 0.45, 0.97, 0.65),
    phone_damaged=(0.002, 0.012, 0.020, 0.015, 0.012, 0.020),
    address=(0.99, 0.86, 0.88, 0.90, 0.75, 0.90),
    name_damaged=(0.006, 0.050, 0.085, 0.075, 0.070, 0.080),
    address_whole=(0.95, 0.45, 0.40, 0.35, 0.10, 0.15),
    strangers=(0, 1, 3, 5),
)

_REAL = (
    ("public_security/resident_registry", REGISTER, "resident"),
    ("civil_affairs/marriage_registration", REGISTER, "spouse"),
    ("market_regulation/enterprise_registration", REGISTER, "legal_representative"),
    ("medical_insurance/settlement", COUNTER, "insured"),
    ("government_service/approval_case", COUNTER, "applicant"),
    ("housing/affordable_housing_application", SCANNED, "applicant"),
)
"""Feeds that have a contract."""
RESIDENT_REGISTRY = 0
ENTERPRISE_REGISTRATION = 2

_PER_KIND = np.array([8, 140, 48, 40, 62, 40])
"""Sources of each kind; together FEEDS."""
_ROLES = ("insured", "applicant", "taxpayer", "patient", "payee", "owner", "member", "contact", "guardian", "student")
_FIRM_ROLES = ("taxpayer", "applicant", "employer", "supplier", "permit_holder", "subject", "payer", "owner")


@dataclass(frozen=True)
class Feeds:
    """Every source, one position each."""

    names: list[str]
    kinds: np.ndarray[tuple[int], np.dtype[np.int64]]
    roles: list[str]
    firm_roles: list[str]


@cache
def feeds() -> Feeds:
    """The sources, those with a contract first."""
    kinds = [kind for _, kind, _ in _REAL]
    for kind, total in enumerate(_PER_KIND):
        kinds += [kind] * (int(total) - sum(k == kind for _, k, _ in _REAL))
    more = range(len(_REAL), FEEDS)
    return Feeds(
        names=[name for name, _, _ in _REAL] + [f"agency_{i % 47 + 1:03d}/system_{i // 47 + 1}" for i in more],
        kinds=np.array(kinds, np.int64),
        roles=[role for _, _, role in _REAL] + [_ROLES[i * 7 % len(_ROLES)] for i in more],
        firm_roles=["subject"] * len(_REAL) + [_FIRM_ROLES[i * 5 % len(_FIRM_ROLES)] for i in more],
    )


def draw_feeds(captures: Keys, habits: Habits) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The source of each capture: its kind by the habits' shares, then a few sources of that kind far more often."""
    kind = weighted(captures, "kind of source", habits.records)
    kinds = feeds().kinds.copy()
    kinds[list(habits.strangers)] = -1
    members = [np.flatnonzero(kinds == k) for k in range(len(_PER_KIND))]
    sizes = np.array([len(found) for found in members])
    table = np.zeros((len(members), sizes.max()), np.int64)
    for row, found in zip(table, members, strict=True):
        row[: len(found)] = found
    place: Floats = chances(captures, "source") ** 2 * sizes[kind]
    drawn: np.ndarray[tuple[int], np.dtype[np.int64]] = table[kind, place.astype(np.int64)]
    return drawn
