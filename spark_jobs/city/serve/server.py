"""A server of one bureau's source."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class At:
    """Where a source is served.

    Args:
        address: host and port, for the eye.
        url: what LAKE_SOURCES would say of it, secrets included.
    """

    address: str
    url: str


class SourceServer(ABC):
    """Offers a folder by one protocol.

    Args:
        folder: what is offered.
        secrets: where the server keeps its keys; nobody else reads them.
    """

    def __init__(self, folder: Path, secrets: Path) -> None:
        self.folder = folder
        self.secrets = secrets

    @abstractmethod
    def running(self) -> AbstractContextManager[At]:
        """Serve on a free port of loopback while the block runs."""
