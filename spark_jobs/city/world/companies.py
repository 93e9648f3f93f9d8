"""The companies of the city: enterprises, individual businesses, cooperatives, with their numbers old and new."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark_jobs.city.world.identifiers import registration_numbers, social_credit_codes
from spark_jobs.city.world.persons import Persons
from spark_jobs.city.world.places import OLD_COUNTY_CODES, county_names, read_table, villages
from spark_jobs.city.world.texts import Ints, Texts, blank_where, dates, day_number, joined, numbers, taken

_CORES = list("鑫盛宏达华润恒瑞泰康嘉禾天成金桂香城温泉楚韵东方兴隆永安顺源丰茂博远明德信诚新星光辉福临")
_FORMS = [
    ["有限公司", "有限责任公司", "股份有限公司", "商贸有限公司"],
    ["经营部", "商行", "店", "工作室"],
    ["专业合作社"] * 4,
]
_TRADES = [
    "建材",
    "餐饮",
    "农业科技",
    "物流",
    "信息技术",
    "医药",
    "服饰",
    "食品",
    "机械",
    "茶业",
    "旅游",
    "装饰",
    "电子",
    "环保",
]
_TYPE_CODES = ["1130", "9500", "9100"]
_TYPE_SHARES = [0.6, 0.95]
_NEW_NUMBERS_FROM = day_number(date(2015, 10, 1))
"""Day of the first social credit codes of enterprises (GB 32100-2015)."""


@dataclass(frozen=True)
class Companies:
    """Every company, one position each; the position is its uid."""

    uscc: Texts
    """Empty where a company has its old number only."""
    registration_number: Texts
    name: Texts
    type_code: Texts
    representative: Ints
    """Person uid."""
    capital: Ints
    """Ten thousand yuan."""
    established: Ints
    """Days since 1900-01-01."""
    term_end: Texts
    industry: Texts
    address: Texts
    county: Ints
    with_uscc: Ints
    """Uids of companies that have a social credit code."""

    def __len__(self) -> int:
        return len(self.established)

    def table(self) -> pa.Table:
        """The truth about every company."""
        return pa.table(
            {
                "company_uid": pa.array(np.arange(len(self))),
                "uscc": self.uscc,
                "registration_number": self.registration_number,
                "company_name": self.name,
                "division_code": numbers(self.county),
                "address": self.address,
                "industry_code": self.industry,
                "established_date": dates(self.established),
                "representative_person_uid": pa.array(self.representative),
            }
        )


def make_companies(total: int, persons: Persons, today: int, rng: np.random.Generator) -> Companies:
    """Companies as of a day, each represented by an adult of the city."""
    village = rng.integers(0, len(villages().codes), total)
    county = villages().counties[village]
    kind = np.searchsorted(_TYPE_SHARES, rng.random(total))
    established = today - 1 - (rng.random(total) ** 1.5 * 30 * 365).astype(np.int64)
    is_old = established < _NEW_NUMBERS_FROM
    old_only = is_old & (rng.random(total) < 0.12)
    has_old = is_old & (old_only | (rng.random(total) < 0.4))
    codes, names = _counties(county)
    serials = np.arange(total)
    uscc = social_credit_codes(kind + 1, county, serials)
    registration = registration_numbers(codes, 10_000_000 + serials)
    industries = [row["code"] for row in read_table("industries.csv")]
    terms = dates(established + 20 * 365)
    forever = rng.random(total) < 0.6
    return Companies(
        uscc=blank_where(uscc, old_only),
        registration_number=blank_where(registration, ~has_old),
        name=_names(names, kind, rng),
        type_code=taken(_TYPE_CODES, kind),
        representative=_adults(persons, total, today, rng),
        capital=rng.choice(np.array([5, 10, 50, 100, 200, 500, 1000, 5000], np.int64), total),
        established=established,
        term_end=taken_where(forever, "长期", terms),
        industry=taken(industries, rng.integers(0, len(industries), total)),
        address=joined(taken(villages().addresses, village), numbers(rng.integers(1, 400, total)), "号"),
        county=county,
        with_uscc=np.flatnonzero(~old_only),
    )


def taken_where(mask: NDArray[np.bool_], text: str, otherwise: Texts) -> Texts:
    """The text where the mask holds, else the column."""
    return joined(taken(["", text], mask.astype(np.int8)), blank_where(otherwise, mask))


def _counties(county: Ints) -> tuple[Ints, Texts]:
    """The registration authority's code, as it was before 1998, and the county's name."""
    keys = np.array(list(OLD_COUNTY_CODES), np.int64)
    at = np.searchsorted(keys, county)
    found = county_names()
    old = np.array([codes[0] for codes in OLD_COUNTY_CODES.values()], np.int64)
    return old[at], taken([found[int(key)] for key in keys], at)


def _names(counties: Texts, kind: Ints, rng: np.random.Generator) -> Texts:
    """Division, core, trade, form."""
    rows = len(kind)
    division = taken(["", "湖北", "咸宁市"], rng.choice(3, rows, p=[0.5, 0.15, 0.35]))
    bare = np.asarray(pa.compute.utf8_length(division)) > 0
    core = joined(*[taken(_CORES, rng.integers(0, len(_CORES), rows)) for _ in range(2)])
    trade = taken(_TRADES, rng.integers(0, len(_TRADES), rows))
    forms = [form for group in _FORMS for form in group]
    return joined(division, blank_where(counties, bare), core, trade, taken(forms, kind * 4 + rng.integers(0, 4, rows)))


def _adults(persons: Persons, rows: int, today: int, rng: np.random.Generator) -> Ints:
    """Positions of residents of age, the fifth of them standing for most companies."""
    adults = np.flatnonzero(persons.birth[: persons.residents] < today - 18 * 366)
    return adults[(rng.random(rows) ** 1.3 * len(adults)).astype(np.int64)]
