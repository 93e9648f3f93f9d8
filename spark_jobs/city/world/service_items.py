"""The city's government-service items: 11,716 by the study of 2020, 7,053 done on the spot and 11,657 online."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from spark_jobs.city.world import departments as of
from spark_jobs.city.world.chance import choices, keys_of
from spark_jobs.city.world.places import OLD_COUNTY_CODES
from spark_jobs.city.world.texts import Ints, Texts, joined, numbers, taken

ITEMS, _ON_THE_SPOT, _ONLINE = 11_716, 7053, 11_657
KINDS = ["01", "05", "07", "08", "10", "20"]
"""行政许可, 行政给付, 行政确认, 行政奖励, 其他行政权力, 公共服务."""
PUBLIC_SERVICE = KINDS.index("20")
_OF_PLATFORM = [
    ("企业设立登记", of.MARKET_REGULATION, 1),
    ("食品经营许可", of.MARKET_REGULATION, 10),
    ("居住证签发", of.PUBLIC_SECURITY, 7),
    ("不动产转移登记", of.NATURAL_RESOURCES, 3),
    ("建筑工程施工许可", of.HOUSING, 5),
    ("医疗机构执业登记", of.HEALTH, 15),
    ("异地就医备案", of.MEDICAL_INSURANCE, 1),
    ("社会团体成立登记", of.CIVIL_AFFAIRS, 20),
]
"""The items of the approval platform's cases, in the order of their codes: name, department, promised working days."""
_MATTERS = {
    of.PUBLIC_SECURITY: ("户口迁移", "居民身份证换领", "机动车登记", "特种行业许可", "出入境证件签发"),
    of.GOVERNMENT_SERVICE: ("帮办代办申请", "公共资源交易项目登记", "政府信息公开申请"),
    of.CIVIL_AFFAIRS: ("最低生活保障金给付", "高龄津贴给付", "养老机构备案", "地名命名", "结婚登记"),
    of.HEALTH: ("医师执业注册", "公共场所卫生许可", "再生育审批", "护士执业注册"),
    of.MEDICAL_INSURANCE: ("参保登记", "门诊慢特病认定", "生育保险待遇核准", "医疗费用报销"),
    of.MARKET_REGULATION: ("营业执照变更登记", "特种设备使用登记", "药品经营许可", "计量标准器具核准"),
    of.NATURAL_RESOURCES: ("建设用地规划许可", "不动产抵押登记", "采矿权登记", "林木采伐许可"),
    of.HOUSING: ("商品房预售许可", "公租房申请", "施工图审查备案", "住房公积金提取"),
    of.DEVELOPMENT_REFORM: ("企业投资项目备案", "固定资产投资项目核准", "节能审查"),
    of.HUMAN_RESOURCES: ("失业登记", "职业技能鉴定", "社会保险登记", "劳动用工备案", "创业担保贷款"),
    of.TRANSPORT: ("道路运输经营许可", "道路货运车辆审验", "涉路施工许可", "船舶登记"),
    of.EDUCATION: ("教师资格认定", "民办学校设立", "学籍转学", "校车使用许可"),
    of.ECOLOGY: ("环境影响评价审批", "排污许可", "危险废物经营许可", "辐射安全许可"),
    of.EMERGENCY: ("危险化学品经营许可", "烟花爆竹零售许可", "安全生产许可"),
}
_CASES = ("首次申请", "变更", "延续", "补发", "注销", "遗失补办", "信息查询", "到期换发")


@dataclass(frozen=True)
class ServiceItems:
    """Every item, one position each."""

    code: Texts
    """Implementation code of 31 characters: department's credit code, level, twelve digits."""
    name: Texts
    department: Ints
    """Position in DEPARTMENTS."""
    level: Ints
    """3 city, 4 county."""
    county: Ints
    """Six-digit code; of an item of the city 421200."""
    kind: Ints
    """Position in KINDS."""
    legal_days: Ints
    promised_days: Ints
    is_on_the_spot: Ints
    is_online: Ints
    visits: Ints
    """How often an applicant must come."""

    def __len__(self) -> int:
        return len(self.department)


@cache
def service_items() -> ServiceItems:
    """All items; the approval platform's come first."""
    every = np.arange(ITEMS)
    keys = keys_of(0, every)
    pairs = [(department, matter) for department, matters in _MATTERS.items() for matter in matters]
    pair, step = every % len(pairs), every // len(pairs)
    case, place = step % len(_CASES), step // len(_CASES)
    counties = [421200, *sorted(OLD_COUNTY_CODES)]
    county = np.array(counties)[place % len(counties)]
    level = np.where(county == counties[0], 3, 4)
    department = np.array([of.DEPARTMENTS.index(each) for each, _ in pairs])[pair]
    name = joined(taken([matter for _, matter in pairs], pair), "（", taken(list(_CASES), case), "）")
    code = joined(taken(of.CODES, department), numbers(level), numbers(county), numbers(every, 6))
    first = np.arange(len(_OF_PLATFORM))
    legal = np.array([5, 7, 15, 20, 30, 60])[choices(keys, "legal days", 6)]
    is_on_the_spot = _so_many(keys, "on the spot", _ON_THE_SPOT)
    promised = np.where(is_on_the_spot == 1, 0, legal * (30 + choices(keys, "promised", 50)) // 100)
    return ServiceItems(
        code=_beginning_with([f"{each.uscc}4212{i:09d}" for i, (_, each, _) in enumerate(_OF_PLATFORM, 1)], code),
        name=_beginning_with([each for each, _, _ in _OF_PLATFORM], name),
        department=_first(department, [of.DEPARTMENTS.index(each) for _, each, _ in _OF_PLATFORM]),
        level=_first(level, [4] * len(first)),
        county=county,
        kind=choices(keys, "kind", len(KINDS)),
        legal_days=np.maximum(legal, _first(promised, [days for _, _, days in _OF_PLATFORM])),
        promised_days=_first(promised, [days for _, _, days in _OF_PLATFORM]),
        is_on_the_spot=is_on_the_spot,
        is_online=_so_many(keys, "online", _ONLINE),
        visits=np.where(is_on_the_spot == 1, 1, 2 * choices(keys, "visits", 2)),
    )


def _so_many(keys: np.ndarray[tuple[int], np.dtype[np.uint64]], about: str, many: int) -> Ints:
    """1 for exactly so many of the items, drawn by chance; 0 for the others."""
    chosen = np.zeros(ITEMS, np.int64)
    chosen[np.argsort(choices(keys, about, 2**40), kind="stable")[:many]] = 1
    return chosen


def _first(values: Ints, own: list[int]) -> Ints:
    found = values.copy()
    found[: len(own)] = own
    return found


def _beginning_with(own: list[str], texts: Texts) -> Texts:
    return taken(own + texts.to_pylist()[len(own) :], np.arange(len(texts)))
