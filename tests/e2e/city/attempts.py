"""Attempts to single a person out by what every analyst reads, made by one who knows all exact figures to check them.

Each attempt of GROUPS yields of how many persons each group is that it can tell apart; each of NAMES, where it has
looked and which persons it has found there. The table in dbt/README.md has them with their outcome.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from expectations.protection import Cells, load_protections, shared

Row = dict[str, Any]
CELLS = {mart: each for mart, each in load_protections().items() if isinstance(each, Cells)}


@dataclass(frozen=True)
class Readable:
    """What an analyst reads, and what an attempt is checked by.

    Args:
        home: of the built lake.
    """

    home: Path

    def rows(self, layer: str, table: str) -> list[Row]:
        """All rows of a table."""
        found: list[Row] = DeltaTable(self.home / "lake" / layer / table).to_pyarrow_table().to_pylist()
        return found

    def tables(self, layer: str) -> list[str]:
        """Names of a layer's tables."""
        return sorted(path.parent.name for path in (self.home / "lake" / layer).glob("*/_delta_log"))

    @cached_property
    def released(self) -> dict[str, list[Row]]:
        """Rows of each mart of persons, as they are shown."""
        return {mart: self.rows("marts", mart) for mart in CELLS}

    @cached_property
    def persons(self) -> set[str]:
        """Permanent ids."""
        return {row["person_id"] for row in self.rows("entities", "person")}

    def counted(self) -> Iterator[tuple[Cells, list[tuple[tuple[Any, ...], Row]]]]:
        """Of each mart with a release its exact rows, each with the codes of the shown row that it is part of."""
        for mart, cells in CELLS.items():
            shown = {codes_of(row, cells) for row in self.released[mart]}
            if shown:
                exact = self.rows("restricted", mart)
                yield cells, [(longest(codes_of(row, cells), shown), row) for row in exact]


def codes_of(row: Row, cells: Cells) -> tuple[Any, ...]:
    """What tells a row apart, as far as it does."""
    codes = tuple(row[name] for name in cells.by)
    depth = len(codes) - row["cell"].split("|").count("*") if "is_suppressed" in row else len(codes)
    return codes[:depth]


def longest(codes: tuple[Any, ...], shown: set[tuple[Any, ...]]) -> tuple[Any, ...]:
    """The shown codes with which a cell's begin."""
    return next(codes[:depth] for depth in range(len(codes), -1, -1) if codes[:depth] in shown)


def number_of(rows: list[Row], cells: Cells) -> int:
    """Persons of some exact rows."""
    values = [row[cells.persons] for row in rows]
    if isinstance(values[0], int):
        return sum(values)
    return len({key for keys in values for key in keys})


def by_a_small_cell(analyst: Readable) -> Iterator[int]:
    """Look for a row of few."""
    for cells, placed in analyst.counted():
        for rows in grouped(placed).values():
            yield number_of(rows, cells)


def by_a_margin(analyst: Readable) -> Iterator[int]:
    """Take from a margin, known from a yearbook or by asking for it, all parts of it that are shown."""
    for cells, placed in analyst.counted():
        for depth in range(len(cells.by)):
            left = defaultdict(list)
            for shown, row in placed:
                if len(shown) <= depth:
                    left[codes_of(row, cells)[: len(shown)]].append(row)
            for rows in left.values():
                yield number_of(rows, cells)


def grouped(placed: list[tuple[tuple[Any, ...], Row]]) -> dict[tuple[Any, ...], list[Row]]:
    """Exact rows by the shown row that they are part of."""
    found = defaultdict(list)
    for shown, row in placed:
        found[shown].append(row)
    return found


def counts(analyst: Readable) -> Iterator[list[int]]:
    """Counts that are shown beside each other."""
    for mart, cells in CELLS.items():
        for row in analyst.released[mart]:
            yield [row[name] for name in cells.counts if row[name] is not None]


def by_a_part(analyst: Readable) -> Iterator[int]:
    """Read few, or none, who have something."""
    return (each for row in counts(analyst) for each in row)


