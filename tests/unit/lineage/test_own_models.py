"""The lineage of the project's own models: nothing comes from nowhere, and some paths are as one reads them."""

from collections.abc import Mapping

import pytest
import yaml

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import Sensitivity
from expectations.protection import load_protections
from spark_jobs.lineage.graph import Graph, reached
from spark_jobs.lineage.protection import exposed, identifying, is_mart
from spark_jobs.lineage.values import Node, Way
from spark_jobs.lineage.whole import lineage
from tests.source_tree import PROJECT

MODELS = PROJECT / "dbt" / "models"


@pytest.fixture(scope="module")
def graph() -> Graph:
    """The lineage of the code as it is."""
    return lineage()


def described() -> Mapping[str, list[str]]:
    """The columns of each base library and mart, as its yml describes them."""
    found = {}
    for path in [*MODELS.glob("base/*.yml"), *MODELS.glob("marts/*/*.yml")]:
        if path.with_suffix(".sql").exists():
            (told,) = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["models"]
            layer = load_protections()[path.stem].layers[0] if path.stem.startswith("mart_") else "base"
            found[f"{layer}.{path.stem}"] = [each["name"] for each in told["columns"]]
    return found


def path(graph: Graph, field: Node, column: Node) -> list[str]:
    """The steps from a field to a column, each with the way of that step."""
    found, steps, here = reached(graph, [field], down=True), list[str](), column
    while here != field:
        before = found[here].by
        (way,) = {edge.way for edge in graph.edges[here] if edge.source == before}
        steps.append(f"{here} {way.value}")
        here = before
    return steps[::-1]


def test_every_column_of_every_model_has_an_edge(graph: Graph) -> None:
    columns = described()
    assert len(columns) > 50
    assert {table: [*graph.tables[table]] for table in columns} == columns
    made = [node for node in graph.edges if node.table.partition(".")[0] in {"staging", "base", "restricted", "marts"}]
    assert [str(node) for node in made if not graph.edges[node]] == []


def test_what_columns_come_from_is_there(graph: Graph) -> None:
    assert [str(edge) for edges in graph.edges.values() for edge in edges if edge.source not in graph.edges] == []


def test_every_field_of_every_mart_leads_back_to_rows_that_were_sent_or_to_a_code_table(graph: Graph) -> None:
    first = {node for node, edges in graph.edges.items() if not edges}
    assert {node.table.partition(".")[0] for node in first if "/" not in node.table} == {"reference"}
    marts = [Node(table, name) for table, names in graph.tables.items() if is_mart(table) for name in names]
    assert [str(node) for node in marts if not first & reached(graph, [node], down=False).keys()] == []


def test_an_amount_is_the_sum_of_a_field(graph: Graph) -> None:
    assert path(graph, Node("housing/presale_contract", "zj"), Node("marts.mart_housing__presale", "amount")) == [
        "silver.housing__presale_contract.total_price transformation",
        "staging.stg_housing__presale_contract.total_price identity",
        "restricted.mart_housing__presale.amount aggregation",
        "marts.mart_housing__presale.amount aggregation",
    ]


def test_a_cause_is_one_field_of_the_newest_row(graph: Graph) -> None:
    cause = Node("restricted.mart_poverty_relief__household", "cause")
    field = Node(
        "poverty_relief/poverty_household", load_feed("poverty_relief/poverty_household").column("cause").source
    )
    assert path(graph, field, cause) == [
        "silver.poverty_relief__poverty_household.cause transformation",
        "staging.stg_poverty_relief__poverty_household.cause identity",
        "restricted.mart_poverty_relief__household.cause aggregation",
    ]
    directly = [each for each in reached(graph, [cause], down=False).values() if each.way.is_direct]
    assert [each.node.name for each in directly if "/" in each.node.table] == [field.name]


def test_the_name_of_a_firm_comes_by_entity_resolution(graph: Graph) -> None:
    assert path(
        graph,
        Node("market_regulation/enterprise_registration", "企业名称"),
        Node("restricted.mart_comparison__over_inspected_firms", "firm_name"),
    ) == [
        "silver.market_regulation__enterprise_registration.company_name transformation",
        "entities.legal_entity.name aggregation",
        "restricted.mart_comparison__over_inspected_firms.firm_name identity",
    ]


def test_a_concentration_is_one_of_six_that_an_index_may_be_of(graph: Graph) -> None:
    found = reached(graph, [Node("marts.mart_ecology__air_quality_day", "air_quality_index")], down=False)
    directly = {
        each.node.name for each in found.values() if each.node.table == "ecology/air_quality" and each.way.is_direct
    }
    assert directly == {"pm25", "pm10", "so2", "no2", "co", "o3"}


def test_a_state_that_is_only_counted_is_not_shown(graph: Graph) -> None:
    found = reached(graph, [Node("housing/presale_contract", "htzt")], down=True)
    contracts = found[Node("marts.mart_housing__presale", "contracts")]
    assert (contracts.way, contracts.is_masked) == (Way.AGGREGATION, True)
    assert found[Node("marts.mart_housing__presale", "amount")].way is Way.CONDITIONAL


def test_who_a_person_is_depends_on_names_and_shows_none(graph: Graph) -> None:
    buyer = reached(graph, [Node("staging.stg_housing__presale_contract", "buyer_person_id")], down=False)
    assert buyer[Node("housing/presale_contract", "msrxm")].way is Way.JOIN
    assert graph.levels(Node("staging.stg_housing__presale_contract", "buyer_person_id")) == frozenset()
    assert Sensitivity.DIRECT in graph.levels(Node("entities.person", "name"))


def test_marts_show_direct_identifiers_where_they_say_for_what_and_nowhere_else(graph: Graph) -> None:
    assert exposed(graph) == []
    assert {table: set(names) for table, names in identifying(graph).items()} == {
        table: set(each.columns) for table, each in graph.disclosures.items()
    }


def test_a_graph_that_was_kept_is_the_same(graph: Graph) -> None:
    assert Graph.of_json(graph.as_json()) == graph
