"""Try the bureaus' systems that feeds are fetched from."""

from typing import Annotated

import typer

from spark_jobs.commands.console import out, print_error


def add_to(app: typer.Typer) -> None:
    """Add source check."""
    sources = typer.Typer(help="Bureaus' systems that feeds are fetched from.", no_args_is_help=True)
    # A group of one command needs this to stay one.
    sources.callback()(_bureaus)
    sources.command()(check)
    app.add_typer(sources, name="source")


def _bureaus() -> None:
    """Bureaus' systems that feeds are fetched from."""


def check(source: Annotated[str, typer.Argument(help="its name in LAKE_SOURCES, as contracts have it")]) -> None:
    """Try a source once for each feed that is fetched from it, and say what is wrong; nothing is taken in."""
    from spark_jobs.intake.trial import tried

    trials = tried(source)
    for feed, result in trials:
        if isinstance(result, str):
            out.print(f"{feed}: {result}", highlight=False)
        else:
            print_error(result.what, result.next_step)
    if any(not isinstance(result, str) for _, result in trials):
        raise typer.Exit(1)
