"""Which objects of an inbox become deliveries, and when: nothing is missed, nothing half-uploaded is touched."""

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.contract.channels.sftp import Sftp
from spark_jobs.ask.audit.inbox import check as inbox_check
from spark_jobs.base.errors import LakeError
from spark_jobs.control import ledger, notices
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.jobs.collect import collect_deliveries
from spark_jobs.jobs.receive import receive
from spark_jobs.jobs.sweep import sweep
from spark_jobs.lake.storage.folder_store import FolderStore
from spark_jobs.lake.storage.objects import Look
from spark_jobs.lake.storage.store import open_store

FEED = load_feed("public_security/resident_registry")
NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PATTERN = r"resident_registry_(?P<business_date>\d{8}).*\.csv"


class Inbox:
    """The department's folder, and what the ledger says about it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "inbox" / FEED.id
        self.folder.mkdir(parents=True, exist_ok=True)

    def drop(self, name: str, content: bytes = b"rows", at: datetime = NOW - HOUR, **manifest: Any) -> str:
        """Put a file there, last written at a moment; with a manifest if there is something in it."""
        path = self.folder / name
        path.write_bytes(content)
        os.utime(path, (at.timestamp(), at.timestamp()))
        if manifest:
            path.with_name(f"{name}.manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        return name

    def sweep(self, now: datetime = NOW) -> None:
        sweep([FEED], open_store(), now)

    def rows(self, name: str) -> list[Delivery]:
        """Ledger rows of a file, oldest first."""
        found = [row for row in ledger.in_states(FEED.id, list(DeliveryState)) if row.object_key.endswith(f"/{name}")]
        return sorted(found, key=lambda row: row.sequence)

    def states(self, name: str) -> list[str]:
        return [str(DeliveryState(row.state)) for row in self.rows(name)]


@pytest.fixture
def inbox(lake_home: Path) -> Inbox:
    return Inbox(lake_home)


def test_a_pair_of_files_of_the_same_second_is_two_deliveries(inbox: Inbox) -> None:
    names = [inbox.drop(f"resident_registry_20261102_{part}.csv", part.encode()) for part in ("a", "b")]
    inbox.sweep()
    assert [inbox.states(name) for name in names] == [["stable"], ["stable"]]


def test_without_a_manifest_a_file_is_complete_when_it_has_stopped_growing(inbox: Inbox) -> None:
    name = inbox.drop("resident_registry_20261103.csv", b"half", at=NOW)
    inbox.sweep(NOW)
    inbox.drop(name, b"half and more", at=NOW + MINUTE / 2)
    inbox.sweep(NOW + MINUTE)
    assert inbox.states(name) == ["seen"]
    inbox.sweep(NOW + 2 * MINUTE)
    assert inbox.states(name) == ["stable"]
    assert inbox.rows(name)[0].bytes == len(b"half and more")


def test_a_file_that_differs_from_its_manifest_waits_and_is_rejected_after_the_deadline(inbox: Inbox) -> None:
    name = inbox.drop("resident_registry_20261104.csv", b"part", bytes=999)
    inbox.sweep(NOW)
    inbox.sweep(NOW + 23 * HOUR)
    assert inbox.states(name) == ["seen"]
    inbox.sweep(NOW + 25 * HOUR)
    (row,) = inbox.rows(name)
    assert (row.state, (row.receipt or {})["reasons"]) == ("rejected", {"incomplete_upload": 1})
    assert list((inbox.home / "outbox").rglob(f"{name}.*.receipt.html"))


def test_the_manifest_completes_a_file_at_once_and_may_date_it(inbox: Inbox) -> None:
    name = inbox.drop("resident_registry_20261105.csv", b"rows", at=NOW, bytes=4, business_date="2026-11-04")
    inbox.sweep(NOW)
    (row,) = inbox.rows(name)
    assert (row.state, str(row.business_date)) == ("stable", "2026-11-04")


def test_the_same_name_with_other_bytes_is_another_delivery(inbox: Inbox) -> None:
    name = inbox.drop("resident_registry_20261106.csv", b"first", at=NOW - 2 * HOUR)
    inbox.sweep()
    inbox.drop(name, b"second", at=NOW - HOUR)
    inbox.sweep()
    inbox.sweep()
    assert inbox.states(name) == ["stable", "stable"]
    assert len({row.delivery_id for row in inbox.rows(name)}) == 2


def test_a_file_replaced_between_listing_and_reading_is_not_taken_for_the_listed_one(inbox: Inbox) -> None:
    name = inbox.drop("resident_registry_20261109.csv", b"listed", at=NOW - 2 * HOUR)
    inbox.sweep()
    inbox.drop(name, b"newer", at=NOW - HOUR)
    collect_deliveries(FEED, inbox.rows(name))
    inbox.sweep()
    old, new = inbox.rows(name)
    assert (old.receipt or {})["reasons"] == {"withdrawn_before_processing": 1}
    assert (new.state, new.bytes) == ("stable", len(b"newer"))


def test_a_file_that_was_away_and_comes_back_with_its_time_is_taken(inbox: Inbox) -> None:
    name = inbox.drop("resident_registry_20261110.csv", b"away", at=NOW - HOUR)
    inbox.sweep()
    away = inbox.folder.parent / "away"
    shutil.move(inbox.folder / name, away)
    collect_deliveries(FEED, inbox.rows(name))
    assert inbox.states(name) == ["rejected"]
    shutil.move(away, inbox.folder / name)
    os.link(inbox.folder / name, away)  # a move alone changes no more than a link does: the time of the entry
    assert f"inbox/{FEED.id}/{name}" in unanswered()
    inbox.sweep()
    assert inbox.states(name) == ["rejected", "stable"]
    assert f"inbox/{FEED.id}/{name}" not in unanswered()


def unanswered() -> list[str]:
    """Objects of the inbox that an audit names."""
    store, feeds = open_store(), load_feeds()
    return [finding.place for finding in inbox_check(store.look("inbox"), feeds, store, NOW)]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        pytest.param('{"rows": "abc"}', "manifest_invalid", id="a value that it cannot have"),
        pytest.param('{"rows": 1, "rows": 2}', "manifest_invalid", id="two values"),
        pytest.param("[", "manifest_unreadable", id="no JSON"),
        pytest.param('{"file": "resident_registry_20261231.csv"}', "manifest_mismatch", id="of another file"),
        pytest.param('{"file": "\\ud800"}', "manifest_mismatch", id="of a name that no file has"),
    ],
)
def test_a_corrected_manifest_is_looked_at_though_the_file_is_the_same(inbox: Inbox, wrong: str, reason: str) -> None:
    name = inbox.drop(f"resident_registry_20261111_{len(wrong)}_{reason}.csv", wrong.encode())
    manifest = inbox.folder / f"{name}.manifest.json"
    manifest.write_text(wrong, encoding="utf-8")
    os.utime(manifest, (1, 1))
    inbox.sweep()
    inbox.sweep()
    assert [(row.receipt or {})["reasons"] for row in inbox.rows(name)] == [{reason: 1}]
    manifest.write_text(json.dumps({"file": name, "bytes": len(wrong)}), encoding="utf-8")
    assert f"inbox/{FEED.id}/{name}" in unanswered()
    inbox.sweep()
    inbox.sweep()
    assert inbox.states(name) == ["rejected", "stable"]
    assert f"inbox/{FEED.id}/{name}" not in unanswered()


def test_a_manifest_that_comes_after_its_file_was_taken_changes_nothing(inbox: Inbox) -> None:
    name = inbox.drop("resident_registry_20261112.csv", b"taken", at=NOW - HOUR)
    inbox.sweep()
    collect_deliveries(FEED, inbox.rows(name))
    before = inbox.states(name)
    inbox.drop(name, b"taken", at=NOW - HOUR, rows=7)
    inbox.sweep()
    assert inbox.states(name) == before


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("户籍变更.csv", "name_not_recognised", id="another name"),
        pytest.param("resident_registry_20261399.csv", "business_date_invalid", id="a day that does not exist"),
    ],
)
def test_a_name_that_says_nothing_is_answered_at_once(inbox: Inbox, name: str, reason: str) -> None:
    inbox.drop(name)
    inbox.sweep()
    assert [(row.receipt or {})["reasons"] for row in inbox.rows(name)] == [{reason: 1}]


def test_a_listing_in_any_order_and_again_finds_each_file_once(inbox: Inbox) -> None:
    names = [inbox.drop(f"resident_registry_202612{day:02d}.csv", bytes([day])) for day in range(1, 8)]

    class Reversed:
        """The store with its listing turned round; clocks of senders differ."""

        def look(self, zone: Any, prefix: str = "") -> Any:
            seen = open_store().look(zone, prefix)
            return Look(seen.objects[::-1], seen.oddities)

        def read_bytes(self, zone: Any, key: str) -> bytes:
            return open_store().read_bytes(zone, key)

        def full_place(self, zone: Any, prefix: str = "") -> None:
            """There is room."""

    assert FEED.id in sweep([FEED], Reversed(), NOW)  # type: ignore[arg-type]
    inbox.sweep()
    assert [inbox.states(name) for name in names] == [["stable"]] * 7


def test_a_feed_that_is_being_collected_is_left_to_whoever_collects_it(inbox: Inbox) -> None:
    name = inbox.drop("resident_registry_20261221.csv")
    with exclusive(f"collect:{FEED.id}"):
        inbox.sweep()
        assert inbox.states(name) == []
    inbox.sweep()
    assert inbox.states(name) == ["stable"]


def test_a_store_that_fails_while_a_manifest_is_read_is_no_fault_of_the_delivery(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = inbox.drop("resident_registry_20261222.csv", bytes=4)

    def refuse(*_: Any) -> bytes:
        raise LakeError("cannot read inbox: the store does not answer", "look at the store")

    with monkeypatch.context() as patch:
        patch.setattr(FolderStore, "read_bytes", refuse)
        for _ in range(4):
            inbox.sweep()
    assert inbox.states(name) == []
    inbox.sweep()
    assert inbox.states(name) == ["stable"]


def test_a_file_that_is_handed_in_for_a_pulled_feed_is_refused_with_the_way_to_go(tmp_path: Path) -> None:
    pulled = next(feed for feed in load_feeds() if feed.arrival.is_pulled)
    (tmp_path / "rows.csv").write_bytes(b"rows")
    with pytest.raises(LakeError, match=f"{pulled.id} is fetched by") as refused:
        receive(pulled, [tmp_path / "rows.csv"], None)
    assert f"lake collect {pulled.id}" in str(refused.value.next_step)
    assert ledger.in_states(pulled.id, list(DeliveryState)) == []


def test_what_came_by_drop_before_its_feed_was_fetched_is_not_astray(inbox: Inbox) -> None:
    fetched = FEED.model_copy(update={"arrival": Sftp(kind="sftp", connection="files", pattern=PATTERN)})
    name = inbox.drop("resident_registry_20261201.csv", b"rows", bytes=4)
    inbox.sweep()
    told = {f"{FEED.id}/{name}", f"{FEED.id}/{name}.manifest.json"}
    sweep([fetched], open_store(), NOW)
    assert told.isdisjoint(key for key, _ in notices.standing())
    inbox.drop(name, b"a copy for which nobody asked", at=NOW)
    sweep([fetched], open_store(), NOW)
    assert told & {key for key, _ in notices.standing()} == {f"{FEED.id}/{name}"}
