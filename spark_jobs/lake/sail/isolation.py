"""A network of one's own: what listens in it on loopback is out of reach for everybody else on the machine."""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

_NEW_USER, _NEW_NETWORK = 0x1000_0000, 0x4000_0000
"""CLONE_NEWUSER and CLONE_NEWNET of unshare(2)."""
_SET_FLAGS = 0x8914
"""SIOCSIFFLAGS of netdevice(7)."""
_UP, _RUNNING = 0x1, 0x40


def enter_own_network() -> None:
    """Take this process, which must have one thread, into a new network namespace whose loopback alone is up.

    One that may not make namespaces becomes the owner of a user namespace first, under its own number.

    Raises:
        OSError: the machine allows neither.
    """
    if sys.platform != "linux":
        raise OSError("network namespaces are Linux's")
    try:
        _unshare(_NEW_NETWORK)
    except PermissionError:
        user, group = os.geteuid(), os.getegid()
        _unshare(_NEW_USER | _NEW_NETWORK)
        Path("/proc/self/setgroups").write_text("deny", "ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", "ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", "ascii")
    _loopback_up()


def _unshare(what: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(what) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP | _RUNNING))
