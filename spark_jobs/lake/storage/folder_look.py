"""What a folder that stands for a zone holds: its objects, and what is no object."""

import errno
import os
import re
import stat
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from spark_jobs.lake.storage.objects import Look, ObjectVersion, Oddity
from spark_jobs.lake.storage.paths import Zone
from spark_jobs.lake.storage.raw_names import shown

DEEPEST = 32
"""Folders within each other; nothing that a lake takes in is deeper than three."""
_FEED_DEPTH = 2
"""Of a feed's folder, which may be empty."""
_OWN_PART = re.compile(r"\.part-[0-9a-f]{32}")
"""A write of the lake's own, until it is whole; one that is an hour old is nobody's any more."""
_HOUR = 3600
_Kind = Literal["link", "special", "hidden", "unreadable", "too_deep", "empty_folder"]


def look(root: Path, zone: Zone, prefix: str = "") -> Look:
    """Visible regular files below `root` whose key starts with `prefix`, and oddities there.

    Raises:
        OSError: the folder of the zone itself cannot be read.
    """
    found = Look([], [])
    folders = [(os.fspath(root), "", 0)]
    while folders:
        path, above, depth = folders.pop()
        for entry in _entries(path, above, prefix, found):
            key = above + shown(entry.name)
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                _descend(entry, key, prefix, depth, folders, found)
            elif key.startswith(prefix):
                _note(entry, key, zone, found)
    found.objects.sort(key=lambda one: (one.modified, one.key))
    found.oddities.sort(key=lambda one: one.key)
    return found


def version_of(status: os.stat_result) -> str:
    """The version of a file: its time of change in nanoseconds, as the sender set it, and its size."""
    return f"{status.st_mtime_ns}-{status.st_size}"


def _entries(path: str, above: str, prefix: str, found: Look) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            entry = None
            for entry in entries:
                yield entry
        if entry is None and above.count("/") > _FEED_DEPTH and above.startswith(prefix):
            found.oddities.append(_oddity(above.rstrip("/"), "empty_folder", path))
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError:
        if not above:
            raise
        if above.startswith(prefix):
            found.oddities.append(_oddity(above.rstrip("/"), "unreadable", path))


def _descend(
    entry: os.DirEntry[str], key: str, prefix: str, depth: int, folders: list[tuple[str, str, int]], found: Look
) -> None:
    inside = f"{key}/"
    if not (inside.startswith(prefix) or prefix.startswith(inside)):
        return
    if depth >= DEEPEST:
        found.oddities.append(_oddity(key, "too_deep", entry.path))
        return
    folders.append((entry.path, inside, depth + 1))


def _note(entry: os.DirEntry[str], key: str, zone: Zone, found: Look) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:  # deleted since the folder was read
        return
    except OSError:
        found.oddities.append(Oddity(key, "unreadable", "unreadable", datetime.fromtimestamp(0, UTC)))
        return
    kind = _kind(entry, status)
    if kind is not None:
        found.oddities.append(Oddity(key, kind, _mark(status), _moment(status)))
    elif not entry.name.startswith("."):
        found.objects.append(
            ObjectVersion(zone, key, version_of(status), status.st_size, _moment(status), _mark(status))
        )


def _kind(entry: os.DirEntry[str], status: os.stat_result) -> _Kind | None:
    """What is odd about an entry; None: it is an object, or a write of the lake's own."""
    if entry.name.startswith("."):
        is_own = _OWN_PART.fullmatch(entry.name) and time.time() - status.st_ctime < _HOUR
        return None if is_own else "hidden"
    if stat.S_ISLNK(status.st_mode):
        return "link"
    return None if stat.S_ISREG(status.st_mode) else "special"


def _oddity(key: str, kind: _Kind, path: str) -> Oddity:
    try:
        status = os.lstat(path)
    except OSError as error:
        return Oddity(key, kind, errno.errorcode.get(error.errno or 0, "unknown"), datetime.fromtimestamp(0, UTC))
    return Oddity(key, kind, str(status.st_ino), _moment(status))


def _moment(status: os.stat_result) -> datetime:
    """The time of change; one that no calendar holds is the last that does."""
    try:
        return datetime.fromtimestamp(status.st_mtime, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime(9999, 1, 1, tzinfo=UTC) if status.st_mtime > 0 else datetime(1970, 1, 1, tzinfo=UTC)


def _mark(status: os.stat_result) -> str:
    return f"{status.st_ctime_ns}-{status.st_ino}"
