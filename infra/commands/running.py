"""Run DAGs through the real scheduler: the main job, a feed's dates, one DAG."""

from datetime import datetime
from typing import Annotated

import typer

from spark_jobs.commands.console import contract_of, out

DAY = ["%Y-%m-%d", "%Y%m%d"]


def add_to(app: typer.Typer) -> None:
    """Add run, backfill, trigger."""
    app.command()(run)
    app.command()(backfill)
    app.command()(trigger)


def run(
    records: Annotated[int, typer.Option(min=100)] = 200_000,
    days: Annotated[int, typer.Option(min=1)] = 5,
    seed: int = 1,
) -> None:
    """The main job: generate a city's week, run its DAGs, report; services that it started stop with it.

    Doing it again generates the same files, finds them in the ledger, and changes nothing.
    """
    from infra.job.main_job import run_city

    raise typer.Exit(0 if run_city(records, days, seed) else 1)


def backfill(
    feed: Annotated[str, typer.Argument(metavar="AGENCY/FEED")],
    first: Annotated[datetime, typer.Option("--from", formats=DAY, help="first business date")],
    last: Annotated[datetime, typer.Option("--to", formats=DAY, help="last business date")],
    reprocess: Annotated[bool, typer.Option("--reprocess", help="also what has succeeded already")] = False,
) -> None:
    """Run a feed's DAG for every data interval that covers these business dates."""
    from infra.airflow import runtime
    from infra.job.progress import run_dags, stage
    from infra.job.services import services
    from spark_jobs.lake.engine.choice import engine

    # Validity follows from the rows alone, so the dates may overtake each other.
    asked = runtime.Backfill(contract_of(feed), first.date(), last.date(), reprocess, max_active_runs=3)
    stages: dict[str, float] = {}
    with services(stages, engine().needs_server), stage("backfill", stages):
        run_dags(feed, [asked])
    out.print(
        f"{feed}: {first:%Y-%m-%d} to {last:%Y-%m-%d} done in {stages['backfill']:.0f} s; "
        f"receipts: lake receipts --feed {feed}",
        highlight=False,
    )


def trigger(dag_id: Annotated[str, typer.Argument(metavar="DAG")]) -> None:
    """Run a DAG once, for all that is pending; services that do not run are started for it."""
    from expectations.contract.catalogue import load_feeds
    from infra.airflow import runtime
    from infra.job.progress import stage
    from infra.job.services import services
    from spark_jobs.lake.engine.choice import engine

    if dag_id not in (known := runtime.every_dag()):
        raise typer.BadParameter(f"no DAG {dag_id}; there are {', '.join(known)}")
    # What joins or keeps up tables may want the server, by what the lake has by then.
    is_feed = dag_id in {feed.table for feed in load_feeds()}
    stages: dict[str, float] = {}
    with services(stages, engine().needs_server or not is_feed), stage(dag_id, stages):
        runtime.up([dag_id], by_clock=False)
        done = runtime.trigger(runtime.Trigger(dag_id))
    out.print(f"{dag_id}: {done.state} in {done.seconds:.0f} s", highlight=False)
