"""Check contracts, render what follows from them, begin a new one."""

import json
import re
from pathlib import Path
from typing import Annotated

import typer

from spark_jobs.base.counted import counted
from spark_jobs.base.errors import LakeError
from spark_jobs.commands.console import contract_of, err, out

_DIFFER = ("differs", "differ")
"""Of one file, and of more or none."""


def add_to(app: typer.Typer) -> None:
    """Add check, keys, render, catalogue, once-only, new-feed."""
    app.command()(check)
    app.command()(keys)
    app.command()(render)
    app.command()(catalogue)
    app.command("once-only")(once_only)
    app.command("new-feed")(new_feed)


def check(
    feed: Annotated[
        str | None, typer.Argument(metavar="[AGENCY/FEED]", help="say only what concerns this contract")
    ] = None,
) -> None:
    """Load every contract; a wrong one is refused with file, line and reason, as are contracts that contradict.

    What a contract collects although another department leads it is a warning.
    """
    from expectations import once_only
    from expectations.contract.catalogue import ContractError, load_feeds
    from expectations.contract.contradictions import contradictions

    about = "" if feed is None else contract_of(feed).id
    try:
        feeds = load_feeds()
    except ContractError as error:
        if not about:
            raise
        wrong = str(error).partition("\n")[0]
        err.print(f"warning: not compared with other contracts: {wrong}", highlight=False, soft_wrap=True)
        out.print(f"{about} is good by itself")
        return
    # A feed's name may begin with another's: credit_permit, credit_permit_v1.
    is_meant = re.compile(rf"\b{about}\b" if about else "").search
    found = list(filter(is_meant, contradictions(feeds)))
    for line in found:
        err.print(line, highlight=False, soft_wrap=True)
    if found:
        raise typer.Exit(1)
    for line in filter(is_meant, once_only.warnings(feeds)):
        err.print(f"warning: {line}", highlight=False, soft_wrap=True)
    out.print(f"{about} is good" if about else f"{len(feeds)} contracts are good")


def keys(
    part: Annotated[str | None, typer.Argument(help="column, rule, write, xlsx, drop, …; all parts by default")] = None,
) -> None:
    """Print the keys that a contract may have, and what each means: of the file, its parts, formats and channels."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from expectations.render.keys import keys_of, parts, sensitivities

    known = parts()
    if part is not None and part not in known:
        raise LakeError(f"a contract has no part {part!r}", f"choose one of {', '.join(known)}")
    for name in known if part is None else (part,):
        where, model = known[name]
        out.print(f"\n{name}: {where}", highlight=False, soft_wrap=True)
        out.print(" ".join((model.__doc__ or "").split()), highlight=False, soft_wrap=True)
        table = Table("key", "left out", "type", "meaning", box=SIMPLE_HEAD)
        for key in keys_of(model):
            table.add_row(key.name, key.default, key.kind, " ".join(key.meaning.split()))
        out.print(table)
        if name == "column":
            for word, meaning in sensitivities():
                out.print(f"sensitivity {word}: {meaning}", highlight=False, soft_wrap=True)


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
        out.print(f"{counted(len(files.write_lists(lists, load_feeds())), 'file')} below {lists}", highlight=False)
        return
    changed = files.render_all(check=only_check)
    for path in changed:
        out.print(str(path), highlight=False)
    if only_check and changed:
        err.print("these files do not follow from the contracts; next: make render, then commit them")
        raise typer.Exit(1)
    out.print(f"{counted(len(changed), 'file')} {_DIFFER[len(changed) != 1] if only_check else 'written'}")


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
    out.print(f"{counted(len(written), 'file')} below {folder}", highlight=False)
    unpublished = sum(feed.catalogue.published_on is None for feed in feeds)
    if unpublished:
        err.print(
            f"{unpublished} of {len(feeds)} entries have no date of publication; next: when the platform has published "
            "them, give published_on in the contract's catalogue",
            highlight=False,
            soft_wrap=True,
        )


def once_only(
    feed: Annotated[str | None, typer.Option(metavar="AGENCY/FEED", help="of this contract alone")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show what contracts collect although another department leads it, and where to take it from instead."""
    from expectations import once_only
    from expectations.contract.catalogue import load_feeds
    from spark_jobs.commands.once_only_table import as_document, once_only_table

    only = contract_of(feed).id if feed is not None else None
    found = [each for each in once_only.repetitions(load_feeds()) if only in (None, each.contract.id)]
    if as_json:
        out.print_json(json.dumps([as_document(each) for each in found], ensure_ascii=False))
        return
    out.print(once_only_table(found))


def new_feed(
    feed: Annotated[str, typer.Argument(metavar="AGENCY/FEED")],
    title: Annotated[str, typer.Option(help="Chinese title")],
    sample: Annotated[
        Path | None,
        typer.Option(help="a file such as will come: csv, xlsx, json, jsonl, xml, GeoJSON, Parquet", exists=True),
    ] = None,
) -> None:
    """Write the skeleton of a contract."""
    from expectations.scaffold import new_feed as scaffold

    agency, _, name = feed.partition("/")
    if sample is None:
        path = scaffold(agency, name, title)
    else:
        from spark_jobs.intake.formats import outlined

        path = scaffold(agency, name, title, outlined(sample))
    out.print(f"{path}: fill in what is marked, then run: lake check && make render")
