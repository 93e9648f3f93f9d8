"""Protection by inheritance: what a mart shows of persons, and a build that is refused for it."""

from pathlib import Path

import pytest

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import Sensitivity
from spark_jobs import warehouse
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.lineage import whole
from spark_jobs.lineage.graph import Disclosure, Graph
from spark_jobs.lineage.models import of_manifest
from spark_jobs.lineage.protection import exposed
from spark_jobs.lineage.sources import stated_by
from spark_jobs.lineage.values import Node
from tests.unit.lineage.drawing import VISIT, drawn, model

MART = "marts.mart_trade__shop"
PURPOSE = "向商务部门说明到店的是谁"


def graph(sql: str, discloses: Disclosure | None = None) -> Graph:
    """One mart over a table whose visitor's name is a direct identifier."""
    edges, faults = drawn(model(sql, MART, discloses))
    assert faults == []
    levels = {"visitor": Sensitivity.DIRECT, "amount": Sensitivity.PERSONAL}
    stated = {Node(VISIT, name): frozenset({level}) for name, level in levels.items()}
    return Graph(edges, stated, {MART: discloses} if discloses else {})


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("visitor", id="as it is"),
        pytest.param("substr(visitor, 1, 1)", id="a part of it"),
        pytest.param("max(visitor) over ()", id="one of many"),
        pytest.param("coalesce(visited, visitor)", id="where something else is missing"),
        pytest.param("sha2(visitor, 256)", id="a hash: names and numbers can be tried"),
        pytest.param("struct(visitor, amount)", id="a field of it"),
    ],
)
def test_a_mart_that_shows_a_name_is_named_with_what_it_shows(expression: str) -> None:
    assert exposed(graph(f"select {expression} as it from {{visit}}")) == [f"{MART}.it shows {VISIT}.visitor"]


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param("amount", id="something else of the row"),
        pytest.param("struct(visitor, amount).amount", id="another field"),
        pytest.param("visitor is not null", id="whether there is one"),
        pytest.param("count(distinct visitor) over ()", id="how many there are"),
        pytest.param("if(visitor is null, amount, 0)", id="a choice by it"),
        pytest.param("row_number() over (order by visitor)", id="an order by it"),
    ],
)
def test_what_only_depends_on_a_name_shows_none(expression: str) -> None:
    assert exposed(graph(f"select {expression} as it from {{visit}} where visitor <> 'x'")) == []


def test_a_mart_that_says_for_what_may_show_it() -> None:
    assert exposed(graph("select visitor from {visit}", Disclosure(PURPOSE, ("visitor",)))) == []


@pytest.mark.parametrize(
    ("discloses", "fault"),
    [
        pytest.param(Disclosure(PURPOSE, ()), f"{MART}.visitor shows {VISIT}.visitor", id="another column"),
        pytest.param(Disclosure(" ", ("visitor",)), f"{MART} does not say in meta.discloses for what", id="no purpose"),
        pytest.param(
            Disclosure(PURPOSE, ("visitor", "amount")),
            f"{MART} discloses amount, which shows no direct identifier",
            id="more than there is",
        ),
    ],
)
def test_what_a_mart_says_must_be_so(discloses: Disclosure, fault: str) -> None:
    (line,) = exposed(graph("select visitor, amount from {visit}", discloses))
    assert line.startswith(fault)


def test_a_number_is_a_direct_identifier_although_its_contract_says_that_it_is_more() -> None:
    feed = load_feed("civil_affairs/subsistence_allowance")
    assert feed.column("head_resident_id").sensitivity is Sensitivity.SENSITIVE
    levels = dict(stated_by([feed]))[Node(f"silver.{feed.table}", "head_resident_id")]
    assert levels == {Sensitivity.SENSITIVE, Sensitivity.DIRECT}


def test_the_purpose_is_read_from_the_models_meta() -> None:
    node = {
        **{"resource_type": "model", "schema": "marts", "name": "m", "alias": "m", "columns": {}, "extra_ctes": []},
        **{"compiled_code": "select 1", "depends_on": {"nodes": []}},
        "config": {"meta": {"discloses": {"purpose": PURPOSE, "columns": ["visitor"]}}},
    }
    (found,) = of_manifest({"nodes": {"model.x.m": node}, "sources": {}}).models
    assert found.disclosure == Disclosure(PURPOSE, ("visitor",))


def test_a_warehouse_that_shows_a_name_is_not_built(lake_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert lake_home
    monkeypatch.setattr(whole, "lineage", lambda: graph("select visitor from {visit}"))
    with pytest.raises(LakeError, match=f"{MART}.visitor shows {VISIT}.visitor") as refused:
        warehouse.build()
    assert "for what" in refused.value.next_step
    assert not (lake_home / "dbt").exists()


def test_a_warehouse_that_cannot_be_followed_is_not_built(
    lake_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert lake_home
    monkeypatch.setenv("LAKE_LINEAGE_FOLDER", str(tmp_path))
    edges, faults = drawn(model("select shop_nmae from {shop}"))
    monkeypatch.setattr(whole, "drawn", lambda _folder: (Graph(edges), faults))
    settings.cache_clear()
    with pytest.raises(LakeError, match="mart_trade__shop cannot be followed: shop_nmae is no column"):
        warehouse.build()
    assert not [*tmp_path.iterdir()], "what cannot be followed is not kept"