def by_what_a_part_leaves(analyst: Readable) -> Iterator[int]:
    """Take a part from another: few, or none, who have it not; where it is none, all have it."""
    return (abs(one - other) for row in counts(analyst) for one, other in combinations(row, 2))


def by_an_overlap(analyst: Readable) -> Iterator[int]:
    """Add two parts and take the third: insured as employees and as residents less insured are insured twice."""
    for row in counts(analyst):
        for three in combinations(row, 3):
            yield from (found for each in three if (found := abs(sum(three) - 2 * each)))


def by_a_sum(analyst: Readable) -> Iterator[int]:
    """Read a sum of money or days that goes over few."""
    for mart, cells in CELLS.items():
        for row in analyst.released[mart]:
            for name, over in cells.sums.items():
                if row[name] is not None:
                    yield row[over] if row[over] is not None else 0


def by_two_marts(analyst: Readable) -> Iterator[int]:
    """Take what one mart shows of a county, and band of age, from what another shows of all residents there."""
    for mart, cells in CELLS.items():
        if cells.within is not None:
            both = shared(cells, CELLS[cells.within])
            for depth in range(len(both) + 1):
                part = summed(analyst.released[mart], cells, depth)
                whole = summed(analyst.released[cells.within], CELLS[cells.within], depth)
                yield from (abs(whole[codes] - part[codes]) for codes in part.keys() & whole.keys())


def summed(rows: list[Row], cells: Cells, depth: int) -> dict[tuple[Any, ...], int]:
    """Persons that the shown rows are of, by their first codes; of rows that are told apart as far."""
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in rows:
        codes = codes_of(row, cells)
        if len(codes) >= depth:
            found[codes[:depth]] += row[cells.counts[0]]
    return found


def by_ids(analyst: Readable) -> Iterator[tuple[str, set[str]]]:
    """Join by any column with permanent ids."""
    for table in analyst.tables("marts"):
        yield table, analyst.persons & values(analyst.rows("marts", table))


def by_tokens(analyst: Readable) -> Iterator[tuple[str, set[str]]]:
    """Join by any column with the tokens of a theme: in marts, and in the evidence of comparisons."""
    tokens = {row["token"] for row in analyst.rows("restricted", "person_token")}
    assert tokens
    evidence = [("restricted", name) for name in analyst.tables("restricted") if "comparison" in name]
    for layer, table in [*(("marts", name) for name in analyst.tables("marts")), *evidence]:
        yield table, tokens & values(analyst.rows(layer, table))


def by_a_dictionary(analyst: Readable) -> Iterator[tuple[str, set[str]]]:
    """Hash every id that there is, without the key, and look the tokens up."""
    rows = analyst.rows("restricted", "mart_housing__eligibility")
    tokens = {row["applicant_token"] for row in rows} - {None}
    assert tokens
    for kind in ("sm3", "sha256", "md5"):
        guessed = {hashlib.new(kind, each.encode()).hexdigest()[:32]: each for each in analyst.persons}
        yield kind, {guessed[token[2:]] for token in tokens if token[2:] in guessed}


def by_an_earlier_version(analyst: Readable) -> Iterator[tuple[str, set[str]]]:
    """Travel back to a version of a mart that was exact."""
    for mart in CELLS:
        table = DeltaTable(analyst.home / "lake" / "marts" / mart)
        for version in range(table.version() + 1):
            columns = {field.name for field in DeltaTable(table.table_uri, version).schema().fields}
            yield mart, columns & {"person_keys"} | ({"exact"} if "is_suppressed" not in columns else set())


def values(rows: list[Row]) -> set[str]:
    """Texts that stand in rows."""
    return {value for row in rows for value in row.values() if isinstance(value, str)}


GROUPS: tuple[Callable[[Readable], Iterator[int]], ...] = (
    by_a_small_cell, by_a_margin, by_a_part, by_what_a_part_leaves, by_an_overlap, by_a_sum, by_two_marts,
)  # fmt: skip
NAMES: tuple[Callable[[Readable], Iterator[tuple[str, set[str]]]], ...] = (
    by_ids, by_tokens, by_a_dictionary, by_an_earlier_version,
)  # fmt: skip
