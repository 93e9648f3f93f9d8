"""Ask the lake: SQL, and where a row came from."""

import json
import sys
from datetime import datetime
from typing import Annotated, Literal

import typer

from spark_jobs.base.errors import LakeError
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
    history: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="of the feed or department, at the end of N such periods")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Score what departments send by the six dimensions of GB/T 36344-2018, with the reason behind each point lost."""
    from spark_jobs.ask.scores import asked
    from spark_jobs.commands.scores_table import history_table, reasons_table, scores_table

    day = on.date() if on else datetime.now(CITY_TIME).date()
    of = None if feed is None else contract_of(feed).id
    if history is not None:
        if (of is None) == (department is None):
            raise LakeError("--history is of one feed or one department", "give --feed or --department")
        then = list(asked.over_time(day, days, history, of, department))
        if as_json:
            documents = [{"on": each.isoformat(), **asked.as_document(score)} for each, score in then]
            out.print_json(json.dumps(documents, ensure_ascii=False))
            return
        out.print(history_table(then, of or department or "", days))
        return
    one = asked.of_one(day, days, of, None) if of is not None else None
    found = [one] if one else []
    if of is None:
        found = asked.of_feeds(day, days, department) if department is not None else asked.of_departments(day, days)
    if as_json:
        out.print_json(json.dumps([asked.as_document(score) for score in found], ensure_ascii=False))
        return
    out.print(scores_table(found, day, days))
    if one is not None:
        out.print(reasons_table(one))


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
        # A cell of a workbook or a column of a Parquet file has no bytes of its own.
        has_bytes = origin["byte_offset"] is not None
        place = f", bytes {origin['byte_offset']}+{origin['byte_length']}" if has_bytes else ""
        out.print(
            f"{origin['feed']} {origin['file']} row {origin['row_number']}{place}, "
            f"delivery {origin['delivery_id']}, business date {origin['business_date']}",
            highlight=False,
        )
        if origin["recalled"] is not None:
            out.print(f"  已撤回 (recalled): {origin['recalled']}", highlight=False)
        out.print(f"  landing/{origin['landing_key']}", highlight=False)
        if "is_current" in origin:
            held = "现行 (current)" if origin["is_current"] else f"至 {origin['valid_to']} (no longer current)"
            out.print(f"  自 {origin['valid_from']} 起，{held}", highlight=False)
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
