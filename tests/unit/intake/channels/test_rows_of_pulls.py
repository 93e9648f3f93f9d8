"""No row of a bureau's table is lost, whatever its update time and whatever it holds; none comes twice."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from expectations.contract.catalogue import load_feed
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.channels import channel_of
from spark_jobs.jobs.collect import collect

FEED = load_feed("government_service/approval_case")
DAY = datetime(2026, 11, 2, tzinfo=CITY_TIME)


class Bureau:
    """The approval platform: its table, and an hour more with every pull."""

    def __init__(self, home: Path) -> None:
        (home / "sources").mkdir(exist_ok=True)
        self.database = sqlite3.connect(home / "sources" / "government_service.db", isolation_level=None)
        columns = ", ".join(f"{column.source} text" for column in FEED.columns)
        self.database.execute(f"create table if not exists approval_case ({columns})")
        self.bronze = home / "lake" / "bronze" / FEED.table
        self.end = (ledger.last_pull_end(FEED.id) or DAY).astimezone(CITY_TIME)

    def set(self, number: str | None, at: object, name: object = None) -> None:
        """What the source says of a case from now on."""
        self.database.execute("delete from approval_case where case_number = ?", (number,))
        self.insert(number, at, name)

    def insert(self, number: str | None, at: object, name: object = None) -> None:
        """Another row of the table, whatever its key."""
        self.database.execute(
            "insert into approval_case (case_number, updated_at, item_name) values (?, ?, ?)", (number, at, name)
        )

    def pull(self) -> list[tuple[str | None, str | None]]:
        """Case numbers and items that the next hour's pull brought; of a defective row what is wrong, and its text."""
        before = ledger.sequences(FEED.id)
        start, self.end = self.end, self.end + timedelta(hours=1)
        assert collect(FEED, Interval(start, self.end)).rejected == 0
        new = ledger.sequences(FEED.id).keys() - before.keys()
        if not DeltaTable.is_deltatable(str(self.bronze)):
            return []
        found: list[dict[str, Any]] = DeltaTable(str(self.bronze)).to_pyarrow_table().to_pylist()
        rows = sorted((row for row in found if row["_delivery_id"] in new), key=lambda row: int(row["_row_number"]))
        return [(row["_defect"] or row["case_number"], row["_raw"] or row["item_name"]) for row in rows]

    def notes(self) -> list[str]:
        """What the last receipt will say beside counts."""
        newest = max(ledger.in_states(FEED.id, list(DeliveryState)), key=lambda row: row.sequence)
        found: list[str] = (newest.accounting or {})["notes"]
        return [note for note in found if "更新时间" in note]


@pytest.fixture
def bureau(lake_home: Path) -> Iterator[Bureau]:
    """The approval platform without any case; the lake may have seen others."""
    made = Bureau(lake_home)
    made.database.execute("delete from approval_case")
    yield made
    made.database.close()


def within(bureau: Bureau, minutes: int, text: str = "%Y-%m-%d %H:%M:%S") -> str:
    """A moment of the hour that the next pull reads."""
    return (bureau.end + timedelta(minutes=minutes)).strftime(text)


@pytest.mark.parametrize(
    "at",
    [None, "", "  ", "昨天", 20261102, b"\x00\x01", "0000-00-00 00:00:00", "2020-13-45 99:99:99", "２０２０-01-02"],
    ids=repr,
)
def test_a_row_without_update_time_is_taken_once_counted_and_again_when_it_changes(bureau: Bureau, at: object) -> None:
    name = f"undated {at!r}"
    bureau.set(name, at, "甲")
    assert bureau.pull() == [(name, "甲")]
    assert bureau.notes() == [
        "1 行没有可用的更新时间（updated_at），按整行内容判断为新增或变更后接收；请在业务系统中补填"
    ]
    assert bureau.pull() == []
    assert bureau.notes() == []
    bureau.set(name, at, "乙")
    assert bureau.pull() == [(name, "乙")]
    bureau.set(name, at, "甲")
    assert bureau.pull() == [(name, "甲")]
    assert bureau.pull() == []


def test_a_second_change_within_the_same_second_is_read_and_so_is_a_change_back(bureau: Bureau) -> None:
    moment = within(bureau, 59)
    bureau.set("S", moment, "甲")
    assert bureau.pull() == [("S", "甲")]
    bureau.set("S", moment, "乙")
    assert bureau.pull() == [("S", "乙")]
    later = within(bureau, 59)
    bureau.set("S", later, "丙")
    assert bureau.pull() == [("S", "丙")]
    bureau.set("S", later, "乙")
    assert bureau.pull() == [("S", "乙")]
    assert bureau.pull() == []


def test_the_same_bytes_as_an_earlier_pull_are_no_duplicate(bureau: Bureau) -> None:
    for item in ("甲", "乙", "甲"):
        bureau.set("back", None, item)
        assert bureau.pull() == [("back", item)]


def test_a_time_to_come_is_taken_once_and_named(bureau: Bureau) -> None:
    bureau.set("future", "2999-01-01 00:00:00", "甲")
    assert bureau.pull() == [("future", "甲")]
    assert bureau.notes() == ["1 行的更新时间（updated_at）晚于本次同步，已接收；请检查业务系统的时钟"]
    assert bureau.pull() == []


