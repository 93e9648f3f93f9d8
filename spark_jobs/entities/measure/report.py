"""The figures of an evaluation: from files to one dictionary."""

import math
from contextlib import closing
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.entities.input.record_files import id_names, ids_by_row
from spark_jobs.entities.match.levels import LevelWeight, level_weights
from spark_jobs.entities.match.model import Model, load_model, save_model, shipped_path
from spark_jobs.entities.measure.advice import advice, idle
from spark_jobs.entities.measure.asked import check_names, check_there, spec_in
from spark_jobs.entities.measure.cluster_file import write_clusters
from spark_jobs.entities.measure.evaluate import Prior, Resolution, resolve_files
from spark_jobs.entities.measure.groups import groups
from spark_jobs.entities.measure.labelled_pairs import labelled_cluster_scores, labelled_pair_scores
from spark_jobs.entities.measure.links_between_files import link_scores, linked_score, pairs_between
from spark_jobs.entities.measure.losses import losses, wrong_clusters
from spark_jobs.entities.measure.on_engine import Lent, Work, done
from spark_jobs.entities.measure.one_sided import lopsided
from spark_jobs.entities.measure.record_ids import Records
from spark_jobs.entities.measure.scores import (
    ClusterScores,
    NoiseScores,
    PairScores,
    Score,
    by_noise,
    cluster_scores,
    pair_scores,
)
from spark_jobs.entities.measure.table_files import check_file
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs, read_truth
from spark_jobs.entities.measure.wrong_pairs import Found, write_errors, wrong_pairs
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.server import lifecycle
from spark_jobs.lake.server.meter import Meter


def evaluate_files(
    spec_path: Path,
    files: list[Path],
    truth: Path | None,
    model_path: Path | None,
    save_to: Path | None,
    prior: Prior,
    errors: Path | None = None,
    lent: Lent = lifecycle.lent,
    clusters: Path | None = None,
) -> dict[str, Any]:
    """All figures of resolving files by a spec, by name; wrong pairs go to the file `errors`, clusters to `clusters`.

    Without a truth there are estimates, and no wrong pairs.
    `lent` gives the lake server while it is needed: for more records than Sail is better at.

    Raises:
        LakeError: a file is wrong; what it says names file, column and next step.
    """
    check_there({"--spec": spec_path, "--model": model_path, "--truth": truth})
    _check_outputs(truth, errors, clusters)
    spec = spec_in(spec_path)
    model = model_of(spec, spec_path, model_path)
    check_names(files)
    work = Work("evaluate", spec_path, spec, files, partial(_resolved, spec, files, model, prior))
    found, cost = done(work, lent)
    if save_to is not None:
        save_model(found.model, save_to)
    records = _records(found, spec, files)
    known = None if truth is None else read_truth(truth, records, id_names(spec)[0])
    if known is None:
        records.check()
    if clusters is not None:
        write_clusters(clusters, found, files, known)
    if errors is not None and known is not None:
        of_pairs = _weighed(found, spec, files, known)
        write_errors(errors, wrong_pairs(of_pairs, known), (found.record_id, found.file), spec, files)
    against = {} if known is None else measured(found, spec, files, known)
    return {**against, **described(found, spec), **cost}


def _check_outputs(truth: Path | None, errors: Path | None, clusters: Path | None) -> None:
    if errors is not None and truth is None:
        raise LakeError("which pairs are wrong, only a truth says", "give --truth, or leave --errors away")
    if errors is not None and not errors.parent.is_dir():
        raise LakeError(f"there is no folder {errors.parent}", "check the path after --errors")
    if clusters is not None:
        check_file(clusters, "--clusters")


def _records(found: Resolution, spec: EntitySpec, files: list[Path]) -> Records:
    names = tuple(path.stem for path in files)
    return Records(found.record_id, found.file, names, lambda: [ids_by_row(spec, path) for path in files])


def _resolved(
    spec: EntitySpec, files: list[Path], model: Model | None, prior: Prior, bench: Workbench, engine: str
) -> tuple[Resolution, dict[str, Any]]:
    """What became of the records, and what it cost."""
    with closing(Meter(engine=bench.pid)) as meter:
        found = resolve_files(bench, spec, files, model, prior, meter)
        return found, {"engine": engine, **meter.figures()}


def _weighed(found: Resolution, spec: EntitySpec, files: list[Path], truth: Clusters | LabelledPairs) -> Found:
    links = isinstance(truth, Clusters) and (truth.links is not None or _is_between(spec, files))
    return Found(found.node, found.cluster, found.file, found.pairs, spec.matching.threshold, links)


