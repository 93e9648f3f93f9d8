"""Who is in a few blocks, against a plain loop over everybody's keys."""

from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.entities.match import members
from spark_jobs.entities.match.members import members_of

COLUMNS = pa.schema([("node_id", pa.int64()), ("profile_id", pa.int64())])
KEY = st.integers(-(2**63), 2**63 - 1)
SMALL = st.integers(-5, 90)


def batch(profiles: list[tuple[int, list[int | None] | None]]) -> pa.RecordBatch:
    lists = pa.array([keys for _, keys in profiles], pa.list_(pa.int64()))
    ids = pa.array([number for number, _ in profiles], pa.int64())
    return pa.record_batch({"block_keys": lists, "profile_id": ids, "node_id": pa.array([-n for n, _ in profiles])})


def found(keys: set[int], batches: list[pa.RecordBatch]) -> list[tuple[Any, ...]]:
    table = members_of(np.array(sorted(keys), np.int64), batches, COLUMNS).read_all()
    assert table.column_names == ["key", "node_id", "profile_id"]
    return sorted(tuple(row.values()) for row in table.to_pylist())


PROFILES = st.lists(st.lists(st.none() | SMALL | KEY, max_size=4) | st.none(), max_size=12)


@given(st.sets(SMALL | KEY, max_size=6), st.lists(PROFILES, max_size=3))
def test_members_are_whoever_has_one_of_the_keys(keys: set[int], given_in: list[Any]) -> None:
    numbered = [list(enumerate(profiles, 100 * n)) for n, profiles in enumerate(given_in)]
    expected = [
        (key, -number, number)
        for profiles in numbered
        for number, has in profiles
        for key in has or ()
        if key is not None and key in keys
    ]
    assert found(keys, [batch(profiles) for profiles in numbered if profiles]) == sorted(expected)


def test_a_part_of_a_batch_has_its_own_members() -> None:
    whole = batch([(1, [7, 8]), (2, [7]), (3, None), (4, [9, 7])])
    assert found({7, 9}, [whole.slice(1, 3)]) == [(7, -4, 4), (7, -2, 2), (9, -4, 4)]


def test_keys_beyond_the_table_of_bits_are_told_apart(monkeypatch: Any) -> None:
    monkeypatch.setattr(members, "_MOST_SLOTS", 4)
    everybody = batch([(number, [number << 5]) for number in range(64)])
    assert found({3 << 5, 40 << 5}, [everybody]) == [(3 << 5, -3, 3), (40 << 5, -40, 40)]
