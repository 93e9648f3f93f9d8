"""What blocking did: how many blocks each rule made, and what was too large to be compared."""

from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match import blocking

_COUNTS = ("blocks", "dropped_blocks", "dropped_profiles", "largest")


def by_rule(profiles: DataFrame, spec: EntitySpec, observed: dict[str, Any]) -> dict[str, dict[str, int]]:
    """By the name of each rule: blocks of two nodes or more, blocks and profiles that were dropped, the largest block.

    Args:
        profiles: with `block_keys` and `node_id`.
        spec: the kind of entity.
        observed: what `blocking.within_limit` counted; it does not see the keys that were dropped ahead of it.
    """
    found = {
        rule.name: {count: int(observed.get(f"{count}_{number}") or 0) for count in _COUNTS}
        for number, rule in enumerate(spec.matching.blocking)
    }
    for row in _hot(profiles, spec).collect():
        of_rule = found[spec.matching.blocking[row["rule"]].name]
        of_rule["blocks"] += row["keys"]
        of_rule["dropped_blocks"] += row["keys"]
        of_rule["dropped_profiles"] += row["nodes"]
        of_rule["largest"] = max(of_rule["largest"], row["largest"])
    return found


def _hot(profiles: DataFrame, spec: EntitySpec) -> DataFrame:
    """The keys that were dropped before they met: `rule`, `keys`, `nodes`, `largest`."""
    taken = blocking.participations(profiles, spec)
    hot = taken.join(F.broadcast(blocking.hot_keys(taken, spec)), on="key", how="left_semi")
    sizes = hot.groupBy("key").agg(F.count_distinct("node_id").alias("nodes"))
    return sizes.groupBy(blocking.rule_of(F.col("key")).alias("rule")).agg(
        F.count("*").alias("keys"), F.sum("nodes").alias("nodes"), F.max("nodes").alias("largest")
    )
