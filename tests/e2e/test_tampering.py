"""Ways of tampering with a real lake behind its back: `lake audit` finds each, names promise and place, and fails."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from deltalake import CommitProperties, DeltaTable, write_deltalake

from infra.warm import wire
from tests.e2e import files
from tests.e2e.conftest import Lake
from tests.e2e.files import REGISTRY

FILE = "resident_registry_20260801.csv"
TABLE = REGISTRY.replace("/", "__")
NOBODY = "0123456789abcdef0123"
ZONES = ("inbox", "outbox", "landing", "lake")


@dataclass(frozen=True)
class Copy:
    """The bytes of the lake in another home, which a test may tamper with; the lake goes on as it was."""

    home: Path
    lake: Lake
    delivery: str
    sha256: str

    def audit(self) -> tuple[int, list[dict[str, Any]]]:
        """Exit status and findings."""
        done = self.lake.run("audit", "--json", check=False, LAKE_HOME=str(self.home))
        return done.returncode, list(json.loads(done.stdout)["findings"])

    @property
    def landed(self) -> Path:
        """The bytes of the delivery."""
        return self.home / "landing" / REGISTRY / self.sha256[:2] / self.sha256

    def given_out(self, suffix: str) -> Path:
        """An object of the delivery in the outbox."""
        (found,) = (self.home / "outbox" / REGISTRY).rglob(f"{FILE}.*{suffix}")
        return found

    def table(self, layer: str) -> DeltaTable:
        """A table of the feed."""
        return DeltaTable(str(self.home / "lake" / layer / TABLE))

    def log(self, layer: str) -> list[Path]:
        """Commits of a table, oldest first."""
        return sorted((self.home / "lake" / layer / TABLE / "_delta_log").glob("*.json"))

    def book(self, statement: str) -> None:
        """Change the ledger row of the delivery."""
        with sqlite3.connect(self.home / "control.db") as control:
            control.execute(f"update delivery set {statement} where delivery_id = ?", (self.delivery,))


@pytest.fixture(scope="module")
def delivered(lake: Lake, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Id and hash of a delivery with good rows and one to be put right."""
    rows = [files.registry_row(40_000 + number) for number in range(5)]
    rows[3] = files.registry_row(40_003, birth_date="00000000")
    (receipt,) = lake.receive(REGISTRY, files.registry(tmp_path_factory.mktemp("sent"), FILE, rows))
    assert (receipt["accepted"], receipt["quarantined"]) == (4, 1)
    return str(receipt["delivery_id"]), str(receipt["sha256"])


@pytest.fixture
def copy(lake: Lake, delivered: tuple[str, str], tmp_path: Path) -> Copy:
    """A copy of the lake with that delivery in it."""
    home = tmp_path / "copy"
    for zone in ZONES:
        shutil.copytree(lake.home / zone, home / zone)
    with sqlite3.connect(lake.home / "control.db") as books, sqlite3.connect(home / "control.db") as copied:
        books.backup(copied)
    # Its commands start warm too, by the lake's own resident process.
    (home / wire.SOCKET).parent.mkdir(parents=True, exist_ok=True)
    (home / wire.SOCKET).symlink_to(lake.home / wire.SOCKET)
    return Copy(home, lake, *delivered)


def test_the_copy_is_as_whole_as_the_lake(copy: Copy) -> None:
    assert copy.audit() == (0, [])


def delete_landing(copy: Copy) -> None:
    copy.landed.unlink()


def change_a_byte(copy: Copy) -> None:
    status, content = copy.landed.stat(), bytearray(copy.landed.read_bytes())
    content[-2] ^= 1
    copy.landed.write_bytes(content)
    os.utime(copy.landed, ns=(status.st_atime_ns, status.st_mtime_ns))


def put_another_object(copy: Copy) -> None:
    copy.landed.write_bytes(b"something else")


def put_a_foreign_file(copy: Copy) -> None:
    (copy.home / "landing" / REGISTRY / "foreign.csv").write_bytes(b"rows")


def delete_rows(layer: str) -> Callable[[Copy], None]:
    def tamper(copy: Copy) -> None:
        rows = copy.table(layer).to_pyarrow_dataset().to_table(filter=pc.field("_delivery_id") == copy.delivery)
        first = min(rows["_row_number"].to_pylist())
        copy.table(layer).delete(f"_delivery_id = '{copy.delivery}' and _row_number = {first}")

    return tamper


def add_rows_of_nobody(copy: Copy) -> None:
    table = copy.table("silver")
    rows = table.to_pyarrow_dataset().to_table(filter=pc.field("_part") == "row").slice(0, 1)
    place = rows.schema.get_field_index("_delivery_id")
    strange = rows.set_column(place, rows.schema.field(place), pa.array([NOBODY], rows.schema.field(place).type))
    write_deltalake(table, strange, mode="append", commit_properties=CommitProperties(custom_metadata={}))


def edit_the_receipt_given_out(copy: Copy) -> None:
    path = copy.given_out(".receipt.json")
    path.write_text(path.read_text("utf-8").replace('"accepted": 4', '"accepted": 5'), encoding="utf-8")


def edit_the_receipt_booked(copy: Copy) -> None:
    copy.book("receipt = json_set(receipt, '$.issued_at', '2026-01-01T00:00:00+08:00')")


def edit_a_count(copy: Copy) -> None:
    copy.book("outcome = json_set(outcome, '$.quarantined', 2)")


def remove_a_commit(copy: Copy) -> None:
    copy.log("bronze")[-1].unlink()


