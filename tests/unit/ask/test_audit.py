"""Each promise has a way to be broken here, and the audit names the promise and the place."""

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.e2e.files import REGISTRY
from tests.unit.ask import small_lake
from tests.unit.ask.small_lake import REASON, SmallLake

FIRST, SECOND = "resident_registry_20261101.csv", "resident_registry_20261102.csv"
BROKEN, TWICE = "resident_registry_20261103.csv", "resident_registry_20261104.csv"
NOBODY = "0" * 20
TABLE = "public_security__resident_registry"


def test_a_lake_that_nobody_touched_has_no_finding(lake: SmallLake) -> None:
    states = dict(lake.ledger("select substr(object_key, -12, 8), state from delivery"))
    assert states == {
        "20261101": "committed",
        "20261102": "committed",
        "20261103": "rejected",
        "20261104": "rejected",
    }
    assert lake.audit().findings == []
    assert lake.audit().remarks == []


class TestLanding:
    def test_a_missing_object(self, lake: SmallLake) -> None:
        gone = lake.objects("landing")[0]
        gone.unlink()
        assert {one.invariant for one in lake.audit().findings} == {"I1"}
        assert {one.place for one in lake.audit().findings} == {str(gone.relative_to(lake.home))}

    def test_a_changed_byte_is_seen_although_size_and_time_are_as_before(self, lake: SmallLake) -> None:
        changed = lake.objects("landing")[0]
        status, content = changed.stat(), bytearray(changed.read_bytes())
        content[10] ^= 1
        changed.write_bytes(content)
        os.utime(changed, ns=(status.st_atime_ns, status.st_mtime_ns))
        found = lake.only()
        assert (found.invariant, found.place) == ("I1", str(changed.relative_to(lake.home)))
        assert "holds other bytes" in found.what

    def test_another_object_in_its_place_has_another_size_too(self, lake: SmallLake) -> None:
        first, second, *_ = lake.objects("landing")
        shutil.copyfile(second, first)
        assert {one.place for one in lake.audit().findings} == {str(first.relative_to(lake.home))}

    @pytest.mark.parametrize("key", ["x.csv", "a/b/c/d", f"{REGISTRY}/ab/{'ab' * 32}"])
    def test_an_object_that_no_delivery_brought(self, lake: SmallLake, key: str) -> None:
        foreign = lake.home / "landing" / key
        foreign.parent.mkdir(parents=True, exist_ok=True)
        foreign.write_bytes(b"rows")
        assert lake.found() == [("I1", f"landing/{key}")]

    def test_a_newer_version_put_over_the_one_that_the_ledger_names(self, lake: SmallLake) -> None:
        landed = lake.objects("landing")[0]
        status = landed.stat()
        change = "update delivery set landing_version = ? where sha256 = ?"
        lake.ledger(change, f"{status.st_mtime_ns}-{status.st_size}", landed.name)
        assert lake.found() == []
        os.utime(landed, (small_lake.OLD, small_lake.OLD))
        found = lake.only()
        assert (found.invariant, found.place) == ("I1", str(landed.relative_to(lake.home)))
        assert "is none that the ledger names" in found.what


