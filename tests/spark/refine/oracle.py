"""Which rows hold, and from when to when, in plain Python: what silver must say however its deliveries came."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Row:
    """An accepted row."""

    key: str | None
    state: str
    changed: date | None
    day: date
    """Business date of its delivery."""
    sequence: int
    number: int

    @property
    def arrival(self) -> tuple[date, int, int]:
        """What orders rows of which nothing else says which is newer."""
        return self.day, self.sequence, self.number


Validity = dict[tuple[int, int], tuple[date | None, date | None, bool]]
"""(sequence, row number) -> from, until, is current."""
GONE = "gone"
"""The state that withdraws a record."""


def appended(rows: Iterable[Row]) -> Validity:
    """Each row holds."""
    return {(row.sequence, row.number): (row.day, None, True) for row in rows}


def merged(rows: Iterable[Row], is_ordered: bool = True, has_mark: bool = True) -> Validity:
    """A row holds until the next one of its key; one that withdraws its key holds for no time once it is the last."""
    of_key: dict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        of_key[row.key].append(row)
    found: Validity = {}
    for same in of_key.values():
        in_order = sorted(same, key=lambda row: ((row.changed or date.min) if is_ordered else date.min, *row.arrival))
        begins = [(row.changed if is_ordered else None) or row.day for row in in_order]
        for row, begin, end in zip(in_order, begins, [*begins[1:], None], strict=True):
            is_withdrawn = end is None and has_mark and row.state == GONE
            found[row.sequence, row.number] = (begin, begin if is_withdrawn else end, end is None and not is_withdrawn)
    return found


def snapshots(rows: Iterable[Row], by_day: bool, has_key: bool = True) -> Validity:
    """A delivery holds until the next one of its scope; in it, the last row of a key."""
    rows = list(rows)
    scopes: dict[date | None, set[tuple[date, int]]] = defaultdict(set)
    for row in rows:
        scopes[row.day if by_day else None].add((row.day, row.sequence))
    ends: dict[int, date | None] = {}
    for found in scopes.values():
        in_order = sorted(found)
        ends |= {
            sequence: None if next_one is None else next_one[0]
            for (_, sequence), next_one in zip(in_order, [*in_order[1:], None], strict=True)
        }
    last = {(row.sequence, row.key): row.number for row in sorted(rows, key=lambda row: row.number)}
    valid: Validity = {}
    for row in rows:
        is_last = not has_key or last[row.sequence, row.key] == row.number
        end = ends[row.sequence] if is_last else row.day
        valid[row.sequence, row.number] = (row.day, end, is_last and end is None)
    return valid


ORACLES: dict[str, Callable[[list[Row]], Validity]] = {
    "append": appended,
    "merge": lambda rows: merged(rows, is_ordered=False, has_mark=False),
    "merge in order": merged,
    "snapshot": lambda rows: snapshots(rows, by_day=False),
    "snapshot of a day": lambda rows: snapshots(rows, by_day=True),
    "snapshot without a key": lambda rows: snapshots(rows, by_day=False, has_key=False),
}
"""By way of writing."""
WRITES: dict[str, dict[str, Any]] = {
    "append": {"mode": "append"},
    "merge": {"mode": "merge", "key": ["key"]},
    "merge in order": {
        "mode": "merge",
        "key": ["key"],
        "order": ["changed"],
        "delete_mark": {"column": "state", "values": [GONE]},
    },
    "snapshot": {"mode": "snapshot", "key": ["key"]},
    "snapshot of a day": {"mode": "snapshot", "scope": "business_date", "key": ["key"]},
    "snapshot without a key": {"mode": "snapshot"},
}
"""The same as a contract says it."""
