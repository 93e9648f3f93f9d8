"""Departments that drop files, and a lake that takes them through to what is published."""

import json
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from expectations.contract.catalogue import load_feed
from expectations.entity_spec import load_entity
from spark_jobs.ask import sql
from spark_jobs.ask.audit import audit
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.database import engine
from spark_jobs.control.publication import published_versions
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.entities.resolution.bench import bench_for
from spark_jobs.entities.resolution.resolve import resolve
from spark_jobs.jobs.collect import collect
from spark_jobs.jobs.refine import refine
from spark_jobs.lake.storage import tables
from spark_jobs.recall.recalling import Recalled, recall
from spark_jobs.verify import verify
from tests.e2e import files
from tests.e2e.files import DIVISION, REGISTRY

ENTITIES = ("person", "legal_entity")
Partition = list[list[tuple[str, ...]]]
_OF_ITS_OWN = "(?:person|legal_entity|oldest_profile)_id$|revision|_at$"
OLD = 1_760_000_000
"""When files were put down, in seconds since 1970: long enough ago to be complete."""


FIRST, SECOND, THIRD = (f"resident_registry_2026070{day}.csv" for day in (1, 2, 3))
"""The files of three days."""


def resident(number: int, day: int, **changed: str) -> list[str]:
    """What the registry says of a resident on a day of July."""
    said = {"changed_at": f"202607{day:02d}080000", "home_address": f"测试路{day}号"}
    return files.registry_row(number, **said | changed)


def broken(number: int, day: int) -> list[str]:
    """A row that has to be corrected."""
    return resident(number, day, birth_date="00000000")