def test_a_day_without_hours_is_looked_at_all_day(bureau: Bureau) -> None:
    while bureau.end.hour == 23:
        bureau.pull()
    day = within(bureau, 0, "%Y-%m-%d")
    bureau.set("day", day, "甲")
    assert bureau.pull() == [("day", "甲")]
    bureau.set("day", day, "乙")
    assert bureau.pull() == [("day", "乙")]
    assert bureau.pull() == []


def test_fractions_of_a_second_part_windows_without_loss(bureau: Bureau) -> None:
    last, first = f"{within(bureau, 59)[:-2]}59.999999", f"{within(bureau, 60)}.000001"
    bureau.set("before", last, "甲")
    bureau.set("after", first, "甲")
    assert bureau.pull() == [("before", "甲")]
    assert bureau.pull() == [("after", "甲")]


def test_rows_of_one_key_against_the_contract_all_come_and_come_to_rest(bureau: Bureau) -> None:
    bureau.insert("twice", None, "甲")
    bureau.insert("twice", None, "乙")
    assert sorted(bureau.pull()) == [("twice", "乙"), ("twice", "甲")]
    bureau.database.execute("update approval_case set item_name = '丙' where item_name = '乙'")
    assert sorted(bureau.pull()) == [("twice", "丙"), ("twice", "甲")]
    assert bureau.pull() == []


def test_rows_without_a_key_are_told_apart_by_what_they_say(bureau: Bureau) -> None:
    bureau.insert(None, None, "甲")
    bureau.insert(None, None, "乙")
    assert sorted(bureau.pull(), key=str) == [(None, "乙"), (None, "甲")]
    bureau.insert("", None, "丙")
    assert bureau.pull() == [("", "丙")]
    assert bureau.pull() == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("'甲' || char(65533)", "\\ufffd", id="replacement character"),
        pytest.param("'甲' || char(0) || '乙'", "\\u0000", id="NUL"),
        pytest.param("cast(x'b9a4c9cc' as text)", "\\udcb9", id="bytes of GBK"),
        pytest.param("'甲' || char(27) || '[2J'", "\\u001b", id="escape"),
    ],
)
def test_what_text_cannot_hold_is_a_defect_of_its_row_alone(bureau: Bureau, value: str, shown: str) -> None:
    moment = within(bureau, 30)
    bureau.set(f"good {shown}", moment, "甲")
    bureau.set(f"bad {shown}", moment)
    bureau.database.execute(f"update approval_case set item_name = {value} where case_number = ?", (f"bad {shown}",))
    (defect, raw), good = bureau.pull()
    assert (defect, good) == ("control_character", (f"good {shown}", "甲"))
    assert shown in str(raw)
    assert bureau.pull() == []


def test_bytes_are_hexadecimal_digits(bureau: Bureau) -> None:
    bureau.set("bytes", within(bureau, 1), b"\x00\xff")
    assert bureau.pull() == [("bytes", "\\x00ff")]


def test_a_row_of_any_size_is_a_defect_at_most(bureau: Bureau) -> None:
    bureau.set("huge", within(bureau, 1))
    bureau.database.execute("update approval_case set item_name = hex(zeroblob(20000000)), state_code = item_name")
    bureau.set("small", within(bureau, 1), "甲")
    (defect, raw), small = bureau.pull()
    assert (defect, small) == ("value_too_long", ("small", "甲"))
    assert '"case_number":"huge"' in str(raw)
    assert bureau.pull() == []


def test_a_window_ends_now_at_the_latest_and_windows_join(bureau: Bureau) -> None:
    bureau.pull()
    now = bureau.end + timedelta(minutes=10, microseconds=500_000)
    (arrival,) = channel_of(FEED).find(FEED, Interval(bureau.end, bureau.end + timedelta(days=1)), now)
    assert arrival.window == (bureau.end, bureau.end + timedelta(minutes=10))


def test_a_window_that_was_rejected_is_read_again(bureau: Bureau) -> None:
    bureau.set("again", within(bureau, 1), "甲")
    start = bureau.end
    bureau.pull()
    newest = max(ledger.in_states(FEED.id, list(DeliveryState)), key=lambda row: row.sequence)
    ledger.change(newest.sequence, state=DeliveryState.REJECTED)
    (arrival,) = channel_of(FEED).find(FEED, Interval(start, start + timedelta(hours=1)), bureau.end)
    assert (arrival.window, arrival.sight) == ((start, bureau.end), 2)
    ledger.change(newest.sequence, state=DeliveryState.PARSED)


def test_a_window_that_was_recalled_is_read_again_though_later_ones_were_read(bureau: Bureau) -> None:
    starts = [bureau.end + timedelta(hours=hour) for hour in range(4)]
    for number, name in (("one", "甲"), ("two", "乙"), ("three", "丙")):
        bureau.set(number, within(bureau, 1), name)
        assert bureau.pull() == [(number, name)]
    first, second, third = sorted(ledger.in_states(FEED.id, list(DeliveryState)), key=lambda row: row.sequence)[-3:]
    ledger.change(second.sequence, state=DeliveryState.RECALLED)
    found = list(channel_of(FEED).find(FEED, Interval(starts[2], starts[3]), starts[3]))
    assert [(each.window, each.sight) for each in found] == [((starts[1], starts[2]), 2)]

    for row in (first, third):
        ledger.change(row.sequence, state=DeliveryState.RECALLED)
    found = list(channel_of(FEED).find(FEED, None, starts[3]))
    assert [each.window for each in found] == [(starts[0], starts[3])], "what lies side by side is read in one"
    bureau.end = starts[2]
    assert bureau.pull() == [("one", "甲"), ("two", "乙"), ("three", "丙")]
