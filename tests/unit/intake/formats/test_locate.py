"""A record is found again in its delivery by the provenance that decoding gave it."""

import json
from pathlib import Path
from typing import Any

import pytest

from spark_jobs.intake.formats import FORMATS, locate
from spark_jobs.intake.formats.machinery.rows import Place
from tests.unit.intake.formats.decoding_cases import contract_of, decoded

FORMS: list[dict[str, Any]] = [
    {"format": "csv", "encoding": encoding, "delimiter": "|", **more}
    for encoding in ("utf-8", "gb18030", "utf-16")
    for more in ({}, {"quote": None}, {"compression": "gzip"})
]
FORMS += [{"format": "jsonl", "encoding": "utf-8", "compression": "gzip"}, {"format": "jsonl", "encoding": "gbk"}]
FORMS += [{"format": "json", "encoding": encoding, "records": "data.item"} for encoding in ("utf-8", "gbk", "utf-16")]
ROWS = [{"编号": str(number), "姓名": "咸安" * number} for number in range(5)]


@pytest.mark.parametrize("options", FORMS, ids=lambda options: "-".join(map(str, options.values())))
def test_a_record_s_own_text_is_found_again(tmp_path: Path, options: dict[str, Any]) -> None:
    path, contract = written(tmp_path, options)
    table, _ = decoded(path, contract)
    for place, row in zip(places(table), ROWS, strict=True):
        text = locate(path, contract, place)
        assert text == "|".join(row.values()) if options["format"] == "csv" else json.loads(text) == row


def test_a_row_of_a_worksheet_is_given_as_its_cells(tmp_path: Path) -> None:
    path, contract = written(tmp_path, {"format": "xlsx", "header_row": 3})
    table, _ = decoded(path, contract)
    assert table["_row_number"].to_pylist() == [4, 5, 6, 7, 8]
    assert [json.loads(locate(path, contract, place)) for place in places(table)] == [
        ["0"],
        *(list(row.values()) for row in ROWS[1:]),
    ]


def written(folder: Path, options: dict[str, Any]) -> tuple[Path, Any]:
    contract = contract_of(options)
    path = folder / "delivery"
    FORMATS[contract.layout.format].write_sample(path, contract.layout, ["编号", "姓名"], ROWS)
    return path, contract


def places(table: Any) -> list[Place]:
    columns = ("_row_number", "_byte_offset", "_byte_length")
    return [Place(*(row[name] for name in columns)) for row in table.to_pylist()]
