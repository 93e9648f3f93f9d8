"""Captures: the occasions on which a source took down what it holds of somebody."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.mentions.feeds import REGISTER, Habits, feeds
from spark_jobs.city.world.chance import Floats, Keys, Mask
from spark_jobs.city.world.texts import Ints


@dataclass(frozen=True)
class Captures:
    """Whom, when and by whom something was taken down."""

    entity: Ints
    time: Floats
    """Share of the years that the records span."""
    feed: NDArray[np.int64]
    habits: Habits
    keys: Keys
    seed: int
    hot_share: float
    """Of the captures, those with the one placeholder that everybody uses."""

    @property
    def kind(self) -> NDArray[np.int64]:
        """Kind of the source."""
        return feeds().kinds[self.feed]

    @property
    def is_careful(self) -> Mask:
        """Taken down by a register."""
        careful: Mask = self.kind == REGISTER
        return careful

    def share(self, habit: str) -> Floats:
        """The share that a habit has at each capture's source; `habit` is a field of Habits."""
        found: Floats = np.array(getattr(self.habits, habit))[self.kind]
        return found
