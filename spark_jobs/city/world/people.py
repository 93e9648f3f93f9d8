"""The people of the world: households over time, twins, namesakes, telephones that are shared; all as numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.world.chance import Mask, choices, keys_of
from spark_jobs.city.world.homes import villages_of
from spark_jobs.city.world.households import CHILD, SPOUSE, Households, draw_households
from spark_jobs.city.world.identifiers import citizen_numbers
from spark_jobs.city.world.names import NO_CHARACTER, draw_given_characters, draw_surnames, foreign_names, names_of
from spark_jobs.city.world.phones import draw_mobiles
from spark_jobs.city.world.resident_numbers import draw_prefixes, is_of_foreigner, sequences
from spark_jobs.city.world.texts import Ints, Texts, calendar_numbers, replaced, taken

_TWIN_SHARE = 0.08
"""Of the pairs of neighbouring children of a family."""
_NAMESAKE_SHARE = 0.004
"""Of the people, those who have name, sex and birthday of an unrelated person."""
_MOVER_SHARE = 0.12
_NEW_MOBILE_SHARE = 0.30


@dataclass
class People:
    """Everybody, one position each; the position is the entity. Times are shares of the years that the records span."""

    birth: Ints
    """Days since 1900-01-01."""
    sex: NDArray[np.int8]
    """1 man, 2 woman."""
    surname: NDArray[np.int16]
    first_given: NDArray[np.int16]
    second_given: NDArray[np.int16]
    prefix: Ints
    """First six digits of the number."""
    sequence: NDArray[np.int16]
    """The three digits before the check digit."""
    home: Ints
    former_home: Ints
    moved: NDArray[np.float32]
    """When the home became the home; 0 where it always was."""
    mobile: Ints
    """0 where there is none."""
    former_mobile: Ints
    renumbered: NDArray[np.float32]
    """When the mobile became the mobile; 0 where it always was."""
    relative: Ints
    """Somebody of the household, oneself where one lives alone."""
    relation: NDArray[np.int8]
    """To the head of the household, a constant of `households`."""
    is_twin: Mask
    is_namesake: Mask
    shares_phone: Mask

    def __len__(self) -> int:
        return len(self.birth)

    @property
    def is_foreign(self) -> Mask:
        """Has a permanent residence card, and a name that is no Chinese one."""
        return is_of_foreigner(self.prefix)

    def numbers(self, person: Ints) -> Texts:
        """Resident numbers of eighteen characters of those people."""
        sequence = self.sequence[person].astype(np.int64)
        return citizen_numbers(self.prefix[person], calendar_numbers(self.birth[person]), sequence)

    def names(self, person: Ints, seed: int) -> Texts:
        """Names of those people, of foreigners in Chinese characters."""
        parts = (self.surname, self.first_given, self.second_given)
        names = names_of(*(part[person].astype(np.int64) for part in parts))
        foreign = np.flatnonzero(self.is_foreign[person])
        which = choices(keys_of(seed, person[foreign]), "foreign name", len(foreign_names()))
        return replaced(names, foreign, taken(foreign_names(), which))


def make_people(total: int, today: int, seed: int, others: float = 0.006) -> People:
    """People as of a day.

    Args:
        total: how many.
        today: days since 1900-01-01; everybody is born before.
        seed: of all chance.
        others: share of adults with residence permits of Hong Kong, Macau and Taiwan, or permanent residence cards.
    """
    rng = np.random.default_rng([seed, 1])
    living = draw_households(total, today, rng)
    surname = _surnames(living, rng)
    first, second = _given(living, rng)
    former_home, moved = _moves(living, surname, rng)
    later_twin = _make_twins(living, first, second, rng)
    is_twin = later_twin | np.roll(later_twin, -1)
    is_namesake = _make_namesakes(living, (surname, first, second), is_twin, rng)
    first_home = np.where(moved > 0, former_home, living.home)
    prefix = draw_prefixes(villages_of(first_home, seed), living.birth, today, others, rng)
    prefix = np.where(later_twin, np.roll(prefix, 1), prefix)
    mobile, former_mobile, renumbered, shares = _mobiles(living, today, rng)
    return People(
        birth=living.birth,
        sex=living.sex.astype(np.int8),
        surname=surname.astype(np.int16),
        first_given=first.astype(np.int16),
        second_given=second.astype(np.int16),
        prefix=prefix,
        sequence=sequences(prefix, living.birth, living.sex).astype(np.int16),
        home=living.home,
        former_home=former_home,
        moved=moved,
        mobile=mobile,
        former_mobile=former_mobile,
        renumbered=renumbered,
        relative=living.relatives(),
        relation=living.relation.astype(np.int8),
        is_twin=is_twin,
        is_namesake=is_namesake,
        shares_phone=shares,
    )


def _surnames(living: Households, rng: np.random.Generator) -> Ints:
    """One a household; wives, husbands and mothers keep their own."""
    family = draw_surnames(rng, living.homes)[living.home]
    own = draw_surnames(rng, len(living.home))
    return np.where(living.keeps_own_surname, own, family)


def _given(living: Households, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Some families give all children of a sex the same first character, the sign of their generation."""
    first, second = draw_given_characters(rng, calendar_numbers(living.birth), living.sex)
    shares = (rng.random(living.homes) < 0.3)[living.home] & (living.relation == CHILD) & (second != NO_CHARACTER)
    before = np.arange(len(first)) - 1
    follows = shares & _are_siblings(living) & (living.sex == living.sex[before])
    return np.where(follows & (first[before] != second), first[before], first), second


