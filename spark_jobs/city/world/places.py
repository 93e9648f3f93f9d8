"""Where the city's people and companies are: real divisions of Xianning, made-up house numbers."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints, Texts

OLD_COUNTY_CODES = {
    421202: (422301, 422321),
    421221: (422322, 422322),
    421222: (422324, 422324),
    421223: (422325, 422325),
    421224: (422326, 422326),
    421281: (422302, 422323),
}
"""Codes before 1998 of each county, and before it became a county-level city (GB/T 2260)."""

ELSEWHERE_CODES = (420106, 420111, 420222, 420281, 430602, 430626, 360429, 420703)
"""Counties that residents moved in from."""


@dataclass(frozen=True)
class Villages:
    """All villages and residents' committees, in the order of their codes (NBS 2023-06-30)."""

    codes: Texts
    """Twelve digits."""
    addresses: Texts
    """County, town, and village as an address begins."""
    counties: Ints
    """Six-digit code of each one's county."""


@cache
def villages() -> Villages:
    """The villages of the carried divisions."""
    rows = [row for row in read_table("xianning_divisions.csv") if row["authority"] == "NBS"]
    names = {row["code12"]: row["name"] for row in rows}
    found = sorted(
        (r for r in rows if r["level"] == "5" and not r["type"].startswith("类似")), key=lambda r: r["code12"]
    )
    return Villages(
        codes=pa.array([row["code12"] for row in found], pa.string()),
        addresses=pa.array(
            [
                f"湖北省咸宁市{names[r['code12'][:6] + '000000']}{names[r['parent_code12']]}{_short(r['name'])}"
                for r in found
            ],
            pa.string(),
        ),
        counties=np.array([int(row["code12"][:6]) for row in found], np.int64),
    )


def county_place(counties: Ints) -> Ints:
    """Position of each county among the city's counties, in the order of their codes."""
    return np.searchsorted(np.array(sorted(OLD_COUNTY_CODES)), counties)


def old_county_codes(counties: Ints) -> Ints:
    """The code that each county had before it became a county-level city (GB/T 2260)."""
    return np.array([codes[0] for _, codes in sorted(OLD_COUNTY_CODES.items())], np.int64)[county_place(counties)]


def county_names() -> dict[int, str]:
    """Name of each county by its six-digit code."""
    rows = read_table("xianning_divisions.csv")
    return {int(row["code"]): row["name"] for row in rows if row["level"] == "3"}


def _short(name: str) -> str:
    """A committee's name as it is written in addresses."""
    for ending, written in (("社区居民委员会", "社区"), ("社区居委会", "社区"), ("居委会", "社区"), ("村村委会", "村")):
        if name.endswith(ending):
            return name.removesuffix(ending) + written
    return name.removesuffix("委会") if name.endswith("村委会") else name
