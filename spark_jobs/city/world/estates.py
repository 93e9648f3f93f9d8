"""Housing estates: parcel, developer, buildings, and the dwellings in them with their real-estate unit numbers."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.companies import Companies
from spark_jobs.city.world.points import near_county
from spark_jobs.city.world.texts import Ints, Texts, joined, numbers, taken

_PERSONS_PER_ESTATE, _FEWEST = 400, 12
_BUILDINGS, _STAIRS, _FLOORS, _DOORS = 6, 2, 11, 4
_DWELLINGS = _BUILDINGS * _STAIRS * _FLOORS * _DOORS
_NAMES = [
    *("桂乡新城", "淦河湾", "潜山府", "香樟里", "云水谣", "梅园春晓", "书院里", "楠竹苑", "茶山雅居", "银泉华庭"),
    *(
        "温泉里",
        "斧头湖畔",
        "陆水江南",
        "白云山庄",
        "赤壁东风",
        "隽水花园",
        "天城府",
        "九宫春天",
        "通羊新天地",
        "官桥小镇",
    ),
]


@dataclass(frozen=True)
class Estates:
    """Every estate, one position each; a dwelling is a number, the estates one after the other."""

    name: Texts
    developer: Ints
    """Company uid."""
    builder: Ints
    """Company uid."""
    county: Ints
    parcel: Texts
    """Nineteen characters: county, cadastral district and sub-district, GB (state-owned, for building), sequence."""
    longitude: Ints
    """WGS-84, millionths of a degree."""
    latitude: Ints

    def __len__(self) -> int:
        return len(self.county)

    @property
    def dwellings(self) -> int:
        """How many there are."""
        return len(self) * _DWELLINGS

    def unit_numbers(self, dwelling: Ints) -> Texts:
        """Real-estate unit numbers (GB/T 37346-2019): parcel, F for a building, four digits each of it and within."""
        estate, building, within = _places(dwelling)
        return joined(taken(self.parcel, estate), "F", numbers(building + 1, 4), numbers(within + 1, 4))

    def buildings(self, dwelling: Ints) -> Texts:
        """For example 3栋."""
        return joined(numbers(_places(dwelling)[1] + 1), "栋")

    def rooms(self, dwelling: Ints) -> Texts:
        """For example 2单元1103."""
        within = _places(dwelling)[2]
        stair, floor, door = within // (_FLOORS * _DOORS), within // _DOORS % _FLOORS, within % _DOORS
        return joined(numbers(stair + 1), "单元", numbers((floor + 1) * 100 + door + 1))

    def estate_of(self, dwelling: Ints) -> Ints:
        """Position of each dwelling's estate."""
        return _places(dwelling)[0]

    def areas(self, dwelling: Ints, seed: int) -> Ints:
        """Floor area, hundredths of a square metre."""
        return np.array([8_642, 9_875, 11_530, 12_818, 14_207])[choices(keys_of(seed, dwelling), "area", 5)]


def make_estates(persons: int, companies: Companies, seed: int) -> Estates:
    """So many that there is a dwelling for everybody."""
    count = max(persons // _PERSONS_PER_ESTATE, _FEWEST)
    every = np.arange(count)
    keys = keys_of(seed, every)
    firms = companies.enterprises
    developer = firms[choices(keys, "developer", len(firms))]
    county = companies.county[developer]
    longitude, latitude = near_county(county, keys)
    serial = joined(numbers(1 + every % 12, 3), numbers(1 + every // 12 % 9, 3), "GB", numbers(1 + every, 5))
    phase = taken(["", "二期", "三期"], np.minimum(every // len(_NAMES), 2))
    return Estates(
        name=joined(taken(pa.array(_NAMES), every % len(_NAMES)), phase),
        developer=developer,
        builder=firms[choices(keys, "builder", len(firms))],
        county=county,
        parcel=joined(numbers(county), serial),
        longitude=longitude,
        latitude=latitude,
    )


def _places(dwelling: Ints) -> tuple[Ints, Ints, Ints]:
    """Estate, building within it, and position within the building."""
    of_building = _DWELLINGS // _BUILDINGS
    return dwelling // _DWELLINGS, dwelling % _DWELLINGS // of_building, dwelling % of_building
