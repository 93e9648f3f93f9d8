"""Where a column comes from, down to the fields that departments send, and where it goes."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spark_jobs.base.errors import LakeError
from spark_jobs.commands.console import out, working

if TYPE_CHECKING:
    from spark_jobs.lineage.graph import Graph


def add_to(app: typer.Typer) -> None:
    """Add lineage."""
    app.command()(lineage)


def lineage(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="layer.table[.column], or agency/feed[.field]")
    ] = None,
    down: Annotated[bool, typer.Option("--down", help="where it goes, instead of where it comes from")] = False,
    indirect: Annotated[
        bool, typer.Option("--indirect", help="also each column that only decides: joins, filters, groups, conditions")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="every step, direct and indirect")] = False,
    openlineage: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="write the whole lineage as OpenLineage events instead")
    ] = None,
) -> None:
    """Show which fields of which feeds a column comes from, or which marts show it; of a table, of each column."""
    if (name is None) == (openlineage is None):
        raise LakeError("lineage is of one name, or all of it goes to a folder", "give NAME or --openlineage FOLDER")
    from spark_jobs.lineage.whole import lineage as whole

    with working("reading models"):
        graph = whole()
    if openlineage is not None:
        from spark_jobs.lineage.openlineage import FILE, write_events

        out.print(f"{write_events(graph, openlineage)} events in {openlineage / FILE}", highlight=False, soft_wrap=True)
        return
    _show(graph, str(name), down, indirect, as_json)


def _show(graph: "Graph", name: str, down: bool, indirect: bool, as_json: bool) -> None:
    from spark_jobs.commands.lineage_text import of_column, of_table
    from spark_jobs.lineage.asked import as_document, named

    nodes = named(graph, name)
    is_table = str(nodes[0]) != name and len(nodes) > 1
    if as_json:
        documents = [as_document(graph, node, down) for node in nodes]
        out.print_json(json.dumps(documents if is_table else documents[0], ensure_ascii=False))
        return
    for line in of_table(graph, nodes, down) if is_table else of_column(graph, nodes[0], down, indirect):
        out.print(line, highlight=False, soft_wrap=True)
