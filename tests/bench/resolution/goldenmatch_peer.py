"""GoldenMatch without configuration over one file of records, measured; prints one JSON object.

It runs in the peers' environment, sees every identifying column as text and decides alone. Where its own control loop
calls its configuration poor, it is run all the same, as its manual allows.
"""

import argparse
import logging
from pathlib import Path
from typing import Any

import goldenmatch
import numpy as np
import pyarrow as pa

from tests.bench.resolution.alike import profiles_of
from tests.bench.resolution.columns import KINDS, identifying_columns, record_id
from tests.bench.resolution.measured import Found, Meter, read_records, report


def main() -> None:
    """Deduplicate, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("kind", choices=KINDS)
    arguments.add_argument("--records", type=Path, required=True)
    arguments.add_argument("--truth", type=Path, required=True)
    asked = arguments.parse_args()
    logging.disable(logging.WARNING)
    meter = Meter()
    records = read_records(asked.records)
    columns = identifying_columns(asked.kind, records.column_names)
    profiles, group = profiles_of(records, columns)
    texts = pa.table({name: profiles[name].cast(pa.string()) for name in columns})
    result = goldenmatch.dedupe_df(texts, allow_red_config=True)
    cluster, left, right, weight = _columns(result, len(profiles))
    spent = meter.read()
    found = Found(left, right, weight, group, cluster[group], float(np.min(weight, initial=0.0)), len(left))
    report(found, asked.truth, records[record_id(asked.kind)].combine_chunks(), spent)


def _columns(result: Any, total: int) -> tuple[Any, Any, Any, Any]:
    """Clusters by profile; scored pairs as left, right and score. A profile in no cluster is one by itself."""
    cluster = np.arange(total) + len(result.clusters) + 1
    for number, members in enumerate(found["members"] for found in result.clusters.values()):
        cluster[members] = number
    pairs = np.array(result.scored_pairs, np.float64).reshape(-1, 3)
    return cluster, pairs[:, 0].astype(np.int64), pairs[:, 1].astype(np.int64), pairs[:, 2]


if __name__ == "__main__":
    main()
