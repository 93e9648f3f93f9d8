"""I3 to I6 on bronze, silver and quarantine: the rows that are there against those that ledger and receipt state."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from spark_jobs.ask.audit import commits as commit_checks
from spark_jobs.ask.audit.books import Booked
from spark_jobs.ask.audit.delta_log import Commit, DeltaLog, look
from spark_jobs.ask.audit.finding import Finding, Remark, shown
from spark_jobs.ask.audit.row_checks import Expected, compare, expected_of
from spark_jobs.ask.audit.table_counts import Span, count, spans
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri
from spark_jobs.lake.storage.stored import stored_tables

LAYERS: tuple[Layer, ...] = ("bronze", "silver", "quarantine")
_BESIDE = 8
"""Versions that upkeep may have made between a delivery's commit and the version that was stated of it."""
_RESTORE_LOG = "restore the table's log from its backup"


@dataclass(frozen=True)
class _Looked:
    """A table, and what is looked at of it.

    Args:
        layer: bronze, silver or quarantine.
        table: `agency__feed`.
        log: the table's log.
        expected: all deliveries of the feed.
        in_scope: those that are looked at.
    """

    layer: Layer
    table: str
    log: DeltaLog
    expected: Mapping[str, Expected]
    in_scope: Mapping[str, Expected]

    @property
    def name(self) -> str:
        return f"{self.layer}.{self.table}"

    def open(self, version: int | None = None) -> DeltaTable:
        return DeltaTable(table_uri(self.layer, self.table), version=version, storage_options=storage_options())

    def files(self, version: int | None = None) -> set[str]:
        root = table_uri(self.layer, self.table).rstrip("/") + "/"
        return {uri.removeprefix(root) for uri in self.open(version).file_uris()}

    def stated(self) -> dict[int, list[str]]:
        """Version -> deliveries whose receipts say that it has their rows."""
        found: dict[int, list[str]] = defaultdict(list)
        for key, one in self.in_scope.items():
            if one.is_stated and one.version is not None:
                found[one.version].append(key)
        return found


def check(layer: Layer, table: str, booked: Sequence[Booked], since: datetime | None) -> Iterator[Finding | Remark]:
    """Findings on one table of a feed.

    Args:
        layer: bronze, silver or quarantine.
        table: `agency__feed`.
        booked: all deliveries of the feed.
        since: look only at what happened since then; None: at everything.
    """
    expected = expected_of(layer, booked)
    log = look(layer, table)
    if log is None:
        yield from _without_table(f"{layer}.{table}", expected)
        return
    in_scope = {key: one for key, one in expected.items() if one.booked.is_since(since)}
    looked = _Looked(layer, table, log, expected, in_scope)
    newest = _newest(looked)
    yield from commit_checks.versions(looked.name, log, newest)
    yield from _beyond(looked)
    try:
        commits = list(log.commits(0 if since is None else _first(looked, since)))
    except ValueError as error:
        yield Finding("I6", looked.name, str(error), _RESTORE_LOG)
        return
    yield from _acts(looked, commits)
    if newest is None:
        yield Finding("I6", looked.name, "no reader can open it; its rows were not counted", _RESTORE_LOG)
    elif since is None:
        yield from _all_rows(looked, commits)
    else:
        yield from _rows_since(looked, commits)


def of_no_feed(feeds: Iterable[str]) -> Iterator[Finding]:
    """I4: tables of feeds that neither a contract nor the ledger knows; whoever asks would take them for the lake's."""
    known = {feed.replace("/", "__") for feed in feeds}
    filesystem, root = lake_filesystem(settings())
    for layer in LAYERS:
        for table in stored_tables(filesystem, root, layer):
            if table not in known:
                step = "find out who wrote it; move it away, then: lake down, lake up"
                yield Finding("I4", f"{layer}.{shown(table)}", "no contract and no ledger row is of this table", step)


def _acts(looked: _Looked, commits: Sequence[Commit]) -> Iterator[Finding | Remark]:
    is_whole = bool(commits) and commits[0].version == 0
    with_rows = [key for key, one in looked.in_scope.items() if one.rows]
    yield from commit_checks.foreign(looked.name, commits)
    yield from commit_checks.of_deliveries(looked.name, commits, looked.expected.keys(), with_rows, is_whole)


def _rows_since(looked: _Looked, commits: Sequence[Commit]) -> Iterator[Finding | Remark]:
    """Count the files of some commits; what differs may lie in older files, and only the whole table tells."""
    counts = count(looked.log, looked.layer, spans((), -1, commits), looked.stated())
    if any(True for _ in compare(looked.name, counts, looked.in_scope, looked.expected, is_partial=True)):
        yield from _all_rows(looked, list(looked.log.commits(0)))


def _all_rows(looked: _Looked, commits: Sequence[Commit]) -> Iterator[Finding | Remark]:
    try:
        lives, first = _lives(looked, commits)
        yield from _same_files(looked, lives)
    except (DeltaError, OSError) as error:
        yield Finding("I6", looked.name, f"cannot be read ({type(error).__name__})", _RESTORE_LOG)
        return
    stated = looked.stated()
    counted = {version: names for version, names in stated.items() if version >= first}
    if len(counted) < len(stated):
        what = f"versions before {first} are no longer in the log; receipts that state them were not compared"
        yield Remark(looked.name, what)
    counts = count(looked.log, looked.layer, lives, counted)
    yield from compare(looked.name, counts, looked.in_scope, looked.expected, is_partial=False)


def _newest(looked: _Looked) -> int | None:
    """The version that a reader gets, None where none can be opened."""
    try:
        return int(looked.open().version())
    except (DeltaError, OSError, ValueError):
        return None


def _lives(looked: _Looked, commits: Sequence[Commit]) -> tuple[list[Span], int]:
    """Life of each file, and the first version that can be put together from the log."""
    log = looked.log
    if log.is_whole:
        return spans((), -1, commits), 0
    base = next((one for one in log.checkpoints if one >= min(log.written) - 1), max(log.written))
    return spans(looked.files(base), base, [commit for commit in commits if commit.version > base]), base


def _same_files(looked: _Looked, lives: Sequence[Span]) -> Iterator[Finding]:
    """I6: a reader, who begins at a checkpoint, gets the files that the commits name."""
    by_log = {span.path for span in lives if span.died is None}
    read = looked.files()
    if by_log != read:
        what = f"readers get {len(read)} files, the commits leave {len(by_log)}; {len(by_log ^ read)} differ"
        yield Finding("I6", looked.name, what, "the checkpoint is not of this log: remove it, or restore the log")


def _first(looked: _Looked, since: datetime) -> int:
    """The first version that has to do with what happened since then."""
    versions = looked.log.written
    written = [version for version, moment in versions.items() if moment >= since]
    stated = [one.version - _BESIDE for one in looked.in_scope.values() if one.version is not None]
    return max(min([*written, *stated, max(versions)]), min(versions), 0)


def _beyond(looked: _Looked) -> Iterator[Finding]:
    """I6: no receipt states a version that the table does not have: then commits have been taken away."""
    newest = max(looked.log.written)
    for key, one in looked.expected.items():
        if one.version is not None and one.version > newest:
            what = f"the ledger states version {one.version}, the table ends at {newest}"
            step = "restore the table from its backup, or refine the deliveries again"
            yield Finding("I6", f"{looked.name} {key}", what, step, key)


def _without_table(name: str, expected: Mapping[str, Expected]) -> Iterator[Finding]:
    rows = sum(one.rows or 0 for one in expected.values())
    if rows:
        yield Finding("I4", name, f"there is no such table, and the ledger has {rows} rows in it", "restore it")
