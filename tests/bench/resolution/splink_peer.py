"""Splink 5 on DuckDB over one file of records, measured; runs in the peers' environment and prints one JSON object."""

import argparse
import logging
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from splink import DuckDBAPI, Linker

from tests.bench.resolution.alike import each_alone, profiles_of
from tests.bench.resolution.columns import FILE, KINDS, identifying_columns, record_id
from tests.bench.resolution.measured import Found, Meter, read_records, report
from tests.bench.resolution.splink_features import connection, firm_features, person_features
from tests.bench.resolution.splink_settings import OF_PUBLIC_SETS, Model, firms, people

_SEED = 1


def main() -> None:
    """Link, cluster, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("kind", choices=KINDS)
    arguments.add_argument("--records", type=Path, required=True)
    arguments.add_argument("--truth", type=Path, required=True)
    arguments.add_argument("--threshold", type=float, help="match weight from which pairs make clusters")
    arguments.add_argument("--collapse", action="store_true", help="put records that are alike together before")
    asked = arguments.parse_args()
    logging.getLogger("splink").setLevel(logging.ERROR)
    meter = Meter()
    records = read_records(asked.records)
    database = connection()
    features, group, model, ids = _prepared(asked.kind, records, asked.collapse, database)
    threshold = model.cluster_weight if asked.threshold is None else asked.threshold
    linker = _trained(features, model, DuckDBAPI(connection=database))
    found = _resolved(linker, model, threshold, len(features), group, ids)
    spent = meter.read()
    report(found, asked.truth, records[record_id(asked.kind)].combine_chunks(), spent)


def _prepared(kind: str, records: pa.Table, collapse: bool, database: Any) -> tuple[pa.Table, Any, Model, pa.Array]:
    """Features, the row of each record, the model, and the ids that Splink will use, in the order of the rows."""
    if kind in OF_PUBLIC_SETS:
        return records, np.arange(len(records)), OF_PUBLIC_SETS[kind](), records[record_id(kind)].combine_chunks()
    together = profiles_of if collapse else each_alone
    profiles, group = together(records, identifying_columns(kind, records.column_names))
    model = people() if kind == "person" else firms()
    make = person_features if kind == "person" else firm_features
    return make(profiles, database), group, model, profiles["unique_id"].combine_chunks()


def _trained(features: pa.Table, model: Model, api: DuckDBAPI) -> Linker:
    linker = Linker(
        [api.register(each) for each in _files(features)] if model.links else api.register(features), model.settings()
    )
    linker.training.estimate_probability_two_random_records_match(model.deterministic, recall=model.recall)
    linker.training.estimate_u_using_random_sampling(max_pairs=model.u_pairs, seed=_SEED)
    for rule in model.training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=model.em_pairs)
    return linker


def _files(records: pa.Table) -> list[pa.Table]:
    """The records of each file."""
    names = pc.unique(records[FILE]).to_pylist()
    return [records.filter(pc.equal(records[FILE], name)).drop_columns([FILE]) for name in names]


def _resolved(linker: Linker, model: Model, threshold: float, total: int, group: Any, ids: pa.Array) -> Found:
    predicted = linker.inference.predict()
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_weight=threshold
    ).as_pyarrow_table()
    left, right = (_places(predicted, f"{model.id_column}_{side}", ids) for side in "lr")
    weight = predicted.query_sql("select match_weight from {this}").as_pyarrow_table()["match_weight"].to_numpy()
    cluster = np.empty(total, np.int64)
    names = clusters["cluster_id"].combine_chunks().dictionary_encode().indices.to_numpy()
    cluster[pc.index_in(clusters[model.id_column], value_set=ids).to_numpy()] = names
    return Found(left, right, weight, group, cluster[group], threshold, len(left))


def _places(predicted: Any, column: str, ids: pa.Array) -> Any:
    """Positions of the ids in one column of the pairs."""
    found = predicted.query_sql(f"select {column} from {{this}}").as_pyarrow_table()[column]
    return pc.index_in(found, value_set=ids).to_numpy().astype(np.int64)


if __name__ == "__main__":
    main()
