"""Which records are the same entity, and the permanent id of each: by valid number alone.

The rule of ids: an entity's id is minted from its oldest record, the first delivered, ties by record hash. So ids
depend on the data and the order of its delivery, never on how many deliveries were resolved at a time; in a merge the
older id survives, and after a split the part with the oldest record keeps it.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec

_KEY = "_entity_key"


def with_entity_id(records: DataFrame, spec: EntitySpec) -> DataFrame:
    """Add the entity's id and `is_resolved`; a record without a valid number keeps a null id.

    Args:
        records: one row per mention, with `record_hash`.
        spec: the kind of entity.
    """
    keyed = _with_entity_key(records, spec)
    entity = Window.partitionBy(_KEY).orderBy("_delivery_sequence", "record_hash")
    minted = F.when(F.col(_KEY).isNotNull(), _mint(F.first("record_hash").over(entity), spec))
    return (
        keyed.withColumn(spec.id_column, minted)
        .withColumn("is_resolved", F.col(_KEY).isNotNull())
        .drop(_KEY, *(_bridged(weaker) for weaker in spec.identifiers[1:]))
    )


def _with_entity_key(records: DataFrame, spec: EntitySpec) -> DataFrame:
    """Add the strongest number that a record leads to, itself or over a bridge."""
    strongest = spec.identifiers[0]
    bridged = records
    for weaker in spec.identifiers[1:]:
        bridged = bridged.join(F.broadcast(_bridge(records, weaker, strongest)), on=weaker, how="left")
    candidates = [_named(strongest, F.col(strongest))]
    candidates += [_named(strongest, F.col(_bridged(weaker))) for weaker in spec.identifiers[1:]]
    candidates += [_named(weaker, F.col(weaker)) for weaker in spec.identifiers[1:]]
    return bridged.withColumn(_KEY, F.coalesce(*candidates))


def _bridge(records: DataFrame, weaker: str, strongest: str) -> DataFrame:
    """The strong number that each weak number stands beside, where it is one and the same in all records.

    A weak number seen beside two strong ones is conflicting evidence and joins nothing.
    """
    beside = records.where(F.col(weaker).isNotNull() & F.col(strongest).isNotNull())
    strong = beside.groupBy(weaker).agg(F.min(strongest).alias("least"), F.max(strongest).alias("greatest"))
    return strong.where("least = greatest").select(weaker, F.col("least").alias(_bridged(weaker)))


def _bridged(weaker: str) -> str:
    return f"_by_{weaker}"


def _named(identifier: str, value: Column) -> Column:
    """A number with its kind before it, so that two kinds never meet; null stays null."""
    return F.concat(F.lit(f"{identifier}:"), value)


def _mint(record_hash: Column, spec: EntitySpec) -> Column:
    """An id from a record: the kind's letter and 80 bits of the record's hash."""
    return F.concat(F.lit(f"{spec.id_prefix}-"), F.upper(F.substring(record_hash, 1, 20)))
