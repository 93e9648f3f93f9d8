"""Loopback ports for servers that come back to the same one: outside the range of outgoing connections.

The kernel gives outgoing connections a port of its ephemeral range, `net.ipv4.ip_local_port_range`. A server that
listens in it and is started again may find its port held by a connection that another process has opened meanwhile.
"""

import random
import socket
from contextlib import suppress
from pathlib import Path

from spark_jobs.base.errors import LakeError

_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000
_LINUX_DEFAULT = 32_768


def choices() -> range:
    """Ports that no outgoing connection is given, and that need no privilege."""
    try:
        first_ephemeral = int(_EPHEMERAL.read_text().split()[0])
    except (FileNotFoundError, PermissionError):
        first_ephemeral = _LINUX_DEFAULT
    # Where somebody has widened the range to nearly everything there is no better place than the usual one.
    return range(_LOWEST, first_ephemeral if first_ephemeral > _LOWEST else _LINUX_DEFAULT)


def is_free(port: int) -> bool:
    """Whether a server could listen on that loopback port now."""
    with socket.socket() as probe:
        # As servers do: what a closed connection leaves behind for a minute is in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def must_be_free(port: int, setting: str, whose: str) -> None:
    """See that a server can listen on a loopback port.

    Args:
        port: the port.
        setting: what gives another one.
        whose: the server that is to listen.

    Raises:
        LakeError: something listens there already; it is named where it is this user's.
    """
    if not is_free(port):
        raise LakeError(
            f"port {port} of {whose} is in use{_by_whom(port)}", f"stop what uses it, or set {setting} to a free one"
        )


def _by_whom(port: int) -> str:
    # Imported late: a start whose port is free, which is nearly every one, does not need it.
    import psutil

    with suppress(psutil.Error):
        for held in psutil.net_connections("tcp"):
            if held.pid is not None and held.laddr and held.laddr.port == port:
                # Its command line may hold what is nobody else's business.
                return f" by process {held.pid} ({psutil.Process(held.pid).name()})"
    return " by a process that this user may not see"


def free_port(preferred: int) -> int:
    """The preferred port where it is free, else any other that is.

    Raises:
        OSError: every port is taken.
    """
    others = choices()
    for candidate in (preferred, *random.sample(others, len(others))):
        if is_free(candidate):
            return candidate
    raise OSError("no free port on loopback")
