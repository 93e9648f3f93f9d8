"""Read a generated city with other programs than those that wrote it."""

import sqlite3
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from expectations.contract.catalogue import load_feed
from spark_jobs.city import CitySummary
from tests.unit.intake.formats.forms import read, row_numbers

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
        """Good files, without the tables."""
        return [row for row in self.truth("deliveries") if not comes_as_rows(row["feed"])]

    def lines(self, feed: str, file: str) -> list[list[str]]:
        """Header and records of a file or a table."""
        return _lines_of_table(self.out, feed) if comes_as_rows(feed) else read_lines(self.file(feed, file), feed)

    def file(self, feed: str, name: str) -> Path:
        """Where a file lies: in the inbox, or where its bureau offers it."""
        return self.out / ("sources" if load_feed(feed).arrival.is_pulled else "inbox") / feed / name

    def records(self, feed: str) -> dict[tuple[str, int], dict[str, str]]:
        """Records of a feed by file and row number; one with too few or too many fields is left out."""
        found: dict[tuple[str, int], dict[str, str]] = {}
        for delivery in self.truth("deliveries"):
            if delivery["feed"] == feed:
                header, *lines = self.lines(feed, delivery["file"])
                numbered = zip(self.numbers(feed, delivery["file"], len(lines)), lines, strict=True)
                whole = [(n, line) for n, line in numbered if len(line) == len(header)]
                found |= {(delivery["file"], n): dict(zip(header, line, strict=True)) for n, line in whole}
        return found

    def numbers(self, feed: str, file: str, count: int) -> list[int]:
        """The row numbers of a file's records, or of a table's."""
        if comes_as_rows(feed):
            return list(range(1, count + 1))
        return row_numbers(self.file(feed, file).read_bytes(), load_feed(feed).layout)

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


def comes_as_rows(feed: str) -> bool:
    """The feed has no files: its rows lie in a table of the bureau."""
    return load_feed(feed).arrival.yields == "rows"


@cache
def _lines_of_table(out: Path, feed: str) -> list[list[str]]:
    contract = load_feed(feed)
    arrival = contract.arrival
    with sqlite3.connect(out / "sources" / f"{arrival.source() or contract.agency}.db") as connection:
        there = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}
        (table,) = there & {getattr(arrival, "table", ""), contract.table, contract.feed}
        cursor = connection.execute(f'select * from "{table}" order by rowid')
        header = [column[0] for column in cursor.description]
        return [header, *([value or "" for value in row] for row in cursor)]
