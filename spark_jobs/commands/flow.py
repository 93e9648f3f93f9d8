"""What DAGs run: sweep, deliver with its steps collect, refine and verify, resolve, warehouse, compare, upkeep."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from expectations.contract.feed import FeedContract
from spark_jobs.base.counted import counted
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.commands.console import contract_of, interval_of, out

if TYPE_CHECKING:
    from spark_jobs.control.ledger import Interval
    from spark_jobs.jobs.steps import Work

Feed = Annotated[str, typer.Argument(metavar="AGENCY/FEED")]
From = Annotated[str | None, typer.Option("--from", help="start of the data interval, ISO with zone")]
To = Annotated[str | None, typer.Option("--to", help="end of the data interval, ISO with zone")]


def add_to(app: typer.Typer) -> None:
    """Add the steps, in their order."""
    app.command()(sweep)
    app.command()(deliver)
    app.command()(collect)
    app.command()(refine)
    app.command()(verify)
    app.command()(steps)
    app.command()(resolve)
    app.command()(compare)
    app.command()(upkeep)


def sweep() -> None:
    """List every inbox once; the last line is a JSON list of the feeds that have a complete delivery."""
    from spark_jobs.jobs.sweep import sweep as sweep_all

    out.print(json.dumps(sweep_all()), highlight=False)


def deliver(feed: Feed, start: From = None, end: To = None) -> None:
    """Collect, refine and verify what has arrived for a feed; run again, it goes on where it stopped."""
    from spark_jobs.jobs.inbox_room import InboxFull
    from spark_jobs.lake.engine.choice import engine

    full = None
    with engine().kept():
        for step in STEPS:
            try:
                _run(step, feed, start, end)
            except InboxFull as error:
                full = error  # what was there has been taken, and goes on
    if full is not None:
        raise full


def collect(feed: Feed, start: From = None, end: To = None) -> None:
    """Take what has arrived for a feed through landing into bronze."""
    _run("collect", feed, start, end)


def refine(feed: Feed, start: From = None, end: To = None) -> None:
    """Bring a feed's bronze rows to silver and quarantine, and issue the receipts."""
    _run("refine", feed, start, end)


def verify(feed: Feed, start: From = None, end: To = None) -> None:
    """Check what refine wrote with Great Expectations, and publish it."""
    _run("verify", feed, start, end)


def steps(
    feed: Annotated[str | None, typer.Option(metavar="AGENCY/FEED", help="of this feed alone")] = None,
    unfinished: Annotated[bool, typer.Option("--unfinished", help="only what failed or was interrupted")] = False,
) -> None:
    """Show how collect, refine and verify went last, of a feed or of all."""
    from rich.table import Table

    from spark_jobs.control import steps as of_feeds

    table = Table("feed", "step", "state", "begun", "seconds", "tries", "what it said")
    for row in of_feeds.states(feed):
        if unfinished and row.state not in {of_feeds.FAILED, of_feeds.INTERRUPTED}:
            continue
        seconds = f"{(row.ended_at - row.begun_at).total_seconds():.1f}" if row.ended_at else ""
        begun = f"{row.begun_at.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}"
        table.add_row(row.feed, row.step, row.state, begun, seconds, str(row.tries), row.said or "")
    out.print(table)


def _run(step: str, feed: str, start: str | None, end: str | None) -> None:
    from spark_jobs.jobs.steps import run_step

    for line in run_step(step, STEPS[step], contract_of(feed), interval_of(start, end)):
        out.print(line, highlight=False)


def _collect(contract: FeedContract, interval: "Interval | None") -> list[str]:
    from spark_jobs.control import ledger
    from spark_jobs.control.schema import DeliveryState
    from spark_jobs.jobs.collect import collect

    done = collect(contract, interval)
    again = f"; {done.failed} failed and will be tried again, their references are in the log" if done.failed else ""
    bronze = f"{_deliveries(done.parsed)} in bronze, {counted(done.rows, 'row')}"
    told = f"{contract.id}: {bronze}; {done.rejected} rejected{again}"
    growing = len(ledger.in_states(contract.id, [DeliveryState.SEEN], only=("sequence",)))
    if not growing:
        return [told]
    return [
        told,
        f"{contract.id}: {growing} not yet complete: once their manifest fits or they change no more, run it again",
    ]


def _refine(contract: FeedContract, interval: "Interval | None") -> list[str]:
    from spark_jobs.jobs.refine import refine

    receipts = refine(contract, interval)
    return [*map(_of_receipt, receipts), f"{contract.id}: {_deliveries(len(receipts))} refined"]


def _deliveries(number: int) -> str:
    return counted(number, "delivery", "deliveries")


def _of_receipt(receipt: dict[str, Any]) -> str:
    counts = " + ".join(f"{receipt[part]:,} {part}" for part in ("accepted", "quarantined", "rejected"))
    rows = counted(receipt["rows_counted"], "row")
    return f"{receipt['feed']} {receipt['file']}: {receipt['status']}, {rows} = {counts}"


def _verify(contract: FeedContract, interval: "Interval | None") -> list[str]:
    from spark_jobs.verify import verify

    outcome = verify(contract, interval)
    state = "published" if outcome.published else "nothing new to publish"
    return [f"{contract.id}: {state}, silver version {outcome.silver_version}, {counted(len(outcome.checks), 'check')}"]


STEPS: "dict[str, Work]" = {"collect": _collect, "refine": _refine, "verify": _verify}
"""What becomes of a delivery, in this order; each step takes up what the ones before it left."""


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
    from spark_jobs.entities.resolution.bench import bench_for
    from spark_jobs.entities.resolution.resolve import resolve as resolve_entity

    spec, versions = load_entity(entity), published_versions()
    with bench_for("resolve", spec, versions, full) as bench:
        outcome = resolve_entity(bench, entity, versions, full, accept)
    page = page_of(entity, outcome.revision)
    # Also after an interruption between the resolution and its page.
    if outcome.revision and not page.exists():
        write_run_page(spec)
    if as_json:
        out.print(json.dumps(asdict(outcome)), highlight=False)
        return
    happened = ", ".join(f"{count:,} {event}" for event, count in sorted(outcome.events.items())) or "nothing new"
    out.print(
        f"{entity}: {counted(outcome.records, 'record')} in {counted(outcome.profiles, 'profile')} are "
        f"{counted(outcome.entities, 'entity', 'entities')} "
        f"({happened}), revision {outcome.revision}",
        highlight=False,
    )
    if page.exists():
        out.print(f"pictures: {page}", highlight=False, soft_wrap=True)


def compare() -> None:
    """Put the hits of comparisons into the outboxes of their departments, where they have changed."""
    from spark_jobs.comparisons import give_back

    for each in give_back():
        where = f"outbox/{each.key}" if each.key else "as the department has them"
        out.print(f"{each.comparison.name}: {counted(each.hits, 'hit')}, {where}", highlight=False, soft_wrap=True)


def upkeep(task: Annotated[str, typer.Argument(help="optimize, vacuum, ledger or all")] = "all") -> None:
    """Compact tables, remove files that no version needs, tidy the ledger."""
    from spark_jobs import upkeep as lake_upkeep

    for line in lake_upkeep.run(task):
        out.print(line, highlight=False)
