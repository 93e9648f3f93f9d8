"""The pairs that a resolution has wrong, as rows that a person reads side by side: what `--errors` writes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from numpy.typing import NDArray
from pyarrow import csv

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.input.record_files import column_of, id_names
from spark_jobs.entities.input.text_tables import string_batches
from spark_jobs.entities.match.clusters import Links
from spark_jobs.entities.measure.labelled_pairs import places_of
from spark_jobs.entities.measure.scores import Labels, Mask, Positions, codes_of, each_once
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs
from spark_jobs.intake.formats.machinery.formula_text import escape_formula

MOST_ROWS = 1000
"""Of each kind of error."""
_BESIDE = 30
"""Of a cluster each record is looked at beside so many others: a wrong one may hold all records of a file."""


@dataclass(frozen=True)
class Found:
    """What a resolution says of the records.

    Args:
        node: of each record; records of one node are always predicted.
        cluster: of each record.
        file: of each record.
        pairs: of nodes, with their weight.
        threshold: pairs of this weight or more are predicted.
        between_files: only pairs of records of two files count.
    """

    node: Positions
    cluster: Labels
    file: Labels
    pairs: Links
    threshold: float
    between_files: bool


@dataclass(frozen=True)
class Pairs:
    """Pairs of records with their weight: infinite for those of one node, not a number where nothing was compared."""

    a: Positions
    b: Positions
    weight: NDArray[np.float64]

    def where(self, mask: Mask) -> "Pairs":
        """Some of them."""
        return Pairs(self.a[mask], self.b[mask], self.weight[mask])

    def first(self, order: NDArray[Any]) -> "Pairs":
        """As many as are written, those of the lowest `order` first."""
        taken = np.argsort(order, kind="stable")[:MOST_ROWS]
        return Pairs(self.a[taken], self.b[taken], self.weight[taken])


def wrong_pairs(found: Found, truth: Clusters | LabelledPairs) -> dict[str, Pairs]:
    """The wrong pairs by kind.

    false_positive, the strongest first; false_negative, the weakest first; not_compared; parted, linked by their weight
    and in two clusters; joined, not the same and in one cluster through others,
    examples where the cluster is large. Records of one node and one entity are
    shown once, by the first of them.
    """
    weighed = Weighed(found)
    if isinstance(truth, LabelledPairs):
        same = weighed.pairs(truth.one[truth.is_same], truth.other[truth.is_same])
        apart = clustered = weighed.pairs(truth.one[~truth.is_same], truth.other[~truth.is_same])
    elif truth.links is not None:
        same = weighed.pairs(*truth.links)
        every = np.arange(len(found.node))
        apart, clustered = weighed.predicted(every), weighed.pairs(*_pairs_within(found.cluster, every, _BESIDE))
        apart, clustered = (each.where(~_among(each, same, len(every))) for each in (apart, clustered))
    else:
        shown = _shown(truth.entity, found)
        same = weighed.pairs(*_pairs_within(truth.entity, shown))
        apart, clustered = weighed.predicted(shown), weighed.pairs(*_pairs_within(found.cluster, shown, _BESIDE))
        apart, clustered = (each.where(truth.entity[each.a] != truth.entity[each.b]) for each in (apart, clustered))
    if found.between_files:
        same, apart, clustered = (
            pairs.where(found.file[pairs.a] != found.file[pairs.b]) for pairs in (same, apart, clustered)
        )
    wrong, missed = apart.where(apart.weight >= found.threshold), same.where(same.weight < found.threshold)
    left_out = same.where(np.isnan(same.weight))
    linked = same.where(same.weight >= found.threshold)
    parted = linked.where(found.cluster[linked.a] != found.cluster[linked.b])
    joined = clustered.where(found.cluster[clustered.a] == found.cluster[clustered.b])
    joined = joined.where(~(joined.weight >= found.threshold))
    return {
        "false_positive": wrong.first(-wrong.weight),
        "false_negative": missed.first(missed.weight),
        "not_compared": left_out.first(left_out.a),
        "parted": parted.first(-parted.weight),
        "joined": joined.first(joined.a),
    }


class Weighed:
    """Weights of pairs of records, from those of their nodes."""

    def __init__(self, found: Found) -> None:
        self._found, self._nodes = found, int(found.node.max(initial=-1)) + 1
        self._left, self._right, self._weight = each_once(found.pairs.a, found.pairs.b, found.pairs.weight, self._nodes)

    def pairs(self, a: Positions, b: Positions) -> Pairs:
        """Given pairs with their weight, each with the record of the earlier file left."""
        files = self._found.file
        turned = (files[a] > files[b]) | ((files[a] == files[b]) & (a > b))
        a, b = np.where(turned, b, a), np.where(turned, a, b)
        one, other = self._found.node[a], self._found.node[b]
        place, is_there = places_of(self._left, self._right, one, other, self._nodes)
        weight = np.full(len(a), np.nan)
        weight[is_there] = self._weight[place[is_there]]
        return Pairs(a, b, np.where(one == other, np.inf, weight))

    def predicted(self, shown: Positions) -> Pairs:
        """All pairs of some records that are predicted."""
        node = self._found.node
        shown = shown[np.argsort(node[shown], kind="stable")]
        linked = self._weight >= self._found.threshold
        a, b = _crossed(self._left[linked], self._right[linked], node[shown])
        within = _pairs_within(node, shown)
        return self.pairs(np.concatenate([shown[a], within[0]]), np.concatenate([shown[b], within[1]]))


def _crossed(left: Positions, right: Positions, nodes: Positions) -> tuple[Positions, Positions]:
    """For each pair of nodes, every place of the left one in sorted `nodes` with every place of the right one."""
    begin_l, begin_r = np.searchsorted(nodes, left), np.searchsorted(nodes, right)
    size_l, size_r = np.searchsorted(nodes, left, "right") - begin_l, np.searchsorted(nodes, right, "right") - begin_r
    several = size_l * size_r
    pair = np.repeat(np.arange(len(left)), several)
    inner = np.arange(len(pair)) - np.repeat(np.cumsum(several) - several, several)
    return begin_l[pair] + inner // size_r[pair], begin_r[pair] + inner % size_r[pair]


def _shown(entity: Labels, found: Found) -> Positions:
    """The first record of each entity, node and file."""
    what = np.stack([codes_of(entity), found.node, codes_of(found.file)])
    return np.sort(np.unique(what, axis=1, return_index=True)[1])


def _pairs_within(label: Labels, shown: Positions, most: int | None = None) -> tuple[Positions, Positions]:
    """All pairs of some records that have the same label, or each record with the `most` that follow it there."""
    order = shown[np.argsort(label[shown], kind="stable")]
    begin, found = np.arange(len(order)), [np.zeros((2, 0), np.int64)]
    for apart in range(1, len(order) if most is None else min(len(order), most + 1)):
        begin = begin[begin + apart < len(order)]
        begin = begin[label[order[begin]] == label[order[begin + apart]]]
        if not len(begin):
            break
        found.append(np.stack([order[begin], order[begin + apart]]))
    both = np.concatenate(found, axis=1)
    return both[0], both[1]


def _among(pairs: Pairs, others: Pairs, total: int) -> Mask:
    """Which pairs are among others, the sides of both in one order."""
    return np.isin(pairs.a * total + pairs.b, others.a * total + others.b)


def write_errors(
    path: Path, wrong: dict[str, Pairs], records: tuple[pa.Array, Labels], spec: EntitySpec, files: list[Path]
) -> None:
    """Write wrong pairs as CSV: kind, weight, record ids, files, and the attributes of both side by side.

    Args:
        path: where to; replaced.
        wrong: by kind, as of `wrong_pairs`.
        records: id and number of the file of each record.
        spec: the kind of entity.
        files: of the records, by number.
    """
    weight = np.concatenate([pairs.weight for pairs in wrong.values()])
    columns: dict[str, Any] = {
        "kind": np.repeat(list(wrong), [len(pairs.a) for pairs in wrong.values()]),
        "weight": pa.array(np.round(weight, 4), mask=~np.isfinite(weight)),
    }
    sides = [np.concatenate([getattr(pairs, side) for pairs in wrong.values()]) for side in ("a", "b")]
    known = _attributes(np.unique(np.concatenate(sides)), records, spec, files)
    for name in known.column_names[1:]:
        for side, position in zip("ab", sides, strict=True):
            row = pc.index_in(pa.array(position), value_set=known.column("position"))
            texts = known.column(name).take(row).to_pylist()
            columns[f"{name}_{side}"] = [escape_formula(text) if isinstance(text, str) else text for text in texts]
    csv.write_csv(pa.table(columns), path)


def _attributes(
    positions: Positions, records: tuple[pa.Array, Labels], spec: EntitySpec, files: list[Path]
) -> pa.Table:
    """What files say of some records: `position`, `record_id`, `file` and the other attributes."""
    parts = []
    for number, path in enumerate(files):
        here = positions[records[1][positions] == number]
        ids = records[0].cast(pa.string()).take(pa.array(here))
        said = _rows_of(path, spec, ids)
        parts.append(said.add_column(0, "position", pa.array(here).take(said.column("row"))).drop(["row"]))
    return pa.concat_tables(parts)


def _rows_of(path: Path, spec: EntitySpec, ids: pa.Array) -> pa.Table:
    """The rows of a file whose id is among some, and which of them each is: `row`."""
    if path.is_dir() or path.suffix == ".parquet":
        source = ds.dataset(path)
        names, batches = source.schema.names, source.to_batches()
    else:
        reader = string_batches(path, spec.records.encoding if spec.records else None)
        names, batches = reader.schema.names, reader
    taken = {"record_id": column_of(names, id_names(spec))}
    taken |= {a.name: column_of(names, a.sources) for a in spec.attributes if a.name != "file"}
    schema = pa.schema([("row", pa.int64()), ("file", pa.string()), *((name, pa.string()) for name in taken)])
    found = []
    for batch in batches:
        row = pc.index_in(pc.utf8_trim_whitespace(batch.column(taken["record_id"]).cast(pa.string())), value_set=ids)
        kept = batch.append_column("row", row).filter(row.is_valid())
        texts = [kept.column(c).cast(pa.string()) if c else pa.nulls(len(kept), pa.string()) for c in taken.values()]
        file = pa.array([path.stem] * len(kept), pa.string())
        found.append(pa.record_batch([kept.column("row").cast(pa.int64()), file, *texts], schema=schema))
    return pa.Table.from_batches(found, schema)
