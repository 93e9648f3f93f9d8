"""Close a delivery: its receipt into the department's outbox, then its last state into the ledger."""

from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.provenance import code_version, contract_sha256
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.accounting import Accounting, ByteRange
from spark_jobs.receipts import outbox


def reject(delivery: Delivery, contract: FeedContract, rejected: DeliveryRejected) -> dict[str, Any]:
    """End a delivery of which nothing is used; returns its receipt."""
    rejection = {"code": rejected.code, "message": rejected.message, "fix": rejected.fix}
    duplicate_of = rejected.details.get("duplicate_of")
    receipt = _receipt(delivery, contract, "duplicate" if duplicate_of else "rejected", rejection=rejection)
    receipt["rejected"] = receipt["rows_counted"]
    receipt["reasons"] = {rejected.code: max(receipt["rows_counted"], 1)}
    receipt["duplicate_of"] = duplicate_of
    _close(delivery, contract, receipt, DeliveryState.REJECTED, rejection=rejection)
    return receipt


def commit(delivery: Delivery, contract: FeedContract, outcome: Outcome, fingerprint: str) -> dict[str, Any]:
    """End a delivery whose records are in silver and quarantine; returns its receipt.

    Raises:
        ValueError: the parts do not add up to the records counted; nothing is closed.
    """
    status = "partly_accepted" if outcome.quarantined else "accepted"
    receipt = _receipt(delivery, contract, status if delivery_rows(delivery) else "empty", outcome=outcome)
    parts = outcome.accepted + outcome.quarantined
    if receipt["rows_counted"] != parts:
        raise ValueError(f"{delivery.delivery_id}: {receipt['rows_counted']} rows counted, {parts} accounted for")
    _close(
        delivery, contract, receipt, DeliveryState.COMMITTED, outcome=outcome.counts(), refine_fingerprint=fingerprint
    )
    return receipt


def delivery_rows(delivery: Delivery) -> int:
    """Records that the tokenizer counted; 0 where the delivery was rejected before."""
    return int((delivery.accounting or {}).get("rows_counted", 0))


def stored(accounting: Accounting) -> dict[str, Any]:
    """The accounting as the ledger keeps it."""
    return asdict(accounting)


def uncovered_bytes(accounting: Accounting) -> list[tuple[int, int]]:
    """Gaps and overlaps of the byte ranges against the file; empty where they partition it exactly."""
    faults = _faults(accounting.ranges, accounting.bytes)
    if accounting.stream_bytes is not None:
        faults += _faults(accounting.stream_ranges, accounting.stream_bytes)
    return faults


def _faults(ranges: list[ByteRange], size: int) -> list[tuple[int, int]]:
    at, faults = 0, []
    for part in sorted(ranges, key=lambda part: part.start):
        if part.start != at:
            faults.append((at, part.start))
        at = part.end
    return faults if at == size else [*faults, (at, size)]


def _receipt(
    delivery: Delivery,
    contract: FeedContract,
    status: str,
    outcome: Outcome | None = None,
    rejection: dict[str, Any] | None = None,
) -> dict[str, Any]:
    accounting = delivery.accounting or {}
    breaches = contract.breaches()
    counted = outcome or Outcome(delivery.delivery_id)
    return {
        "receipt_format": 1,
        "delivery_id": delivery.delivery_id,
        "feed": contract.id,
        "title": contract.title,
        "provider": contract.catalogue.provider,
        "file": delivery.object_key.rsplit("/", 1)[-1],
        "business_date": delivery.business_date.isoformat() if delivery.business_date else None,
        "received_at": delivery.modified_at.astimezone(CITY_TIME).isoformat(),
        "issued_at": datetime.now(UTC).astimezone(CITY_TIME).isoformat(timespec="seconds"),
        "status": status,
        "bytes": delivery.bytes,
        "sha256": delivery.sha256,
        "byte_ranges": accounting.get("ranges", []),
        "stream_bytes": accounting.get("stream_bytes"),
        "stream_ranges": accounting.get("stream_ranges", []),
        "rows_counted": delivery_rows(delivery),
        "rows_parsed": accounting.get("rows_parsed", 0),
        "accepted": counted.accepted,
        "quarantined": counted.quarantined,
        "rejected": 0,
        "reasons": counted.reasons,
        "warnings": counted.warnings,
        "normalised": counted.notes,
        "notes": accounting.get("notes", []),
        "explanations": {
            code: {"message": breaches[code].message, "fix": breaches[code].fix}
            for code in Counter(counted.reasons) + Counter(counted.warnings)
        },
        "rejection": rejection,
        "duplicate_of": None,
        "tables": {
            "bronze": {"table": f"bronze.{contract.table}", "version": delivery.bronze_version},
            "silver": {"table": f"silver.{contract.table}", "version": counted.silver_version},
            "quarantine": {"table": f"quarantine.{contract.table}", "version": counted.quarantine_version},
        },
        "contract_sha256": contract_sha256(contract),
        "code_version": code_version(),
    }


def _close(
    delivery: Delivery, contract: FeedContract, receipt: dict[str, Any], state: DeliveryState, **values: Any
) -> None:
    failpoint("receipt.before_outbox")
    receipt["outbox"] = outbox.deliver(receipt, contract)
    failpoint("receipt.after_outbox")
    ledger.advance(delivery, state, receipt=receipt, closed_at=datetime.now(UTC), **values)
