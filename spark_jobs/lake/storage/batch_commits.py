"""Which deliveries the commits of a table hold, read from its Delta log alone."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pyarrow as pa
from deltalake import DeltaTable

from spark_jobs.lake.storage.delta_commits import tracks_transactions, transaction_number
from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri

WITHDRAWN = "withdrawn"
"""The fingerprint of a delivery whose rows were taken out: it is another content than before, an empty one."""


@dataclass(frozen=True)
class Committed:
    """The newest commit that wrote a delivery, also one that wrote none of its rows."""

    version: int
    fingerprint: str


@dataclass(frozen=True)
class TableState:
    """A table as its log describes it."""

    log: DeltaTable
    """The table at that version."""
    version: int
    rows: int
    columns: Mapping[str, str]
    """Name -> Delta type, in order."""
    business_dates: tuple[tuple[date | None, date | None], ...]
    """Earliest and latest business date of each file; null where the file has no statistics."""

    def holds(self, delivery: str, fingerprint: str) -> bool:
        """A commit has written the delivery by this fingerprint, and none by another since."""
        return bool(self.log.transaction_version(delivery) == transaction_number(fingerprint))

    def may_have(self, delivery: str) -> bool:
        """Rows of the delivery may be in the table; false is certain."""
        return not tracks_transactions(self.log) or self.log.transaction_version(delivery) is not None

    @cached_property
    def committed(self) -> Mapping[str, Committed]:
        """By delivery id, from all commits that the log still has: it takes as long as they are many."""
        return _by_delivery(self._commits)

    @cached_property
    def is_whole_history(self) -> bool:
        """No commit has been cleaned away, so a delivery that no commit names has no rows."""
        return any(commit["version"] == 0 for commit in self._commits)

    @cached_property
    def _commits(self) -> list[dict[str, Any]]:
        return list(self.log.history())

    def may_hold(self, dates: Iterable[date]) -> bool:
        """Some file may have rows of one of these business dates."""
        wanted = tuple(dates)
        return any(
            first is None or last is None or any(first <= day <= last for day in wanted)
            for first, last in self.business_dates
        )


def look(layer: Layer, table: str) -> TableState | None:
    """The state of a table, None where there is no table."""
    uri, options = table_uri(layer, table), storage_options()
    if not DeltaTable.is_deltatable(uri, storage_options=options):
        return None
    log = DeltaTable(uri, storage_options=options)
    files = pa.table(log.get_add_actions(flatten=True))
    return TableState(
        log=log,
        version=log.version(),
        rows=sum(count or 0 for count in _column(files, "num_records")),
        columns={field.name: _kind(field) for field in log.schema().fields},
        business_dates=tuple(
            zip(_column(files, "min._business_date"), _column(files, "max._business_date"), strict=True)
        ),
    )


def marker(deliveries: Iterable[str], fingerprint: str, withdrawn: Iterable[str] = ()) -> str:
    """What a commit says of itself in `userMetadata`; the batch id is the same whenever the same is done again.

    Args:
        deliveries: whose rows it wrote.
        fingerprint: of contract and code.
        withdrawn: whose rows it took out, because newer versions took their place.
    """
    names, gone = sorted(deliveries), sorted(withdrawn)
    batch = hashlib.sha256("\0".join([fingerprint, *names, *gone]).encode()).hexdigest()[:20]
    said: dict[str, Any] = {"batch": batch, "deliveries": names, "fingerprint": fingerprint}
    return json.dumps(said | ({"withdrawn": gone} if gone else {}), separators=(",", ":"))


def deliveries_of(commit: Mapping[str, Any]) -> frozenset[str]:
    """Deliveries whose rows a commit of `history()` wrote or took out."""
    note = _note(commit.get("userMetadata"))
    return frozenset([*note.get("deliveries", ()), *note.get("withdrawn", ())])


def _by_delivery(commits: list[dict[str, Any]]) -> dict[str, Committed]:
    found: dict[str, Committed] = {}
    for commit in sorted(commits, key=lambda commit: int(commit["version"])):
        note = _note(commit.get("userMetadata"))
        for delivery in note.get("deliveries", ()):
            found[delivery] = Committed(int(commit["version"]), note["fingerprint"])
        for delivery in note.get("withdrawn", ()):
            found[delivery] = Committed(int(commit["version"]), WITHDRAWN)
    return found


def _note(text: str | None) -> dict[str, Any]:
    """The marker of a commit; nothing where upkeep or somebody else made it."""
    try:
        note = json.loads(text or "{}")
    except ValueError:
        return {}
    return note if isinstance(note, dict) and "batch" in note else {}


def _kind(field: Any) -> str:
    kind = json.loads(field.to_json())["type"]
    return kind if isinstance(kind, str) else str(kind["type"])


def _column(files: pa.Table, name: str) -> list[Any]:
    return list(files.column(name).to_pylist()) if name in files.column_names else [None] * files.num_rows
