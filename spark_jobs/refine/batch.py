"""Refine deliveries of one feed together: bronze to silver and quarantine, with a count of every row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected, RowInFault
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.control.outcome import Outcome
from spark_jobs.feeds import refinement_for
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import tables
from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.conform import conform
from spark_jobs.refine.fields.known_codes import KnownCodes
from spark_jobs.refine.history import silver_rows
from spark_jobs.refine.plain import odd_rows, part, plain_rows
from spark_jobs.refine.quarantine import first_rejected, quarantine_rows
from spark_jobs.refine.screen import screen
from spark_jobs.refine.tally import Tally, judge, quiet_totals, read_tallies, tally
from spark_jobs.refine.write import Batch, pending, state_of, write_quarantine, write_silver

SHORT_WAY_ROWS = 20_000
"""From so many records on, rows in which nothing is wrong go a short way of their own; for fewer, one plan is less."""
MOST_ROWS_TOLD = 50
"""Of a delivery that is refused for its bad rows: so many are told, for nothing of it comes back to be corrected."""
INTERPRETED_ROWS = 50_000
"""Up to so many rows go the long way by interpretation: to generate and compile its code costs 20 s of CPU."""


@dataclass(frozen=True)
class BronzeDelivery:
    """A delivery whose records are in bronze."""

    delivery_id: str
    business_date: date
    sequence: int
    rows_counted: int
    """By intake's own counter."""
    replaces: tuple[str, ...] = ()
    """Older versions of the same object: if this one is used, their rows go."""
    is_correction: bool = False
    """Rows to fix that came back."""


def refine_batch(
    bench: Workbench,
    contract: FeedContract,
    deliveries: Sequence[BronzeDelivery],
    fingerprint: str,
) -> list[Outcome]:
    """Outcomes of the deliveries, in their order, once their rows are in silver and quarantine.

    At most one commit to each table, marked with the deliveries and the fingerprint; what is there by the same
    fingerprint is not written again, what is there by another is replaced.

    Args:
        bench: of the engine that does it.
        contract: the feed's contract.
        deliveries: what to refine.
        fingerprint: of contract and code.

    Raises:
        LakeError: bronze does not hold the rows that intake counted.
    """
    screened = _screened(bench, contract, deliveries)
    counts = _counts(screened, contract, deliveries)
    failpoint("refine.after_read")
    verdicts = _verdicts(screened, contract, deliveries, counts)
    _write(bench, screened, _batch(contract, deliveries, fingerprint, verdicts), counts, verdicts)
    silver, quarantine = tables.version("silver", contract.table), tables.version("quarantine", contract.table)
    return [
        _outcome(counts[each.delivery_id], verdicts[each.delivery_id], each.delivery_id, contract, silver, quarantine)
        for each in deliveries
    ]


def try_batch(
    bench: Workbench, contract: FeedContract, delivery: BronzeDelivery, most: int
) -> tuple[Outcome, list[RowInFault]]:
    """What would become of a delivery, and the first `most` of its rows that would be quarantined; nothing is written.

    Raises:
        LakeError: bronze does not hold the rows that intake counted.
    """
    screened = _screened(bench, contract, [delivery])
    counts = _counts(screened, contract, [delivery])
    found = counts[delivery.delivery_id]
    verdict = _verdicts(screened, contract, [delivery], counts)[delivery.delivery_id]
    rows = list(verdict.rows[:most]) if verdict is not None else []
    if found.quarantined and not rows:
        rows = first_rejected(screened, contract, most)
    return _outcome(found, verdict, delivery.delivery_id, contract, None, None), rows


def _verdicts(
    screened: DataFrame, contract: FeedContract, deliveries: Sequence[BronzeDelivery], counts: dict[str, Tally]
) -> dict[str, DeliveryRejected | None]:
    """Why nothing of a delivery may be used, by its id; with the rows that are at fault, where it is for them."""
    found = {each.delivery_id: judge(counts[each.delivery_id], contract, each.is_correction) for each in deliveries}
    for name, verdict in found.items():
        if verdict is not None and verdict.code == "rejected_share":
            of_it = screened if len(deliveries) == 1 else screened.where(F.col("_delivery_id") == name)
            verdict.rows = first_rejected(of_it, contract, MOST_ROWS_TOLD)
    return found


def _screened(bench: Workbench, contract: FeedContract, deliveries: Sequence[BronzeDelivery]) -> DataFrame:
    """The deliveries' rows, screened and kept: several jobs read them, and each would do it all again."""
    names = [each.delivery_id for each in deliveries]
    spark, bronze = bench.spark, bench.read("bronze", contract.table, deliveries=names)
    dated = _dated(spark, bronze, deliveries)
    known = known_codes(frozenset(column.code_table for column in contract.columns if column.code_table))
    if sum(each.rows_counted for each in deliveries) < SHORT_WAY_ROWS:
        return _the_long_way(bench, dated, contract, known, are_many=False)
    parted = bench.staging.keep(part(dated, contract, known), "parted")
    odd = odd_rows(parted)
    are_many = odd.count() > INTERPRETED_ROWS
    return plain_rows(parted, contract).unionByName(_the_long_way(bench, odd, contract, known, are_many))


