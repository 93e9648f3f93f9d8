"""Small models by hand, and what is drawn of them."""

from spark_jobs.lineage.draw import draw
from spark_jobs.lineage.graph import Disclosure
from spark_jobs.lineage.models import Compiled, Model
from spark_jobs.lineage.values import Edge, Node

SOURCES = {
    "silver.trade__shop": ("shop_id", "shop_name", "county", "opened", "sales", "sample", "_part", "_valid_to"),
    "silver.trade__visit": ("shop_id", "visited", "visitor", "guest", "amount"),
}
SHOP, VISIT = SOURCES


def model(sql: str, table: str = "marts.mart_trade__shop", discloses: Disclosure | None = None) -> Model:
    """A model; `shop` and `visit` stand for two silver tables."""
    named = sql.replace("{shop}", "delta.`lake/silver/trade__shop` version as of 3")
    return Model(table, named.replace("{visit}", "delta.`lake/silver/trade__visit` version as of 0"), (), discloses)


def drawn(*models: Model) -> tuple[dict[Node, frozenset[Edge]], list[str]]:
    """The edges of these models, in their order, and what cannot be followed."""
    return draw(Compiled(models, SOURCES), [])


def edges_of(sql: str) -> dict[str, dict[str, str]]:
    """By column of one model: what it depends on, and how; the rows of the table under its own name."""
    edges, faults = drawn(model(sql))
    assert faults == []
    return {node.name or "": _told(found) for node, found in edges.items() if node.table.startswith("marts.")}


def columns_of(sql: str) -> dict[str, dict[str, str]]:
    """The same without the rows."""
    return {name: edges for name, edges in edges_of(sql).items() if name}


def _told(edges: frozenset[Edge]) -> dict[str, str]:
    return {
        str(edge.source).removeprefix("silver.trade__"): f"{edge.way.value}{' masked' if edge.is_masked else ''}"
        for edge in edges
    }
