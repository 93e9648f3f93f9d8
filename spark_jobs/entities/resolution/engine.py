"""One resolution as data: from what arrived and what is known to what must be written. No lake table is written here.

A first resolution and an increment are the same steps; the first knows nothing, so it skips what would compare.
"""

from functools import reduce

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from spark_jobs.entities.match import matching
from spark_jobs.entities.match.clusters import Links
from spark_jobs.entities.match.profiles import profiles_of
from spark_jobs.entities.match.scoring import PAIR_COLUMNS, candidates, scored
from spark_jobs.entities.resolution import identity, increment
from spark_jobs.entities.resolution.golden import golden
from spark_jobs.entities.resolution.run import Arrived, Known, Result, Run
from spark_jobs.entities.state import latest_columns
from spark_jobs.lake.engine.watch import Watch


def resolve_changes(run: Run, known: Known | None, arrived: Arrived) -> Result:
    """Find what the arrived records change.

    Args:
        run: the resolution.
        known: what is known; None at the first resolution, or when all is resolved anew.
        arrived: new records, and those that were withdrawn.
    """
    fresh = run.keep(_fresh_profiles(run, known, arrived), "profiles")
    watch = run.bench.watch()
    edges = _first_edges(run, fresh, watch) if known is None else _changed_edges(run, known, arrived, fresh, watch)
    touched = None if known is None else _touched_nodes(run, known, arrived, fresh, edges)
    _cluster(run, known, arrived, fresh, edges, touched)
    partial = fresh if known is None else _profiles_of_touched(run, known, arrived, fresh, touched)
    groups = run.into.read(run.spark, "groups")
    clustered = identity.with_cluster(partial, groups)
    entities = run.keep(golden(clustered, run.spec, run.feeds), "entities")
    return Result(
        fresh.select(*_profile_columns(run), F.lit(run.revision).cast("bigint").alias("revision")),
        edges.withColumn("revision", F.lit(run.revision).cast("bigint")),
        _members(run, entities, groups),
        touched,
        entities,
        watch,
    )


def _profile_columns(run: Run) -> list[str]:
    attributes = [a.name for a in run.spec.attributes]
    totals = ["records", "first_sequence", "first_date", *latest_columns(run.spec)]
    return ["profile_id", *attributes, *totals, "node_id", "value", "block_keys"]


def _fresh_profiles(run: Run, known: Known | None, arrived: Arrived) -> DataFrame:
    """Keyed rows of all profiles that arrived records speak of, and of those that must be rebuilt."""
    parts = []
    if arrived.records is not None:
        parts.append(profiles_of(arrived.records, run.spec))
    if arrived.rebuilt is not None:
        parts.append(arrived.rebuilt)
    if not parts and known is not None:
        # Decisions alone: nothing new is said of anybody.
        names = [name for name in _profile_columns(run) if name not in {"node_id", "value", "block_keys"}]
        parts.append(known.profile.select(*names).limit(0))
    together = reduce(DataFrame.unionByName, parts)
    return matching.keyed(together, run.spec)


def _first_edges(run: Run, fresh: DataFrame, watch: Watch) -> DataFrame:
    pairs = run.keep(candidates(fresh, run.spec, watch), "pairs")
    found = scored(pairs, matching.prepared(fresh, run.spec, run.model), run.spec, run.model)
    return _those_that_matter(run, found, "edges")


def _those_that_matter(run: Run, found: DataFrame, name: str) -> DataFrame:
    """Scored pairs by their weight, once it is computed.

    Asked before, both engines compute it twice more to know which pairs to join, with all comparisons that it is made
    of, and Sail plans for half a second.
    """
    return run.keep(found, name).where(increment.matters(run.spec))


def _changed_edges(run: Run, known: Known, arrived: Arrived, fresh: DataFrame, watch: Watch) -> DataFrame:
    """Rows for the edge log: pairs that are new, and pairs whose rules changed."""
    ids = F.broadcast(fresh.select("profile_id").distinct())
    seen = run.keep(known.profile.select("profile_id").join(ids, "profile_id", "left_semi").distinct(), "seen")
    narrow = ["profile_id", "node_id", "block_keys", "value"]
    new = fresh.select(*narrow).distinct().join(seen, "profile_id", "left_anti")
    gone = None
    if arrived.withdrawn is not None:
        lost = arrived.withdrawn.join(fresh.select("profile_id"), "profile_id", "left_anti")
        gone = known.profile.select(*narrow).join(F.broadcast(lost), "profile_id", "left_semi")
        gone = run.keep(gone.distinct(), "gone")
    change = increment.ProfileChange(run.keep(new, "new"), gone)
    changes = run.keep(increment.changed_pairs(run, known, change, watch), "pairs")
    wanted = F.broadcast(changes.select("a", "b"))
    log = known.edge.join(wanted, ["a", "b"], "left_semi")
    stored = run.keep(increment.latest_edges(log), "stored_edges")
    unstored = changes.where("added <> 0").join(stored.select("a", "b"), ["a", "b"], "left_anti")
    fetched = _keyed_sides(run, known, fresh, unstored)
    found = scored(unstored.select("a", "b", F.col("added").alias("rules")), fetched, run.spec, run.model)
    rescored = _those_that_matter(run, found, "scored")
    return run.keep(rescored.unionByName(increment.revised(stored, changes).select(*PAIR_COLUMNS)), "edges")


