"""Where the stack keeps its files below LAKE_HOME, and which ports it holds."""

import json
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from spark_jobs.base.ports import free_port
from spark_jobs.base.secret_files import write_secret


@dataclass(frozen=True)
class Places:
    """The folders and files of one stack."""

    home: Path

    @property
    def state(self) -> Path:
        """Data of both servers and PostgreSQL's log; its own user must be able to pass through."""
        return self.home / "stack"

    @property
    def secrets(self) -> Path:
        """Keys and passwords, for the owner only."""
        return self.home / "secrets"

    @property
    def logs(self) -> Path:
        """What this user's programs log."""
        return self.home / "logs"

    @property
    def environment(self) -> Path:
        """The settings of the stack profile, to be loaded by `set -a; . stack.env`."""
        return self.home / "stack.env"

    def prepare(self) -> None:
        """Make the folders, each as closed as it can be."""
        for folder, mode in ((self.home, 0o711), (self.state, 0o711), (self.logs, 0o700), (self.secrets, 0o700)):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)


def port(places: Places, service: str, preferred: int) -> int:
    """The loopback port of a service: its last, else LAKE_<SERVICE>_PORT, else `preferred` or a free one."""
    remembered = places.state / "ports.json"
    ports: dict[str, int] = json.loads(remembered.read_text()) if remembered.exists() else {}
    if service not in ports:
        asked = os.environ.get(f"LAKE_{service.upper()}_PORT")
        ports[service] = int(asked) if asked else free_port(preferred)
        write_secret(remembered, json.dumps(ports))
    return ports[service]


def is_listening(at: int) -> bool:
    """Whether something answers on that loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", at)) == 0
