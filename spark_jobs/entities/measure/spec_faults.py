"""Which key, blocking rule or level of a spec Spark refuses, and why: in words for those who write specs."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from pyspark.errors import AnalysisException, PySparkException
from pyspark.errors.exceptions.connect import SparkConnectGrpcException
from pyspark.logger import PySparkLogger
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from expectations.entity_sql import named, sql_texts
from expectations.matching import BlockingRule, Comparison
from spark_jobs.base.errors import LakeError
from spark_jobs.entities.keys.functions import key_batches
from spark_jobs.entities.match.blocking import block_keys
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.match.scoring import compared
from spark_jobs.entities.match.weighing import with_frequencies

_MOST_CHARACTERS = 300
_LONG_EXPRESSION = re.compile(r'"[^"]{100,}"')
_DATA_EXCEPTION = "22"
"""Class of SQLSTATE (ISO 9075-2, 24.1): a value that an expression cannot take."""
_MEND = "mend the spec; expectations/entities/README.md explains every field"
_ARRAY = "give it an array: a key by `tokens` or `bigrams`, or a key whose sql is `split(…)`"
_SIDES = "mend the SQL; every column is written with its side: name_l, name_r"
_INSTEAD = {
    "CAST": "write try_cast instead of cast, try_to_date instead of to_date: then such a value is null",
    "DIVIDE": "write try_divide instead of /: then such a value is null",
    "CANNOT_PARSE": "write try_to_timestamp or try_to_date: then such a value is null",
    "INVALID_ARRAY_INDEX": "write get(array, n), from 0: null where there is no such element",
    "INVALID_PARAMETER": "mend the argument, such as the pattern of a regexp_ function",
}
_TRY = "write the try_ form of the function: then such a value is null"

_CAST = re.compile(r"\bcast\s*\(", re.IGNORECASE)
_UNKNOWN_FUNCTION = re.compile(r"\bfunction: (\w+)")
_JAVAS_PATTERNS = ("look-around", "backreferences are not supported")
"""Of regular expressions, what Rust's do not have."""
_SAILS_WORDS = (
    (_UNKNOWN_FUNCTION, "Cannot resolve routine `{0}`"),
    (
        re.compile(r'attribute ObjectName\(\[Identifier\("([^"]+)"\)\]\) is missing'),
        "A column `{0}` cannot be resolved",
    ),
    (re.compile(r"found (.+) at [0-9]+:[0-9]+ expected "), "Syntax error at or near `{0}`"),
)
"""What Sail says of an SQL text, and how Spark says it."""
_SAILS = {
    "Cast error": ("a value cannot be cast", _INSTEAD["CAST"]),
    "by zero": ("a value is divided by zero", _INSTEAD["DIVIDE"]),
    "INVALID_ARRAY_INDEX": ("an array has no such element", _INSTEAD["INVALID_ARRAY_INDEX"]),
    "datetime": ("a value is no date of that form", _INSTEAD["CANNOT_PARSE"]),
}
"""What Sail says of a value that an expression cannot take; it tells no SQLSTATE."""


class Lacking(Exception):  # noqa: N818  no error: another engine has it
    """The engine lacks a function that a spec uses and Spark has, or what its regular expressions look for."""


Step = tuple[str, str, Callable[[], DataFrame]]
"""Where in the spec, what to do about a fault there, and a frame that Spark analyses only if there is none."""


