"""Collect: find what has arrived for a feed, take it through landing into bronze, and close what cannot be used."""

import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.control import ledger
from spark_jobs.control.exclusive import Exclusive, exclusive
from spark_jobs.control.ledger import Interval
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channels import channel_of
from spark_jobs.intake.enter import enter
from spark_jobs.intake.faults import TRIES, NoRoom
from spark_jobs.intake.take import take
from spark_jobs.jobs.ending import end
from spark_jobs.jobs.failures import note_failure, note_without_blame
from spark_jobs.jobs.inbox_room import require_room

log = logger("collect")

MOST_AT_ONCE = 200
"""Deliveries that are taken together: one transaction of the ledger and one commit of bronze for many small files."""
BYTES_AT_ONCE = 256 << 20


@dataclass(frozen=True)
class Collected:
    """What one run of collect did."""

    parsed: int = 0
    rejected: int = 0
    failed: int = 0
    """Deliveries that could not be handled and are tried again by the next run."""
    rows: int = 0
    bytes: int = 0

    def __add__(self, other: "Collected") -> "Collected":
        """Both together."""
        return Collected(
            self.parsed + other.parsed,
            self.rejected + other.rejected,
            self.failed + other.failed,
            self.rows + other.rows,
            self.bytes + other.bytes,
        )


def collect(contract: FeedContract, interval: Interval | None = None) -> Collected:
    """Take in what has arrived for the feed, in the interval or, without one, until now.

    Raises:
        LakeError: another process collects this feed, or a source or the store cannot be reached.
        InboxFull: all was taken that could be; the department cannot send more.
    """
    with exclusive(f"collect:{contract.id}") as alone:
        now = datetime.now(UTC)
        ended = end(contract, enter(contract, channel_of(contract).find(contract, interval, now), now))
        # What was pulled and not taken in before is due whatever the interval is: nothing else wakes the feed for it.
        of = None if contract.arrival.is_pulled else interval
        waiting = ledger.in_states(contract.id, [DeliveryState.STABLE, DeliveryState.CLAIMED], of)
        done = Collected(rejected=len(ended)) + _take_all(contract, waiting, alone)
    require_room(contract)
    return done


def collect_deliveries(contract: FeedContract, deliveries: Sequence[Delivery]) -> Collected:
    """Take in these deliveries only."""
    with exclusive(f"collect:{contract.id}") as alone:
        return _take_all(contract, deliveries, alone)


def _take_all(contract: FeedContract, waiting: Sequence[Delivery], alone: Exclusive) -> Collected:
    """Take deliveries in, group by group; one that fails is tried again at the end, until it has its answer."""
    done = Collected()
    left = [row.sequence for row in waiting]
    for _ in range(TRIES):
        failed: list[int] = []
        for group in _groups(contract, waiting, left):
            done += _take_group(contract, group, alone, failed)
        left = failed
    return done + Collected(failed=len(left))


def _groups(contract: FeedContract, waiting: Sequence[Delivery], wanted: list[int]) -> Iterator[list[int]]:
    # A window of a table is read knowing what the one before has brought.
    most = 1 if contract.arrival.yields == "rows" else MOST_AT_ONCE
    group: list[int] = []
    size, chosen = 0, set(wanted)
    for row in waiting:
        if row.sequence not in chosen:
            continue
        if group and (len(group) >= most or size + row.bytes > BYTES_AT_ONCE):
            yield group
            group, size = [], 0
        group.append(row.sequence)
        size += row.bytes
    if group:
        yield group


def _take_group(contract: FeedContract, group: list[int], alone: Exclusive, failed: list[int]) -> Collected:
    mine = ledger.claim(group, f"{socket.gethostname()}:{os.getpid()}")
    if mine:
        failpoint("intake.after_claim")

    def on_failure(delivery: Delivery, error: Exception, step: str) -> Outcome | None:
        if isinstance(error, NoRoom):
            # Not the sender's fault, so it is never given up; nor that of the others, which go on.
            note_without_blame(delivery, error, step)
            failed.append(delivery.sequence)
            return None
        attempts = note_failure(delivery, error, step)
        # Rows that were read cannot be sent again, so they are never given up.
        if attempts < TRIES or contract.arrival.yields == "rows":
            failed.append(delivery.sequence)
            return None
        reference = (delivery.failure or {})["reference"]
        return Outcome(delivery.delivery_id, rejection=DeliveryRejected("could_not_be_read", reference=reference))

    done = Collected()
    for delivery, outcome in take(contract, mine, alone.check, on_failure):
        if outcome.rejection is not None:
            alone.check()
            done += Collected(rejected=len(end(contract, [(delivery, outcome)])), bytes=delivery.bytes)
        else:
            rows = int((outcome.accounting or {})["rows_counted"])
            done += Collected(parsed=1, rows=rows, bytes=delivery.bytes)
            log.info("collected", feed=contract.id, delivery=delivery.delivery_id, rows=rows)
    return done
