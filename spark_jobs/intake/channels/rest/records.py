"""One record of an answer as a row of texts, by the contract's source columns."""

from collections.abc import Iterator
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.intake.canonical import Record, Row, one_line
from spark_jobs.intake.channels.rest.documents import Object, is_sound, json_of, text_of


class Records:
    """Turns records into rows.

    A row has every source column of the contract, None where the record says nothing, and whatever else the record
    has at its top, for the contract to ignore, to rescue or to refuse.
    """

    def __init__(self, contract: FeedContract) -> None:
        names = [*(column.source for column in contract.columns), *contract.ignore]
        self._none: Row = {column.source: None for column in contract.columns}
        self._names = set(names)
        self._above: dict[str, list[str]] = {}
        """Of each object that the contract looks into, the columns in it."""
        for name in names:
            steps = name.split(".")
            for length in range(1, len(steps)):
                inner = self._above.setdefault(".".join(steps[:length]), [])
                inner += [name] if name in self._none else []

    def record(self, found: Any) -> Record:
        """The row; what is no object, or says something twice, stays the JSON that it is."""
        if not isinstance(found, Object) or not is_sound(found):
            return one_line(json_of(found))
        return self._none | dict(self._texts("", found))

    def _texts(self, prefix: str, found: Object) -> Iterator[tuple[str, str | None]]:
        for key, value in found.items():
            name = prefix + key
            if name in self._names or name not in self._above:
                yield name, text_of(value)
            elif isinstance(value, Object):
                yield from self._texts(f"{name}.", value)
            elif value is not None:
                # Not what the contract looks into: its columns show what stands there, and are wrong for it.
                yield from ((inner, json_of(value)) for inner in self._above[name])
