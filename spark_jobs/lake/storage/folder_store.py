"""Zones as folders: the store of the embedded profile."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.storage.folder_look import look, version_of
from spark_jobs.lake.storage.objects import (
    Look,
    ObjectGone,
    ObjectMissing,
    ObjectUnreadable,
    ObjectVersion,
    readable_key,
    writable_key,
)
from spark_jobs.lake.storage.paths import Zone
from spark_jobs.lake.storage.permissions import Share
from spark_jobs.lake.storage.raw_names import with_raw_bytes
from spark_jobs.lake.storage.room import NO_ROOM, DiskFull, disk_of, full_place

CHUNK = 1 << 20
UNREADABLE = (errno.EACCES, errno.EPERM, errno.EIO)
ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP, errno.EISDIR)


class FolderStore:
    """Objects are the visible regular files below `<home>/<zone>`; links are neither listed nor followed.

    Args:
        home: the folder that holds a folder per zone.
        shares: the zones whose folders groups use as well, by name.
    """

    def __init__(self, home: Path, shares: Mapping[str, Share] | None = None) -> None:
        self._home = home
        self._shares = shares or {}

    def list(self, zone: Zone, prefix: str = "") -> Iterator[ObjectVersion]:
        """See Store.list; the version is made of the time of change in nanoseconds and the size."""
        return iter(self.look(zone, prefix).objects)

    def look(self, zone: Zone, prefix: str = "") -> Look:
        """See Store.look."""
        try:
            return look(self._home / zone, zone, prefix)
        except OSError as error:
            raise _failed(f"cannot list {zone}", error) from error

    def fetch(self, object: ObjectVersion, to: Path) -> str:
        """See Store.fetch; a file that is replaced or changed while it is read counts as gone."""
        try:
            with self._opened(object.zone, object.key) as source, to.open("wb") as target:
                _require_version(object, source)
                digest = _copy(source, target)
                _require_version(object, source)
        except ObjectGone:
            to.unlink(missing_ok=True)
            raise
        except OSError as error:
            to.unlink(missing_ok=True)
            if error.errno in ABSENT and not _is_about(error, to):
                raise ObjectGone(object) from error
            raise _unreadable(object.zone, object.key, error, to) from error
        return digest

    def sha256(self, object: ObjectVersion) -> str:
        """See Store.sha256."""
        try:
            with self._opened(object.zone, object.key) as source:
                _require_version(object, source)
                digest = _digest(source)
                _require_version(object, source)
        except OSError as error:
            if error.errno in ABSENT:
                raise ObjectGone(object) from error
            raise _unreadable(object.zone, object.key, error) from error
        return digest

    def put_file(self, zone: Zone, key: str, source: Path) -> None:
        """See Store.put_file; a folder keeps no versions."""
        with source.open("rb") as data, self._replacing(zone, key) as target:
            _copy(data, target)

    def put_bytes(self, zone: Zone, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        """See Store.put_bytes; a folder keeps no versions and no content type."""
        with self._replacing(zone, key) as target:
            target.write(data)

    def read_bytes(self, zone: Zone, key: str) -> bytes:
        """See Store.read_bytes."""
        try:
            with self._opened(zone, key) as source:
                return source.read()
        except OSError as error:
            if error.errno in ABSENT:
                raise ObjectMissing(zone, key) from error
            raise _unreadable(zone, key, error) from error

    def exists(self, zone: Zone, key: str) -> bool:
        """See Store.exists."""
        try:
            with self._opened(zone, key):
                return True
        except OSError:
            return False

    def full_place(self, zone: Zone, prefix: str = "") -> Path | None:
        """See Store.full_place."""
        return full_place(self._home / zone, self._home / zone / prefix)

    @contextmanager
    def _opened(self, zone: Zone, key: str) -> Iterator[BinaryIO]:
        path = self._path(zone, key)
        # Without O_NONBLOCK a named pipe that took the file's place would hold us for ever.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as source:
            if not stat.S_ISREG(os.fstat(source.fileno()).st_mode):
                raise FileNotFoundError(errno.ENOENT, "not a regular file", str(path))
            yield source

    def _path(self, zone: Zone, key: str) -> Path:
        root = self._home / zone
        path = root / with_raw_bytes(readable_key(key))
        if not path.parent.resolve().is_relative_to(root.resolve()):
            raise FileNotFoundError(errno.ENOENT, "behind a link", str(path))
        return path

    @contextmanager
    def _replacing(self, zone: Zone, key: str) -> Iterator[BinaryIO]:
        path = self._home / zone / writable_key(key)
        part = path.with_name(f".part-{uuid4().hex}")
        try:
            self._path(zone, key)
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("xb") as target:
                self._give(zone, part)
                yield target
                target.flush()
                os.fsync(target.fileno())
            part.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            what = f"cannot write {zone}/{key!r}"
            if error.errno in NO_ROOM:
                raise DiskFull(what, disk_of(self._home / zone, path.parent)) from error
            raise _failed(what, error) from error
        finally:
            part.unlink(missing_ok=True)

    def _give(self, zone: Zone, part: Path) -> None:
        """Before anything is in it the new file belongs to those who may have it."""
        share, root = self._shares.get(zone), self._home / zone
        if share is not None:
            share.give_folders(root, part.parent)
            share.give(root, part)


def _require_version(object: ObjectVersion, source: BinaryIO) -> None:
    if version_of(os.fstat(source.fileno())) != object.version:
        raise ObjectGone(object)


def _copy(source: BinaryIO, target: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


def _digest(source: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_about(error: OSError, path: Path) -> bool:
    return error.filename is not None and Path(error.filename) == path


def _unreadable(zone: Zone, key: str, error: OSError, to: Path | None = None) -> LakeError:
    """The fault of the object, where reading it is not allowed or fails; else that of the folder or the disk."""
    what = f"cannot read {zone}/{key!r}"
    if error.errno in UNREADABLE and (to is None or not _is_about(error, to)):
        return ObjectUnreadable(f"{what}: {error.strerror}", "look at its permissions and at the disk")
    if error.errno in NO_ROOM and to is not None:
        return DiskFull(what, to.parent)
    return _failed(what, error)


def _failed(what: str, error: OSError) -> LakeError:
    return LakeError(
        f"{what}: {error.strerror}", "look at the free space and the permissions of LAKE_HOME, then run it again"
    )