class TestRows:
    @pytest.mark.parametrize(("layer", "invariant"), [("bronze", "I3"), ("silver", "I4"), ("quarantine", "I5")])
    def test_rows_that_were_deleted(self, lake: SmallLake, layer: str, invariant: str) -> None:
        delivery = lake.delivery(FIRST)
        small_lake.table(layer).delete(f"_delivery_id = '{delivery}' and _row_number = {3 if layer != 'silver' else 2}")
        assert (invariant, f"{layer}.{TABLE} {delivery}") in lake.found()
        assert ("I6", f"{layer}.{TABLE}") in lake.found()

    @pytest.mark.parametrize(("layer", "invariant"), [("bronze", "I3"), ("silver", "I4"), ("quarantine", "I5")])
    def test_rows_of_a_delivery_that_nobody_knows(self, lake: SmallLake, layer: str, invariant: str) -> None:
        small_lake.append(layer, small_lake.rows_of(layer, NOBODY), [NOBODY])
        assert lake.found() == [(invariant, f"{layer}.{TABLE} {NOBODY}"), ("I6", f"{layer}.{TABLE} {NOBODY}")]

    @pytest.mark.parametrize("layer", ["bronze", "silver", "quarantine"])
    def test_rows_of_a_rejected_delivery(self, lake: SmallLake, layer: str) -> None:
        rejected = lake.delivery(BROKEN)
        small_lake.append(layer, small_lake.rows_of(layer, rejected), [rejected])
        found = lake.only()
        assert found.place == f"{layer}.{TABLE} {rejected}"
        assert found.what == "1 row, 0 by the ledger (rejected)"

    def test_bronze_rows_that_an_earlier_lake_left_of_a_rejected_delivery_are_said(self, lake: SmallLake) -> None:
        rejected = lake.delivery(BROKEN)
        small_lake.append("bronze", small_lake.rows_of("bronze", rejected), [rejected])
        lake.ledger("update delivery set bronze_version = 1 where delivery_id = ?", rejected)
        assert "lake refine" in lake.only().next_step
        books = "accounting = json('{\"rows_counted\": 1}'), receipt = json_remove(receipt, '$.replaces')"
        lake.ledger(f"update delivery set {books} where delivery_id = ?", rejected)
        report = lake.audit()
        assert [one.place for one in report.remarks] == [f"bronze.{TABLE}"]
        assert f"bronze.{TABLE} {rejected}" not in {one.place for one in report.findings}

    def test_rows_that_went_and_came_back_are_missed_at_the_stated_version(self, lake: SmallLake) -> None:
        delivery = lake.delivery(SECOND)
        stated = small_lake.version("silver")
        small_lake.append("silver", small_lake.rows_of("silver", delivery), [delivery], "another fingerprint")
        found = lake.audit().findings
        assert [one.what for one in found] == ["5 rows, 4 by the ledger (committed)"]
        lake.edit_json("outcome", SECOND, "$.accepted", 5)
        assert f"4 rows at the stated version {stated}, 5 by the ledger" in [one.what for one in lake.audit().findings]

    def test_a_reason_of_a_quarantined_row_that_was_changed(self, lake: SmallLake) -> None:
        delivery = lake.delivery(FIRST)
        table = small_lake.table("quarantine")
        rows = table.to_pyarrow_table().to_pylist()
        for row in rows:
            row["breaches"][0]["rule"] = "sex_agrees_with_id"
        table.delete()
        small_lake.append("quarantine", pa.Table.from_pylist(rows, small_lake._QUARANTINE), [delivery], "other")
        what = [one.what for one in lake.audit().findings if one.invariant == "I5"]
        assert what == ["rows by reason, table/ledger: sex_agrees_with_id 2/0"] * 2

    def test_a_reason_outside_the_closed_list(self, lake: SmallLake) -> None:
        for column in ("outcome", "receipt"):
            lake.edit_json(column, FIRST, "$.reasons", {REASON: 1, "no_such_reason": 1})
        assert ("I5", f"ledger {REGISTRY} {lake.delivery(FIRST)}") in lake.found()
        assert any("outside the closed list: no_such_reason" in one.what for one in lake.audit().findings)

    def test_a_file_of_the_table_that_is_gone(self, lake: SmallLake) -> None:
        next(Path(small_lake.uri("silver")).glob("*.parquet")).unlink()
        assert lake.found() == [("I6", f"silver.{TABLE}")]

    @pytest.mark.parametrize(("layer", "invariant"), [("bronze", "I6"), ("silver", "I6"), ("quarantine", "I6")])
    def test_a_file_that_was_written_anew_with_as_many_rows(self, lake: SmallLake, layer: str, invariant: str) -> None:
        path = next(Path(small_lake.uri(layer)).glob("*.parquet"))
        rows = pq.read_table(path)
        column = rows.schema.get_field_index("_row_number")
        changed = pa.array([number + 1_000_000 for number in rows["_row_number"].to_pylist()], pa.int64())
        pq.write_table(rows.set_column(column, rows.schema.field(column), changed), path)
        found = lake.only()
        assert (found.invariant, found.place) == (invariant, f"{layer}.{TABLE}")
        assert "was changed" in found.what

    @pytest.mark.parametrize("layer", ["bronze", "silver", "quarantine"])
    def test_a_table_of_no_feed(self, lake: SmallLake, layer: str) -> None:
        shutil.copytree(small_lake.uri(layer), Path(small_lake.uri(layer)).with_name("public_security__nobody"))
        assert lake.found() == [("I4", f"{layer}.public_security__nobody")]

    def test_a_table_that_is_gone(self, lake: SmallLake) -> None:
        shutil.rmtree(small_lake.uri("silver"))
        assert lake.found() == [("I4", f"silver.{TABLE}")]

    def test_files_that_vacuum_has_removed_are_said_and_not_found(self, lake: SmallLake) -> None:
        table = small_lake.table("silver")
        table.optimize.compact()
        table.vacuum(0, dry_run=False, enforce_retention_duration=False)
        report = lake.audit()
        assert report.findings == []
        assert [one.place for one in report.remarks] == [f"silver.{TABLE}"]
        assert "2 receipts state versions whose files vacuum has removed" in report.remarks[0].what


