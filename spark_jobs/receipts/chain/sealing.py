"""Give a receipt its place in the department's chain, and sign it."""

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from spark_jobs.control.database import session
from spark_jobs.control.receipt_counts import counts_of
from spark_jobs.control.schema import ReceiptLink
from spark_jobs.receipts.chain import keys
from spark_jobs.receipts.chain.content import CHAIN, HASH, SIGNATURES, canonical, message_of, sm3

_MOMENT = "issued_at"


def sealed(receipt: dict[str, Any]) -> dict[str, Any]:
    """The receipt with its link: number and predecessor within its agency, hash and signatures.

    One that says the same as the delivery's last, as after a process was killed before its delivery was closed, is
    that one again, with the moment at which it was issued.
    """
    while True:
        try:
            return _sealed(receipt)
        except IntegrityError:
            # Another process took the number.
            continue


def _sealed(receipt: dict[str, Any]) -> dict[str, Any]:
    agency, delivery = str(receipt["feed"]).partition("/")[0], str(receipt["delivery_id"])
    said = _said(receipt)
    with session() as at:
        earlier = _last(at, ReceiptLink.delivery_id == delivery)
        if earlier is not None and earlier.said == said:
            return {**receipt, _MOMENT: earlier.issued_at, CHAIN: earlier.chain}
        before = _last(at, ReceiptLink.agency == agency)
        number = 1 if before is None else before.number + 1
        link = {
            "agency": agency,
            "number": number,
            "previous": before.chain[HASH] if before is not None else None,
            "supersedes": {"number": earlier.number, HASH: earlier.chain[HASH]} if earlier is not None else None,
            "key": keys.key_id(),
        }
        message = message_of({**receipt, CHAIN: link})
        chain = {**link, HASH: sm3(message), SIGNATURES: keys.sign(message)}
        issued = str(receipt[_MOMENT])
        kept = {"said": said, "issued_at": issued, "chain": chain, "counts": counts_of(receipt)}
        at.add(ReceiptLink(agency=agency, number=number, delivery_id=delivery, **kept))
        at.commit()
    return {**receipt, CHAIN: chain}


def _last(at: Session, of: Any) -> ReceiptLink | None:
    return at.scalars(select(ReceiptLink).where(of).order_by(ReceiptLink.number.desc()).limit(1)).first()


def _said(receipt: dict[str, Any]) -> str:
    """Hash of all that a receipt says but for when."""
    told = {name: value for name, value in receipt.items() if name != _MOMENT}
    return hashlib.sha256(canonical(told)).hexdigest()
