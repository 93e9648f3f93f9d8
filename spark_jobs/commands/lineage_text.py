"""The lineage of a column as a tree of lines, and that of a table as a line a column."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from spark_jobs.lineage.asked import ends, levels
from spark_jobs.lineage.graph import Graph, Reached, reached
from spark_jobs.lineage.values import Edge, Node, Way

_ENDS = {False: "fields that departments send", True: "columns of marts"}


def of_column(graph: Graph, node: Node, down: bool, indirect: bool) -> Iterator[str]:
    """Direct steps as a tree, then how many columns only decide about it, or each of them."""
    yield _headed(graph, node)
    yield from _tree(graph, node, down, "  ", {node})
    others = [each for each in reached(graph, [node], down).values() if each.steps and not each.way.is_direct]
    columns = [each for each in others if each.node.name is not None]
    count = len(ends(columns, down))
    yield f"indirectly: {len(columns)} columns, of them {count} {_ENDS[down]}{_advice(columns, indirect)}"
    if indirect:
        yield from _by_table(columns)


def of_table(graph: Graph, nodes: Sequence[Node], down: bool) -> Iterator[str]:
    """A line a column: what it shows directly, and how many it depends on beside."""
    for node in nodes:
        found = [each for each in reached(graph, [node], down).values() if each.steps]
        direct = [each for each in found if each.way.is_direct]
        last = ends(direct, down) or [each for each in direct if each.steps == 1]
        shown = ", ".join(sorted(str(each.node) for each in last)[:5]) or _of_rows(graph, node, down)
        more = f" and {len(last) - 5} more" if len(last) > 5 else ""
        others = len(ends(found, down)) - len(ends(direct, down))
        yield f"{_headed(graph, node)}: {shown}{more}; indirectly {others} more"


def _headed(graph: Graph, node: Node) -> str:
    stated = levels(graph, node)
    return f"{node}  [{', '.join(stated)}]" if stated else str(node)


def _advice(columns: Sequence[Reached], is_shown: bool) -> str:
    return "; --indirect lists them" if columns and not is_shown else ""


def _tree(graph: Graph, node: Node, down: bool, indent: str, seen: set[Node]) -> Iterator[str]:
    steps = graph.after(node) if down else graph.edges[node]
    for edge in sorted((each for each in steps if _is_shown(each, down)), key=lambda each: str(each.source)):
        is_new = edge.source not in seen
        seen.add(edge.source)
        yield f"{indent}{edge.source}  {_way(edge)}{'' if is_new else ', as above'}"
        if is_new and edge.way.is_direct:
            yield from _tree(graph, edge.source, down, indent + "  ", seen)


def _is_shown(edge: Edge, down: bool) -> bool:
    return edge.way.is_direct or (edge.way is Way.ROWS and edge.source.name is None and not down)


def _way(edge: Edge) -> str:
    of_rows = {Way.ROWS: "its rows", Way.AGGREGATION: "count of its rows"}
    if edge.source.name is None and edge.way in of_rows:
        return of_rows[edge.way]
    return f"{edge.way.value}{', no value shown' if edge.is_masked else ''}"


def _of_rows(graph: Graph, node: Node, down: bool) -> str:
    tables = [] if down else sorted(edge.source.table for edge in graph.edges[node] if edge.source.name is None)
    return f"constant, of rows of {', '.join(tables)}" if tables else "nothing directly, see --indirect of the column"


def _by_table(columns: Sequence[Reached]) -> Iterator[str]:
    tables: dict[str, list[str]] = defaultdict(list)
    for each in columns:
        tables[each.node.table].append(f"{each.node.name} ({each.way.value})")
    for table, names in sorted(tables.items()):
        yield f"  {table}: {', '.join(names)}"
