"""A life on one page: events of one subject in the order of time, by id or by social credit code."""

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import write_deltalake
from typer.testing import CliRunner

from spark_jobs.ask.life import Event, life
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.cli import app

USCC = "91420100MA4KLRTT4X"
EVENTS = [
    ("permit|2", "L-1", date(2026, 3, 1), "permit", "行政许可 2号", "development_reform/credit_permit", "D-2", 7),
    ("established|1", "L-1", date(2015, 1, 1), "established", "设立登记", "transport/vehicle", "D-1", 2),
    ("married|1", "P-1", date(2001, 1, 1), "married", "结婚登记", "civil_affairs/marriage_registration", "D-3", 4),
]  # fmt: skip
NAMES = (
    *("life_event_id", "subject_id", "happened_on", "event_kind", "says"),
    *("source_feed", "source_delivery_id", "source_row_number"),
)


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake of the test's own, with nothing in it."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    return tmp_path


@pytest.fixture
def warehouse(empty: Path) -> Path:
    """A lake with the two tables that a life is read from."""
    columns = dict(zip(NAMES, map(list, zip(*EVENTS, strict=True)), strict=True))
    write_deltalake(str(made(empty / "lake" / "marts" / "mart_life__event")), pa.table(columns))
    firms = pa.table({"legal_entity_id": ["L-1", "L-2"], "uscc": [USCC, None]})
    write_deltalake(str(made(empty / "lake" / "base" / "base_legal_entity")), firms)
    return empty


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


@pytest.mark.parametrize("subject", ["L-1", USCC])
def test_events_stand_in_the_order_of_time(warehouse: Path, subject: str) -> None:
    found, events = life(subject)
    assert found == "L-1"
    assert [each.kind for each in events] == ["established", "permit"]
    assert events[1] == Event(*EVENTS[0][2:])


def test_somebody_of_whom_nothing_is_known_has_an_empty_page(warehouse: Path) -> None:
    assert life("P-2") == ("P-2", [])


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        pytest.param("91420100MA4KLRTT4Y", "no legal entity has the code", id="a code that nobody has"),
        pytest.param("张三", "neither a permanent id nor a social credit code", id="a name"),
        pytest.param("L-1' or '1' = '1", "neither a permanent id", id="more than an id"),
    ],
)
def test_what_is_no_subject_is_said(warehouse: Path, subject: str, said: str) -> None:
    with pytest.raises(LakeError, match=said):
        life(subject)


def test_without_a_warehouse_it_says_how_to_build_one(empty: Path) -> None:
    with pytest.raises(LakeError, match="not built yet") as told:
        life("L-1")
    assert "lake warehouse build" in told.value.next_step


def test_the_command_prints_days_events_and_their_rows(warehouse: Path) -> None:
    printed = CliRunner().invoke(app, ["entity", USCC, "--life"])
    assert printed.exit_code == 0, printed.output
    assert printed.stdout.index("2015-01-01") < printed.stdout.index("2026-03-01")
    assert "L-1: 2 events" in printed.stdout
    assert "结婚登记" not in printed.stdout
