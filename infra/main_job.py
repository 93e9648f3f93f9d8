"""`lake-run`: the main job, a city's week through the real DAGs; and the services for daily work.

The job is for the embedded profile, or for whatever `LAKE_*` says. Doing it again generates the same files, finds
them in the ledger, and changes nothing.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.contract.channels import FileOptions
from expectations.contract.file_names import date_in_name
from infra import run_report
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings

app = typer.Typer(help=__doc__, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 150)


@app.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    records: int = 200_000,
    days: int = 5,
    seed: int = 1,
) -> None:
    """Generate a city, run its DAGs, and report."""
    if context.invoked_subcommand is not None:
        return
    stages: dict[str, float] = {}
    with _services(stages, lambda: _generate(records, days, seed)):
        with _stage("feeds", stages):
            _run_dags("feeds", _feed_requests())
        for dag_id in ("entities", "warehouse"):
            with _stage(dag_id, stages):
                _run_alone(dag_id)
    with _stage("audit", stages):
        findings = run_report.findings()
    report = run_report.write(stages)
    _show(report, findings)
    if findings:
        raise typer.Exit(1)


@app.command()
def up() -> None:
    """Start the lake server and Airflow with its UI."""
    from infra.airflow.__main__ import up as airflow_up
    from spark_jobs.lake.server import lifecycle as server

    with console.status("starting the lake server"):
        running = server.ensure_up()
    console.print(f"lake server: Spark Connect on port {running.connect_port}")
    with console.status("starting Airflow"):
        airflow_up()
    console.print("next: drop a file into an inbox, or lake receive FILE --feed AGENCY/FEED; stop with make down")


@app.command()
def down() -> None:
    """Stop Airflow and the lake server."""
    from infra.airflow import runtime
    from spark_jobs.lake.server import lifecycle as server

    stopped = [*runtime.down(), *(["lake server"] if server.down() else [])]
    console.print(f"stopped: {', '.join(stopped) or 'nothing ran'}")


@app.command()
def backfill(
    feed: Annotated[str, typer.Argument(metavar="AGENCY/FEED")],
    first: Annotated[str, typer.Option("--from", help="first business date")],
    last: Annotated[str, typer.Option("--to", help="last business date")],
    reprocess: Annotated[bool, typer.Option("--reprocess", help="also what has succeeded already")] = False,
) -> None:
    """Backfill business dates of a feed through the real scheduler."""
    from infra.airflow import runtime

    dates = date.fromisoformat(first), date.fromisoformat(last)
    stages: dict[str, float] = {}
    with _services(stages), _stage("backfill", stages):
        # Validity follows from the rows alone, so the dates may overtake each other.
        _run_dags(feed, [runtime.Backfill(load_feed(feed), *dates, reprocess, max_active_runs=3)])
    console.print(
        f"{feed}: {first} to {last} done in {stages['backfill']:.0f} s; receipts: lake receipts --feed {feed}"
    )


def _generate(records: int, days: int, seed: int) -> None:
    """The city's files into the lake home; with an object store, on into its inbox."""
    from spark_jobs.city import load_source
    from spark_jobs.commands.city_progress import generate_with_progress
    from spark_jobs.lake.storage.store import open_store

    home = settings().home
    target = home / "city" if settings().is_s3 else home
    summary = generate_with_progress(records, days, seed, target, False)
    console.print(f"city: {summary.rows:,} records in {summary.files} deliveries below {target / 'inbox'}")
    if settings().is_s3:
        store = open_store()
        for path in sorted((target / "inbox").rglob("*")):
            if path.is_file():
                store.put_file("inbox", str(path.relative_to(target / "inbox")), path)
    owner = home / "secrets" / "source_government_service_owner.url"
    if owner.is_file():
        load_source(owner.read_text("utf-8").strip(), target)


