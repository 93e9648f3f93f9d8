"""One current row per entity: for each attribute the value that survives, and the feed it came from."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import Attribute, EntitySpec


def golden(records: DataFrame, spec: EntitySpec) -> DataFrame:
    """The entities of resolved records.

    A value survives that comes from the most believed feed; among those the newest by business date, delivery, row.
    Columns: the id, each attribute and its `<attribute>_source`, `feeds`, `records`, first and last business date.
    """
    survivors = [_survivor(attribute) for attribute in spec.attributes]
    grouped = (
        records.where("is_resolved")
        .groupBy(spec.id_column)
        .agg(
            *survivors,
            F.sort_array(F.collect_set("feed")).alias("feeds"),
            F.count("*").alias("records"),
            F.min("_business_date").alias("first_business_date"),
            F.max("_business_date").alias("last_business_date"),
        )
    )
    columns = [column for attribute in spec.attributes for column in _value_and_source(attribute)]
    return grouped.select(spec.id_column, *columns, "feeds", "records", "first_business_date", "last_business_date")


def _survivor(attribute: Attribute) -> Column:
    value = F.col(attribute.name)
    recency = F.struct(_belief(attribute), "_business_date", "_delivery_sequence", "_row_number", "feed", "role")
    return F.max_by(F.struct(value.alias("value"), "feed"), F.when(value.isNotNull(), recency)).alias(attribute.name)


def _belief(attribute: Attribute) -> Column:
    """How much the record's feed is believed, higher is more."""
    belief = F.lit(0)
    for rank, feed in enumerate(reversed(attribute.believe), start=1):
        belief = F.when(F.col("feed") == feed, F.lit(rank)).otherwise(belief)
    return belief.alias("belief")


def _value_and_source(attribute: Attribute) -> tuple[Column, Column]:
    survivor = F.col(attribute.name)
    return survivor["value"].alias(attribute.name), survivor["feed"].alias(f"{attribute.name}_source")
