"""Departments of the city's government: made-up social credit codes, the same in every feed that names one."""

from typing import NamedTuple


class Department(NamedTuple):
    """One department."""

    name: str
    uscc: str


PUBLIC_SECURITY = Department("咸宁市公安局", "11421200MFXN01009J")
GOVERNMENT_SERVICE = Department("咸宁市政务服务和大数据管理局", "11421200MFXN01017D")
CIVIL_AFFAIRS = Department("咸宁市民政局", "11421200MFXN010258")
HEALTH = Department("咸宁市卫生健康委员会", "11421200MFXN010333")
MEDICAL_INSURANCE = Department("咸宁市医疗保障局", "11421200MFXN01041X")
MARKET_REGULATION = Department("咸宁市市场监督管理局", "11421200MFXN0105XM")
NATURAL_RESOURCES = Department("咸宁市自然资源和规划局", "11421200MFXN01068M")
HOUSING = Department("咸宁市住房和城乡建设局", "11421200MFXN01076G")
DEVELOPMENT_REFORM = Department("咸宁市发展和改革委员会", "11421200MFXN01084B")
HUMAN_RESOURCES = Department("咸宁市人力资源和社会保障局", "11421200MFXN010926")
TRANSPORT = Department("咸宁市交通运输局", "11421200MFXN01121H")
EDUCATION = Department("咸宁市教育局", "11421200MFXN011489")
ECOLOGY = Department("咸宁市生态环境局", "11421200MFXN0121XW")
EMERGENCY = Department("咸宁市应急管理局", "11421200MFXN01236P")

DEPARTMENTS = (
    PUBLIC_SECURITY,
    GOVERNMENT_SERVICE,
    CIVIL_AFFAIRS,
    HEALTH,
    MEDICAL_INSURANCE,
    MARKET_REGULATION,
    NATURAL_RESOURCES,
    HOUSING,
    DEVELOPMENT_REFORM,
    HUMAN_RESOURCES,
    TRANSPORT,
    EDUCATION,
    ECOLOGY,
    EMERGENCY,
)
NAMES = [each.name for each in DEPARTMENTS]
CODES = [each.uscc for each in DEPARTMENTS]