def _is_between(spec: EntitySpec, files: list[Path]) -> bool:
    """Whether files are linked, so that pairs within one are no matter."""
    return len(files) > 1 and spec.matching.between == "file"


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


def measured(found: Resolution, spec: EntitySpec, files: list[Path], truth: Clusters | LabelledPairs) -> dict[str, Any]:
    """How good a resolution is against a truth, by the names that reports use."""
    noise = by_noise(found.cluster, truth.entity, truth.marks) if isinstance(truth, Clusters) else []
    lost = losses(_weighed(found, spec, files, truth), truth)
    return {
        **_accuracy(found, truth, spec, _is_between(spec, files)),
        "blocking_recall": lost.blocking_recall,
        "truth": truth.read_as,
        "pairs_of_one_entity": asdict(lost),
        "wrong_clusters": asdict(wrong_clusters(found.cluster, truth.entity)) if isinstance(truth, Clusters) else {},
        "by_noise": {mark.kind: _of_noise(mark) for mark in noise},
    }


def described(found: Resolution, spec: EntitySpec) -> dict[str, Any]:
    """What a resolution says of itself, by the names that reports use."""
    return {
        **{f"estimated_{name}": value for name, value in asdict(found.estimates).items()},
        "pairs_scored": len(found.pairs.a),
        "records": len(found.record_id),
        "profiles": found.profiles,
        "entities": len(np.unique(found.cluster)),
        "threshold": spec.matching.threshold,
        "prior": round(found.prior, 4),
        "model": found.model.version,
        "trained_on": found.model.trained_on,
        "blocks": found.blocks,
        "groups": groups(found.model),
        "warnings": [
            *advice(spec, found.model, found.columns),
            *idle(spec, found.levels, found.blocks),
            *lopsided(found.one_sided),
        ],
        "columns": {name: asdict(shares) for name, shares in found.columns.items()},
        "weights": {f"{each.comparison}: {each.level}": _of_level(each) for each in level_weights(found.model, spec)},
    }


def _accuracy(found: Resolution, truth: Clusters | LabelledPairs, spec: EntitySpec, between: bool) -> dict[str, Any]:
    pairs, threshold = (found.pairs.a, found.pairs.b, found.pairs.weight), spec.matching.threshold
    if isinstance(truth, LabelledPairs):
        of_pairs = labelled_pair_scores(*pairs, truth, threshold, found.node)
        return _figures(of_pairs, labelled_cluster_scores(found.cluster, truth), None)
    clusters = cluster_scores(found.cluster, truth.entity)
    links = truth.links
    if links is None and between:
        links = pairs_between(truth.entity, found.file)
    if links is None:
        return _figures(pair_scores(*pairs, truth.entity, threshold, found.node), clusters.pairs, clusters)
    of_pairs = link_scores(*pairs, links, threshold, found.node, found.file)
    return _figures(of_pairs, linked_score(found.cluster, links, found.file), clusters)


def _figures(pairs: PairScores, clustered: Score, clusters: ClusterScores | None) -> dict[str, Any]:
    best = pairs.best_threshold
    return {
        "pair_f1_best": pairs.best.f1,
        "pair_threshold_best": best if math.isfinite(best) else None,
        "pair_precision_best": pairs.best.precision,
        "pair_recall_best": pairs.best.recall,
        "pair_precision": pairs.at_threshold.precision,
        "pair_recall": pairs.at_threshold.recall,
        "pair_f1": pairs.at_threshold.f1,
        "clustered_precision": clustered.precision,
        "clustered_recall": clustered.recall,
        "clustered_f1": clustered.f1,
        "b3_precision": clusters.b3_precision if clusters else None,
        "b3_recall": clusters.b3_recall if clusters else None,
        "b3_f1": clusters.b3_f1 if clusters else None,
    }


def _of_level(level: LevelWeight) -> dict[str, float | None]:
    shares = {"m": level.m, "u": level.u, "weight": round(level.weight, 4)}
    return shares if level.in_group is None else shares | {"r": level.r, "in_group": round(level.in_group, 4)}


def _of_noise(mark: NoiseScores) -> dict[str, float | int]:
    return {
        "records": mark.records,
        "recall": mark.touched.recall,
        "precision": mark.touched.precision,
        "precision_within": mark.within.precision,
    }
