"""Rows of each delivery in a table, now and at the versions that receipts state, from one reading of each file.

Files are immutable and the log says from which version to which each is part of the table. So the log is followed
once, each file that a wanted version has is read once, and the running sums are compared where a version is stated.
"""

import heapq
from bisect import bisect_left
from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from spark_jobs.ask.audit.delta_log import Commit, DeltaLog
from spark_jobs.ask.audit.file_counts import FileCount, count_files
from spark_jobs.lake.storage.paths import Layer

Key = TypeVar("Key", bound=Hashable)


@dataclass
class Span:
    """A file and the versions that have it: `born` (inclusive) to `died` (exclusive; None while it is alive)."""

    path: str
    born: int
    died: int | None = None
    size: int | None = None
    """In bytes, as the log has it; None where it is not said."""


@dataclass
class TableCounts:
    """What a table holds.

    Args:
        rows: delivery -> rows of the newest version.
        reasons: (delivery, rule) -> rows of the newest version; quarantine only.
        stated: delivery -> rows at the version that its receipt states; absent where that could not be counted.
        gone: deliveries whose stated version has lost files to vacuum.
        missing: files of the newest version that are not there.
        damaged: files that cannot be read.
    """

    rows: dict[str, int] = field(default_factory=dict)
    reasons: dict[tuple[str, str], int] = field(default_factory=dict)
    stated: dict[str, int] = field(default_factory=dict)
    gone: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)


def spans(base: Iterable[str], base_version: int, commits: Iterable[Commit]) -> list[Span]:
    """Life of every file.

    Args:
        base: files of the version that the commits follow.
        base_version: that version.
        commits: in order.
    """
    alive = {path: Span(path, base_version) for path in base}
    ended: list[Span] = []
    for commit in commits:
        for path in commit.removed:
            if (span := alive.pop(path, None)) is not None:
                span.died = commit.version
                ended.append(span)
        for path, size in commit.added.items():
            # A commit may say again what is there already.
            alive.setdefault(path, Span(path, commit.version, size=size))
    return sorted([*ended, *alive.values()], key=lambda span: span.born)


def count(log: DeltaLog, layer: Layer, lives: Sequence[Span], stated: Mapping[int, Sequence[str]]) -> TableCounts:
    """Count the rows of a table.

    Args:
        log: of the table.
        layer: which of the three it is in.
        lives: of its files, by birth.
        stated: version -> deliveries whose receipts state it.
    """
    versions = sorted(stated)
    needed = [span for span in lives if span.died is None or _is_stated(versions, span)]
    found, sums, left = TableCounts(), _Sums(), deque(versions)
    files = count_files(log.filesystem, log.folder, ((span.path, span.size) for span in needed), layer)
    for span, (_, counts) in zip(needed, files, strict=True):
        while left and left[0] < span.born:
            _note(found, sums, left[0], stated[left.popleft()])
        sums.add(span, counts)
        if span.died is None and (counts is None or counts.problem):
            (found.missing if counts is None else found.damaged).append(span.path)
    for version in left:
        _note(found, sums, version, stated[version])
    sums.expire(None)
    found.rows, found.reasons = sums.rows, sums.reasons
    return found


def _is_stated(versions: Sequence[int], span: Span) -> bool:
    """Some stated version has the file."""
    at = bisect_left(versions, span.born)
    return at < len(versions) and (span.died is None or versions[at] < span.died)


def _note(found: TableCounts, sums: "_Sums", version: int, deliveries: Sequence[str]) -> None:
    """Write down what the version holds of the deliveries that state it."""
    sums.expire(version)
    if sums.lost:
        found.gone += len(deliveries)
    else:
        found.stated.update({delivery: sums.rows.get(delivery, 0) for delivery in deliveries})


class _Sums:
    """Sums over the files that are part of the table at the version to which the log has been followed."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self.reasons: dict[tuple[str, str], int] = {}
        self.lost = 0
        """Files of the version that could not be counted."""
        self._dying: list[tuple[int, int, FileCount | None]] = []
        self._added = 0

    def add(self, span: Span, counts: FileCount | None) -> None:
        self._apply(counts, 1)
        if span.died is not None:
            self._added += 1
            heapq.heappush(self._dying, (span.died, self._added, counts))

    def expire(self, version: int | None) -> None:
        """Take out the files that `version` no longer has; with None all that the newest has not."""
        while self._dying and (version is None or self._dying[0][0] <= version):
            self._apply(heapq.heappop(self._dying)[2], -1)

    def _apply(self, counts: FileCount | None, sign: int) -> None:
        if counts is None or counts.problem:
            self.lost += sign
            return
        _add(self.rows, counts.rows, sign)
        _add(self.reasons, counts.reasons, sign)


def _add(sums: dict[Key, int], counts: Mapping[Key, int], sign: int) -> None:
    for key, number in counts.items():
        total = sums.get(key, 0) + sign * number
        if total:
            sums[key] = total
        else:
            sums.pop(key, None)
