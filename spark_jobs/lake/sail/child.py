"""The process that Sail runs in: a network of its own, limits of the kernel, one door. Imports as little as it can.

Run as `python -m spark_jobs.lake.sail.child DOOR MEMORY ISOLATION`. It says one line of JSON when it is ready, or why
it is not, and ends when its standard input does: with whoever started it.
"""

import json
import os
import resource
import socket
import sys
import threading
from pathlib import Path

from spark_jobs.base.privacy import keep_private
from spark_jobs.lake.sail.isolation import enter_own_network
from spark_jobs.lake.sail.relay import serve


def main(door: str, memory: int, isolation: str) -> None:
    """Start Sail behind a door, a socket at this path.

    Args:
        door: path of the socket.
        memory: bytes that the process may have for data, enforced by the kernel.
        isolation: `namespace`, or `none` where the site has allowed that.
    """
    if isolation == "namespace":
        try:
            enter_own_network()
        except OSError as error:
            _say({"refused": str(error)})
            return
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    from pysail.spark import SparkConnectServer  # type: ignore[import-untyped]

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    address = server.listening_address
    with socket.socket(socket.AF_UNIX) as at_door:
        at_door.bind(door)
        at_door.listen()
        _say({"ready": os.getpid()})
        threading.Thread(target=serve, args=(at_door, lambda: socket.create_connection(address)), daemon=True).start()
        # Whoever started this holds the other end, and never writes.
        sys.stdin.buffer.read()
    Path(door).unlink(missing_ok=True)
    os._exit(0)


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    keep_private()
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
