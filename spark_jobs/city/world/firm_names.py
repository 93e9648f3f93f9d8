"""Names of firms in four parts, division, core, trade and form, and a branch's part at the end."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark_jobs.city.world.chance import Keys, Mask, choices
from spark_jobs.city.world.names import surnames
from spark_jobs.city.world.places import county_names
from spark_jobs.city.world.texts import Ints, Texts, joined, taken

ENTERPRISE, INDIVIDUAL, COOPERATIVE = range(3)

_CORE_CHARACTERS = (
    "鑫盛宏达华润恒瑞泰康嘉禾天成金桂香城温泉楚韵东方兴隆永安顺源丰茂博远明德信诚新星光辉福临"
    "亿万通联合众创力拓海川江湖山岳云峰龙凤祥吉庆利发旺富贵荣昌鼎盈锦绣美佳优品尚雅尔维科技亚"
    "太正大中国民建业升腾飞跃腾展望晨阳旭日月明珠宝玉石银铜铁钢木林森草花叶春夏秋冬梅兰竹菊松柏"
    "一二三百千双全长久和平友谊爱家居乐园好运来鸿图志强伟杰文武京沪汉鄂湘赣"
)
_TRADES = [
    *("建材", "餐饮", "农业科技", "物流", "信息技术", "医药", "服饰", "食品", "机械", "茶业", "旅游", "装饰", "电子"),
    *("环保", "商贸", "建筑工程", "教育咨询", "文化传媒", "汽车维修", "家具", "苗木", "养殖", "劳务", "房地产开发"),
    *(
        "置业",
        "运输",
        "广告",
        "网络科技",
        "健康管理",
        "新能源",
        "纺织",
        "化工",
        "印刷",
        "酒店管理",
        "物业管理",
        "生态农业",
    ),
]
_SMALL_TRADES = ["餐馆", "小吃店", "超市", "便利店", "理发店", "五金店", "服装店", "水果店", "早餐店", "药店", "诊所"]
_SMALL_TRADES += [
    "烟酒商行",
    "建材经营部",
    "汽修厂",
    "农资店",
    "副食店",
    "茶叶店",
    "手机店",
    "网吧",
    "养殖场",
    "经营部",
]
TRADES = _TRADES + _SMALL_TRADES
FORMS = ["有限公司", "有限责任公司", "股份有限公司", "厂", "", "专业合作社"]
_NO_FORM = 4
_FIRST_SMALL_TRADE = len(_TRADES)
_BRANCHES = ["分公司", "第一分公司", "第二分公司", "营业部", "第一门市部", "项目部"]


@dataclass(frozen=True)
class NameParts:
    """One row a name; -1 or the position of an empty text where a part is missing."""

    division: Ints
    """Position in `divisions`."""
    core: NDArray[np.int64]
    """Three positions in `core_characters`, 0 where there is no character."""
    trade: Ints
    form: Ints
    branch: Ints
    """Position in `branches`; 0 for a firm itself."""

    def at(self, rows: Ints) -> "NameParts":
        """The names of those rows."""
        return NameParts(self.division[rows], self.core[rows], self.trade[rows], self.form[rows], self.branch[rows])

    def where(self, mask: Mask, other: "NameParts") -> "NameParts":
        """The other's names where the mask holds."""
        return NameParts(
            np.where(mask, other.division, self.division),
            np.where(mask[:, None], other.core, self.core),
            np.where(mask, other.trade, self.trade),
            np.where(mask, other.form, self.form),
            np.where(mask, other.branch, self.branch),
        )


@cache
def core_characters() -> Texts:
    """The empty text, characters of cores, then surnames: a small shop is called after its owner."""
    return pa.array(["", *dict.fromkeys(_CORE_CHARACTERS), "老", "记", "氏", *surnames()[0].to_pylist()], pa.string())


