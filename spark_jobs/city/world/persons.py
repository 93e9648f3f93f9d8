"""The people of the city as departments register them: every particular as text, as of one day."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark_jobs.city.world.chance import happens, keys_of, weighted
from spark_jobs.city.world.homes import villages_of, whole_addresses
from spark_jobs.city.world.households import CHILD, HEAD, PARENT, SPOUSE
from spark_jobs.city.world.names import fit_gbk
from spark_jobs.city.world.people import People, make_people
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.resident_numbers import is_of_citizen
from spark_jobs.city.world.texts import Ints, Texts, blank_where, dates, joined, numbers, taken

_RELATIONS = {HEAD: ("02", "02"), SPOUSE: ("10", "10"), CHILD: ("20", "30"), PARENT: ("51", "52")}
"""Codes of men and of women by their relation to the head (GB/T 4761)."""
_ETHNIC_CODES, _ETHNIC_SHARES = ["01", "15", "03", "08"], (0.96, 0.02, 0.01, 0.01)
"""Han, Tujia, Hui, Zhuang (GB/T 3304), one a household."""
_OTHER_NUMBER_SHARE = 0.02
"""Of the adults, those with a residence permit or a permanent residence card, who are in no resident registry."""
_WITHOUT_MOBILE = 0.08


@dataclass(frozen=True)
class Persons:
    """Everybody, one position each; the position is the person's uid."""

    residents: Ints
    """Uids of those whom the resident registry knows."""
    others: Ints
    """Uids of those who hold a residence permit or a permanent residence card."""
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
    former_mobile: Texts
    """The number before the present one; the same where it never changed."""
    fits_gbk: NDArray[np.bool_]
    """The name has no character that GBK lacks."""
    couples: Ints
    """Two columns: uids of husband and wife."""

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def county(self) -> Ints:
        """Six-digit code of each one's county."""
        return villages().counties[self.village]

    def table(self) -> pa.Table:
        """The truth about everybody."""
        is_resident = np.ones(len(self), np.bool_)
        is_resident[self.others] = False
        return pa.table(
            {
                "person_uid": pa.array(np.arange(len(self))),
                "resident_id": self.resident_id,
                "person_name": self.name,
                "sex_code": numbers(self.sex),
                "birth_date": dates(self.birth),
                "ethnic_code": self.ethnic,
                "division_code": taken(villages().codes, self.village),
                "address": self.address,
                "household_number": self.household,
                "mobile": self.mobile,
                "is_registered_resident": pa.array(is_resident),
            }
        )


def make_persons(total: int, today: int, seed: int) -> Persons:
    """So many people as of a day (days since 1900-01-01); everybody is born before."""
    people = make_people(total, today, seed, _OTHER_NUMBER_SHARE)
    everybody, sex = np.arange(total), people.sex.astype(np.int64)
    homes = keys_of(seed, people.home)
    village = villages_of(people.home, seed)
    is_citizen = is_of_citizen(people.prefix)
    without_mobile = happens(keys_of(seed, everybody), "no mobile", _WITHOUT_MOBILE)
    former = np.where(people.renumbered > 0, people.former_mobile, people.mobile)
    foreign_or_fit = people.is_foreign | fit_gbk(*(part.astype(np.int64) for part in _names_of(people)))
    return Persons(
        residents=np.flatnonzero(is_citizen),
        others=np.flatnonzero(~is_citizen),
        resident_id=people.numbers(everybody),
        name=people.names(everybody, seed),
        sex=sex,
        birth=people.birth,
        ethnic=taken(_ETHNIC_CODES, weighted(homes, "ethnic group", _ETHNIC_SHARES)),
        village=village,
        address=whole_addresses(people.home, seed),
        household=joined(numbers(villages().counties[village]), numbers(people.home, 8)),
        relation=taken([code for both in _RELATIONS.values() for code in both], people.relation * 2 + sex - 1),
        mobile=blank_where(numbers(people.mobile), without_mobile),
        former_mobile=blank_where(numbers(former), without_mobile),
        fits_gbk=foreign_or_fit,
        couples=_couples(people),
    )


def _names_of(people: People) -> tuple[NDArray[np.int16], ...]:
    return people.surname, people.first_given, people.second_given


def _couples(people: People) -> Ints:
    """Heads of households and their spouses, the man first."""
    spouse = np.flatnonzero(people.relation == SPOUSE)
    pairs: Ints = np.column_stack([spouse - 1, spouse])
    pairs = pairs[people.sex[spouse - 1] != people.sex[spouse]]
    is_turned = people.sex[pairs[:, 0]] == 2
    pairs[is_turned] = pairs[is_turned, ::-1]
    return pairs