def insert_a_commit(copy: Copy) -> None:
    newest = copy.log("silver")[-1]
    shutil.copyfile(newest, newest.with_name(f"{int(newest.stem) + 1:020d}.json"))


def remove_rows_to_fix(copy: Copy) -> None:
    (found,) = (copy.home / "outbox" / REGISTRY).rglob(f"*_更正_{copy.delivery[:8]}*")
    found.unlink()


def leave_an_object_unanswered(copy: Copy) -> None:
    path = copy.home / "inbox" / "public_security" / "resident_registy" / "x.csv"
    path.parent.mkdir()
    path.write_bytes(b"rows")


def set_a_state_back(copy: Copy) -> None:
    copy.book("state = 'parsed'")


def edit_a_page(copy: Copy) -> None:
    path = copy.given_out(".receipt.html")
    path.write_text(path.read_text("utf-8").replace("部分入库", "全部入库"), encoding="utf-8")


def write_a_file_anew(copy: Copy) -> None:
    """As many rows, of other persons."""
    (path,) = [path for path in copy.table("quarantine").file_uris() if _has_rows_of(path, copy.delivery)][:1]
    rows = pq.read_table(path)
    place = rows.schema.get_field_index("_raw")
    pq.write_table(rows.set_column(place, rows.schema.field(place), pa.array(["x"] * len(rows))), path)


def _has_rows_of(path: str, delivery: str) -> bool:
    return delivery in pq.read_table(path, columns=["_delivery_id"])["_delivery_id"].to_pylist()


def roll_back(copy: Copy) -> None:
    table = copy.table("silver")
    table.restore(table.version() - 1)


def move_to_another_feed(copy: Copy) -> None:
    copy.book("feed = 'civil_affairs/marriage_registration'")


def publish_another_version(copy: Copy) -> None:
    newest = "silver_version = (select max(silver_version) from publication where feed = ?)"
    with sqlite3.connect(copy.home / "control.db") as control:
        change = f"update publication set silver_version = silver_version + 1 where feed = ? and {newest}"
        control.execute(change, (REGISTRY, REGISTRY))


TAMPERINGS: dict[str, tuple[Callable[[Copy], None], str, Callable[[Copy], str]]] = {
    "a landing object deleted": (delete_landing, "I1", lambda copy: f"landing/{REGISTRY}"),
    "a byte of it changed": (change_a_byte, "I1", lambda copy: copy.sha256),
    "another object in its place": (put_another_object, "I1", lambda copy: copy.sha256),
    "a foreign file in landing": (put_a_foreign_file, "I1", lambda copy: "foreign.csv"),
    "rows deleted from bronze": (delete_rows("bronze"), "I3", lambda copy: f"bronze.{TABLE} {copy.delivery}"),
    "rows deleted from silver": (delete_rows("silver"), "I4", lambda copy: f"silver.{TABLE} {copy.delivery}"),
    "rows deleted from quarantine": (
        delete_rows("quarantine"),
        "I5",
        lambda copy: f"quarantine.{TABLE} {copy.delivery}",
    ),
    "rows of a delivery that nobody knows": (add_rows_of_nobody, "I4", lambda copy: f"silver.{TABLE} {NOBODY}"),
    "a receipt edited in the outbox": (edit_the_receipt_given_out, "I10", lambda copy: f"outbox/{REGISTRY}"),
    "a receipt edited in the ledger": (edit_the_receipt_booked, "I10", lambda copy: f"outbox/{REGISTRY}"),
    "a count edited in the ledger": (edit_a_count, "I10", lambda copy: f"ledger {REGISTRY} {copy.delivery}"),
    "a commit removed": (remove_a_commit, "I6", lambda copy: f"bronze.{TABLE}"),
    "a commit inserted": (insert_a_commit, "I6", lambda copy: f"silver.{TABLE}"),
    "rows to fix taken out of the outbox": (remove_rows_to_fix, "I10", lambda copy: copy.delivery[:8]),
    "a page edited": (edit_a_page, "I10", lambda copy: ".receipt.html"),
    "a file of a table written anew": (write_a_file_anew, "I6", lambda copy: f"quarantine.{TABLE}"),
    "a table rolled back": (roll_back, "I6", lambda copy: f"silver.{TABLE}"),
    "a delivery moved to another feed": (move_to_another_feed, "I3", lambda copy: f"bronze.{TABLE} {copy.delivery}"),
    "another version published": (publish_another_version, "I6", lambda copy: f"silver.{TABLE}"),
    "an object left unanswered": (leave_an_object_unanswered, "inbox", lambda copy: "resident_registy"),
    "a state set back": (set_a_state_back, "I1", lambda copy: f"ledger {REGISTRY} {copy.delivery}"),
}


@pytest.mark.parametrize("way", TAMPERINGS)
def test_tampering_is_found(copy: Copy, way: str) -> None:
    tamper, invariant, place = TAMPERINGS[way]
    tamper(copy)
    status, findings = copy.audit()
    assert status == 1
    assert [one for one in findings if one["invariant"] == invariant and place(copy) in one["place"]]
    assert all(one["what"] and one["next_step"] for one in findings)


def test_a_delivery_done_again_beside_the_lake_comes_out_the_same(lake: Lake, delivered: tuple[str, str]) -> None:
    before = lake.versions()
    done = json.loads(lake.run("audit", "--rerun", "2", "--feed", REGISTRY, "--json").stdout)
    assert done["findings"] == []
    assert len([line for line in done["scope"] if line.startswith("done again: ")]) >= 1
    assert lake.versions() == before
