"""One department's inbox full of hostile objects: each has its answer, and nobody else notices."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expectations.contract.catalogue import load_feed
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger, notices
from spark_jobs.control.database import engine
from spark_jobs.control.schema import DeliveryState
from spark_jobs.jobs.collect import collect
from spark_jobs.jobs.sweep import sweep
from spark_jobs.lake.storage.raw_names import shown
from tests.e2e import files
from tests.hostile_objects import HOSTILE, LONG_AGO

REGISTRY, MARRIAGE = load_feed(files.REGISTRY), load_feed(files.MARRIAGE)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of a lake after a night with all of them, and a good file of another department."""
    home = tmp_path_factory.mktemp("night")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LAKE_HOME", str(home))
        settings.cache_clear()
        engine.cache_clear()
        agency = home / "inbox" / "public_security"
        agency.mkdir(parents=True)
        for make in HOSTILE.values():
            make(agency)
        other = files.delimited(home, "marriage.csv", [files.header(files.MARRIAGE)], "gbk")
        place = home / "inbox" / files.MARRIAGE / "marriage_registration_20261102.csv"
        place.parent.mkdir(parents=True)
        shutil.move(other, place)
        os.utime(place, (LONG_AGO, LONG_AGO))
        (home / "inbox" / "Public_Securty").mkdir()
        (home / "inbox" / "Public_Securty" / "list.csv").write_bytes(b"x")
        pulled = home / "inbox" / "government_service" / "approval_case" / "cases.csv"
        pulled.parent.mkdir(parents=True)
        pulled.write_bytes(b"x")
        sweep()
        # A file that says it is from the future is dated by when it was first seen.
        sweep(now=datetime.now(UTC) + timedelta(minutes=2))
        for feed in (REGISTRY, MARRIAGE):
            collect(feed)
        yield home
        # Deeper than what removes the temporary folder can follow.
        shutil.move(agency / "d", home / "d")
        os.system(f"rm -rf '{home / 'd'}'")  # noqa: S605
    settings.cache_clear()
    engine.cache_clear()


def answered(home: Path) -> set[str]:
    """Keys of the inbox that have a ledger row past intake, or a notice with its page."""
    rows = ledger.in_states(REGISTRY.id, [DeliveryState.PARSED, DeliveryState.REJECTED])
    told = {key for key, _ in notices.standing()}
    return {row.object_key for row in rows} | told


def objects(folder: Path) -> Iterator[Path]:
    """Everything below, links and empty folders included; what is in a folder that is answered whole is left out."""
    for path in folder.iterdir():
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir()):
            yield path
        elif path.name not in {"d", ".git"}:
            yield from objects(path)


def test_the_other_department_is_served(night: Path) -> None:
    assert [row.state for row in ledger.in_states(MARRIAGE.id, list(DeliveryState))] == ["parsed"]


def test_every_object_has_its_answer(night: Path) -> None:
    found = answered(night)
    unanswered = []
    for path in objects(night / "inbox"):
        key = shown(str(path.relative_to(night / "inbox")))
        file = key.removesuffix(".manifest.json")
        if key not in found and (file not in found or file.endswith(".manifest.json")):
            unanswered.append(key)
    assert unanswered == ["civil_affairs/marriage_registration/marriage_registration_20261102.csv"]
    assert any(key.endswith("/.git") for key in found)
    assert any(key.startswith("public_security/d/d/") for key in found)


def test_nothing_waits_and_nothing_failed(night: Path) -> None:
    rows = ledger.in_states(REGISTRY.id, list(DeliveryState))
    assert [(row.object_key, row.state) for row in rows if row.state not in {"parsed", "rejected"}] == []
    assert [(row.object_key, row.failure) for row in rows if row.failure] == []


def test_receipts_and_notices_lie_where_their_readers_look(night: Path) -> None:
    outbox = night / "outbox"
    rejected = ledger.in_states(REGISTRY.id, [DeliveryState.REJECTED])
    assert {(row.receipt or {})["outbox"]["receipt"] for row in rejected} <= {
        str(path.relative_to(outbox)) for path in (outbox / REGISTRY.id).rglob("*.receipt.json")
    }
    assert len(list((outbox / "public_security" / "notices").glob("*.notice.html"))) >= 12
    assert len(list((outbox / "operator" / "notices").glob("*.notice.html"))) == 1
    (pulled,) = (outbox / "government_service" / "notices").glob("*.notice.json")
    assert "pulled_feed" in pulled.read_text("utf-8")


def test_another_sweep_says_nothing_new(night: Path) -> None:
    before = sorted(str(path) for path in (night / "outbox").rglob("*"))
    sweep()
    assert sorted(str(path) for path in (night / "outbox").rglob("*")) == before


def test_a_notice_stands_until_its_object_is_gone(night: Path) -> None:
    key = "Public_Securty/list.csv"
    assert key in {told for told, _ in notices.standing()}
    (night / "inbox" / key).unlink()
    sweep()
    assert key not in {told for told, _ in notices.standing()}
