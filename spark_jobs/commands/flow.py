"""The steps that DAGs run: sweep, collect, refine, verify, resolve, warehouse, upkeep."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

from spark_jobs.commands.console import contract_of, interval_of, out

Feed = Annotated[str, typer.Argument(metavar="AGENCY/FEED")]
From = Annotated[str | None, typer.Option("--from", help="start of the data interval, ISO with zone")]
To = Annotated[str | None, typer.Option("--to", help="end of the data interval, ISO with zone")]


def add_to(app: typer.Typer) -> None:
    """Add the steps, in their order."""
    app.command()(sweep)
    app.command()(collect)
    app.command()(refine)
    app.command()(verify)
    app.command()(resolve)
    app.command()(warehouse)
    app.command()(upkeep)


def sweep() -> None:
    """List every inbox once; the last line is a JSON list of the feeds that have a complete delivery."""
    from spark_jobs.jobs.sweep import sweep as sweep_all

    out.print(json.dumps(sweep_all()), highlight=False)


def collect(feed: Feed, start: From = None, end: To = None) -> None:
    """Take what has arrived for a feed through landing into bronze."""
    from spark_jobs.jobs.collect import collect as collect_feed

    done = collect_feed(contract_of(feed), interval_of(start, end))
    again = f"; {done.failed} failed and will be tried again, their references are in the log" if done.failed else ""
    out.print(f"{feed}: {done.parsed} deliveries in bronze, {done.rows:,} rows; {done.rejected} rejected{again}")


def refine(feed: Feed, start: From = None, end: To = None) -> None:
    """Bring a feed's bronze rows to silver and quarantine, and issue the receipts."""
    from spark_jobs.jobs.refine import refine as refine_feed

    receipts = refine_feed(contract_of(feed), interval_of(start, end))
    for receipt in receipts:
        counts = " + ".join(f"{receipt[part]:,} {part}" for part in ("accepted", "quarantined", "rejected"))
        out.print(
            f"{feed} {receipt['file']}: {receipt['status']}, {receipt['rows_counted']:,} rows = {counts}",
            highlight=False,
        )
    out.print(f"{feed}: {len(receipts)} deliveries refined")


def verify(feed: Feed, start: From = None, end: To = None) -> None:
    """Check what refine wrote with Great Expectations, and publish it."""
    from spark_jobs.verify import verify as verify_feed

    outcome = verify_feed(contract_of(feed), interval_of(start, end))
    state = "published" if outcome.published else "nothing new to publish"
    out.print(f"{feed}: {state}, silver version {outcome.silver_version}, {len(outcome.checks)} checks")


def resolve(
    entity: Annotated[str, typer.Option(help="person, legal_entity or any other spec")],
    full: Annotated[bool, typer.Option("--full", help="resolve everything anew; ids stay")] = False,
    accept: Annotated[bool, typer.Option("--accept-guards", help="publish although a guard number jumped")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="the outcome as JSON")] = False,
) -> None:
    """Find out who is who among the records that feeds have published."""
    from expectations.entity_spec import load_entity
    from spark_jobs.control.publication import published_versions
    from spark_jobs.entities.pictures.run_page import page_of, write_run_page
    from spark_jobs.entities.resolution.resolve import resolve as resolve_entity
    from spark_jobs.lake.server import session

    with session.connected(f"resolve {entity}") as spark:
        outcome = resolve_entity(spark, entity, published_versions(), full, accept)
    page = page_of(entity, outcome.revision)
    # Also after an interruption between the resolution and its page.
    if outcome.revision and not page.exists():
        write_run_page(load_entity(entity))
    if as_json:
        out.print(json.dumps(asdict(outcome)), highlight=False)
        return
    happened = ", ".join(f"{count:,} {event}" for event, count in sorted(outcome.events.items())) or "nothing new"
    out.print(
        f"{entity}: {outcome.records:,} records in {outcome.profiles:,} profiles are {outcome.entities:,} entities "
        f"({happened}), revision {outcome.revision}",
        highlight=False,
    )
    if page.exists():
        out.print(f"pictures: {page}", highlight=False, soft_wrap=True)


def warehouse(
    action: Annotated[str, typer.Argument(help="build")] = "build",
    select: Annotated[str | None, typer.Option(help="dbt selection")] = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="rebuild incremental tables")] = False,
) -> None:
    """Build base libraries and marts with dbt on the lake server."""
    from spark_jobs import warehouse as government_warehouse

    if action != "build":
        raise typer.BadParameter("the one action is build")
    outcome = government_warehouse.build(select=select, full_refresh=full_refresh)
    for table, rows in sorted(outcome.marts.items()):
        out.print(f"{table}: {rows:,} rows", highlight=False)
    out.print(
        f"warehouse: {outcome.passed} passed, {outcome.failed} failed in {outcome.seconds:.0f} s", highlight=False
    )


def upkeep(task: Annotated[str, typer.Argument(help="optimize, vacuum, ledger or all")] = "all") -> None:
    """Compact tables, remove files that no version needs, tidy the ledger."""
    from spark_jobs import upkeep as lake_upkeep

    for line in lake_upkeep.run(task):
        out.print(line, highlight=False)
