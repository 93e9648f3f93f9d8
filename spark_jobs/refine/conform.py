"""From the strings of bronze to the contract's columns, with what was wrong and what was mended in each field."""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract import Column as ContractColumn
from expectations.contract import FeedContract
from expectations.severity import Severity
from spark_jobs.refine.fields import PARSERS
from spark_jobs.refine.fields.characters import OUTER_SPACE
from spark_jobs.refine.fields.known_codes import KnownCodes
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing

PROVENANCE = (
    "_delivery_id",
    "_row_number",
    "_byte_offset",
    "_byte_length",
    "_defect",
    "_raw",
    "_rescued",
    "_business_date",
    "_delivery_sequence",
)
"""Columns that conform passes on as they are."""


def source_of(name: str) -> str:
    """Column of a conformed frame that holds the original text of `name`."""
    return f"_source__{name}"


def breach_of(name: str) -> str:
    """Column of a conformed frame that holds the breach code of `name`, null where the value is good."""
    return f"_breach__{name}"


def notes_of(name: str) -> str:
    """Column of a conformed frame that holds the notes on `name`, as `name:code` parted by blanks."""
    return f"_notes__{name}"


def conform(bronze: DataFrame, contract: FeedContract, known: KnownCodes) -> DataFrame:
    """The contract's columns with their types, then original text, breach and notes of each, then PROVENANCE.

    A value that does not parse is null and a breach. Fields of a row that could not be parted (`_defect`) have none.

    Args:
        bronze: rows of bronze with `_business_date` and `_delivery_sequence`; a column that it lacks is null.
        contract: the feed's contract.
        known: code lists.
    """
    frame = _sources(bronze, contract)
    parsings = {column.name: _parsing(column, known) for column in contract.columns}
    parsed, frame = _run(parsings, frame)
    checked = frame.withColumns(
        {breach_of(column.name): _breach(column, parsed[column.name]) for column in contract.columns}
    )
    names = [column.name for column in contract.columns]
    return checked.select(
        *(_usable(column, parsed[column.name]).alias(column.name) for column in contract.columns),
        *(source_of(name) for name in names),
        *(breach_of(name) for name in names),
        *(_notes(column, parsed[column.name]).alias(notes_of(column.name)) for column in contract.columns),
        *PROVENANCE,
    )


def _sources(bronze: DataFrame, contract: FeedContract) -> DataFrame:
    present = set(bronze.columns)
    sources = {
        column.name: F.col(column.name) if column.name in present else F.lit(None).cast("string")
        for column in contract.columns
    }
    return bronze.select(
        *(text.alias(source_of(name)) for name, text in sources.items()),
        *(_text(text, contract.column(name)).alias(_text_of(name)) for name, text in sources.items()),
        *PROVENANCE,
    )


def _text_of(name: str) -> str:
    return f"_text__{name}"


def _text(source: Column, column: ContractColumn) -> Column:
    """The text without outer white space; null where nothing is left, or where it says that there is nothing."""
    bare = F.btrim(source, F.lit(OUTER_SPACE))
    return F.when(~bare.isin("", *column.nulls), bare)


def _parsing(column: ContractColumn, known: KnownCodes) -> Parsing:
    given = Given(column, F.col(source_of(column.name)), known, F.col("_business_date"))
    return PARSERS[column.type](F.col(_text_of(column.name)), given)


def _run(parsings: Mapping[str, Parsing], frame: DataFrame) -> tuple[dict[str, Parsed], DataFrame]:
    """Let all parsers take their steps side by side, one projection for each round."""
    parsed: dict[str, Parsed] = {}
    answers: dict[str, Column | None] = dict.fromkeys(parsings)
    step = 0
    while answers:
        asked: dict[str, Column] = {}
        for name, answer in answers.items():
            try:
                asked[name] = next(parsings[name]) if answer is None else parsings[name].send(answer)
            except StopIteration as end:
                parsed[name] = end.value
        step += 1
        if asked:
            frame = frame.withColumns({f"_step{step}__{name}": expression for name, expression in asked.items()})
        answers = {name: F.col(f"_step{step}__{name}") for name in asked}
    return parsed, frame


def _breach(column: ContractColumn, parsed: Parsed) -> Column:
    text = F.col(_text_of(column.name))
    missing = F.when(text.isNull() & F.col("_defect").isNull(), "missing_value") if column.required else F.lit(None)
    found = F.when(text.isNull(), missing.cast("string"))
    for code, condition in parsed.breaches.items():
        found = found.when(condition, code)
    return found


def _usable(column: ContractColumn, parsed: Parsed) -> Column:
    """The value, unless its breach is one that the domain type rejects: then nobody may rely on it."""
    doubtful = [code for code, breach in column.domain.breaches.items() if breach.severity is Severity.WARN]
    breach = F.col(breach_of(column.name))
    good = (breach.isNull() | breach.isin(doubtful)) if doubtful else breach.isNull()
    return F.when(good, parsed.value).cast(column.domain.spark)


def _notes(column: ContractColumn, parsed: Parsed) -> Column:
    """What was mended on the way to a value; empty where nothing was, null where there is no value."""
    if not parsed.notes:
        return F.lit(None).cast("string")
    notes = (F.when(condition, f"{column.name}:{code}") for code, condition in parsed.notes.items())
    return F.when(F.col(breach_of(column.name)).isNull(), F.concat_ws(" ", *notes))
