"""Makes a whole city: people, companies, nine feeds over some business days, and the truth beside them."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.contract.channels import FileOptions
from expectations.contract.feed import FeedContract
from spark_jobs.city import feeds_open
from spark_jobs.city.batch import Batch, Slot
from spark_jobs.city.damage.planting import Planted, last_rows, plant, repeat_records
from spark_jobs.city.feeds_cases import approval_case, make_cases
from spark_jobs.city.feeds_population import (
    add_unknown_column,
    enterprise_registration,
    marriage_registration,
    resident_registry,
)
from spark_jobs.city.feeds_welfare import affordable_housing_application, settlement
from spark_jobs.city.plan import (
    APPLICATIONS,
    CASES,
    ENTERPRISES,
    MARRIAGES,
    RESIDENTS,
    SETTLEMENTS,
    SHARES,
    business_days,
    rows_of,
    slots,
)
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import day_number
from spark_jobs.city.write.bad_files import write_bad_files
from spark_jobs.city.write.database import TABLE, CaseDatabase
from spark_jobs.city.write.delimited import write_delimited
from spark_jobs.city.write.manifest import write_manifest
from spark_jobs.city.write.truth import Truth, first_row_of_file
from spark_jobs.city.write.workbook import write_workbook
from spark_jobs.intake.formats import write_sample

SAMPLE_ROWS = 200
"""Of a feed that has a contract but no builder."""

Progress = Callable[[float, str], None]
"""Told the share done, 0 to 1, and what is being made."""

_BUILDERS: dict[str, Callable[[City, Slot, np.random.Generator], Batch]] = {
    RESIDENTS: resident_registry,
    MARRIAGES: marriage_registration,
    ENTERPRISES: enterprise_registration,
    SETTLEMENTS: settlement,
    APPLICATIONS: affordable_housing_application,
}

_WRITERS: dict[str, Callable[[Batch, Any, Path], None]] = {"csv": write_delimited, "xlsx": write_workbook}
"""A whole batch at once, with its faults, by the format of the contract."""


@dataclass(frozen=True)
class CitySummary:
    """What was made."""

    files: int
    """Deliveries in the inboxes, and the table."""
    rows: int
    """Records in good deliveries, those of real files included."""
    defects: int
    """Rows with a planted defect, harmless ones included."""


@dataclass
class _Making:
    """A city being made."""

    records: int
    days: list[date]
    seed: int
    out: Path
    truth: Truth
    files: int = 0
    rows: int = 0
    defects: int = 0

    def rng(self, what: str, number: int = 0) -> np.random.Generator:
        """A source of chance of its own for each part, so that no part changes another."""
        return np.random.default_rng([self.seed, zlib.crc32(what.encode()), number])

    def deliver(self, contract: FeedContract, path: Path, business_date: date, rows: int, quarantined: int = 0) -> None:
        """Note a good file; every other day's files have a manifest."""
        self.truth.add_delivery(contract.id, path.name, business_date.isoformat(), rows, quarantined)
        self.files += 1
        self.rows += rows
        if business_date.toordinal() % 2 == 0:
            write_manifest(path, rows, business_date)

    def inbox(self, feed: str) -> Path:
        """The feed's inbox, made if need be."""
        folder = self.out / "inbox" / feed
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def generate(
    records: int,
    days: int,
    seed: int,
    out: Path,
    start: date = date(2026, 11, 2),
    bad_files: bool = False,
    progress: Progress | None = None,
) -> CitySummary:
    """Write a city's deliveries below `out`: inbox/, sources/ and truth/. The same arguments give the same bytes.

    Args:
        records: total of the generated feeds; real files come on top.
        days: business days, Monday to Friday.
        seed: any integer from 0.
        out: folder; files of the same names are replaced.
        start: first day; moved to Monday where it is on a weekend.
        bad_files: add deliveries that must be rejected whole.
        progress: told how far it is.
    """
    tell = progress or (lambda done, what: None)
    with Truth(out / "truth") as truth:
        making = _Making(records, business_days(start, days), seed, out, truth)
        tell(0.0, "people and companies")
        city = _make_city(making)
        done = 0.15
        for feed, share in SHARES.items():
            tell(done, feed)
            _make_feed(making, city, feed)
            done += 0.8 * share / 100
        tell(done, "open feeds")
        _copy_open_feeds(making)
        _add_samples(making)
        if bad_files:
            making.files += write_bad_files(out, truth)
        tell(1.0, "done")
    return CitySummary(making.files, making.rows, making.defects)


