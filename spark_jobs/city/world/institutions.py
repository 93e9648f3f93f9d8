"""The hospitals and pharmacies of the city, and some where its people go, as medical insurance numbers them."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints


@dataclass(frozen=True)
class Institutions:
    """Every institution, one position each."""

    codes: list[str]
    """H or P, six digits of the division, five of a serial number (医保定点医药机构代码)."""
    names: list[str]
    divisions: list[str]
    is_pharmacy: NDArray[np.bool_]

    @property
    def hospitals(self) -> Ints:
        """Positions of those that are no pharmacies."""
        return np.flatnonzero(~self.is_pharmacy)


@cache
def institutions() -> Institutions:
    """All of the carried table."""
    rows = read_table("institutions.csv")
    return Institutions(
        codes=[f"{row['kind']}{row['division_code']}{number:05d}" for number, row in enumerate(rows, 1)],
        names=[row["name"] for row in rows],
        divisions=[row["division_code"] for row in rows],
        is_pharmacy=np.array([row["kind"] == "P" for row in rows]),
    )
