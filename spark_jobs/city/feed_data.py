"""What stands in the file of a feed's synthetic data: `DATA`, one of the classes here."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from expectations.samples import sample_rows
from spark_jobs.city.batch import Batch
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.damage.kinds import Kind
from spark_jobs.city.damage.planting import added_column, last_rows, plant, repeat_records
from spark_jobs.city.slots import Slot, slots_of
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import repeated

if TYPE_CHECKING:
    from spark_jobs.city.delivering import Delivering

WEIGHT_OF_RECORDS = 100
"""A feed of this weight alone delivers as many rows as records are asked for."""

Rows = Callable[[City, Sequence[Slot]], Iterator[Batch]]
"""A batch for each slot, in order."""
Dates = Callable[[list[date]], list[date]]
"""Of the city's business days, those on which a feed delivers."""


def each_file(rows: Callable[[City, Slot], Batch]) -> Rows:
    """Rows of a feed whose files do not depend on each other."""
    return lambda city, slots: (rows(city, slot) for slot in slots)


def every_day(days: list[date]) -> list[date]:
    """Of a daily feed."""
    return days


def last_day(days: list[date]) -> list[date]:
    """Of a weekly feed."""
    return days[-1:]


class FeedData(ABC):
    """What one feed delivers."""

    weight: float
    """Rows for each hundred records that are asked for; no feed's weight changes another feed's rows."""
    kinds: tuple[Kind, ...]
    """The defects of single rows, and what must become of each."""
    bad_files: tuple[BadFile, ...]
    """The deliveries that must be rejected whole."""

    @abstractmethod
    def deliver(self, to: "Delivering", city: City) -> None:
        """Hand over all deliveries of the feed."""


@dataclass(frozen=True)
class Generated(FeedData):
    """Rows that are built from the city, some of them damaged."""

    weight: float
    rows: Rows
    kinds: tuple[Kind, ...]
    bad_files: tuple[BadFile, ...] = ()
    fewest: int = 0
    """Rows that are delivered however few records are asked for; all of them where the weight is 0."""
    most: int | None = None
    """The length of a list that does not grow with the city beyond it."""
    dates: Dates = every_day
    most_rows_of_file: int = 500_000
    """A larger day comes in several files, so that memory does not grow with the city's size."""
    repeats: bool = True
    """Some records are delivered twice."""
    cases: Callable[[City, Slot], Batch] | None = None
    """Rows about those of whom a comparison must find something; given a slot after the feed's last, without rows."""
    unknown_column: tuple[str, str] | None = None
    """Name and value of a column that one file has and the contract does not know: nobody said that it would come."""

    def deliver(self, to: "Delivering", city: City) -> None:
        """See FeedData.deliver."""
        rows = self.rows_among(city.records)
        slots = list(slots_of(to.feed, rows, self.dates(to.days), self.most_rows_of_file, to.name, city.seed))
        previous: Batch | None = None
        for slot, clean in zip(slots, self.rows(city, slots), strict=True):
            rng = slot.rng("defects")
            batch, planted = repeat_records(clean, previous, slot, rng) if self.repeats else (clean, [])
            previous = last_rows(batch)
            planted += plant(batch, slot, rng, planted, self.kinds)
            if self.unknown_column and slot.number == min(1, slot.files - 1):
                name, value = self.unknown_column
                batch.columns[name] = repeated(value, batch.rows)
                planted.append(added_column(name))
            to.batch(slot, batch, planted)
        if city.cases and self.cases is not None:
            self._deliver_cases(to, city, slots[-1], self.cases)

    def _deliver_cases(self, to: "Delivering", city: City, last: Slot, cases: Callable[[City, Slot], Batch]) -> None:
        """One delivery more, of the last day, so that the others stay as they are; it has no defects."""
        of_day = last.files // len(self.dates(to.days))
        name = to.name(last.business_date, of_day, of_day + 1)
        first, number = last.first + last.rows, last.number + 1
        slot = replace(last, file=name, first=first, rows=0, number=number, files=last.files + 1)
        batch = cases(city, slot)
        to.batch(replace(slot, rows=batch.rows), batch, [])

    def rows_among(self, records: int) -> int:
        """How many rows it delivers where so many records are asked for."""
        rows = max(round(records * self.weight / WEIGHT_OF_RECORDS), self.fewest)
        return rows if self.most is None else min(rows, self.most)


@dataclass(frozen=True)
class PublishedFile:
    """A file as somebody published it."""

    business_date: date
    content: bytes
    rows: int
    name: str | None = None
    """None: as the contract's pattern has it."""


@dataclass(frozen=True)
class Published(FeedData):
    """Open data, carried with the project or beside it."""

    files: Callable[[list[date]], Iterable[PublishedFile]]
    """Those of the city's business days."""
    bad_files: tuple[BadFile, ...] = ()
    kinds: tuple[Kind, ...] = ()
    weight: float = 0

    def deliver(self, to: "Delivering", city: City) -> None:
        """See FeedData.deliver."""
        for file in self.files(to.days):
            to.content(file.name or to.name(file.business_date, 0, 1), file.business_date, file.content, file.rows)


@dataclass(frozen=True)
class Sampled(FeedData):
    """Rows made of the contract alone, for a feed that has no file here."""

    rows: int = 200
    bad_files: tuple[BadFile, ...] = ()
    kinds: tuple[Kind, ...] = ()
    weight: float = 0

    def deliver(self, to: "Delivering", city: City) -> None:
        """See FeedData.deliver."""
        day = to.days[0]
        to.sample(to.name(day, 0, 1), day, sample_rows(to.contract, self.rows, city.seed, day))
