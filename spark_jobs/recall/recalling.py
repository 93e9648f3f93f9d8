"""Recall a delivery: look at it, take it out of force, and let everything of its feed follow."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger, recalls
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.jobs.collect import collect_deliveries
from spark_jobs.jobs.recalling import behind
from spark_jobs.jobs.replacement import settle
from spark_jobs.recall.carried_on import carriers
from spark_jobs.recall.readers import tables_of
from spark_jobs.recall.recallable import require_correction, require_recallable

_MOST_REASON = 500


@dataclass(frozen=True)
class Recalled:
    """What a recall came to.

    Args:
        delivery: it, as it is now.
        document: what was found of it, see `control.recalls`.
        is_new: this call recalled it; false where it had been recalled before.
        restored: deliveries that are in force again, or have been answered anew, because of it.
        silver_version: the version that is published now.
    """

    delivery: Delivery
    document: dict[str, Any]
    is_new: bool
    restored: Sequence[Delivery] = field(default_factory=tuple)
    silver_version: int | None = None


def look(delivery_id: str, reason: str, by: str, replaced_by: str | None = None) -> Recalled:
    """What a recall would do; nothing is changed.

    Raises:
        LakeError: the delivery cannot be recalled, and why.
    """
    delivery = ledger.by_id(delivery_id)
    contract = load_feed(delivery.feed)
    if delivery.state == DeliveryState.RECALLED:
        return Recalled(delivery, dict(delivery.rejection or {}), is_new=False)
    text, newer = _required(delivery, reason, replaced_by)
    return Recalled(delivery, _document(contract, delivery, text, by, newer), is_new=True)


def recall(delivery_id: str, reason: str, by: str, replaced_by: str | None = None) -> Recalled:
    """Take a delivery back, bring what stood behind it into force again, and publish.

    Run again after an interruption it goes on where that one stopped; of a delivery that was recalled before nothing
    changes.

    Args:
        delivery_id: number of its receipt.
        reason: why, as its department is told.
        by: who recalls it.
        replaced_by: the delivery that stands in its place.

    Raises:
        LakeError: it cannot be recalled, and why; or another process works on the feed and does not come to its end.
    """
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.verify import verify

    delivery = ledger.by_id(delivery_id)
    contract = load_feed(delivery.feed)
    if delivery.state != DeliveryState.RECALLED:
        _required(delivery, reason, replaced_by)
    engine().prepare()
    with engine().kept():
        with _alone(contract):
            # What was interrupted comes to its end first: it may be about this very delivery.
            settle(contract)
            found = look(delivery_id, reason, by, replaced_by)
            if found.is_new:
                recalls.begin(found.delivery, found.document)
                failpoint("recall.after_begin")
                settle(contract)
        restored = _follow(contract, found.document)
        version = verify(contract).silver_version
    return Recalled(ledger.by_id(delivery_id), found.document, found.is_new, restored, version)


def _required(delivery: Delivery, reason: str, replaced_by: str | None) -> tuple[str, Delivery | None]:
    """The reason as it is told, and what stands in the delivery's place.

    Raises:
        LakeError: the delivery cannot be recalled.
    """
    require_recallable(delivery)
    newer = None if replaced_by is None else require_correction(delivery, ledger.by_id(replaced_by))
    return _said(reason), newer


@contextmanager
def _alone(contract: FeedContract) -> Iterator[None]:
    """Nobody collects or refines the feed: a pull that is under way takes the delivery's rows for known."""
    with exclusive(f"collect:{contract.id}"), exclusive(f"refine:{contract.id}"):
        yield


def _document(
    contract: FeedContract, delivery: Delivery, reason: str, by: str, newer: Delivery | None
) -> dict[str, Any]:
    outcome, window = delivery.outcome or {}, None
    is_in_force = delivery.state == DeliveryState.COMMITTED
    if delivery.window_from is not None and delivery.window_to is not None:
        window = [each.astimezone(CITY_TIME).isoformat() for each in (delivery.window_from, delivery.window_to)]
    before = (delivery.receipt or {}).get("replaced_by")
    why = _why(contract, reason, newer)
    return {
        "code": recalls.CODE,
        "message": why.message,
        "fix": why.fix,
        "reason": reason,
        "by": by,
        "was": str(DeliveryState(delivery.state)),
        "replaced_by": newer.delivery_id if newer else before,
        "rows": {
            "silver": int(outcome.get("accepted", 0)) if is_in_force else 0,
            "quarantine": int(outcome.get("quarantined", 0)) if is_in_force else 0,
            "bronze": int((delivery.accounting or {}).get("rows_counted", 0)) if delivery.bronze_version else 0,
        },
        "window": window,
        "restores": _restored_by(contract, delivery) if is_in_force and newer is None else [],
        "carried_on": carriers(contract, delivery) if is_in_force else [],
        "tables": tables_of(contract) if is_in_force else [],
    }


def _restored_by(contract: FeedContract, delivery: Delivery) -> list[str]:
    return [row.delivery_id for row in behind(contract, delivery.delivery_id)]


def _why(contract: FeedContract, reason: str, newer: Delivery | None) -> DeliveryRejected:
    """The texts for the department."""
    if newer is not None:
        name = newer.object_key.rsplit("/", 1)[-1]
        return DeliveryRejected(
            "recalled_for_correction", newer=f"{name}（回执编号 {newer.delivery_id}）", reason=reason
        )
    return DeliveryRejected("recalled_pull" if contract.arrival.yields == "rows" else "recalled", reason=reason)


def _said(reason: str) -> str:
    """The reason as it stands in the receipt.

    Raises:
        LakeError: there is none, or it is no reason but a document.
    """
    text = " ".join(reason.split())
    if not text or len(text) > _MOST_REASON:
        raise LakeError(
            f"a reason of 1 to {_MOST_REASON} characters is needed, this one has {len(text)}",
            "say in a sentence why; the department reads it in the receipt, so name no person",
        )
    return text


def _follow(contract: FeedContract, document: dict[str, Any]) -> list[Delivery]:
    """Take in and refine what waits again because of the recall; returns what became of it."""
    waiting = ledger.in_states(contract.id, [DeliveryState.STABLE, DeliveryState.CLAIMED])
    again = [row for row in waiting if row.receipt]
    if again:
        collect_deliveries(contract, again)
    if ledger.in_states(contract.id, [DeliveryState.PARSED], only=("delivery_id",)):
        from spark_jobs.jobs.refine import refine

        refine(contract)
    known = {row.delivery_id for row in again} | set(document["restores"])
    return [ledger.by_id(name) for name in sorted(known)]
