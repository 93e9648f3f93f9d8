"""Contracts as dbt sources: what the staging models may read, described as the contract describes it."""

from typing import Any

import yaml

from expectations.contract.feed import Column, FeedContract
from expectations.entity_spec import EntitySpec

_NOTE = "# Rendered by `make render`; change the contract or the spec of the entity, not this file.\n"
PROVENANCE = (
    ("_delivery_id", "string", "报送编号。The delivery that the row came in."),
    ("_row_number", "bigint", "在报送文件中的行号。Row number in the delivery."),
    ("_business_date", "date", "业务日期。Business date of the delivery."),
    ("_delivery_sequence", "bigint", "报送到达次序。Order of arrival of the delivery."),
    ("_warnings", "array<string>", "警告代码。Codes of the warnings on this row."),
    ("_notes", "array<string>", "清洗说明。What cleansing changed."),
    ("_rescued", "string", "契约外的列。Columns that the contract does not know, as JSON."),
    ("_valid_from", "timestamp", "生效时间。Since when the row is what is known."),
    ("_valid_to", "timestamp", "失效时间。Until when; null for current rows."),
    ("_is_current", "boolean", "是否现行。The row is the current one of its key."),
)
"""Name, Spark type and description of the columns that every silver row has beside its contract's."""


def feed_source(feed: FeedContract) -> str:
    """The text of a feed's file of sources: its table of source `silver`."""
    return _source("silver", "各部门数据，一源一表。Conformed feeds, one table each.", [_feed(feed)])


def entity_source(spec: EntitySpec) -> str:
    """The text of an entity's file of sources: its tables of source `entities`."""
    tables = [_entity(spec), _record(spec), _member(spec)]
    return _source("entities", "实体归一的结果。Who is who: persons and legal entities.", tables)


def _source(name: str, description: str, tables: list[dict[str, Any]]) -> str:
    """Text of one file; a source may have as many as it likes, as long as no two name the same table."""
    source = {"name": name, "schema": name, "description": description, "tables": tables}
    document = {"version": 2, "sources": [source]}
    return _NOTE + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=10_000)


def _feed(feed: FeedContract) -> dict[str, Any]:
    columns = [
        {"name": column.name, "data_type": column.domain.spark, "description": column_description(column)}
        for column in feed.columns
    ]
    columns += [{"name": name, "data_type": kind, "description": text} for name, kind, text in PROVENANCE]
    description = f"{feed.title}。{feed.title_en}. Grain: {feed.grain}, with history."
    return {"name": feed.table, "description": description, "columns": columns}


def column_description(column: Column) -> str:
    """What a column is, in both languages, and how sensitive."""
    title = f"{column.source}。" if not column.source.isascii() else f"{column.domain.title}。"
    return f"{title}{column.title_en}. [{column.sensitivity.value}]"


def _entity(spec: EntitySpec) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [{"name": spec.id_column, "description": f"{spec.title}永久编号。Permanent id."}]
    for attribute in spec.attributes:
        title = f"{attribute.title}。{attribute.title_en}."
        survival = {"believe": list(attribute.believe), "survive": attribute.survive}
        columns.append({"name": attribute.name, "description": title, "config": {"meta": survival}})
        columns.append(
            {"name": f"{attribute.name}_source", "description": f"{attribute.title}的来源。Feed that it came from."}
        )
        columns.append(
            {
                "name": f"{attribute.name}_date",
                "description": f"{attribute.title}的业务日期。When that feed last said it.",
            }
        )
    columns += [
        {"name": "feeds", "description": "提及该实体的数据源。Feeds that speak of it."},
        {"name": "records", "description": "记录数。Records that speak of it."},
        {"name": "profiles", "description": "不同说法数。Distinct contents among them."},
        {"name": "first_business_date", "description": "最早业务日期。First business date."},
        {"name": "last_business_date", "description": "最近业务日期。Last business date."},
    ]
    return {
        "name": spec.entity,
        "description": f"{spec.title}，一行一个。{spec.title_en}, one row each.",
        "columns": columns,
    }


def _record(spec: EntitySpec) -> dict[str, Any]:
    columns = [
        {"name": "feed", "description": "数据源。Feed."},
        {"name": "role", "description": "角色。What the entity is in that row."},
        *({"name": name, "data_type": kind, "description": text} for name, kind, text in PROVENANCE[:2]),
        {"name": "profile_id", "description": "内容标识。What the record says, as 64 bits."},
        {"name": "node_id", "description": "归并节点。Leads to the entity in the member table."},
    ]
    description = f"{spec.title}的每次提及。Each mention of a {spec.title_en.lower()} in silver, and its node."
    return {"name": f"{spec.entity}_record", "description": description, "columns": columns}


def _member(spec: EntitySpec) -> dict[str, Any]:
    columns = [
        {"name": "node_id", "description": "归并节点。Node."},
        {"name": "component", "description": "连通分量。Everything that links lead to, before splitting."},
        {"name": spec.id_column, "description": "永久编号。Permanent id."},
    ]
    description = f"{spec.title}的归并结果。Which {spec.title_en.lower()} each node is."
    return {"name": f"{spec.entity}_member", "description": description, "columns": columns}
