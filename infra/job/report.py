"""What a run did, from the ledger and the tables: on the screen, as `run-report.json`, and as a page beside it."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from deltalake import DeltaTable
from rich.table import Table

from infra.job.progress import Failure
from spark_jobs.ask.audit import audit
from spark_jobs.ask.marts_file import writing as marts_file
from spark_jobs.ask.pages import writing as theme_pages
from spark_jobs.ask.systems import WORDS, Standing
from spark_jobs.base import pages
from spark_jobs.base.settings import CITY_TIME, settings
from spark_jobs.commands.console import out
from spark_jobs.commands.systems_table import systems_table
from spark_jobs.control import ledger
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import storage_options, table_uri
from spark_jobs.lake.storage.stored import stored_tables

PAGE = "run-report.html"
_TEMPLATES = Path(__file__).with_name("templates")
COUNTS = ("deliveries", "bytes", "rows_counted", "accepted", "quarantined", "rejected")


def findings() -> list[str]:
    """What the audit of the whole lake finds, a line each."""
    return [str(found) for found in audit().findings]


def write(stages: dict[str, float], failures: Sequence[Failure], findings: list[str]) -> dict[str, Any]:
    """Write the report and return it: counts per feed, seconds per stage, rows per base library and mart, failures."""
    report = {
        "feeds": _feeds(),
        "stages": stages,
        "marts": _marts(),
        "failures": [asdict(each) for each in failures],
        "findings": findings,
    }
    path = settings().home / "run-report.json"
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return report


def write_page(report: dict[str, Any], systems: Sequence[Standing]) -> Path:
    """Write what `write` gave as a page: what failed and what to do, what was found, the accounts, where to look."""
    home = settings().home
    behind = {each.name: WORDS[each.state] for each in systems if each.state != "green"}
    places = {
        "专题 Themes": theme_pages.folder() / theme_pages.INDEX,
        "数据核验 Data Docs": home / "data-docs" / "index.html",
        "回执 Receipts": home / "outbox",
    }
    links = {title: path.relative_to(home).as_posix() for title, path in places.items() if path.exists()}
    ended = f"{datetime.now(CITY_TIME):%Y-%m-%d %H:%M}"
    values = {"report": report, "counts": COUNTS, "behind": behind, "links": links, "ended": ended}
    return pages.replace(home / PAGE, pages.render(_TEMPLATES, "run.html.j2", **values))


def show(report: dict[str, Any], systems: Sequence[Standing]) -> None:
    """Print the report, what the audit found, what failed, and what to look at next."""
    table = Table(title="every row accounted for" if not report["findings"] else "the books do not balance")
    table.add_column("feed")
    for name in COUNTS:
        table.add_column(name.replace("_", " "), justify="right")
    for row in report["feeds"]:
        table.add_row(row["feed"], *(f"{row[name]:,}" for name in COUNTS))
    out.print(table)
    for name, rows in report["marts"].items():
        _say(f"  {name}: {rows:,} rows")
    _say("stages: " + ", ".join(f"{name} {seconds:.0f} s" for name, seconds in report["stages"].items()))
    for finding in report["findings"]:
        out.print(finding, style="red", highlight=False, markup=False)
    out.print(systems_table(systems))
    for failed in report["failures"]:
        told = f"failed: {failed['what']}\n  next: {failed['next_step']}"
        out.print(told, style="red", highlight=False, markup=False)
    if report["failures"]:
        _say("all else ran: who is who and the warehouse go by what is published; lake run again takes up what failed")
    home = settings().home
    _say(f"""
report     {home / PAGE}; as data {home / "run-report.json"}
receipts   lake receipts; pages and rows to fix below {home / "outbox"}
ask        lake sql "select * from marts.mart_health__epidemic_curve limit 5"; lake sql alone is a shell
systems    lake systems
pages      {_made(theme_pages.folder() / theme_pages.INDEX, "lake pages")}
analysts   {_made(marts_file.default_path(), "lake marts")}
checks     {home / "data-docs" / "index.html"}
next       lake up for the Airflow UI; lake backfill health/epidemic_daily --from 2020-01-23 --to 2020-01-27""")


def _made(path: Path, command: str) -> str:
    """Where the DAG of the warehouse has written what it makes of the marts."""
    return str(path) if path.is_file() else f"not written; {command} does it, or says why not"


def _say(text: str) -> None:
    out.print(text, highlight=False, markup=False)


def _feeds() -> list[dict[str, Any]]:
    totals: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNTS, 0))
    for receipt in ledger.receipts(limit=1_000_000):
        feed = totals[receipt["feed"]]
        feed["deliveries"] += 1
        for name in COUNTS[1:]:
            feed[name] += int(receipt[name])
    return [{"feed": feed, **totals[feed]} for feed in sorted(totals)]


def _marts() -> dict[str, int]:
    filesystem, root = lake_filesystem(settings())
    rows = {}
    for layer in ("base", "restricted", "marts"):
        for table in stored_tables(filesystem, root, layer):
            stored = DeltaTable(table_uri(layer, table), storage_options=storage_options())
            rows[f"{layer}.{table}"] = int(stored.count())
    return rows
