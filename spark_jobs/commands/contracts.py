"""Check contracts, render what follows from them, begin a new one."""

import re
from pathlib import Path
from typing import Annotated

import typer

from spark_jobs.base.errors import LakeError
from spark_jobs.commands.console import contract_of, err, out


def add_to(app: typer.Typer) -> None:
    """Add check, render, catalogue, new-feed."""
    app.command()(check)
    app.command()(render)
    app.command()(catalogue)
    app.command("new-feed")(new_feed)


def check() -> None:
    """Load every contract; a wrong one is refused with file, line and reason, as are contracts that contradict."""
    from expectations.contract.catalogue import load_feeds
    from expectations.contract.contradictions import contradictions

    feeds = load_feeds()
    found = contradictions(feeds)
    for line in found:
        err.print(line, highlight=False, soft_wrap=True)
    if found:
        raise typer.Exit(1)
    out.print(f"{len(feeds)} contracts are good")


def render(
    only_check: Annotated[bool, typer.Option("--check", help="write nothing; fail where files differ")] = False,
    lists: Annotated[Path | None, typer.Option("--out", help="write index, timetable and suites there instead")] = None,
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


def catalogue(
    folder: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="where the files are written")],
    portal: Annotated[
        str | None, typer.Option(metavar="URL", help="of the data portal, by which dcat.jsonld names open resources")
    ] = None,
) -> None:
    """Write the national catalogue of resources (政务信息资源目录), the open ones as DCAT, each contract as ODCS."""
    from expectations.contract.catalogue import load_feeds
    from expectations.render import files
    from expectations.render.dcat import BASE

    if portal is not None and not re.fullmatch(r"https?://[^\s/]+(/[^\s?#]*)?", portal):
        raise LakeError(f"{portal!r} is not the address of a portal", "for example --portal https://data.example/")
    feeds = load_feeds()
    written = files.write_catalogue(folder, feeds, f"{portal.rstrip('/')}/" if portal else BASE)
    out.print(f"{len(written)} files below {folder}", highlight=False)
    unpublished = sum(feed.catalogue.published_on is None for feed in feeds)
    if unpublished:
        err.print(
            f"{unpublished} of {len(feeds)} entries have no date of publication; next: when the platform has published "
            "them, give published_on in the contract's catalogue",
            highlight=False,
            soft_wrap=True,
        )


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
