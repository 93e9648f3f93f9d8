"""The short way from bronze to typed columns, for rows in which nothing is to be mended and nothing is wrong.

Most rows of a delivery are like that. They are read by one projection; the others keep their texts in `_odd`, and
conform and screen find out what is the matter with them.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import Column as ContractColumn
from expectations.contract.feed import FeedContract
from spark_jobs.refine.conform import PROVENANCE, as_delivered, text_of
from spark_jobs.refine.fields import PLAIN_READERS
from spark_jobs.refine.fields.characters import all_of
from spark_jobs.refine.fields.known_codes import KnownCodes
from spark_jobs.refine.fields.parsed import Given, Plain
from spark_jobs.refine.screen import EVIDENCE, LOUDNESSES, SCREENED


def part(bronze: DataFrame, contract: FeedContract, known: KnownCodes) -> DataFrame:
    """The contract's columns with their types, SCREENED, `_is_plain`, and of other rows `_odd`: all that bronze said.

    A plain row is one that conform would give the same values, without any breach or note, and that breaks no rule.
    The values of the other rows mean nothing.

    Args:
        bronze: rows of bronze with `_business_date` and `_delivery_sequence`; a column that it lacks is null.
        contract: the feed's contract.
        known: code lists.
    """
    texts = _texts(bronze, contract)
    plain = {column.name: _plain(column, known) for column in contract.columns}
    read = texts.select(
        *(plain[column.name].value.cast(column.domain.spark).alias(column.name) for column in contract.columns),
        all_of(F.col("_defect").isNull(), *(each.holds for each in plain.values())).alias("_is_read"),
        *(_source_of(name) for name in plain),
        *PROVENANCE,
    )
    # Rules may fail on values that mean nothing, so that they are asked about rows that are read, and no others.
    is_plain = F.when(F.col("_is_read"), all_of(F.lit(True), *(F.expr(rule.sql) for rule in contract.rules)))
    given = F.struct(*(F.col(_source_of(name)).alias(name) for name in plain), *PROVENANCE)
    # Beside `_odd`, which is a column for each of bronze's to whoever asks whether it is null.
    judged = read.withColumn("_is_plain", F.coalesce(is_plain, F.lit(False)))
    odd = F.when(~F.col("_is_plain"), given)
    return judged.select(*plain, *SCREENED, "_is_plain", odd.alias("_odd"))


def plain_rows(parted: DataFrame, contract: FeedContract) -> DataFrame:
    """The plain rows as screen would give them."""
    evidence = F.lit(None).cast(EVIDENCE)
    names = [column.name for column in contract.columns]
    return parted.where("_is_plain").select(
        *names, *(F.lit("").alias(name) for name in (*LOUDNESSES, "_noted")), *SCREENED, evidence.alias("_evidence")
    )


def odd_rows(parted: DataFrame) -> DataFrame:
    """The other rows, as bronze has them."""
    return parted.where("not _is_plain").select("_odd.*")


def _source_of(name: str) -> str:
    return f"_source__{name}"


def _texts(bronze: DataFrame, contract: FeedContract) -> DataFrame:
    """Each text as delivered, and once more with null where it is blank or says that there is nothing."""
    sources = as_delivered(bronze, contract)
    return bronze.select(
        *(source.alias(_source_of(name)) for name, source in sources.items()),
        *(_or_null(source, contract.column(name)).alias(text_of(name)) for name, source in sources.items()),
        *PROVENANCE,
    )


def _or_null(source: Column, column: ContractColumn) -> Column:
    if column.required and not column.nulls:
        # Nothing is no better than a text that no reader takes.
        return source
    return F.when(~source.isin("", *column.nulls) if column.nulls else source != "", source)


def _plain(column: ContractColumn, known: KnownCodes) -> Plain:
    """The reader's answer; nothing is good too where the contract does not require a value."""
    reader = PLAIN_READERS.get(column.type)
    text = F.col(text_of(column.name))
    nothing = Plain(F.lit(False), F.lit(None))
    read = reader(text, Given(column, text, known, F.col("_business_date"))) if reader else nothing
    return read if column.required else Plain(text.isNull() | read.holds, read.value)
