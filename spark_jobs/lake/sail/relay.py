"""A socket in the file system as the one door to a port of this process: who may pass is decided by the kernel."""

import os
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

_BLOCK = 1 << 18
_CREDENTIALS = struct.Struct("3i")
"""`struct ucred` of unix(7): process, user, group."""


def serve(door: socket.socket, connect: Callable[[], socket.socket]) -> None:
    """Join each connection of this process's user at the door with a new one of `connect`; does not return.

    Args:
        door: a Unix socket that listens.
        connect: gives a connection to what is behind the door.
    """
    while True:
        caller, _ = door.accept()
        if _user_of(caller) != os.geteuid():
            caller.close()
            continue
        inside = connect()
        for source, sink in ((caller, inside), (inside, caller)):
            threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _user_of(caller: socket.socket) -> int:
    credentials = caller.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(credentials)[1])


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    block = memoryview(bytearray(_BLOCK))
    with suppress(OSError):
        while count := source.recv_into(block):
            sink.sendall(block[:count])
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
