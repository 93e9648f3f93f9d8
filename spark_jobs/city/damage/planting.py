"""Plants defects in clean batches and keeps the truth about each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from spark_jobs.city.batch import CELL_KINDS, Batch
from spark_jobs.city.damage.kinds import Kind, Outcome
from spark_jobs.city.slots import Slot

REPEATED_IN_FILE, REPEATED_ACROSS_FILES = "repeated_in_file", "repeated_across_files"
"""A record delivered twice; both are accepted, and the key's history has both."""
UNKNOWN_COLUMN = "unknown_column"
"""A column that nobody announced."""

_REPEATED_PER_MILLION = 500
_TAIL = 500
_MAX_SHARE = 0.2
"""Of the rows of a small batch that may be defective: the contracts reject a delivery at half."""


@dataclass(frozen=True)
class Planted:
    """One defect of one row."""

    row: int
    """Position in its batch."""
    kind: str
    column: str
    outcome: Outcome
    reason: str


def added_column(name: str) -> Planted:
    """A column that nobody announced: the header's defect, if any."""
    return Planted(-1, UNKNOWN_COLUMN, name, "none", "")


def repeat_records(
    batch: Batch, previous: Batch | None, slot: Slot, rng: np.random.Generator
) -> tuple[Batch, list[Planted]]:
    """The batch with some records replaced by a copy of the one before, or of one of the previous file's last."""
    wanted = _wanted(slot, _REPEATED_PER_MILLION, True)
    index = np.arange(batch.rows)
    within = rng.choice(np.arange(1, batch.rows, 2), min(wanted, max(batch.rows // 20, 0)), replace=False)
    index[within] = within - 1
    planted = [Planted(int(row), REPEATED_IN_FILE, "", "none", "") for row in np.sort(within)]
    if previous is None:
        return batch.take(index), planted
    is_free = np.zeros(batch.rows, np.bool_)
    is_free[2::2] = True
    is_free[within - 1] = False
    free = np.flatnonzero(is_free)
    across = rng.choice(free, min(wanted, batch.rows // 20, previous.rows, len(free)), replace=False)
    index[across] = batch.rows + rng.choice(previous.rows, len(across), replace=False)
    planted += [Planted(int(row), REPEATED_ACROSS_FILES, "", "none", "") for row in np.sort(across)]
    return batch.followed_by(previous).take(index), planted


def last_rows(batch: Batch) -> Batch:
    """What the next file may repeat of this one."""
    return batch.take(np.arange(max(batch.rows - _TAIL, 0), batch.rows))


def plant(
    batch: Batch, slot: Slot, rng: np.random.Generator, taken: Sequence[Planted], kinds: Sequence[Kind]
) -> list[Planted]:
    """Damage single rows of the batch, one defect a row; every kind occurs in one of the feed's files at least.

    Args:
        batch: changed in place.
        slot: which rows of the feed these are.
        rng: source of chance.
        taken: defects that are there already; their rows, and the rows before, which they copy, are left alone.
        kinds: those to plant.
    """
    is_free = np.ones(batch.rows, np.bool_)
    for defect in taken:
        is_free[max(defect.row - 1, 0) : defect.row + 1] = False
    left = max(int(batch.rows * _MAX_SHARE), 1)
    planted: list[Planted] = []
    for number, kind in enumerate(kinds):
        is_due = number % slot.files == slot.number
        rows = _find(batch, kind, min(_wanted(slot, kind.per_million, is_due), left), is_free, rng)
        is_free[rows] = False
        left -= len(rows)
        _damage(batch, kind, rows, rng)
        planted += [Planted(int(row), kind.name, kind.column, kind.outcome, kind.reason) for row in rows]
    return planted


def _wanted(slot: Slot, per_million: int, is_due: bool) -> int:
    """How many of the slot's rows: the feed's share, rounded so that the files' parts add up."""
    end = slot.first + slot.rows
    return max(end * per_million // 1_000_000 - slot.first * per_million // 1_000_000, int(is_due))


def _find(
    batch: Batch, kind: Kind, wanted: int, is_free: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Free rows whose value the kind can happen to, drawn by chance, in order."""
    if not wanted or not batch.rows:
        return np.zeros(0, np.int64)
    candidates = np.unique(rng.integers(0, batch.rows, wanted * 40 + 40))
    rng.shuffle(candidates)
    found = _matching(batch, kind, candidates[is_free[candidates]], wanted)
    if not len(found):
        found = _matching(batch, kind, np.flatnonzero(is_free), wanted)
    return np.sort(found)


def _matching(batch: Batch, kind: Kind, candidates: NDArray[np.int64], wanted: int) -> NDArray[np.int64]:
    fits, fits_beside = re.compile(kind.only).fullmatch, re.compile(kind.only_beside).fullmatch
    texts = batch.columns[kind.column].take(pa.array(candidates)).to_pylist()
    beside = batch.columns[kind.beside].take(pa.array(candidates)).to_pylist() if kind.beside else texts
    found: list[int] = []
    for row, text, other in zip(candidates.tolist(), texts, beside, strict=True):
        if len(found) == wanted:
            break
        if fits(text) and fits_beside(other) and not (kind.unless and kind.unless(text)):
            found.append(row)
    return np.array(found, np.int64)


def _damage(batch: Batch, kind: Kind, rows: NDArray[np.int64], rng: np.random.Generator) -> None:
    if not len(rows):
        return
    positions = pa.array(rows)
    values = batch.columns[kind.column].take(positions).to_pylist()
    beside = batch.columns[kind.beside or kind.column].take(positions).to_pylist()
    damaged = [kind.damage(value, other, rng) for value, other in zip(values, beside, strict=True)]
    mask = np.zeros(batch.rows, np.bool_)
    mask[rows] = True
    column = batch.columns[kind.column]
    batch.columns[kind.column] = pc.replace_with_mask(column, pa.array(mask), pa.array(damaged, pa.string()))
    if kind.column in batch.cells or kind.cell != "text":
        cells = batch.cells.setdefault(kind.column, np.zeros(batch.rows, np.int8))
        cells[rows] = CELL_KINDS.index(kind.cell)
    if kind.fault:
        batch.faults.update(dict.fromkeys(rows.tolist(), kind.fault))
