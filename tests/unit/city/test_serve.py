"""A generated city is served as its bureaus would: what we fetch from them is what was generated."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import asyncssh
import pytest

from expectations.contract.catalogue import load_feed
from expectations.samples import file_name, sample_rows
from spark_jobs.base.errors import LakeError
from spark_jobs.city.serve import served
from spark_jobs.city.write.places import place_of
from spark_jobs.control import ledger
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.channels.sftp.address import read_address
from spark_jobs.intake.channels.sftp.connection import talk
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
