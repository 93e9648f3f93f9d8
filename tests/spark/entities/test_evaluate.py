"""Evaluation end to end: public data sets against their bars, made-up catalogues, and what a user may get wrong."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession
from typer.testing import CliRunner

from expectations.entity_spec import load_spec
from spark_jobs.cli import app
from spark_jobs.entities.evaluate_report import evaluate_files
from spark_jobs.entities.spec_faults import first_sentence, refusal
from spark_jobs.lake.errors import LakeError
from spark_jobs.lake.settings import PROJECT

SPECS = PROJECT / "tests" / "entities_specs"
PUBLIC = PROJECT.parent / "shared" / "er"
SPLINK_5_FAKE_1000 = 0.8554
"""Best pair F1 of Splink 5.0.0 on fake_1000, by tests/bench/resolution/splink_peer.py; 0.9959 on FEBRL3."""

pytestmark = pytest.mark.usefixtures("lake_home")


def public(name: str) -> Path:
    path = PUBLIC / name
    if not path.is_file():
        pytest.skip(f"{path} is not here: public data sets are not part of the project")
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def original(record: str) -> str:
    """rec-12-org and rec-12-dup-0 are one person."""
    return record.split("-")[1]


def evaluated(spec: Path, files: list[Path], truth: Path) -> dict[str, Any]:
    return evaluate_files(spec, files, truth, None, None, "auto")


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


FIRMS = [
    ("1", "Northgate Bakery Ltd", "12 Mill Street", "Leeds", "LS1 4AB", "0113 496 0101", "www.northgatebakery.example"),
    ("2", "NORTHGATE BAKERY LIMITED", "12 Mill St.", "leeds", "LS14AB", "+44 113 4960101", ""),
    ("3", "Northgate Bakry", "", "Leeds", "", "", "http://northgatebakery.example/"),
    ("4", "Harbour Optical Company", "3 Quay Road", "Hull", "HU1 2BN", "01482 496002", ""),
    ("5", "Harbour Optical Co", "3 Quay Rd", "Hull", "HU1 2BN", "", "harbouroptical.example"),
    ("6", "Harbour Outdoor Co", "77 Spring Bank", "Hull", "HU3 1AB", "01482 496777", ""),
    ("7", "Thornbury Steel Fabrication GmbH", "9 Foundry Lane", "York", "YO1 7HU", "01904 496003", ""),
    ("8", "T S F", "9 Foundry Ln", "York", "YO1 7HU", "01904 496003", ""),
    ("9", "Meadow Dairy", "Low Farm", "Selby", "YO8 4AA", "01757 496004", "meadow.example"),
    ("10", "Meadow Dairy Holdings plc", "Low Farm", "Selby", "YO8 4AA", "01757 496040", "meadow.example"),
]
FIRM_OF = {"1": "a", "2": "a", "3": "a", "4": "b", "5": "b", "6": "c", "7": "d", "8": "d", "9": "e", "10": "e"}


@pytest.fixture
def firms(tmp_path: Path) -> tuple[Path, Path]:
    names = ("id", "company_name", "address", "city", "zip", "phone", "url")
    records = write(tmp_path / "firms.csv", [dict(zip(names, firm, strict=True)) for firm in FIRMS])
    return records, write(tmp_path / "truth.csv", [{"id": i, "cluster": c} for i, c in FIRM_OF.items()])


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


def test_two_catalogues_that_share_ids_are_linked(tmp_path: Path) -> None:
    left = write(
        tmp_path / "left.csv", [dict(zip(["id", "title", "authors", "venue", "year"], r, strict=True)) for r in LEFT]
    )
    right = write(
        tmp_path / "right.csv", [dict(zip(["id", "name", "author", "journal", "date"], r, strict=True)) for r in RIGHT]
    )
    truth = write(tmp_path / "links.csv", [{"ours": one, "theirs": other} for one, other in LINKS])
    figures = evaluated(SPECS / "publications.yml", [left, right], truth)
    assert figures["records"] == 12
    assert figures["pair_f1_best"] >= 0.85


def test_the_command_prints_json_and_saves_the_model(firms: tuple[Path, Path], tmp_path: Path) -> None:
    saved = tmp_path / "model.json"
    asked = ["evaluate", "--spec", str(SPECS / "companies.yml"), "--records", str(firms[0]), "--truth", str(firms[1])]
    printed = CliRunner().invoke(app, [*asked, "--json", "--save-model", str(saved)])
    assert printed.exit_code == 0, printed.output
    figures = json.loads(printed.stdout.strip().splitlines()[-1])
    wanted = "pair_f1_best pair_precision pair_recall pair_f1 clustered_f1 b3_precision b3_recall b3_f1 pairs_scored"
    wanted += " pair_threshold_best pair_precision_best pair_recall_best"
    wanted += " records profiles entities seconds cpu_seconds peak_memory_bytes shuffle_bytes spill_bytes model"
    assert set(wanted.split()) <= set(figures)
    assert "training" in figures["stages"]
    again = json.loads(CliRunner().invoke(app, [*asked, "--json", "--model", str(saved)]).stdout.splitlines()[-1])
    assert again["model"] == figures["model"]
    assert again["pair_f1_best"] == figures["pair_f1_best"]
    assert "training" not in again["stages"]


def test_the_command_writes_wrong_pairs(firms: tuple[Path, Path], tmp_path: Path) -> None:
    everyone_one = write(tmp_path / "one.csv", [{"id": record, "cluster": "a"} for record in FIRM_OF])
    asked = ["evaluate", "--spec", str(SPECS / "companies.yml"), "--records", str(firms[0])]
    printed = CliRunner().invoke(app, [*asked, "--truth", str(everyone_one), "--errors", str(tmp_path / "errors.csv")])
    assert printed.exit_code == 0, printed.output
    wrong = rows_of(tmp_path / "errors.csv")
    unlike = next(row for row in wrong if {row["record_id_a"], row["record_id_b"]} == {"1", "9"})
    assert unlike["kind"] in {"not_compared", "false_negative"}
    assert {unlike["name_a"], unlike["name_b"]} == {"Northgate Bakery Ltd", "Meadow Dairy"}


def _without_column(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace("address", "street"), "utf-8")


def _twice(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "1,Again,,,,,\n", "utf-8")


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (_without_column, "no file has address (attribute address)"),
        (_twice, "firms: 1 ids are given to more than one record, the first is 1"),
        (lambda path: path.write_text("", "utf-8"), "is empty"),
        (lambda path: path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", "utf-8"), "no records in"),
        (lambda path: path.write_text("id,company_name\n1,a,b\n", "utf-8"), "cannot be read as CSV"),
        (lambda path: path.unlink(), "there is no file"),
    ],
    ids=["column", "twice", "empty", "header only", "ragged", "missing"],
)
def test_wrong_records_are_told(firms: tuple[Path, Path], harm: Callable[[Path], object], message: str) -> None:
    harm(firms[0])
    with pytest.raises(LakeError) as caught:
        evaluated(SPECS / "companies.yml", [firms[0]], firms[1])
    assert message in caught.value.what
    assert caught.value.next_step


AREA = "upper(replace(postcode, ' ', ''))"
INITIALS = "core_l = short_r or short_l = core_r"


def altered(folder: Path, old: str, new: str) -> Path:
    """The spec of companies with one text in place of another."""
    text = (SPECS / "companies.yml").read_text("utf-8")
    assert old in text
    path = folder / "wrong.yml"
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_a_cast_that_fails_is_told_without_the_value(
    firms: tuple[Path, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    spec = altered(tmp_path, AREA, "cast(postcode as int)")
    with pytest.raises(LakeError) as caught:
        evaluated(spec, [firms[0]], firms[1])
    assert 'wrong.yml: key area: a value of type "STRING" cannot be cast to "INT"' in caught.value.what
    assert "try_cast" in caught.value.next_step
    assert "LS1" not in str(caught.value) + capfd.readouterr().err


def test_wrong_sql_in_a_spec_is_told(firms: tuple[Path, Path], tmp_path: Path) -> None:
    spec = altered(tmp_path, AREA, "uper(postcode)")
    with pytest.raises(LakeError) as caught:
        evaluated(spec, [firms[0]], firms[1])
    assert "wrong.yml: key area: Cannot resolve routine `uper`" in caught.value.what
    assert len(caught.value.what) < 600


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (AREA, "upper(replace(post_code, ' ', ''))", "key area: A column"),
        (AREA, "upper postcode then", "key area: Syntax error"),
        ("{name: phone}", "{name: phone, type: strng}", "attribute phone, type strng: "),
        ("jaccard, of: [letters]", "jaccard, of: [core]", "comparison name, level jaccard of core: "),
        (INITIALS, "core = short_r", "comparison name, level `core = short_r`: A column"),
        ("{equal: [core]}", "{each: core}", "blocking each core: "),
    ],
)
def test_what_spark_refuses_is_found_without_data(
    spark: SparkSession, tmp_path: Path, old: str, new: str, place: str
) -> None:
    found = refusal(spark, load_spec(altered(tmp_path, old, new)))
    assert found is not None
    assert f"{found[0]}: {first_sentence(found[2])}".startswith(place)


def test_a_spec_that_is_right_is_not_blamed(spark: SparkSession) -> None:
    assert refusal(spark, load_spec(SPECS / "companies.yml")) is None


@pytest.mark.parametrize("option", ["--spec", "--model", "--truth"])
def test_files_that_are_not_there_are_told(firms: tuple[Path, Path], tmp_path: Path, option: str) -> None:
    none = tmp_path / "none"
    spec = none if option == "--spec" else SPECS / "companies.yml"
    truth = none if option == "--truth" else firms[1]
    with pytest.raises(LakeError, match=f"there is no file .*none\n.*check the path after {option}"):
        evaluate_files(spec, [firms[0]], truth, none if option == "--model" else None, None, "auto")
