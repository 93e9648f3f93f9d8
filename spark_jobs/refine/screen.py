"""Add the rules that each row breaks, and decide between silver and quarantine."""

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import Column as ContractColumn
from expectations.contract.feed import FeedContract, Rule
from expectations.domain_types import BREACHES_OF_EVERY_ROW
from expectations.severity import Severity
from spark_jobs.refine.conform import breach_of, notes_of, source_of
from spark_jobs.refine.fields.characters import SPACE

LOUDNESSES = {"_rejects": Severity.REJECT, "_halts": Severity.HALT, "_warns": Severity.WARN}
"""Columns of a screened frame: breaches as `column:code` parted by blanks, an empty text where there is none."""
EVIDENCE = "struct<_byte_offset: bigint, _byte_length: bigint, _raw: string, record: map<string, string>>"
"""Type of `_evidence`, null in a row that is accepted."""
_TOTALS = "|".join(f"{first}[{SPACE}]*计" for first in "合总小共累")
_SIGNED = f"[^{SPACE}:：]{{0,6}}(人|员|单位|部门|日期|时间|电话)(（[^）]{{0,10}}）)?|注|备注|说明|附注"
_NO_RECORD = f"^[{SPACE}]*([^{SPACE}:：]{{0,4}}({_TOTALS})[:：]?([{SPACE},;|]|\\z)|({_SIGNED})[{SPACE}]*[:：])"
"""How a row begins that sums up those above it, or says who filled in the sheet."""
SCREENED = ("_delivery_id", "_row_number", "_rescued", "_business_date", "_delivery_sequence")


def screen(conformed: DataFrame, contract: FeedContract) -> DataFrame:
    """The contract's columns with `_rejects`, `_halts`, `_warns`, `_noted` and, where rejected, the `_evidence`.

    A rule is broken where its predicate is false or null. It is not asked about a field that is itself rejected, nor
    about a row that could not be parted into fields.
    """
    names = [column.name for column in contract.columns]
    marked = conformed.select(
        *names,
        *(_together(contract, severity).alias(name) for name, severity in LOUDNESSES.items()),
        F.concat_ws(" ", *(F.nullif(F.col(notes_of(name)), F.lit("")) for name in names)).alias("_noted"),
        "_given",
    )
    about = [f"_given.{name}" for name in SCREENED]
    rejects = F.when(is_rejected() & _is_no_record(contract), F.concat(F.lit(":no_record "), "_rejects"))
    loudnesses = [F.coalesce(rejects, "_rejects").alias("_rejects"), *list(LOUDNESSES)[1:]]
    return marked.select(
        *names, *loudnesses, "_noted", *about, F.when(is_rejected(), _evidence(contract)).alias("_evidence")
    )


def is_rejected() -> Column:
    """The row goes to quarantine."""
    return F.col("_rejects") != ""


def as_screened(severity: Severity, contract: FeedContract) -> Severity:
    """How loud a breach is in this feed: rows that were read cannot be sent again, so a halt stops its row alone."""
    return Severity.REJECT if severity is Severity.HALT and contract.arrival.yields == "rows" else severity


def severity_of(column: ContractColumn, code: str) -> Severity:
    """How loud a breach is in this column."""
    breaches = column.domain.breaches | BREACHES_OF_EVERY_ROW
    return column.severities.get(code, breaches[code].severity)


def _is_no_record(contract: FeedContract) -> Column:
    """What the row says begins as no record does; asked of rejected rows, for who knows what a good one may say."""
    said = F.concat_ws(" ", *(source_of(column.name) for column in contract.columns), "_given._raw")
    return F.coalesce(said.rlike(_NO_RECORD), F.lit(False))


def _together(contract: FeedContract, severity: Severity) -> Column:
    breaches = [*_of_columns(contract, severity)]
    breaches += [
        _of_rule(rule, contract) for rule in contract.rules if as_screened(rule.severity, contract) is severity
    ]
    if severity is Severity.REJECT:
        breaches.insert(0, F.concat(F.lit(":"), F.col("_defect")))
    return F.concat_ws(" ", *breaches) if breaches else F.lit("")


def _of_columns(contract: FeedContract, severity: Severity) -> Iterable[Column]:
    for column in contract.columns:
        possible = [*column.domain.breaches, *(["missing_value"] if column.required else [])]
        codes = [code for code in possible if as_screened(severity_of(column, code), contract) is severity]
        found = F.concat(F.lit(f"{column.name}:"), F.col(breach_of(column.name)))
        if codes:
            yield found if len(codes) == len(possible) else F.when(F.col(breach_of(column.name)).isin(codes), found)


def _of_rule(rule: Rule, contract: FeedContract) -> Column:
    broken = ~F.coalesce(F.expr(rule.sql), F.lit(False)) & F.col("_defect").isNull()
    if rule.field:
        column = contract.column(rule.field)
        breach = F.col(breach_of(rule.field))
        quiet = [code for code in column.domain.breaches if severity_of(column, code) is Severity.WARN]
        broken = broken & (breach.isNull() | breach.isin(quiet) if quiet else breach.isNull())
    return F.when(broken, f"{rule.field or ''}:{rule.name}")


def _evidence(contract: FeedContract) -> Column:
    """Where the record is in the delivery and what it said."""
    pairs = [part for column in contract.columns for part in (F.lit(column.source), F.col(source_of(column.name)))]
    if contract.on_unknown_column == "rescue":
        pairs += [F.lit("_rescued"), F.col("_given._rescued")]
    place = (F.col(f"_given.{name}") for name in ("_byte_offset", "_byte_length", "_raw"))
    return F.struct(*place, F.create_map(*pairs).alias("record"))
