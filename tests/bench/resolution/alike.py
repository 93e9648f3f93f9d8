"""Records with the same identifying values as one profile: what repeats exactly needs no comparison."""

from typing import Any

import numpy as np
import pyarrow as pa

from spark_jobs.entities.measure.scores import Labels


def each_alone(records: pa.Table, columns: list[str]) -> tuple[pa.Table, Labels]:
    """As `profiles_of`, with every record a row of its own."""
    positions = np.arange(len(records))
    return records.select(columns).append_column("unique_id", pa.array(positions)), positions


def profiles_of(records: pa.Table, columns: list[str]) -> tuple[pa.Table, Labels]:
    """Distinct rows of those columns with their number as `unique_id`, and the number of each record's row."""
    whole = records.select(columns)
    numbered = whole.append_column("position", pa.array(np.arange(len(whole))))
    distinct = numbered.group_by(columns, use_threads=True).aggregate([("position", "min"), ("position", "list")])
    members: Any = distinct["position_list"].combine_chunks()
    group = np.empty(len(whole), np.int64)
    group[members.flatten().to_numpy()] = np.repeat(np.arange(len(distinct)), np.diff(members.offsets.to_numpy()))
    profiles = distinct.select(columns).append_column("unique_id", pa.array(np.arange(len(distinct))))
    return profiles, group
