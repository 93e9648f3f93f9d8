"""SQL texts of an entity spec: what is wrong with them whatever the data, told before Spark sees them."""

import re
from collections.abc import Iterator

from expectations.levels import Level
from expectations.matching import Matching

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_UNSTABLE = re.compile(
    r"\b(rand|random|randn|randstr|uniform|uuid|shuffle|monotonically_increasing_id|spark_partition_id|now|curdate"
    r"|current_date|current_timestamp|localtimestamp)\s*\(|\b(current_date|current_timestamp|localtimestamp)\b",
    re.IGNORECASE,
)
"""What gives another value at another time: records would not be resolved twice alike."""


def sql_texts(matching: Matching) -> Iterator[tuple[str, str]]:
    """Every SQL text with its place: keys, then levels and `unless` of each comparison."""
    for key in matching.keys:
        if key.sql is not None:
            yield f"key {key.name}", key.sql
    for comparison in matching.comparisons:
        for level in comparison.levels:
            if level.sql is not None:
                yield f"comparison {comparison.name}, {named(level)}", level.sql
        if comparison.unless is not None:
            yield f"comparison {comparison.name}, unless", comparison.unless


def named(level: Level) -> str:
    """How messages name a level: as it is written."""
    if level.sql is not None:
        return f"level `{level.sql}`"
    return f"level {level.kind} of {', '.join(level.of)}"


def sql_faults(matching: Matching) -> list[str]:
    """What is wrong with SQL texts, each with its place; empty where nothing is."""
    faults = [f"{place}: {fault}" for place, sql in sql_texts(matching) if (fault := _unstable(sql))]
    for comparison in matching.comparisons:
        faults += [
            f"comparison {comparison.name}, {named(level)}: no column with a side; write name_l and name_r"
            for level in comparison.levels
            if level.sql is not None and not level.columns
        ]
    return faults


def _unstable(sql: str) -> str | None:
    found = _UNSTABLE.search(_QUOTED.sub("''", sql))
    return f"{found[1] or found[2]} gives another value at another time" if found else None
