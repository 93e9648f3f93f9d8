"""The people of the city: households with heads, spouses, children and parents, and some holders of other numbers."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from spark_jobs.city.world.identifiers import citizen_numbers
from spark_jobs.city.world.names import FOREIGN_NAMES, draw_given_names, draw_surnames, surnames
from spark_jobs.city.world.places import ELSEWHERE_CODES, OLD_COUNTY_CODES, villages
from spark_jobs.city.world.texts import Ints, Texts, blank_where, calendar_numbers, dates, joined, numbers, taken

_HEAD, _SPOUSE, _SON, _DAUGHTER, _FATHER, _MOTHER = "02", "10", "20", "30", "51", "52"
_RELATIONS = [_HEAD, _SPOUSE, _SON, _DAUGHTER, _FATHER, _MOTHER]
_OTHER_NUMBER_PREFIXES = (810000, 820000, 830000, 942840, 942392, 942410, 942826)
"""Residence permits of Hong Kong, Macau, Taiwan; permanent residence cards of 2023 (9, province, country)."""

_SLOTS = 480
_PHONE_HEADS = np.array([130, 133, 135, 136, 138, 139, 150, 158, 166, 177, 181, 187, 189, 191, 198], np.int64)


@dataclass(frozen=True)
class Persons:
    """Everybody, one position each; the position is the person's uid. Residents come first."""

    residents: int
    resident_id: Texts
    name: Texts
    sex: Ints
    """1 man, 2 woman."""
    birth: Ints
    """Days since 1900-01-01."""
    ethnic: Texts
    village: Ints
    """Position in `villages`."""
    address: Texts
    household: Texts
    relation: Texts
    mobile: Texts
    fits_gbk: NDArray[np.bool_]
    """The name has no character that GBK lacks."""

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def county(self) -> Ints:
        """Six-digit code of each one's county."""
        return villages().counties[self.village]

    def table(self) -> pa.Table:
        """The truth about everybody."""
        place = taken(villages().codes, self.village)
        return pa.table(
            {
                "person_uid": pa.array(np.arange(len(self))),
                "resident_id": self.resident_id,
                "person_name": self.name,
                "sex_code": numbers(self.sex),
                "birth_date": dates(self.birth),
                "ethnic_code": self.ethnic,
                "division_code": place,
                "address": self.address,
                "household_number": self.household,
                "mobile": self.mobile,
                "is_registered_resident": pa.array(np.arange(len(self)) < self.residents),
            }
        )


def make_persons(residents: int, others: int, today: int, rng: np.random.Generator) -> Persons:
    """People as of a day.

    Args:
        residents: how many are in the resident registry.
        others: how many more hold a residence permit or a permanent residence card.
        today: days since 1900-01-01; everybody is born before.
        rng: source of chance.
    """
    total = residents + others
    home, place_in_home = _households(total, rng)
    birth, sex, relation = _members(home, place_in_home, today, rng)
    is_other = np.arange(total) >= residents
    birth = np.where(is_other, np.minimum(birth, today - 25 * 365), birth)
    homes = int(home[-1]) + 1
    village = rng.integers(0, len(villages().codes), homes)[home]
    family = np.where(relation == _RELATIONS.index(_SPOUSE), -1, draw_surnames(rng, homes)[home])
    family = np.where((family < 0) | (relation == _RELATIONS.index(_MOTHER)), draw_surnames(rng, total), family)
    given, is_rare = draw_given_names(rng, birth, sex)
    chinese = joined(taken(surnames()[0], family), given)
    prefix = _prefixes(villages().counties[village], birth, is_other, rng)
    is_foreign = prefix // 100_000 == 9
    foreign = taken(FOREIGN_NAMES, rng.integers(0, len(FOREIGN_NAMES), total))
    county_code = numbers(villages().counties[village])
    age = (today - birth) // 365
    return Persons(
        residents=residents,
        resident_id=citizen_numbers(prefix, calendar_numbers(birth), _sequences(prefix, birth, sex)),
        name=pc.if_else(pa.array(is_foreign), foreign, chinese),
        sex=sex,
        birth=birth,
        ethnic=taken(["01", "15", "03", "08"], np.searchsorted([0.96, 0.98, 0.99], rng.random(homes))[home]),
        village=village,
        address=joined(taken(villages().addresses, village), *_doors(homes, home, rng)),
        household=joined(county_code, numbers(home, 8)),
        relation=taken(_RELATIONS, relation),
        mobile=blank_where(_mobiles(total, rng), (age < 12) | (rng.random(total) < 0.05)),
        fits_gbk=(is_rare == 0) | is_foreign,
    )


