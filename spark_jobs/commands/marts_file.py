"""Write what analysts are given."""

from pathlib import Path
from typing import Annotated

import typer

from spark_jobs.commands.console import err, out, working


def add_to(app: typer.Typer) -> None:
    """Add marts."""
    app.command()(marts)


def marts(
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="by default analysts/xianning.duckdb below the lake home")
    ] = None,
) -> None:
    """Write the marts and their code tables as one DuckDB file, for analysts and their JDBC clients."""
    from spark_jobs.ask.marts_file.writing import write

    with working("copying the marts"):
        written = write(to)
    given = written.contents
    for name in given.left_out:
        err.print(f"left out: marts.{name}, of which no model says that analysts may see it", highlight=False)
    kinds = [each.layer for each in given.tables]
    out.print(
        f"marts: {kinds.count('marts')} marts, {kinds.count('reference')} code tables, {written.rows:,} rows, "
        f"{len(given.questions)} questions, {written.size / 1e6:.1f} MB; build {given.build}, "
        f"data until {given.data_until or 'no day'}: {written.path}",
        highlight=False,
        soft_wrap=True,
    )
