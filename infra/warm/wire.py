"""What a command and the resident process say to each other, over a Unix socket that keeps messages apart.

1. forked process: WELCOME; or nothing, and the connection is closed: the command runs by itself
2. command: HELLO, with descriptors: standard input, output, error, working directory, and a file with a Request. Not
   before: a pipe that waits in the queue of a process that hangs stays open, whoever has left it
3. forked process: READY and its number; or nothing, as before
4. command: GO; before that nothing has been done, after it the command is the forked process's alone
5. forked process: EXIT and its status; or the resident process: KILLED and the signal

Imported by every command that may be handed over, so it imports as little as it can.
"""

import marshal
import os
import resource
import signal
import socket
import struct
import sys

WELCOME, HELLO, READY, GO, EXIT, KILLED = b"welcome 1", b"hello", b"ready", b"go", b"exit", b"killed"
DESCRIPTORS = 5
SOCKET = "warm.socket"
_CREDENTIALS = struct.Struct("3i")
"""`struct ucred` of unix(7): process, user, group."""
SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""Those that are passed on."""
_LIMITS = tuple(sorted(number for name, number in vars(resource).items() if name.startswith("RLIMIT_")))
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict
else:
    # `typing` takes as long to import as all the rest.
    TypedDict = dict


class Request(TypedDict):
    """What a process has by itself, and one that is forked for it must be given."""

    arguments: list[str]
    environment: dict[bytes, bytes]
    nice: int
    limits: list[tuple[int, int, int]]
    """Of getrlimit(2): which, soft, hard."""
    cores: list[int]
    ignored: list[int]
    """Signals that are ignored, as below nohup."""
    groups: list[int]
    interpreter: tuple[str, ...]
    """What cannot be given to a process that runs: see `interpreter`."""


def request_of_this_process() -> bytes:
    """A Request, as it is sent."""
    mine: Request = {
        "arguments": sys.argv,
        "environment": dict(os.environb),
        "nice": os.getpriority(os.PRIO_PROCESS, 0),
        "limits": [(number, *resource.getrlimit(number)) for number in _LIMITS],
        "cores": sorted(os.sched_getaffinity(0)),
        "ignored": [int(number) for number in SIGNALS if signal.getsignal(number) is signal.SIG_IGN],
        "groups": groups(),
        "interpreter": interpreter(),
    }
    return marshal.dumps(dict(mine))


def read_request(payload: bytes) -> Request:
    """The Request of a process of this user, which had the same interpreter."""
    found: Request = marshal.loads(payload)  # noqa: S302  from our own user, whose code we are
    return found


def interpreter() -> tuple[str, ...]:
    """Which code runs, and how it was started: alike in two processes that can stand for each other."""
    streams = [
        f"{getattr(each, 'encoding', None)} {getattr(each, 'errors', None)}"
        for each in (sys.stdin, sys.stdout, sys.stderr)
    ]
    # Airflow adds folders of its own to the path, in which no command looks.
    names = {name for name in os.environ if name.startswith("PYTHON")} - {"PYTHONPATH"}
    given = [f"{name}={os.environ[name]}" for name in sorted(names)]
    here = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    return (here, sys.prefix, sys.version, sys.getfilesystemencoding(), *streams, *given)


def groups() -> list[int]:
    """By which others than its user a process is known to the machine."""
    return [os.getegid(), *sorted(os.getgroups())]


def address(home: int) -> str:
    """The socket below a folder that is open; by its own path it may be longer than the 107 bytes of a socket's."""
    return f"/proc/self/fd/{home}/{SOCKET}"


def is_of_this_user(peer: socket.socket) -> bool:
    """Whether the process at the other end is of this process's user, as the kernel says."""
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(credentials)[1] == os.geteuid())
