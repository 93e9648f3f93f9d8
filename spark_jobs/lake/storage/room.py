"""Room on the disks that folders of a zone lie on: a department's inbox may have a disk of its own."""

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.storage.objects import Store

LEAST_BYTES = 1 << 20
"""A disk with less room is full: whoever copies the next file there is cut off in the middle of it."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class DiskFull(LakeError):  # noqa: N818  (names its place, which other errors about a disk do not)
    """A write ended because the disk of a named place is full."""

    def __init__(self, what: str, place: Path) -> None:
        super().__init__(f"{what}: no space left on the disk of {place}", "free space there, then run it again")


def full_place(root: Path, folder: Path) -> Path | None:
    """Where a folder's disk begins below `root`, if that disk is full; None where it has room.

    Args:
        root: the folder of the zone.
        folder: `root` or a folder below it, which need not be there yet.
    """
    try:
        return disk_of(root, folder) if _is_full(_there(root, folder)) else None
    except OSError:
        return None  # what cannot be looked at is told by whoever reads or writes there


def full_inboxes(store: Store, feeds: Iterable[str]) -> list[str]:
    """Where the full disks begin on which inboxes of these feeds lie."""
    places = (store.full_place("inbox", feed) for feed in feeds)
    return sorted({str(place) for place in places if place is not None})


def disk_of(root: Path, folder: Path) -> Path:
    """The topmost folder from `root` on that lies on the same disk as `folder`, or as what of it is there."""
    folder = _there(root, folder)
    try:
        while folder != root and folder.parent.stat().st_dev == folder.stat().st_dev:
            folder = folder.parent
    except OSError:
        return folder
    return folder


def _there(root: Path, folder: Path) -> Path:
    """The folder, or what of it is there."""
    while folder != root and not folder.is_dir():
        folder = folder.parent
    return folder


def _is_full(folder: Path) -> bool:
    """For whoever is not root; some file systems do not count their files (0 of 0)."""
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize < LEAST_BYTES or (room.f_files > 0 and room.f_favail == 0)
