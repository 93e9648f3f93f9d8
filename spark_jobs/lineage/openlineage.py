"""The lineage as OpenLineage job events (spec 2-0-2, column lineage facet 1-2-0), for catalogues that read them.

They say what jobs do, not that one has run. Models that are no tables of their own are left out: what reads one
depends on what it reads.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from openlineage.client.event_v2 import InputDataset, Job, JobEvent, OutputDataset, set_producer
from openlineage.client.facet_v2 import column_lineage_dataset as facet
from openlineage.client.facet_v2 import schema_dataset
from openlineage.client.transport.file import FileConfig, FileTransport

from spark_jobs.lineage.graph import Graph
from spark_jobs.lineage.values import Edge, Node, Way, strongest

NAMESPACE = "xianning-lake"
FILE = "openlineage.jsonl"
_PRODUCER = "https://xianning.example/lake/lineage"
_OF_VIEW = "staging."


def write_events(graph: Graph, folder: Path) -> int:
    """Write an event a job, a line each, to `openlineage.jsonl` in a folder; what was there before is replaced.

    Returns:
        How many.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / FILE).unlink(missing_ok=True)
    transport = FileTransport(FileConfig(str(folder / FILE), append=True))
    written = list(events(graph))
    for each in written:
        transport.emit(each)
    return len(written)


def events(graph: Graph) -> Iterator[JobEvent]:
    """An event for each feed, kind of entity and model that makes tables."""
    set_producer(_PRODUCER)
    now = datetime.now(UTC).isoformat()
    for job, tables in _jobs(graph):
        outputs = [_output(graph, table) for table in tables]
        read = {edge.source.table for table in tables for node in _nodes(graph, table) for edge in _built(graph, node)}
        inputs = [InputDataset(NAMESPACE, name) for name in sorted(read)]
        yield JobEvent(eventTime=now, producer=_PRODUCER, job=Job(NAMESPACE, job), inputs=inputs, outputs=outputs)


def _jobs(graph: Graph) -> Iterator[tuple[str, list[str]]]:
    """Which job makes which tables; what no job of the lake makes has none."""
    made = [table for table in graph.tables if any(graph.edges[node] for node in _nodes(graph, table))]
    for job, tables in groupby(sorted(made, key=lambda table: (_job(table), table)), _job):
        if not job.startswith(_OF_VIEW):
            yield job, list(tables)


def _job(table: str) -> str:
    layer, _, name = table.partition(".")
    if layer == "silver":
        return f"refine.{name}"
    return f"resolve.{name.removesuffix('_record').removesuffix('_member')}" if layer == "entities" else table


def _output(graph: Graph, table: str) -> OutputDataset:
    columns = {name: _fields(_built(graph, Node(table, name))) for name in graph.tables[table]}
    rows = _inputs(_built(graph, Node(table, None)))
    named = [schema_dataset.SchemaDatasetFacetFields(name=name) for name in columns]
    return OutputDataset(
        NAMESPACE,
        table,
        facets={
            "schema": schema_dataset.SchemaDatasetFacet(fields=named),
            "columnLineage": facet.ColumnLineageDatasetFacet(fields=columns, dataset=rows),
        },
    )


def _fields(edges: Iterable[Edge]) -> facet.Fields:
    several = list(edges)
    about = {Way.ROWS: "constant", Way.AGGREGATION: "count(*)"}
    # A field must be named: of whole rows the facet has no word but this one.
    told = sorted({about[edge.way] for edge in several if edge.source.name is None and edge.way in about})
    return facet.Fields(inputFields=_inputs(several), transformationDescription=", ".join(told) or None)


def _inputs(edges: Iterable[Edge]) -> list[facet.InputField]:
    of_field: dict[Node, list[facet.Transformation]] = defaultdict(list)
    for edge in sorted(edges, key=lambda each: (str(each.source), each.way)):
        if edge.source.name is not None:
            kind = "DIRECT" if edge.way.is_direct else "INDIRECT"
            of_field[edge.source].append(facet.Transformation(kind, edge.way.value.upper(), masking=edge.is_masked))
    return [facet.InputField(NAMESPACE, node.table, str(node.name), ways) for node, ways in of_field.items()]


def _built(graph: Graph, node: Node) -> frozenset[Edge]:
    """What a column depends on, of tables: through models that are none."""
    found = list[Edge]()
    for edge in graph.edges[node]:
        if not edge.source.table.startswith(_OF_VIEW):
            found.append(edge)
        elif edge.source.name is None and node.name is not None:
            # What decides the rows of such a model decides all of the table's, and is said of the table.
            rows = (each.source for each in _built(graph, edge.source) if each.source.name is None)
            found += [Edge(source, edge.way) for source in rows]
        else:
            found += [each.then(edge.way, edge.is_masked) for each in _built(graph, edge.source)]
    return frozenset(found) if node.name is None else strongest(found)


def _nodes(graph: Graph, table: str) -> list[Node]:
    return [Node(table, None), *(Node(table, name) for name in graph.tables[table])]
