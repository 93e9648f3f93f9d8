"""Samples of surface water of each day: what the method cannot detect is its limit with an L, or after a less-than."""

import numpy as np
import pyarrow.compute as pc

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage import values as d
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind, missing, of_division, of_line
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.chance import Floats, chances, keys_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints, Texts, clock_times, decimals, joined, repeated, taken

_CLASSES = ["Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ", "Ⅴ", "劣Ⅴ"]
_ITEMS: list[tuple[str, float, int, float, tuple[float, ...]]] = [
    ("高锰酸盐指数", 4.0, 1, 0.5, (2, 4, 6, 10, 15)),
    ("化学需氧量", 16.0, 0, 4.0, (15, 15, 20, 30, 40)),
    ("五日生化需氧量", 2.4, 1, 0.5, (3, 3, 4, 6, 10)),
    ("氨氮", 0.4, 3, 0.025, (0.15, 0.5, 1.0, 1.5, 2.0)),
    ("总磷", 0.09, 2, 0.01, (0.02, 0.1, 0.2, 0.3, 0.4)),
    ("总氮", 2.9, 2, 0.05, ()),
    ("铜", 0.004, 3, 0.001, ()),
    ("锌", 0.03, 2, 0.05, ()),
    ("氟化物", 0.3, 2, 0.05, ()),
    ("砷", 0.0004, 4, 0.0003, ()),
    ("汞", 0.00002, 5, 0.00004, ()),
    ("镉", 0.00005, 5, 0.0001, ()),
    ("六价铬", 0.003, 3, 0.004, ()),
    ("铅", 0.0008, 4, 0.001, ()),
    ("氰化物", 0.001, 3, 0.004, ()),
    ("挥发酚", 0.0002, 4, 0.0003, ()),
    ("石油类", 0.008, 2, 0.01, ()),
]
"""Name, usual value, decimals, detection limit; limits of the classes I to V (GB 3838-2002), of those that decide."""
_OLD_LABORATORY = 7
"""Every so many samples are analysed where `<` is written for what cannot be detected."""
_MINUTES = 60


def _samples(city: City, slot: Slot) -> Batch:
    """Of one day: sections in turn, at another minute each time."""
    sections = read_table("water_sections.csv")
    position = np.arange(slot.first, slot.first + slot.rows)
    section, keys = position % len(sections), keys_of(city.seed, position)
    minute = 8 * _MINUTES + np.arange(slot.rows) // len(sections) * 7 % (8 * _MINUTES)
    measured = {name: _values(keys, name, usual, places) for name, usual, places, _, _ in _ITEMS}
    measured["总氮"] = np.maximum(measured["总氮"], measured["氨氮"] + 0.2)
    marks = {name: _written(measured[name], places, limit, position) for name, _, places, limit, _ in _ITEMS}
    columns = {
        "断面编码": taken([row["code"] for row in sections], section),
        "断面名称": taken([row["name"] for row in sections], section),
        "河流名称": taken([row["river"] for row in sections], section),
        "所在区划": taken([row["division_code"] for row in sections], section),
        "采样时间": _times(slot, minute),
        "水温": decimals(14 + 8 * chances(keys, "warm"), 1),
        "pH值": decimals(7 + 1.4 * chances(keys, "pH"), 1),
        "溶解氧": decimals(6 + 4 * chances(keys, "oxygen"), 1),
        "电导率": decimals(20 + 20 * chances(keys, "conductivity"), 1),
        **marks,
        "水质类别": taken(_CLASSES, _worst_class(measured)),
        "目标类别": taken([row["target"] for row in sections], section),
        "监测单位": taken(["咸宁生态环境监测演示中心", "第三方演示检测有限公司"], position % _OLD_LABORATORY // 6),
    }
    return Batch(columns, [])


def _values(keys: np.ndarray[tuple[int], np.dtype[np.uint64]], name: str, usual: float, places: int) -> Floats:
    return np.round(usual * np.exp(1.2 * (chances(keys, name) - 0.5)), places)


def _written(values: Floats, places: int, limit: float, sample: Ints) -> Texts:
    """The value, or that it is below the limit."""
    text = f"{limit:f}".rstrip("0")
    below = taken([f"{text}L", f"<{text}"], (sample % _OLD_LABORATORY == _OLD_LABORATORY - 1).astype(np.int8))
    is_below = values < limit
    plain = decimals(values, places).to_pylist()
    return taken(
        [b if hidden else v for v, b, hidden in zip(plain, below.to_pylist(), is_below, strict=True)],
        np.arange(len(values)),
    )


def _worst_class(measured: dict[str, Floats]) -> Ints:
    """Position in _CLASSES by the worst item (GB 3838-2002, 5.1); what cannot be detected is of the first class."""
    of_items = [np.searchsorted(limits, measured[name]) for name, _, _, _, limits in _ITEMS if limits]
    worst: Ints = np.max(of_items, axis=0)
    return worst


def _times(slot: Slot, minute: Ints) -> Texts:
    clock = pc.utf8_slice_codeunits(clock_times(minute * _MINUTES), 0, 5)
    return joined(repeated(slot.business_date.isoformat(), slot.rows), " ", clock)


_AMMONIA = "氨氮"

DATA = Generated(
    weight=0.4,
    fewest=150,
    rows=each_file(_samples),
    kinds=(
        *of_division("所在区划"),
        *of_line("断面名称", ","),
        missing("断面编码"),
        Kind("below_limit_in_words", _AMMONIA, "reject", "concentration_format", d.constant("未检出")),
        Kind("below_limit_as_nd", "总磷", "reject", "concentration_format", d.constant("ND")),
        Kind("both_marks", "铜", "reject", "concentration_format", d.constant("<0.001L")),
        Kind("full_width_less_than", "砷", "normalise", "concentration_censored", d.constant("＜0.0003")),
        Kind("limit_with_small_l", "汞", "normalise", "concentration_censored", d.constant("0.00004l")),
        Kind("negative_concentration", "锌", "reject", "concentration_format", d.constant("-0.02")),
        Kind("ph_of_another_scale", "pH值", "reject", "ph_is_possible", d.constant("74")),
        Kind("oxygen_in_percent", "溶解氧", "reject", "dissolved_oxygen_is_possible", d.constant("98.0")),
        Kind(
            "class_too_good",
            "水质类别",
            "warn",
            "class_is_not_better_than_the_worst_item",
            d.constant("Ⅰ"),
            "Ⅲ|Ⅳ|Ⅴ|劣Ⅴ",
        ),
        Kind("class_in_digits", "水质类别", "reject", "unknown_code", d.constant("3")),
        Kind(
            "sampled_in_future",
            "采样时间",
            "reject",
            "sampled_on_or_before_business_date",
            d.constant("2036-01-15 09:00"),
        ),
    ),
    bad_files=(BadFile("column_missing", "missing_column", files.without_first_column(","), "_less"),),
)
