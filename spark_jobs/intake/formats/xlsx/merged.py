"""Merged ranges of a worksheet: disjoint, and given the value of their first cell."""

import heapq
from bisect import bisect, insort
from typing import NamedTuple

from spark_jobs.intake.formats.xlsx.parts import invalid


class Merged(NamedTuple):
    """A merged range, all bounds inclusive and from 1."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int


def in_order(merged: list[Merged]) -> list[Merged]:
    """By their first rows.

    Raises:
        DeliveryRejected: `workbook_invalid`: two overlap (ECMA-376 part 1, 18.3.1.55), so that the ranges that meet in
            a row have fewer cells together than a row has.
    """
    ordered = sorted(merged, key=lambda each: (each.first_row, each.first_column))
    ends: list[tuple[int, tuple[int, int]]] = []
    columns: list[tuple[int, int]] = []
    for each in ordered:
        while ends and ends[0][0] < each.first_row:
            del columns[bisect(columns, heapq.heappop(ends)[1]) - 1]
        taken = (each.first_column, each.last_column)
        place = bisect(columns, taken)
        if (place and columns[place - 1][1] >= taken[0]) or (place < len(columns) and columns[place][0] <= taken[1]):
            raise invalid("工作表：合并单元格相互重叠")
        insort(columns, taken)
        heapq.heappush(ends, (each.last_row, taken))
    return ordered


class MergedCells:
    """Gives every cell of a merged range the value of its first.

    Args:
        merged: ranges in order.
    """

    def __init__(self, merged: list[Merged]) -> None:
        self._coming = merged
        self._next = 0
        self._active: list[tuple[Merged, str, bool]] = []

    def fill(self, number: int, cells: dict[int, str], errors: set[int], width: int) -> None:
        """Fill in a row that has values of its own; rows come in order.

        Args:
            number: of the row.
            cells: its texts by column.
            errors: columns that hold an error value.
            width: columns beyond it are left alone.
        """
        while self._next < len(self._coming) and self._coming[self._next].first_row <= number:
            merged = self._coming[self._next]
            self._next += 1
            # Whose first cell is empty has nothing to give.
            if merged.first_row == number and merged.first_column in cells:
                self._active.append((merged, cells[merged.first_column], merged.first_column in errors))
        if not self._active:
            return
        self._active = [entry for entry in self._active if entry[0].last_row >= number]
        for merged, value, is_error in self._active if cells else ():
            for column in range(merged.first_column, min(merged.last_column, width) + 1):
                if column not in cells:
                    cells[column] = value
                    if is_error:
                        errors.add(column)
