"""Golden records: one row per entity, for each attribute the value that survives and where it came from.

Survivorship, in this order: the most believed feed; where the attribute says `agreed`, the value that most records
say; the newest by the day as of which it is said, delivery and row; the greatest value, so that nothing is left to
chance.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import Attribute, EntitySpec
from spark_jobs.entities.match.profiles import FEED_BITS, ROW_BITS, SEQUENCE_BITS
from spark_jobs.entities.resolution.identity import mint
from spark_jobs.entities.state import latest_columns

_DIGITS = 20
"""Of any 64-bit number."""
_BIAS = 1 << 63
"""Makes any 64-bit number one that is not negative."""


def golden(profiles: DataFrame, spec: EntitySpec, feeds: tuple[str, ...]) -> DataFrame:
    """The entities of clustered profiles.

    The rows of an entity are brought together once; values, survivors and the golden row are found where they are.

    Args:
        profiles: one row per profile with `cluster` (see `identity.totals`).
        spec: the kind of entity.
        feeds: feeds by their number in recencies.

    Returns:
        the id, each attribute with `_source` and `_date`, `feeds`, `records`, `profiles`, first and last business date,
        `oldest_profile_id`, and for the writer `cluster`, `node_ids` and `profile_ids`.
    """
    together = profiles.repartition(F.col("cluster"))
    names = F.broadcast(_names(profiles, feeds))
    wholes = (
        _with_names(together, spec, names)
        .groupBy("cluster")
        .agg(
            _oldest(),
            F.sum("records").alias("records"),
            F.count("*").alias("profiles"),
            F.min("first_date").alias("first_business_date"),
            F.max(F.greatest(*_latest(spec))).alias("_last"),
            F.collect_list("profile_id").alias("profile_ids"),
            F.array_distinct(F.collect_list("node_id")).alias("node_ids"),
            F.sort_array(F.array_distinct(F.flatten(F.collect_list(F.array_compact("names"))))).alias("feeds"),
        )
    )
    joined = wholes.join(_survivors(together, spec, names), on="cluster", how="left")
    values = [column for n, a in enumerate(spec.attributes) for column in _value_source_date(n, a)]
    return joined.select(
        mint(F.col("oldest_profile_id"), spec).alias(spec.id_column),
        *values,
        "feeds",
        "records",
        "profiles",
        "first_business_date",
        _date(F.col("_last")).alias("last_business_date"),
        "oldest_profile_id",
        "cluster",
        "node_ids",
        "profile_ids",
    )


def _names(profiles: DataFrame, feeds: tuple[str, ...]) -> DataFrame:
    """`number` and `name` of each feed, to be joined.

    Taken from an array of all names instead, Sail makes that array anew for each row and attribute: of 338 feeds, four
    fifths of what golden records cost.
    """
    return profiles.sparkSession.createDataFrame(list(enumerate(feeds)), "number int, name string")


def _with_names(together: DataFrame, spec: EntitySpec, names: DataFrame) -> DataFrame:
    """Profiles with `names`: the feed of the newest record of each class of feeds."""
    found, columns = together, [f"_name_{n}" for n in range(len(latest_columns(spec)))]
    for column, latest in zip(columns, latest_columns(spec), strict=True):
        name = names.withColumnRenamed("name", column)
        found = (
            found.withColumn("number", _feed_number(F.col(latest))).join(name, on="number", how="left").drop("number")
        )
    return found.withColumn("names", F.array(*columns)).drop(*columns)


def _survivors(together: DataFrame, spec: EntitySpec, names: DataFrame) -> DataFrame:
    """For each cluster and attribute a text, `_best_…`, and the name of the feed that it is of, `_name_…`.

    The text has in `_DIGITS` each belief, agreement, recency, its own; then the value.

    A text and not a struct: in memory Sail counts a struct that is the greatest so far with the whole batch that it
    came in, and a city of 4,000 records then asks for 10 GB.
    """
    said = [
        F.struct(F.lit(n).alias("attribute"), F.col(a.name).cast("string").alias("value"))
        for n, a in enumerate(spec.attributes)
    ]
    latest = latest_columns(spec)
    values = (
        together.select("cluster", "records", *latest, F.explode(F.array(*said)).alias("said"))
        .where("said.value is not null")
        .groupBy("cluster", F.col("said.attribute").alias("attribute"), F.col("said.value").alias("value"))
        .agg(F.sum("records").alias("records"), *(F.max(name).alias(name) for name in latest))
    )
    order = (_belief(spec), _agreement(spec), F.greatest(*_latest(spec)), _recency_of_belief(spec))
    best = values.groupBy("cluster", "attribute").agg(
        F.max(F.concat(*(_digits(number) for number in order), F.col("value"))).alias("best")
    )
    number = _feed_number(_recency_in(F.col("best")))
    named = best.withColumn("number", number).join(names, on="number", how="left")
    columns = [
        F.max(F.when(F.col("attribute") == n, F.col(what))).alias(f"_{what}_{n}")
        for n in range(len(spec.attributes))
        for what in ("best", "name")
    ]
    return named.groupBy("cluster").agg(*columns)


def _recency_in(best: Column) -> Column:
    return F.substring(best, 3 * _DIGITS + 1, _DIGITS).cast("bigint")


def _oldest() -> Column:
    """The profile that was delivered first; of several the one of the least id."""
    bias = F.lit(str(_BIAS)).cast("decimal(20,0)")
    number = F.lpad((F.col("profile_id").cast("decimal(20,0)") + bias).cast("string"), _DIGITS, "0")
    first = F.min(F.concat(_digits(F.col("first_sequence")), number))
    return (
        (F.substring(first, _DIGITS + 1, _DIGITS).cast("decimal(20,0)") - bias)
        .cast("bigint")
        .alias("oldest_profile_id")
    )


def _digits(number: Column) -> Column:
    """A number that is not negative, so that texts are in the order of numbers."""
    return F.lpad(number.cast("bigint").cast("string"), _DIGITS, "0")


def _latest(spec: EntitySpec) -> list[Column]:
    """Recencies by class of feed; one alone is given twice, as `greatest` wants two."""
    found = [F.col(name) for name in latest_columns(spec)]
    return found if len(found) > 1 else found * 2


def _belief(spec: EntitySpec) -> Column:
    """How much the most believed feed is believed that says a value, 0 for none."""
    found: Column = F.lit(0)
    for n, attribute in enumerate(spec.attributes):
        for rank, feed in enumerate(reversed(attribute.believe), start=1):
            here = (F.col("attribute") == n) & F.col(f"latest_{spec.believed.index(feed) + 1}").isNotNull()
            found = F.when(here, F.greatest(F.lit(rank), found)).otherwise(found)
    return found.alias("belief")


def _agreement(spec: EntitySpec) -> Column:
    agreed = [n for n, attribute in enumerate(spec.attributes) if attribute.survive == "agreed"]
    return F.when(F.col("attribute").isin(*agreed), F.col("records")).otherwise(0) if agreed else F.lit(0)


def _recency_of_belief(spec: EntitySpec) -> Column:
    """When the value was last said: by the believed feed where one said it, else by any."""
    found = F.greatest(*_latest(spec))
    for n, attribute in enumerate(spec.attributes):
        for feed in reversed(attribute.believe):
            latest = F.col(f"latest_{spec.believed.index(feed) + 1}")
            found = F.when((F.col("attribute") == n) & latest.isNotNull(), latest).otherwise(found)
    return found


def _value_source_date(n: int, attribute: Attribute) -> tuple[Column, Column, Column]:
    best, name = f"_best_{n}", attribute.name
    value = F.expr(f"substring({best}, {4 * _DIGITS + 1})").cast(attribute.type)
    return (
        value.alias(name),
        F.col(f"_name_{n}").alias(f"{name}_source"),
        _date(_recency_in(F.col(best))).alias(f"{name}_date"),
    )


def _feed_number(recency: Column) -> Column:
    return F.shiftright(recency, ROW_BITS).bitwiseAND(F.lit((1 << FEED_BITS) - 1)).cast("int")


def _date(recency: Column) -> Column:
    days = F.shiftright(recency, ROW_BITS + FEED_BITS + SEQUENCE_BITS).cast("int")
    return F.date_add(F.lit("1970-01-01").cast("date"), days)
