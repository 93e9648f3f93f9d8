"""Ask the lake: SQL, and where a row came from."""

import json
import sys
from datetime import datetime
from typing import Annotated, Literal

import typer

from spark_jobs.base.settings import CITY_TIME
from spark_jobs.commands.console import contract_of, out
from spark_jobs.commands.systems_table import systems_table


def add_to(app: typer.Typer) -> None:
    """Add systems, scores, sql, trace, audit."""
    app.command()(systems)
    app.command()(scores)
    app.command()(sql)
    app.command()(trace)
    app.command()(audit)


def systems(
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show each system and key project of the city's study: what came of it, and how it stands."""
    from spark_jobs.ask.systems import as_document, standings

    found = standings()
    if as_json:
        out.print_json(json.dumps([as_document(each) for each in found], ensure_ascii=False))
        return
    out.print(systems_table(found))


def scores(
    feed: Annotated[str | None, typer.Option(metavar="AGENCY/FEED", help="of this feed, with every reason")] = None,
    department: Annotated[str | None, typer.Option(help="of each feed of this department")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="as they stood on that day")] = None,
    days: Annotated[int, typer.Option(min=1, help="how many days up to then are reckoned")] = 30,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Score what departments send by the six dimensions of GB/T 36344-2018, with the reason behind each point lost."""
    from spark_jobs.ask.scores import asked
    from spark_jobs.commands.scores_table import reasons_table, scores_table

    day = on.date() if on else datetime.now(CITY_TIME).date()
    if feed is not None:
        agency = contract_of(feed).agency
        found = [score for score in asked.of_feeds(day, days, agency) if score.name == feed]
    elif department is not None:
        found = asked.of_feeds(day, days, department)
    else:
        found = asked.of_departments(day, days)
    if as_json:
        out.print_json(json.dumps([asked.as_document(score) for score in found], ensure_ascii=False))
        return
    out.print(scores_table(found, day, days))
    if feed is not None:
        for score in found:
            out.print(reasons_table(score))


def sql(
    text: Annotated[str | None, typer.Argument(help="a query; none opens a shell")] = None,
    form: Annotated[Literal["csv", "json", "table"], typer.Option("--format")] = "table",
    unverified: Annotated[
        bool, typer.Option("--unverified", help="silver as refine left it, not as published")
    ] = False,
) -> None:
    """Answer a read-only SQL query over layer.table names."""
    from spark_jobs.ask import answers
    from spark_jobs.ask import sql as lake_sql

    if text is None:
        from spark_jobs.commands.sql_shell import shell

        shell(form, unverified)
        return
    typer.echo(answers.render(lake_sql.query(text, unverified), form, sys.stdout.isatty()).rstrip("\n"))


def trace(
    table: Annotated[str, typer.Argument(metavar="LAYER.TABLE")],
    key: Annotated[list[str], typer.Option("--key", metavar="COLUMN=VALUE", help="which row; may be repeated")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
    show_bytes: Annotated[bool, typer.Option("--bytes", help="also print the record as it stands in the file")] = False,
) -> None:
    """Lead a row back to the file, the row number and the bytes that it came from."""
    from spark_jobs.ask.trace import trace_row

    origins = trace_row(table, dict(part.partition("=")[::2] for part in key), show_bytes)
    if as_json:
        out.print_json(json.dumps(origins, ensure_ascii=False))
        return
    for origin in origins:
        out.print(
            f"{origin['feed']} {origin['file']} row {origin['row_number']}, bytes {origin['byte_offset']}"
            f"+{origin['byte_length']}, delivery {origin['delivery_id']}, business date {origin['business_date']}",
            highlight=False,
        )
        if origin["recalled"] is not None:
            out.print(f"  已撤回 (recalled): {origin['recalled']}", highlight=False)
        out.print(f"  landing/{origin['landing_key']}", highlight=False)
        if repair := origin.get("repair"):
            by = origin["repaired_by"]
            what = f"{repair} by {by['file']}, delivery {by['delivery_id']}" if by else "still to be fixed"
            out.print(f"  {what}", highlight=False)
        if show_bytes:
            out.print(origin["text"], highlight=False, markup=False)


def audit(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z"], help="only what happened since then")
    ] = None,
    rerun: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="do N deliveries again beside the lake and compare")
    ] = None,
    feed: Annotated[
        str | None, typer.Option(metavar="AGENCY/FEED", help="with --rerun: deliveries of this feed")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Read landing, tables, logs, inbox and outbox, and compare them with the ledger; status 1 where they differ."""
    from spark_jobs.commands.audit_report import run

    raise typer.Exit(run(since, rerun, feed, as_json))
