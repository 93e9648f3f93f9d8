"""A server of one bureau's source."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from expectations.contract.feed import FeedContract
from spark_jobs.city.serve.faults import Faults


@dataclass(frozen=True)
class At:
    """Where a source is served.

    Args:
        address: host and port, for the eye.
        url: what LAKE_SOURCES would say of it, secrets included.
    """

    address: str
    url: str


@dataclass
class SourceServer(ABC):
    """Offers a folder by one protocol.

    Args:
        folder: what is offered.
        secrets: where the server keeps its keys; nobody else reads them.
        feeds: contracts of what is offered.
        faults: what goes wrong.
    """

    possible: ClassVar[frozenset[str]]
    """Kinds of faults that its protocol can have."""

    folder: Path
    secrets: Path
    feeds: Sequence[FeedContract] = ()
    faults: Faults = field(default_factory=Faults)

    @abstractmethod
    def running(self) -> AbstractContextManager[At]:
        """Serve on a free port of loopback while the block runs."""
