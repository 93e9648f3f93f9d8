"""The firms of the world: enterprises, shops, cooperatives, branches; renamed, moved, run by agents; all as numbers."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.world.chance import Mask
from spark_jobs.city.world.firm_names import (
    COOPERATIVE,
    ENTERPRISE,
    INDIVIDUAL,
    NameParts,
    another_core,
    branches,
    draw_parts,
)
from spark_jobs.city.world.homes import villages_of
from spark_jobs.city.world.identifiers import registration_numbers, social_credit_codes
from spark_jobs.city.world.places import OLD_COUNTY_CODES, county_place, old_county_codes, villages
from spark_jobs.city.world.texts import Ints, Texts, day_number

_BRANCH_SHARE = 0.05
_ELSEWHERE_SHARE = 0.03
"""Enterprises that bear core, trade and form of another one in another county."""
_RENAMED_SHARE = 0.07
_MOVED_SHARE = 0.12
_AGENT_SHARE = 0.06
_FIRMS_OF_AGENT = 100
_OLD_NUMBER_ONLY = 0.12
"""Of the shops from before 2015-10-01, those that never got a social credit code."""
_NEW_NUMBERS_FROM = day_number(date(2015, 10, 1))
"""First social credit codes of enterprises (GB 32100-2015)."""


@dataclass(frozen=True)
class Firms:
    """Every firm, one position each; the position is the entity. Times are shares of the years that records span."""

    kind: Ints
    county: Ints
    """Six-digit code of the county of registration."""
    established: Ints
    """Days since 1900-01-01."""
    has_code: Mask
    """Has a social credit code."""
    has_registration: Mask
    """Has a registration number from before."""
    name: NameParts
    former_name: NameParts
    renamed: NDArray[np.float64]
    """When the name became the name; 0 where it always was."""
    premises: Ints
    """Home number, as of people; those of agents come after all others."""
    former_premises: Ints
    moved: NDArray[np.float64]
    representative: Ints
    """Somebody, possibly of several firms."""
    former_representative: Ints
    replaced: NDArray[np.float64]
    agent: Ints
    """Who registered the firm and lends it telephone and address; -1 for none."""
    parent: Ints
    """Of branches; oneself for all others."""
    is_branch_family: Mask
    shares_core_name: Mask

    def __len__(self) -> int:
        return len(self.kind)

    def credit_codes(self, firm: Ints) -> Texts:
        """Social credit codes of those firms, given or not."""
        return social_credit_codes(self.kind[firm] + 1, self.county[firm], firm)

    def registration_numbers(self, firm: Ints) -> Texts:
        """Old registration numbers; they begin with the code that the county had before 1998."""
        return registration_numbers(old_county_codes(self.county[firm]), 1_000_000 + firm * 3)


def make_firms(total: int, today: int, seed: int) -> Firms:
    """Firms as of a day (days since 1900-01-01)."""
    rng = np.random.default_rng([seed, 1])
    kind = rng.choice(3, total, p=[0.50, 0.42, 0.08])
    premises = rng.permutation(total) * 7
    county = villages().counties[villages_of(premises, seed)]
    established = today - 1 - (rng.random(total) ** 1.5 * 30 * 365).astype(np.int64)
    name = draw_parts(kind, county_place(county), rng)
    _make_unique(name, county, rng)
    shares_core = _share_cores(name, kind, county, rng)
    parent, is_family = _make_branches(name, kind, county, shares_core, rng)
    former_name, renamed = _rename(name, kind, county, parent, rng)
    is_old = established < _NEW_NUMBERS_FROM
    only_old = is_old & (kind == INDIVIDUAL) & (parent == np.arange(total)) & (rng.random(total) < _OLD_NUMBER_ONLY)
    representative, former_representative, replaced = _representatives(total, parent, rng)
    agent = np.where(rng.random(total) < _AGENT_SHARE, rng.integers(0, _agents(total), total), -1)
    of_agent = (agent >= 0) & (rng.random(total) < 0.4)
    return Firms(
        kind=kind,
        county=county,
        established=established,
        has_code=~only_old,
        has_registration=is_old,
        name=name,
        former_name=former_name,
        renamed=renamed,
        premises=np.where(of_agent, total * 15 + agent, premises),
        former_premises=premises + total * 7 + 1,
        moved=_times(total, _MOVED_SHARE, rng),
        representative=representative,
        former_representative=former_representative,
        replaced=replaced,
        agent=agent,
        parent=parent,
        is_branch_family=is_family,
        shares_core_name=shares_core,
    )


def _agents(total: int) -> int:
    return max(int(total * _AGENT_SHARE / _FIRMS_OF_AGENT), 1)


def _times(total: int, share: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """When something happened to that share, 0 to the others."""
    return np.where(rng.random(total) < share, rng.random(total), 0.0)


def _make_unique(name: NameParts, county: Ints, rng: np.random.Generator) -> None:
    """No two firms of a county have the same core and trade (企业名称登记管理规定, article 17)."""
    for _ in range(3):
        core = (name.core[:, 0] * 1000 + name.core[:, 1]) * 1000 + name.core[:, 2]
        key = (core * 100 + name.trade) * 10 + county % 10 + county // 10 % 10
        first = np.zeros(len(key), np.bool_)
        first[np.unique(key, return_index=True)[1]] = True
        another_core(name.core, np.flatnonzero(~first), rng)


def _share_cores(name: NameParts, kind: Ints, county: Ints, rng: np.random.Generator) -> Mask:
    """Some enterprises have core, trade and form of an enterprise of another county, each naming its own county."""
    chosen = rng.permutation(np.flatnonzero(kind == ENTERPRISE))
    pairs = int(len(chosen) * _ELSEWHERE_SHARE / 2)
    one, other = chosen[:pairs], chosen[pairs : 2 * pairs]
    apart = county[one] != county[other]
    one, other = one[apart], other[apart]
    for column in (name.core, name.trade, name.form):
        column[other] = column[one]
    both = np.concatenate([one, other])
    name.division[both] = 5 + county_place(county[both]) * 4 + 2 * rng.integers(0, 2, len(both))
    marked = np.zeros(len(kind), np.bool_)
    marked[both] = True
    return marked


def _make_branches(
    name: NameParts, kind: Ints, county: Ints, taken: Mask, rng: np.random.Generator
) -> tuple[Ints, Mask]:
    """Parents of branches, and who belongs to a firm with branches; a branch bears its parent's name and its place."""
    parent = np.arange(len(kind))
    enterprises = rng.permutation(np.flatnonzero((kind == ENTERPRISE) & ~taken))
    many = int(len(kind) * _BRANCH_SHARE)
    branch = enterprises[:many]
    heads = enterprises[many : many + max(many // 3, 1)]
    parent[branch] = heads[np.arange(len(branch)) % len(heads)]
    for column in (name.core, name.trade, name.form, name.division):
        column[branch] = column[parent[branch]]
    counties = len(OLD_COUNTY_CODES)
    endings = (len(branches()) - 1) // counties
    nth = np.arange(len(branch)) // len(heads) % endings
    name.branch[branch] = 1 + nth * counties + county_place(county[branch])
    marked = np.zeros(len(kind), np.bool_)
    marked[branch] = True
    marked[parent[branch]] = True
    return parent, marked


def _rename(
    name: NameParts, kind: Ints, county: Ints, parent: Ints, rng: np.random.Generator
) -> tuple[NameParts, NDArray[np.float64]]:
    """Former names: another core, another trade, or both; a branch has only ever had its parent's name of today."""
    total = len(kind)
    other = draw_parts(kind, county_place(county), rng)
    renamed = _times(total, _RENAMED_SHARE, rng)
    renamed[(parent != np.arange(total)) | (kind == COOPERATIVE)] = 0
    new_core, new_trade = rng.random(total) < 0.6, rng.random(total) < 0.5
    core = np.where(new_core[:, None], other.core, name.core)
    trade = np.where(new_trade | ~new_core, other.trade, name.trade)
    return NameParts(name.division, core, trade, name.form, name.branch), renamed


def _representatives(total: int, parent: Ints, rng: np.random.Generator) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Who stands for each firm now and before; half of the branches have their parent's."""
    now, before = (rng.integers(0, int(total * 0.8) + 1, total) for _ in range(2))
    now = np.where(rng.random(total) < 0.5, now[parent], now)
    return now, before, _times(total, 0.10, rng)