def _keyed_sides(run: Run, known: Known, fresh: DataFrame, pairs: DataFrame) -> DataFrame:
    """The profiles of some pairs with their keys: fresh ones have them, others get them again."""
    ids = pairs.select(F.explode(F.array("a", "b")).alias("profile_id")).distinct()
    attributes = [a.name for a in run.spec.attributes]
    # Kept before keys are made of them: in one plan with these, Sail reads the table at half the pace.
    older = run.keep(ids.join(fresh.select("profile_id"), "profile_id", "left_anti"), "sides_known")
    there = known.profile.select("profile_id", *attributes).join(F.broadcast(older), "profile_id", "left_semi")
    again = matching.keyed(run.keep(there.distinct(), "sides_stored"), run.spec)
    columns = [name for name in again.columns if name != "block_keys"]
    both = again.select(*columns).unionByName(fresh.select(*columns).distinct())
    return run.keep(matching.prepared(both, run.spec, run.model), "sides")


def _touched_nodes(run: Run, known: Known, arrived: Arrived, fresh: DataFrame, edges: DataFrame) -> DataFrame:
    """All nodes of the components that something touched, and the new nodes."""
    direct = fresh.select("node_id").unionByName(edges.select(F.explode(F.array("node_a", "node_b")).alias("node_id")))
    if arrived.withdrawn is not None:
        lost = known.profile.join(F.broadcast(arrived.withdrawn), "profile_id", "left_semi")
        direct = direct.unionByName(lost.select("node_id"))
    if arrived.touched_by_decisions:
        decided = known.profile.where(F.col("profile_id").isin(*arrived.touched_by_decisions))
        direct = direct.unionByName(decided.select("node_id"))
    direct = run.keep(direct.distinct(), "touched_directly")
    components = known.member.join(F.broadcast(direct), "node_id", "left_semi").select("component").distinct()
    around = known.member.join(F.broadcast(components), "component", "left_semi").select("node_id")
    return run.keep(direct.unionByName(around).distinct(), "touched")


def _cluster(
    run: Run, known: Known | None, arrived: Arrived, fresh: DataFrame, edges: DataFrame, touched: DataFrame | None
) -> None:
    """Group the touched nodes on the driver and write the groups for Spark to join."""
    values = fresh.select("node_id", "value").where("value <> 0")
    if known is not None and touched is not None:
        near = known.edge.join(F.broadcast(touched), known.edge["node_a"] == touched["node_id"], "left_semi")
        latest = increment.latest_edges(near.unionByName(edges.withColumn("revision", F.lit(run.revision))))
        run.keep(latest.select("node_a", "node_b", "weight"), "edges_of_touched")
        there = known.profile.select("node_id", "value").where("value <> 0")
        values = values.unionByName(there.join(F.broadcast(touched), "node_id", "left_semi"))
    run.keep(values.distinct(), "values")
    with run.meter.stage("clusters"):
        name = "edges" if known is None else "edges_of_touched"
        links = matching.links_of(run.into.table(name, ["node_a", "node_b", "weight"]))
        decided = _decided_links(known, arrived, fresh)
        grouping = matching.grouped(links, matching.node_values(run.into.table("values")), run.spec, decided)
        identity.groups_for_spark(grouping, run.into, "groups")


def _decided_links(known: Known | None, arrived: Arrived, fresh: DataFrame) -> Links | None:
    """Decisions in force as links of nodes; one about a profile that is no more waits for its return."""
    if not arrived.decisions:
        return None
    ids = sorted({profile for d in arrived.decisions for profile in (d.profile_a, d.profile_b)})
    there = fresh.select("profile_id", "node_id")
    if known is not None:
        there = there.unionByName(known.profile.select("profile_id", "node_id"))
    rows = there.where(F.col("profile_id").isin(*ids)).distinct().collect()
    node_of = {row["profile_id"]: row["node_id"] for row in rows}
    usable = [d for d in arrived.decisions if d.profile_a in node_of and d.profile_b in node_of]
    a, b = (
        np.asarray([node_of[getattr(d, side)] for d in usable], dtype=np.int64) for side in ("profile_a", "profile_b")
    )
    return Links(a, b, np.asarray([d.weight for d in usable]))


def _profiles_of_touched(
    run: Run, known: Known, arrived: Arrived, fresh: DataFrame, touched: DataFrame | None
) -> DataFrame:
    """The profiles of touched nodes, one row each: from rows of known ones that stay, and of fresh ones."""
    there = known.profile.join(F.broadcast(touched), "node_id", "left_semi")
    if arrived.withdrawn is not None:
        there = there.join(F.broadcast(arrived.withdrawn), "profile_id", "left_anti")
    columns = [name for name in _profile_columns(run) if name not in {"value", "block_keys"}]
    rows = there.select(*columns).unionByName(fresh.select(*columns))
    return run.keep(identity.totals(rows, run.spec), "touched_profiles")


def _members(run: Run, entities: DataFrame, groups: DataFrame) -> DataFrame:
    nodes = entities.select(run.spec.id_column, F.explode("node_ids").alias("node_id"))
    joined = nodes.join(groups.select("node_id", "component"), "node_id", "left")
    return joined.select("node_id", F.coalesce("component", "node_id").alias("component"), run.spec.id_column)
