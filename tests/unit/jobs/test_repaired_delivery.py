"""The loop with a department: rows to fix go out, come back corrected, and are closed."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from expectations.contract.catalogue import load_feed
from expectations.samples import file_name
from spark_jobs.control import repairs
from spark_jobs.jobs.receive import receive
from spark_jobs.lake.sail import kept
from spark_jobs.lake.sail.process import can_be_isolated
from tests.e2e import files
from tests.e2e.files import HOUSING, REGISTRY

pytestmark = pytest.mark.skipif(can_be_isolated() is not None, reason="no network namespaces on this machine")
WRONG = "4.21202E+17"


@pytest.fixture(scope="module", autouse=True)
def _one_sail(lake_home: Path) -> Iterator[None]:
    with kept.kept():
        yield


def test_rows_to_fix_come_back_in_two_files(lake_home: Path, tmp_path: Path) -> None:
    contract = load_feed(REGISTRY)
    good = [files.registry_row(number) for number in range(6)]
    bad = [files.registry_row(number, resident_id=WRONG) for number in (10, 11, 12)]
    (first,) = receive(contract, [files.registry(tmp_path, "resident_registry_20260701.csv", [*good, *bad])], None)
    assert (first["quarantined"], first["repairs"]["closed"]) == (3, 0)
    to_fix = (lake_home / "outbox" / first["outbox"]["rows_to_fix"]).read_text("gb18030").splitlines()
    # The clerk mends one row wrongly, and forgets another.
    mended = to_fix[1].replace(WRONG, files.registry_row(10)[0]), to_fix[3].replace(WRONG, "5.21202E+17")
    name = Path(first["outbox"]["rows_to_fix"]).name
    (second,) = receive(
        contract, [files.write(tmp_path, name, "\n".join([to_fix[0], *mended]).encode("gb18030"))], None
    )
    said = second["repairs"]
    assert (second["accepted"], second["quarantined"]) == (1, 1)
    assert (said["repaired"], said["returned"], said["still_open"]["rows"]) == (1, 1, 1)
    assert said["of"] == [
        {"delivery_id": first["delivery_id"], "file": first["file"], "business_date": "2026-07-01", "rows": 2}
    ]
    # The forgotten one and the one that came back wrong.
    assert repairs.open_rows()[REGISTRY] == 2


def test_a_workbook_s_rows_are_known_by_their_numbers(lake_home: Path, tmp_path: Path) -> None:
    contract = load_feed(HOUSING)
    rows = [files.housing_row(number) for number in range(5)]
    rows[2] = files.housing_row(2, applicant_resident_id=WRONG)
    name = file_name(contract, date(2026, 10, 1))
    (first,) = receive(contract, [files.write(tmp_path, name, files.workbook_bytes(rows))], None)
    assert first["quarantined"] == 1
    path = lake_home / "outbox" / first["outbox"]["rows_to_fix"]
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == WRONG)
    cell.value = files.resident_id(2)
    book.save(tmp_path / path.name)
    (second,) = receive(contract, [tmp_path / path.name], None)
    assert (second["repairs"]["repaired"], second["repairs"]["still_open"]["rows"]) == (1, 0)
    assert repairs.open_rows()[HOUSING] == 0
