"""Read a generated city with other programs than those that wrote it."""

import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from expectations.contract.catalogue import load_feed
from spark_jobs.city import CitySummary
from tests.unit.intake.formats.forms import first_row, read

Row = dict[str, Any]

CASES = "government_service/approval_case"
RESIDENTS = "public_security/resident_registry"
SETTLEMENTS = "medical_insurance/settlement"
ENTERPRISES = "market_regulation/enterprise_registration"
MARRIAGES = "civil_affairs/marriage_registration"
APPLICATIONS = "housing/affordable_housing_application"
RECORDS = 6000
"""Of the generated feeds of the tests' city."""


@dataclass(frozen=True)
class MadeCity:
    """A city and what its generator said about it."""

    out: Path
    summary: CitySummary

    def truth(self, name: str) -> list[Row]:
        """Rows of a table of the truth."""
        return _truth(self.out, name)

    def deliveries(self) -> list[Row]:
        """Good files, without the table of cases."""
        return [row for row in self.truth("deliveries") if row["feed"] != CASES]

    def lines(self, feed: str, file: str) -> list[list[str]]:
        """Header and records of a file, or of the table of cases."""
        return _case_lines(self.out) if feed == CASES else read_lines(self.file(feed, file), feed)

    def file(self, feed: str, name: str) -> Path:
        """Where a file lies: in the inbox, or where its bureau offers it."""
        return self.out / ("sources" if load_feed(feed).arrival.is_pulled else "inbox") / feed / name

    def records(self, feed: str) -> dict[tuple[str, int], dict[str, str]]:
        """Records of a feed by file and row number; one with too few or too many fields is left out."""
        found: dict[tuple[str, int], dict[str, str]] = {}
        for delivery in self.truth("deliveries"):
            if delivery["feed"] == feed:
                header, *lines = self.lines(feed, delivery["file"])
                first = 1 if feed == CASES else first_row(load_feed(feed).layout)
                whole = [(n, line) for n, line in enumerate(lines, first) if len(line) == len(header)]
                found |= {(delivery["file"], n): dict(zip(header, line, strict=True)) for n, line in whole}
        return found

    def defects(self, feed: str) -> dict[tuple[str, int], Row]:
        """Defects of a feed's rows by file and row number."""
        return {(d["file"], d["row_number"]): d for d in self.truth("defects") if d["feed"] == feed}


@cache
def _truth(out: Path, name: str) -> list[Row]:
    rows: list[Row] = pq.read_table(out / "truth" / f"{name}.parquet").to_pylist()
    return rows


@cache
def read_lines(path: Path, feed: str) -> list[list[str]]:
    """Header and records of a file by the contract's decoding."""
    return read(path.read_bytes(), load_feed(feed).layout)


@cache
def _case_lines(out: Path) -> list[list[str]]:
    with sqlite3.connect(out / "sources" / "government_service.db") as connection:
        cursor = connection.execute("select * from approval_case order by rowid")
        header = [column[0] for column in cursor.description]
        return [header, *([value or "" for value in row] for row in cursor)]