class TestCommits:
    @pytest.mark.parametrize("act", ["RESTORE", "UPDATE", "DELETE"])
    def test_an_act_of_somebody_else(self, lake: SmallLake, act: str) -> None:
        table = small_lake.table("silver")
        match act:
            case "RESTORE":
                table.restore(0)
            case "UPDATE":
                table.update(updates={"person_name": "'x'"}, predicate="_row_number = 2")
            case _:
                table.delete("_row_number = 2")
        assert f"version 2 ({act}) changes rows and names no delivery" in [one.what for one in lake.audit().findings]

    def test_a_commit_that_was_removed(self, lake: SmallLake) -> None:
        lake.log_file("silver", 0).unlink()
        assert ("I6", f"silver.{TABLE}") in lake.found()

    def test_a_commit_that_was_removed_from_the_middle(self, lake: SmallLake) -> None:
        lake.log_file("bronze", 1).unlink()
        whats = [one.what for one in lake.audit().findings if one.place == f"bronze.{TABLE}"]
        assert "versions are not contiguous: 1 missing" in whats

    def test_the_newest_commit_that_was_removed(self, lake: SmallLake) -> None:
        lake.log_file("silver", small_lake.version("silver")).unlink()
        whats = {one.what for one in lake.audit().findings}
        assert any("the ledger states version 1, the table ends at 0" in what for what in whats)
        assert any("version 1 is published, the table ends at 0" in what for what in whats)

    def test_a_commit_that_was_made_twice(self, lake: SmallLake) -> None:
        shutil.copyfile(lake.log_file("silver", 1), lake.log_file("silver", 2))
        found = lake.only()
        assert (found.invariant, found.place) == ("I6", f"silver.{TABLE} {lake.delivery(SECOND)}")
        assert found.what == "in 2 commits: versions 1, 2"

    def test_a_commit_that_says_nothing(self, lake: SmallLake) -> None:
        lake.log_file("silver", 2).write_text('{"commitInfo":{"operation":"\\u001b[2J"}}\n', encoding="utf-8")
        found = lake.only()
        assert (found.invariant, found.place) == ("I6", f"silver.{TABLE}")
        assert found.what == r"version 2 is no act of the lake (\x1b[2J)"

    def test_a_commit_that_is_no_json(self, lake: SmallLake) -> None:
        lake.log_file("quarantine", 1).write_text("{", encoding="utf-8")
        assert ("I6", f"quarantine.{TABLE}") in lake.found()

    def test_a_delivery_that_no_commit_names(self, lake: SmallLake) -> None:
        log = lake.log_file("silver", 1)
        log.write_text(log.read_text("utf-8").replace(lake.delivery(SECOND), NOBODY), encoding="utf-8")
        assert ("I6", f"silver.{TABLE} {lake.delivery(SECOND)}") in lake.found()

    def test_a_checkpoint_that_is_not_of_the_log(self, lake: SmallLake) -> None:
        small_lake.table("silver").create_checkpoint()
        log = lake.log_file("silver", 0)
        lines = [line for line in log.read_text("utf-8").splitlines() if '"add"' not in line]
        log.write_text("\n".join(lines), encoding="utf-8")
        whats = [one.what for one in lake.audit().findings if one.invariant == "I6"]
        assert any(what.startswith("readers get 2 files, the commits leave 1") for what in whats)


