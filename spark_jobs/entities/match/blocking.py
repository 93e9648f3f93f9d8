"""Blocking: which profiles are candidates for being the same entity, each pair once, safe against hot keys.

A block is what agrees on all columns of a rule. Within a block one profile stands for its node, and a block of more
nodes than the rule allows is dropped and counted: it says nothing (a clerk's phone, a placeholder), and costs most.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from expectations.matching import BlockingRule
from spark_jobs.entities.match.packing import RULE_BITS
from spark_jobs.lake.engine.watch import Watch


def block_keys(spec: EntitySpec) -> Column:
    """The block keys of a profile: an array of longs, null for a rule that it lacks a column for."""
    rules = list(enumerate(spec.matching.blocking))
    plain = F.array(*(_key(n, [F.col(name) for name in rule.equal], rule) for n, rule in rules if rule.each is None))
    found = [_each_key(n, rule) for n, rule in rules if rule.each is not None]
    if len(found) < len(rules):
        found.insert(0, plain)
    return F.concat(*found) if len(found) > 1 else found[0]


def _each_key(number: int, rule: BlockingRule) -> Column:
    keys = F.transform(F.col(str(rule.each)), lambda element: _key(number, [*map(F.col, rule.equal), element], rule))
    return F.coalesce(keys, F.array().cast("array<bigint>"))


def _key(number: int, columns: list[Column], rule: BlockingRule) -> Column:
    complete = F.lit(True)
    for column in columns:
        complete = complete & column.isNotNull()
    hashed = F.xxhash64(F.lit(number), *columns)
    tagged = F.shiftleft(F.shiftright(hashed, RULE_BITS), RULE_BITS).bitwiseOR(F.lit(number).cast("bigint"))
    return F.when(complete, tagged)


def participations(profiles: DataFrame, spec: EntitySpec) -> DataFrame:
    """Who is in which block: `key`, `node_id`, `profile_id`, from profiles with `block_keys`.

    Where some rule is `sole`, also `value`, which the profiles must have then.
    """
    values = ["value"] if spec.matching.sole_rules else []
    exploded = profiles.select(F.explode("block_keys").alias("key"), "node_id", "profile_id", *values)
    return exploded.where(F.col("key").isNotNull())


def hot_keys(taken: DataFrame, spec: EntitySpec, one_in: int = 32) -> DataFrame:
    """Keys of blocks that are too large for certain: one node in `one_in` alone is more than their rule allows."""
    some = taken.where(F.pmod(F.col("node_id"), F.lit(one_in)) == 0)
    counted = some.groupBy("key").agg(F.count_distinct("node_id").alias("nodes"))
    return counted.where(F.col("nodes") > _limit(spec)).select("key")


def without_hot_keys(taken: DataFrame, spec: EntitySpec) -> DataFrame:
    """Drop the members of blocks that are too large for certain, before they meet in one task."""
    return taken.join(F.broadcast(hot_keys(taken, spec)), on="key", how="left_anti")


def blocks(taken: DataFrame) -> DataFrame:
    """Blocks of two nodes or more: `key`, and `members`, one profile per node.

    With `value`, also `has_two_values`: whether the members have two values or more, null where none has any.
    Partitioned by key once: both groupings are made where the rows are.
    """
    together = taken.repartition(F.col("key"))
    of_node, of_block = [F.min("profile_id").alias("profile_id")], [F.collect_list("profile_id").alias("members")]
    if "value" in taken.columns:
        value = F.nullif(F.col("value"), F.lit(0))
        of_node += [F.min(value).alias("least"), F.max(value).alias("greatest")]
        of_block.append((F.min("least") < F.max("greatest")).alias("has_two_values"))
    grouped = together.groupBy("key", "node_id").agg(*of_node).groupBy("key").agg(*of_block)
    return grouped.where(F.size("members") > 1)


def within_limit(grouped: DataFrame, spec: EntitySpec, watch: Watch | None = None) -> DataFrame:
    """Blocks that are not too large; `watch` counts blocks and dropped profiles by rule while they pass."""
    size, rule = F.size("members"), rule_of(F.col("key"))
    says_something = size <= _limit(spec)
    if spec.matching.sole_rules:
        is_shared = rule.isin(*spec.matching.sole_rules) & F.coalesce(F.col("has_two_values"), F.lit(False))
        says_something &= ~is_shared
    if watch is not None:
        counts = []
        for number in range(len(spec.matching.blocking)):
            here = rule == number
            dropped = here & ~says_something
            counts += [
                F.count_if(here).alias(f"blocks_{number}"),
                F.count_if(dropped).alias(f"dropped_blocks_{number}"),
                F.coalesce(F.sum(F.when(dropped, size)), F.lit(0)).alias(f"dropped_profiles_{number}"),
                F.coalesce(F.max(F.when(here, size)), F.lit(0)).alias(f"largest_{number}"),
            ]
        grouped = watch.over(grouped, *counts)
    return grouped.where(says_something)


def rule_of(key: Column) -> Column:
    """The number of the rule that made a block key."""
    return key.bitwiseAND(F.lit((1 << RULE_BITS) - 1)).cast("int")


def _limit(spec: EntitySpec) -> Column:
    """How many nodes the block of this row may have, by its rule."""
    found = F.lit(spec.matching.largest_block)
    for number, rule in enumerate(spec.matching.blocking):
        if rule.at_most is not None:
            found = F.when(rule_of(F.col("key")) == number, F.lit(rule.at_most)).otherwise(found)
    return found


def pairs_of(kept: DataFrame) -> DataFrame:
    """All pairs of each block: `a`, `b` (profiles, a < b) and `rules`, the bit of the block's rule."""
    bit = F.expr(f"shiftleft(1L, cast(key & {(1 << RULE_BITS) - 1} as int))")
    ordered = kept.select(bit.alias("rules"), F.sort_array("members").alias("members"))
    first = ordered.select("rules", "members", F.posexplode("members").alias("at", "a"))
    return first.select("rules", "a", F.explode(F.expr("slice(members, at + 2, size(members))")).alias("b"))


def distinct_pairs(found: DataFrame) -> DataFrame:
    """Each pair once, with the bits of all rules that made it; partitioned by `a`, for the join that follows."""
    return found.repartition(F.col("a")).groupBy("a", "b").agg(F.bit_or("rules").alias("rules"))
