"""Pages of entity resolution stand alone, and say counts and levels only."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from expectations.entity_spec import load_entity
from spark_jobs.entities.explain.cluster import Cluster, Refused
from spark_jobs.entities.explain.evidence import explain
from spark_jobs.entities.explain.pair import Pair
from spark_jobs.entities.explain.side import Side
from spark_jobs.entities.explain.tree import Link
from spark_jobs.entities.match.model import load_model, shipped_path
from spark_jobs.entities.pictures import charts, pages, run_page

PERSON = load_entity("person")
MODEL = load_model(shipped_path("person"))
GUARDS = {
    "sizes": {"entities": 8, "entities_of_1_to_1": 5, "entities_of_51_to_1000000000": 3},
    "weights": {"-10": 4, "0": 2, "5": 9},
    "rules": [{"rule": "number", "blocks": 3, "dropped_blocks": 1, "dropped_profiles": 70, "largest": 70}],
    "events": {"created": 8},
    "figures": {"seconds": 3.5, "stages": {}},
}
RUN = {
    "revision": 2,
    "records": 10,
    "profiles": 9,
    "entities": 8,
    "pairs": 7,
    "model": "abc",
    "guards": json.dumps(GUARDS),
}
SIDES = [Side(f"P-{n}", f"P-{n}", ({"profile_id": n, "node_id": n, "name": "欧阳某某"},)) for n in (1, 2)]


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_library", lambda: "window.vegaEmbed = () => 0")


def specs_in(text: str) -> list[object]:
    return [json.loads(found) for found in re.findall(r'vegaEmbed\("#chart-\d+", (.*), \{actions', text)]


def test_the_waterfall_ends_at_the_weight() -> None:
    evidence = explain([3, 6, 0, 1, 5, 1, 0], PERSON, MODEL)
    rows = charts.waterfall(evidence).to_dict()["layer"][1]["data"]["values"]
    assert rows[-1]["to"] == pytest.approx(evidence.weight, abs=1e-3)
    assert [row["from"] for row in rows[1:-1]] == [row["to"] for row in rows[:-2]]


def test_a_pairs_page_stands_alone_and_holds_no_value(tmp_path: Path) -> None:
    pair = Pair(PERSON, SIDES[0], SIDES[1], 1, 2, explain([3, 6, 0, 1, 5, 1, 0], PERSON, MODEL), ("number",), True)
    text = pages.pair_page(pair, str(tmp_path / "pair.html")).read_text("utf-8")
    assert len(specs_in(text)) == 1
    assert not re.search(r'(src|href)="(https?:)?//', text)
    assert "欧阳某某" not in text


def test_a_clusters_page_draws_its_links_and_what_was_refused(tmp_path: Path) -> None:
    tree = (Link(1, 2, 12.0, 1, 2), Link(2, 3, float("inf"), 2, 3, decision="D-1"))
    refused = (Refused(Link(3, 9, 4.0, 3, 9), "P-9", "号码不同", "two numbers"),)
    groups: dict[int, tuple[dict[str, Any], ...]] = {n: ({"profile_id": n},) for n in (1, 2, 3)}
    text = pages.cluster_page(
        Cluster("P-1", groups, tree, 0, refused, ()), PERSON, str(tmp_path / "c.html")
    ).read_text()
    (spec,) = specs_in(text)
    assert "Infinity" not in json.dumps(spec)
    assert "P-9" in text


def test_the_page_of_a_run_has_all_its_parts(tmp_path: Path) -> None:
    run = {**RUN, "at": datetime(2026, 1, 1, tzinfo=UTC)}
    text = pages.write(tmp_path / "run.html", "run", run_page.sections(PERSON, MODEL, run)).read_text("utf-8")
    assert len(specs_in(text)) == 4
    assert "<td>70" in text
    assert "51+" in text
