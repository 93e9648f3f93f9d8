"""Make records to measure entity resolution with."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from spark_jobs.commands.console import err, out


class Mentioned(StrEnum):
    """Whom records mention."""

    person = "person"
    legal_entity = "legal_entity"


class Shape(StrEnum):
    """How often they mention somebody: about 9 times, or about 73 times in few different ways."""

    register = "register"
    event = "event"


def add_to(app: typer.Typer) -> None:
    """Add city-mentions."""
    app.command()(city_mentions)


def city_mentions(
    out_dir: Annotated[Path, typer.Option("--out")],
    entity: Mentioned = Mentioned.person,
    shape: Shape = Shape.register,
    records: Annotated[int, typer.Option(min=100)] = 100_000,
    seed: int = 1,
    hot_share: Annotated[float, typer.Option(min=0, max=1, help="share of rows with one and the same mobile")] = 0.0,
) -> None:
    """Generate records of people or firms as 338 sources know them, and the truth of who is meant."""
    from spark_jobs.city.mentions import generate_mentions

    with Progress(console=err) as bar:
        task = bar.add_task(f"generating {records:,} records", total=1.0)
        made = generate_mentions(
            entity.value,
            shape.value,
            records,
            seed,
            out_dir,
            hot_share=hot_share,
            progress=lambda done: bar.update(task, completed=done),
        )
    out.print(f"{made.records:,} records of {made.entities:,} entities in {made.deliveries:,} deliveries: {out_dir}")
