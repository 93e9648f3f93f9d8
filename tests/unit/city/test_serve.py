"""A generated city is served as its bureaus would: what we fetch from them is what was generated."""

import hashlib
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import asyncssh
import pytest

from expectations.contract.catalogue import load_feed
from expectations.samples import file_name, sample_rows
from spark_jobs.base.errors import LakeError
from spark_jobs.city.serve import served
from spark_jobs.city.serve.faults import Faults, read_faults
from spark_jobs.city.write.places import place_of
from spark_jobs.control import ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channels import sftp
from spark_jobs.intake.channels.sftp.address import read_address
from spark_jobs.intake.channels.sftp.connection import talk
from spark_jobs.intake.channels.sftp.remote import BLOCK_BYTES, REQUESTS, Part
from spark_jobs.jobs.collect import collect

INSURED = load_feed("medical_insurance/insured_person")
SOURCE = str(INSURED.arrival.source())
DAY = date(2026, 11, 1)
NAME = file_name(INSURED, DAY)


@pytest.fixture
def city(lake_home: Path) -> Iterator[Path]:
    """A served city whose insurance bureau offers one file."""
    place_of(INSURED, lake_home).sample(NAME, DAY, sample_rows(INSURED, 3))
    for path in (lake_home / "sources").rglob("*.txt"):
        os.utime(path, (1_760_000_000,) * 2)
    with served(lake_home) as sources:
        assert SOURCE in sources
        yield lake_home


def test_what_the_bureau_offers_is_fetched(city: Path) -> None:
    assert collect(INSURED).rows == 3
    (row,) = ledger.in_states(INSURED.id, list(DeliveryState))
    assert (row.state, row.object_key, row.business_date) == ("parsed", f"{INSURED.id}/{NAME}", DAY)
    secrets = [path for path in (city / "secrets").rglob("*") if path.is_file()]
    assert secrets
    assert [path.name for path in secrets if path.stat().st_mode & 0o077] == []


def test_nobody_writes_to_the_bureau(city: Path) -> None:
    async def write(client: asyncssh.SFTPClient) -> None:
        await client.open(f"{INSURED.id}/{NAME}", "wb")

    with pytest.raises(asyncssh.SFTPPermissionDenied):
        talk(INSURED.id, read_address(SOURCE), write)
    assert (city / "sources" / INSURED.id / NAME).stat().st_size > 0


def test_after_it_the_source_is_unknown(city: Path) -> None:
    with served(city):
        pass
    with pytest.raises(LakeError, match=f"the source {SOURCE} is not configured"):
        collect(INSURED)


def test_a_connection_that_breaks_off_in_the_middle_of_a_file_goes_on_there(
    lake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = INSURED.model_copy(update={"feed": "large_file"})
    content = os.urandom(3 * BLOCK_BYTES * REQUESTS)
    folder = lake_home / "sources" / INSURED.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(content)
    faults, brought, add = Faults(), [], Part.add

    def noted(part: Part, chunk: bytes) -> None:
        brought.append(len(chunk))
        add(part, chunk)

    monkeypatch.setattr(Part, "add", noted)
    with served(lake_home, [feed], {SOURCE: faults}):
        (listed,) = (item for item in sftp.CHANNEL.find(feed, None, datetime.now(UTC)) if item.key.endswith(NAME))
        delivery = Delivery(feed=feed.id, object_key=f"{feed.id}/{NAME}", object_version=listed.version)
        faults.next(*["none"] * (REQUESTS + 1), "cut")
        sha256 = sftp.CHANNEL.fetch(feed, delivery, lake_home / "fetched")
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert brought.count(0) == 2  # two conversations
    assert sum(brought) == len(content)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["nobody:busy=2"], "no source nobody is served here"),
        ([f"{SOURCE}:expired=2"], "cannot have the fault expired"),
        ([f"{SOURCE}:late"], "names no fault"),
        ([f"{SOURCE}:slow=0"], "names no fault"),
    ],
)
def test_a_fault_that_cannot_be_is_refused(lake_home: Path, texts: list[str], said: str) -> None:
    with pytest.raises(LakeError, match=said):
        faults = {name: Faults(every) for name, every in read_faults(texts).items()}
        with served(lake_home, [INSURED], faults):
            pass


def test_each_so_manieth_answer_has_its_fault() -> None:
    faults = Faults(read_faults(["a:busy=2", "a:cut=3"])["a"])
    assert [faults.take() for _ in range(6)] == [None, "busy", "cut", "busy", None, "busy"]