@contextmanager
def _services(stages: dict[str, float], meanwhile: Callable[[], None] | None = None) -> Iterator[None]:
    """The lake server and Airflow for the length of the job; what ran before stays up afterwards.

    Args:
        stages: gets the seconds of starting.
        meanwhile: done while the lake server starts.
    """
    from infra.airflow import runtime
    from spark_jobs.lake.server import lifecycle as server

    was_up = server.status().running is not None
    try:
        if not was_up:
            server.up(wait=False)
        if meanwhile is not None:
            with _stage("city", stages):
                meanwhile()
        with _stage("services", stages), console.status("starting Airflow and the lake server"):
            airflow = runtime.running([feed.table for feed in load_feeds()], by_clock=False)
            url = airflow.__enter__()
            server.ensure_up()
        console.print(f"services up in {stages['services']:.0f} s: lake server, Airflow at {url}")
        try:
            yield
        finally:
            airflow.__exit__(None, None, None)
    finally:
        if not was_up:
            server.down()


def _feed_requests() -> list[Any]:
    """For each feed, runs for the business dates that its inbox holds."""
    from infra.airflow import runtime
    from spark_jobs.lake.storage.store import open_store

    requests: list[Any] = []
    store = open_store()
    for feed in load_feeds():
        if not isinstance(feed.arrival, FileOptions) or feed.arrival.is_pulled:
            requests.append(runtime.Trigger(feed.table))
            continue
        names = (item.key.rsplit("/", 1)[-1] for item in store.list("inbox", f"{feed.id}/"))
        dates = sorted(filter(None, (_date_of(feed.arrival.pattern, name) for name in names)))
        if dates:
            requests.append(runtime.covering(feed, dates[0], dates[-1]))
    return requests


def _date_of(pattern: str, name: str) -> date | None:
    """The business date in a name; None where it has none that exists: intake answers such a file."""
    try:
        return date_in_name(pattern, name)
    except ValueError:
        return None


def _run_alone(dag_id: str) -> None:
    """Switch a DAG on at its turn, so that no asset event starts it early, and run it."""
    from infra.airflow import runtime

    runtime.up([dag_id], by_clock=False)
    _run_dags(dag_id, [runtime.Trigger(dag_id)])


def _run_dags(what: str, requests: list[Any]) -> None:
    """Ask the scheduler, and show how far it is; at the end the line names what was run."""
    from infra.airflow import runtime

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total} runs"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"{what}: waiting for the scheduler", total=None)

        def report(state: runtime.Progress) -> None:
            at_work = f"{what}: {', '.join(state.running)}" if state.running else what
            progress.update(task, completed=state.done, total=state.total, description=at_work[:60])

        runtime.run_many(requests, report)


@contextmanager
def _stage(name: str, stages: dict[str, float]) -> Iterator[None]:
    start = time.monotonic()
    yield
    stages[name] = round(time.monotonic() - start, 1)


def _show(report: dict[str, Any], findings: list[str]) -> None:
    table = Table(title="every row accounted for" if not findings else "the books do not balance")
    table.add_column("feed")
    for name in ("deliveries", "bytes", "rows_counted", "accepted", "quarantined", "rejected"):
        table.add_column(name.replace("_", " "), justify="right")
    for row in report["feeds"]:
        table.add_row(row["feed"], *(f"{row[name]:,}" for name in list(row)[1:]))
    console.print(table)
    for name, rows in report["marts"].items():
        console.print(f"  {name}: {rows:,} rows")
    console.print("stages: " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in report["stages"].items()))
    for finding in findings:
        console.print(f"[red]{finding}[/]")
    home = settings().home
    console.print(f"""
report     {home / "run-report.json"}
receipts   lake receipts; pages and rows to fix below {home / "outbox"}
ask        lake sql "select * from marts.mart_health__epidemic_curve limit 5", or make sql
checks     {home / "data-docs" / "index.html"}
next       make up for the Airflow UI; make backfill FEED=health/epidemic_daily FROM=2020-01-23 TO=2020-01-27""")


def main() -> None:
    """Run the command; an error that a person can act on is shown without a traceback."""
    try:
        app()
    except LakeError as error:
        console.print(f"[bold red]error[/] {error.what}\n  [bold]next[/] {error.next_step}")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
