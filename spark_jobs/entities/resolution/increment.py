"""What new and withdrawn profiles change among the pairs: exactly what a full run would find different.

A pair is a candidate because of blocks, and a block depends on who is in it: a new profile can stand for its node in
place of another, and a block can grow past its limit. So the blocks that new and withdrawn profiles touch are built
twice, as they were and as they are, and the difference decides; every other block is as it was.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match import blocking
from spark_jobs.entities.match.blocking import participations
from spark_jobs.entities.match.members import members_of
from spark_jobs.entities.resolution.run import Known, Run
from spark_jobs.lake.engine.watch import Watch


@dataclass(frozen=True)
class ProfileChange:
    """Profiles before and after.

    Args:
        new: `profile_id`, `node_id`, `block_keys`, `value` of profiles that were not known.
        gone: the same of profiles that no record speaks of any more; None where there are none.
    """

    new: DataFrame
    gone: DataFrame | None = None


def changed_pairs(run: Run, known: Known, change: ProfileChange, watch: Watch) -> DataFrame:
    """Pairs whose rules changed: `a`, `b`, `added`, `removed` (bits of rules)."""
    spec = run.spec
    arriving = participations(change.new, spec)
    leaving = None if change.gone is None else participations(change.gone, spec)
    moved = arriving if leaving is None else arriving.unionByName(leaving)
    run.keep(moved.select("key").distinct(), "touched_keys")
    there = _members(run, known, arriving.columns)
    hot = F.broadcast(blocking.hot_keys(there, spec))
    before = there.join(hot, on="key", how="left_anti")
    staying = before if leaving is None else before.join(leaving, on=["key", "profile_id"], how="left_anti")
    after = staying.select(*arriving.columns).unionByName(arriving)
    # A key that was hot for certain was dropped and stays so, unless profiles left it.
    if leaving is None:
        after = after.join(hot, on="key", how="left_anti")
    then = blocking.pairs_of(blocking.within_limit(blocking.blocks(before), spec)).withColumn("sign", F.lit(-1))
    now = blocking.pairs_of(blocking.within_limit(blocking.blocks(after), spec, watch)).withColumn("sign", F.lit(1))
    sums = then.unionByName(now).groupBy("a", "b", "rules").agg(F.sum("sign").alias("sign")).where("sign <> 0")
    bits = {
        name: F.coalesce(F.bit_or(F.when(F.col("sign") == sign, F.col("rules"))), F.lit(0)) for name, sign in _SIGNS
    }
    return sums.groupBy("a", "b").agg(*(column.alias(name) for name, column in bits.items()))


_SIGNS = (("added", 1), ("removed", -1))


def _members(run: Run, known: Known, columns: list[str]) -> DataFrame:
    """Who of the known profiles is in the touched blocks, as `participations`."""
    with run.meter.stage("touched_members"):
        keys = np.sort(run.into.table("touched_keys").column("key").to_numpy())
        told = pa.schema([(name, pa.int64()) for name in columns if name != "key"])
        profiles = known.profile_batches(["block_keys", *told.names])
        run.into.write(members_of(keys, profiles, told), "touched_members")
    return run.into.read(run.spark, "touched_members").select(*columns)


def latest_edges(log: DataFrame) -> DataFrame:
    """The edges that hold: of each pair's rows the one of the last revision, unless it says that no rule is left."""
    # Not by the row of the greatest revision: Sail counts each with the whole batch that it came in.
    newest = log.groupBy("a", "b").agg(F.max("revision").alias("revision"))
    rows = log.join(newest, ["a", "b", "revision"], "left_semi")
    return rows.where("rules <> 0").select("a", "b", "node_a", "node_b", "rules", "vector", "weight")


def revised(stored: DataFrame, changes: DataFrame) -> DataFrame:
    """Stored edges whose rules changed, with the rules that they have now; 0 where none is left."""
    rules = F.expr("(rules & ~removed) | added")
    return stored.join(changes, on=["a", "b"], how="inner").withColumn("rules", rules).drop("added", "removed")


def matters(spec: EntitySpec) -> str:
    """Which scored pairs are kept: links, the review queue, and evidence against a link."""
    low = min(spec.matching.review, spec.matching.threshold)
    return f"weight >= {low} or weight <= {spec.matching.against}"
