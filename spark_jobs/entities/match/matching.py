"""The order of matching, once: keyed profiles, candidates, scored pairs, clusters of nodes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match.blocking import block_keys
from spark_jobs.entities.match.clusters import Grouping, Ids, Links, cluster, values_of, without_rivals
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.match.profiles import pair_columns, with_keys
from spark_jobs.entities.match.scoring import candidates, scored
from spark_jobs.entities.match.weighing import against_strangers, in_group, with_frequencies
from spark_jobs.lake.engine.watch import Watch


@dataclass(frozen=True)
class NodeValues:
    """Nodes that have a value which alone can keep two groups apart.

    Args:
        node: sorted, n.
        value: 64 bits of the value, n.
    """

    node: Ids
    value: Ids


def keyed(profiles: DataFrame, spec: EntitySpec) -> DataFrame:
    """Profiles with node, block keys, value and the keys that comparing reads: all that does not depend on a model.

    Keys that only lead to other keys or to blocks are left out: what is kept is written and read several times.
    """
    compared = [name for name in pair_columns(spec) if name not in profiles.columns]
    found = with_keys(profiles, spec).withColumn("block_keys", block_keys(spec))
    return found.select(*profiles.columns, *compared, "node_id", value_hash(spec).alias("value"), "block_keys")


def prepared(profiles: DataFrame, spec: EntitySpec, model: Model) -> DataFrame:
    """Keyed profiles with the term frequencies of a model."""
    return with_frequencies(profiles, spec, model)


def scored_pairs(profiles: DataFrame, spec: EntitySpec, model: Model, watch: Watch | None = None) -> DataFrame:
    """All candidate pairs of prepared profiles, with their weight and, for another prior, its two parts.

    `strangers` is the weight against strangers, prior included; `in_group` that against related pairs, null where the
    model knows of none.
    """
    parts = {"strangers": against_strangers(spec, model), "in_group": in_group(spec, model)}
    also = [F.round(part, 4).alias(name) for name, part in parts.items()]
    return scored(candidates(profiles, spec, watch), profiles, spec, model, also)


def value_hash(spec: EntitySpec) -> Column:
    """64 bits of the value that alone can keep two groups apart; 0 where a profile has none."""
    name = spec.matching.decisive
    if name is None:
        return F.lit(0).cast("bigint")
    return F.coalesce(F.when(F.col(name).isNotNull(), F.xxhash64(name)), F.lit(0))


def node_values(table: pa.Table) -> NodeValues:
    """The values of nodes, from profile rows `node_id`, `value`; a node whose profiles disagree takes the least."""
    has = table.filter(pc.not_equal(table.column("value"), 0))
    node, value = (has.column(name).to_numpy() for name in ("node_id", "value"))
    order = np.lexsort((value, node))
    node, value = node[order], value[order]
    first = np.ones(len(node), dtype=bool)
    first[1:] = node[1:] != node[:-1]
    return NodeValues(node[first], value[first])


def links_of(table: pa.Table) -> Links:
    """Scored pairs `node_a`, `node_b`, `weight` as links of nodes."""
    a, b, weight = (table.column(name).to_numpy() for name in ("node_a", "node_b", "weight"))
    return Links(a, b, weight.astype(np.float64))


def rivals(pairs: Links, values: NodeValues) -> npt.NDArray[np.bool_]:
    """Which pairs `one_per` leaves no room for, as a stronger pair has the place."""
    return ~without_rivals(pairs, *values_of_links(pairs, values))


def values_of_links(pairs: Links, values: NodeValues) -> tuple[Ids, Ids]:
    """The value of each pair's first node, and of its second; 0 where a node has none."""
    a, b = (values_of(side, values.node, values.value) for side in (pairs.a, pairs.b))
    return a, b


def grouped(pairs: Links, values: NodeValues, spec: EntitySpec, decisions: Links | None = None) -> Grouping:
    """Clusters of nodes from all scored pairs and the stewards' decisions.

    Args:
        pairs: scored pairs of nodes, any weight.
        values: nodes with their value of `one_value` or `one_per`.
        spec: the kind of entity.
        decisions: must-links with weight +inf, cannot-links with -inf.
    """
    if decisions is not None and len(decisions.a):
        pairs = Links(*(np.concatenate([getattr(pairs, f), getattr(decisions, f)]) for f in ("a", "b", "weight")))
    links = pairs.where(pairs.weight >= spec.matching.threshold)
    against = pairs.where(pairs.weight <= spec.matching.against)
    return cluster(links, against, values.node, values.value, each_once=spec.matching.one_per is not None)
