"""Where the deliveries of a feed lie until they are collected or fetched."""

from abc import ABC, abstractmethod
from datetime import date
from pathlib import Path

from expectations.contract.feed import FeedContract
from spark_jobs.city.batch import Batch
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.texts import Ints


class Place(ABC):
    """The place of one feed."""

    def __init__(self, contract: FeedContract, out: Path) -> None:
        self.contract = contract
        self.out = out

    @abstractmethod
    def name(self, day: date, part: int, parts: int) -> str:
        """The file or table in which rows of a day belong."""

    @abstractmethod
    def batch(self, slot: Slot, batch: Batch) -> Ints:
        """Put rows there; returns the row number of each, as bronze counts."""

    @abstractmethod
    def sample(self, name: str, day: date, rows: list[dict[str, str]]) -> None:
        """Put rows there that are given by their source columns."""

    def content(self, name: str, day: date, content: bytes, rows: int) -> None:
        """Put a file there as it is."""
        raise ValueError(f"{self.contract.id} arrives as rows: give it rows, not the file {name}")

    def bad_file(self, bad: BadFile) -> str:
        """Put a bad file there, made of the first good one; returns its name."""
        raise ValueError(f"{self.contract.id} arrives as rows: it has no bad files such as {bad.kind}")

    def close(self) -> None:
        """Nothing more comes."""
        return
