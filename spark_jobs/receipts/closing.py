"""Close a delivery: its receipt into the department's outbox, then its last state into the ledger."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected, RowInFault
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger, recalls
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.provenance import code_version, contract_sha256
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.receipts import outbox, repairs
from spark_jobs.receipts.lateness import lateness

_REASON = ("code", "message", "fix")


def reject(delivery: Delivery, contract: FeedContract, rejected: DeliveryRejected) -> dict[str, Any]:
    """End a delivery of which nothing is used; returns its receipt."""
    receipt = of_rejected(delivery, contract, rejected)
    _close(delivery, contract, receipt, DeliveryState.REJECTED, rejection=receipt["rejection"])
    return receipt


def of_rejected(delivery: Delivery, contract: FeedContract, rejected: DeliveryRejected) -> dict[str, Any]:
    """What the receipt says of a delivery of which nothing is used."""
    rejection: dict[str, Any] = {"code": rejected.code, "message": rejected.message, "fix": rejected.fix}
    if rejected.rows:
        rejection["rows"] = [_told(row, contract) for row in rejected.rows]
    duplicate_of = rejected.details.get("duplicate_of")
    receipt = _receipt(delivery, contract, "duplicate" if duplicate_of else "rejected", rejection=rejection)
    receipt["rejected"] = receipt["rows_counted"]
    receipt["reasons"] = {rejected.code: max(receipt["rows_counted"], 1)}
    receipt["duplicate_of"] = duplicate_of
    receipt["tables"]["bronze"]["version"] = None
    return receipt


def commit(
    delivery: Delivery, contract: FeedContract, outcome: Outcome, fingerprint: str, older: Sequence[Delivery] = ()
) -> dict[str, Any]:
    """End a delivery whose records are in silver and quarantine; returns its receipt.

    Args:
        delivery: it.
        contract: of its feed.
        outcome: what refine made of its records.
        fingerprint: of the contract and code that did.
        older: versions of the same object whose rows went with this commit, oldest first.

    Raises:
        ValueError: the parts do not add up to the records counted; nothing is closed.
    """
    receipt = of_refined(delivery, contract, outcome, older)
    late = lateness(delivery, contract)
    receipt["late"] = late.document() if late else None
    receipt["repairs"] = repairs.close(delivery, contract, outcome.quarantined, [old.delivery_id for old in older])
    values: dict[str, Any] = {"outcome": outcome.counts(), "refine_fingerprint": fingerprint}
    if older:
        values["replaces"] = older[-1].delivery_id
    _close(delivery, contract, receipt, DeliveryState.COMMITTED, **values)
    return receipt


def of_refined(
    delivery: Delivery, contract: FeedContract, outcome: Outcome, older: Sequence[Delivery] = ()
) -> dict[str, Any]:
    """What the receipt says of a delivery whose records are in silver and quarantine; see `commit`."""
    status = "partly_accepted" if outcome.quarantined else "accepted"
    receipt = _receipt(delivery, contract, status if delivery_rows(delivery) else "empty", outcome=outcome)
    parts = outcome.accepted + outcome.quarantined
    if receipt["rows_counted"] != parts:
        raise ValueError(f"{delivery.delivery_id}: {receipt['rows_counted']} rows counted, {parts} accounted for")
    receipt["replaces"] = [old.delivery_id for old in older]
    # Its last receipt says what stood in its place, and has been recalled since.
    last = delivery.receipt or {}
    receipt["restored_after"] = last.get("replaced_by") or last.get("restored_after")
    return receipt


def replace(old: Delivery, contract: FeedContract, newer: Delivery) -> dict[str, Any]:
    """End a delivery whose rows a newer version or a correction replaced; returns its second receipt."""
    is_version = old.object_key == newer.object_key
    code = "replaced_by_newer_version" if is_version else "replaced_by_correction"
    why = DeliveryRejected(code, newer=newer.delivery_id)
    rejection = {"code": why.code, "message": why.message, "fix": why.fix}
    receipt = _receipt(old, contract, "replaced", rejection=rejection)
    receipt["rejected"] = receipt["rows_counted"]
    receipt["reasons"] = {why.code: max(receipt["rows_counted"], 1)}
    receipt["replaced_by"] = newer.delivery_id
    # Its records are about to leave bronze, as they have left silver and quarantine.
    receipt["tables"]["bronze"]["version"] = None
    gone = Outcome(old.delivery_id).counts()
    _close(old, contract, receipt, DeliveryState.REPLACED, rejection=rejection, outcome=gone)
    return receipt


def recall(delivery: Delivery, contract: FeedContract, silver_version: int | None) -> dict[str, Any]:
    """End a recall whose rows have left silver; returns the receipt that says so.

    Args:
        delivery: that was recalled; `control.recalls` says what is known of it.
        contract: of its feed.
        silver_version: the version that took its rows out; None where it had none.
    """
    said = dict(delivery.rejection or {})
    receipt = _receipt(delivery, contract, recalls.CODE, rejection={name: said[name] for name in _REASON})
    receipt["rejected"] = receipt["rows_counted"]
    receipt["reasons"] = {said["code"]: max(receipt["rows_counted"], 1)}
    receipt["replaced_by"] = said["replaced_by"]
    receipt["recall"] = {name: said[name] for name in said if name not in {*_REASON, "replaced_by"}}
    receipt["tables"]["silver"]["version"] = silver_version
    receipt["tables"]["quarantine"]["version"] = (delivery.outcome or {}).get("quarantine_version")
    # What was held back stays in quarantine as evidence, so its counts stay too.
    outcome = Outcome(delivery.delivery_id).counts() | (delivery.outcome or {})
    outcome |= {"accepted": 0, "warnings": {}, "notes": {}, "silver_version": silver_version}
    _close(delivery, contract, receipt, DeliveryState.RECALLED, outcome=outcome)
    return receipt


def _told(row: RowInFault, contract: FeedContract) -> dict[str, Any]:
    sources = {column.name: column.source for column in contract.columns}
    reasons = [{"column": sources.get(field or ""), "message": what, "fix": fix} for field, what, fix in row.reasons]
    return {"row_number": row.row_number, "reasons": reasons}


def delivery_rows(delivery: Delivery) -> int:
    """Records that the tokenizer counted; 0 where the delivery was rejected before."""
    return int((delivery.accounting or {}).get("rows_counted", 0))


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
        "replaces": [],
        "replaced_by": None,
        "repairs": None,
        "restored_after": None,
        "recall": None,
        "late": None,
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
    given_out = outbox.deliver(receipt, contract, (delivery.receipt or {}).get("outbox", {}))
    receipt.update(given_out.receipt)
    failpoint("receipt.after_outbox")
    versions = (delivery.receipt_versions or {}) | given_out.versions
    told = {"receipt": receipt, "receipt_versions": versions or None, "closed_at": datetime.now(UTC)}
    ledger.advance(delivery, state, attempts=0, failure=None, **told, **values)
