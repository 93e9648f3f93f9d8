"""Permits and penalties that departments decide on: whom each is about, and what is told of that to the public."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.world import departments as of
from spark_jobs.city.world.chance import Mask, choices, keys_of, weighted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import NOBODY, Ints, Texts, blank_where, joined, numbers, taken

ORGANISATION, INDIVIDUAL_BUSINESS, NATURAL_PERSON = range(3)
_KIND_SHARES = (0.62, 0.2, 0.18)
_INDIVIDUAL = "9500"
_AUTHORITIES = [
    of.MARKET_REGULATION,
    of.PUBLIC_SECURITY,
    of.HOUSING,
    of.HEALTH,
    of.NATURAL_RESOURCES,
    of.TRANSPORT,
    of.ECOLOGY,
    of.EMERGENCY,
]
_SIGNS = ["市监", "公", "建", "卫", "自然资", "交", "环", "应急"]
"""How each authority's decisions are numbered."""


@dataclass(frozen=True)
class Decisions:
    """Decisions, one position each."""

    kind: Ints
    """ORGANISATION, INDIVIDUAL_BUSINESS or NATURAL_PERSON."""
    company: Ints
    """Uid; NOBODY where the party is a natural person."""
    person: Ints
    """Uid of the natural person; NOBODY where the party is a company."""
    representative: Ints
    """Person uid of the company's representative; NOBODY of natural persons."""
    authority: Ints
    document_number: Texts
    """For example 咸市监许〔2026〕000123号."""

    @property
    def is_natural(self) -> Mask:
        """The party is a natural person."""
        found: Mask = self.kind == NATURAL_PERSON
        return found

    @property
    def authority_name(self) -> Texts:
        """Who decided."""
        return taken([each.name for each in _AUTHORITIES], self.authority)

    @property
    def authority_uscc(self) -> Texts:
        """Who decided, by social credit code."""
        return taken([each.uscc for each in _AUTHORITIES], self.authority)

    def of_company(self, texts: Texts) -> Texts:
        """A particular of the companies; empty of natural persons."""
        return blank_where(taken(texts, np.maximum(self.company, 0)), self.is_natural)

    def of_person(self, texts: Texts) -> Texts:
        """A particular of the natural persons; empty of companies."""
        return blank_where(taken(texts, np.maximum(self.person, 0)), ~self.is_natural)

    def of_representative(self, texts: Texts) -> Texts:
        """A particular of the companies' representatives; empty of natural persons."""
        return blank_where(taken(texts, np.maximum(self.representative, 0)), self.is_natural)

    def party_name(self, city: City) -> Texts:
        """The company's name, or the person's."""
        return joined(self.of_company(city.companies.name), self.of_person(city.persons.name))

    def organisation_code(self, city: City) -> Texts:
        """Characters 9 to 17 of the company's social credit code."""
        return pc.utf8_slice_codeunits(self.of_company(city.companies.uscc), 8, 17)

    def only_of_company(self, text: str) -> Texts:
        """One text in the rows of companies."""
        return taken([text, ""], self.is_natural.astype(np.int8))

    def only_of_person(self, text: str) -> Texts:
        """One text in the rows of natural persons."""
        return taken(["", text], self.is_natural.astype(np.int8))


def decisions(city: City, serial: Ints, about: str) -> Decisions:
    """Those of serial numbers; the same number and matter (许 or 罚) is the same decision."""
    keys = keys_of(city.seed, serial)
    kind = weighted(keys, f"party of {about}", _KIND_SHARES)
    is_individual = pc.equal(city.companies.type_code, _INDIVIDUAL).to_numpy(zero_copy_only=False)
    businesses = np.flatnonzero(is_individual)
    organisations = city.companies.with_uscc[~is_individual[city.companies.with_uscc]]
    company = np.where(
        kind == INDIVIDUAL_BUSINESS,
        businesses[choices(keys, f"business of {about}", len(businesses))],
        organisations[choices(keys, f"organisation of {about}", len(organisations))],
    )
    is_natural = kind == NATURAL_PERSON
    person = city.adults[choices(keys, f"person of {about}", len(city.adults))]
    authority = choices(keys, f"authority of {about}", len(_AUTHORITIES))
    return Decisions(
        kind=kind,
        company=np.where(is_natural, NOBODY, company),
        person=np.where(is_natural, person, NOBODY),
        representative=np.where(is_natural, NOBODY, city.companies.representative[company]),
        authority=authority,
        document_number=joined("咸", taken(_SIGNS, authority), about, "〔2026〕", numbers(serial, 6), "号"),
    )