@contextmanager
def opened(home: Path, folder: Path, **environment: str) -> Iterator["Town"]:
    """The lake of a home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "LAKE_HOME", str(home))
        patch.setenv("LAKE_REFINE_ENGINE", "sail")
        for name in ("LAKE_PROFILE", "LAKE_S3_ENDPOINT", "LAKE_CONTROL_URL"):
            patch.delenv(name, raising=False)
        for name, value in environment.items():
            patch.setenv(name, value)
        settings.cache_clear()
        engine.cache_clear()
        yield Town(home, folder)
        engine().dispose()
    settings.cache_clear()
    engine.cache_clear()


class Town:
    """A lake home, and who sends to it."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.home = home
        self._folder = folder
        self._puts = sum(1 for path in (home / "inbox").rglob("*") if path.is_file())

    def put(self, feed: str, name: str, content: bytes, at: int | None = None, **manifest: Any) -> None:
        """Put a file into the inbox, over what is there, later than the ones before or as the `at`-th of all.

        With a manifest if there is something in it.
        """
        self._puts += 1
        path = self.home / "inbox" / feed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content)
        os.utime(path, (OLD + (self._puts if at is None else at),) * 2)
        beside = path.with_name(f"{name}.manifest.json")
        if manifest:
            beside.write_text(json.dumps({"bytes": len(content)} | manifest), "utf-8")
        else:
            beside.unlink(missing_ok=True)

    def night(self, *feeds: str) -> None:
        """Take in what has come."""
        for feed in feeds or (REGISTRY,):
            contract = load_feed(feed)
            collect(contract)
            refine(contract)
            verify(contract)

    def collected(self) -> None:
        """Take what has come to the registry as far as bronze."""
        collect(load_feed(REGISTRY))

    def registry(self, day: int, *rows: Sequence[str], name: str = "", **put: Any) -> str:
        """A file of the resident registry of a day in July, put down; returns its name."""
        name = name or f"resident_registry_202607{day:02d}.csv"
        self.put(REGISTRY, name, self.bytes_of(*rows), **put)
        return name

    def bytes_of(self, *rows: Sequence[str]) -> bytes:
        """Rows of the resident registry as a file has them."""
        return files.registry(self._folder, "rows", rows).read_bytes()

    def divisions(self, day: int, *names: str, **put: Any) -> str:
        """A snapshot of divisions: of each name one; returns the file's name."""
        name = f"division_202607{day:02d}.csv"
        self.put(DIVISION, name, files.divisions(*names), **put)
        return name

    def three_days(self) -> None:
        """Three files: the second moves a resident, brings another and has a row to fix; the third moves the first."""
        days = ([resident(1, 1), resident(2, 1)], [resident(1, 2), resident(3, 2), broken(4, 2)], [resident(1, 3)])
        for day, rows in enumerate(days, start=1):
            self.registry(day, *rows)
            self.night()

    def of(self, name: str, feed: str = REGISTRY) -> list[Delivery]:
        """Deliveries of a file, oldest first."""
        found = ledger.in_states(feed, list(DeliveryState))
        return sorted((row for row in found if row.object_key == f"{feed}/{name}"), key=lambda row: row.sequence)

    def id_of(self, name: str, feed: str = REGISTRY) -> str:
        """Id of a file's newest delivery."""
        return self.of(name, feed)[-1].delivery_id

    def states(self, name: str, feed: str = REGISTRY) -> list[str]:
        return [str(DeliveryState(row.state)) for row in self.of(name, feed)]

    def receipt(self, name: str, feed: str = REGISTRY) -> dict[str, Any]:
        """The receipt of a file's newest delivery, as the department has it."""
        stated = self.of(name, feed)[-1].receipt or {}
        given: dict[str, Any] = json.loads((self.home / "outbox" / stated["outbox"]["receipt"]).read_text("utf-8"))
        assert given == stated
        return given

    def recall(self, name: str, reason: str = "报错了文件", feed: str = REGISTRY, **options: Any) -> Recalled:
        return recall(self.id_of(name, feed), reason, "steward", **options)

    @staticmethod
    def current(feed: str = REGISTRY, unverified: bool = False) -> list[dict[str, Any]]:
        """What holds now, as readers see it, but for where it came from."""
        contract = load_feed(feed)
        names = ", ".join(column.name for column in contract.columns)
        text = f"select {names}, _valid_from from silver.{contract.table} where _is_current order by all"
        return list(sql.query(text, unverified).to_pylist())

    @staticmethod
    def said(feed: str = REGISTRY) -> list[dict[str, Any]]:
        """All that was ever said and counts, and from when to when: who is who is made of these rows."""
        contract = load_feed(feed)
        names = ", ".join(column.name for column in contract.columns)
        text = f"select {names}, _valid_from, _valid_to, _is_current from silver.{contract.table} order by all"
        return list(sql.query(text, unverified=False).to_pylist())

    @staticmethod
    def validity(feed: str = REGISTRY) -> list[dict[str, Any]]:
        """When each row of each business date holds, whichever delivery brought it."""
        names = ", ".join([*load_feed(feed).write.key, "_business_date", "_valid_from", "_valid_to", "_is_current"])
        text = f"select {names} from silver.{load_feed(feed).table} order by all"
        return list(sql.query(text, unverified=False).to_pylist())

    @staticmethod
    def resolved() -> None:
        """Find out who is who among all that is published, as a night does."""
        for entity in ENTITIES:
            spec, versions = load_entity(entity), published_versions()
            with bench_for("resolve", spec, versions) as bench:
                resolve(bench, entity, versions)

    @staticmethod
    def partition(entity: str, feeds: Sequence[str]) -> Partition:
        """Which records are one entity, each record by what it says and not by where it came from."""
        together = defaultdict(list)
        for feed in feeds:
            contract = load_feed(feed)
            said = ", ".join(f"s.{column.name}" for column in contract.columns)
            text = f"""
                select m.{entity}_id as entity, r.role, {said}, s._valid_from
                from entities.{entity}_record r
                join entities.{entity}_member m on m.node_id = r.node_id
                join silver.{contract.table} s
                    on s._delivery_id = r._delivery_id and s._row_number = r._row_number
                where r.feed = '{feed}'"""
            for row in sql.query(text, unverified=False).to_pylist():
                together[row.pop("entity")].append((feed, *map(str, row.values())))
        return sorted(sorted(records) for records in together.values())

    @staticmethod
    def values(table: str) -> list[dict[str, Any]]:
        """All of a table but for ids, and from where and of when what it says is."""
        found = sql.query(f"select * from {table}", unverified=False)
        of_values = {f"{name}{about}" for name in found.column_names for about in ("_source", "_date")}
        kept = [name for name in found.column_names if name not in of_values and not re.search(_OF_ITS_OWN, name)]
        return sorted(found.select(kept).to_pylist(), key=str)

    @staticmethod
    def versions(feed: str = REGISTRY) -> list[int]:
        layers: tuple[Any, ...] = ("bronze", "silver", "quarantine")
        return [tables.version(layer, load_feed(feed).table) for layer in layers]

    @staticmethod
    def findings() -> list[str]:
        return [str(finding) for finding in audit().findings]
