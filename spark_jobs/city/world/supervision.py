"""Who supervises the city's firms: departments, the 901 items of the supervision list, officers with their cards."""

from functools import cache

import numpy as np

from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.persons import Persons
from spark_jobs.city.world.texts import Ints, Texts, numbers, taken

ITEMS = 901
"""Entries of the city's supervision list, by the study of 2020."""

DEPARTMENTS = [
    ("11421200MFXN0105XM", "咸宁市市场监督管理局", ("食品经营者", "药品经营企业", "特种设备使用单位", "广告经营者")),
    ("11421200MFXN0121XW", "咸宁市生态环境局", ("排污单位", "危险废物经营单位", "机动车检验机构", "辐射工作单位")),
    ("11421200MFXN01236P", "咸宁市应急管理局", ("危险化学品企业", "非煤矿山", "烟花爆竹零售点", "冶金企业")),
    (
        "11421200MFXN01076G",
        "咸宁市住房和城乡建设局",
        ("建筑施工企业", "房地产开发企业", "物业服务企业", "燃气经营企业"),
    ),
    ("11421200MFXN010333", "咸宁市卫生健康委员会", ("医疗机构", "公共场所", "放射诊疗单位", "饮用水供水单位")),
    ("11421200MFXN01228W", "咸宁市水利和湖泊局", ("取水单位", "河道采砂单位", "水利工程建设单位", "生产建设项目")),
    ("11421200MFXN01068M", "咸宁市自然资源和规划局", ("采矿权人", "测绘单位", "土地使用权人", "建设单位")),
    ("11421200MFXN01009J", "咸宁市公安局", ("旅馆", "保安服务公司", "剧毒化学品使用单位", "印章业")),
    ("11421200MFXN01041X", "咸宁市医疗保障局", ("定点医院", "定点药店", "参保单位", "医药企业")),
]
"""Social credit code, name, whom they supervise."""

_MATTERS = [
    *(
        "许可条件保持情况",
        "经营场所",
        "从业人员资格",
        "安全生产责任制",
        "台账记录",
        "应急预案",
        "设施设备运行",
        "信息公示",
    ),
    *("质量管理体系", "标签标识", "价格行为", "合同履行", "档案管理", "隐患整改情况", "消防安全", "计量器具"),
    *("广告宣传", "投诉处理", "年度报告", "数据报送", "教育培训", "检验检测", "储存运输", "废弃物处置", "投入品使用"),
    "禁止行为",
]
_OFFICERS_PER_PERSON, _FEWEST_OFFICERS = 0.004, 24


@cache
def item_departments() -> Ints:
    """Position in DEPARTMENTS of each item."""
    return np.arange(ITEMS) % len(DEPARTMENTS)


@cache
def item_codes() -> Texts:
    """Directory codes of fourteen digits: four of the department, seven of the main item, three of the item within."""
    main = np.arange(ITEMS) // len(DEPARTMENTS)
    serial = (1201 + item_departments()) * 10**10 + (1 + main // len(_MATTERS)) * 10**3 + 1 + main % len(_MATTERS)
    return numbers(serial, 14)


@cache
def item_names() -> Texts:
    """For example 对食品经营者许可条件保持情况的行政检查; no two alike."""
    main = np.arange(ITEMS) // len(DEPARTMENTS)
    subject = [DEPARTMENTS[d][2][m // len(_MATTERS)] for d, m in zip(item_departments(), main, strict=True)]
    return taken(
        [f"对{s}{_MATTERS[m % len(_MATTERS)]}的行政检查" for s, m in zip(subject, main, strict=True)], _every()
    )


@cache
def item_subjects() -> Texts:
    """Whom each item is about."""
    main = np.arange(ITEMS) // len(DEPARTMENTS)
    subject = [DEPARTMENTS[d][2][m // len(_MATTERS)] for d, m in zip(item_departments(), main, strict=True)]
    return taken(subject, _every())


@cache
def check_list_codes() -> Texts:
    """Implementation codes of 31 characters: body's credit code, level 3 (city), twelve digits."""
    of_item = zip(item_departments(), np.arange(ITEMS), strict=True)
    return taken([f"{DEPARTMENTS[d][0]}3421200{i + 1:06d}" for d, i in of_item], _every())


def _every() -> Ints:
    return np.arange(ITEMS)


def officers(persons: Persons, today: int) -> Ints:
    """Person uids of the enforcement officers: grown-up residents, spread over all of the city."""
    years = (today - persons.birth[persons.residents]) // 365
    fit = persons.residents[(years >= 24) & (years < 59)]
    many = min(max(int(len(persons) * _OFFICERS_PER_PERSON), _FEWEST_OFFICERS), len(fit))
    return fit[np.arange(many) * len(fit) // many]


def officer_departments(count: int) -> Ints:
    """Position in DEPARTMENTS of each officer."""
    return np.arange(count) % len(DEPARTMENTS)


def card_numbers(place: Ints) -> Texts:
    """Numbers of enforcement cards: eleven digits that begin with the province's and the city's."""
    return numbers(17_120_000_000 + place * 7 + 1)


def officer_of(department: Ints, count: int, seed: int, about: Ints) -> Ints:
    """Position of one of so many officers that serves that department, for each thing that it is about."""
    many = len(DEPARTMENTS)
    serving = np.maximum((count - department + many - 1) // many, 1)
    nth = choices(keys_of(seed, about), "officer", serving)
    found: Ints = np.minimum(nth * many + department, count - 1)
    return found
