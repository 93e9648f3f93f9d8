"""A small city through intake and refine: every planted defect is found, and no clean row is quarantined."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from expectations.contract.catalogue import feed_ids
from tests.e2e.conftest import Lake

REAL = {"health/epidemic_daily", "health/medical_institution", "natural_resources/division"}


@pytest.fixture(scope="module")
def city(lake: Lake) -> Path:
    """Generated into the lake's inboxes, collected and refined; gives the truth."""
    lake.run("city", "--records", "4000", "--days", "2", "--seed", "3", "--out", str(lake.home))
    for feed in feed_ids():
        lake.run("collect", feed)
        lake.run("refine", feed)
    return lake.home / "truth"


def quarantined(lake: Lake) -> dict[tuple[str, str, int], set[str]]:
    """Rules broken, by feed, file and row."""
    files = dict(lake.ledger("select delivery_id, object_key from delivery"))
    found: dict[tuple[str, str, int], set[str]] = {}
    for path in (lake.home / "lake" / "quarantine").iterdir():
        rows = DeltaTable(str(path)).to_pyarrow_table(columns=["_delivery_id", "_row_number", "breaches"]).to_pylist()
        for row in rows:
            file = files[row["_delivery_id"]].rsplit("/", 1)[-1]
            place = (path.name.replace("__", "/", 1), file, row["_row_number"])
            found[place] = {breach["rule"] for breach in row["breaches"]}
    return found


def planted(truth: Path, outcome: str) -> list[dict[str, Any]]:
    """Defects of the truth with that outcome, of delivered files."""
    rows = pq.read_table(truth / "defects.parquet").to_pylist()
    return [row for row in rows if row["outcome"] == outcome and row["feed"] != "government_service/approval_case"]


def test_every_planted_defect_is_found_with_its_reason(lake: Lake, city: Path) -> None:
    found = quarantined(lake)
    missed: dict[str, int] = {}
    for defect in planted(city, "reject"):
        rules = found.get((defect["feed"], defect["file"], defect["row_number"]), set())
        if defect["reason"] not in rules:
            missed[defect["kind"]] = missed.get(defect["kind"], 0) + 1
    assert planted(city, "reject")
    assert missed == {}


def test_no_clean_row_is_quarantined(lake: Lake, city: Path) -> None:
    files = {row["file"] for row in pq.read_table(city / "deliveries.parquet").to_pylist()}
    expected = {(row["feed"], row["file"], row["row_number"]) for row in planted(city, "reject")}
    wrong = [place for place in quarantined(lake) if place[1] in files and place not in expected]
    assert [place for place in wrong if not place[1].startswith("pull_")] == []


def test_receipts_agree_with_the_truth(lake: Lake, city: Path) -> None:
    receipts = {found["file"]: found for found in json.loads(lake.run("receipts", "--json", "--limit", "500").stdout)}
    for delivery in pq.read_table(city / "deliveries.parquet").to_pylist():
        if delivery["feed"] == "government_service/approval_case":
            continue
        receipt = receipts[delivery["file"]]
        counts = (receipt["rows_counted"], receipt["accepted"], receipt["quarantined"])
        assert counts == (delivery["rows"], delivery["accepted"], delivery["quarantined"]), delivery["file"]


def test_the_books_balance(lake: Lake, city: Path) -> None:
    assert city.is_dir()
    assert lake.findings() == ""
