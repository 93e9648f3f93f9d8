"""Households: a head, perhaps a spouse, children, parents; members stand beside each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.world.chance import Mask
from spark_jobs.city.world.texts import Ints

HEAD, SPOUSE, CHILD, PARENT = range(4)


@dataclass
class Households:
    """Everybody's place in a household."""

    home: Ints
    """Number of the household, growing."""
    homes: int
    place: Ints
    """0 for the head, then in order."""
    size: Ints
    """Members of each one's household."""
    relation: NDArray[np.int64]
    birth: Ints
    sex: Ints

    @property
    def keeps_own_surname(self) -> Mask:
        """Those who do not bear the household's surname: spouses, and mothers of heads."""
        keeps: Mask = (self.relation == SPOUSE) | ((self.relation == PARENT) & (self.sex == 2))
        return keeps

    def relatives(self) -> Ints:
        """The next member of the household, the head for the last one."""
        last = self.place == self.size - 1
        here = np.arange(len(self.home))
        return np.where(last, here - self.place, here + 1)

    def elder(self, rng: np.random.Generator) -> Ints:
        """Head or spouse of each one's household; for the head itself the next member."""
        here = np.arange(len(self.home))
        head = here - self.place
        spouse = np.where((self.size > 1) & (rng.random(self.homes) < 0.5)[self.home], head + 1, head)
        return np.where(self.place == 0, self.relatives(), np.where(spouse == here, head, spouse))


def draw_households(total: int, today: int, rng: np.random.Generator) -> Households:
    """Households of one to five people, the heads twenty and older."""
    sizes = rng.choice(np.arange(1, 6), size=total, p=[0.18, 0.22, 0.28, 0.20, 0.12])
    ends = np.cumsum(sizes)
    home = np.searchsorted(ends, np.arange(total), side="right")
    homes = int(home[-1]) + 1
    place = np.arange(total) - (ends - sizes)[home]
    size = np.bincount(home, minlength=homes)[home]
    relation, age, sex = _members(home, homes, place, rng)
    birth = today - 1 - age * 365 - rng.integers(0, 365, total)
    return Households(home, homes, place, size, relation, birth, sex)


def _members(home: Ints, homes: int, place: Ints, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Relation to the head, age in years, sex."""
    total = len(home)
    head_age = (20 + 68 * rng.beta(1.6, 2.2, homes)).astype(np.int64)
    head_sex = np.where(rng.random(homes) < 0.75, 1, 2)
    child_age = head_age[home] - rng.integers(21, 37, total)
    is_child = (place >= 2) & (child_age >= 1)
    relation = np.select([place == 0, place == 1, is_child], [HEAD, SPOUSE, CHILD], PARENT).astype(np.int64)
    parent_age = head_age[home] + rng.integers(20, 31, total)
    age = np.select([relation <= SPOUSE, is_child], [head_age[home], child_age], parent_age)
    age = np.clip(age + np.where(place == 1, rng.integers(-3, 4, total), 0), 0, 99)
    age = np.where(place <= 1, np.maximum(age, 20), age)
    sex = np.select([place == 0, place == 1], [head_sex[home], 3 - head_sex[home]], rng.integers(1, 3, total))
    return relation, age, sex.astype(np.int64)
