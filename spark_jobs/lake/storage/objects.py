"""What an object of a zone is, which keys are allowed, and what every store can do with them."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.storage.paths import Zone

KEY_BYTES = 1024
"""The longest key, in bytes of UTF-8, that S3 takes."""
SEGMENT_BYTES = 255
"""The longest part between two slashes that both MinIO and a Linux folder take."""


@dataclass(frozen=True)
class ObjectVersion:
    """One version of one object as a listing saw it."""

    zone: Zone
    key: str
    """Slash-separated, exactly as the sender wrote it: untrusted text, never a local path."""
    version: str
    """The store's own name for this content: fetching it gives this content or ObjectGone."""
    bytes: int
    modified: datetime
    """When the store received it, in UTC; a folder has it from the sender, who may say anything."""
    mark: str | None = None
    """What no sender can set, where the version alone could be the same for two contents; else None."""


class ObjectUnreadable(LakeError):  # noqa: N818  (of one object, not of the store)
    """This object alone cannot be read: its permissions, or the place of the disk where it is."""


@dataclass(frozen=True)
class Oddity:
    """Something in a zone that is no object, or cannot be looked at."""

    key: str
    kind: Literal["link", "special", "hidden", "unreadable", "too_deep", "empty_folder"]
    version: str
    """The same at every sight of the same thing."""
    modified: datetime


@dataclass(frozen=True)
class Look:
    """All that a zone holds."""

    objects: list[ObjectVersion]
    """Oldest first, then by key."""
    oddities: list[Oddity]


class ObjectGone(LakeError):  # noqa: N818  (an outcome that intake expects, not a failure)
    """The listed version was withdrawn or replaced before it could be read."""

    def __init__(self, gone: ObjectVersion) -> None:
        super().__init__(
            f"{gone.zone}/{gone.key!r} is no longer there in version {gone.version}",
            "nothing to repair: list again, and ask the sender if it should have stayed",
        )


class Store(Protocol):
    """The zones as objects: inbox, outbox and landing. Delta tables are not read or written through it."""

    def list(self, zone: Zone, prefix: str = "") -> Iterator[ObjectVersion]:
        """The newest version of every object whose key starts with `prefix`, oldest first, then by key.

        A zone that does not exist yet is empty.
        """

    def look(self, zone: Zone, prefix: str = "") -> Look:
        """The same objects, and besides what is there and is none; one folder's fault hides nothing of another."""

    def fetch(self, object: ObjectVersion, to: Path) -> str:
        """Copy exactly that version to a local file and return its SHA-256 in hex.

        Raises:
            ObjectGone: the object was deleted, or that version cannot be had any more; `to` is not left behind.
        """

    def sha256(self, object: ObjectVersion) -> str:
        """SHA-256 in hex of exactly that version, read without a copy.

        Raises:
            ObjectGone: as `fetch`.
        """

    def put_file(self, zone: Zone, key: str, source: Path) -> str | None:
        """Write an object from a local file; readers see all of it or none.

        Returns:
            The version that was written, by which it can be fetched whatever is put over it; None where the store
            keeps no versions.

        Raises:
            LakeError: the key is not one that a lake writes, or the store refused.
        """

    def put_bytes(
        self, zone: Zone, key: str, data: bytes, content_type: str = "application/octet-stream"
    ) -> str | None:
        """Write a small object; readers see all of it or none.

        Returns:
            As `put_file`.

        Raises:
            LakeError: the key is not one that a lake writes, or the store refused.
        """

    def read_bytes(self, zone: Zone, key: str) -> bytes:
        """The newest content of a small object.

        Raises:
            ObjectMissing, ObjectUnreadable: there is no such object, or it alone cannot be read.
            LakeError: the store refused.
        """

    def exists(self, zone: Zone, key: str) -> bool:
        """Whether an object of that key is there now."""

    def full_place(self, zone: Zone, prefix: str = "") -> Path | None:
        """The folder whose disk is full, where objects of that folder of the zone would lie on it; else None."""


def readable_key(key: str) -> str:
    """The key, if it can be looked up without leaving its zone.

    Raises:
        LakeError: absolute, empty, with NUL, or with an empty, `.` or `..` segment.
    """
    if "\0" in key or any(segment in ("", ".", "..") for segment in key.split("/")):
        raise _refused(key, "leaves its zone or names nothing")
    return key


def writable_key(key: str) -> str:
    """The key, if the lake may write it: readable, visible, printable and short enough for every store.

    Raises:
        LakeError: otherwise; control and direction characters, hidden names and backslashes are refused too.
    """
    readable_key(key)
    if any(unicodedata.category(char).startswith("C") or char == "\\" for char in key):
        raise _refused(key, "has control or direction characters or a backslash")
    segments = key.split("/")
    if any(segment.startswith(".") for segment in segments):
        raise _refused(key, "has a hidden name")
    if len(key.encode()) > KEY_BYTES or any(len(segment.encode()) > SEGMENT_BYTES for segment in segments):
        raise _refused(key, f"is longer than {KEY_BYTES} bytes, or a part of it than {SEGMENT_BYTES}")
    return key


class ObjectMissing(LakeError):  # noqa: N818  (of one object, not of the store)
    """An object that was asked for by key is not there."""

    def __init__(self, zone: Zone, key: str) -> None:
        super().__init__(f"{zone}/{key!r} does not exist", f"list {zone} to see what is there")


OF_ONE_OBJECT = (ObjectGone, ObjectMissing, ObjectUnreadable)
"""Errors that say nothing of other objects, nor of the store."""


def _refused(key: str, why: str) -> LakeError:
    return LakeError(f"the object key {key[:200]!r} {why}", "choose a plain relative key such as agency/feed/file.csv")
