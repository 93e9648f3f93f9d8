"""What compared columns hold: one that is empty or the same for nearly everybody tells nobody apart."""

from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from expectations.entity_spec import EntitySpec

LOOKED_AT = 200_000
"""Profiles; shares of so many are as good as those of all."""


@dataclass(frozen=True)
class ColumnShares:
    """One column that is compared, an attribute or a key, over all profiles.

    Args:
        empty: share of the profiles that have no value, or an empty list.
        most_frequent: share that the most frequent value has of all values; 0 where there are none.
    """

    empty: float
    most_frequent: float


def column_shares(columns: Callable[[list[str]], pa.Table], spec: EntitySpec) -> dict[str, ColumnShares]:
    """Shares of each column that a comparison reads; keys that only lead to others or to blocks are not kept.

    Args:
        columns: gives columns of the profiles.
        spec: the kind of entity.
    """
    return {name: shares_of(columns([name]).column(0)) for name in sorted({*spec.matching.compared_columns})}


def shares_of(column: pa.ChunkedArray) -> ColumnShares:
    """Shares of one column, by its first `LOOKED_AT` values."""
    values = column.slice(0, LOOKED_AT)
    if not len(values):
        return ColumnShares(0.0, 0.0)
    if pa.types.is_list(values.type) or pa.types.is_large_list(values.type):
        has_some = pc.fill_null(pc.greater(pc.list_value_length(values), 0), False)
        single = pc.list_flatten(values)
    else:
        has_some = pc.and_(values.is_valid(), pc.fill_null(pc.not_equal(values.cast(pa.string()), ""), False))
        single = values.filter(has_some)
    single = single.drop_null()
    counts = pc.value_counts(single.combine_chunks()).field("counts") if len(single) else pa.array([0])
    return ColumnShares(1 - pc.sum(has_some).as_py() / len(values), pc.max(counts).as_py() / max(len(single), 1))
