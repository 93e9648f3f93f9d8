"""A process that has imported what decoders need, and forks a server of decoding processes for each command that asks.

`python -m spark_jobs.intake.child.nursery`, with nothing in its environment, its standard input being a socket that
keeps messages apart: each brings the socket on which a new server is to be, which says its number there when it is.
It ends when nobody holds the other end any more.
"""

import gc
import os
import signal
import socket
import subprocess
import sys

from spark_jobs.base.privacy import keep_private
from spark_jobs.intake.child import connection, server

MODULE = "spark_jobs.intake.child.nursery"


def start() -> socket.socket:
    """Start one; returns the end at which to ask, which forked processes may share."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", MODULE],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env=connection.ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
    return ours


def serve(askers: socket.socket) -> None:
    """Fork a server for each socket that is sent, until there is nobody who could send one."""
    # Whoever ends is reaped by the kernel.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while (received := socket.recv_fds(askers, 1, 1))[0]:
        (parent,) = received[1]
        if not os.fork():
            askers.close()
            _be_a_server(parent)
        os.close(parent)


def _be_a_server(parent: int) -> None:
    status = 1
    try:
        os.setsid()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        with socket.socket(fileno=parent) as at:
            at.sendall(connection.NUMBER.pack(os.getpid()))
            server.serve(at)
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Serve whoever holds the other end of standard input."""
    keep_private()
    server.prepare()
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as askers:
        serve(askers)


if __name__ == "__main__":
    main()
