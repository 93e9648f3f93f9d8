"""The city as of a day: who lives and works in it. Its size follows from the records alone, not from the feeds."""

from dataclasses import dataclass
from functools import cached_property

from spark_jobs.city.world.companies import Companies, make_companies
from spark_jobs.city.world.persons import Persons, make_persons

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

    @cached_property
    def persons(self) -> Persons:
        """Everybody."""
        return make_persons(max(int(self.records * _PERSONS_PER_RECORD), _FEWEST_PERSONS), self.today, self.seed)

    @cached_property
    def companies(self) -> Companies:
        """Every company."""
        total = max(int(self.records * _COMPANIES_PER_RECORD), _FEWEST_COMPANIES)
        return make_companies(total, self.persons, self.today, self.seed)
