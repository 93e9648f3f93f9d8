"""The files of a folder on an SFTP server: listed, and one of them fetched as it was listed."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncssh
from asyncssh.constants import FILEXFER_TYPE_REGULAR, FILEXFER_TYPE_UNKNOWN

from spark_jobs.intake.channels.sftp.connection import soon
from spark_jobs.lake.storage.raw_names import shown

BLOCK_BYTES = 32 << 10
"""Of one request: what every server gives (draft-ietf-secsh-filexfer-02, section 3, asks for 34,000 bytes a packet)."""
REQUESTS = 16
"""At once; together half a MiB in memory, and as much on the way."""
_FILES = {FILEXFER_TYPE_REGULAR, FILEXFER_TYPE_UNKNOWN}
_LAST = datetime(9999, 1, 1, tzinfo=UTC)


class Changed(Exception):  # noqa: N818  (an outcome that intake expects)
    """The file is no longer what was listed."""


@dataclass(frozen=True)
class RemoteFile:
    """A file as a listing of its server saw it; see Listed."""

    key: str
    version: str
    """Its time of change in seconds, as the sender may have set it, and its size."""
    bytes: int
    modified: datetime
    mark: str | None = None
    is_told: bool = True
    """Whether the server says how large and how old it is."""


async def listed(client: asyncssh.SFTPClient, folder: str, feed: str) -> list[RemoteFile]:
    """The files of a folder; links, folders, devices and hidden names are left out."""
    entries = await soon(client.readdir(folder.encode()))
    return list(_files(entries, feed))


@dataclass
class Part:
    """What is here of a file that is fetched: where a connection broke off, the next one goes on."""

    to: Path
    received: int = 0
    breaks: int = 0
    """How often a connection broke off."""

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, chunk: bytes) -> None:
        """Write what came next."""
        with self.to.open("ab" if self.received else "wb") as target:
            target.write(chunk)
        self._digest.update(chunk)
        self.received += len(chunk)

    def wanted(self, size: int) -> int:
        """How many bytes to ask for next of a file of so many; after each break of half as many at once.

        What came of several requests is kept when all are answered. A byte behind the end shows that there is none.
        """
        return max(1, min(size - self.received, BLOCK_BYTES * max(1, REQUESTS >> self.breaks)))

    def sha256(self) -> str:
        """Of what is here, in hex."""
        return self._digest.hexdigest()


async def fetched(client: asyncssh.SFTPClient, path: str, version: str, part: Part) -> str:
    """Write a file to a local one, as it was listed; returns its SHA-256 in hex.

    Args:
        client: an open conversation.
        path: of the file.
        version: of the file when it was listed.
        part: what an earlier conversation fetched of that version.

    Raises:
        Changed: it is not there, or not in that version, before, while or after it was read.
        SFTPError: it cannot be read.
    """
    try:
        return await _fetched(client, os.fsencode(path), version, part)
    except asyncssh.SFTPNoSuchFile as missing:
        raise Changed from missing
    except (asyncssh.ConnectionLost, asyncssh.SFTPConnectionLost, ConnectionError, TimeoutError):
        part.breaks += 1
        raise


async def _fetched(client: asyncssh.SFTPClient, path: bytes, version: str, part: Part) -> str:
    size = _require(await soon(client.lstat(path)), version)
    source = await soon(client.open(path, "rb", encoding=None, block_size=BLOCK_BYTES, max_requests=REQUESTS))
    async with source:
        _require(await soon(source.stat()), version)
        await source.seek(part.received)
        part.add(b"")
        while True:
            chunk: bytes = await soon(source.read(part.wanted(size)))
            if not chunk:
                break
            part.add(chunk)
            if part.received > size:
                raise Changed
        _require(await soon(source.stat()), version)
    if part.received != size:
        raise Changed
    return part.sha256()


def _require(found: asyncssh.SFTPAttrs, version: str) -> int:
    """The size of a file that is what was listed."""
    if found.type not in _FILES or _version(found) != version:
        raise Changed
    return found.size or 0


def _files(entries: Sequence[asyncssh.SFTPName], feed: str) -> Iterator[RemoteFile]:
    for entry in entries:
        name, attrs = os.fsencode(entry.filename), entry.attrs
        if name.startswith(b".") or b"/" in name or attrs.type not in _FILES:
            continue
        is_told = attrs.size is not None and attrs.mtime is not None
        key = f"{feed}/{shown(os.fsdecode(name))}"
        yield RemoteFile(key, _version(attrs), attrs.size or 0, _moment(attrs.mtime or 0), is_told=is_told)


def _version(attrs: asyncssh.SFTPAttrs) -> str:
    return f"{attrs.mtime}-{attrs.size}"


def _moment(seconds: int) -> datetime:
    """The time of change; one that no calendar holds is the last that does."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return _LAST
