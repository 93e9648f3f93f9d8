"""A recall that died is ended by whoever comes next; the audit finds one that is not what its books say."""

from datetime import UTC, datetime

import pytest
from deltalake import DeltaTable
from sqlalchemy import update

from expectations.contract.catalogue import load_feed
from spark_jobs.base.errors import LakeError
from spark_jobs.control import ledger, recalls
from spark_jobs.control.database import session
from spark_jobs.control.schema import Publication
from spark_jobs.jobs.refine import refine
from spark_jobs.recall.recalling import look
from spark_jobs.verify import verify
from tests.e2e.files import REGISTRY
from tests.spark.recall.town import SECOND, Town

TABLE = "public_security__resident_registry"
FEED = load_feed(REGISTRY)


@pytest.fixture
def begun(town: Town) -> Town:
    """A recall whose process died at once."""
    delivery = ledger.by_id(town.id_of(SECOND))
    recalls.begin(delivery, look(delivery.delivery_id, "报错了文件", "steward").document)
    return town


def test_nothing_is_published_until_it_has_ended(begun: Town) -> None:
    with pytest.raises(LakeError, match="has not come to its end"):
        verify(FEED)
    assert ["its recall was begun" in finding for finding in begun.findings()] == [True]
    (receipt,) = refine(FEED)
    assert receipt["status"] == "recalled"
    assert verify(FEED).published
    assert len(begun.current()) == 2
    assert begun.findings() == []


def test_the_same_command_ends_it(begun: Town) -> None:
    assert not begun.recall(SECOND, "另一个原因").is_new
    assert begun.receipt(SECOND)["recall"]["reason"] == "报错了文件"
    assert len(begun.current()) == 2


def test_the_audit_finds_what_is_not_as_the_recall_says(town: Town) -> None:
    silver = DeltaTable(str(town.home / "lake" / "silver" / TABLE))
    with_rows, published = silver.version(), verify(FEED).silver_version
    town.recall(SECOND)
    row = town.of(SECOND)[0]
    ledger.change(row.sequence, rejection={**(row.rejection or {}), "reason": "别的原因"})
    assert any("ledger and receipt differ in recall" in one for one in town.findings())
    ledger.change(row.sequence, rejection=row.rejection)

    with session() as at:
        at.execute(update(Publication).where(Publication.silver_version > published).values(published=False))
        at.commit()
    ledger.change(row.sequence, closed_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert any("came into or left silver, unpublished for" in one for one in town.findings())

    DeltaTable(str(town.home / "lake" / "silver" / TABLE)).restore(with_rows)
    found = town.findings()
    assert any(f"silver.{TABLE} {row.delivery_id}: 2 rows, 0 by the ledger (recalled)" in one for one in found)
    assert any("are over because of it, though it was recalled" in one for one in found)
