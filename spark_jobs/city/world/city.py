"""The city as of a day: who lives and works in it. Its size follows from the records alone, not from the feeds."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.world.companies import Companies, make_companies
from spark_jobs.city.world.estates import Estates, make_estates
from spark_jobs.city.world.persons import Persons, make_persons
from spark_jobs.city.world.texts import Ints

_PERSONS_PER_RECORD, _FEWEST_PERSONS = 0.26, 200
_COMPANIES_PER_RECORD, _FEWEST_COMPANIES = 0.068, 20


@dataclass(frozen=True)
class City:
    """Persons and companies, made when they are first asked for; equal fields give equal people."""

    records: int
    """How much the feeds of standard weight deliver together."""
    today: int
    """Days since 1900-01-01."""
    seed: int
    cases: int = 0
    """How many of each kind a comparison of departments' data must find, beside those that chance brings."""

    @cached_property
    def persons(self) -> Persons:
        """Everybody."""
        return make_persons(max(int(self.records * _PERSONS_PER_RECORD), _FEWEST_PERSONS), self.today, self.seed)

    @cached_property
    def adults(self) -> Ints:
        """Uids of the residents of age."""
        people = self.persons
        return people.residents[people.birth[people.residents] < self.today - 18 * 366]

    @cached_property
    def reachable(self) -> Ints:
        """Of the adults, those with a mobile telephone."""
        has_mobile = pc.not_equal(self.persons.mobile, "").to_numpy(zero_copy_only=False)
        found: Ints = self.adults[has_mobile[self.adults]]
        return found

    @cached_property
    def heads(self) -> Ints:
        """Uid of the head of each one's household; the members of a household stand beside each other."""
        household = self.persons.household.dictionary_encode().indices.to_numpy()
        is_first = np.concatenate([[True], household[1:] != household[:-1]])
        heads: Ints = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
        return heads

    @cached_property
    def companies(self) -> Companies:
        """Every company."""
        total = max(int(self.records * _COMPANIES_PER_RECORD), _FEWEST_COMPANIES)
        return make_companies(total, self.persons, self.today, self.seed)

    @cached_property
    def estates(self) -> Estates:
        """Housing that is new or being built, with the firms that build it."""
        return make_estates(len(self.persons), self.companies, self.seed)
