"""Verify as a job: check what refine wrote since the last publication, and publish it or say why not."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.feed import FeedContract
from expectations.render.suites import ACCEPTED_ROWS, CURRENT_ROWS_WITH_KEY, suite
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.control import ledger, publication, recalls
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.verify.current_table import follow
from spark_jobs.verify.data_docs import write_page
from spark_jobs.verify.outcome import Check, VerifyOutcome

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

log = logger("verify")


def verify(contract: FeedContract, interval: Interval | None = None) -> VerifyOutcome:
    """Publish the newest silver version of a feed if all that is new in it is as the contract expects.

    Where nothing is new, nothing is started. A version is published as a whole: the interval that a run is for makes
    no difference, everything that is committed and not yet published is checked. Where deliveries were only recalled,
    rows that were checked before are all that is left; that those of the recalled ones are gone is what is checked.

    Raises:
        LakeError: an expectation failed; the version is recorded as not published and the last published one stays
            what downstream reads.
    """
    begun = time.monotonic()
    with exclusive(f"verify:{contract.id}"):
        new, recalled = _unpublished(contract)
        if not new and not recalled:
            outcome = carry_forward(contract)
            follow(contract)
            return outcome
        newest = max(_version_of(delivery) for delivery in (*new, *recalled))
        version = tables.unchanged_until("silver", contract.table, newest)
        checks = (*(_checks(contract, new, version) if new else ()), *_of_recalls(contract, recalled, version))
        failpoint("verify.after_checks")
        _record(contract, version, checks)
        failpoint("verify.after_publication")
        follow(contract)
    seconds = time.monotonic() - begun
    log.info("published", feed=contract.id, silver_version=version, checks=len(checks), seconds=round(seconds, 1))
    return VerifyOutcome(True, version, checks, seconds)


def carry_forward(contract: FeedContract) -> VerifyOutcome:
    """Publish the version that maintenance left of the last published one: the same rows in other files.

    Without this a VACUUM would in time delete the files of the version that downstream reads.
    """
    last = publication.last_published(contract.id)
    if last is None:
        return VerifyOutcome(False, None)
    version = tables.unchanged_until("silver", contract.table, last)
    if version == last:
        return VerifyOutcome(False, last)
    failpoint("verify.before_carried_forward")
    publication.record(contract.id, version, published=True, checks={"same_rows_as_version": last})
    return VerifyOutcome(True, version)


def _unpublished(contract: FeedContract) -> tuple[list[Delivery], list[Delivery]]:
    """Deliveries whose rows came, and those whose rows went, since the last publication.

    Raises:
        LakeError: a recall has begun and not ended: silver may still have the rows, and nobody may come to see them.
    """
    if begun := recalls.begun(contract.id):
        names = ", ".join(row.delivery_id for row in begun)
        raise LakeError(
            f"{contract.id}: the recall of {names} has not come to its end; nothing was published",
            f"lake refine {contract.id} ends it, then: lake verify {contract.id}",
        )
    last = publication.last_published(contract.id)
    states = [DeliveryState.COMMITTED, DeliveryState.RECALLED]
    rows = ledger.in_states(contract.id, states, only=("delivery_id", "outcome", "state"))
    since = [row for row in rows if _version_of(row) > (-1 if last is None else last)]
    new = [row for row in since if row.state == DeliveryState.COMMITTED]
    # Before anything is published nobody has seen what was recalled.
    recalled = [row for row in since if row.state != DeliveryState.COMMITTED] if new or last is not None else []
    return new, recalled


def _of_recalls(contract: FeedContract, recalled: Sequence[Delivery], version: int) -> list[Check]:
    """That a version has no row of recalled deliveries."""
    if not recalled:
        return []
    names = pa.array([row.delivery_id for row in recalled], pa.string())
    rows = dataset("silver", contract.table, version)
    left = rows.count_rows(filter=pc.field("_delivery_id").isin(names))
    title = f"{len(recalled)} 个已撤回的报送没有留下行"
    return [Check("rows_of_recalled_deliveries_are_gone", title, "_delivery_id", not left, left, len(recalled))]


def _version_of(delivery: Delivery) -> int:
    """The silver version that holds a delivery, or took out one that was recalled; -1 where it has no rows."""
    version = (delivery.outcome or {}).get("silver_version")
    return -1 if version is None else int(version)


def _checks(contract: FeedContract, new: Sequence[Delivery], version: int) -> tuple[Check, ...]:
    # Imported late: Spark and Great Expectations take seconds, and most runs of a quiet feed need neither.
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.verify.batch import needed_columns, rows_to_check
    from spark_jobs.verify.validation import validate

    rows = sum(int((delivery.outcome or {}).get("accepted", 0)) for delivery in new)
    expected = suite(contract)
    looked_at = {expectation["kwargs"].get("column") for expectation in expected["expectations"]}
    columns = sorted(looked_at - {None, CURRENT_ROWS_WITH_KEY}) or ["_delivery_id"]
    with engine().opened(f"verify {contract.id}") as bench:
        needed = needed_columns(contract.write.key, columns)
        silver = bench.read("silver", contract.table, version, columns=needed, as_stored=True)
        names = [delivery.delivery_id for delivery in new]

        def keep(related: "DataFrame") -> "DataFrame":
            return bench.staging.keep(related, "related")

        batch = rows_to_check(silver, names, contract.write.key, columns, keep)
        return validate(expected, batch, rows, {ACCEPTED_ROWS: rows})


def _record(contract: FeedContract, version: int, checks: tuple[Check, ...]) -> None:
    """Write down what was found.

    Raises:
        LakeError: something failed.
    """
    failed = [check for check in checks if not check.success]
    page = write_page(contract, version, checks)
    failpoint("verify.after_page")
    stored = {"checks": [check.document() for check in checks]}
    publication.record(contract.id, version, published=not failed, checks=stored)
    if not failed:
        return
    lines = [
        f"  {check.title} {check.expectation} on {check.subject}: "
        f"{check.unexpected_count:,} / {check.element_count:,} 行不符合 (rows fail)"
        for check in failed
    ]
    what = f"{contract.id}: silver 第 {version} 版未通过核验，没有发布 (version {version} failed, not published)"
    raise LakeError(
        "\n".join([what, *lines]),
        f"核对 {page}；改正契约或重新报送后再次运行 (see that page, correct the contract or have the delivery sent "
        f"again, then: lake verify {contract.id})",
    )
