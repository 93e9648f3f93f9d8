"""The lineage as OpenLineage has it: job events, by the published shape of the column lineage facet."""

import json
from pathlib import Path
from typing import Any

import pytest

from expectations.contract.catalogue import load_feed
from spark_jobs.lineage.graph import Graph
from spark_jobs.lineage.openlineage import FILE, NAMESPACE, write_events
from spark_jobs.lineage.sources import of_feed
from tests.unit.lineage.drawing import drawn, model


@pytest.fixture
def events(tmp_path: Path) -> dict[str, Any]:
    """By job: a mart, a model that is no table, and the feed of presale contracts."""
    staged = model("select county, shop_id, sales from {shop} where opened is not null", "staging.stg_trade__shop")
    text = (
        "select upper(county) as county, sum(if(shop_id > '1', sales, 0)) as sales, count(*) as shops, '1' as edition "
        "from staging.stg_trade__shop group by 1"
    )
    edges, faults = drawn(staged, model(text))
    assert faults == []
    graph = Graph({**dict(of_feed(load_feed("housing/presale_contract"))), **edges})
    assert write_events(graph, tmp_path / "out") == 2
    lines = (tmp_path / "out" / FILE).read_text("utf-8").splitlines()
    return {event["job"]["name"]: event for event in map(json.loads, lines)}


def fields(event: dict[str, Any]) -> dict[str, Any]:
    (output,) = event["outputs"]
    return dict(output["facets"]["columnLineage"]["fields"])


def transformation(kind: str, subtype: str) -> dict[str, Any]:
    return {"type": kind, "subtype": subtype, "masking": False}


def test_an_event_is_of_a_job_that_makes_tables(events: dict[str, Any]) -> None:
    assert set(events) == {"marts.mart_trade__shop", "refine.housing__presale_contract"}
    event = events["marts.mart_trade__shop"]
    assert event["schemaURL"] == "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent"
    assert [(each["namespace"], each["name"]) for each in event["inputs"]] == [(NAMESPACE, "silver.trade__shop")]
    assert "run" not in event


def test_a_value_is_direct_and_what_decides_it_indirect(events: dict[str, Any]) -> None:
    found = fields(events["marts.mart_trade__shop"])
    shop = {"namespace": NAMESPACE, "name": "silver.trade__shop"}
    assert found["county"]["inputFields"] == [
        {**shop, "field": "county", "transformations": [transformation("DIRECT", "TRANSFORMATION")]}
    ]
    assert found["sales"]["inputFields"] == [
        {**shop, "field": "sales", "transformations": [transformation("DIRECT", "AGGREGATION")]},
        {**shop, "field": "shop_id", "transformations": [transformation("INDIRECT", "CONDITIONAL")]},
    ]


def test_what_decides_rows_is_of_the_whole_dataset(events: dict[str, Any]) -> None:
    (output,) = events["marts.mart_trade__shop"]["outputs"]
    facet = output["facets"]["columnLineage"]
    assert facet["_schemaURL"].startswith("https://openlineage.io/spec/facets/1-2-0/ColumnLineageDatasetFacet.json")
    assert [(each["field"], each["transformations"]) for each in facet["dataset"]] == [
        ("county", [transformation("INDIRECT", "GROUP_BY")]),
        ("opened", [transformation("INDIRECT", "FILTER")]),
    ]


def test_counts_of_rows_and_constants_are_said_to_be_such(events: dict[str, Any]) -> None:
    found = fields(events["marts.mart_trade__shop"])
    assert found["shops"] == {"inputFields": [], "transformationDescription": "count(*)"}
    assert found["edition"] == {"inputFields": [], "transformationDescription": "constant"}


def test_a_feed_is_a_dataset_whose_fields_have_the_names_that_are_sent(events: dict[str, Any]) -> None:
    event = events["refine.housing__presale_contract"]
    assert [each["name"] for each in event["inputs"]] == ["housing/presale_contract"]
    (input_field,) = fields(event)["total_price"]["inputFields"]
    assert (input_field["name"], input_field["field"]) == ("housing/presale_contract", "zj")


def test_written_again_it_takes_the_place_of_what_was_there(events: dict[str, Any], tmp_path: Path) -> None:
    assert events
    assert write_events(Graph({}), tmp_path / "out") == 0
    assert not (tmp_path / "out" / FILE).exists()
