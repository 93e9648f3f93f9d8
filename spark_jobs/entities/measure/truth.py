"""A known truth, read from a file: an entity for each record, or pairs of records that somebody labelled.

A table with a record id and a cluster id says everything. A table of pairs that has pairs of different entities among
them says no more than that, so only its pairs are measured; one that has matches only is taken as the list of all
matches, and says everything too.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from spark_jobs.base.errors import LakeError, without_values
from spark_jobs.entities.input import text_tables
from spark_jobs.entities.measure.record_ids import Records
from spark_jobs.entities.measure.row_numbers import ids_of_rows
from spark_jobs.entities.measure.scores import Labels, Mask, Positions, each_once

_RECORD = ("record_id", "unique_id", "rec_id", "id")
_CLUSTER = ("entity", "entity_id", "cluster", "cluster_id", "true_id", "truth")
_LEFT = (
    *("unique_id_l", "record_id_l", "id_l", "l_id", "ltable_id", "left_id", "record_id_1", "id1"),
    *("idDBLP", "idAbt", "idAmazon"),
)
_RIGHT = (
    *("unique_id_r", "record_id_r", "id_r", "r_id", "rtable_id", "right_id", "record_id_2", "id2"),
    *("idACM", "idBuy", "idGoogleBase"),
)
_LABEL = ("clerical_match_score", "is_match", "match", "label", "gold")
_FILE = ("file", "source_dataset", "source")
_FILE_LEFT, _FILE_RIGHT = (("file_" + side, "source_dataset_" + side, "source_" + side) for side in "lr")
TRUTH_NAMES = (*_RECORD, *_CLUSTER, *_LEFT, *_RIGHT, *_LABEL, *_FILE)
"""All names that a column of a truth may have."""
_HALF = 0.5
_OTHER_FILE = "; if it names pairs of two files, give the other one too, by a second --records"


@dataclass(frozen=True)
class Clusters:
    """The entity of each record."""

    entity: Labels
    marks: dict[str, Mask] = field(default_factory=dict)
    """Kind of noise -> records that have it; empty where the truth does not say."""
    links: tuple[Positions, Positions] | None = None
    """Where two files were linked: the pairs that the truth lists, each once; no other pair is one."""
    read_as: str = "clusters"
    """As what its columns were taken."""


@dataclass(frozen=True)
class LabelledPairs:
    """Pairs of records of which it is known whether they are the same."""

    one: Positions
    other: Positions
    is_same: Mask
    read_as: str = "labelled pairs"
    """As what its columns were taken."""


def read_truth(path: Path, records: pa.Array | Records, id_column: str = "record_id") -> Clusters | LabelledPairs:
    """The truth about records, in their order.

    Args:
        path: CSV or Parquet. Columns are found by name, case aside, in any order: a record id (that of the records,
            record_id, unique_id, rec_id, id) with a cluster (entity, entity_id, cluster, cluster_id, true_id, truth)
            and perhaps `noise`, a list of kinds; or two record ids (unique_id_l and unique_id_r, ltable_id, left_id,
            id1 and so on) with perhaps a label (clerical_match_score, is_match, match, label, gold; from 0.5 on a
            match). Two columns of other names are a record id and a cluster if the first names each record once or
            the second names none, else pairs. Of two files, the first column of pairs means the first file, the
            second the second. Where no value is an id, they may be numbers of rows.
        records: all records; the ids alone where they are of one file.
        id_column: name that the records' files have for the id.

    Raises:
        LakeError: the file is missing or has no rows or no such columns, or names records that are not there or leaves
            some out.
    """
    table = _table(path)
    if not table.num_rows:
        raise LakeError(f"{path.name} has no rows", "give the truth of the records: at least one cluster or pair")
    found = records if isinstance(records, Records) else Records.of_one_file(records)
    found.check()
    left, right = _column(table, _LEFT), _column(table, _RIGHT)
    if left and right:
        table, rows = ids_of_rows(table, [left, right], found)
        return _said(_pairs_of(table, left, right, found, path), rows)
    record, cluster = _column(table, (id_column, *_RECORD)), _column(table, _CLUSTER)
    if record and cluster and record != cluster:
        table, rows = ids_of_rows(table, [record], found)
        return _said(_clusters_of(table, record, cluster, found, path), rows)
    others = [name for name in table.column_names if name not in {_column(table, _LABEL), _column(table, _FILE)}]
    others = [name for name in others if name != "noise"]
    if len(others) == 2:
        is_list = len(table) == len(found) == len(pc.unique(table[others[0]]))
        table, rows = ids_of_rows(table, others[:1] if is_list else others, found)
        return _said(_of_two_columns(table, others, found, path), rows)
    raise LakeError(
        f"{path.name} has the columns {', '.join(table.column_names)}, which name neither clusters nor pairs",
        f"give it a record id ({', '.join(_RECORD)}) with a cluster ({', '.join(_CLUSTER)}), "
        f"or two record ids ({_LEFT[0]} and {_RIGHT[0]}, {_LEFT[5]} and {_RIGHT[5]})",
    )


def _said(truth: Clusters | LabelledPairs, how: str) -> Clusters | LabelledPairs:
    return replace(truth, read_as=truth.read_as + how) if how else truth


def _of_two_columns(table: pa.Table, names: list[str], records: Records, path: Path) -> Clusters | LabelledPairs:
    """Two columns of any name: clusters if the first names each record once or the second names none, else pairs."""
    first, second = (table[name].cast(pa.string()) for name in names)
    are_clusters = len(first) == len(records) == len(pc.unique(first))
    if are_clusters:
        return _clusters_of(table, names[0], names[1], records, path)
    if not pc.any(pc.is_in(second, records.ids)).as_py():
        hint = _OTHER_FILE if len(records.names) == 1 else ""
        return _clusters_of(table, names[0], names[1], records, path, hint)
    return _pairs_of(table, names[0], names[1], records, path)


def _table(path: Path) -> pa.Table:
    if not path.exists():
        raise LakeError(f"there is no file {path}", "check the path of the truth")
    try:
        if path.is_dir() or path.suffix == ".parquet":
            return pq.read_table(path)
        return text_tables.strings(path)
    except pa.ArrowInvalid as error:
        raise LakeError(f"{path} cannot be read: {without_values(error)}", "give a CSV or Parquet file") from error


def _column(table: pa.Table, names: tuple[str, ...]) -> str | None:
    """The first of the names that the table has, case aside."""
    by_name = {column.lower(): column for column in table.column_names}
    return next((by_name[name.lower()] for name in names if name.lower() in by_name), None)


def _clusters_of(table: pa.Table, record: str, cluster: str, records: Records, path: Path, hint: str = "") -> Clusters:
    source = _column(table, _FILE)
    place = records.find(table[record], table[source] if source else None)
    rows = np.flatnonzero(place >= 0)
    row_of = np.full(len(records), -1)
    row_of[place[rows]] = rows
    if (row_of < 0).any():
        first = records.ids[int(np.argmax(row_of < 0))]
        raise LakeError(
            f"{path.name} does not say who {(row_of < 0).sum():,} of {len(records):,} records are, "
            f"the first is {first}",
            f"give the truth of all records, under the ids that the records have (column {record}){hint}",
        )
    if len(rows) != len(records):
        raise LakeError(f"{path.name} names a record twice in column {record}", "give each record one line")
    entity = table[cluster].combine_chunks().take(pa.array(row_of))
    if entity.null_count:
        raise LakeError(f"{path.name} has {entity.null_count:,} records without {cluster}", "give each a cluster")
    noise = table["noise"].combine_chunks().take(pa.array(row_of)) if "noise" in table.column_names else None
    # Numbers for texts: ten million of them are sorted several times.
    codes = entity.dictionary_encode().indices.to_numpy()
    read_as = f"clusters: record id {record}, cluster {cluster}"
    return Clusters(codes, {} if noise is None else _marks(noise), read_as=read_as)


def _marks(noise: pa.Array) -> dict[str, Mask]:
    """Lists of kinds, or texts with a semicolon between two kinds, as a mask for each kind."""
    if not pa.types.is_list(noise.type):
        noise = pc.split_pattern(pc.fill_null(noise.cast(pa.string()), ""), ";")
    flat = pc.utf8_trim_whitespace(noise.flatten())
    record = pc.list_parent_indices(noise).to_numpy()
    kinds = pc.unique(flat)
    number = pc.index_in(flat, value_set=kinds).to_numpy()
    marks = {}
    for position, kind in enumerate(kinds.to_pylist()):
        if kind:
            marks[kind] = np.zeros(len(noise), np.bool_)
            marks[kind][record[number == position]] = True
    return marks


def _pairs_of(table: pa.Table, left: str, right: str, records: Records, path: Path) -> Clusters | LabelledPairs:
    one, other = _both_sides(table, left, right, records)
    for name, place in ((left, one), (right, other)):
        if (place < 0).any():
            first = table[name][int(np.argmax(place < 0))]
            raise LakeError(
                f"{path.name} names {(place < 0).sum():,} records in column {name} that are not there, "
                f"the first is {first}",
                "give pairs of the records' own ids; of more than two files, <file>:<id>" + _hint(place, records),
            )
    label = _column(table, _LABEL)
    is_same = _labels(table[label], path) if label and label not in {left, right} else np.ones(len(one), np.bool_)
    sides = f"record ids {left} and {right}"
    if not is_same.all():
        return LabelledPairs(one, other, is_same, f"labelled pairs: {sides}, label {label}")
    entity = _components(one, other, len(records))
    read_as = f"pairs, all there are: {sides}"
    if len(records.names) != 2:
        return Clusters(entity, read_as=read_as)
    links = each_once(one, other, np.ones(len(one)), len(records))[:2]
    return Clusters(entity, links=links, read_as=read_as)


def _hint(place: Positions, records: Records) -> str:
    """A whole file may be missing where half of the records are not there."""
    return _OTHER_FILE if len(records.names) == 1 and (place < 0).mean() >= _HALF else ""


def _both_sides(table: pa.Table, left: str, right: str, records: Records) -> tuple[Positions, Positions]:
    """Where the records of the two columns are; of two files, each column means one of them."""
    sources = [_column(table, names) for names in (_FILE_LEFT, _FILE_RIGHT)]
    if len(records.names) != 2 or all(sources):
        of_files = [table[source] if source else None for source in sources]
        return records.find(table[left], of_files[0]), records.find(table[right], of_files[1])
    stated = records.find_in(table[left], 0), records.find_in(table[right], 1)
    exchanged = records.find_in(table[left], 1), records.find_in(table[right], 0)
    for sides in (stated, exchanged):
        if all((side >= 0).all() for side in sides):
            return sides
    try:
        return records.find(table[left]), records.find(table[right])
    except LakeError:
        return stated


def _labels(column: pa.ChunkedArray, path: Path) -> Mask:
    """Where a label says match: a number from 0.5 on, true or yes."""
    text = pc.utf8_lower(column.cast(pa.string()))
    for word, number in (("true", "1"), ("yes", "1"), ("false", "0"), ("no", "0")):
        text = pc.if_else(pc.equal(text, word), number, text)
    try:
        same: Mask = pc.cast(text, pa.float64()).to_numpy() >= _HALF
    except pa.ArrowInvalid as error:
        raise LakeError(f"{path.name} has a label that is no number", "label pairs with 1 and 0") from error
    return same


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
