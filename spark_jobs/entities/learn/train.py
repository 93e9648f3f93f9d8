"""Learn a candidate model of an entity, compare it with the approved one, and put a candidate into force."""

import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from pyspark.sql import DataFrame
from rich.console import Console
from rich.table import Table

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import settings
from spark_jobs.entities import state
from spark_jobs.entities.input.record_files import read_records
from spark_jobs.entities.input.sizes import about
from spark_jobs.entities.learn.training import train_on_profiles
from spark_jobs.entities.match import matching
from spark_jobs.entities.match.levels import level_weights
from spark_jobs.entities.match.model import Model, load_model, save_model, shipped_path
from spark_jobs.entities.match.profiles import profiles_of
from spark_jobs.lake.engine.choice import engine_for_joins
from spark_jobs.lake.engine.workbench import Workbench

_UNKNOWN = "-"


@dataclass(frozen=True)
class Trained:
    """A model that was learned.

    Args:
        model: it.
        path: where it was written.
        approved: the model in force until now; None where there is none that fits the spec.
    """

    model: Model
    path: Path
    approved: Model | None


def train(
    spec: EntitySpec,
    files: list[Path],
    prior: float | None,
    described: str,
    lent: Callable[[], AbstractContextManager[object]],
) -> Trained:
    """As `train_entity`, on the engine that is better at so many records.

    `lent` gives the lake server while it is needed.
    """
    note = None if files else state.last_note(spec)
    engine = engine_for_joins(about(files) if note is None else note.counts.get("profiles", 0))
    with lent() if engine.needs_server else nullcontext(), engine.joining(f"train-{spec.entity}") as bench:
        return train_entity(bench, spec, files, prior, described)


def train_entity(bench: Workbench, spec: EntitySpec, files: list[Path], prior: float | None, described: str) -> Trained:
    """Learn a candidate and write it to `.lake/models/<entity>-<version>.json`.

    Args:
        bench: of an engine.
        spec: the kind of entity.
        files: records to learn from; none for the profiles of the last resolution.
        prior: in bits, instead of the one that is learned.
        described: what the records are, in words.

    Raises:
        LakeError: a file is wrong, or there is nothing to learn from.
    """
    into = bench.staging
    found = profiles_of(read_records(bench.spark, spec, files, into), spec) if files else profiles_of_lake(bench, spec)
    keyed = into.keep(matching.keyed(found, spec), "profiles")
    if keyed.limit(2).count() < 2:
        raise LakeError(f"there are not even two profiles of {spec.entity} to learn from", "give --records")
    model = train_on_profiles(spec, keyed, into, described)
    if prior is not None:
        model = model.model_copy(update={"prior": prior})
    path = _candidates() / f"{spec.entity}-{model.version}.json"
    failpoint("train.before_candidate")
    save_model(model, path)
    failpoint("train.after_candidate")
    return Trained(model, path, approved_model(spec))


def profiles_of_lake(bench: Workbench, spec: EntitySpec) -> DataFrame:
    """The profiles of the last resolution, each once.

    Raises:
        LakeError: the entity was not resolved yet.
    """
    if state.last_note(spec) is None:
        raise LakeError(f"{spec.entity} was not resolved yet", "give --records, or: lake resolve")
    attributes = [attribute.name for attribute in spec.attributes]
    return bench.read("entities", f"{spec.entity}_profile").select("profile_id", *attributes).distinct()


def _candidates() -> Path:
    folder = settings().home / "models"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def approve(spec: EntitySpec, path: Path | None = None) -> Path:
    """Make a candidate the model that resolutions use; give where it is now.

    Args:
        spec: the kind of entity.
        path: the candidate; the newest one by default.

    Raises:
        LakeError: there is no candidate, or it does not fit the spec.
    """
    written = sorted(_candidates().glob(f"{spec.entity}-*.json"), key=lambda found: found.stat().st_mtime)
    if path is None and not written:
        raise LakeError(f"there is no candidate model of {spec.entity}", f"lake train --entity {spec.entity}")
    candidate = path or written[-1]
    try:
        load_model(candidate).check(spec)
    except ValueError as error:
        raise LakeError(f"{candidate}: {error}", f"lake train --entity {spec.entity}") from error
    in_force = shipped_path(spec.entity)
    beside = in_force.with_name(f".{in_force.name}.new")
    shutil.copyfile(candidate, beside)
    failpoint("train.before_approval")
    # At once: a resolution that starts now finds the old model or the new one, never half of one.
    beside.replace(in_force)
    failpoint("train.after_approval")
    return in_force


def approved_model(spec: EntitySpec) -> Model | None:
    """The model in force, None where there is none that fits the spec."""
    try:
        model = load_model(shipped_path(spec.entity))
        model.check(spec)
    except (OSError, ValueError):
        return None
    return model


def show(trained: Trained, spec: EntitySpec, console: Console) -> None:
    """Print m, u and weight of each level, and how far the weight is from the approved one."""
    model, before = trained.model, trained.approved
    table = Table(
        "comparison", "level", "m", "u", "weight", "approved", "change", title=f"{spec.entity} {model.version}"
    )
    was = None if before is None else before.prior
    table.add_row("prior", "", "", "", *_changed(model.prior, was))
    if model.related is not None:
        table.add_row("related", "", "", "", *_changed(model.related, before.related if before else None))
    old = [level.weight for level in level_weights(before, spec)] if before else None
    for number, level in enumerate(level_weights(model, spec)):
        shares = (_UNKNOWN if share is None else f"{share:.4g}" for share in (level.m, level.u))
        table.add_row(level.comparison, level.level, *shares, *_changed(level.weight, old[number] if old else None))
    console.print(table)
    for column, frequencies in model.frequencies.items():
        console.print(f"{column}: {len(frequencies.values):,} frequent values, others 2^{frequencies.floor:.1f}")


def _changed(now: float, before: float | None) -> tuple[str, str, str]:
    if before is None:
        return f"{now:+.2f}", _UNKNOWN, _UNKNOWN
    return f"{now:+.2f}", f"{before:+.2f}", f"{now - before:+.2f}"
