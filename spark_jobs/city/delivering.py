"""Hands over one feed's deliveries: where they belong, in the contract's format, with the truth beside them."""

from dataclasses import dataclass
from datetime import date

from spark_jobs.city.batch import Batch
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.planting import Planted
from spark_jobs.city.slots import Slot
from spark_jobs.city.write.place import Place
from spark_jobs.city.write.truth import Truth


@dataclass
class _Size:
    """What a file or table holds."""

    last_day: date
    rows: int = 0
    quarantined: int = 0


class Delivering:
    """The deliveries of one feed in the making."""

    def __init__(self, place: Place, days: list[date], truth: Truth) -> None:
        self.contract = place.contract
        self.feed = place.contract.id
        self.days = days
        """The city's business days."""
        self.defects = 0
        self._sizes: dict[str, _Size] = {}
        self._place = place
        self._truth = truth

    @property
    def files(self) -> int:
        """How many deliveries there are; a table is one."""
        return len(self._sizes)

    @property
    def rows(self) -> int:
        """How many records they hold."""
        return sum(size.rows for size in self._sizes.values())

    def name(self, day: date, part: int, parts: int) -> str:
        """The file, or the table, in which the rows of a day belong.

        Args:
            day: the business date.
            part: position of the file among those of its day.
            parts: how many files the day has.
        """
        return self._place.name(day, part, parts)

    def batch(self, slot: Slot, batch: Batch, planted: list[Planted]) -> None:
        """Rows of the city, and the defects that stand in them."""
        numbers = self._place.batch(slot, batch)
        self._truth.add_defects(slot, planted, numbers)
        self._truth.add_mentions(slot, batch, numbers)
        self.defects += len(planted)
        quarantined = sum(defect.outcome == "reject" for defect in planted)
        self._note(slot.file, slot.business_date, batch.rows, quarantined)

    def content(self, name: str, day: date, content: bytes, rows: int) -> None:
        """A file as it is."""
        self._place.content(name, day, content, rows)
        self._note(name, day, rows)

    def sample(self, name: str, day: date, rows: list[dict[str, str]]) -> None:
        """Rows by their source columns, as any format can write them."""
        self._place.sample(name, day, rows)
        self._note(name, day, len(rows))

    def bad_files(self, bad_files: tuple[BadFile, ...]) -> int:
        """Add deliveries that must be rejected whole, made from good ones; returns how many."""
        for bad in bad_files:
            self._truth.add_bad_file(self.feed, self._place.bad_file(bad), bad.kind, bad.rejection)
        return len(bad_files)

    def close(self) -> None:
        """Nothing more comes."""
        self._place.close()
        for name, size in self._sizes.items():
            self._truth.add_delivery(self.feed, name, size.last_day.isoformat(), size.rows, size.quarantined)

    def _note(self, name: str, day: date, rows: int, quarantined: int = 0) -> None:
        size = self._sizes.setdefault(name, _Size(day))
        size.last_day = day
        size.rows += rows
        size.quarantined += quarantined
