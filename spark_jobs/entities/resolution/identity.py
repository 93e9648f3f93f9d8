"""The permanent id of each entity.

The rule: an entity's id is minted from its oldest record, the first delivered, ties by the hash of what it says. So
ids depend on the data and the order of its delivery alone, never on how many deliveries were resolved at a time. A
merge keeps the older id; after a split each part has the id minted from its own oldest record, so the part with the
entity's oldest record keeps it.
"""

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match.clusters import Grouping
from spark_jobs.entities.state import latest_columns
from spark_jobs.lake.storage.scratch import Scratch


def mint(profile_id: Column, spec: EntitySpec) -> Column:
    """An id from the oldest profile: the kind's letter and 80 bits."""
    digest = F.sha2(F.concat_ws("|", F.lit(spec.id_prefix), profile_id.cast("string")), 256)
    return F.concat(F.lit(f"{spec.id_prefix}-"), F.upper(F.substring(digest, 1, 20)))


def totals(partial: DataFrame, spec: EntitySpec) -> DataFrame:
    """One row per profile from the rows that several resolutions wrote of it."""
    attributes = [attribute.name for attribute in spec.attributes]
    latest = [F.max(name).alias(name) for name in latest_columns(spec)]
    sums = (F.sum("records").alias("records"), F.min("first_sequence").alias("first_sequence"))
    return partial.groupBy("profile_id", "node_id", *attributes).agg(
        *sums, F.min("first_date").alias("first_date"), *latest
    )


def groups_for_spark(grouping: Grouping, into: Scratch, name: str) -> None:
    """Write the grouping of nodes that have a link, for Spark to join: `node_id`, `component`, `cluster`."""
    columns = {"node_id": grouping.node, "component": grouping.component, "cluster": grouping.cluster}
    into.write(pa.table(columns), name)


def with_cluster(profiles: DataFrame, groups: DataFrame) -> DataFrame:
    """Add `component` and `cluster` to profiles; a node without a link is its own.

    Profiles are wide and groups are three numbers: hashing these is cheaper than sorting those.
    """
    joined = profiles.join(groups.hint("shuffle_hash"), on="node_id", how="left")
    return joined.withColumns({name: F.coalesce(name, "node_id") for name in ("component", "cluster")})
