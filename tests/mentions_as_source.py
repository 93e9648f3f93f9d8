"""Generated mentions as deliveries that a resolution reads, in place of published silver tables."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match.profiles import profile_id
from spark_jobs.entities.resolution.arrivals import Fingerprints
from spark_jobs.entities.resolution.request import Source

_PROVENANCE = {
    "_delivery_id": "delivery",
    "_row_number": "row_number",
    "_business_date": "business_date",
    "_delivery_sequence": "delivery_sequence",
    "role": "record_id",
}
"""Column of a record -> column of the file; the record's id stands for its role, so that it can be found again."""


def source_of(rows: DataFrame, spec: EntitySpec, now: Fingerprints) -> Source:
    """A source that holds some deliveries.

    Args:
        rows: a file of mentions with the column `delivery`.
        spec: the kind of entity.
        now: the deliveries, each with what tells its content from another.
    """
    return Source(lambda _before: now, lambda wanted, numbers: _records(rows, spec, wanted, numbers))


def _records(
    rows: DataFrame, spec: EntitySpec, wanted: tuple[tuple[str, str], ...], numbers: dict[str, int]
) -> DataFrame | None:
    if not wanted:
        return None
    spark = rows.sparkSession
    chosen = F.broadcast(spark.createDataFrame(list(wanted), "feed string, delivery string"))
    listed = F.broadcast(spark.createDataFrame(list(numbers.items()), "feed string, _feed_number int"))
    provenance = [F.col(column).alias(name) for name, column in _PROVENANCE.items()]
    attributes = [
        F.col(a.name).cast(a.type) if a.name in rows.columns else F.lit(None).cast(a.type).alias(a.name)
        for a in spec.attributes
    ]
    said = rows.join(chosen, ["feed", "delivery"], "left_semi").join(listed, "feed")
    records = said.select("feed", *provenance, "_feed_number", *attributes)
    return records.withColumn("profile_id", profile_id(spec))
