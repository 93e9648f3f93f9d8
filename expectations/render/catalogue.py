"""Contracts -> the information-resource catalogue of the national guide, an entry a contract.

政务信息资源目录编制指南（试行）(发改高技〔2017〕1272号), section 3: twelve core elements, and related resources. What a
contract does not say is taken as narrowly as can be: shared on application, not opened.
"""

import json
from pathlib import Path
from typing import Any

from expectations.code_tables import codes_of
from expectations.contract.feed import Column, FeedContract, Sensitivity

STANDARD = "政务信息资源目录编制指南（试行）（发改高技〔2017〕1272号）"
SCHEMA = Path(__file__).with_name("catalogue.schema.json")
SHARE_TYPES = {"unconditional": "无条件共享", "conditional": "有条件共享", "none": "不予共享"}
SHARE_METHODS = {"platform": "共享平台", "mail": "邮件", "disk": "拷盘"}
UPDATE_CYCLES = {
    "real_time": "实时",
    "hour": "每小时",
    "day": "每日",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "term": "每学期",
    "year": "每年",
}
FORMATS = {
    "file": "电子文件",
    "spreadsheet": "电子表格",
    "database": "数据库",
    "picture": "图形图像",
    "stream": "流媒体",
    "self_describing": "自描述格式",
}
NOT_STATED = "提供方尚未填写共享属性，按有条件共享办理：逐次申请，由提供方审核"
"""共享条件 of a contract that says nothing of sharing."""
UNBOUNDED = "不定长"
"""数据长度 of texts without a bound."""
_LETTERS = {"字符型": "C", "数值型": "N", "货币型": "Y", "日期型": "D", "日期时间型": "T", "逻辑型": "L"}
"""Letters of data types in the guide, 8."""
_BY_SPARK = {"date": "日期型", "timestamp": "日期时间型", "boolean": "逻辑型", "bigint": "数值型"}
_LENGTHS = {"date": "10", "timestamp": "19", "boolean": "1", "bigint": "19"}
"""Characters of a value as the lake gives it: `2026-11-01`, `2026-11-01 08:00:00`."""
_PUBLIC = {Sensitivity.OPEN, Sensitivity.INTERNAL}
"""What may be shared without condition where the resource is: nothing about persons."""


def catalogue_document(feeds: tuple[FeedContract, ...]) -> dict[str, Any]:
    """The catalogue as a document that `catalogue.schema.json` describes, in the order of feeds."""
    return {"标准": STANDARD, "信息资源": [entry_document(feed, feeds) for feed in feeds]}


def catalogue_json(feeds: tuple[FeedContract, ...]) -> str:
    """The catalogue as JSON; the same contracts give the same text."""
    return json.dumps(catalogue_document(feeds), ensure_ascii=False, indent=2) + "\n"


def entry_document(feed: FeedContract, feeds: tuple[FeedContract, ...]) -> dict[str, Any]:
    """One entry: the guide's elements under the guide's names, its items within.

    Args:
        feed: whose entry it is.
        feeds: all of the catalogue, among which related resources are looked for.
    """
    entry, elements = feed.catalogue, catalogue_elements(feed)
    plain = ("信息资源分类", "信息资源名称", "信息资源代码", "信息资源提供方", "信息资源提供方代码", "信息资源摘要")
    sharing = ("共享类型", "共享条件", "共享方式")
    return {
        **{name: elements[name] for name in plain},
        "信息资源格式": {"格式分类": elements["信息资源格式"], "格式类型": format_type(feed)},
        "信息项": [_item(column, feed) for column in feed.columns],
        "共享属性": {name: elements[name] or None for name in sharing},
        "开放属性": {"是否向社会开放": elements["是否向社会开放"], "开放条件": elements["开放条件"] or None},
        "更新周期": elements["更新周期"],
        "发布日期": entry.published_on.isoformat() if entry.published_on else None,
        "关联资源代码": [other.catalogue.code for other in related_feeds(feed, feeds)],
    }


