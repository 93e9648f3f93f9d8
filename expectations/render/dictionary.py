"""Contracts -> the data dictionary: one page for each feed, and an index."""

from expectations.contract.feed import Column, FeedContract, Sensitivity
from expectations.dimensions import TITLES
from expectations.once_only import title_of
from expectations.render.catalogue import catalogue_elements, item_type
from expectations.render.markdown import table
from expectations.samples import sample_rows

SENSITIVITIES = {
    Sensitivity.OPEN: "可开放 open",
    Sensitivity.INTERNAL: "内部 internal",
    Sensitivity.PERSONAL: "个人信息 personal",
    Sensitivity.DIRECT: "直接标识 direct",
    Sensitivity.SENSITIVE: "敏感个人信息 sensitive",
}
_SEVERITIES = {"halt": "整批退回 halt", "reject": "隔离 reject", "warn": "提示 warn"}
_MODES = {"append": "追加 append", "merge": "按主键合并，保留历史 merge", "snapshot": "全量快照 snapshot"}


def index_page(feeds: tuple[FeedContract, ...]) -> str:
    """All feeds, each with what a reader needs to choose."""
    rows = [
        [
            f"[{feed.id}]({feed.id}.md)",
            feed.title,
            feed.title_en,
            feed.catalogue.provider,
            f"`silver.{feed.table}`",
            str(len(feed.columns)),
            catalogue_elements(feed)["共享类型"],
            catalogue_elements(feed)["更新周期"],
        ]
        for feed in feeds
    ]
    header = ["资源 Feed", "名称", "Title", "提供方 Provider", "表 Table", "列 Columns", "共享类型", "更新周期"]
    link = "运行时刻：[timetable](timetable.md)。"
    return "\n".join(["# 数据字典 Data dictionary", "", link, "", *table(header, rows), ""])


def feed_page(feed: FeedContract) -> str:
    """All that the contract says of a feed, for people."""
    sections = [
        [f"# {feed.title} {feed.title_en}", "", f"`{feed.id}` · `silver.{feed.table}` · {feed.grain}"],
        ["## 目录信息 Catalogue", "", *table(["要素", "内容"], [[k, v or "—"] for k, v in _catalogue(feed).items()])],
        ["## 到达 Arrival", "", *(f"- {line}" for line in _arrival(feed))],
        ["## 信息项 Columns", "", *_columns(feed)],
        *_codes(feed),
        ["## 行规则 Rules", "", *_rules(feed)],
        ["## 整批核验 Checks", "", *(f"- {line}" for line in _checks(feed))],
        ["## 样例（合成数据） Sample, synthetic", "", *_sample(feed)],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections) + "\n"


def _catalogue(feed: FeedContract) -> dict[str, str]:
    more = {"采集依据 Legal basis": feed.legal_basis, "用途 Purpose": feed.purpose, "负责人 Owner": feed.owner}
    if feed.leads:
        more["牵头的数据元 Leads"] = "、".join(map(title_of, feed.leads))
    if feed.collected_because:
        reasons = (f"{title_of(element)}：{reason}" for element, reason in feed.collected_because.items())
        more["采集他方牵头数据元的理由 Collected because"] = "；".join(reasons)
    return catalogue_elements(feed) | more


def _arrival(feed: FeedContract) -> list[str]:
    how = feed.arrival.describe(feed.id)
    ignored = [f"不采集的列 ignored: {'、'.join(feed.ignore)}"] if feed.ignore else []
    unknown = {"freeze": "退回整批 reject the delivery", "rescue": "保留在 `_rescued` keep"}[feed.on_unknown_column]
    return [how, f"格式 format: {feed.layout.describe()}", f"约定之外的列 unknown columns: {unknown}", *ignored]


def _columns(feed: FeedContract) -> list[str]:
    header = [
        "来源列 Source",
        "列 Column",
        "说明 Title",
        "类型 Type",
        "数据类型",
        "必填 Required",
        "分级 Sensitivity",
        "备注 Notes",
    ]
    rows = [
        [
            column.source,
            f"`{column.name}`" + (" 主键" if column.name in feed.write.key else ""),
            column.title_en,
            f"{column.domain.title} `{column.domain.spark}`",
            item_type(column),
            "是" if column.required else "",
            SENSITIVITIES[column.sensitivity],
            _notes(column),
        ]
        for column in feed.columns
    ]
    return table(header, rows)


def _notes(column: Column) -> str:
    units = {"yuan": "单位：元", "wan_yuan": "来源单位：万元，入库单位：元"}
    parts = [
        column.domain.standard or "",
        f"格式 `{column.format}`" if column.format else "",
        units.get(column.unit or "", ""),
        f"代码表 `{column.code_table}`" if column.code_table else "",
        f"视为空：{'、'.join(column.nulls)}" if column.nulls else "",
        "整列可缺" if column.may_be_absent else "",
    ]
    return "；".join(part for part in parts if part)


def _codes(feed: FeedContract) -> list[list[str]]:
    rows = [[f"`{c.name}`", code, meaning] for c in feed.columns for code, meaning in (c.values or {}).items()]
    return [["## 代码 Codes", "", *table(["列 Column", "代码 Code", "含义 Meaning"], rows)]] if rows else []


def _rules(feed: FeedContract) -> list[str]:
    if not feed.rules:
        return ["没有跨列规则；各类型自身的规则见 `expectations/domain_types/`。"]
    measured = feed.breaches()
    rows = [
        [
            f"`{r.name}`",
            _SEVERITIES[r.severity.value],
            TITLES[measured[r.name].dimension],
            r.message,
            r.fix,
            f"`{r.sql}`",
        ]
        for r in feed.rules
    ]
    return table(["规则 Rule", "后果 Severity", "维度", "说明", "处理办法", "SQL"], rows)


def _checks(feed: FeedContract) -> list[str]:
    checks = feed.checks
    lines = [
        f"每批行数 rows per delivery: {checks.rows.min:,} – {checks.rows.max:,}",
        f"不合格行超过 {checks.max_rejected_share:.0%} 时整批退回 (rejected share)",
        f"写入 write: {_MODES[feed.write.mode]}" + (f"，主键 {', '.join(feed.write.key)}" if feed.write.key else ""),
    ]
    lines += [f"填充率 fill rate `{name}` ≥ {share:.0%}" for name, share in checks.fill_rate.items()]
    lines += [
        f"合计 total `{total.sql}` ∈ [{_bound(total.min)}, {_bound(total.max)}]：{total.message}"
        for total in checks.totals
    ]
    return lines


def _bound(value: float | None) -> str:
    return "—" if value is None else f"{value:,.0f}"


def _sample(feed: FeedContract) -> list[str]:
    header = [column.source for column in feed.columns]
    return table(header, [[row[name] for name in header] for row in sample_rows(feed, 3)])