class TestLedgerAndReceipts:
    def test_a_receipt_that_was_edited_in_the_outbox(self, lake: SmallLake) -> None:
        receipt = lake.objects("outbox", f"{FIRST}*.receipt.json")[0]
        document = json.loads(receipt.read_text("utf-8"))
        receipt.write_text(json.dumps({**document, "accepted": document["accepted"] + 1}), encoding="utf-8")
        found = lake.only()
        assert (found.invariant, found.place) == ("I10", str(receipt.relative_to(lake.home)))
        assert found.what == "the receipt differs from the ledger's copy"

    def test_a_page_put_over_the_version_that_the_ledger_names(self, lake: SmallLake) -> None:
        page = lake.objects("outbox", f"{FIRST}*.receipt.html")[0]
        key = str(page.relative_to(lake.home / "outbox"))
        versions = {key: f"{page.stat().st_mtime_ns}-{page.stat().st_size}"}
        lake.ledger(
            "update delivery set receipt_versions = ? where object_key like ?", json.dumps(versions), f"%{FIRST}"
        )
        assert lake.found() == []
        page.write_text("<p>another page</p>", encoding="utf-8")
        assert lake.found() == [("I10", f"outbox/{key}")]

    @pytest.mark.parametrize("pattern", [f"{FIRST}*.receipt.html", f"{BROKEN}*.receipt.html", "*_更正_*"])
    def test_a_page_or_rows_to_fix_that_were_edited(self, lake: SmallLake, pattern: str) -> None:
        given_out = lake.objects("outbox", pattern)[0]
        status, content = given_out.stat(), bytearray(given_out.read_bytes())
        content[-3] ^= 1
        given_out.write_bytes(content)
        os.utime(given_out, ns=(status.st_atime_ns, status.st_mtime_ns))
        found = lake.only()
        assert (found.invariant, found.place) == ("I10", str(given_out.relative_to(lake.home)))
        assert found.what == "is not what was given out"

    def test_another_layout_of_a_receipt_is_the_same_receipt(self, lake: SmallLake) -> None:
        receipt = lake.objects("outbox", f"{FIRST}*.receipt.json")[0]
        receipt.write_text(json.dumps(json.loads(receipt.read_text("utf-8"))), encoding="utf-8")
        assert lake.found() == []

    def test_a_receipt_that_was_edited_in_the_ledger(self, lake: SmallLake) -> None:
        lake.edit_json("receipt", FIRST, "$.title", "another title")
        assert lake.only().what == "the receipt differs from the ledger's copy"

    @pytest.mark.parametrize("pattern", ["*.receipt.json", "*.receipt.html", "*_更正_*"])
    def test_an_object_that_was_taken_out_of_the_outbox(self, lake: SmallLake, pattern: str) -> None:
        gone = lake.objects("outbox", pattern)[0]
        gone.unlink()
        assert lake.found() == [("I10", str(gone.relative_to(lake.home)))]

    def test_an_object_in_the_outbox_that_no_receipt_names(self, lake: SmallLake) -> None:
        for key in (f"{REGISTRY}/2026-11-01/x.html", "x.html"):
            (lake.home / "outbox" / key).write_text("x", encoding="utf-8")
        assert lake.found() == [("I10", f"outbox/{REGISTRY}/2026-11-01/x.html"), ("I10", "outbox/x.html")]

    @pytest.mark.parametrize(
        ("column", "path", "named"),
        [
            ("outcome", "$.accepted", "accepted"),
            ("outcome", "$.quarantined", "quarantined"),
            ("accounting", "$.rows_counted", "rows counted"),
        ],
    )
    def test_a_count_that_was_edited_in_the_ledger(self, lake: SmallLake, column: str, path: str, named: str) -> None:
        lake.edit_json(column, SECOND, path, 99)
        place = f"ledger {REGISTRY} {lake.delivery(SECOND)}"
        found = [one.what for one in lake.audit().findings if one.place == place]
        assert found == [f"ledger and receipt differ in {named}"]

    @pytest.mark.parametrize(
        ("change", "named"),
        [
            ("object_key = replace(object_key, '.csv', '.txt')", "file"),
            ("rejection = json_set(rejection, '$.fix', '')", "rejection"),
            ("replaces = 'x'", "what it replaces"),
            ("outcome = json_set(outcome, '$.quarantine_version', 0)", "quarantine version"),
        ],
    )
    def test_what_else_was_edited_in_the_ledger(self, lake: SmallLake, change: str, named: str) -> None:
        name = BROKEN if named == "rejection" else SECOND
        place = f"ledger {REGISTRY} {lake.delivery(name)}"
        lake.ledger(f"update delivery set {change} where object_key like ?", f"%{name}")
        found = [one.what for one in lake.audit().findings if one.place == place]
        assert found == [f"ledger and receipt differ in {named}"]

    def test_a_delivery_that_was_moved_to_another_feed(self, lake: SmallLake) -> None:
        delivery = lake.delivery(FIRST)
        lake.ledger("update delivery set feed = 'civil_affairs/marriage_registration' where delivery_id = ?", delivery)
        assert {("I3", f"bronze.{TABLE} {delivery}"), ("I4", f"silver.{TABLE} {delivery}")} <= set(lake.found())

    def test_bytes_that_a_receipt_does_not_cover(self, lake: SmallLake) -> None:
        lake.edit_json("receipt", FIRST, "$.byte_ranges[0].end", 3)
        assert {"I2", "I10"} <= {invariant for invariant, _ in lake.found()}

    def test_parts_that_do_not_add_up(self, lake: SmallLake) -> None:
        lake.edit_json("receipt", FIRST, "$.rejected", 1)
        assert any(
            one.invariant == "I3" and one.what == "6 rows counted, 7 accounted for" for one in lake.audit().findings
        )

    @pytest.mark.parametrize("state", ["seen", "stable", "claimed", "parsed", "rejected", "lost"])
    def test_a_state_that_was_set_back(self, lake: SmallLake, state: str) -> None:
        lake.ledger("update delivery set state = ? where object_key like ?", state, f"%{FIRST}")
        assert ("I1", f"ledger {REGISTRY} {lake.delivery(FIRST)}") in lake.found()

    def test_a_state_that_was_set_back_and_its_receipt_removed(self, lake: SmallLake) -> None:
        change = "update delivery set state = 'parsed', receipt = null, closed_at = null where object_key like ?"
        lake.ledger(change, f"%{FIRST}")
        found = [one for one in lake.audit().findings if one.invariant == "I10"]
        assert len(found) == 3
        assert all(one.what.endswith("which is still parsed") for one in found)

    def test_a_ledger_row_that_was_removed(self, lake: SmallLake) -> None:
        delivery = lake.delivery(FIRST)
        lake.ledger("delete from delivery where delivery_id = ?", delivery)
        found = lake.found()
        assert {("I3", f"bronze.{TABLE} {delivery}"), ("I4", f"silver.{TABLE} {delivery}")} <= set(found)

    def test_a_document_that_is_no_receipt(self, lake: SmallLake) -> None:
        lake.ledger("update delivery set receipt = '{\"status\": 1}' where object_key like ?", f"%{FIRST}")
        assert ("I10", f"ledger {REGISTRY} {lake.delivery(FIRST)}") in lake.found()
