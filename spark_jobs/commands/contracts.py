"""Check contracts, render what follows from them, begin a new one."""

from pathlib import Path
from typing import Annotated

import typer

from spark_jobs.commands.console import contract_of, err, out


def add_to(app: typer.Typer) -> None:
    """Add check, render, new-feed."""
    app.command()(check)
    app.command()(render)
    app.command("new-feed")(new_feed)


def check() -> None:
    """Load every contract; a wrong one is refused with file, line and reason."""
    from expectations.contract.catalogue import load_feeds

    out.print(f"{len(load_feeds())} contracts are good")


def render(
    only_check: Annotated[bool, typer.Option("--check", help="write nothing; fail where files differ")] = False,
    lists: Annotated[
        Path | None, typer.Option("--out", help="write index, timetable, national catalogue and suites there instead")
    ] = None,
    suite_of: Annotated[
        str | None, typer.Option("--suite", metavar="AGENCY/FEED", help="print a feed's suite instead")
    ] = None,
) -> None:
    """Write the dictionary page and dbt source of each feed and entity from its contract."""
    from expectations.contract.catalogue import load_feeds
    from expectations.render import files

    if suite_of is not None:
        typer.echo(files.suite_text(contract_of(suite_of)), nl=False)
        return
    if lists is not None:
        out.print(f"{len(files.write_lists(lists, load_feeds()))} files below {lists}", highlight=False)
        return
    changed = files.render_all(check=only_check)
    for path in changed:
        out.print(str(path), highlight=False)
    if only_check and changed:
        err.print("these files do not follow from the contracts; next: make render, then commit them")
        raise typer.Exit(1)
    out.print(f"{len(changed)} files {'differ' if only_check else 'written'}")


def new_feed(
    feed: Annotated[str, typer.Argument(metavar="AGENCY/FEED")],
    title: Annotated[str, typer.Option(help="Chinese title")],
    sample: Annotated[
        Path | None, typer.Option(help="a delimited file whose header gives the columns", exists=True)
    ] = None,
) -> None:
    """Write the skeleton of a contract."""
    from expectations.scaffold import new_feed as scaffold

    agency, _, name = feed.partition("/")
    path = scaffold(agency, name, title, sample=sample)
    out.print(f"{path}: fill in what is marked, then run: lake check && make render")
