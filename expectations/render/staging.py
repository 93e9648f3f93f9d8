"""Contracts as staging models: the current rows of a feed, and who each of them speaks of."""

from typing import Any

import yaml

from expectations.contract.feed import FeedContract, Mention
from expectations.render.dbt import PROVENANCE, column_description

RENDERED = "Rendered by `make render`"
"""What the first line of a rendered file says; a staging model without it is written by hand and stays."""
_NOTE = f"{RENDERED}; change the contract, or take this line away and write the model by hand."
_KEPT = ("_delivery_id", "_row_number", "_business_date", "_delivery_sequence", "_valid_from")
_ENTITIES = {
    "person": ("person_id", "自然人永久编号", "Permanent id of the person"),
    "legal_entity": ("legal_entity_id", "法人永久编号", "Permanent id of the legal entity"),
}


def staging_name(feed: FeedContract) -> str:
    """The model's name, `stg_<agency>__<feed>`."""
    return f"stg_{feed.table}"


def staging_sql(feed: FeedContract) -> str:
    """The model's text: the contract's columns, an id for each mention, and the row's place in its delivery."""
    mentions = _resolved(feed)
    columns = [f"s.{column.name}" for column in feed.columns]
    columns += [f"{_alias(m)}.{_ENTITIES[m.entity][0]} as {_id(m)}" for m in mentions]
    columns += [f"s.{name}" for name in _KEPT]
    joins = [f"{{{{ join_entity_if_read('{m.entity}', '{feed.id}', '{m.role}', '{_alias(m)}') }}}}" for m in mentions]
    lines = [
        f"{{#- {_NOTE} -#}}",
        "{{- config(materialized='ephemeral') -}}",
        "select",
        *(f"  {column}," for column in columns[:-1]),
        f"  {columns[-1]}",
        f"from {{{{ published('{feed.table}') }}}} as s",
        *joins,
        "where s._is_current",
    ]
    return "\n".join(lines) + "\n"


def staging_docs(feed: FeedContract) -> str:
    """The text of the model's description: its grain and every column."""
    known = {name: text for name, _, text in PROVENANCE}
    columns = [{"name": column.name, "description": column_description(column)} for column in feed.columns]
    columns += [{"name": _id(mention), "description": _mention(mention)} for mention in _resolved(feed)]
    columns += [{"name": name, "description": known[name]} for name in _KEPT]
    model: dict[str, Any] = {
        "name": staging_name(feed),
        "description": f"{feed.title}，现行行。{feed.title_en}, current rows. Grain: {feed.grain}.",
        "columns": columns,
    }
    document = {"version": 2, "models": [model]}
    return f"# {_NOTE}\n" + yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=10_000)


def _resolved(feed: FeedContract) -> list[Mention]:
    """Mentions of what is resolved; a place is named by its code already."""
    return [mention for mention in feed.mentions if mention.entity in _ENTITIES]


def _id(mention: Mention) -> str:
    return f"{mention.role}_{_ENTITIES[mention.entity][0]}"


def _alias(mention: Mention) -> str:
    return f"{mention.role}_{mention.entity}"


def _mention(mention: Mention) -> str:
    _, title, title_en = _ENTITIES[mention.entity]
    return f"{title}（角色 {mention.role}），未归一为空。{title_en} in the role {mention.role}; null where unknown."
