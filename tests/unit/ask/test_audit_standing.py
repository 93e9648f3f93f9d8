"""What stands still, what lies unanswered in the inbox, and an audit since a date."""

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from spark_jobs.ask.audit import audit
from spark_jobs.jobs.sweep import sweep
from tests.e2e.files import REGISTRY
from tests.unit.ask import small_lake
from tests.unit.ask.small_lake import SmallLake

FIRST, SECOND = "resident_registry_20261101.csv", "resident_registry_20261102.csv"
BROKEN, TWICE = "resident_registry_20261103.csv", "resident_registry_20261104.csv"
NOBODY = "0" * 20
TABLE = "public_security__resident_registry"


class TestWhatStandsStill:
    @pytest.mark.parametrize("state", ["seen", "stable", "claimed", "parsed"])
    def test_a_delivery_that_does_not_go_on(self, lake: SmallLake, state: str) -> None:
        long_ago = datetime.now(UTC) - timedelta(days=3)
        lake.ledger(
            "insert into delivery (delivery_id, object_key, object_version, bytes, claim_epoch, sight, attempts,"
            " feed, state, modified_at, first_seen_at, unchanged_since)"
            " values ('d', 'k', 'v', 1, 0, 1, 0, ?, ?, ?, ?, ?)",
            *(REGISTRY, state),
            *[long_ago.strftime("%Y-%m-%d %H:%M:%S.%f")] * 3,
        )
        (found,) = [one for one in lake.audit().findings if one.place == f"{REGISTRY} d"]
        assert (found.invariant, found.what) == ("standing", f"is {state} for 3 days")

    def test_silver_that_is_not_published(self, lake: SmallLake) -> None:
        lake.ledger("update publication set published = 0")
        lake.ledger("update delivery set closed_at = '2026-01-01 00:00:00.000000'")
        found = lake.only()
        assert (found.invariant, found.place) == ("standing", f"silver.{TABLE}")
        assert found.next_step == f"lake verify {REGISTRY}"

    @pytest.mark.parametrize(
        ("change", "says"),
        [
            ("silver_version = silver_version - 1", "version 0 is booked as checked, the checks are of version 1"),
            (
                """checks = json_set(checks, '$.checks', json('[{"success": false}]'))""",
                "version 1 is published, and its checks failed",
            ),
        ],
    )
    def test_a_publication_that_verify_did_not_make(self, lake: SmallLake, change: str, says: str) -> None:
        lake.ledger(f"update publication set {change}")
        assert ("I6", says) in [(one.invariant, one.what) for one in lake.audit().findings]

    def test_a_lease_that_nobody_can_take(self, lake: SmallLake) -> None:
        lake.ledger("update lease set expires_at = '2999-01-01 00:00:00.000000' where name like 'collect:%'")
        found = lake.only()
        assert (found.invariant, found.place) == ("lease", f"lease collect:{REGISTRY}")

    def test_a_delivery_whose_rows_went_with_a_newer_version_and_that_was_not_told(self, lake: SmallLake) -> None:
        delivery = lake.delivery(FIRST)
        replaces = "replaces = ?, receipt = json_set(receipt, '$.replaces[0]', ?)"
        lake.ledger(f"update delivery set {replaces} where object_key like ?", delivery, delivery, f"%{SECOND}")
        moved = "update delivery set object_key = (select object_key from delivery where object_key like ?)"
        named = "receipt = json_set(receipt, '$.file', ?)"
        lake.ledger(f"{moved}, object_version = 'older', {named} where delivery_id = ?", f"%{SECOND}", SECOND, delivery)
        small_lake.table("silver").delete(f"_delivery_id = '{delivery}'")
        found = [one for one in lake.audit().findings if one.invariant not in {"inbox", "I6", "I10"}]
        assert [(one.invariant, one.place) for one in found] == [("standing", f"{REGISTRY} {delivery}")]

    def test_a_window_of_a_pull_that_was_rejected_and_never_read_again(self, lake: SmallLake) -> None:
        change = "update delivery set window_from = ?, window_to = ? where object_key like ?"
        lake.ledger(change, "2026-11-01 00:00:00.000000", "2026-11-02 00:00:00.000000", f"%{BROKEN}")
        assert ("pull", f"{REGISTRY} {lake.delivery(BROKEN)}") in lake.found()
        lake.ledger(change, "2026-10-31 00:00:00.000000", "2026-11-02 00:00:00.000000", f"%{FIRST}")
        assert "pull" not in {invariant for invariant, _ in lake.found()}