def _households(total: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Which household each person is in, and at which place of it."""
    sizes = rng.choice(np.arange(1, 6), size=total, p=[0.2, 0.25, 0.3, 0.15, 0.1])
    ends = np.cumsum(sizes)
    home = np.searchsorted(ends, np.arange(total), side="right")
    starts = ends - sizes
    return home, np.arange(total) - starts[home]


def _members(home: Ints, place: Ints, today: int, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Birth day, sex and position in `_RELATIONS` of every member."""
    total, homes = len(home), int(home[-1]) + 1
    head_age = (20 + 68 * rng.beta(1.6, 2.2, homes) * 365 // 365).astype(np.int64)
    head_sex = np.where(rng.random(homes) < 0.75, 1, 2)
    gap = rng.integers(21, 37, total)
    child_age, parent_age = head_age[home] - gap, head_age[home] + rng.integers(20, 31, total)
    is_child = (place >= 2) & (child_age >= 1)
    age = np.select([place == 0, place == 1, is_child], [head_age[home], head_age[home], child_age], parent_age)
    age = np.clip(age + np.where(place == 1, rng.integers(-3, 4, total), 0), 0, 99)
    age = np.where(place <= 1, np.maximum(age, 20), age)
    birth = today - 1 - age * 365 - rng.integers(0, 365, total)
    sex = np.select([place == 0, place == 1], [head_sex[home], 3 - head_sex[home]], rng.integers(1, 3, total))
    generation = np.where(is_child, 1 + sex, 3 + sex)
    return birth, sex.astype(np.int64), np.select([place == 0, place == 1], [0, 1], generation)


def _prefixes(county: Ints, birth: Ints, is_other: NDArray[np.bool_], rng: np.random.Generator) -> Ints:
    """First six digits: the county of first registration, which a number keeps when the code is retired."""
    chance = rng.random(len(county))
    codes = np.array(list(OLD_COUNTY_CODES), np.int64)
    old = np.array(list(OLD_COUNTY_CODES.values()), np.int64)[np.searchsorted(codes, county)]
    year = calendar_numbers(birth) // 10_000
    retired = np.where((year < 1983) & (chance < 0.1), old[:, 1], old[:, 0])
    prefix = np.where((year < 1998) & (chance < 0.85), retired, county)
    elsewhere = rng.choice(np.array(ELSEWHERE_CODES, np.int64), len(county))
    prefix = np.where(chance > 0.97, elsewhere, prefix)
    return np.where(is_other, rng.choice(np.array(_OTHER_NUMBER_PREFIXES, np.int64), len(county)), prefix)


def _sequences(prefix: Ints, birth: Ints, sex: Ints) -> Ints:
    """Sequence numbers, odd for men, each once in its county, day and sex; none is a multiple of 100.

    A number that ends in three zeros could not be told from one that a spreadsheet has damaged.
    """
    group = (prefix * 100_000 + birth) * 2 + (sex - 1)
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    is_first = np.ones(len(group), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    firsts = np.flatnonzero(is_first)
    rank = np.empty(len(group), np.int64)
    rank[order] = np.arange(len(group)) - firsts[np.cumsum(is_first) - 1]
    slot = (rank + (prefix * 31 + birth * 17) % 479) % _SLOTS
    slot += slot // 49
    return np.where(sex == 1, 2 * slot + 1, 2 * slot + 2)


def _doors(homes: int, home: Ints, rng: np.random.Generator) -> tuple[Texts, str, Texts, str]:
    """Group and house number of each person's home."""
    groups = [str(number) for number in range(1, 16)]
    group = taken(groups, rng.integers(0, len(groups), homes)[home])
    return group, "组", numbers(rng.integers(1, 400, homes)[home]), "号"


def _mobiles(rows: int, rng: np.random.Generator) -> Texts:
    return numbers(rng.choice(_PHONE_HEADS, rows) * 10**8 + rng.integers(0, 10**8, rows))
