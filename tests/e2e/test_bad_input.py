"""What departments really send: every file ends in a receipt, and the books balance."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import bad_input_cases, files
from tests.e2e.bad_document_cases import DOCUMENTS
from tests.e2e.bad_input_cases import Case
from tests.e2e.bad_text_cases import TEXTS
from tests.e2e.bad_workbook_cases import WORKBOOKS
from tests.e2e.conftest import Lake
from tests.e2e.files import REGISTRY

CASES = (*bad_input_cases.CASES, *TEXTS, *WORKBOOKS, *DOCUMENTS)
Receipts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def receipts(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> Receipts:
    """All cases handed in, one call a feed; receipts by file name."""
    folder = tmp_path_factory.mktemp("bad_input")
    found: Receipts = {}
    for feed in dict.fromkeys(case.feed for case in CASES):
        paths = [files.write(folder, case.name, case.content) for case in CASES if case.feed == feed]
        found.update({receipt["file"]: receipt for receipt in lake.receive(feed, *paths)})
    return found


def outcome(receipt: dict[str, Any]) -> tuple[int, ...]:
    """Rows counted, accepted, quarantined, rejected."""
    return tuple(receipt[name] for name in ("rows_counted", "accepted", "quarantined", "rejected"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_every_file_ends_as_promised(case: Case, receipts: Receipts) -> None:
    receipt = receipts[case.name]
    assert receipt["status"] == case.status
    if case.status in {"rejected", "duplicate"}:
        assert receipt["reasons"].keys() == case.reasons.keys()
        assert receipt["accepted"] == 0
        assert receipt["rejection"]["message"]
        assert receipt["rejection"]["fix"]
    else:
        assert outcome(receipt) == case.rows
        assert receipt["reasons"] == case.reasons


def test_the_books_balance_after_all_of_it(lake: Lake, receipts: Receipts) -> None:
    assert receipts
    assert lake.findings() == ""


def stored(lake: Lake, receipt: dict[str, Any], column: str) -> list[Any]:
    """Values of a column that a delivery brought to silver, in the order of the file."""
    table = receipt["tables"]["silver"]["table"]
    rows = lake.sql(
        f"select {column} from {table} where _delivery_id = '{receipt['delivery_id']}' order by _row_number"
    )
    return [row[column] for row in rows]


def test_an_unclosed_quote_is_located(receipts: Receipts) -> None:
    case = next(case for case in CASES if case.id == "B10 unclosed quote")
    offset = re.search(r"第 (\d+) 字节", receipts[case.name]["rejection"]["message"])
    assert offset is not None
    assert case.content[int(offset[1]) : int(offset[1]) + 1] == b'"'


def test_a_late_file_takes_its_place_in_history(lake: Lake, receipts: Receipts) -> None:
    rows = lake.sql(
        "select household_number, _is_current from silver.public_security__resident_registry "
        f"where resident_id = '{files.registry_row(41)[0]}' order by changed_at"
    )
    assert receipts
    assert [(row["household_number"], row["_is_current"]) for row in rows] == [("OLD", False), ("NEW", True)]


def test_of_duplicate_keys_all_are_kept_and_one_is_current(lake: Lake, receipts: Receipts) -> None:
    receipt = receipts["resident_registry_20261030.csv"]
    assert stored(lake, receipt, "household_number") == ["A", "B", "C"]
    assert stored(lake, receipt, "_is_current") == [False, False, True]


def test_untidy_numbers_are_normalised_with_a_log(lake: Lake, receipts: Receipts) -> None:
    receipt = receipts["resident_registry_20261014.csv"]
    assert stored(lake, receipt, "resident_id") == [
        "422301197506153317",
        "421202199003071239",
        "42230219900101005X",
        "421281200802290025",
    ]
    assert sum(receipt["normalised"].values()) >= 4


def test_rare_names_are_kept_losslessly(lake: Lake, receipts: Receipts) -> None:
    assert stored(lake, receipts["resident_registry_20261015.csv"], "person_name") == files.RARE_NAMES


def test_formulas_are_kept_as_they_are_and_escaped_on_export(lake: Lake, receipts: Receipts) -> None:
    receipt = receipts["enterprise_registration_20261027.csv"]
    assert stored(lake, receipt, "address") == files.HOSTILE_TEXTS
    table = receipt["tables"]["silver"]["table"]
    question = f"select address from {table} where _delivery_id = '{receipt['delivery_id']}'"
    exported = lake.run("sql", question, "--unverified", "--format", "csv").stdout
    assert "'=HYPERLINK" in exported
    assert "\n=HYPERLINK" not in exported


def test_a_rescued_column_is_named_in_the_receipt(receipts: Receipts) -> None:
    assert any("新增列" in note for note in receipts["enterprise_registration_20261018.csv"]["notes"])


def test_b02_an_incomplete_upload_is_not_touched(lake: Lake, tmp_path: Path) -> None:
    name = "resident_registry_20260902_b02.csv"
    path = lake.drop(REGISTRY, files.registry(tmp_path, "part.csv", [files.registry_row(11)]), name)
    manifest = path.with_name(f"{name}.manifest.json")
    manifest.write_text('{"bytes": 999999}')
    lake.run("collect", REGISTRY)
    assert name not in lake.run("receipts", "--feed", REGISTRY, "--json").stdout
    manifest.write_text(f'{{"bytes": {path.stat().st_size}}}')
    lake.run("collect", REGISTRY)
    states = lake.ledger("select state from delivery where object_key like ?", f"%{name}")
    assert states == [("parsed",)]


def test_b04_and_the_way_back_of_rows_to_fix(lake: Lake, tmp_path: Path) -> None:
    name = "resident_registry_20261028.csv"
    right = files.registry_row(501)[0]
    broken = files.registry_row(501, resident_id=f"{right[:-1]}?")
    rows = [broken, files.registry_row(502), files.registry_row(503)]
    first = lake.receive(REGISTRY, files.registry(tmp_path, name, rows))[0]
    assert (first["status"], *outcome(first)) == ("partly_accepted", 3, 2, 1, 0)

    sent_back = lake.home / "outbox" / first["outbox"]["rows_to_fix"]
    text = sent_back.read_bytes().decode("gb18030")
    assert "错误原因" in text
    fixed = files.write(tmp_path, sent_back.name, text.replace(broken[0], right).encode("gb18030"))
    same_name = files.registry(tmp_path, name, [files.registry_row(504)])
    again, renewed = lake.receive(REGISTRY, fixed, same_name)
    assert (again["status"], *outcome(again)) == ("accepted", 1, 1, 0, 0)
    assert again["business_date"] == first["business_date"]
    assert renewed["delivery_id"] != first["delivery_id"]
    assert (renewed["status"], *outcome(renewed)) == ("accepted", 1, 1, 0, 0)
