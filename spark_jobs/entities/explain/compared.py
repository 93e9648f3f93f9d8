"""A pair that was never compared, compared now: keys and levels of two rows, by the expressions of resolution."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.explain.evidence import Evidence, explain, shares_of
from spark_jobs.entities.explain.lookup import Row
from spark_jobs.entities.match.model import Frequencies, Model

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_INTERPRETED = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}


@dataclass(frozen=True)
class Compared:
    """Two profiles side by side.

    Args:
        evidence: what speaks for and against.
        keys_a: attributes and keys of one.
        keys_b: attributes and keys of the other.
    """

    evidence: Evidence
    keys_a: Row
    keys_b: Row


def for_two_rows(spark: "SparkSession") -> "SparkSession":
    """Make a session quick for a few rows: to compile the expressions would take longer than to walk through them."""
    for name, value in _INTERPRETED.items():
        spark.conf.set(name, value)
    return spark


def compare(spark: "SparkSession", spec: EntitySpec, model: Model, a: Row, b: Row) -> Compared:
    """Compare two profiles.

    Args:
        spark: a session of an engine.
        spec: the kind of entity.
        model: its model.
        a: attributes and `profile_id` of one.
        b: attributes and `profile_id` of the other.
    """
    from pyspark.sql import types as T
    from pyspark.sql.functions import col

    from spark_jobs.entities.match.comparison import frequency_name, level_column, with_levels
    from spark_jobs.entities.match.profiles import pair_columns, with_keys

    attributes = [(attribute.name, attribute.type) for attribute in spec.attributes]
    schema = "side int, profile_id bigint, " + ", ".join(f"{name} {kind}" for name, kind in attributes)
    said = [(n, row["profile_id"], *(row[name] for name, _ in attributes)) for n, row in enumerate((a, b))]
    keyed = with_keys(spark.createDataFrame(said, schema), spec)
    types = {field.name: field.dataType for field in keyed.schema.fields}
    keys_a, keys_b = (row.asDict() for row in sorted(keyed.collect(), key=lambda row: row["side"]))

    fields, values = [], []
    for suffix, keys in (("l", keys_a), ("r", keys_b)):
        for name in pair_columns(spec):
            fields.append(T.StructField(f"{name}_{suffix}", types[name]))
            values.append(keys[name])
        for name in spec.matching.rarity_columns:
            element = types[name].elementType
            kind = T.StructType(
                [T.StructField("of", T.MapType(element, T.DoubleType())), T.StructField("total", T.DoubleType())]
            )
            fields.append(T.StructField(f"{frequency_name(name)}_{suffix}", kind))
            values.append(_rarities(keys[name], model.frequencies.get(name)))
    pair = spark.createDataFrame([tuple(values)], T.StructType(fields))
    columns = [level_column(comparison) for comparison in spec.matching.comparisons]
    found = with_levels(pair, spec, types).select(*(col(name) for name in columns)).collect()[0]
    evidence = explain([found[name] for name in columns], spec, model, shares=shares_of(spec, model, keys_a))
    return Compared(evidence, keys_a, keys_b)


def _rarities(elements: list[Any] | None, known: Frequencies | None) -> Row | None:
    """What `weighing.with_frequencies` gives an array: the rarity of each element, and their sum."""
    if elements is None:
        return None
    of = {}
    for element in elements:
        rarity = 1.0 if known is None else -known.values.get(str(element), known.floor)
        of[element] = max(round(rarity * 1024) / 1024, 1 / 1024)
    return {"of": of, "total": sum(of.values())}