def catalogue_elements(feed: FeedContract) -> dict[str, str]:
    """The core elements of a resource by their names in the guide, but for its items and what follows publication."""
    entry = feed.catalogue
    return {
        "信息资源分类": entry.category,
        "信息资源名称": feed.title,
        "信息资源代码": entry.code,
        "信息资源提供方": entry.provider,
        "信息资源提供方代码": entry.provider_code,
        "信息资源摘要": entry.summary,
        "信息资源格式": FORMATS[entry.format],
        "共享类型": SHARE_TYPES[entry.share_type],
        "共享条件": _share_condition(feed),
        "共享方式": SHARE_METHODS[entry.share_method],
        "是否向社会开放": "是" if entry.is_open else "否",
        "开放条件": _open_condition(feed),
        "更新周期": UPDATE_CYCLES[entry.update_cycle],
    }


def item_type(column: Column) -> str:
    """数据类型 of an information item."""
    if column.type == "amount":
        return "货币型"
    spark = column.domain.spark
    return _BY_SPARK.get(spark, "字符型" if spark == "string" else "数值型")


def item_length(column: Column) -> str:
    """数据长度 of an information item: characters, `18,2` with its decimals, or that there is no bound."""
    spark = column.domain.spark
    if column.type == "code":
        return str(max(map(len, column.values or codes_of(column.code_table or ""))))
    if "decimal(" in spark:
        return spark.partition("decimal(")[2].partition(")")[0]
    return _LENGTHS.get(spark) or str(column.domain.length or UNBOUNDED)


def is_shared_freely(column: Column, feed: FeedContract) -> bool:
    """The item needs no application: neither the resource nor the item is about persons, or otherwise bound."""
    return feed.catalogue.share_type == "unconditional" and column.sensitivity in _PUBLIC


def is_open_item(column: Column, feed: FeedContract) -> bool:
    """The item may be opened to the public."""
    return feed.catalogue.is_open and column.sensitivity is Sensitivity.OPEN


def format_type(feed: FeedContract) -> str:
    """格式类型: the suffix of files, or the way in which rows are read."""
    return feed.arrival.title if feed.arrival.yields == "rows" else feed.layout.suffixes[0].lstrip(".")


def related_feeds(feed: FeedContract, feeds: tuple[FeedContract, ...]) -> list[FeedContract]:
    """Other feeds that speak of the same kinds of entity."""
    mine = {mention.entity for mention in feed.mentions}
    return [other for other in feeds if other.id != feed.id and mine & {mention.entity for mention in other.mentions}]


def _item(column: Column, feed: FeedContract) -> dict[str, str]:
    """An information item; one about persons is shared on application whatever the resource is."""
    kind = item_type(column)
    sharing = feed.catalogue.share_type
    if sharing == "unconditional" and not is_shared_freely(column, feed):
        sharing = "conditional"
    return {
        "信息项名称": column.source,
        "数据类型": f"{kind}{_LETTERS[kind]}",
        "数据长度": item_length(column),
        "共享类型": SHARE_TYPES[sharing],
        "是否向社会开放": "是" if is_open_item(column, feed) else "否",
    }


def _share_condition(feed: FeedContract) -> str:
    entry = feed.catalogue
    if entry.share_type != "unconditional":
        return entry.share_condition or NOT_STATED
    bound = [column.source for column in feed.columns if not is_shared_freely(column, feed)]
    return f"含个人信息的信息项按有条件共享办理：{'、'.join(bound)}" if bound else ""


def _open_condition(feed: FeedContract) -> str:
    if not feed.catalogue.is_open:
        return ""
    closed = [column.source for column in feed.columns if not is_open_item(column, feed)]
    within = f"不含以下信息项：{'、'.join(closed)}" if closed else ""
    return "；".join(text for text in (feed.catalogue.open_condition, within) if text)
