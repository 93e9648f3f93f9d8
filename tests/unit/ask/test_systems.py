"""Each system of the city's study, from the ledger: what came of it, and whether it is where it should be."""

import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from expectations.systems import System, load_systems
from spark_jobs.ask import systems
from spark_jobs.ask.systems import as_document, standings
from spark_jobs.cli import app
from spark_jobs.control import ledger, steps
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState
from tests.e2e.files import ENTERPRISE, REGISTRY
from tests.unit.ask.small_lake import SmallLake


def of(name: str) -> systems.Standing:
    (found,) = [each for each in standings() if each.name == name]
    return found


@pytest.fixture
def registry_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A study that names two systems and a project that is the lake itself."""
    named = (
        System(name="户籍", feeds=(REGISTRY,)),
        System(name="登记", feeds=(ENTERPRISE, "nobody/knows_it")),
        System(name="外网", shown_by="channels"),
        System(name="区块链", shown_by="receipt_chain"),
    )
    monkeypatch.setattr(systems, "load_systems", lambda: named)


def test_every_system_has_feeds_or_is_the_lake_itself() -> None:
    named = [feed for system in load_systems() for feed in system.feeds]
    assert len(named) == len(set(named))
    with pytest.raises(ValueError, match="either feeds"):
        System(name="无")


def test_what_came_of_a_system_is_counted_by_its_receipts(lake: SmallLake, registry_alone: None) -> None:
    found, closed = of("户籍"), ledger.closed(limit=1000)
    receipts = [row.receipt for row in closed if row.receipt]
    assert found.deliveries == len(closed)
    for count in ("rows_counted", "accepted", "quarantined", "rejected"):
        assert found.total(count) == sum(receipt[count] for receipt in receipts)
    assert found.total(systems.TAKEN_BACK) == 0
    assert found.state == "green"
    assert found.last_receipt == max(row.closed_at for row in closed if row.closed_at)


def test_rows_that_others_replaced_are_no_rejected_ones(lake: SmallLake, registry_alone: None) -> None:
    before = of("户籍")
    replaced = next(row for row in ledger.closed(limit=1000) if row.state == DeliveryState.COMMITTED.value)
    assert replaced.receipt
    rows = replaced.receipt["rows_counted"]
    with session() as at:
        row = at.scalars(select(Delivery).where(Delivery.delivery_id == replaced.delivery_id)).one()
        row.state = DeliveryState.REPLACED.value
        row.receipt = replaced.receipt | {"accepted": 0, "quarantined": 0, "rejected": rows}
        at.commit()
    after = of("户籍")
    assert (after.total("rejected"), after.total(systems.TAKEN_BACK)) == (before.total("rejected"), rows)
    assert after.total("rows_counted") == sum(map(after.total, systems.COUNTS[1:]))


def test_a_system_stands_as_its_worst_feed(lake: SmallLake, registry_alone: None) -> None:
    assert of("登记").state == "no_contract"
    assert {each.feed: each.state for each in of("登记").feeds}[ENTERPRISE] == "nothing_came"
    steps.begin(REGISTRY, "refine")
    steps.end(REGISTRY, "refine", steps.FAILED, "the engine went away")
    assert of("户籍").state == "failed"


def test_chained_receipts_show_the_platform_of_chained_records(lake: SmallLake, registry_alone: None) -> None:
    found = of("区块链")
    issued = len(list((lake.home / "outbox").rglob("*.receipt.json")))
    assert (found.state, found.shown_by) == ("green", f"回执链：1 个部门 {issued} 份回执")


def test_feeds_that_the_study_does_not_name_are_shown(lake: SmallLake, registry_alone: None) -> None:
    others = {each.feed for each in of(systems.OTHERS).feeds}
    assert REGISTRY not in others
    assert "health/epidemic_daily" in others


def test_the_command_prints_a_table_and_json(lake: SmallLake, registry_alone: None) -> None:
    table = CliRunner().invoke(app, ["systems"]).output
    assert "户籍" in table
    assert "尚无数据约定" in table
    found = json.loads(CliRunner().invoke(app, ["systems", "--json"]).output)
    assert found == [as_document(each) for each in standings()]