@contextmanager
def quiet_spark() -> Iterator[None]:
    """Without PySpark's own log of a failed query: it prints plans, and values of records."""
    loggers = [PySparkLogger.getLogger(f"{kind}QueryContextLogger") for kind in ("SQL", "DataFrame")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def explained(error: PySparkException, spark: SparkSession, spec: EntitySpec) -> LakeError | None:
    """What to tell those who wrote the spec about an error while resolving by it; None where it is not theirs.

    Raises:
        Lacking: the engine lacks what the spec uses, which is no fault of the spec.
    """
    is_sails = error.getCondition() is None
    if is_sails and any(what in str(error) for what in _JAVAS_PATTERNS):
        raise Lacking from None
    if (error.getSqlState() or "").startswith(_DATA_EXCEPTION):
        return _of_a_value(error, spec)
    is_of_analysis = isinstance(error, AnalysisException)
    if not is_of_analysis and not isinstance(error, SparkConnectGrpcException):
        return None
    found = refusal(spark, spec)
    if found is None:
        if is_sails:
            return _of_a_value_on_sail(error, spec)
        return LakeError(first_sentence(error), _MEND) if is_of_analysis else None
    place, mend, cause = found
    lacking = _UNKNOWN_FUNCTION.search(str(cause))
    if is_sails and lacking and hasattr(F, lacking[1]):
        raise Lacking(lacking[1]) from None
    return LakeError(f"{place}: {first_sentence(cause)}", mend)


def refusal(spark: SparkSession, spec: EntitySpec) -> tuple[str, str, PySparkException] | None:
    """The first part of a spec that Spark refuses without any data: its place, what to do, and Spark's error."""
    for place, mend, analysed in _steps(spark, spec):
        try:
            _ = analysed().schema
        except PySparkException as error:
            # A server that is gone refuses everything.
            _ = spark.range(0).schema
            return place, mend, error
    return None


def first_sentence(error: PySparkException) -> str:
    """What Spark says of an SQL text, without error class, plan and expressions of a page."""
    for said_so, meant in _SAILS_WORDS:
        if found := said_so.search(str(error)):
            return meant.format(*found.groups())
    if not isinstance(error, AnalysisException):
        # A text with many characters beyond ASCII does not fit into the headers in which gRPC returns it.
        return "Spark cannot make sense of it"
    said = re.sub(r"^\s*\[[A-Z0-9_.]+\]\s*", "", str(error))
    said = " ".join(re.split(r"SQLSTATE|\n\n|JVM stacktrace|== SQL", said)[0].split())
    said = _LONG_EXPRESSION.sub("the expression", said)
    return said if len(said) <= _MOST_CHARACTERS else said[:_MOST_CHARACTERS] + "…"


def _of_a_value(error: PySparkException, spec: EntitySpec) -> LakeError:
    """The error without the value: it may be a person's."""
    condition, parameters = error.getCondition() or "", error.getMessageParameters() or {}
    what = condition.split(".")[0].replace("_", " ").lower() or "an expression fails"
    if {"sourceType", "targetType"} <= set(parameters):
        what = f"a value of type {parameters['sourceType']} cannot be cast to {parameters['targetType']}"
    fragments = [context.fragment() for context in error.getQueryContext()]
    places = [place for place, sql in sql_texts(spec.matching) if any(f and f in sql for f in fragments)]
    instead = next((text for start, text in _INSTEAD.items() if condition.startswith(start)), _TRY)
    return LakeError(f"{places[0] if places else 'an SQL text'}: {what}", instead)


def _of_a_value_on_sail(error: PySparkException, spec: EntitySpec) -> LakeError | None:
    """The same of an error that has no condition and may quote the value: all texts that may be meant."""
    kind = next((kind for kind in _SAILS if kind.lower() in str(error).lower()), None)
    if kind is None:
        return None
    what, instead = _SAILS[kind]
    places = [place for place, sql in sql_texts(spec.matching) if kind != "Cast error" or _CAST.search(sql)]
    return LakeError(f"{' or '.join(places) or 'an SQL text'}: {what}", instead)


def _steps(spark: SparkSession, spec: EntitySpec) -> Iterator[Step]:
    """Every part of the spec that Spark may refuse, in the order in which one part needs another."""
    none = spark.range(0)
    text = F.lit("").cast("string")
    for attribute in spec.attributes:
        column = text.try_cast(attribute.type).alias(attribute.name)
        mend = "give a Spark type: string, date, int, double, timestamp"
        yield f"attribute {attribute.name}, type {attribute.type}", mend, partial(none.select, column)
    attributes = [text.try_cast(attribute.type).alias(attribute.name) for attribute in spec.attributes]
    keyed = none.select(F.col("id").alias("profile_id"), F.col("id").alias("node_id"), *attributes)
    keys = {key.name: key for key in spec.matching.keys}
    for batch in key_batches(spec):
        for name, column in batch.items():
            by = keys[name].by
            mend = f"give {by} a text" if by else "mend the SQL; it may read attributes and earlier keys"
            yield f"key {name}", mend, partial(keyed.select, column)
        # A frame of the schema alone: an error holds the whole plan, which would soon be too long.
        keyed = spark.createDataFrame([], keyed.withColumns(batch).schema)
    for rule in spec.matching.blocking:
        yield f"blocking {rule.name}", _ARRAY if rule.each else _MEND, partial(_blocked, keyed, spec, rule)
    for comparison in spec.matching.comparisons:
        yield from _of_comparison(keyed, spec, comparison)


def _blocked(keyed: DataFrame, spec: EntitySpec, rule: BlockingRule) -> DataFrame:
    alone = spec.matching.model_copy(update={"blocking": (rule,)})
    return keyed.select(block_keys(spec.model_copy(update={"matching": alone})))


def _of_comparison(keyed: DataFrame, spec: EntitySpec, comparison: Comparison) -> Iterator[Step]:
    bare = comparison.model_copy(update={"needs": comparison.required, "unless": None, "weights": None})
    for level in comparison.levels:
        mend = _ARRAY if level.kind in {"jaccard", "overlap"} else _SIDES if level.sql else _MEND
        alone = bare.model_copy(update={"levels": (level,)})
        yield f"comparison {comparison.name}, {named(level)}", mend, partial(_compared, keyed, spec, alone)
    whole = bare.model_copy(update={"unless": comparison.unless})
    yield f"comparison {comparison.name}, unless", _SIDES, partial(_compared, keyed, spec, whole)


def _compared(keyed: DataFrame, spec: EntitySpec, comparison: Comparison) -> DataFrame:
    """No pairs at all, compared in one way."""
    changed = {"comparisons": (comparison,), "one_value": None, "one_per": None}
    alone = spec.model_copy(update={"matching": spec.matching.model_copy(update=changed)})
    unlearned = Model(entity=spec.entity, prior=0, comparisons={}, frequencies={})
    pairs = keyed.select(F.col("profile_id").alias("a"), F.col("profile_id").alias("b"))
    return compared(pairs, with_frequencies(keyed, alone, unlearned), alone)
