"""An inbox on a full disk: what may be cut off in the middle is not taken, what is whole is, and the place is named."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expectations.contract.catalogue import load_feed
from spark_jobs.ask.audit import full_disks
from spark_jobs.control import ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channels.drop import DropChannel
from spark_jobs.intake.enter import enter
from spark_jobs.jobs.ending import end
from spark_jobs.jobs.failures import as_readable
from spark_jobs.jobs.inbox_room import InboxFull, require_room
from spark_jobs.lake.storage import room
from spark_jobs.lake.storage.store import open_store

FEED = load_feed("public_security/resident_registry")
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CUT_OFF, WHOLE = "resident_registry_20261102.csv", "resident_registry_20261103.csv"


@pytest.fixture
def disk(lake_home: Path, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the disk of the inbox is full, as its last element says."""
    full = [True]
    monkeypatch.setattr(room, "_is_full", lambda folder: full[-1] and "inbox" in folder.parts)
    return full


@pytest.fixture
def inbox(lake_home: Path) -> Path:
    folder = lake_home / "inbox" / FEED.id
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    return folder


def drop(inbox: Path, name: str, content: bytes, at: datetime = NOW - HOUR, manifest: str | None = None) -> None:
    """Put a file there that was last written at a moment."""
    (inbox / name).write_bytes(content)
    os.utime(inbox / name, (at.timestamp(), at.timestamp()))
    if manifest is not None:
        (inbox / f"{name}.manifest.json").write_text(manifest, "utf-8")


def look(now: datetime) -> None:
    """What collect does before it takes anything."""
    end(FEED, enter(FEED, DropChannel().find(FEED, None, now), now))


def newest(name: str) -> Delivery:
    found = [row for row in ledger.in_states(FEED.id, list(DeliveryState)) if row.object_key.endswith(name)]
    return max(found, key=lambda row: row.sequence)


def test_without_a_manifest_nothing_is_whole_until_it_is_sent_again(inbox: Path, disk: list[bool]) -> None:
    drop(inbox, CUT_OFF, b"half")
    drop(inbox, WHOLE, b"rows", manifest=json.dumps({"bytes": 4}))
    look(NOW)
    assert (newest(CUT_OFF).state, newest(WHOLE).state) == (DeliveryState.SEEN, DeliveryState.STABLE)
    disk.append(False)
    look(NOW + HOUR)
    assert newest(CUT_OFF).state == DeliveryState.SEEN
    drop(inbox, CUT_OFF, b"half and half", at=NOW + HOUR)
    look(NOW + HOUR + MINUTE)
    look(NOW + HOUR + 3 * MINUTE)
    assert (newest(CUT_OFF).state, newest(CUT_OFF).bytes) == (DeliveryState.STABLE, len(b"half and half"))


def test_a_manifest_that_comes_later_says_that_it_was_whole(inbox: Path, disk: list[bool]) -> None:
    drop(inbox, "resident_registry_20261104.csv", b"whole")
    look(NOW)
    disk.append(False)
    drop(inbox, "resident_registry_20261104.csv", b"whole", manifest=json.dumps({"bytes": 5}))
    look(NOW + HOUR)
    assert newest("resident_registry_20261104.csv").state == DeliveryState.STABLE


def test_a_manifest_that_was_cut_off_refuses_nothing(inbox: Path, disk: list[bool]) -> None:
    drop(inbox, "resident_registry_20261105.csv", b"rows", manifest='{"byt')
    look(NOW)
    assert newest("resident_registry_20261105.csv").state == DeliveryState.SEEN


def test_what_is_never_sent_again_has_its_answer(inbox: Path, disk: list[bool]) -> None:
    drop(inbox, "resident_registry_20261106.csv", b"lost")
    look(NOW)
    disk.append(False)
    look(NOW + 25 * HOUR)
    row = newest("resident_registry_20261106.csv")
    assert (row.state, (row.rejection or {})["code"]) == (DeliveryState.REJECTED, "may_be_cut_off")


def test_the_feed_and_the_audit_name_place_and_files(inbox: Path, disk: list[bool], lake_home: Path) -> None:
    name = "resident_registry_20261107.csv"
    drop(inbox, name, b"half")
    look(NOW)
    with pytest.raises(InboxFull) as full:
        require_room(FEED)
    assert f"the disk of {lake_home / 'inbox'} is full" in full.value.what
    assert name in full.value.what
    assert "free space there, nothing else" in full.value.next_step
    found = list(full_disks.check([FEED], open_store()))
    assert str(lake_home / "inbox") in [one.place for one in found]
    assert f"inbox/{FEED.id}/{name}" in [one.place for one in found]
    disk.append(False)
    require_room(FEED)
    assert f"inbox/{FEED.id}/{name}" in [one.place for one in full_disks.check([FEED], open_store())]


def test_an_error_that_names_its_disk_is_not_told_of_another(lake_home: Path) -> None:
    full = room.DiskFull("cannot write outbox/x: No space left on device", Path("/outbox"))
    assert as_readable(full, FEED.id) is full
    assert str(lake_home) in str(as_readable(OSError("No space left on device"), FEED.id))
