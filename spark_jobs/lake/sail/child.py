"""The process that Sail runs in: a network of its own, limits of the kernel, one door. Imports as little as it can.

Run as `python -m spark_jobs.lake.sail.child DOOR MEMORY ISOLATION PYSPARK`. It says one line of JSON when it is ready,
or why it is not, and ends when its standard input does: with whoever started it.
"""

import json
import os
import resource
import socket
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

from spark_jobs.base.privacy import keep_private
from spark_jobs.lake.sail.isolation import enter_own_network
from spark_jobs.lake.sail.relay import serve


def main(door: str, memory: int, isolation: str, pyspark: str) -> None:
    """Start Sail behind a door, a socket at this path.

    Args:
        door: path of the socket.
        memory: bytes that the process may have for data, enforced by the kernel.
        isolation: `namespace`, or `none` where the site has allowed that.
        pyspark: version of PySpark, which Sail asks for.
    """
    if isolation == "namespace":
        try:
            enter_own_network()
        except OSError as error:
            _say({"refused": str(error)})
            return
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    _without_python(pyspark)
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


def _without_python(pyspark: str) -> None:
    """Give Sail no PySpark to run functions of Python by, and no data sources that installed packages bring.

    Nothing of ours is either. It would import the one at its start, for 0.06 CPU-seconds, and look for the others at
    each new session, for a hundredth.
    """
    instead: dict[str, dict[str, Any]] = {
        "pyspark": {"__version__": pyspark},
        "importlib.metadata": {"entry_points": _no_plug_ins},
    }
    for name, content in instead.items():
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(content)


def _no_plug_ins(**_group: str) -> tuple[()]:
    return ()


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    keep_private()
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
