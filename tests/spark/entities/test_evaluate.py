"""Evaluation end to end: made-up catalogues, and what the command prints and writes."""

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from spark_jobs.cli import app
from tests.spark.entities.files import FIRM_OF, SPECS, evaluated, rows_of, write

pytestmark = pytest.mark.usefixtures("without_server")


def test_ten_firms_are_enough_to_resolve(firms: tuple[Path, Path]) -> None:
    figures = evaluated(SPECS / "companies.yml", [firms[0]], firms[1])
    assert figures["records"] == 10
    assert figures["pair_f1_best"] >= 0.8
    assert 0 < figures["b3_f1"] <= 1


LEFT = [
    ("1", "Counting pairs in skewed joins", "Ana Ruiz, Bo Lind", "Data Systems Letters", "1999"),
    ("2", "Adaptive caching of city maps", "Chen Wei", "Map Conference", "2001"),
    ("3", "On the cost of sorted runs", "Dora Maar, Emil Post", "Data Systems Letters", "1997"),
    ("4", "Views that maintain themselves", "Finn Ode", "Workshop on Views", "2003"),
    ("5", "Query languages for river sensors", "Gita Rao, Hal Berg", "River Data", "2002"),
    ("6", "Editorial", "Ana Ruiz", "Data Systems Letters", "2002"),
]
RIGHT = [
    ("1", "Query Languages for River Sensors.", "G. Rao; H. Berg", "Riv. Data", "2002"),
    ("2", "Counting Pairs in Skewed Joins", "A Ruiz and B Lind", "DSL", "1999"),
    ("3", "The cost of sorted runs", "D. Maar; E. Post", "Letters on Data Systems", "1998"),
    ("4", "Adaptive caching for maps of cities", "W. Chen", "Conf. on Maps", "2001"),
    ("5", "Self-maintaining views and other stories", "Jo Quist", "Other Workshop", "1995"),
    ("6", "Editorial", "Kim Sand", "Map Conference", "1996"),
]
LINKS = [("1", "2"), ("2", "4"), ("3", "3"), ("5", "1")]


def catalogues(folder: Path, left: Sequence[tuple[str, ...]], right: Sequence[tuple[str, ...]]) -> list[Path]:
    names = {"left": ("id", "title", "authors", "venue", "year"), "right": ("id", "name", "author", "journal", "date")}
    return [
        write(folder / f"{file}.csv", [dict(zip(names[file], row, strict=True)) for row in rows])
        for file, rows in (("left", left), ("right", right))
    ]


def test_two_catalogues_that_share_ids_are_linked(tmp_path: Path) -> None:
    files = catalogues(tmp_path, LEFT, RIGHT)
    truth = write(tmp_path / "links.csv", [{"ours": one, "theirs": other} for one, other in LINKS])
    figures = evaluated(SPECS / "publications.yml", files, truth)
    assert figures["records"] == 12
    assert figures["pair_f1_best"] >= 0.85


LISTED = """
title: 论文
title_en: Publications
id_prefix: B
records: {id: id}
attributes: [{name: file}, {name: title, source: [title, name]}]
matching:
  between: file
  one_per: file
  keys: [{name: plain_title, by: plain, of: [title]}]
  comparisons: [{name: title, levels: [{kind: equal, of: [plain_title]}], weights: [40, -40]}]
  blocking: [{equal: [plain_title]}]
"""


def test_what_a_catalogue_lists_four_times_is_four_things(tmp_path: Path) -> None:
    spec, clusters = tmp_path / "listed.yml", tmp_path / "clusters.csv"
    spec.write_text(LISTED, "utf-8")
    files = catalogues(tmp_path, [*LEFT, *((number, *LEFT[0][1:]) for number in ("7", "8", "9"))], RIGHT)
    truth = write(tmp_path / "links.csv", [{"ours": one, "theirs": other} for one, other in LINKS])
    asked = ["evaluate", "--spec", str(spec), "--truth", str(truth), "--clusters", str(clusters)]
    printed = CliRunner().invoke(app, [*asked, *(part for file in files for part in ("--records", str(file)))])
    assert printed.exit_code == 0, printed.output
    cluster_of = {(row["file"], row["record_id"]): row["cluster"] for row in rows_of(clusters)}
    copies = [cluster_of["left", number] for number in ("1", "7", "8", "9")]
    assert len(set(copies)) == 4
    assert copies.count(cluster_of["right", "2"]) == 1


