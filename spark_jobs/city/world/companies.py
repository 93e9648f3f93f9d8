"""The companies of the city as the registrar knows them: every particular as text, as of one day."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from spark_jobs.city.world.chance import Keys, chances, choices, happens, keys_of
from spark_jobs.city.world.firm_names import COOPERATIVE, ENTERPRISE, INDIVIDUAL, written
from spark_jobs.city.world.firms import make_firms
from spark_jobs.city.world.homes import whole_addresses
from spark_jobs.city.world.persons import Persons
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints, Texts, blank_where, dates, joined, numbers, taken

_TYPE_CODES = {ENTERPRISE: "1130", INDIVIDUAL: "9500", COOPERATIVE: "9100"}
_CAPITALS = np.array([5, 10, 50, 100, 200, 500, 1000, 5000], np.int64)


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

    @property
    def individual(self) -> Ints:
        """Uids of individual businesses."""
        return np.flatnonzero(pc.equal(self.type_code, _TYPE_CODES[INDIVIDUAL]).to_numpy(zero_copy_only=False))

    @property
    def enterprises(self) -> Ints:
        """Uids of enterprises, all of which have a social credit code."""
        return np.flatnonzero(pc.equal(self.type_code, _TYPE_CODES[ENTERPRISE]).to_numpy(zero_copy_only=False))

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


def make_companies(total: int, persons: Persons, today: int, seed: int) -> Companies:
    """So many companies as of a day, each represented by an adult of the city."""
    firms = make_firms(total, today, seed)
    every = np.arange(total)
    keys = keys_of(seed, every)
    industries = [row["code"] for row in read_table("industries.csv")]
    terms = dates(firms.established + 20 * 365)
    return Companies(
        uscc=blank_where(firms.credit_codes(every), ~firms.has_code),
        registration_number=blank_where(firms.registration_numbers(every), ~firms.has_registration),
        name=written(firms.name, np.zeros(total, np.int64), keys),
        type_code=taken(list(_TYPE_CODES.values()), firms.kind),
        representative=_adults(persons, keys_of(seed, firms.representative), today),
        capital=_CAPITALS[choices(keys, "capital", len(_CAPITALS))],
        established=firms.established,
        term_end=_text_where(happens(keys, "for ever", 0.6), "长期", terms),
        industry=taken(industries, choices(keys, "industry", len(industries))),
        address=whole_addresses(firms.premises, seed),
        county=firms.county,
        with_uscc=np.flatnonzero(firms.has_code),
    )


def _text_where(mask: NDArray[np.bool_], text: str, otherwise: Texts) -> Texts:
    """The text where the mask holds, else the column."""
    return joined(taken(["", text], mask.astype(np.int8)), blank_where(otherwise, mask))


def _adults(persons: Persons, somebody: Keys, today: int) -> Ints:
    """A resident of age for each key; some stand for several companies."""
    adults = persons.residents[persons.birth[persons.residents] < today - 18 * 366]
    return adults[(chances(somebody, "representative") ** 1.3 * len(adults)).astype(np.int64)]
