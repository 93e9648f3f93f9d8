"""A life on one page: events of one subject in the order of time."""

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
    """A lake with the table that a life is read from."""
    columns = dict(zip(NAMES, map(list, zip(*EVENTS, strict=True)), strict=True))
    folder = empty / "lake" / "restricted" / "mart_life__event"
    folder.mkdir(parents=True)
    write_deltalake(str(folder), pa.table(columns))
    return empty


@pytest.mark.usefixtures("warehouse")
def test_events_stand_in_the_order_of_time() -> None:
    events = life("L-1")
    assert [each.kind for each in events] == ["established", "permit"]
    assert events[1] == Event(*EVENTS[0][2:])


@pytest.mark.usefixtures("warehouse")
def test_somebody_of_whom_nothing_is_known_has_an_empty_page() -> None:
    assert life("P-2") == []


@pytest.mark.usefixtures("empty")
def test_without_a_warehouse_it_says_how_to_build_one() -> None:
    with pytest.raises(LakeError, match="not built yet") as told:
        life("L-1")
    assert told.value.next_step == "lake warehouse build --select +mart_life__event"


@pytest.mark.usefixtures("empty")
def test_a_life_has_every_day() -> None:
    asked = CliRunner().invoke(app, ["entity", "L-1", "--life", "--as-of", "2026-01-01"])
    assert isinstance(asked.exception, LakeError)
    assert "--as-of" in asked.exception.what


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("text", ["张三", "422301197506153317"])
def test_what_names_nobody_is_not_repeated(text: str) -> None:
    asked = CliRunner().invoke(app, ["entity", text, "--life"])
    assert isinstance(asked.exception, LakeError)
    assert "neither a person nor a firm" in asked.exception.what
    assert text not in str(asked.exception)
