"""Contracts -> the information-resource catalogue of the national guide, as a spreadsheet.

政务信息资源目录编制指南（试行）(发改高技〔2017〕1272号), section 3: twelve core elements, and related resources.
"""

import csv
import io

from expectations.contract.feed import Column, FeedContract

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
_COLUMNS = (
    "信息资源分类",
    "信息资源名称",
    "信息资源代码",
    "信息资源提供方",
    "信息资源提供方代码",
    "信息资源摘要",
    "信息资源格式",
    "信息项名称",
    "数据类型",
    "共享类型",
    "共享条件",
    "共享方式",
    "是否向社会开放",
    "更新周期",
    "发布日期",
    "关联资源代码",
)
_ITEM_TYPES = {
    "date": "日期型",
    "timestamp": "日期时间型",
    "integer": "数值型",
    "decimal": "数值型",
    "amount": "货币型",
    "boolean": "逻辑型",
}


def catalogue_csv(feeds: tuple[FeedContract, ...]) -> str:
    """The catalogue, one line for each information item, in the guide's order of columns; with a BOM for Excel.

    The date of publication (element 12) is empty: the platform gives it when the catalogue is published there.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for feed in feeds:
        entry = catalogue_elements(feed)
        related = ";".join(other.catalogue.code for other in related_feeds(feed, feeds))
        for column in feed.columns:
            item = {"信息项名称": column.source, "数据类型": item_type(column), "发布日期": "", "关联资源代码": related}
            writer.writerow([(entry | item)[name] for name in _COLUMNS])
    return "\ufeff" + text.getvalue()


def catalogue_elements(feed: FeedContract) -> dict[str, str]:
    """The core elements of a resource by their names in the guide, but for its items."""
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
        "共享条件": entry.share_condition or "",
        "共享方式": SHARE_METHODS[entry.share_method],
        "是否向社会开放": "是" if entry.is_open else "否",
        "更新周期": UPDATE_CYCLES[entry.update_cycle],
    }


def item_type(column: Column) -> str:
    """数据类型 of an information item."""
    return _ITEM_TYPES.get(column.type, "字符型")


def related_feeds(feed: FeedContract, feeds: tuple[FeedContract, ...]) -> list[FeedContract]:
    """Other feeds that speak of the same kinds of entity."""
    mine = {mention.entity for mention in feed.mentions}
    return [other for other in feeds if other.id != feed.id and mine & {mention.entity for mention in other.mentions}]
