"""A known truth, read from a file: an entity for each record, or pairs of records that somebody labelled.

A table with a record id and a cluster id says everything. A table of pairs that has pairs of different entities among
them says no more than that, so only its pairs are measured; one that has matches only is taken as the list of all
matches, and says everything too.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pyarrow import csv

from spark_jobs.entities.evaluation import (
    Labels,
    Mask,
    PairScores,
    Positions,
    Score,
    at_thresholds,
    codes_of,
    each_once,
)
from spark_jobs.lake.errors import LakeError

_RECORD = ("record_id", "unique_id", "rec_id", "id")
_CLUSTER = ("entity", "entity_id", "cluster", "cluster_id")
_LEFT = ("unique_id_l", "record_id_l", "id_l", "left_id", "record_id_1", "id1", "idDBLP", "idAbt", "idAmazon")
_RIGHT = ("unique_id_r", "record_id_r", "id_r", "right_id", "record_id_2", "id2", "idACM", "idBuy", "idGoogleBase")
_LABEL = ("clerical_match_score", "is_match", "match", "label")
_HALF = 0.5


@dataclass(frozen=True)
class Clusters:
    """The entity of each record."""

    entity: Labels
    marks: dict[str, Mask] = field(default_factory=dict)
    """Kind of noise -> records that have it; empty where the truth does not say."""


@dataclass(frozen=True)
class LabelledPairs:
    """Pairs of records of which it is known whether they are the same."""

    one: Positions
    other: Positions
    is_same: Mask


def read_truth(path: Path, record_ids: pa.Array) -> Clusters | LabelledPairs:
    """The truth about records, in their order.

    Args:
        path: CSV or Parquet. Columns are found by name, case aside, in any order: a record id (record_id, unique_id,
            rec_id, id) with a cluster (entity, entity_id, cluster, cluster_id) and perhaps `noise`, a list of kinds;
            or two record ids (unique_id_l and unique_id_r, record_id_l, id_l, left_id, record_id_1, id1 and so on)
            with perhaps a label (clerical_match_score, is_match, match, label; from 0.5 on a match).
        record_ids: of all records.

    Raises:
        LakeError: the file is missing or has no such columns, or names records that are not there or leaves some out.
    """
    table = _table(path)
    ids = record_ids.cast(pa.string())
    left, right = _column(table, _LEFT), _column(table, _RIGHT)
    if left and right:
        return _pairs_of(table, left, right, ids, path)
    record, cluster = _column(table, _RECORD), _column(table, _CLUSTER)
    if record and cluster:
        return _clusters_of(table, record, cluster, ids, path)
    raise LakeError(
        f"{path.name} has the columns {', '.join(table.column_names)}, which name neither clusters nor pairs",
        f"give it a record id ({', '.join(_RECORD)}) with a cluster ({', '.join(_CLUSTER)}), "
        f"or two record ids ({_LEFT[0]} and {_RIGHT[0]}, {_LEFT[3]} and {_RIGHT[3]})",
    )


def _table(path: Path) -> pa.Table:
    if not path.exists():
        raise LakeError(f"there is no file {path}", "check the path of the truth")
    if path.is_dir() or path.suffix == ".parquet":
        return pq.read_table(path)
    names = csv.open_csv(path).schema.names
    as_text = csv.ConvertOptions(column_types={name: pa.string() for name in names})
    return csv.read_csv(path, convert_options=as_text).rename_columns([name.strip() for name in names])


def _column(table: pa.Table, names: tuple[str, ...]) -> str | None:
    """The first of the names that the table has, case aside."""
    by_name = {column.lower(): column for column in table.column_names}
    return next((by_name[name.lower()] for name in names if name.lower() in by_name), None)


def _clusters_of(table: pa.Table, record: str, cluster: str, ids: pa.Array, path: Path) -> Clusters:
    named = table[record].cast(pa.string()).combine_chunks()
    place = pc.index_in(ids, value_set=named)
    if place.null_count:
        missing = ids.filter(place.is_null())
        raise LakeError(
            f"{path.name} does not say who {len(missing):,} of {len(ids):,} records are, the first is {missing[0]}",
            "give the truth of all records, under the ids that the records have",
        )
    if len(pc.unique(named)) != len(named):
        raise LakeError(f"{path.name} names a record twice", "give each record one line")
    entity = table[cluster].combine_chunks().take(place)
    marks = _marks(table["noise"].combine_chunks().take(place)) if "noise" in table.column_names else {}
    return Clusters(entity.to_numpy(zero_copy_only=False), marks)


def _marks(noise: pa.Array) -> dict[str, Mask]:
    """Lists of kinds as a mask for each kind."""
    kinds = pc.unique(noise.flatten())
    record = pc.list_parent_indices(noise).to_numpy()
    number = pc.index_in(noise.flatten(), value_set=kinds).to_numpy()
    marks = {}
    for position, kind in enumerate(kinds.to_pylist()):
        marks[kind] = np.zeros(len(noise), np.bool_)
        marks[kind][record[number == position]] = True
    return marks


def _pairs_of(table: pa.Table, left: str, right: str, ids: pa.Array, path: Path) -> Clusters | LabelledPairs:
    one, other = (_positions(table[name], ids, path) for name in (left, right))
    label = _column(table, _LABEL)
    is_same = _labels(table[label], path) if label else np.ones(len(one), np.bool_)
    if is_same.all():
        return Clusters(_components(one, other, len(ids)))
    return LabelledPairs(one, other, is_same)


def _labels(column: pa.ChunkedArray, path: Path) -> Mask:
    """Where a label says match: a number from 0.5 on, true or yes."""
    text = pc.utf8_lower(column.cast(pa.string()))
    for word, number in (("true", "1"), ("yes", "1"), ("false", "0"), ("no", "0")):
        text = pc.if_else(pc.equal(text, word), number, text)
    try:
        same: Mask = pc.cast(text, pa.float64()).to_numpy() >= _HALF
    except pa.ArrowInvalid as error:
        raise LakeError(f"{path.name} has a label that is no number: {error}", "label pairs with 1 and 0") from error
    return same


def _positions(column: pa.ChunkedArray, ids: pa.Array, path: Path) -> Positions:
    place = pc.index_in(column.cast(pa.string()).combine_chunks(), value_set=ids)
    if place.null_count:
        raise LakeError(
            f"{path.name} names {place.null_count:,} records that are not there",
            "give pairs of the records' own ids; of several files, <file>:<id>",
        )
    found: Positions = place.to_numpy().astype(np.int64)
    return found


def _components(one: Positions, other: Positions, total: int) -> Positions:
    """The smallest position that each record is connected with."""
    label = np.arange(total)
    while True:
        before = label.copy()
        low = np.minimum(label[one], label[other])
        np.minimum.at(label, one, low)
        np.minimum.at(label, other, low)
        label = label[label]
        if (label == before).all():
            return label


def labelled_pair_scores(
    left: Positions,
    right: Positions,
    weight: NDArray[Any],
    labelled: LabelledPairs,
    threshold: float,
    group: Labels | None = None,
) -> PairScores:
    """Scored pairs against pairs that somebody labelled; pairs without a label do not count.

    Args:
        left: as in `pair_scores`.
        right: likewise.
        weight: likewise.
        labelled: the pairs that count.
        threshold: likewise.
        group: likewise.
    """
    one, other, is_same = labelled.one, labelled.other, labelled.is_same
    groups = int(max(np.max(one, initial=-1), np.max(other, initial=-1), np.max(left, initial=-1))) + 1
    groups = max(groups, int(np.max(right, initial=-1)) + 1)
    if group is not None:
        one, other, groups = np.asarray(group)[one], np.asarray(group)[other], int(np.max(group, initial=-1)) + 1
    left, right, weight = each_once(left, right, weight, groups)
    keys = left * groups + right
    wanted = np.minimum(one, other) * groups + np.maximum(one, other)
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    found = keys[place] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)
    together = one == other
    inside = Score(int((together & is_same).sum()), int(together.sum()), int(is_same.sum()))
    scored = found & ~together
    counted = is_same[scored].astype(np.int64)
    scores = at_thresholds(weight[place[scored]], counted, np.ones_like(counted), inside, threshold)
    return PairScores(scores.best, scores.best_threshold, scores.at_threshold, len(left))


def labelled_cluster_scores(predicted: Labels, labelled: LabelledPairs) -> Score:
    """Clusters against labelled pairs only."""
    one, other, is_same = labelled.one, labelled.other, labelled.is_same
    cluster = codes_of(predicted)
    together = cluster[one] == cluster[other]
    return Score(int((together & is_same).sum()), int(together.sum()), int(is_same.sum()))
