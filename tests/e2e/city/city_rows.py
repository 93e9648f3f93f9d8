"""What a generated city delivered, row by row, with who each row speaks of; read without the lake."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from spark_jobs.city import CitySummary
from tests.unit.city.city_reading import MadeCity


class Place(NamedTuple):
    """A row of a delivery; the table of a bureau is one delivery."""

    feed: str
    file: str
    row_number: int


@dataclass(frozen=True)
class Row:
    """One accepted row."""

    place: Place
    text: dict[str, str]
    """By the source's names, as delivered."""
    uids: dict[tuple[str, str], int]
    """Role and kind of entity -> uid of the generator."""

    def person(self, role: str) -> int | None:
        """Uid of the person in a role."""
        return self.uids.get((role, "person"))

    def firm(self, role: str) -> int | None:
        """Uid of the company in a role."""
        return self.uids.get((role, "legal_entity"))

    def amount(self, name: str) -> Decimal:
        """An amount in its own unit, thousands parted or not."""
        return Decimal(self.text[name].replace(",", "").removesuffix("元"))


def newest(rows: Iterable[Row], key: Callable[[Row], Any], *order: str) -> list[Row]:
    """Of the rows of each key the newest: by those columns, then as they arrived."""
    found: dict[Any, Row] = {}
    for row in sorted(
        rows, key=lambda row: (*(row.text[name] for name in order), row.place.file, row.place.row_number)
    ):
        found[key(row)] = row
    return list(found.values())


class CityRows:
    """Accepted rows of every feed."""

    def __init__(self, out: Path) -> None:
        self._city = MadeCity(out, CitySummary(0, 0, 0))
        self._of: dict[str, list[Row]] = {}

    def of(self, feed: str) -> list[Row]:
        """Accepted rows of a feed, in order of file and row."""
        if feed not in self._of:
            self._of[feed] = list(self._accepted(feed))
        return self._of[feed]

    def truth(self, name: str) -> list[dict[str, Any]]:
        """A table of the generator's truth."""
        return self._city.truth(name)

    @cached_property
    def _uids(self) -> dict[Place, dict[tuple[str, str], int]]:
        found: dict[Place, dict[tuple[str, str], int]] = defaultdict(dict)
        for each in self._city.truth("mentions"):
            is_person = each["person_uid"] is not None
            role = (each["role"], "person" if is_person else "legal_entity")
            uid = each["person_uid"] if is_person else each["company_uid"]
            found[Place(each["feed"], each["file"], each["row_number"])][role] = uid
        return found

    def _accepted(self, feed: str) -> Iterator[Row]:
        defects = self._city.defects(feed)
        for (file, number), text in sorted(self._city.records(feed).items()):
            defect = defects.get((file, number))
            if defect is None or defect["outcome"] != "reject":
                place = Place(feed, file, number)
                yield Row(place, text, self._uids.get(place, {}))
