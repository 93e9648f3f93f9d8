"""What a source deletes without a mark is found by its keys, marked in a delivery of its own, and told."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from expectations.samples import sample_rows
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.city.serve import served
from spark_jobs.control import ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channels import channel_of
from spark_jobs.intake.pulls.moments import written_like
from spark_jobs.jobs.collect import collect
from tests.unit.intake.channels.rest_bureau import PAGINGS, SOURCE

CASES = load_feed("government_service/approval_case")
SINCE = "2026-11-01T00:00:00+08:00"
ARRIVALS: dict[str, dict[str, Any]] = {
    "jdbc": {"kind": "jdbc", "table": "{table}"},
    "rest": {"kind": "rest", "path": "cases", "records": "data.rows.item", "paging": PAGINGS["page"]},
}
MARK = {
    **{"source": "gone", "name": "gone", "type": "code", "values": {"gone": "来源已无此行"}},
    **{"sensitivity": "internal", "title_en": "Gone"},
}
_numbers = count()


def contract(kind: str, **compare: Any) -> FeedContract:
    """Approval cases whose keys are compared every day."""
    feed = f"compared_{next(_numbers)}"
    arrival = {
        name: str(each).replace("{table}", f"government_service__{feed}") if name == "table" else each
        for name, each in ARRIVALS[kind].items()
    }
    compared = {"every_days": 1, "mark": "gone"} | compare
    given = CASES.model_dump() | {
        "feed": feed,
        "columns": [*CASES.model_dump()["columns"], MARK],
        "arrival": arrival
        | {
            "connection": SOURCE,
            "key": ["case_number"],
            "updated_at": "updated_at",
            "since": SINCE,
            "compare_keys": compared,
        },
        "write": CASES.write.model_dump() | {"delete_mark": {"column": "gone", "values": ["gone"]}},
    }
    return FeedContract.model_validate(given)


class Bureau:
    """A platform with a table of cases, read by either channel."""

    def __init__(self, home: Path, feed: FeedContract) -> None:
        self.feed = feed
        (home / "sources").mkdir(exist_ok=True)
        self.database = sqlite3.connect(home / "sources" / f"{SOURCE}.db", isolation_level=None)
        # The interface has the column, and says nothing in it; the table has none.
        others = [column.source for column in feed.columns if feed.arrival.kind == "rest" or column.source != "gone"]
        self.database.execute(f'create table "{feed.table}" ({", ".join(f"{name} text" for name in others)})')

    def run(self, statement: str, *values: object) -> None:
        self.database.execute(statement.replace("TABLE", f'"{self.feed.table}"'), values)

    def insert(self, *numbers: str) -> None:
        for number in numbers:
            self.run("insert into TABLE (case_number, updated_at) values (?, ?)", number, "2026-11-02 08:00:00")

    def compared(self) -> Delivery | None:
        """What a pull after the first makes of the comparison that is due."""
        before = ledger.sequences(self.feed.id)
        collect(self.feed)
        new = [row for row in ledger.in_states(self.feed.id, list(DeliveryState)) if row.delivery_id not in before]
        return next((row for row in new if row.window_to is None), None)


@pytest.fixture(params=ARRIVALS)
def bureau(lake_home: Path, request: pytest.FixtureRequest) -> Iterator[Bureau]:
    made = Bureau(lake_home, contract(request.param))
    made.insert("A", "B", "C")
    with closing(made.database), served(lake_home, [made.feed]):
        collect(made.feed)
        yield made


def landed(home: Path, delivery: Delivery) -> str:
    (file,) = (home / "landing" / delivery.feed).rglob(f"*{delivery.sha256}*")
    return file.read_text("utf-8")


def test_what_is_gone_comes_marked_as_it_was_last_once_and_is_counted(bureau: Bureau, lake_home: Path) -> None:
    bureau.run("delete from TABLE where case_number = 'B'")
    found = bureau.compared()
    assert found is not None
    assert (found.accounting or {})["rows_counted"] == 1
    assert "1 行在来源已不存在，按删除处理" in (found.accounting or {})["notes"][-1]
    line = landed(lake_home, found)
    assert '"case_number":"B"' in line
    assert '"gone":"gone"' in line
    assert f'"updated_at":"{datetime.now(CITY_TIME):%Y-%m-%d}' in line  # it ended today, not when it last changed
    assert bureau.compared() is None  # not due again on the same day
    delivery = Delivery(feed=bureau.feed.id, first_seen_at=datetime.now(UTC))
    channel_of(bureau.feed).fetch(bureau.feed, delivery, lake_home / "again")
    assert (lake_home / "again").read_text() == ""


def test_where_nothing_is_gone_the_receipt_says_so(bureau: Bureau) -> None:
    found = bureau.compared()
    assert found is not None
    assert (found.accounting or {})["rows_counted"] == 0
    assert "核对主键：湖中各行在来源均仍存在" in (found.accounting or {})["notes"]


def test_a_source_that_shows_half_of_itself_has_deleted_nothing(lake_home: Path) -> None:
    made = Bureau(lake_home, contract("jdbc"))
    made.insert(*map(str, range(30)))
    collect(made.feed)
    made.run("delete from TABLE where case_number < '2'")
    found = made.compared()
    assert found is not None
    assert (found.state, (found.rejection or {})["code"]) == (DeliveryState.REJECTED, "too_many_rows_gone")
    assert "12 行（湖中共 30 行）" in (found.rejection or {})["message"]


def test_the_next_comparison_is_due_after_so_many_days(bureau: Bureau) -> None:
    assert bureau.compared() is not None
    channel, now = channel_of(bureau.feed), datetime.now(UTC)
    due = [[each.window for each in channel.find(bureau.feed, None, now + timedelta(days=days))] for days in (0, 1)]
    assert [None in windows for windows in due] == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        {"write": {"mode": "merge", "key": ["case_number"], "order": ["updated_at"]}},
        {
            "write": CASES.write.model_dump()
            | {"key": ["case_number", "state_code"], "delete_mark": {"column": "gone", "values": ["gone"]}}
        },
    ],
    ids=["no mark", "another key"],
)
def test_a_contract_that_cannot_mark_what_is_gone_is_refused(change: dict[str, Any]) -> None:
    good = contract("jdbc").model_dump()
    with pytest.raises(ValidationError, match="compare_keys needs"):
        FeedContract.model_validate(good | change)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-11-02 08:00:00", "2026-11-28 01:02:03"),
        ("2026-11-02T08:00:00.123", "2026-11-28T01:02:03"),
        ("2026-11-02T00:00:00Z", "2026-11-27T17:02:03Z"),
        ("2026-11-02T08:00:00+08:00", "2026-11-28T01:02:03+08:00"),
        ("2026-11-02", "2026-11-28"),
        ("1762041600000", "1795798923000"),
        ("昨天", "昨天"),
        (None, None),
    ],
)
def test_a_moment_is_written_as_the_source_writes_them(text: str | None, written: str | None) -> None:
    moment = datetime(2026, 11, 28, 1, 2, 3, 4, tzinfo=CITY_TIME)
    assert written_like(text, moment) == written


def test_a_sample_of_the_source_has_nothing_that_is_gone() -> None:
    assert [row["gone"] for row in sample_rows(contract("rest"), 2)] == ["", ""]
