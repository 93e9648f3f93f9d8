"""Where people live: blocks of seventy households in a village or an estate, and how their addresses are written."""

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.world.chance import Keys, choices, happens, keys_of, weighted
from spark_jobs.city.world.places import villages
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints, Texts, joined, numbers, taken

HOMES_IN_BLOCK = 70
"""About 200 people: those of whom one village clerk takes care."""

ADDRESS_STYLES = ("whole", "from_city", "from_county", "from_town", "county_and_village", "short_names")
"""How much of the divisions an address names."""
_STYLE_SHARES = (0.0, 0.22, 0.34, 0.20, 0.12, 0.12)

_ESTATES = [
    *(
        "香城花园",
        "金桂苑",
        "温泉花园",
        "楚天名都",
        "碧水佳园",
        "阳光新城",
        "福星城",
        "锦绣华府",
        "龙泉山庄",
        "桂花小区",
    ),
    *("滨河家园", "文笔山庄", "书香门第", "御景湾", "幸福里", "永安新村", "怡景苑", "玫瑰园", "银泉公寓", "中央公馆"),
    *("东方明珠", "星河湾", "翠竹园", "和谐家园", "教师新村", "电力小区", "粮食局宿舍", "老街", "长安大道", "淦河路"),
]
_CHINESE = ["", *"一二三四五六七八九十", "十一", "十二", "十三", "十四", "十五"]


@cache
def _beginnings() -> Texts:
    """Divisions before house and door: for each style the villages in the order of `villages`."""
    rows = {row["code12"]: row["name"] for row in read_table("xianning_divisions.csv") if row["authority"] == "NBS"}
    made: list[list[str]] = [[] for _ in ADDRESS_STYLES]
    for code, whole in zip(villages().codes.to_pylist(), villages().addresses.to_pylist(), strict=True):
        county, town = rows[code[:6] + "000000"], rows[code[:9] + "000"]
        village = whole.removeprefix(f"湖北省咸宁市{county}{town}").removesuffix("民委员会")
        short = (
            county[:-1] + town.removesuffix("街道").removesuffix("镇").removesuffix("乡") + village.removesuffix("社区")
        )
        parts = (
            f"湖北省咸宁市{county}{town}{village}",
            f"咸宁市{county}{town}{village}",
            county + town + village,
            town + village,
            county + village,
            short,
        )
        for texts, text in zip(made, parts, strict=True):
            texts.append(text)
    return pa.array([text for texts in made for text in texts], pa.string())


def villages_of(homes: Ints, seed: int) -> Ints:
    """Position in `villages` of each home."""
    return choices(keys_of(seed, homes // HOMES_IN_BLOCK), "village", len(villages().codes))


def draw_address_styles(captures: Keys, whole: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ints:
    """Position in ADDRESS_STYLES of each capture, `whole` of them with all divisions."""
    other = weighted(captures, "address style", _STYLE_SHARES)
    return np.where(happens(captures, "address whole", whole), 0, other)


def addresses(homes: Ints, styles: Ints, captures: Keys, seed: int) -> Texts:
    """The homes' addresses as a source writes them; building and door are written as each capture's clerk likes."""
    village = villages_of(homes, seed)
    beginning = taken(_beginnings(), styles * len(villages().codes) + village)
    return joined(beginning, doors(homes, village, captures, seed))


def whole_addresses(homes: Ints, seed: int) -> Texts:
    """The homes' addresses from the province on, each written in one way, as registers keep them."""
    return addresses(homes, np.zeros(len(homes), np.int64), keys_of(seed, homes), seed)


def doors(homes: Ints, village: Ints, captures: Keys, seed: int) -> Texts:
    """House and door: building, unit and room of an estate in residents' communities, else group and number."""
    home = keys_of(seed, homes)
    is_estate = pc.ends_with(villages().addresses, pattern="社区").to_numpy(zero_copy_only=False)[village]
    notation = choices(captures, "building notation", 4)
    return pc.if_else(pa.array(is_estate), _flats(home, homes, notation, seed), _farms(home, notation))


def _flats(home: Keys, homes: Ints, notation: Ints, seed: int) -> Texts:
    estate = taken(_ESTATES, choices(keys_of(seed, homes // HOMES_IN_BLOCK), "estate", len(_ESTATES)))
    room = (1 + choices(home, "floor", 11)) * 100 + 1 + choices(home, "door", 4)
    after_building = taken(["栋", "-", "幢", "号楼"], notation)
    after_unit = taken(["单元", "-", "单元", "单元"], notation)
    end = taken(["室", "", "", "室"], notation)
    building, unit = numbers(1 + choices(home, "building", 24)), numbers(1 + choices(home, "unit", 4))
    return joined(estate, building, after_building, unit, after_unit, numbers(room), end)


def _farms(home: Keys, notation: Ints) -> Texts:
    group = 1 + choices(home, "group", len(_CHINESE) - 1)
    names = pc.if_else(pa.array(notation == 1), taken(_CHINESE, group), numbers(group))
    number = numbers(1 + choices(home, "house", 260))
    return joined(
        names, taken(["组", "组", "组", "村民小组"], notation), number, taken(["号", "号", "", "号"], notation)
    )


def division_codes(homes: Ints, captures: Keys, seed: int) -> Texts:
    """The village's code of twelve digits, its town's of nine, or its county's of six, as each source keeps it."""
    code = taken(villages().codes, villages_of(homes, seed))
    digits = weighted(captures, "division digits", (0.35, 0.25, 0.40))
    shorter = pc.if_else(
        pa.array(digits == 1), pc.utf8_slice_codeunits(code, 0, 9), pc.utf8_slice_codeunits(code, 0, 6)
    )
    return pc.if_else(pa.array(digits == 0), code, shorter)
