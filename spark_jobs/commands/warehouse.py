"""The warehouse: built, shown, compared with a full build, put back."""

from typing import Annotated

import typer

from spark_jobs.commands.console import out


def add_to(app: typer.Typer) -> None:
    """Add warehouse."""
    made = typer.Typer(help="Base libraries and marts.", no_args_is_help=True)
    for command in (build, verify, builds, restore, docs):
        made.command()(command)
    app.add_typer(made, name="warehouse")


def build(
    select: Annotated[str | None, typer.Option(help="dbt selection")] = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="make incremental tables anew; nothing else does")
    ] = False,
    unit_tests: Annotated[
        bool, typer.Option(help="run the unit tests of models, which depend on the code alone")
    ] = True,
    everything: Annotated[
        bool, typer.Option("--all", help="also what follows from nothing that has changed since the last build")
    ] = False,
    accept_loss: Annotated[
        list[str] | None, typer.Option(metavar="TABLE", help="it may lose more rows than a table may; repeatable")
    ] = None,
) -> None:
    """Build base libraries and marts with dbt; one that would lose too many rows is left as it is.

    What follows from nothing that has changed since the last build is not made again.
    """
    from spark_jobs import warehouse

    losses = accept_loss or ()
    outcome = warehouse.build(
        select, full_refresh, unit_tests=unit_tests, accepted_losses=losses, everything=everything
    )
    for table, rows in sorted(outcome.marts.items()):
        _say(f"{table}: {rows:,} rows")
    for table in outcome.refreshed:
        _say(f"{table}: made anew, as asked for (--full-refresh)")
    if outcome.changed == ():
        _say(
            f"warehouse: nothing that it reads has changed since build {outcome.number} (--all builds it all the same)"
        )
        return
    if outcome.changed:
        _say(f"built what follows from: {', '.join(outcome.changed)}")
    done = f"{outcome.passed} passed, {outcome.failed} failed in {outcome.seconds:.0f} s"
    _say(f"warehouse: {done}, build {outcome.number}")


def verify() -> None:
    """Build the incremental tables anew beside the state and compare all rows (增量与全量核对); 1 where any differs."""
    from spark_jobs.warehouse import anew

    found = anew.compare()
    anew.raise_on_difference(found)
    for each in found:
        _say(f"{each.table}: {each.rows:,} rows, a full build makes the same")


def builds() -> None:
    """List the builds that passed and are noted."""
    from spark_jobs.control import warehouse_builds

    for each in warehouse_builds.builds():
        rows = sum(table["rows"] for table in each.tables.values())
        what = f"selection {each.selection}" if each.selection else "all"
        accepted = f", accepted losses of {', '.join(each.accepted)}" if each.accepted else ""
        _say(f"{each.number}: {each.built_at:%Y-%m-%d %H:%M} UTC, {what}, {rows:,} rows{accepted}")


def restore(
    number: Annotated[int | None, typer.Argument(help="of a build; by default the last that passed")] = None,
) -> None:
    """Give base libraries and marts the rows again that a build left."""
    from spark_jobs.warehouse import restoring

    number, back = restoring.restore(number)
    for table in back:
        _say(f"{table}: as build {number} left it")
    _say(f"build {number}: {len(back)} tables had other rows")


def docs() -> None:
    """Write dbt's pages about all models."""
    from spark_jobs import warehouse

    _say(f"pages: {warehouse.render_docs()}")


def _say(line: str) -> None:
    out.print(line, highlight=False, soft_wrap=True)
