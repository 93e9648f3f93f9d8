"""From the strings of bronze to the contract's columns, with what was wrong and what was mended in each field."""

from collections.abc import Mapping

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import Column as ContractColumn
from expectations.contract.feed import FeedContract
from expectations.severity import Severity
from spark_jobs.refine.fields import PARSERS
from spark_jobs.refine.fields.characters import OUTER_SPACE
from spark_jobs.refine.fields.known_codes import KnownCodes
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Step

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
"""Columns of bronze that conform passes on in `_given`, with the original texts."""
_LOOSE = ("_defect", "_business_date")
"""Those that parsers and rules look at, also as columns."""


def source_of(name: str) -> str:
    """Where a conformed frame holds the original text of `name`."""
    return f"_given.{name}"


def breach_of(name: str) -> str:
    """Column of a conformed frame that holds the breach code of `name`, null where the value is good."""
    return f"_breach__{name}"


def notes_of(name: str) -> str:
    """Column of a conformed frame that holds the notes on `name`, as `name:code` parted by blanks."""
    return f"_notes__{name}"


def conform(bronze: DataFrame, contract: FeedContract, known: KnownCodes) -> DataFrame:
    """The contract's columns with their types, breach and notes of each, and `_given`: what bronze said.

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
    return checked.select(
        *(_usable(column, parsed[column.name]).alias(column.name) for column in contract.columns),
        *(breach_of(column.name) for column in contract.columns),
        *(_notes(column, parsed[column.name]).alias(notes_of(column.name)) for column in contract.columns),
        *_LOOSE,
        "_given",
    )


def as_delivered(bronze: DataFrame, contract: FeedContract) -> dict[str, Column]:
    """What bronze says of each column of a contract; null where bronze has no such column."""
    present = set(bronze.columns)
    absent = F.lit(None).cast("string")
    return {each.name: F.col(each.name) if each.name in present else absent for each in contract.columns}


def _sources(bronze: DataFrame, contract: FeedContract) -> DataFrame:
    sources = as_delivered(bronze, contract)
    # In one struct, the originals pass through all projections as one block of bytes, not column by column.
    given = F.struct(*(text.alias(name) for name, text in sources.items()), *PROVENANCE)
    return bronze.select(
        *(_text(text, contract.column(name)).alias(text_of(name)) for name, text in sources.items()),
        *_LOOSE,
        given.alias("_given"),
    )


def text_of(name: str) -> str:
    """Column of a frame in work that holds the text of `name` to be read."""
    return f"_text__{name}"


def _text(source: Column, column: ContractColumn) -> Column:
    """The text without outer white space; null where nothing is left, or where it says that there is nothing."""
    bare = F.btrim(source, F.lit(OUTER_SPACE))
    return F.when(~bare.isin("", *column.nulls) if column.nulls else bare != "", bare)


def _parsing(column: ContractColumn, known: KnownCodes) -> Parsing:
    given = Given(column, F.col(source_of(column.name)), known, F.col("_business_date"))
    return PARSERS[column.type](F.col(text_of(column.name)), given)


def _run(parsings: Mapping[str, Parsing], frame: DataFrame) -> tuple[dict[str, Parsed], DataFrame]:
    """Let all parsers take their steps side by side, one projection for each round."""
    parsed: dict[str, Parsed] = {}
    answers: dict[str, Step | None] = dict.fromkeys(parsings)
    turn = 0
    while answers:
        turn += 1
        asked: dict[str, Step] = {}
        for name, answer in answers.items():
            try:
                asked[name] = next(parsings[name]) if answer is None else parsings[name].send(answer)
            except StopIteration as end:
                parsed[name] = end.value
        made = {name: _named(step, f"_step{turn}__{name}") for name, step in asked.items()}
        if made:
            frame = frame.withColumns({key: each for columns in made.values() for key, each in columns.items()})
        answers = {name: tuple(F.col(key) for key in columns) for name, columns in made.items()}
    return parsed, frame


def _named(step: Step, stem: str) -> dict[str, Column]:
    return {f"{stem}__{place}": expression for place, expression in enumerate(step)}


def _breach(column: ContractColumn, parsed: Parsed) -> Column:
    text = F.col(text_of(column.name))
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
