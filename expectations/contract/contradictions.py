"""What contracts say that cannot be true, each alone or together: nonsense that no single key shows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from expectations import once_only
from expectations.contract.feed import FeedContract, Sensitivity
from expectations.contract.impossible import impossible

CLASSES = {"1": "基础信息资源", "2": "主题信息资源", "3": "部门信息资源"}
"""信息资源类, the first digit of a code; the guide, 6.1."""
ITEMS = {
    "基础信息资源/人口": "01",
    "基础信息资源/法人单位": "02",
    "基础信息资源/自然资源和空间地理": "03",
    "基础信息资源/社会信用": "04",
    "基础信息资源/电子证照": "05",
    "主题信息资源/公共服务": "01",
    "主题信息资源/健康保障": "02",
    "主题信息资源/社会保障": "03",
    "主题信息资源/食品药品安全": "04",
    "主题信息资源/安全生产": "05",
    "主题信息资源/价格监管": "06",
    "主题信息资源/能源安全": "07",
    "主题信息资源/信用体系": "08",
    "主题信息资源/城乡建设": "09",
    "主题信息资源/社区治理": "10",
    "主题信息资源/生态环保": "11",
    "主题信息资源/应急维稳": "12",
}
"""信息资源项, the next two digits, of the categories that the guide lists; others are a provider's own."""


def contradictions(feeds: Sequence[FeedContract]) -> list[str]:
    """A line for each, with the contract and what to do; empty where all is well."""
    alone = [f"expectations/feeds/{feed.id}.yml: {fault}" for feed in feeds for fault in _alone(feed)]
    return [*alone, *_together(feeds), *once_only.faults(feeds)]


def _alone(feed: FeedContract) -> Iterator[str]:
    entry = feed.catalogue
    kind, item = entry.code[0], entry.code[1:3]
    if not entry.category.startswith(CLASSES[kind]):
        yield f"catalogue.code begins with {kind}, which is {CLASSES[kind]}, but the category is {entry.category}"
    elif (wanted := ITEMS.get("/".join(entry.category.split("/")[:2]))) not in (None, item):
        yield f"catalogue.code has the item {item}, but {entry.category} is {wanted}"
    if entry.share_type == "unconditional" and entry.share_condition:
        yield "share_type unconditional has no share_condition: leave it out, or take conditional"
    if entry.share_type == "none" and "《" not in (entry.share_condition or ""):
        yield "share_type none needs the law that forbids it in share_condition: 《…》第…条"
    if entry.is_open and all(column.sensitivity is not Sensitivity.OPEN for column in feed.columns):
        yield "is_open, but no column has the sensitivity open"
    yield from impossible(feed)


def _together(feeds: Sequence[FeedContract]) -> Iterator[str]:
    by_code, codes_of, names_of = defaultdict(list), defaultdict(set), defaultdict(set)
    for feed in feeds:
        by_code[feed.catalogue.code].append(feed.id)
        codes_of[feed.catalogue.provider].add(feed.catalogue.provider_code)
        names_of[feed.catalogue.provider_code].add(feed.catalogue.provider)
    for code, several in by_code.items():
        if len(several) > 1:
            yield f"catalogue.code {code} is that of {', '.join(several)}: a code names one resource"
    for provider, codes in codes_of.items():
        if len(codes) > 1:
            yield f"provider {provider} has several codes: {', '.join(sorted(codes))}"
    for code, names in names_of.items():
        if len(names) > 1:
            yield f"provider_code {code} is that of several: {'、'.join(sorted(names))}"
