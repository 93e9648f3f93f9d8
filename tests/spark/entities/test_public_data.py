"""Evaluation of public data sets against their bars."""

from pathlib import Path

import pytest

from spark_jobs.base.settings import PROJECT
from tests.spark.entities.files import SPECS, evaluated, rows_of, write

PUBLIC = PROJECT.parent / "shared" / "er"
SPLINK_5_FAKE_1000 = 0.8554
"""Best pair F1 of Splink 5.0.0 on fake_1000, by tests/bench/resolution/splink_peer.py; 0.9959 on FEBRL3."""

pytestmark = pytest.mark.usefixtures("without_server")


def public(name: str) -> Path:
    path = PUBLIC / name
    if not path.is_file():
        pytest.skip(f"{path} is not here: public data sets are not part of the project")
    return path


def original(record: str) -> str:
    """rec-12-org and rec-12-dup-0 are one person."""
    return record.split("-")[1]


@pytest.mark.timeout(1800)
def test_febrl3(tmp_path: Path) -> None:
    records = public("dataset3.csv")
    truth = [{"rec_id": row["rec_id"], "cluster": original(row["rec_id"])} for row in rows_of(records)]
    figures = evaluated(SPECS / "febrl.yml", [records], write(tmp_path / "truth.csv", truth))
    assert figures["pair_f1_best"] >= 0.997
    assert figures["b3_f1"] >= 0.997
    assert (figures["records"], figures["b3_f1"] <= 1) == (5000, True)


@pytest.mark.timeout(1800)
def test_fake_1000_is_at_or_above_splink() -> None:
    records = public("fake_1000.csv")
    figures = evaluated(SPECS / "fake_1000.yml", [records], records)
    assert figures["pair_f1_best"] >= SPLINK_5_FAKE_1000


@pytest.mark.timeout(1800)
def test_one_duplicate_an_original_is_found_in_another_file(tmp_path: Path) -> None:
    """As FEBRL4 is made: originals in one file, one duplicate of each in the other, ids without relation."""
    rows = [row for name in ("dataset2.csv", "dataset3.csv") for row in _pairs(rows_of(public(name)), name)]
    left, right = ([row for row in rows if row["side"] == side] for side in ("org", "dup"))
    files = [write(tmp_path / "originals.csv", left), write(tmp_path / "duplicates.csv", right)]
    by_person = {row["person"]: row["rec_id"] for row in right}
    links = [{"original": row["rec_id"], "duplicate": by_person[row["person"]]} for row in left]
    figures = evaluated(SPECS / "febrl_link.yml", files, write(tmp_path / "links.csv", links))
    assert len(links) == 1593
    assert figures["pair_f1_best"] >= 0.9996


def _pairs(rows: list[dict[str, str]], source: str) -> list[dict[str, str]]:
    """Each original that has a duplicate, and its first one; both numbered from 1 in their files."""
    found = []
    of_person: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        side = "org" if row["rec_id"].endswith("-org") else "dup"
        of_person.setdefault(original(row["rec_id"]), {}).setdefault(side, row)
    for person, sides in sorted(of_person.items()):
        if len(sides) == 2:
            for side, row in sides.items():
                named = {**row, "rec_id": f"{source[7]}{person}", "side": side, "person": source + person}
                found.append(named)
    return found
