"""I3 to I7 on bronze, silver and quarantine: the rows that are there against those that ledger and receipt state."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from deltalake import DeltaTable
from deltalake.exceptions import DeltaError

from spark_jobs.ask.audit import commits as commit_checks
from spark_jobs.ask.audit.books import Booked
from spark_jobs.ask.audit.delta_log import Commit, DeltaLog, look
from spark_jobs.ask.audit.finding import Finding, Remark
from spark_jobs.ask.audit.row_checks import Expected, compare, expected_of
from spark_jobs.ask.audit.table_counts import Span, count, spans
from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri

LAYERS: tuple[Layer, ...] = ("bronze", "silver", "quarantine")
_BESIDE = 8
"""Versions that upkeep may have made between a delivery's commit and the version that was stated of it."""


def check(layer: Layer, table: str, booked: Sequence[Booked], since: datetime | None) -> Iterator[Finding | Remark]:
    """Findings on one table of a feed.

    Args:
        layer: bronze, silver or quarantine.
        table: `agency__feed`.
        booked: all deliveries of the feed.
        since: look only at what happened since then; None: at everything.
    """
    name = f"{layer}.{table}"
    expected = expected_of(layer, booked)
    log = look(layer, table)
    if log is None:
        yield from _without_table(name, expected)
        return
    newest = _newest(layer, table)
    yield from commit_checks.versions(name, log, newest)
    yield from _beyond(name, max(log.written), expected)
    in_scope = expected if since is None else {key: one for key, one in expected.items() if one.booked.is_since(since)}
    first = 0 if since is None else _first(log, in_scope, since)
    try:
        commits = list(log.commits(first))
    except ValueError as error:
        yield Finding("I6", name, str(error), "restore the table's log from its backup")
        return
    is_whole = log.is_whole and first == 0
    yield from commit_checks.foreign(name, commits)
    with_rows = [key for key, one in in_scope.items() if one.rows]
    yield from commit_checks.of_deliveries(name, commits, expected.keys(), with_rows, is_whole)
    if newest is None:
        yield Finding("I6", name, "no reader can open it; its rows were not counted", "restore the table's log")
        return
    yield from _rows(name, layer, table, log, commits, in_scope, expected, since)


def _rows(
    name: str,
    layer: Layer,
    table: str,
    log: DeltaLog,
    commits: list[Commit],
    in_scope: Mapping[str, Expected],
    expected: Mapping[str, Expected],
    since: datetime | None,
) -> Iterator[Finding | Remark]:
    stated = _stated(in_scope)
    if since is not None:
        counts = count(log, layer, spans((), -1, commits), stated)
        found = list(compare(name, counts, in_scope, expected, is_partial=True))
        if not found:
            return
        # What differs may lie in older files: only the whole table tells.
        commits = list(log.commits(0))
    try:
        lives, replayed = _lives(layer, table, log, commits)
    except (DeltaError, OSError) as error:
        yield Finding("I6", name, f"cannot be read ({type(error).__name__})", "restore the table's log")
        return
    yield from _same_files(name, layer, table, lives)
    later = {version: names for version, names in stated.items() if version >= replayed}
    if len(later) < len(stated):
        yield Remark(
            name, f"versions before {replayed} are no longer in the log; receipts that state them were not compared"
        )
    yield from compare(name, count(log, layer, lives, later), in_scope, expected, is_partial=False)


def _newest(layer: Layer, table: str) -> int | None:
    try:
        return int(DeltaTable(table_uri(layer, table), storage_options=storage_options()).version())
    except (DeltaError, OSError, ValueError):
        return None


def _lives(layer: Layer, table: str, log: DeltaLog, commits: Sequence[Commit]) -> tuple[list[Span], int]:
    """Life of each file, and the first version that can be put together from the log."""
    if log.is_whole:
        return spans((), -1, commits), 0
    base = next((one for one in log.checkpoints if one >= min(log.written) - 1), max(log.written))
    files = _files(layer, table, base)
    return spans(files, base, [commit for commit in commits if commit.version > base]), base


def _files(layer: Layer, table: str, version: int | None) -> set[str]:
    delta = DeltaTable(table_uri(layer, table), version=version, storage_options=storage_options())
    root = table_uri(layer, table).rstrip("/") + "/"
    return {uri.removeprefix(root) for uri in delta.file_uris()}


def _same_files(name: str, layer: Layer, table: str, lives: Sequence[Span]) -> Iterator[Finding]:
    """I6: a reader, who begins at a checkpoint, gets the files that the commits name."""
    by_log = {span.path for span in lives if span.died is None}
    read = _files(layer, table, None)
    if by_log != read:
        what = f"readers get {len(read)} files, the commits leave {len(by_log)}; {len(by_log ^ read)} differ"
        yield Finding("I6", name, what, "the checkpoint is not of this log: remove it, or restore the log")


def _first(log: DeltaLog, in_scope: Mapping[str, Expected], since: datetime) -> int:
    """The first version that has to do with what happened since then."""
    written = [version for version, moment in log.written.items() if moment >= since]
    stated = [one.version for one in in_scope.values() if one.version is not None]
    return max(min([*written, *(version - _BESIDE for version in stated), max(log.written)]), min(log.written), 0)


def _stated(expected: Mapping[str, Expected]) -> dict[int, list[str]]:
    stated: dict[int, list[str]] = defaultdict(list)
    for key, one in expected.items():
        if one.is_stated and one.version is not None:
            stated[one.version].append(key)
    return stated


def _beyond(name: str, newest: int, expected: Mapping[str, Expected]) -> Iterator[Finding]:
    """I6: no receipt states a version that the table does not have: then commits have been taken away."""
    for key, one in expected.items():
        if one.version is not None and one.version > newest:
            what = f"the ledger states version {one.version}, the table ends at {newest}"
            step = "restore the table from its backup, or refine the deliveries again"
            yield Finding("I6", f"{name} {key}", what, step, key)


def _without_table(name: str, expected: Mapping[str, Expected]) -> Iterator[Finding]:
    rows = sum(one.rows or 0 for one in expected.values())
    if rows:
        yield Finding("I4", name, f"there is no such table, and the ledger has {rows} rows in it", "restore it")
