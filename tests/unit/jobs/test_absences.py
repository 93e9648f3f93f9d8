"""What is due and has not come is answered once, and taken back by what comes late, whose receipt says how late."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from expectations.contract.feed import FeedContract
from expectations.working_days import known_years
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.cli import app
from spark_jobs.control import absences as answered
from spark_jobs.control import ledger
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.overdue import look
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.jobs.absences import answer, close_all
from spark_jobs.receipts import closing
from spark_jobs.receipts.chain.keys import public_folder
from spark_jobs.receipts.chain.verification import verify
from tests.unit.intake.formats.decoding_cases import CSV, contract_of

_COUNTED = count(1)


@pytest.fixture
def feed(lake_home: Path) -> Callable[..., FeedContract]:
    """A feed of an agency that has no receipt yet, due at the end of the next working day."""

    def made(cycle: str = "day", late_after: str = "P1D", **changes: Any) -> FeedContract:
        catalogue = contract_of(CSV).catalogue.model_dump() | {"update_cycle": cycle}
        name = f"agency_{next(_COUNTED)}"
        changes = {"decode": CSV, "agency": name, "catalogue": catalogue, "late_after": late_after} | changes
        return contract_of(**changes)

    return made


def seen(contract: FeedContract, business: str, on: str, name: str = "") -> Delivery:
    """A delivery of a business date that the lake first saw at noon of a day."""
    moment = datetime.combine(date.fromisoformat(on), time(12), CITY_TIME).astimezone(UTC)
    day = date.fromisoformat(business)
    key = f"{contract.id}/{name or f'example_{day:%Y%m%d}.csv'}"
    ledger.add(
        Delivery(
            **{"delivery_id": ledger.delivery_id(contract.id, key, "1"), "feed": contract.id, "object_key": key},
            **{"state": DeliveryState.PARSED.value, "object_version": "1", "bytes": 0, "modified_at": moment},
            **{"first_seen_at": moment, "unchanged_since": moment, "business_date": day, "claim_epoch": 0},
            accounting={"rows_counted": 0},
        )
    )
    return ledger.by_id(ledger.delivery_id(contract.id, key, "1"))


def received(contract: FeedContract, business: str, on: str, name: str = "") -> dict[str, Any]:
    """The receipt of a delivery without rows."""
    delivery = seen(contract, business, on, name)
    receipt = closing.commit(delivery, contract, Outcome(delivery.delivery_id), "f" * 64)
    close_all(contract)
    return receipt


def absent(contract: FeedContract, on: str, **options: Any) -> list[str]:
    return [each.period.first.isoformat() for each in look(date.fromisoformat(on), [contract], **options).absent]


def outbox_of(lake_home: Path, contract: FeedContract) -> dict[str, dict[str, Any]]:
    found = sorted((lake_home / "outbox" / contract.id).rglob("未按期报送*.receipt.json"))
    return {path.parent.name: json.loads(path.read_text("utf-8")) for path in found}


def test_working_days_of_which_nothing_came_are_absent_once_they_were_due(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    received(contract, "2026-07-01", "2026-07-02")
    received(contract, "2026-07-03", "2026-07-06")
    # The 2nd was due on the 3rd, a Friday; of the 4th and 5th, a weekend, nothing is; the 6th is due on the 7th.
    assert absent(contract, "2026-07-03") == []
    assert absent(contract, "2026-07-04") == ["2026-07-02"]
    assert absent(contract, "2026-07-07") == ["2026-07-02"]
    assert absent(contract, "2026-07-08") == ["2026-07-02", "2026-07-06"]


def test_what_was_rejected_has_not_come(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    received(contract, "2026-07-01", "2026-07-02")
    ledger.change(seen(contract, "2026-07-02", "2026-07-03").sequence, state=DeliveryState.REJECTED.value)
    assert absent(contract, "2026-07-06") == ["2026-07-02"]


def test_nothing_is_expected_of_a_feed_before_its_first_delivery(feed: Callable[..., FeedContract]) -> None:
    assert absent(feed(), "2026-07-08") == []
    since = feed(due={"since": "2026-07-06"})
    assert absent(since, "2026-07-08") == ["2026-07-06"]


def test_history_that_is_loaded_was_not_late(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    receipts = [received(contract, day, "2026-11-27") for day in ("2020-01-02", "2020-01-06", "2026-11-26")]
    assert [receipt["late"] for receipt in receipts] == [None, None, None]
    assert absent(contract, "2026-11-28") == []
    # Played again by business dates, the days between are missed.
    assert absent(contract, "2020-01-08", is_replay=True) == ["2020-01-03"]


def test_an_absence_is_answered_once(feed: Callable[..., FeedContract], lake_home: Path) -> None:
    contract = feed()
    received(contract, "2026-07-01", "2026-07-02")
    for on in ("2026-07-06", "2026-07-06", "2026-07-07"):
        answer(date.fromisoformat(on), [contract])
    told = outbox_of(lake_home, contract)
    assert list(told) == ["2026-07-02", "2026-07-03"]
    first = told["2026-07-02"]
    assert (first["status"], first["due_on"], first["as_of"]) == ("absent", "2026-07-03", "2026-07-06")
    assert "应于 2026-07-03 前报送的“示例”（2026-07-02），截至 2026-07-06 未收到" in first["message"]
    assert "请报送没有数据行的文件" in first["fix"]
    page = (lake_home / "outbox" / first["outbox"]["page"]).read_text("utf-8")
    assert "截至 2026-07-06 未收到" in page


def test_what_comes_late_says_by_how_many_working_days_and_takes_the_absence_back(
    feed: Callable[..., FeedContract], lake_home: Path
) -> None:
    contract = feed()
    received(contract, "2026-09-28", "2026-09-29")
    answer(date(2026, 10, 1), [contract])
    assert list(outbox_of(lake_home, contract)) == ["2026-09-29"]
    # Due on 30 September; the National Day's week is off, Saturday the 10th is worked.
    receipt = received(contract, "2026-09-29", "2026-10-11")
    assert (receipt["late"]["due_on"], receipt["late"]["working_days"]) == ("2026-09-30", 3)
    assert receipt["late"]["text"] == "迟 3 个工作日"
    page = (lake_home / "outbox" / receipt["outbox"]["page"]).read_text("utf-8")
    assert "迟 3 个工作日" in page
    taken_back = outbox_of(lake_home, contract)["2026-09-29"]
    assert (taken_back["status"], taken_back["came"]["delivery_id"]) == ("came_late", receipt["delivery_id"])
    assert taken_back["chain"]["supersedes"]["number"] < taken_back["chain"]["number"]
    assert absent(contract, "2026-10-01") == []
    # Another file of that day is not late.
    assert received(contract, "2026-09-29", "2026-10-12", "example_20260929.b.csv")["late"] is None


def test_absences_are_in_the_chain_and_signed(feed: Callable[..., FeedContract], lake_home: Path) -> None:
    contract = feed()
    received(contract, "2026-07-01", "2026-07-02")
    answer(date(2026, 7, 7), [contract])
    received(contract, "2026-07-02", "2026-07-07")
    paths = sorted((lake_home / "outbox" / contract.agency).rglob("*.receipt.json"))
    assert verify(paths, public_folder()) == (4, [])
    missing = [path for path in paths if "2026-07-03" not in str(path)]
    assert [fault.message for fault in verify(missing, public_folder())[1]] == ["缺少第 3 号回执：可能已被删除"]


def test_what_was_taken_back_is_absent_again_where_the_delivery_goes(
    feed: Callable[..., FeedContract], lake_home: Path
) -> None:
    contract = feed()
    received(contract, "2026-07-01", "2026-07-02")
    answer(date(2026, 7, 6), [contract])
    late = received(contract, "2026-07-02", "2026-07-06")
    row = ledger.by_id(late["delivery_id"])
    ledger.change(row.sequence, state=DeliveryState.REPLACED.value)
    answer(date(2026, 7, 7), [contract])
    assert outbox_of(lake_home, contract)["2026-07-02"]["status"] == "absent"


def test_a_month_is_due_some_days_after_the_run_that_takes_it_in(feed: Callable[..., FeedContract]) -> None:
    contract = feed("month", "P7D", schedule="0 2 2 * *")
    received(contract, "2026-07-01", "2026-07-02")
    assert absent(contract, "2026-08-10") == []
    # 8 August is a Saturday, so Monday is in time.
    assert absent(contract, "2026-08-11") == ["2026-08-01"]


def test_a_year_that_the_calendar_does_not_have_is_said(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    unknown = max(known_years()) + 1
    received(contract, f"{unknown - 1}-12-30", f"{unknown - 1}-12-31")
    found = look(date(unknown, 3, 1), [contract])
    assert (found.absent, found.unjudged) == ([], {unknown: [contract.id]})


def test_lateness_over_a_year_that_is_not_known_is_in_days(feed: Callable[..., FeedContract]) -> None:
    contract = feed()
    unknown = max(known_years()) + 1
    received(contract, f"{unknown - 1}-12-28", f"{unknown - 1}-12-29")
    late = received(contract, f"{unknown - 1}-12-29", f"{unknown}-01-04")["late"]
    assert (late["working_days"], late["unknown_year"]) == (None, unknown)
    assert late["text"] == f"迟 5 天（工作日历没有 {unknown} 年，未折算工作日）"


def test_rows_that_are_pulled_have_their_own_advice(feed: Callable[..., FeedContract], lake_home: Path) -> None:
    pulled = {"kind": "jdbc", "connection": "x", "table": "t", "key": ["编号"], "since": "2026-01-01T00:00:00+08:00"}
    contract = feed(arrival=pulled, decode=None, write={"mode": "merge", "key": ["number"]})
    received(contract, "2026-07-01", "2026-07-02")
    answer(date(2026, 7, 4), [contract])
    assert "未能从业务系统读取" in outbox_of(lake_home, contract)["2026-07-02"]["message"]


def test_the_command_shows_and_answers(feed: Callable[..., FeedContract], monkeypatch: pytest.MonkeyPatch) -> None:
    contract = feed()
    received(contract, "2026-07-01", "2026-07-02")
    for name in ("contract_of", "load_feed"):
        monkeypatch.setattr(f"spark_jobs.commands.absent.{name}", lambda _id: contract)
    asked = ["absent", "--feed", contract.id, "--on", "2026-07-06"]
    found = json.loads(CliRunner().invoke(app, [*asked, "--json"]).output)
    assert [(each["first"], each["due_on"]) for each in found["absent"]] == [("2026-07-02", "2026-07-03")]
    assert answered.answered(contract.id) == {}
    shown = CliRunner().invoke(app, [*asked, "--answer"]).output
    assert "截至 2026-07-06 未按期报送：1 项" in shown
    assert list(answered.answered(contract.id)) == [date(2026, 7, 2)]
