"""The rejected rows with rule, field, original value and what to do, for the department and for us."""

from collections.abc import Iterator, Mapping

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations import allowed_formats
from expectations.allowed_codes import allowed_codes
from expectations.contract.feed import FeedContract
from expectations.rejections import RowInFault
from spark_jobs.refine.screen import is_rejected

_BREACHES = "array<struct<rule:string, field:string, value:string, message:string, fix:string>>"
_BREACH = pa.struct([(name, pa.string()) for name in ("rule", "field", "value", "message", "fix")])
SCHEMA = pa.schema(
    [
        ("_delivery_id", pa.string()),
        ("_row_number", pa.int64()),
        ("_byte_offset", pa.int64()),
        ("_byte_length", pa.int64()),
        ("_business_date", pa.date32()),
        ("breaches", pa.list_(_BREACH)),
        ("record", pa.map_(pa.string(), pa.string())),
        ("_raw", pa.string()),
    ]
)
"""`breaches.field` is a silver column name, null where the whole row is meant. `record` has the source's own headers
as keys and the texts as delivered, and `_rescued` where the contract keeps what it does not know; in a row that could
not be parted into fields, `_raw` has the text."""


def first_rejected(screened: DataFrame, contract: FeedContract, most: int) -> list[RowInFault]:
    """The first rejected rows of a screened frame, by their number."""
    rows = quarantine_rows(screened, contract).orderBy("_row_number").limit(most).select("_row_number", "breaches")
    return [
        RowInFault(number, tuple((each["field"], each["message"], each["fix"]) for each in breaches))
        for number, breaches in rows.collect()
    ]


def quarantine_rows(screened: DataFrame, contract: FeedContract) -> DataFrame:
    """The rejected rows of a screened frame, in the shape of SCHEMA."""
    named = F.transform(F.split("_rejects", " "), _named)
    found = F.transform(named, lambda item: _breach(item["rule"], item["field"], contract))
    return screened.where(is_rejected()).select(
        "_delivery_id",
        "_row_number",
        "_evidence._byte_offset",
        "_evidence._byte_length",
        "_business_date",
        found.cast(_BREACHES).alias("breaches"),
        "_evidence.record",
        "_evidence._raw",
    )


def _named(item: Column) -> Column:
    """Rule and field of a breach, in a step of their own: Sail plans and computes each copy of an expression anew."""
    field = F.nullif(F.substring_index(item, ":", 1), F.lit(""))
    return F.struct(F.substring_index(item, ":", -1).alias("rule"), field.alias("field"))


def _breach(rule: Column, field: Column, contract: FeedContract) -> Column:
    breaches = contract.breaches()
    source = _told(field, {column.name: column.source for column in contract.columns})
    fix = _told(rule, {code: breach.fix for code, breach in breaches.items()})
    return F.struct(
        rule.alias("rule"),
        field.alias("field"),
        F.element_at(F.col("_evidence.record"), source).alias("value"),
        _told(rule, {code: breach.message for code, breach in breaches.items()}).alias("message"),
        F.concat(fix, *_what_is_right(rule, field, contract)).alias("fix"),
    )


def _what_is_right(rule: Column, field: Column, contract: FeedContract) -> Iterator[Column]:
    """What follows the advice: the codes or the formats that would have been right where something else was written."""
    right = (
        (("unknown_code",), allowed_codes(contract)),
        (allowed_formats.RULES, allowed_formats.allowed_formats(contract)),
    )
    for rules, told in right:
        if told:
            known = _told(field, {name: f"；{text}" for name, text in told.items()})
            yield F.coalesce(F.when(rule.isin(*rules), known), F.lit(""))


def _told(about: Column, texts: Mapping[str, str]) -> Column:
    """The text of what a column names; null where it names nothing of them.

    No map of literals, which Sail makes anew for each element of a lambda function.
    """
    (first, text), *others = texts.items()
    told = F.when(about == first, text)
    for each, text in others:
        told = told.when(about == each, text)
    return told
