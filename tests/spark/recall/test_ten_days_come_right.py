"""Late, corrected, repaired, recalled and missing deliveries come to what readers would have, had all been right."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from spark_jobs.control import absences, ledger, repairs
from spark_jobs.receipts.chain import keys
from spark_jobs.receipts.chain.verification import verify as verify_receipts
from spark_jobs.warehouse.building import build
from tests.e2e.files import DIVISION, ENTERPRISE, REGISTRY
from tests.spark.recall import ten_days
from tests.spark.recall.ten_days import CASES, FEEDS
from tests.spark.recall.town import ENTITIES, Town, opened

BASE = ("base_person", "base_legal_entity", "base_person_history", "base_legal_entity_history")


def test_ten_days_come_right(tmp_path: Path) -> None:
    with opened(tmp_path / "right", tmp_path) as town:
        ten_days.as_it_should_have_been(town)
        should_be = {feed: town.said(feed) for feed in FEEDS}
        who_should_be = who_is_who(town)
    assert all(should_be.values())
    assert all(who_should_be.values())

    with opened(tmp_path / "lake", tmp_path) as town:
        ten_days.five_days_in_which_much_goes_wrong(town)
        town.resolved()
        assert town.partition("person", FEEDS) != who_should_be["person"]
        assert town.said(REGISTRY) != should_be[REGISTRY]
        ten_days.five_days_in_which_it_is_put_right(town)
        for feed in FEEDS:
            assert town.said(feed) == should_be[feed], feed
        found = who_is_who(town)
        for name, wanted in who_should_be.items():
            assert found[name] == wanted, name

        assert story(town, REGISTRY) == {
            "resident_registry_20260701.csv": ["accepted"],
            "resident_registry_20260702.csv": ["accepted"],
            "resident_registry_20260703.csv": ["partly_accepted"],
            "resident_registry_20260703_更正.csv": ["accepted"],
            "resident_registry_20260705.csv": ["recalled"],
            "resident_registry_20260705_b.csv": ["accepted"],
            "resident_registry_20260709.csv": ["accepted"],
            "resident_registry_20260710_copy.csv": ["duplicate"],
        }
        assert story(town, ENTERPRISE) == {
            "enterprise_registration_20260701.csv": ["accepted"],
            "enterprise_registration_20260702.csv": ["replaced", "accepted"],
            "enterprise_registration_20260707.csv": ["replaced"],
            "enterprise_registration_20260708.csv": ["accepted"],
        }
        assert story(town, DIVISION) == {"division_20260701.csv": ["accepted"], "division_20260708.csv": ["recalled"]}
        assert story(town, CASES)["pull_20260702T000000_20260704T000000"] == ["recalled", "accepted"]
        absent = {first.day: each.came_with for first, each in absences.answered(REGISTRY).items()}
        late = {day: town.id_of(f"resident_registry_2026070{day}.csv") for day in (2, 9)}
        assert absent == {2: late[2], 6: None, 7: None, 8: None, 9: late[9]}, "what never came, and what came late"
        given = sorted((town.home / "outbox").rglob("*.receipt.json"))
        assert verify_receipts(given, keys.public_folder()) == (len(given), [])
        assert sum(repairs.open_rows().values()) == 0
        assert town.findings() == []


def who_is_who(town: Town) -> dict[str, Any]:
    """Who is one with whom, golden records and base libraries, without ids and where what they say came from."""
    town.resolved()
    build(" ".join(f"+{table}" for table in BASE), unit_tests=False)
    found: dict[str, Any] = {entity: town.partition(entity, FEEDS) for entity in ENTITIES}
    found |= {f"entities.{entity}": town.values(f"entities.{entity}") for entity in ENTITIES}
    return found | {table: town.values(f"base.{table}") for table in BASE}


def story(town: Town, feed: str) -> dict[str, list[str]]:
    """What the last receipt of each delivery of a file says, by file."""
    told: dict[str, list[str]] = defaultdict(list)
    for receipt in reversed(ledger.receipts(feed)):
        mark = receipt["file"].find("_更正_")
        name = receipt["file"] if mark < 0 else f"{receipt['file'][:mark]}_更正.csv"
        told[name].append(receipt["status"])
    return dict(sorted(told.items()))
