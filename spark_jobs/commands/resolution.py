"""Measure entity resolution against a known truth or without one, and learn its models."""

import json
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.base.errors import LakeError
from spark_jobs.commands.console import KEEP_SERVER, lent_server, out, working


class PriorOf(StrEnum):
    """Where the prior comes from."""

    auto = "auto"
    model = "model"


def add_to(app: typer.Typer) -> None:
    """Add spec-keys, evaluate, train."""
    app.command("spec-keys")(spec_keys)
    app.command()(evaluate)
    app.command()(train)


def spec_keys(
    spec: Annotated[Path, typer.Option("--spec", help="entity spec (YAML)")],
    records: Annotated[list[Path], typer.Option("--records", help="CSV or Parquet; may be repeated")],
    record: Annotated[
        list[str] | None, typer.Option("--record", help="id of a record to show; may be repeated; else the first ones")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--out", help="where to write the keys of all records (.csv, .parquet)")
    ] = None,
    keep_server: Annotated[bool, typer.Option("--keep-server", help=KEEP_SERVER)] = False,
) -> None:
    """Show what the keys of a spec are of some records, and how many records have one; nothing is compared."""
    from spark_jobs.commands.key_columns import show
    from spark_jobs.entities.measure.key_table import keys_of_files

    with working("computing keys"):
        found = keys_of_files(spec, records, record or [], to, partial(lent_server, keep_server))
    show(found, out)
    if to is not None:
        out.print(f"keys of all records: {to}", highlight=False)


def evaluate(
    spec: Annotated[Path, typer.Option("--spec", help="entity spec (YAML)")],
    records: Annotated[list[Path], typer.Option("--records", help="CSV or Parquet; may be repeated")],
    truth: Annotated[
        Path | None, typer.Option("--truth", help="record id and cluster id, or pairs of record ids; else estimates")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
    model: Annotated[Path | None, typer.Option("--model", help="the model to use")] = None,
    save_model: Annotated[Path | None, typer.Option("--save-model", help="where to write the model used")] = None,
    prior: Annotated[PriorOf, typer.Option(help="fitted to these records, or the model's")] = PriorOf.auto,
    errors: Annotated[Path | None, typer.Option("--errors", help="where to write wrong pairs (CSV)")] = None,
    clusters: Annotated[
        Path | None, typer.Option("--clusters", help="where to write each record's cluster (.csv, .parquet)")
    ] = None,
    keep_server: Annotated[bool, typer.Option("--keep-server", help=KEEP_SERVER)] = False,
) -> None:
    """Resolve records by a spec and measure the outcome against a known truth, or estimate it where there is none."""
    from spark_jobs.entities.measure.report import evaluate_files
    from spark_jobs.entities.measure.report_tables import show

    with working("resolving"):
        figures = evaluate_files(
            spec, records, truth, model, save_model, prior.value, errors, partial(lent_server, keep_server), clusters
        )
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        show(figures, out)


def train(
    entity: Annotated[str, typer.Option("--entity", help="person, legal_entity or another spec")],
    records: Annotated[
        list[Path] | None, typer.Option("--records", help="learn from files, not from the last resolution")
    ] = None,
    approve: Annotated[
        bool, typer.Option("--approve", help="put the newest candidate, or this one, into force")
    ] = False,
    prior: Annotated[float | None, typer.Option(help="prior in bits, instead of the learned one")] = None,
    described: Annotated[str, typer.Option(help="what the records are, for the model's file")] = "",
    keep_server: Annotated[bool, typer.Option("--keep-server", help=KEEP_SERVER)] = False,
) -> None:
    """Learn the weights of an entity without labels, and show what changes; --approve puts the candidate into force."""
    from spark_jobs.entities.learn import train as training

    spec = spec_of(entity)
    if records or not approve:
        with working("learning"):
            trained = training.train(spec, records or [], prior, described, partial(lent_server, keep_server))
        training.show(trained, spec, out)
        out.print(f"candidate {trained.path}", highlight=False)
    if approve:
        out.print(f"in force: {training.approve(spec)}", highlight=False)


def spec_of(entity: str) -> EntitySpec:
    """The spec that a command names.

    Raises:
        LakeError: there is none, or it is wrong.
    """
    try:
        return load_entity(entity)
    except ValueError as error:
        raise LakeError(str(error), "lake check; expectations/entities/README.md explains every field") from error
