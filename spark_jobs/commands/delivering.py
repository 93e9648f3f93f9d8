"""Make a city and say what is wrong in it, hand in files, read receipts."""

import json
import signal
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from spark_jobs.base.counted import counted
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.commands.console import contract_of, out, working


def add_to(app: typer.Typer) -> None:
    """Add city with its serve, city-defects, receive, receipts, verify-receipt."""
    cities = typer.Typer(invoke_without_command=True)
    cities.callback()(city)
    cities.command()(serve)
    app.add_typer(cities, name="city")
    app.command()(city_defects)
    app.command()(receive)
    app.command()(receipts)
    app.command()(verify_receipt)


def city(
    context: typer.Context,
    records: Annotated[int, typer.Option(min=100)] = 200_000,
    days: Annotated[int, typer.Option(min=1)] = 5,
    seed: int = 1,
    out_dir: Annotated[Path, typer.Option("--out")] = Path(".lake"),
    bad_files: Annotated[bool, typer.Option("--bad-files", help="add deliveries that must be rejected whole")] = False,
    cases: Annotated[int, typer.Option(min=0, help="plant so many cases of each kind that a comparison must find")] = 0,
) -> None:
    """Generate deliveries of a synthetic city, with documented defects and the truth beside them."""
    if context.invoked_subcommand:
        return
    from spark_jobs.commands.city_progress import generate_with_progress

    summary = generate_with_progress(records, days, seed, out_dir, bad_files, cases)
    where = f"{out_dir}/inbox and {out_dir}/sources; truth in {out_dir}/truth"
    out.print(f"{summary.rows:,} records in {counted(summary.files, 'delivery', 'deliveries')} below {where}")


def serve(
    city_dir: Annotated[Path, typer.Option("--city", help="where it was generated")] = Path(".lake"),
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE:KIND=N", help="each N-th answer of a source is slow, busy, failing, cut, expired"),
    ] = None,
) -> None:
    """Serve what the city's bureaus offer, on loopback, for this lake home; until it is interrupted."""
    from spark_jobs.city.serve import served
    from spark_jobs.city.serve.faults import Faults, read_faults

    ends = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    faults = {source: Faults(every) for source, every in read_faults(fault or ()).items()}
    with served(city_dir, faults=faults) as sources:
        for name, address in sources.items():
            out.print(f"{name}: {address}", highlight=False)
        out.print("feeds that are fetched from them: lake collect AGENCY/FEED; end with Ctrl-C", highlight=False)
        signal.sigwait(ends)


def city_defects(
    feed: Annotated[str | None, typer.Option(metavar="AGENCY/FEED", help="of this feed alone")] = None,
) -> None:
    """List the kinds of defects in the city's deliveries, and what must become of each."""
    from rich.table import Table

    from spark_jobs.city.feeds import data_of_feeds

    table = Table("feed", "kind", "column", "outcome", "reason", "per million rows")
    for name, data in data_of_feeds().items():
        for kind in data.kinds if feed in (None, name) else ():
            table.add_row(name, kind.name, kind.column, kind.outcome, kind.reason, f"{kind.per_million:,}")
        for bad in data.bad_files if feed in (None, name) else ():
            table.add_row(name, bad.kind, "", "whole file", bad.rejection, "with --bad-files")
    out.print(table)


def receive(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, metavar="FILE…")],
    feed: Annotated[str, typer.Option(metavar="AGENCY/FEED")],
    business_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y%m%d"])] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the receipts as a JSON list")] = False,
) -> None:
    """Hand files in as the department would, take them through to silver, and print their receipts."""
    from spark_jobs.jobs.receive import receive as receive_files
    from spark_jobs.jobs.receive import unfinished

    contract = contract_of(feed)
    with working(f"receiving {counted(len(files), 'file')} for {feed}"):
        made = receive_files(contract, files, business_date.date() if business_date else None)
    if as_json:
        out.print_json(json.dumps(made, ensure_ascii=False))
    else:
        _show([receipt for receipt in made if receipt])
    without = [path.name for path, receipt in zip(files, made, strict=True) if not receipt]
    if without := sorted({*without, *unfinished(contract)}):
        raise LakeError(
            f"no receipt yet: {', '.join(without)} (an unexpected failure, kept in {settings().home}/logs/failures)",
            f"run again what is left of it: lake deliver {feed}; after three tries the receipt says what it is",
        )


def receipts(
    feed: Annotated[str | None, typer.Option(metavar="AGENCY/FEED")] = None,
    limit: int = 50,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List receipts, newest first."""
    from spark_jobs.control import ledger

    made = ledger.receipts(feed, limit)
    if as_json:
        out.print_json(json.dumps(made, ensure_ascii=False))
    else:
        _show(made)


def _show(made: list[dict[str, Any]]) -> None:
    from rich.table import Table

    table = Table()
    for name in ("file", "date", "status"):
        table.add_column(name)
    for name in ("bytes", "rows", "accepted", "quarantined", "rejected"):
        table.add_column(name, justify="right")
    table.add_column("reasons")
    for receipt in made:
        counts = [f"{receipt[name]:,}" for name in ("bytes", "rows_counted", "accepted", "quarantined", "rejected")]
        reasons = ", ".join(f"{code} {rows:,}" for code, rows in sorted(receipt["reasons"].items()))
        table.add_row(receipt["file"], receipt["business_date"] or "", receipt["status"], *counts, reasons)
    out.print(table)
    for receipt in made:
        if receipt["rejection"]:
            out.print(
                f"{receipt['file']}：{receipt['rejection']['message']}。{receipt['rejection']['fix']}。",
                highlight=False,
            )
    if made:
        from spark_jobs.lake.storage.paths import zone_uri

        out.print(f"pages and rows to fix: {zone_uri('outbox')}/{made[0]['feed']}/", highlight=False)


def verify_receipt(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False)],
    key_folder: Annotated[
        Path | None, typer.Option("--keys", help="folder of the lake's public keys; by default this lake home's")
    ] = None,
) -> None:
    """Verify receipts by public keys alone, without a lake: whether one was changed, removed or put elsewhere."""
    from spark_jobs.receipts.chain.keys import public_folder
    from spark_jobs.receipts.chain.verification import verify

    count, faults = verify(files, key_folder or public_folder())
    for fault in faults:
        out.print(f"{fault.where}：{fault.message}", highlight=False)
    if faults:
        raise typer.Exit(1)
    out.print(f"{count} 份回执：内容与签发时一致，签名有效，次序完整", highlight=False)
