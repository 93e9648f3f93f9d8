"""What of entity resolution is not what a build read, as models read it: mentions by their feed, entities by column."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from expectations.entity_spec import load_entities
from spark_jobs.lake.engine.dbt_run import DBT_PROJECT
from spark_jobs.lineage.graph import reached
from spark_jobs.lineage.values import Node
from spark_jobs.lineage.whole import lineage
from spark_jobs.warehouse import standing
from spark_jobs.warehouse.change import Change
from spark_jobs.warehouse.resolved_since import feeds_resolved_otherwise, golden

JOIN = re.compile(r"join_entity(?:_if_read)?\(\s*'(?P<entity>\w+)',\s*'(?P<feed>[\w/]+)'")
"""How a model says of which feed it reads the mentions."""
_MODELS = "models/**/*.sql"


def since(before: Mapping[str, int], now: Mapping[str, int]) -> Iterator[Change]:
    """What has changed of the tables that models may read.

    Args:
        before: table of entity resolution -> version that a build read.
        now: the newest versions.
    """
    for spec in load_entities():
        yield from _of_mentions(spec.entity, before, now)
        yield from _of_golden(spec.entity, before, now)


def _of_mentions(entity: str, before: Mapping[str, int], now: Mapping[str, int]) -> Iterator[Change]:
    moved = [table for table in (f"{entity}_member", f"{entity}_record") if _has_moved(table, before, now)]
    if not moved:
        return
    known = {f"{entity}_member", f"{entity}_record"} <= before.keys()
    feeds = feeds_resolved_otherwise(entity, before) if known else None
    if feeds is None:
        yield from (Change.of_source("entities", table) for table in moved)
        return
    readers = _readers_of_mentions()
    for feed in sorted(feeds):
        models = readers.get((entity, feed), ())
        if models:
            yield Change(f"entities.{entity}_record of {feed}", tuple(f"{model}+" for model in models))


def _of_golden(entity: str, before: Mapping[str, int], now: Mapping[str, int]) -> Iterator[Change]:
    if not _has_moved(entity, before, now):
        return
    found = golden(entity, before[entity]) if entity in before else None
    if found is None or found.rows:
        yield Change.of_source("entities", entity)
    elif found.columns:
        columns = sorted(found.columns)
        models = _made_of(Node(f"entities.{entity}", name) for name in columns)
        if models:
            yield Change(f"entities.{entity} ({', '.join(columns)})", models)


def _has_moved(table: str, before: Mapping[str, int], now: Mapping[str, int]) -> bool:
    return table in now and (table not in before or not standing.is_at("entities", table, before[table]))


def _made_of(columns: Iterator[Node]) -> tuple[str, ...]:
    """Models with a column, or with rows, that depend on any of these columns."""
    tables = {node.table.partition(".")[2] for node in reached(lineage(), columns, down=True)}
    return tuple(sorted(tables & _models().keys()))


def _readers_of_mentions() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Models by the entity and the feed whose mentions they read."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for model, text in _models().items():
        for entity, feed in dict.fromkeys(JOIN.findall(text)):
            found[entity, feed].append(model)
    return {key: tuple(models) for key, models in found.items()}


@cache
def _models() -> Mapping[str, str]:
    """The text of each model, by its name."""
    return {path.stem: path.read_text("utf-8") for path in sorted(DBT_PROJECT.glob(_MODELS))}
