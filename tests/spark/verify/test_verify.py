"""Verify publishes what holds, refuses what does not, starts nothing where nothing is new, and shows no values."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from sqlalchemy import delete

from expectations.contract.catalogue import load_feed
from spark_jobs.base.errors import LakeError
from spark_jobs.control import ledger, publication
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState, Publication
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.verify import job, verify
from tests.spark.silver_rows import delivered, put_silver

FEED = load_feed("public_security/resident_registry")
SECRETS = ("42120219900307571X", "欧阳测试甲", "13907249876")


def resident(number: int, **values: Any) -> dict[str, Any]:
    return {
        "resident_id": f"42120219900101{number:04d}",
        "person_name": "样例甲",
        "sex_code": "1",
        "birth_date": date(1990, 1, 1),
        "home_division_code": "421202",
        "change_type": "1",
        "changed_at": datetime(2026, 11, 1, tzinfo=UTC),
        "_is_current": True,
    } | values


def committed(sequence: int, accepted: int, silver_version: int) -> None:
    """A ledger row as refine leaves it."""
    now = datetime.now(UTC)
    ledger.add(
        Delivery(
            delivery_id=f"d{sequence}",
            feed=FEED.id,
            state=DeliveryState.COMMITTED,
            object_key=f"{FEED.id}/{sequence}",
            object_version="1",
            bytes=1,
            modified_at=now,
            first_seen_at=now,
            unchanged_since=now,
            claim_epoch=0,
            business_date=date(2026, 11, sequence),
            outcome={"accepted": accepted, "silver_version": silver_version},
        )
    )


@pytest.fixture(autouse=True)
def _nothing_delivered_yet(lake_of_engine: Path) -> None:
    with session() as at:
        at.execute(delete(Publication))
        at.execute(delete(Delivery))
        at.commit()


@pytest.fixture
def never_validated(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise AssertionError("the batch was validated")

    monkeypatch.setattr(job, "_checks", fail)


def test_a_good_batch_is_published_and_then_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    version = put_silver(FEED.id, delivered(1, *(resident(n) for n in range(40))))
    committed(1, 40, version)
    outcome = verify(FEED)
    assert (outcome.published, outcome.silver_version) == (True, version)
    assert all(check.success and check.element_count == 40 for check in outcome.checks)
    assert "填充率" in {check.title for check in outcome.checks}
    assert publication.published_versions() == {FEED.table: version}

    monkeypatch.setattr(job, "_checks", None)  # calling it would fail
    again = verify(FEED)
    assert (again.published, again.silver_version, again.checks) == (False, version, ())


@pytest.mark.usefixtures("never_validated")
def test_a_feed_without_deliveries_publishes_nothing() -> None:
    outcome = verify(FEED)
    assert (outcome.published, outcome.silver_version) == (False, None)


def test_a_bad_batch_is_not_published_and_no_value_shows_anywhere(lake_of_engine: Path) -> None:
    good = put_silver(FEED.id, delivered(1, *(resident(n) for n in range(3))))
    committed(1, 3, good)
    verify(FEED)
    person = {"resident_id": SECRETS[0], "person_name": SECRETS[1], "mobile": SECRETS[2]}
    rows = [resident(7, **person, sex_code="7"), resident(8, **person, birth_date=None)]
    bad = put_silver(FEED.id, delivered(1, *(resident(n) for n in range(3))) + delivered(2, *rows))
    committed(2, 3, bad)
    with pytest.raises(LakeError) as refused:
        verify(FEED)

    told = str(refused.value)
    for expectation, counts in {
        "expect_table_row_count_to_equal": "1 / 2",  # the receipts say 3
        "expect_column_values_to_be_in_set on sex_code": "1 / 2",
        "expect_column_values_to_not_be_null on birth_date": "1 / 2",
        "expect_column_values_to_be_between on _current_rows_with_key": "2 / 2",
    }.items():
        assert f"{expectation}" in told
        assert counts in next(line for line in told.splitlines() if expectation in line)
    assert "没有发布" in told
    assert "next: " in told
    assert publication.published_versions() == {FEED.table: good}

    with session() as at:
        stored = at.get_one(Publication, (FEED.id, bad))
    pages = [path.read_text("utf-8") for path in (lake_of_engine / "data-docs").rglob("*.html")]
    assert not stored.published
    assert len(pages) >= 3
    for shown in [told, str(stored.checks), *pages]:
        assert not any(secret in shown for secret in SECRETS)
        assert "http" not in shown


def test_great_expectations_itself_is_given_no_value(bench: Workbench) -> None:
    from expectations.render.suites import suite
    from spark_jobs.verify import validation

    rows = delivered(1, resident(1, resident_id=SECRETS[0][:17], person_name=None, home_division_code="42"))
    version = put_silver(FEED.id, rows)
    frame = bench.read("silver", FEED.table, version)
    judged = [e for e in suite(FEED)["expectations"] if not str(e["kwargs"].get("column")).startswith("_")]
    result = validation._run("all", judged, frame, {"accepted_rows": 1})
    assert not result.success
    assert SECRETS[0][:17] not in str(result.to_json_dict())
    assert "partial_unexpected_list" not in str(result.to_json_dict())


def test_after_correction_the_same_deliveries_are_checked_again() -> None:
    committed(1, 2, put_silver(FEED.id, delivered(1, resident(1))))
    with pytest.raises(LakeError, match="没有发布"):
        verify(FEED)
    with session() as at:
        at.execute(delete(Delivery))
        at.commit()
    version = put_silver(FEED.id, delivered(1, resident(1), resident(2)))
    committed(1, 2, version)
    assert verify(FEED).silver_version == version


def test_a_share_of_a_few_rows_is_not_judged() -> None:
    version = put_silver(FEED.id, delivered(1, resident(1, sex_code=None), resident(2)))
    committed(1, 2, version)
    assert "填充率" not in {check.title for check in verify(FEED).checks}


def test_rows_of_a_delivery_without_receipt_are_not_published() -> None:
    known = put_silver(FEED.id, delivered(1, resident(1)))
    put_silver(FEED.id, delivered(1, resident(1)) + delivered(2, resident(2)))  # refine died after this
    committed(1, 1, known)
    assert verify(FEED).silver_version == known


def test_maintenance_carries_the_publication_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    first = put_silver(FEED.id, delivered(1, *(resident(n) for n in range(4))))
    committed(1, 4, first)
    verify(FEED)
    DeltaTable(table_uri("silver", FEED.table)).optimize.z_order(["_row_number"])
    newest = tables.version("silver", FEED.table)
    assert newest > first
    monkeypatch.setattr(job, "_checks", None)
    outcome = verify(FEED)
    assert (outcome.published, outcome.silver_version) == (True, newest)
    assert publication.published_versions() == {FEED.table: newest}
