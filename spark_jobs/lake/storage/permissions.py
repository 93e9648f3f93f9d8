"""Who may read and write the folders of a lake home: its user, and of a department's folders those whom settings name.

A new lake is made private by the umask of its programs. `tighten` brings one that was made before to the same state.
"""

import grp
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from expectations.contract.catalogue import feed_ids
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import Settings
from spark_jobs.lake.storage.room import NO_ROOM

_PASSAGE = 0o711
"""Others may pass through to a folder that is theirs, and see nothing on the way."""
_SERVERS = "stack"
"""Servers that run as users of their own have their folders below it."""


@dataclass(frozen=True)
class Share:
    """The folders of one zone, each department's for the use of a group as well.

    Args:
        zone: its name, inbox or outbox.
        group: name of the group; `{agency}` in it stands for the department, so that each has a group of its own.
        folder: mode of a department's folders; what is made inside belongs to the group as well.
        file: what of a file's mode stays.
        adds: what a file's mode has in any case.
    """

    zone: str
    group: str
    folder: int
    file: int
    adds: int

    def group_name(self, agency: str) -> str:
        """The group of one department's folder."""
        return self.group.replace("{agency}", agency)

    def number(self, agency: str) -> int | None:
        """The id of a department's group, None where the machine has none."""
        try:
            return grp.getgrnam(self.group_name(agency)).gr_gid
        except KeyError:
            return None

    def give(self, root: Path, path: Path) -> int:
        """Give one file or folder below the zone's root to its department's group; 1 if that changed it."""
        number = self.number(path.relative_to(root).parts[0])
        mode = stat.S_IMODE(path.lstat().st_mode)
        if number is None:
            return _set(path, mode & 0o700)
        return _set(path, self.folder if path.is_dir() else mode & self.file | self.adds, number)

    def give_folders(self, root: Path, last: Path) -> None:
        """Give the folders on the way from the zone's root down to `last`, which the lake has made."""
        for folder in reversed([last, *last.parents]):
            if folder.is_relative_to(root) and folder != root:
                self.give(root, folder)


def shares(at: Settings) -> dict[str, Share]:
    """By zone, what the settings open to groups: they drop into their inbox and take from their outbox."""
    found = []
    if at.inbox_group and not at.is_s3:
        found.append(Share("inbox", at.inbox_group, folder=0o2770, file=0o770, adds=0))
    if at.outbox_group and not at.is_s3:
        found.append(Share("outbox", at.outbox_group, folder=0o2750, file=0o700, adds=0o040))
    return {share.zone: share for share in found}


def tighten(at: Settings) -> int:
    """Take from everybody else what they may do in the lake home, and give the departments' folders to their groups.

    Files of other users (a server's, a clerk's) stay as they are; links are not followed.

    Returns:
        How many files and folders were changed.

    Raises:
        LakeError: a group that the settings name is not there, or the lake's user is not in it.
    """
    home = at.home.resolve()
    if not home.is_dir():
        return 0
    opened = shares(at)
    _require_groups(opened)
    zones = [home / zone for zone in opened]
    passages = {*zones, home / _SERVERS}
    changed = _set(home, _PASSAGE if zones or (home / _SERVERS).is_dir() else 0o700)
    for path, status in _own(home, zones):
        mode = stat.S_IMODE(status.st_mode)
        wanted = _PASSAGE if path in passages else mode & 0o700
        changed += _set(path, wanted) if mode != wanted else 0
    return changed + sum(_open(home / zone, share) for zone, share in opened.items())


def _require_groups(opened: dict[str, Share]) -> None:
    for zone, share in opened.items():
        for agency in _agencies():
            if share.number(agency) is None:
                name = share.group_name(agency)
                raise LakeError(
                    f"LAKE_{zone.upper()}_GROUP names the group {name}, which this machine does not have",
                    f"groupadd {name}, add the department's and the lake's users to it, then: lake up",
                )


def _agencies() -> list[str]:
    return sorted({feed.split("/")[0] for feed in feed_ids()})


def _open(zone: Path, share: Share) -> int:
    """Every department finds its folders, with their group."""
    for name in feed_ids() if share.zone == "inbox" else _agencies():
        _make(zone / name)
    return _set(zone, _PASSAGE) + sum(share.give(zone, path) for path, _ in _own(zone))


def _make(folder: Path) -> None:
    """Make a folder, unless the disk of its department is full, which holds up no other; audit and sweep say it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise


def _own(folder: Path, but_not_below: Collection[Path] = ()) -> Iterator[tuple[Path, os.stat_result]]:
    """Regular files and folders of this user below a folder, each folder before what it holds."""
    waiting = [folder]
    while waiting:
        for entry in _entries(waiting.pop()):
            with suppress(FileNotFoundError):  # a running lake removes what it no longer needs
                path, status = Path(entry.path), entry.stat(follow_symlinks=False)
                is_folder = stat.S_ISDIR(status.st_mode)
                if status.st_uid == os.geteuid() and (is_folder or stat.S_ISREG(status.st_mode)):
                    yield path, status
                    if is_folder and path not in but_not_below:
                        waiting.append(path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        return list(os.scandir(folder))
    except (FileNotFoundError, PermissionError):
        return []


def _set(path: Path, mode: int, group: int | None = None) -> int:
    """Give a file or folder of this user its mode and group; 1 if that changed it, 0 if not.

    Through an open descriptor: a clerk may put a link in the place of a folder of his at any time.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return 0
    try:
        status = os.fstat(handle)
        wanted = (mode, status.st_gid if group is None else group)
        if (stat.S_IMODE(status.st_mode), status.st_gid) == wanted or status.st_uid != os.geteuid():
            return 0
        # The group first: changing it takes the set-group-id bit away.
        os.fchown(handle, -1, wanted[1])
        os.fchmod(handle, mode)
    except PermissionError:
        raise LakeError(
            f"{path} cannot be given to the group with the number {group}",
            "add the lake's user to that group and log in again, then: lake up",
        ) from None
    finally:
        os.close(handle)
    return 1