def test_the_command_prints_json_and_saves_the_model(firms: tuple[Path, Path], tmp_path: Path) -> None:
    saved = tmp_path / "model.json"
    asked = ["evaluate", "--spec", str(SPECS / "companies.yml"), "--records", str(firms[0]), "--truth", str(firms[1])]
    clusters = tmp_path / "clusters.parquet"
    printed = CliRunner().invoke(app, [*asked, "--json", "--save-model", str(saved), "--clusters", str(clusters)])
    assert printed.exit_code == 0, printed.output
    figures = json.loads(printed.stdout.strip().splitlines()[-1])
    wanted = "pair_f1_best pair_precision pair_recall pair_f1 clustered_f1 b3_precision b3_recall b3_f1 pairs_scored"
    wanted += " pair_threshold_best pair_precision_best pair_recall_best"
    wanted += " records profiles entities seconds cpu_seconds peak_memory_bytes shuffle_bytes spill_bytes model"
    wanted += " blocking_recall pairs_of_one_entity wrong_clusters weights"
    assert set(wanted.split()) <= set(figures)
    written = pq.read_table(clusters)
    assert len(set(written["cluster"].to_pylist())) == figures["entities"]
    assert written.num_rows == figures["records"]
    assert all(set(level) == {"m", "u", "weight"} for level in figures["weights"].values())
    assert "training" in figures["stages"]
    again = json.loads(CliRunner().invoke(app, [*asked, "--json", "--model", str(saved)]).stdout.splitlines()[-1])
    assert again["model"] == figures["model"]
    assert again["pair_f1_best"] == figures["pair_f1_best"]
    assert "training" not in again["stages"]


def test_without_a_truth_there_are_estimates_and_no_wrong_pairs(firms: tuple[Path, Path], tmp_path: Path) -> None:
    asked = ["evaluate", "--spec", str(SPECS / "companies.yml"), "--records", str(firms[0])]
    clusters = tmp_path / "clusters.csv"
    printed = CliRunner().invoke(app, [*asked, "--json", "--clusters", str(clusters)])
    assert printed.exit_code == 0, printed.output
    figures = json.loads(printed.stdout.strip().splitlines()[-1])
    measured = evaluated(SPECS / "companies.yml", [firms[0]], firms[1])
    assert not set(figures) & {"truth", "pair_f1", "blocking_recall", "b3_f1"}
    estimated = {name: value for name, value in figures.items() if name.startswith("estimated_")}
    assert set(estimated) == {f"estimated_{name}" for name in ("same", "precision", "recall", "blocking_recall")}
    assert estimated == {name: measured[name] for name in estimated}
    assert len(rows_of(clusters)) == 10
    assert "estimated_recall" in CliRunner().invoke(app, asked).output
    refused = CliRunner().invoke(app, [*asked, "--errors", str(tmp_path / "errors.csv")])
    assert refused.exit_code == 1
    assert not (tmp_path / "errors.csv").exists()


def test_ids_that_two_records_have_are_refused_without_a_truth_too(firms: tuple[Path, Path], tmp_path: Path) -> None:
    rows = rows_of(firms[0])
    twice = write(tmp_path / "twice.csv", [*rows, {**rows[1], "id": rows[0]["id"]}])
    refused = CliRunner().invoke(app, ["evaluate", "--spec", str(SPECS / "companies.yml"), "--records", str(twice)])
    assert refused.exit_code == 1
    assert "1 ids are given to more than one record" in str(refused.exception)


def test_the_command_writes_wrong_pairs(firms: tuple[Path, Path], tmp_path: Path) -> None:
    everyone_one = write(tmp_path / "one.csv", [{"id": record, "cluster": "a"} for record in FIRM_OF])
    asked = ["evaluate", "--spec", str(SPECS / "companies.yml"), "--records", str(firms[0])]
    printed = CliRunner().invoke(app, [*asked, "--truth", str(everyone_one), "--errors", str(tmp_path / "errors.csv")])
    assert printed.exit_code == 0, printed.output
    wrong = rows_of(tmp_path / "errors.csv")
    unlike = next(row for row in wrong if {row["record_id_a"], row["record_id_b"]} == {"1", "9"})
    assert unlike["kind"] in {"not_compared", "false_negative"}
    assert {unlike["name_a"], unlike["name_b"]} == {"Northgate Bakery Ltd", "Meadow Dairy"}
