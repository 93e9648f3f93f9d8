"""What is collected although another department leads it, as a table in Chinese."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from expectations.once_only import Repeated, State, title_of

WORDS: dict[State, str] = {"repeated": "应共享获取", "justified": "已说明理由", "unidentified": "缺少标识"}
_STYLES: dict[State, str] = {"repeated": "red", "justified": "green", "unidentified": "yellow"}
_HEADINGS = ("数据约定", "采集的信息项", "数据元", "牵头部门", "应取自", "凭", "处理", "理由或下一步")
_NEXT: dict[State, str] = {
    "repeated": "改为共享获取，或在约定中说明理由（collected_because）",
    "justified": "",
    "unidentified": "先采集标识（身份号码、统一社会信用代码等），再共享获取",
}


def once_only_table(found: Sequence[Repeated]) -> Table:
    """A line for each contract, department and what becomes of it; the title counts data items."""
    counts = Counter(each.state for each in found)
    summary = "，".join(f"{WORDS[state]} {counts[state]}" for state in WORDS)
    table = Table(title=f"一数一源：{len(found)} 个信息项由其他部门牵头（{summary}）")
    for heading in _HEADINGS:
        table.add_column(heading)
    grouped: dict[tuple[str, str, State, str], list[Repeated]] = defaultdict(list)
    for each in found:
        grouped[each.contract.id, each.provider, each.state, each.reason or ""].append(each)
    for (feed, provider, state, reason), several in grouped.items():
        columns = _joined(each.collected.column.source for each in several)
        elements = _joined(title_of(each.collected.element) for each in several)
        sources = _joined(leader.id for each in several for leader in each.leaders)
        keys = _joined(column.source for each in several for column in each.collected.identifiers)
        what = Text(WORDS[state], _STYLES[state])
        table.add_row(feed, columns, elements, provider, sources, keys, what, reason or _NEXT[state])
    return table


def as_document(each: Repeated) -> dict[str, Any]:
    """One data item for JSON."""
    return {
        "feed": each.contract.id,
        "column": each.collected.column.name,
        "source": each.collected.column.source,
        "element": each.collected.element,
        "title": title_of(each.collected.element),
        "state": each.state,
        "lead": each.provider,
        "take_from": [leader.id for leader in each.leaders],
        "by": [column.name for column in each.collected.identifiers],
        "reason": each.reason,
    }


def _joined(texts: Any) -> str:
    return "、".join(dict.fromkeys(texts))
