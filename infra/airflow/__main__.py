"""Airflow of this lake home: `python -m infra.airflow up|down|status|backfill|trigger`."""

from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from expectations.contract.catalogue import feed_ids, load_feed
from infra.airflow import runtime
from infra.airflow.environment import ADMIN
from infra.airflow.settings import Places
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
console = Console(highlight=False, soft_wrap=True)
EVERY_DAG = (*(feed_id.replace("/", "__") for feed_id in feed_ids()), "sweep", "entities", "warehouse", "upkeep")


@app.command()
def up() -> None:
    """Start Airflow with every DAG on, and show where its UI is."""
    places = Places(settings())
    console.print(f"Airflow: {runtime.up(EVERY_DAG)}, user {ADMIN}, password in {places.passwords}")
    console.print(f"its own command: set -a; . {places.environment}; set +a; airflow backfill create --help")


@app.command()
def down() -> None:
    """Stop Airflow and the tasks that it runs."""
    console.print(f"stopped: {', '.join(runtime.down()) or 'nothing ran'}")


@app.command()
def status() -> None:
    """Show what runs; exit status 1 if something does not."""
    services = runtime.status()
    for service in services:
        console.print(f"{service.name}: {f'process {service.pid}' if service.pid else 'down'}")
    raise typer.Exit(0 if all(service.pid for service in services) else 1)


@app.command()
def backfill(
    feed: Annotated[str, typer.Argument(metavar="AGENCY/FEED")],
    first: Annotated[str, typer.Option("--from", help="first business date")],
    last: Annotated[str, typer.Option("--to", help="last business date")],
    reprocess: Annotated[bool, typer.Option("--reprocess", help="also what has succeeded already")] = False,
    max_active_runs: Annotated[int, typer.Option(help="intervals at once")] = 1,
) -> None:
    """Run a feed's DAG for every data interval that covers these business dates; starts Airflow if it is down."""
    contract = load_feed(feed)
    dates = date.fromisoformat(first), date.fromisoformat(last)
    with runtime.running([contract.table], by_clock=False), console.status(feed) as shown:
        runs = runtime.backfill(
            runtime.Backfill(contract, *dates, reprocess, max_active_runs),
            lambda progress: shown.update(f"{feed}: {progress.done} of {progress.total} runs"),
        )
    console.print(f"{feed}: {len(runs)} intervals done")


@app.command()
def trigger(dag_id: str) -> None:
    """Run a DAG once, for all that is pending; starts Airflow if it is down."""
    with runtime.running([dag_id], by_clock=False), console.status(dag_id):
        run = runtime.trigger(runtime.Trigger(dag_id))
    console.print(f"{dag_id}: {run.state} in {run.seconds:.0f} s")


def main() -> None:
    """Run the command; an error that a person can act on is shown without a traceback."""
    try:
        app()
    except LakeError as error:
        console.print(f"[red]{error.what}[/]\n  next: {error.next_step}")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
