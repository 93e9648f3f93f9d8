"""The open contracts as DCAT, against the shapes of DCAT-AP 3.0.0.

The shapes are SEMIC's, of the European Union, CC BY 4.0: releases/3.0.0/shacl of github.com/SEMICeu/DCAT-AP.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from typer.testing import CliRunner

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.contract.feed import FeedContract
from expectations.render.dcat import dcat_document, dcat_json, open_columns
from spark_jobs.cli import app

SHAPES = Graph().parse(Path(__file__).with_name("dcat_ap_3_0_0_shapes.jsonld"), format="json-ld")
REGISTRY = "market_regulation/enterprise_registration"


def graph_of(document: dict[str, Any]) -> Graph:
    return Graph().parse(data=json.dumps(document), format="json-ld")


def faults(graph: Graph) -> str:
    conforms, _, report = validate(graph, shacl_graph=SHAPES)
    return "" if conforms else str(report)


def test_the_open_contracts_are_valid_by_the_profile() -> None:
    graph = graph_of(dcat_document(load_feeds()))
    assert faults(graph) == ""
    wanted = {URIRef(f"urn:xianning:dataset/{feed.id}") for feed in load_feeds() if feed.catalogue.is_open}
    assert set(graph.subjects(RDF.type, DCAT.Dataset)) == wanted
    assert len(list(graph.subjects(RDF.type, DCAT.Distribution))) == len(wanted)


@pytest.mark.parametrize("absent", ["dct:title", "dcat:distribution"])
def test_the_profile_refuses_what_lacks_something(absent: str) -> None:
    document = dcat_document((load_feed("health/epidemic_daily"),))
    (dataset,) = document["dcat:dataset"]
    if absent == "dcat:distribution":
        del dataset[absent][0]["dcat:accessURL"]
    else:
        del dataset[absent]
    assert "MinCount" in faults(graph_of(document))


def test_only_what_is_open_is_named() -> None:
    registry = load_feed(REGISTRY)
    text = dcat_json(load_feeds())
    assert "representative_resident_id" not in text
    assert "public_security/resident_registry" not in text
    assert [column.name for column in open_columns(registry)][:2] == ["uscc", "registration_number"]
    assert "representative_name" not in {column.name for column in open_columns(registry)}


def test_a_dataset_by_hand() -> None:
    graph = graph_of(dcat_document((load_feed(REGISTRY),), "https://data.example/"))
    dataset = URIRef(f"https://data.example/dataset/{REGISTRY}")
    assert graph.value(dataset, DCTERMS.identifier) == Literal("102001/000001")
    assert Literal("企业登记信息", lang="zh") in set(graph.objects(dataset, DCTERMS.title))
    assert str(graph.value(dataset, DCTERMS.accrualPeriodicity)).endswith("/frequency/DAILY")
    publisher = graph.value(dataset, DCTERMS.publisher)
    assert publisher == URIRef("https://data.example/agent/11421200MFXN0105XM")


def test_conditions_and_date_of_publication_are_said(contract: FeedContract) -> None:
    entry = {"is_open": True, "open_condition": "注明来源", "published_on": "2026-11-02"}
    said = contract.catalogue.model_validate(contract.catalogue.model_dump() | entry)
    document = dcat_document((contract.model_copy(update={"catalogue": said}),))
    graph = graph_of(document)
    assert faults(graph) == ""
    (dataset,) = graph.subjects(RDF.type, DCAT.Dataset)
    assert str(graph.value(dataset, DCTERMS.issued)) == "2026-11-02"
    assert "注明来源" in json.dumps(document, ensure_ascii=False)


def test_the_command_writes_dcat_for_a_portal_and_odcs(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["catalogue", "--out", str(tmp_path), "--portal", "https://data.example"])
    assert done.exit_code == 0
    assert "https://data.example/catalogue" in (tmp_path / "dcat.jsonld").read_text("utf-8")
    assert len(list(tmp_path.rglob("*.odcs.yaml"))) == len(load_feeds())
    wrong = CliRunner().invoke(app, ["catalogue", "--out", str(tmp_path / "other"), "--portal", "data.example"])
    assert wrong.exit_code == 1
    assert not (tmp_path / "other").exists()