def _make_city(making: _Making) -> City:
    city = City(making.records, day_number(making.days[0]), making.seed)
    making.truth.write_entities(city.persons.table(), city.companies.table())
    return city


def _make_feed(making: _Making, city: City, feed: str) -> None:
    if feed == CASES:
        _make_cases(making, city)
        return
    contract = load_feed(feed)
    previous: Batch | None = None
    for slot, business_date in slots(feed, making.records, making.days):
        rng = making.rng(feed, slot.number)
        batch, planted = repeat_records(_BUILDERS[feed](city, slot, rng), previous, slot, rng)
        previous = last_rows(batch) if slot.files > 1 else None
        planted += plant(batch, slot, rng, planted)
        if feed == ENTERPRISES and slot.number == min(1, slot.files - 1):
            add_unknown_column(batch)
            planted.append(Planted(-1, "unknown_column", "经营范围", "none", ""))
        path = making.inbox(feed) / slot.file
        _write(contract, batch, path)
        quarantined = _note_truth(making, slot, batch, planted, first_row_of_file())
        making.deliver(contract, path, business_date, batch.rows, quarantined)


def _make_cases(making: _Making, city: City) -> None:
    contract = load_feed(CASES)
    database = CaseDatabase(making.out / "sources" / "government_service.db", [c.source for c in contract.columns])
    cases = make_cases(city, rows_of(making.records, CASES), making.rng("cases"))
    total = quarantined = 0
    for slot, _ in slots(CASES, making.records, making.days):
        rng = making.rng(CASES, slot.number)
        batch = approval_case(city, cases, slot, rng)
        planted = plant(batch, slot, rng, [])
        database.add(batch)
        quarantined += _note_truth(making, slot, batch, planted, first_row_of_file() + slot.first)
        total += batch.rows
    database.close()
    making.truth.add_delivery(CASES, TABLE, making.days[-1].isoformat(), total, quarantined)
    making.files += 1
    making.rows += total


def _write(contract: FeedContract, batch: Batch, path: Path) -> None:
    _WRITERS[contract.layout.format](batch, contract.layout, path)


def _note_truth(making: _Making, slot: Slot, batch: Batch, planted: list[Planted], first_row: int) -> int:
    """Keep the truth about a batch; returns how many of its rows must go to quarantine."""
    making.truth.add_defects(slot, planted, first_row)
    making.truth.add_mentions(slot, batch, first_row)
    making.defects += len(planted)
    return sum(defect.outcome == "reject" for defect in planted)


def _copy_open_feeds(making: _Making) -> None:
    first = making.days[0]
    for feed, extension, (content, rows) in (
        ("natural_resources/division", "csv", feeds_open.divisions()),
        ("health/medical_institution", "json", feeds_open.medical_institutions()),
    ):
        path = making.inbox(feed) / f"{feed.rpartition('/')[2]}_{first:%Y%m%d}.{extension}"
        path.write_bytes(content)
        making.deliver(load_feed(feed), path, first, rows)
    contract = load_feed("health/epidemic_daily")
    for name, day, content, rows in feeds_open.epidemic_days(len(making.days)):
        path = making.inbox(contract.id) / name
        path.write_bytes(content)
        making.deliver(contract, path, day, rows)


def _add_samples(making: _Making) -> None:
    """A sample of each dropped feed that has no builder here, so that a new contract has deliveries at once."""
    built = {*SHARES, "natural_resources/division", "health/medical_institution", "health/epidemic_daily"}
    for contract in load_feeds():
        if contract.id in built or not isinstance(contract.arrival, FileOptions):
            continue
        first = making.days[0]
        path = write_sample(contract, making.inbox(contract.id), SAMPLE_ROWS, making.seed, first)
        making.deliver(contract, path, first, SAMPLE_ROWS)