def _are_siblings(living: Households) -> Mask:
    """Child whose neighbour before is a child of the same household."""
    same = (living.home == np.roll(living.home, 1)) & (living.relation == CHILD)
    siblings: Mask = same & (np.roll(living.relation, 1) == CHILD)
    return siblings


def _make_twins(living: Households, first: Ints, second: Ints, rng: np.random.Generator) -> Mask:
    """Give some children the birthday of the sibling before them, most the sex, and many its first character.

    Returns:
        Where the later twin of each pair is.
    """
    is_second = _are_siblings(living) & (rng.random(len(first)) < _TWIN_SHARE)
    is_second &= ~np.roll(is_second, 1)
    later = np.flatnonzero(is_second)
    living.birth[later] = living.birth[later - 1]
    alike = later[rng.random(len(later)) < 0.65]
    living.sex[alike] = living.sex[alike - 1]
    named = alike[
        (rng.random(len(alike)) < 0.6) & (second[alike] != NO_CHARACTER) & (second[alike - 1] != NO_CHARACTER)
    ]
    first[named] = first[named - 1]
    clash = named[second[named] == second[named - 1]]
    second[clash] = first[clash]
    return is_second


def _make_namesakes(
    living: Households, names: tuple[Ints, Ints, Ints], is_twin: Mask, rng: np.random.Generator
) -> Mask:
    """Give some people name, sex and birthday of somebody elsewhere."""
    pairs = int(len(is_twin) * _NAMESAKE_SHARE / 2)
    chosen = rng.permutation(np.flatnonzero(~is_twin))[: pairs * 2]
    one, other = chosen[:pairs], chosen[pairs:]
    for values in (living.birth, living.sex, *names):
        values[other] = values[one]
    marked = np.zeros(len(is_twin), np.bool_)
    marked[chosen] = True
    return marked


def _moves(living: Households, surname: Ints, rng: np.random.Generator) -> tuple[Ints, NDArray[np.float32]]:
    """Former homes: of households that moved, and of women who married into their household."""
    moved_home = np.where(rng.random(living.homes) < _MOVER_SHARE, rng.random(living.homes), 0)
    former, moved = living.home + living.homes, moved_home[living.home]
    brides = np.flatnonzero((living.relation == SPOUSE) & (living.sex == 2) & (rng.random(len(former)) < 0.35))
    origin = rng.integers(0, len(former), len(brides))
    surname[brides] = surname[origin]
    former[brides] = living.home[origin]
    moved[brides] = 0.05 + 0.9 * rng.random(len(brides))
    return former, moved.astype(np.float32)


def _mobiles(living: Households, today: int, rng: np.random.Generator) -> tuple[Ints, Ints, NDArray[np.float32], Mask]:
    """Numbers now and before; children, some old people and some spouses have the number of the head or the spouse."""
    total = len(living.home)
    now, before = (draw_mobiles(total, rng) for _ in range(2))
    changed = np.where(rng.random(total) < _NEW_MOBILE_SHARE, rng.random(total), 0).astype(np.float32)
    age = (today - living.birth) // 365
    shares = rng.random(total) < np.select([age < 14, age > 72, living.relation == SPOUSE], [0.95, 0.35, 0.06], 0.01)
    owner = np.where(shares, living.elder(rng), np.arange(total))
    shared = np.zeros(total, np.bool_)
    shared[owner[owner != np.arange(total)]] = True
    shared |= owner != np.arange(total)
    return now[owner], before[owner], changed[owner], shared
