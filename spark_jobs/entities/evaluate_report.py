"""The figures of an evaluation: from files to one dictionary, and that as tables."""

import math
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from expectations.entity_spec import EntitySpec, SpecError, load_spec
from spark_jobs.entities.evaluate import Prior, Resolution, resolve_files
from spark_jobs.entities.evaluation import by_noise, cluster_scores, pair_scores
from spark_jobs.entities.evaluation_truth import (
    Clusters,
    labelled_cluster_scores,
    labelled_pair_scores,
    read_truth,
)
from spark_jobs.entities.meter import Meter
from spark_jobs.entities.model import Model, load_model, save_model, shipped_path
from spark_jobs.lake import server, session
from spark_jobs.lake.errors import LakeError


def evaluate_files(
    spec_path: Path, files: list[Path], truth: Path, model_path: Path | None, save_to: Path | None, prior: Prior
) -> dict[str, Any]:
    """All figures of resolving files by a spec, by name.

    Raises:
        LakeError: a file is wrong; what it says names file, column and next step.
    """
    try:
        spec = load_spec(spec_path)
    except SpecError as error:
        raise LakeError(str(error), "mend the spec; expectations/entities/README.md explains every field") from error
    model = model_of(spec, spec_path, model_path)
    server.ensure_up()
    with session.connected("evaluate") as spark:
        meter = Meter()
        found = resolve_files(spark, spec, files, model, prior, meter)
    if save_to is not None:
        save_model(found.model, save_to)
    return {**measured(found, spec, truth), **meter.figures()}


def model_of(spec: EntitySpec, spec_path: Path, model_path: Path | None) -> Model | None:
    """The model that is named; else the one beside the spec if it fits; else none.

    Raises:
        LakeError: the model that is named is not there, is none, or does not fit the spec.
    """
    path = model_path or shipped_path(spec_path.stem, spec_path.parent)
    if model_path is None and not path.is_file():
        return None
    try:
        model = load_model(path)
        model.check(spec)
    except (OSError, ValueError) as error:
        if model_path is None:
            return None
        raise LakeError(f"{path} is no model for {spec_path}: {error}", "leave --model away to learn one") from error
    return model


def measured(found: Resolution, spec: EntitySpec, truth_path: Path) -> dict[str, Any]:
    """How good a resolution is, by the names that reports use."""
    truth = read_truth(truth_path, found.record_id)
    pairs = (found.pairs.a, found.pairs.b, found.pairs.weight)
    threshold = spec.matching.threshold
    if isinstance(truth, Clusters):
        of_pairs = pair_scores(*pairs, truth.entity, threshold, found.node)
        of_clusters = cluster_scores(found.cluster, truth.entity)
        clustered, b3 = of_clusters.pairs, (of_clusters.b3_precision, of_clusters.b3_recall, of_clusters.b3_f1)
        noise = by_noise(found.cluster, truth.entity, truth.marks)
    else:
        of_pairs = labelled_pair_scores(*pairs, truth, threshold, found.node)
        clustered, b3, noise = labelled_cluster_scores(found.cluster, truth), (None, None, None), []
    best = of_pairs.best_threshold
    return {
        "pair_f1_best": of_pairs.best.f1,
        "pair_threshold_best": best if math.isfinite(best) else None,
        "pair_precision": of_pairs.at_threshold.precision,
        "pair_recall": of_pairs.at_threshold.recall,
        "pair_f1": of_pairs.at_threshold.f1,
        "clustered_f1": clustered.f1,
        "clustered_precision": clustered.precision,
        "clustered_recall": clustered.recall,
        **dict(zip(("b3_precision", "b3_recall", "b3_f1"), b3, strict=True)),
        "pairs_scored": len(found.pairs.a),
        "records": len(found.record_id),
        "profiles": found.profiles,
        "entities": len(set(found.cluster.tolist())),
        "threshold": threshold,
        "prior": round(found.prior, 4),
        "model": found.model.version,
        "trained_on": found.model.trained_on,
        "blocks": found.blocks,
        "by_noise": {
            mark.kind: {
                "records": mark.records,
                "recall": mark.touched.recall,
                "precision": mark.touched.precision,
                "precision_within": mark.within.precision,
            }
            for mark in noise
        },
    }


def show(figures: dict[str, Any], console: Console) -> None:
    """Print the figures as tables."""
    table = Table("figure", "value", title=f"model {figures['model']}")
    for name, value in figures.items():
        if not isinstance(value, dict):
            table.add_row(name, _text(value))
    console.print(table)
    for title, rows in (("stages, seconds", "stages"), ("blocks", "blocks"), ("by noise", "by_noise")):
        if figures[rows]:
            console.print(_by_name(title, figures[rows]))


def _by_name(title: str, rows: dict[str, Any]) -> Table:
    first = next(iter(rows.values()))
    names = list(first) if isinstance(first, dict) else ["value"]
    table = Table("", *names, title=title)
    for name, row in rows.items():
        table.add_row(name, *map(_text, row.values() if isinstance(row, dict) else [row]))
    return table


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value)
