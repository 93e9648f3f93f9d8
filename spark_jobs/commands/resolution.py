"""Measure entity resolution against a known truth, and learn its models."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from spark_jobs.commands.console import out, working


class PriorOf(StrEnum):
    """Where the prior comes from."""

    auto = "auto"
    model = "model"


def add_to(app: typer.Typer) -> None:
    """Add evaluate."""
    app.command()(evaluate)


def evaluate(
    spec: Annotated[Path, typer.Option("--spec", help="entity spec (YAML)")],
    records: Annotated[list[Path], typer.Option("--records", help="CSV or Parquet; may be repeated")],
    truth: Annotated[Path, typer.Option("--truth", help="record id and cluster id, or pairs of record ids")],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
    model: Annotated[Path | None, typer.Option("--model", help="the model to use")] = None,
    save_model: Annotated[Path | None, typer.Option("--save-model", help="where to write the model used")] = None,
    prior: Annotated[PriorOf, typer.Option(help="fitted to these records, or the model's")] = PriorOf.auto,
) -> None:
    """Resolve records by a spec and measure the outcome against a known truth."""
    from spark_jobs.entities.evaluate_report import evaluate_files, show

    with working("resolving"):
        figures = evaluate_files(spec, records, truth, model, save_model, prior.value)
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        show(figures, out)
