"""Who of many profiles is in a few blocks, without joining all of them.

A profile has a key for each blocking rule, so that a join takes a row a profile and rule: on Sail 165 ns each, of which
all but a few are thrown away. Here the columns are read as they are stored, a batch at a time, and a table of bits
passes over keys that nobody asks for.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.entities.match.clusters import Ids
from spark_jobs.entities.match.packing import RULE_BITS

_SLOTS_OF_KEY = 64
"""Of the keys that nobody asks for, one in so many is looked for in vain."""
_MOST_SLOTS = 1 << 28


def members_of(keys: Ids, profiles: Iterable[pa.RecordBatch], columns: pa.Schema) -> pa.RecordBatchReader:
    """`key` and the columns: a row for each of the keys that a profile has.

    Args:
        keys: of the blocks, sorted, each once.
        profiles: `block_keys` and the columns.
        columns: of a profile, which its members have.
    """
    schema = pa.schema([pa.field("key", pa.int64()), *columns])
    return pa.RecordBatchReader.from_batches(schema, _found(keys, profiles, schema))


def _found(keys: Ids, profiles: Iterable[pa.RecordBatch], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    is_asked_for = np.zeros(_slots(len(keys)), dtype=bool)
    is_asked_for[_slot(keys, is_asked_for)] = True
    for batch in profiles:
        lists = batch.column("block_keys")
        given = pc.list_flatten(lists)
        flat = given.fill_null(0).to_numpy(zero_copy_only=False)
        at = np.flatnonzero(is_asked_for[_slot(flat, is_asked_for)])
        at = at[_is_among(keys, flat[at])]
        if given.null_count:
            at = at[given.is_valid().to_numpy(zero_copy_only=False)[at]]
        ends = np.cumsum(pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False))
        profile = pa.array(np.searchsorted(ends, at, side="right"))
        rest = [batch.column(name).take(profile) for name in schema.names[1:]]
        yield pa.record_batch([pa.array(flat[at]), *rest], schema=schema)


def _slots(keys: int) -> int:
    wanted = 1 << (max(keys, 1) * _SLOTS_OF_KEY - 1).bit_length()
    return min(wanted, _MOST_SLOTS)


def _slot(keys: Ids, table: npt.NDArray[np.bool_]) -> Ids:
    # The lowest bits are the rule's number; those above it are a hash.
    return np.asarray((keys >> RULE_BITS) & (len(table) - 1))


def _is_among(keys: Ids, found: Ids) -> npt.NDArray[np.bool_]:
    if not len(keys):
        return np.zeros(len(found), dtype=bool)
    return np.asarray(keys[np.minimum(np.searchsorted(keys, found), len(keys) - 1)] == found)
