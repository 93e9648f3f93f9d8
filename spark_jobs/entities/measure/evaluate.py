"""Resolve records of files, to be measured: what `lake evaluate` does first."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyspark.sql import DataFrame

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.input.record_files import read_records
from spark_jobs.entities.learn.estimation import level_counts, prior_of_weights, unpack
from spark_jobs.entities.learn.training import train_on_profiles
from spark_jobs.entities.match import matching
from spark_jobs.entities.match.clusters import Links
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.match.profiles import profiles_of
from spark_jobs.entities.measure import blocking_report
from spark_jobs.entities.measure.column_shares import ColumnShares, column_shares
from spark_jobs.entities.measure.estimates import Estimates, estimates
from spark_jobs.entities.measure.one_sided import is_said_by_side, one_sided
from spark_jobs.entities.measure.places import BEATEN, chances, chances_of_rivals
from spark_jobs.entities.measure.scores import Labels, Positions
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.server.meter import Meter

Prior = Literal["auto", "model"]
_OF_LINKS = ("node_a", "node_b", "weight")


@dataclass(frozen=True)
class Resolution:
    """What became of the records of some files.

    Args:
        record_id: the id of each record, as its file has it.
        file: number of each record's file.
        node: position of each record's node.
        pairs: compared pairs of nodes by position, with the weight of each.
        cluster: cluster of each record.
        model: what the weights come from.
        prior: in bits; part of every weight.
        profiles: distinct contents.
        levels: by comparison, how many compared pairs have each level, from level 0 (else) up.
        blocks: what blocking did, by rule.
        columns: what each compared column holds.
        estimates: how good it is by its weights and rules alone.
        one_sided: by comparison, pairs that have another level the other way round, and of how many.
    """

    record_id: pa.Array
    file: Labels
    node: Positions
    pairs: Links
    cluster: Labels
    model: Model
    prior: float
    profiles: int
    levels: dict[str, list[int]]
    blocks: dict[str, dict[str, int]]
    columns: dict[str, ColumnShares]
    estimates: Estimates
    one_sided: dict[str, tuple[int, int]] = field(default_factory=dict)


def resolve_files(
    bench: Workbench, spec: EntitySpec, files: list[Path], model: Model | None, prior: Prior, meter: Meter
) -> Resolution:
    """Resolve the records of files, all at once.

    Args:
        bench: of an engine, see `Engine.joining`.
        spec: the kind of entity.
        files: CSV or Parquet.
        model: None to learn one from these records.
        prior: that of the model, or one that fits these records.
        meter: counts what it costs; the report on blocks is made after it was read.
    """
    return _Run(bench, spec, meter).resolve(files, model, prior)


@dataclass(frozen=True)
class _Run:
    """One resolution: what computes, and what it costs."""

    bench: Workbench
    spec: EntitySpec
    meter: Meter

    def keep(self, rows: DataFrame, name: str) -> DataFrame:
        kept = self.bench.staging.keep(rows, name)
        self.meter.note(rows)
        return kept

    def resolve(self, files: list[Path], model: Model | None, prior: Prior) -> Resolution:
        spec, meter = self.spec, self.meter
        with meter.stage("records"):
            records = read_records(self.bench.spark, spec, files, self.bench.staging)
            self.keep(records.select("record_id", "file_number", "profile_id"), "records")
        with meter.stage("profiles"):
            keyed = matching.keyed(profiles_of(records, spec), spec)
            profiles = self.keep(keyed, "profiles")
        if model is None:
            with meter.stage("training"):
                model = train_on_profiles(spec, profiles, self.bench.staging)
        watch = self.bench.watch()
        with meter.stage("pairs"):
            prepared = matching.prepared(profiles, spec, model)
            scored = matching.scored_pairs(prepared, spec, model, watch)
            self.keep(scored.select("a", "b", *_OF_LINKS, "strangers", "in_group", "vector", "rules"), "pairs")
        with meter.stage("clusters"):
            found = self._grouped(model, prior)
        meter.stop()
        blocks = blocking_report.by_rule(profiles, spec, watch.counted())
        columns = column_shares(partial(self.bench.staging.table, "profiles"), spec)
        return Resolution(
            **found,
            model=model,
            levels=self._levels(),
            blocks=blocks,
            columns=columns,
            one_sided=self._one_sided(prepared),
        )

    def _one_sided(self, prepared: DataFrame) -> dict[str, tuple[int, int]]:
        if not is_said_by_side(self.spec):
            return {}
        staging = self.bench.staging
        return one_sided(staging.read(self.bench.spark, "pairs"), staging.count("pairs"), prepared, self.spec)

    def _levels(self) -> dict[str, list[int]]:
        """How many pairs have each level of each comparison."""
        told = pc.value_counts(self.bench.staging.table("pairs", ["vector"]).column(0).combine_chunks())
        comparisons = self.spec.matching.comparisons
        vectors = unpack(told.field("values").to_numpy(), told.field("counts").to_numpy(), len(comparisons))
        return {
            each.name: level_counts(vectors, number, len(each.levels) + 1).astype(int).tolist()
            for number, each in enumerate(comparisons)
        }

    def _grouped(self, model: Model, prior: Prior) -> dict[str, Any]:
        """Clusters of nodes, and what they mean for records."""
        between = [self.spec.matching.between] if self.spec.matching.between else []
        profiles = self.bench.staging.table("profiles", ["profile_id", "node_id", "value", *between])
        records = self.bench.staging.table("records")
        nodes, node = _nodes_of(records, profiles)
        links, bits = matching.links_of(self.bench.staging.table("pairs", list(_OF_LINKS))), model.prior
        if prior == "auto":
            links, bits = self._with_prior(links, model, self._possible(profiles))
        values = matching.node_values(profiles)
        grouping = matching.grouped(links, values, self.spec)
        chance = chances(links.weight)
        if self.spec.matching.one_per is not None:
            chance = chances_of_rivals(links, *matching.values_of_links(links, values))
            beaten = matching.rivals(links, values)
            links = Links(links.a, links.b, np.where(beaten, links.weight - BEATEN, links.weight))
        cluster = nodes.copy()
        cluster[np.searchsorted(nodes, grouping.node)] = grouping.cluster
        return {
            "record_id": records.column("record_id").combine_chunks(),
            "file": records.column("file_number").to_numpy(),
            "node": node,
            "pairs": Links(np.searchsorted(nodes, links.a), np.searchsorted(nodes, links.b), links.weight),
            "cluster": cluster[node],
            "prior": bits,
            "profiles": len(profiles),
            "estimates": self._estimates(chance, links.weight),
        }

    def _estimates(self, chance: NDArray[np.float64], weight: NDArray[np.float64]) -> Estimates:
        rules = self.bench.staging.table("pairs", ["rules"]).column(0).to_numpy()
        matching = self.spec.matching
        return estimates(chance, weight >= matching.threshold, rules, len(matching.blocking))

    def _with_prior(self, links: Links, model: Model, possible: float) -> tuple[Links, float]:
        """The pairs by the prior that fits these records, and that prior."""
        parts = self.bench.staging.table("pairs", ["strangers", "in_group"])
        evidence = parts.column("strangers").to_numpy() - model.prior
        in_group = None if model.related is None else parts.column("in_group").to_numpy()
        bits = prior_of_weights(evidence, possible, in_group)
        weight = evidence + bits
        if in_group is not None:
            weight = -np.logaddexp2(-weight, -in_group)
        return Links(links.a, links.b, weight), bits

    def _possible(self, profiles: pa.Table) -> float:
        """How many pairs of nodes could be one entity."""
        nodes = len(pc.unique(profiles.column("node_id")))
        possible = nodes * (nodes - 1) / 2
        if self.spec.matching.between is None:
            return possible
        counts = pc.value_counts(profiles.column(self.spec.matching.between)).field("counts").to_numpy()
        shares = counts / counts.sum()
        return float(possible * (1 - (shares**2).sum()))


def _nodes_of(records: pa.Table, profiles: pa.Table) -> tuple[Positions, Positions]:
    """All nodes, sorted, and the position in them of each record's node."""
    profile, of_profile = (profiles.column(name).to_numpy() for name in ("profile_id", "node_id"))
    nodes, position = np.unique(of_profile, return_inverse=True)
    order = np.argsort(profile)
    at = np.searchsorted(profile[order], records.column("profile_id").to_numpy())
    return nodes, position[order][at]