@cache
def divisions() -> list[str]:
    """How a name begins: nothing, province, city, then for each county four forms."""
    names = [name for _, name in sorted(county_names().items())]
    forms = [(name, name[:-1], f"咸宁市{name}", f"湖北省咸宁市{name}") for name in names]
    return ["", "湖北", "湖北省", "咸宁", "咸宁市", *(form for found in forms for form in found)]


@cache
def branches() -> list[str]:
    """How a branch's name ends, for each county and place in the order of branches."""
    names = [name[:-1] for _, name in sorted(county_names().items())]
    return ["", *(f"{name}{ending}" for ending in _BRANCHES for name in names)]


def draw_parts(kind: Ints, county_place: Ints, rng: np.random.Generator) -> NameParts:
    """Names by kind of firm; `county_place` is the position among the city's counties."""
    rows = len(kind)
    any_division = rng.choice(5, rows, p=[0.05, 0.25, 0.05, 0.10, 0.55])
    own_county = 5 + county_place * 4 + rng.choice(3, rows, p=[0.5, 0.2, 0.3])
    in_city = rng.random(rows) < np.where(kind == ENTERPRISE, 0.6, 0.1)
    trade = np.where(
        kind == INDIVIDUAL,
        _FIRST_SMALL_TRADE + rng.integers(0, len(_SMALL_TRADES), rows),
        rng.integers(0, len(_TRADES), rows),
    )
    form = np.select(
        [kind == INDIVIDUAL, kind == COOPERATIVE], [_NO_FORM, 5], rng.choice(4, rows, p=[0.72, 0.2, 0.05, 0.03])
    )
    core = _draw_cores(kind, rng)
    return NameParts(np.where(in_city, any_division, own_county), core, trade, form, np.zeros(rows, np.int64))


def _draw_cores(kind: Ints, rng: np.random.Generator) -> NDArray[np.int64]:
    rows, common = len(kind), len(dict.fromkeys(_CORE_CHARACTERS))
    core = 1 + (rng.random((rows, 3)) ** 1.25 * common).astype(np.int64)
    core[rng.random(rows) < 0.7, 2] = 0
    owner = common + 4 + np.searchsorted(surnames()[1][:-1], rng.random(rows), side="right")
    old = (kind == INDIVIDUAL) & (rng.random(rows) < 0.30)
    core[old] = np.column_stack([np.where(rng.random(rows) < 0.5, common + 1, owner), owner, np.zeros_like(owner)])[old]
    same = old & (core[:, 0] == core[:, 1])
    core[same, 1] = common + 2
    return core


def another_core(core: NDArray[np.int64], where: Ints, rng: np.random.Generator) -> None:
    """Give those rows another third character, as a registrar asks of a name that is taken."""
    core[where, 2] = 1 + rng.integers(0, len(dict.fromkeys(_CORE_CHARACTERS)), len(where))


def written(parts: NameParts, style: Ints, keys: Keys) -> Texts:
    """Names in a style: 0 as registered, 1 other form, 2 no form, 3 no division, 4 other division, 5 neither."""
    swapped = np.where(parts.form == 0, 1, np.where(parts.form == 1, 0, parts.form))
    form = np.select([style == 1, (style == 2) | (style == 5)], [swapped, np.full_like(swapped, _NO_FORM)], parts.form)
    form = np.where(parts.branch > 0, parts.form, form)
    other = np.array([2, 4, 4])[choices(keys, "other division", 3)]
    division = np.select([(style == 3) | (style == 5), style == 4], [np.zeros_like(other), other], parts.division)
    end = taken(["", "(个体工商户)"], ((style == 1) & (parts.trade >= _FIRST_SMALL_TRADE)).astype(np.int8))
    core = [taken(core_characters(), parts.core[:, place]) for place in range(3)]
    head = joined(taken(divisions(), division), *core, taken(TRADES, parts.trade))
    return joined(head, taken(FORMS, form), taken(branches(), parts.branch), end)
