"""A bureau that offers approval cases by REST on loopback, over TLS and with tokens, as `lake city serve` does it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from expectations.contract.catalogue import load_feed
from expectations.contract.channels.rest import Rest
from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.city.serve import served
from spark_jobs.city.serve.faults import Faults
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.canonical import read_rows
from spark_jobs.intake.channels import channel_of
from spark_jobs.jobs.collect import collect

DAY = datetime(2026, 11, 2, tzinfo=CITY_TIME)
SOURCE = "gateway"
BASE = load_feed("government_service/approval_case")
OPTIONS: dict[str, Any] = {
    "kind": "rest",
    "connection": SOURCE,
    "path": "v1/cases",
    "key": ["case_number"],
    "updated_at": "updated_at",
    "since": DAY,
    "records": "data.rows.item",
    "changed": {"since": "from", "until": "to"},
}
PAGINGS: dict[str, dict[str, Any]] = {
    "page": {"by": "page", "size": "pageSize", "rows": 2, "total": "data.total"},
    "page without total": {"by": "page", "first": 0, "rows": 2},
    "offset": {"by": "offset", "size": "limit", "rows": 2, "total": "data.total"},
    "cursor": {"by": "cursor", "next": "data.next", "rows": 2},
    "link": {"by": "link", "next": "data.next", "rows": 2},
    "link in the header": {"by": "link", "rows": 2},
    "whole": {"by": "whole"},
}


def contract(name: str, **options: Any) -> FeedContract:
    """The feed of that name, with the columns of approval cases."""
    arrival = Rest.model_validate(OPTIONS | {"paging": PAGINGS["page"]} | options)
    return BASE.model_copy(update={"feed": name, "arrival": arrival})


class Bureau:
    """The platform behind the interface: its table, and an hour more with every pull."""

    def __init__(self, home: Path, feed: FeedContract) -> None:
        self.feed, self.faults = feed, Faults()
        (home / "sources").mkdir(exist_ok=True)
        self.database = sqlite3.connect(home / "sources" / f"{SOURCE}.db", isolation_level=None)
        names = ", ".join(f'"{column.source}" text' for column in feed.columns)
        self.database.execute(f'create table if not exists "{feed.table}" ({names})')
        self.bronze = home / "lake" / "bronze" / feed.table
        self.end = DAY

    def say(self, number: str, item: str | None = None, at: str | None = None, **values: object) -> None:
        """What the platform says of a case from now on; changed within the hour of the next pull."""
        self.remove(number)
        moment = at or (self.end + timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S")
        row = {"case_number": number, "item_name": item, "updated_at": moment} | values
        names = ", ".join(f'"{name}"' for name in row)
        marks = ", ".join("?" * len(row))
        self.database.execute(f'insert into "{self.feed.table}" ({names}) values ({marks})', tuple(row.values()))

    def remove(self, number: str) -> None:
        self.database.execute(f'delete from "{self.feed.table}" where case_number = ?', (number,))

    def pull(self) -> list[tuple[str | None, str | None]]:
        """Case numbers and items that the next hour's pull brought; of a defective row what is wrong, and its text."""
        before = ledger.sequences(self.feed.id)
        start, self.end = self.end, self.end + timedelta(hours=1)
        collected = collect(self.feed, Interval(start, self.end))
        assert (collected.rejected, collected.failed) == (0, 0)
        return self.brought(ledger.sequences(self.feed.id).keys() - before.keys())

    def read(self, folder: Path) -> list[tuple[str | None, str | None]]:
        """Case numbers and items that a pull of the first hour fetches, without taking them in."""
        delivery = Delivery(feed=self.feed.id, window_from=DAY, window_to=DAY + timedelta(hours=1))
        channel_of(self.feed).fetch(self.feed, delivery, folder / "rows")
        rows = [row for row in read_rows(folder / "rows") if isinstance(row, dict)]
        return [(row["case_number"], row["item_name"]) for row in rows]

    def brought(self, deliveries: set[str]) -> list[tuple[str | None, str | None]]:
        """Case numbers and items of some deliveries, in the order in which they came."""
        return [
            (row["_defect"] or row["case_number"], row["_raw"] or row["item_name"]) for row in self.rows(deliveries)
        ]

    def rows(self, deliveries: set[str] | None = None) -> list[dict[str, Any]]:
        """Rows of bronze."""
        if not DeltaTable.is_deltatable(str(self.bronze)):
            return []
        found = DeltaTable(str(self.bronze)).to_pyarrow_table().to_pylist()
        wanted = [row for row in found if deliveries is None or row["_delivery_id"] in deliveries]
        return sorted(wanted, key=lambda row: int(row["_row_number"]))

    def notes(self) -> list[str]:
        """What the last receipt will say beside counts."""
        newest = max(ledger.in_states(self.feed.id, list(DeliveryState)), key=lambda row: row.sequence)
        found: list[str] = (newest.accounting or {})["notes"]
        return found


@contextmanager
def bureau(home: Path, name: str, **options: Any) -> Iterator[Bureau]:
    """A served bureau with one feed."""
    made = Bureau(home, contract(name, **options))
    with served(home, [made.feed], {SOURCE: made.faults}):
        yield made
    made.database.close()
