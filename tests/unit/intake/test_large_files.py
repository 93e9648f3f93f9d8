"""Files that would fill the disk hinder nobody: too large a file is answered, one for which there is no room waits."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake import take
from spark_jobs.jobs.collect import Collected, collect
from spark_jobs.jobs.sweep import sweep
from spark_jobs.lake.storage.store import open_store
from tests.unit.intake.formats.decoding_cases import CSV, contract_of

FEED = contract_of(CSV, feed="large")
OLD = 1_760_000_000


class Disk(NamedTuple):
    """As `shutil.disk_usage` has it."""

    total: int
    used: int
    free: int


@pytest.fixture
def folder(lake_home: Path) -> Path:
    """The department's folder."""
    made = lake_home / "inbox" / FEED.id
    made.mkdir(parents=True, exist_ok=True)
    return made


def drop(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    os.utime(path, (OLD, OLD))
    return path


def states() -> dict[str, tuple[str, str | None]]:
    """State and code of the rejection by name of the file."""
    rows = ledger.in_states(FEED.id, list(DeliveryState))
    return {row.object_key.rpartition("/")[2]: (str(row.state), (row.rejection or {}).get("code")) for row in rows}


def test_a_file_over_the_limit_is_answered_when_it_has_stopped_growing_and_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAKE_DELIVERY_BYTES", "1MiB")
    settings.cache_clear()
    with drop(folder, "example_20261101.csv", b"").open("wb") as file:
        file.truncate((1 << 20) + 1)
    for seconds in (0, 1):
        sweep([FEED], open_store(), datetime.now(UTC) + timedelta(seconds=seconds))
        assert states() == {"example_20261101.csv": ("seen", None)}
    for minutes in (2, 4):
        sweep([FEED], open_store(), datetime.now(UTC) + timedelta(minutes=minutes))
    assert states() == {"example_20261101.csv": ("rejected", "file_too_large")}
    assert not list((folder.parents[2] / "landing").rglob("*/*/*/*"))


def test_a_file_for_which_there_is_no_room_waits_without_blame_while_others_go_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "example_20261102.csv", "编号,姓名\n1,甲\n".encode() * 1000)
    drop(folder, "example_20261103.csv", "编号,姓名\n1,甲\n".encode())
    with monkeypatch.context() as patch:
        patch.setattr(take, "LARGE", 1_000)
        patch.setattr(shutil, "disk_usage", lambda _: Disk(1 << 30, 1 << 30, 2_000))
        for _ in range(4):
            assert collect(FEED).failed == 1
        assert states()["example_20261102.csv"][0] in {"claimed", "stable"}
        assert states()["example_20261103.csv"] == ("parsed", None)
        (waiting,) = ledger.in_states(FEED.id, [DeliveryState.STABLE, DeliveryState.CLAIMED])
        assert (waiting.failure or {})["error"] == "NoRoom"
    assert collect(FEED) == Collected(parsed=1, rows=1999, bytes=20_000)
    assert states()["example_20261102.csv"] == ("parsed", None)
