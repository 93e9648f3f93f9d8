"""Answer what was due and has not come: a receipt in the agency's outbox, in its chain and signed like the others."""

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Any

from expectations.absences import load_absences
from expectations.contract.feed import FeedContract
from expectations.contract.periods import Period
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import absences
from spark_jobs.control.provenance import code_version, contract_sha256
from spark_jobs.control.schema import Absence, Delivery
from spark_jobs.lake.storage.store import open_store
from spark_jobs.receipts.chain.sealing import sealed
from spark_jobs.receipts.lateness import Late
from spark_jobs.receipts.outbox import hashed
from spark_jobs.receipts.rendering import rendered


def absence_id(feed: str, first: date) -> str:
    """What the receipt of a feed's period is known by."""
    return hashlib.sha256(f"absence\0{feed}\0{first.isoformat()}".encode()).hexdigest()[:20]


def tell(contract: FeedContract, period: Period, due: date, as_of: date) -> dict[str, Any]:
    """Answer that nothing of a period has come; returns the receipt."""
    code = "absent_pull" if contract.arrival.yields == "rows" else "absent_file"
    if code == "absent_file" and contract.checks.rows.empty == "accept" and not contract.checks.rows.min:
        code = "absent_file_or_empty"
    details = {"due_on": due, "as_of": as_of, "how": contract.arrival.describe(contract.id).replace("`", "")}
    receipt = _receipt(contract, period, due, code, **details)
    return _give_out(receipt | {"as_of": as_of.isoformat()}, contract)


def close(contract: FeedContract, absence: Absence, late: Late | None, delivery: Delivery) -> dict[str, Any]:
    """Take an absence back, as a delivery has come for its period; returns the second receipt.

    Args:
        contract: of the feed.
        absence: what was answered.
        late: by how much it is late; None where it had come in time, and was refused at first.
        delivery: what came.
    """
    told = absence.receipt["period"]
    period = Period(absence.first, absence.last, told["title"])
    file = delivery.object_key.rsplit("/", 1)[-1]
    details = {"due_on": absence.due_on, "file": file, "late": late.text if late else "未逾期"}
    receipt = _receipt(contract, period, absence.due_on, "came_late", **details)
    came = {"delivery_id": delivery.delivery_id, "file": file, "late": late.document() if late else None}
    return _give_out(receipt | {"status": "came_late", "came": came, "as_of": absence.receipt["as_of"]}, contract)


def _receipt(contract: FeedContract, period: Period, due: date, code: str, **details: object) -> dict[str, Any]:
    text = load_absences()[code].filled(title=contract.title, period=period.title, **details)
    return {
        "receipt_format": 1,
        "kind": "absence",
        "delivery_id": absence_id(contract.id, period.first),
        "feed": contract.id,
        "title": contract.title,
        "provider": contract.catalogue.provider,
        "period": {"first": period.first.isoformat(), "last": period.last.isoformat(), "title": period.title},
        "due_on": due.isoformat(),
        "issued_at": datetime.now(UTC).astimezone(CITY_TIME).isoformat(timespec="seconds"),
        "status": "absent",
        "code": code,
        "message": text.message,
        "fix": text.fix,
        "came": None,
        "contract_sha256": contract_sha256(contract),
        "code_version": code_version(),
    }


def _give_out(receipt: dict[str, Any], contract: FeedContract) -> dict[str, Any]:
    """Put receipt and page into the outbox, then into the ledger; the keys follow from the period alone."""
    store = open_store()
    stem = f"{contract.id}/{receipt['period']['first']}/未按期报送.{receipt['delivery_id'][:8]}"
    keys = {"receipt": f"{stem}.receipt.json", "page": f"{stem}.receipt.html"}
    document = sealed({**receipt, "outbox": keys})
    versions = {}
    for key, content, kind in (
        (keys["receipt"], json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True), "application/json"),
        (keys["page"], rendered("absence.html.j2", receipt=document), "text/html; charset=utf-8"),
    ):
        data = content.encode("utf-8", "backslashreplace")
        versions[key] = store.put_bytes("outbox", key, data, kind) or hashed(data)
    absences.keep(absences.as_row(document, versions, datetime.now(UTC)))
    return document
