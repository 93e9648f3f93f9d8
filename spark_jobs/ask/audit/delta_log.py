"""A table's Delta log, commit by commit: which deliveries it names and which files come and go.

Read as the files that it is (Delta transaction log protocol, "Actions"), from a version on: `history()` of a table
with years of commits parses them all and knows no files.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from pyarrow import fs

from spark_jobs.base.settings import settings
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.table_log import SETTLED

_COMMIT = re.compile(r"(\d{20})\.json")
_CHECKPOINT = re.compile(r"(\d{20})\.checkpoint(\.\d{10}\.\d{10})?\.parquet")
_AHEAD = 32
"""Commits that are read ahead: a store answers many requests in the time of one."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One version of a table."""

    version: int
    operation: str
    deliveries: tuple[str, ...]
    """What the commit says it is for; none where upkeep or somebody else made it."""
    withdrawn: tuple[str, ...]
    """Deliveries whose rows the commit says it took out."""
    fingerprint: str
    """Of the contract and code that refined the deliveries; empty in bronze."""
    added: Mapping[str, int | None]
    """Files, with their sizes in bytes."""
    removed: tuple[str, ...]
    changes_rows: bool
    """Files with rows come or go, and it does not say that they are the same rows."""


@dataclass(frozen=True)
class DeltaLog:
    """The files of a table's log.

    Args:
        folder: the table's folder as PyArrow wants it.
        filesystem: the file system it is in.
        written: version -> when its commit was written, by the store; sorted.
        checkpoints: versions with a checkpoint, sorted.
    """

    folder: str
    filesystem: fs.FileSystem
    written: Mapping[int, datetime]
    checkpoints: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """No commit has been cleaned away."""
        return 0 in self.written

    def gaps(self) -> list[int]:
        """Versions that are missing between the oldest and the newest."""
        return sorted(set(range(min(self.written), max(self.written) + 1)) - self.written.keys())

    def commits(self, first: int) -> Iterator[Commit]:
        """Commits from a version on, in order.

        Raises:
            ValueError: a commit is not a list of actions; names its version.
        """
        wanted = [version for version in self.written if version >= first]
        with ThreadPoolExecutor(max_workers=8) as pool:
            waiting: deque[Future[Commit]] = deque()
            for version in wanted:
                waiting.append(pool.submit(self._read, version))
                if len(waiting) >= _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()

    def _read(self, version: int) -> Commit:
        with self.filesystem.open_input_stream(f"{self.folder}/_delta_log/{version:020d}.json") as file:
            text = file.read()
        try:
            return _commit(version, [json.loads(line) for line in text.splitlines() if line.strip()])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"the commit of version {version} cannot be read ({type(error).__name__})") from error


def look(layer: Layer, table: str) -> DeltaLog | None:
    """The log of a table, None where there is none."""
    filesystem, root = lake_filesystem(settings())
    folder = f"{root}/{layer}/{table}"
    written: dict[int, datetime] = {}
    checkpoints: set[int] = set()
    for one in filesystem.get_file_info(fs.FileSelector(f"{folder}/_delta_log", allow_not_found=True)):
        if found := _COMMIT.fullmatch(one.base_name):
            written[int(found[1])] = one.mtime
        elif found := _CHECKPOINT.fullmatch(one.base_name):
            checkpoints.add(int(found[1]))
    if not written:
        return None
    return DeltaLog(folder, filesystem, dict(sorted(written.items())), tuple(sorted(checkpoints)))


def _commit(version: int, actions: list[dict[str, Any]]) -> Commit:
    info: dict[str, Any] = next((action["commitInfo"] for action in actions if "commitInfo" in action), {})
    added = [action["add"] for action in actions if "add" in action]
    removed = [action["remove"] for action in actions if "remove" in action]
    marker = _marker(info)
    return Commit(
        version=version,
        operation=str(info.get("operation", "")),
        deliveries=(*_listed(marker, "delivery"), *_listed(marker, "deliveries")),
        withdrawn=(*_listed(marker, "withdrawn"), *_listed(marker, "removed")),
        fingerprint=str(marker.get("fingerprint", "")),
        added={unquote(one["path"]): one.get("size") for one in added},
        removed=tuple(unquote(one["path"]) for one in removed),
        changes_rows=info.get("userMetadata") != SETTLED
        and any(one.get("dataChange", True) for one in (*added, *removed)),
    )


def _marker(info: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a commit says of itself: intake writes keys of its own, refine a document in `userMetadata`."""
    if "userMetadata" not in info:
        return info
    try:
        marker = json.loads(info["userMetadata"] or "{}")
    except ValueError:
        return {}
    return marker if isinstance(marker, dict) else {}


def _listed(marker: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """A list as Spark's marker has it, or as the text that delta-rs makes of all metadata."""
    value = marker.get(name) or ()
    if isinstance(value, str):
        value = json.loads(value) if value.startswith("[") else [value]
    return tuple(str(one) for one in value)