def _dated(spark: SparkSession, bronze: DataFrame, deliveries: Sequence[BronzeDelivery]) -> DataFrame:
    if len(deliveries) == 1:
        date, sequence = F.lit(deliveries[0].business_date), F.lit(deliveries[0].sequence).cast("bigint")
        return bronze.withColumns({"_business_date": date, "_delivery_sequence": sequence})
    about = spark.createDataFrame(
        [(each.delivery_id, each.business_date, each.sequence) for each in deliveries],
        "_delivery_id string, _business_date date, _delivery_sequence bigint",
    )
    return bronze.join(F.broadcast(about), "_delivery_id", how="inner")


def _the_long_way(
    bench: Workbench, bronze: DataFrame, contract: FeedContract, known: KnownCodes, are_many: bool
) -> DataFrame:
    """The rows conformed and screened, at once, for the settings hold while a job runs."""
    # All parsers in one generated method are more than the JVM compiles; Spark need not even try.
    confs = {"spark.sql.codegen.wholeStage": "false"}
    if not are_many:
        confs["spark.sql.codegen.factoryMode"] = "NO_CODEGEN"
    conf = bench.spark.conf
    before = {name: conf.get(name) for name in confs}
    for name, value in confs.items():
        conf.set(name, value)
    try:
        screened = screen(conform(bronze, contract, known), contract)
        # Of what it holds by itself, Sail reads every column whatever is asked for.
        return bench.staging.keep(screened, "screened") if are_many else screened.localCheckpoint()
    finally:
        for name, value in before.items():
            conf.set(name, value)


def _counts(screened: DataFrame, contract: FeedContract, deliveries: Sequence[BronzeDelivery]) -> dict[str, Tally]:
    """The tally of each delivery, by its id."""
    of = read_tallies(tally(screened, contract).collect())
    counts = {each.delivery_id: of.get(each.sequence, Tally()) for each in deliveries}
    for each in deliveries:
        found = counts[each.delivery_id].rows
        if found != each.rows_counted:
            raise LakeError(
                f"bronze.{contract.table} holds {found} rows of delivery {each.delivery_id}, intake counted "
                f"{each.rows_counted}; nothing was written",
                f"receive the delivery again: lake collect --feed {contract.id}",
            )
    return counts


def _batch(
    contract: FeedContract,
    deliveries: Sequence[BronzeDelivery],
    fingerprint: str,
    verdicts: dict[str, DeliveryRejected | None],
) -> Batch:
    names = frozenset(each.delivery_id for each in deliveries)
    gone = frozenset(old for each in deliveries if verdicts[each.delivery_id] is None for old in each.replaces)
    return Batch(contract, fingerprint, names, frozenset(each.business_date for each in deliveries), gone)


def _write(
    bench: Workbench,
    screened: DataFrame,
    batch: Batch,
    counts: dict[str, Tally],
    verdicts: dict[str, DeliveryRejected | None],
) -> None:
    """Quarantine first: a row that is in neither table yet is better than one that is silently missing."""
    usable = {name for name, verdict in verdicts.items() if verdict is None}
    failpoint("refine.before_quarantine_commit")
    state = state_of("quarantine", batch.contract)
    part = pending(state, batch)
    rows = quarantine_rows(_of(screened, usable & part.deliveries, batch), batch.contract)
    write_quarantine(bench, rows, sum(counts[name].quarantined for name in usable & part.deliveries), part, state)
    failpoint("refine.after_quarantine_commit")
    state = state_of("silver", batch.contract)
    part = pending(state, batch)
    refined = refinement_for(batch.contract)(
        silver_rows(_of(screened, usable & part.deliveries, batch), batch.contract)
    )
    write_silver(bench, refined, sum(counts[name].accepted for name in usable & part.deliveries), part, state)
    failpoint("refine.after_silver_commit")


def _of(screened: DataFrame, deliveries: set[str] | frozenset[str], batch: Batch) -> DataFrame:
    return screened if deliveries == batch.deliveries else screened.where(F.col("_delivery_id").isin(*deliveries))


def _outcome(
    counts: Tally,
    verdict: DeliveryRejected | None,
    delivery_id: str,
    contract: FeedContract,
    silver: int | None,
    quarantine: int | None,
) -> Outcome:
    if verdict is not None:
        return Outcome(delivery_id, rejected=counts.rows, reasons={verdict.code: counts.rows}, rejection=verdict)
    return Outcome(
        delivery_id=delivery_id,
        accepted=counts.accepted,
        quarantined=counts.quarantined,
        reasons=counts.reasons,
        warnings=counts.warnings,
        notes=counts.notes | quiet_totals(counts, contract),
        silver_version=silver,
        quarantine_version=quarantine,
    )
