"""The scenic spots of Xianning: names and levels are as they are known, capacities are made up."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from spark_jobs.city.world.places import villages
from spark_jobs.city.world.positions import positions_of
from spark_jobs.city.world.texts import Ints

_SPOTS = [
    ("三国赤壁古战场", "5A", 421281),
    ("九宫山风景区", "4A", 421224),
    ("隐水洞地质公园", "4A", 421224),
    ("陆水湖风景区", "4A", 421281),
    ("龙佑赤壁温泉", "4A", 421281),
    ("三江森林温泉", "4A", 421202),
    ("太乙国际温泉", "4A", 421202),
    ("太乙洞", "3A", 421202),
    ("潜山国家森林公园", "3A", 421202),
    ("星星竹海", "3A", 421202),
    ("鸣水泉", "3A", 421202),
    ("向阳湖文化名人旧址", "3A", 421202),
    ("汀泗桥战役遗址", "2A", 421202),
    ("山湖温泉", "4A", 421221),
    ("官桥八组田野风光", "4A", 421221),
    ("嘉鱼二乔公园", "3A", 421221),
    ("牌洲湾长江风光带", "无", 421221),
    ("黄龙林场", "3A", 421222),
    ("内冲瑶族村", "4A", 421222),
    ("大溪国家湿地公园", "3A", 421222),
    ("柃蜜小镇", "4A", 421223),
    ("浪口森林温泉", "4A", 421223),
    ("洪下竹海", "无", 421223),
    ("桂花泉白崖山", "3A", 421223),
    ("羊楼洞古镇", "4A", 421281),
    ("葛仙山", "3A", 421281),
    ("富水湖国家湿地公园", "3A", 421224),
    ("王明璠府第", "3A", 421224),
]
"""Name, level (GB/T 17775), county."""
LEVELS = ["5A", "4A", "3A", "2A", "无"]


@dataclass(frozen=True)
class ScenicSpots:
    """Every spot, one position each."""

    codes: list[str]
    names: list[str]
    levels: list[str]
    county: Ints
    village: Ints
    """Position in `villages`."""
    longitude: Ints
    latitude: Ints
    """Millionths of a degree."""
    daily: Ints
    instant: Ints
    """Visitors at most (LB/T 034)."""


@cache
def scenic_spots() -> ScenicSpots:
    """All of them."""
    every = np.arange(len(_SPOTS))
    county = np.array([code for _, _, code in _SPOTS], np.int64)
    first = np.searchsorted(villages().counties, county)
    village = first + every % 40
    longitude, latitude = positions_of(village, every, 0)
    daily = np.array([20_000 // (1 + LEVELS.index(level)) for _, level, _ in _SPOTS], np.int64)
    return ScenicSpots(
        codes=[f"XNJQ{number:03d}" for number in range(1, len(_SPOTS) + 1)],
        names=[name for name, _, _ in _SPOTS],
        levels=[level for _, level, _ in _SPOTS],
        county=county,
        village=village,
        longitude=longitude,
        latitude=latitude,
        daily=daily,
        instant=daily // 3,
    )
