"""Record files for the tests of evaluation: reading and writing them, and ten made-up firms."""

import csv
from pathlib import Path
from typing import Any

from spark_jobs.base.settings import PROJECT
from spark_jobs.entities.measure.report import evaluate_files

SPECS = PROJECT / "tests" / "entities_specs"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, skipinitialspace=True))


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def evaluated(spec: Path, files: list[Path], truth: Path) -> dict[str, Any]:
    return evaluate_files(spec, files, truth, None, None, "auto")


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