class TestInbox:
    @pytest.mark.parametrize(
        ("key", "why"),
        [
            (f"{REGISTRY}/resident_registry_20261109.csv", "no sweep has entered it yet"),
            ("public_security/resident_registy/x.csv", "unknown_feed"),
            ("Public_Security/resident_registry/x.csv", "unknown_agency"),
            ("public_security/x.csv", "wrong_level"),
            ("government_service/approval_case/x.csv", "pulled_feed"),
            (f"{REGISTRY}/.hidden.csv", "hidden_name"),
            (f"{REGISTRY}/lone.csv.manifest.json", "lone_manifest"),
        ],
    )
    def test_an_object_that_was_left_unanswered(self, lake: SmallLake, key: str, why: str) -> None:
        path = lake.home / "inbox" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"rows")
        os.utime(path, (small_lake.OLD, small_lake.OLD))
        found = lake.only()
        assert (found.invariant, found.place) == ("inbox", f"inbox/{key}")
        assert why in found.what
        assert found.next_step == "lake sweep"

    def test_a_link_that_was_left_unanswered(self, lake: SmallLake) -> None:
        (lake.home / "inbox" / REGISTRY / "link.csv").symlink_to("/etc/hostname")
        assert "not_a_file" in lake.only().what

    def test_other_bytes_under_a_name_that_is_booked_with_time_and_size_kept(self, lake: SmallLake) -> None:
        path = lake.home / "inbox" / REGISTRY / FIRST
        content = bytearray(path.read_bytes())
        content[5] ^= 1
        path.write_bytes(content)
        os.utime(path, (small_lake.OLD, small_lake.OLD))
        found = lake.only()
        assert (found.invariant, found.place) == ("inbox", f"inbox/{REGISTRY}/{FIRST}")
        assert found.what.startswith("is not what the delivery of that name")

    def test_the_manifest_of_a_delivery_is_part_of_it(self, lake: SmallLake) -> None:
        (lake.home / "inbox" / REGISTRY / f"{FIRST}.manifest.json").write_text("{}", encoding="utf-8")
        assert lake.found() == []

    def test_an_object_that_has_its_notice_is_named_until_it_is_gone(self, lake: SmallLake) -> None:
        path = lake.home / "inbox" / "public_security" / "x.csv"
        path.write_bytes(b"rows")
        sweep()
        assert lake.only().what == "is no delivery (wrong_level), was told to public_security, and is still there"
        path.unlink()
        sweep()
        assert lake.found() == []

    def test_a_notice_that_was_edited_or_taken_away(self, lake: SmallLake) -> None:
        path = lake.home / "inbox" / "nobody" / "x.csv"
        path.parent.mkdir()
        path.write_bytes(b"rows")
        sweep()
        (notice,) = lake.objects("outbox", "*.notice.json")
        path.unlink()
        sweep()
        notice.write_text(notice.read_text("utf-8").replace("unknown_agency", "unknown_feed"), encoding="utf-8")
        assert (lake.only().place, lake.only().what) == (
            str(notice.relative_to(lake.home)),
            "the notice differs from the ledger's",
        )
        page, kept = notice.with_suffix(".html"), lake.home / "kept"
        shutil.copyfile(page, kept)
        page.write_text(page.read_text("utf-8").replace("inbox", "outbox"), encoding="utf-8")
        assert (str(page.relative_to(lake.home)), "the page is not what was given out") in {
            (one.place, one.what) for one in lake.audit().findings
        }
        shutil.copyfile(kept, page)
        notice.unlink()
        assert lake.only().what == "is missing; it was given out for inbox/nobody/x.csv"

    def test_names_are_shown_and_not_obeyed(self, lake: SmallLake) -> None:
        (lake.home / "inbox" / "\x1b[2J\u202e.csv").write_bytes(b"rows")
        assert lake.only().place == r"inbox/\x1b[2J\u202e.csv"


class TestSince:
    TOMORROW = timedelta(days=1)

    def test_what_was_before_is_left_out(self, lake: SmallLake) -> None:
        changed = lake.objects("landing")[0]
        content = bytearray(changed.read_bytes())
        content[0] ^= 1
        changed.write_bytes(content)
        os.utime(changed, (small_lake.OLD, small_lake.OLD))
        lake.ledger("update delivery set first_seen_at = '2026-01-01 00:00:00.000000', closed_at = first_seen_at")
        assert audit(datetime.now(UTC) + self.TOMORROW).findings == []
        found = audit(datetime(2025, 1, 1, tzinfo=UTC)).findings
        # As long as the lake knows the feed, its next files should have come.
        assert [(one.invariant, one.next_step) for one in found if one.invariant != "I1"] == [
            ("I10", "lake absent --answer")
        ]
        assert len(found) == 2

    @pytest.mark.parametrize("tamper", [small_lake.append_foreign_rows, small_lake.delete_rows])
    def test_what_was_written_since_is_seen(self, lake: SmallLake, tamper: Callable[[], None]) -> None:
        moment = datetime.now(UTC) - timedelta(minutes=5)
        assert audit(moment).findings == []
        tamper()
        assert {"I4", "I6"} <= {one.invariant for one in audit(moment).findings}
