"""What a receipt said of rows and reasons stays, whatever becomes of the delivery."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from spark_jobs.control import database
from spark_jobs.control.schema import ReceiptLink
from spark_jobs.receipts.chain.sealing import sealed

RECEIPT: dict[str, Any] = {
    "feed": "health/epidemic_daily",
    "delivery_id": "d1",
    "issued_at": "2026-11-02T08:00:00+08:00",
    "status": "partly_accepted",
    "rows_counted": 10,
    "accepted": 9,
    "quarantined": 1,
    "rejected": 0,
    "reasons": {"missing_value": 1},
    "warnings": {},
    "rejection": None,
}
KEPT = {name: value for name, value in RECEIPT.items() if name not in {"delivery_id", "issued_at"}} | {"is_late": False}


def test_each_receipt_of_a_delivery_keeps_its_own_counts(lake_home: Path) -> None:
    sealed(RECEIPT)
    sealed(RECEIPT)
    gone = {"status": "replaced", "reasons": {}, "rejection": {"code": "replaced_by_newer_version"}}
    sealed({**RECEIPT, **gone, "late": {"working_days": 1}})
    with database.session() as at:
        first, second = at.scalars(sa.select(ReceiptLink).order_by(ReceiptLink.number)).all()
    assert first.counts == KEPT
    assert second.counts == {**KEPT, **gone, "rejection": "replaced_by_newer_version", "is_late": True}


def test_a_lake_from_before_gets_those_of_each_last_receipt(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'control.db'}"
    _old_ledger(url)
    with database.engine(url).connect() as at:
        rows: Sequence[Any] = at.execute(sa.text("select number, counts from receipt_link order by number")).all()
    assert [(number, json.loads(counts) if counts else None) for number, counts in rows] == [(1, None), (2, KEPT)]


def _old_ledger(url: str) -> None:
    """A ledger as it was before, with two receipts of one delivery."""
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).with_name("migrations")))
    made = sa.create_engine(url)
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        moment = "2026-11-02 00:00:00"
        row: dict[str, Any] = {
            "delivery_id": "d1",
            "feed": "health/epidemic_daily",
            "state": "committed",
            "object_key": "k",
        }
        row |= {"object_version": "1", "bytes": 1, "receipt": json.dumps(RECEIPT), "claim_epoch": 0}
        row |= dict.fromkeys(("modified_at", "first_seen_at", "unchanged_since"), moment)
        columns = ", ".join(row)
        values = ", ".join(f":{name}" for name in row)
        connection.execute(sa.text(f"insert into delivery ({columns}) values ({values})"), row)
        for number in (1, 2):
            link = {"number": number, "issued_at": RECEIPT["issued_at"]}
            connection.execute(
                sa.text(
                    "insert into receipt_link (agency, number, delivery_id, said, issued_at, chain) "
                    "values ('health', :number, 'd1', '', :issued_at, '{}')"
                ),
                link,
            )
    made.dispose()
