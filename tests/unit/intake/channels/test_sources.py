"""A source that is dead or slow is named and waited for no longer than settings allow; its window stays open."""

import socket
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Boolean, Column, Date, DateTime, Dialect, MetaData, Select, String, Table, select
from sqlalchemy.dialects import postgresql

from expectations.contract.catalogue import load_feed
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.channels.jdbc.moments import holds
from spark_jobs.intake.channels.jdbc.silence import cut_when_silent
from spark_jobs.intake.channels.jdbc.texts import selected, text_of
from spark_jobs.intake.pulls.windows import Window
from spark_jobs.jobs.collect import collect
from tests.ports import free_port

FEED = load_feed("government_service/approval_case")


@pytest.fixture
def mute_port() -> Iterator[int]:
    """A port where somebody accepts and never says a word."""
    with socket.socket() as listener:
        port = free_port()
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield port


def test_a_source_that_does_not_answer_is_named_without_its_address(
    lake_home: Path, mute_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKE_SOURCES__GOVERNMENT_SERVICE", f"postgresql+psycopg://u:secret@127.0.0.1:{mute_port}/x")
    monkeypatch.setenv("LAKE_SOURCE_CONNECT_SECONDS", "2")
    settings.cache_clear()
    with pytest.raises(LakeError, match="the source government_service: it does not answer in time") as raised:
        collect(FEED)
    assert "secret" not in str(raised.value)
    assert str(mute_port) not in str(raised.value)
    (waiting,) = ledger.in_states(FEED.id, list(DeliveryState))
    assert waiting.state == DeliveryState.CLAIMED
    assert ledger.last_pull_end(FEED.id) == waiting.window_to


def test_a_connection_that_falls_silent_is_cut() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, cut_when_silent(ours, 0.05) as heard:
        heard()
        assert ours.recv(1) == b""


def test_a_connection_that_speaks_is_left_alone() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        with cut_when_silent(ours, 60):
            theirs.send(b"1")
            assert ours.recv(1) == b"1"
        theirs.send(b"2")
        assert ours.recv(1) == b"2"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        ("甲", "甲"),
        (True, "1"),
        (False, "0"),
        (Decimal("1E+3"), "1000"),
        (Decimal("NaN"), "NaN"),
        (1.5, "1.5"),
        (date(2026, 11, 2), "2026-11-02"),
        (time(8, 30), "08:30:00"),
        (datetime(2026, 11, 2, 8, 30), "2026-11-02 08:30:00"),  # noqa: DTZ001
        (datetime(2026, 11, 2, 0, 30, 0, 500, tzinfo=UTC), "2026-11-02 08:30:00.000500"),
        (timedelta(days=1, hours=2), "1 day, 2:00:00"),
        (b"\x00\xff", "\\x00ff"),
        (memoryview(b"\x01"), "\\x01"),
        ({"名": ["甲", None]}, '{"名": ["甲", null]}'),
        ([datetime(2026, 11, 2)], '["2026-11-02 00:00:00"]'),  # noqa: DTZ001
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_every_value_has_a_text(value: object, text: str | None) -> None:
    assert text_of(value) == text


TABLE = Table(
    "t",
    MetaData(),
    Column("zoned", DateTime(timezone=True)),
    Column("day", Date),
    Column("flag", Boolean),
    Column("word", String),
)
WINDOW = Window(*(datetime(2026, 11, 2, hour, tzinfo=UTC) for hour in (0, 1, 2)))


DIALECT: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def in_postgresql(statement: Select[Any]) -> str:
    return str(statement.compile(dialect=DIALECT, compile_kwargs={"literal_binds": True}))


@pytest.mark.parametrize(
    ("name", "encoding", "asked"),
    [
        ("zoned", "UTF8", "CAST(timezone('Asia/Shanghai', t.zoned) AS TEXT)"),
        ("flag", "UTF8", "CAST(CAST(t.flag AS INTEGER) AS TEXT)"),
        ("word", "UTF8", "CAST(t.word AS TEXT)"),
        ("word", "SQL_ASCII", "convert_to(CAST(t.word AS TEXT), 'SQL_ASCII')"),
    ],
)
def test_a_postgresql_is_asked_for_its_own_text(name: str, encoding: str, asked: str) -> None:
    expression, _ = selected(TABLE.c[name], FEED.column("applied_at"), "postgresql", encoding)
    assert asked in in_postgresql(select(expression))


def test_the_fraction_of_a_second_goes_where_the_contract_has_a_time_alone() -> None:
    _, to_time = selected(TABLE.c.zoned, FEED.column("applied_at"), "postgresql", "UTF8")
    _, to_text = selected(TABLE.c.zoned, FEED.column("item_name"), "postgresql", "UTF8")
    values = ("2026-11-02 08:30:00.25", "0044-03-15 12:00:00.5 BC", "infinity", None)
    assert [to_time(value) for value in values] == ["2026-11-02 08:30:00", "0044-03-15 12:00:00 BC", "infinity", None]
    assert to_text(values[0]) == values[0]


def test_text_of_a_database_without_an_encoding_is_decoded_where_it_can_be() -> None:
    _, read = selected(TABLE.c.word, FEED.column("item_name"), "postgresql", "SQL_ASCII")
    assert [read(value) for value in ("甲".encode(), "甲".encode("gbk"), None)] == ["甲", "\udcbc\udcd7", None]


@pytest.mark.parametrize(
    ("name", "conditions"),
    [
        ("zoned", ["t.zoned IS NULL", "isfinite(t.zoned) IS false", "t.zoned >= '2026-11-02 02:00:00+00:00'"]),
        ("day", ["t.day >= '2026-11-02'", "isfinite(t.day) IS false"]),
        ("word", ["t.word IS NULL", "t.word >= '2026-11-02 08:00:00'", "t.word NOT LIKE '____-__-__%%'"]),
    ],
)
def test_a_window_holds_what_has_no_time_and_what_is_still_to_come(name: str, conditions: list[str]) -> None:
    said = in_postgresql(select(TABLE.c.word).where(holds(WINDOW, TABLE.c[name], "postgresql")))
    assert [condition for condition in conditions if condition not in said] == [], said
