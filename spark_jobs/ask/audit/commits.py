"""I6: a table's versions follow each other, and a delivery is in exactly one commit by one contract and code."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from spark_jobs.ask.audit.delta_log import Commit, DeltaLog
from spark_jobs.ask.audit.finding import Finding, Remark, shown

_UPKEEP = frozenset(
    {
        "CREATE TABLE",
        "OPTIMIZE",
        "VACUUM START",
        "VACUUM END",
        "SET TBLPROPERTIES",
        "ADD COLUMN",
        "ADD COLUMNS",
        "CHANGE COLUMN",
        "CHANGE COLUMNS",
        "UPGRADE PROTOCOL",
        "ADD FEATURE",
        "WRITE",
    }
)
"""Operations of commits that change no row and name no delivery (delta-rs and Delta Lake spell some of them apart)."""
_RESTORE = "find out who wrote there; RESTORE the table to the version before, or receive the deliveries again"


def versions(table: str, log: DeltaLog, newest: int | None) -> Iterator[Finding]:
    """Findings on the versions as such.

    Args:
        table: `layer.name`.
        log: its log.
        newest: the version that a reader gets, None where it cannot be read.
    """
    oldest = min(log.written)
    if gaps := log.gaps():
        shown_gaps = ", ".join(map(str, gaps[:5])) + (" …" if len(gaps) > 5 else "")
        yield Finding("I6", table, f"versions are not contiguous: {shown_gaps} missing", _RESTORE)
    if oldest and not any(checkpoint >= oldest - 1 for checkpoint in log.checkpoints):
        yield Finding("I6", table, f"the log begins at version {oldest} without a checkpoint", _RESTORE)
    if newest is not None and newest != max(log.written):
        yield Finding("I6", table, f"readers get version {newest}, the log ends at {max(log.written)}", _RESTORE)


def foreign(table: str, commits: Sequence[Commit]) -> Iterator[Finding]:
    """Commits that no job of the lake makes."""
    for commit in commits:
        if commit.deliveries or commit.withdrawn:
            continue
        operation = shown(commit.operation) or "without a name"
        if commit.changes_rows:
            what = f"version {commit.version} ({operation}) changes rows and names no delivery"
            yield Finding("I6", table, what, _RESTORE)
        elif commit.operation not in _UPKEEP:
            yield Finding("I6", table, f"version {commit.version} is no act of the lake ({operation})", _RESTORE)


def of_deliveries(
    table: str, commits: Sequence[Commit], known: Collection[str], expected: Collection[str], is_whole: bool
) -> Iterator[Finding | Remark]:
    """Deliveries that are in more than one commit by the same contract and code, in none, or known to nobody.

    What a commit took out may come again: then the commits since count.

    Args:
        table: `layer.name`.
        commits: that were read.
        known: deliveries of the ledger.
        expected: those that have rows in the table by the ledger.
        is_whole: the table's first commit is among `commits`.
    """
    at: dict[str, list[Commit]] = defaultdict(list)
    for commit in commits:
        for delivery in set(commit.withdrawn) & at.keys() & set(known):
            del at[delivery]
        for delivery in commit.deliveries:
            at[delivery].append(commit)
    for delivery, made in at.items():
        place = f"{table} {shown(delivery)}"
        if delivery not in known:
            listed = ", ".join(str(commit.version) for commit in made)
            yield Finding(
                "I6", place, f"a delivery that the ledger does not know, in version {listed}", _RESTORE, delivery
            )
        elif len(made) > len({commit.fingerprint for commit in made}):
            listed = ", ".join(str(commit.version) for commit in made)
            yield Finding("I6", place, f"in {len(made)} commits: versions {listed}", _RESTORE, delivery)
    if not is_whole:
        return
    for delivery in sorted(set(expected) - at.keys()):
        yield Finding("I6", f"{table} {delivery}", "has rows by the ledger, but no commit names it", _RESTORE, delivery)
