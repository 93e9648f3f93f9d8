"""Files by SFTP: a server of asyncssh's in a thread, with a host key and a login key of its own."""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import asyncssh

from spark_jobs.base.secret_files import write_secret
from spark_jobs.city.serve.faults import Faults
from spark_jobs.city.serve.server import At, SourceServer

_HOST, _USER = "127.0.0.1", "lake"


class SftpServer(SourceServer):
    """See SourceServer; an answer is a block that is read."""

    possible = frozenset({"slow", "failing", "cut"})

    @contextmanager
    def running(self) -> Iterator[At]:
        """See SourceServer.running."""
        host_key, login_key = (self._key(name) for name in ("host_key", "login_key"))
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, daemon=True, name="sftp")
        thread.start()
        listening = asyncio.run_coroutine_threadsafe(self._listen(host_key, login_key), loop).result()
        try:
            yield self._at(listening.get_port(), host_key)
        finally:
            asyncio.run_coroutine_threadsafe(_close(listening), loop).result()
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()

    async def _listen(self, host_key: asyncssh.SSHKey, login_key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            _HOST,
            0,
            server_host_keys=[host_key],
            authorized_client_keys=asyncssh.import_authorized_keys(login_key.export_public_key().decode()),
            sftp_factory=partial(_ReadOnly, self.faults, os.fsencode(self.folder)),
            allow_scp=False,
            config=None,
        )

    def _at(self, port: int, host_key: asyncssh.SSHKey) -> At:
        known = self.secrets / "known_hosts"
        write_secret(known, f"[{_HOST}]:{port} {host_key.export_public_key().decode()}")
        query = f"key={self.secrets / 'login_key'}&known_hosts={known}"
        return At(f"{_HOST}:{port}", f"sftp://{_USER}@{_HOST}:{port}?{query}")

    def _key(self, name: str) -> asyncssh.SSHKey:
        """A key, made at the first time and kept."""
        path: Path = self.secrets / name
        if not path.exists():
            write_secret(path, asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode())
        return asyncssh.read_private_key(path)


class _ReadOnly(asyncssh.SFTPServer):
    """A bureau lets us read."""

    def __init__(self, faults: Faults, folder: bytes, channel: asyncssh.SSHServerChannel[bytes]) -> None:
        super().__init__(channel, chroot=folder)
        self._faults = faults

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        """See SFTPServer.read."""
        match self._faults.take():
            case "failing":
                raise asyncssh.SFTPFailure("failing")
            case "cut":
                self.connection.abort()
        return super().read(file_obj, offset, size)  # type: ignore[return-value]

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        """See SFTPServer.open."""
        if pflags & ~asyncssh.FXF_READ:
            raise asyncssh.SFTPPermissionDenied("read only")
        return super().open(path, pflags, attrs)


async def _close(listening: asyncssh.SSHAcceptor) -> None:
    listening.close()
    await listening.wait_closed()
