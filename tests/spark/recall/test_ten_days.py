"""Late, corrected, repaired, recalled and missing deliveries come to what the city would have, had all been right."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from expectations.contract.catalogue import load_feed
from spark_jobs import warehouse
from spark_jobs.ask import sql
from spark_jobs.control import ledger, repairs
from spark_jobs.control.publication import published_versions
from spark_jobs.entities.resolution.resolve import resolve
from spark_jobs.lake.server import lifecycle as server
from spark_jobs.lake.server import session
from spark_jobs.receipts.chain import keys
from spark_jobs.receipts.chain.verification import verify as verify_receipts
from tests.e2e.files import ENTERPRISE, REGISTRY
from tests.java_options import QUICK_JAVA
from tests.ports import free_port
from tests.spark.recall import ten_days
from tests.spark.recall.ten_days import CASES, FEEDS
from tests.spark.recall.town import DIVISION, Town, opened

INTERPRETED = "-Dspark.sql.codegen.wholeStage=false -Dspark.sql.codegen.factoryMode=NO_CODEGEN"
BASE = {"base_person": "person_id", "base_legal_entity": "legal_entity_id"}
ENTITIES = {"person": "person_id", "legal_entity": "legal_entity_id"}
State = dict[str, Any]


@contextmanager
def city(folder: Path) -> Iterator[Town]:
    """A new lake with a server of its own."""
    options = {"LAKE_CONNECT_PORT": str(free_port()), "LAKE_DRIVER_MEMORY": "2g"}
    with opened(folder / "lake", folder, JDK_JAVA_OPTIONS=f"{QUICK_JAVA} {INTERPRETED}", **options) as town:
        server.up()
        try:
            yield town
        finally:
            server.down()


def resolved(*entities: str) -> None:
    for entity in entities:
        with session.connected(f"resolve {entity}") as spark:
            resolve(spark, entity, published_versions(), accept=True)


def state_of(town: Town) -> State:
    """Current rows, who is who, golden values and base libraries, without where all that came from."""
    resolved(*ENTITIES)
    warehouse.build(select="+base_person +base_legal_entity")
    return {
        **{f"current {feed}": [list(row.values()) for row in town.current(feed)] for feed in FEEDS},
        **{f"parts of {entity}": parts(entity) for entity in ENTITIES},
        **{f"golden {entity}": values(f"entities.{entity}") for entity in ENTITIES},
        **{model: values(f"base.{model}") for model in BASE},
    }


def parts(entity: str) -> Counter[tuple[Any, ...]]:
    """Records by whom they speak of: feed, role and the values of each that its delivery brought."""
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for feed in FEEDS:
        contract = load_feed(feed)
        if not any(mention.entity == entity for mention in contract.mentions):
            continue
        columns = ", ".join(f"s.{name}" for name in (*contract.write.key, *contract.write.order))
        records = f"entities.{entity}_record r join entities.{entity}_member m on m.node_id = r.node_id"
        silver = f"silver.{contract.table} s on s._delivery_id = r._delivery_id and s._row_number = r._row_number"
        text = f"select m.{ENTITIES[entity]} as id, r.role, {columns} from {records} join {silver}"
        for row in sql.query(f"{text} where r.feed = '{feed}'", unverified=False).to_pylist():
            found[row.pop("id")].append((feed, *map(str, row.values())))
    return Counter(tuple(sorted(records)) for records in found.values())


def values(table: str) -> list[str]:
    """Rows of a table but for ids, and for which delivery said a thing and when."""
    rows = sql.query(f"select * from {table}").to_pylist()
    apart = ("_id", "_source", "_date", "oldest_profile_id")
    kept = {"resident_id", "birth_date", "established_date"}
    return sorted(str({n: v for n, v in row.items() if n in kept or not n.endswith(apart)}) for row in rows)


@pytest.fixture(scope="module")
def should_be(tmp_path_factory: pytest.TempPathFactory) -> State:
    with city(tmp_path_factory.mktemp("right")) as town:
        ten_days.as_it_should_have_been(town)
        return state_of(town)


def test_ten_days_come_right(should_be: State, tmp_path: Path) -> None:
    with city(tmp_path) as town:
        ten_days.five_days_in_which_much_goes_wrong(town)
        resolved(*ENTITIES)
        assert sum(parts("person").values()) > sum(should_be["parts of person"].values()), "persons who never were"
        ten_days.five_days_in_which_it_is_put_right(town)
        found = state_of(town)
        assert found.keys() == should_be.keys()
        for part, content in should_be.items():
            assert content
            assert found[part] == content, part

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
        carried = town.receipt("resident_registry_20260705.csv")["recall"]["carried_on"]
        assert {each["feed"] for each in carried} >= {REGISTRY, ENTERPRISE, CASES}
        given = sorted((town.home / "outbox").rglob("*.receipt.json"))
        assert verify_receipts(given, keys.public_folder()) == (len(given), [])
        assert sum(repairs.open_rows().values()) == 0
        assert town.findings() == []


def story(town: Town, feed: str) -> dict[str, list[str]]:
    """What the last receipt of each delivery of a file says, by file."""
    told: dict[str, list[str]] = defaultdict(list)
    for receipt in reversed(ledger.receipts(feed)):
        mark = receipt["file"].find("_更正_")
        name = receipt["file"] if mark < 0 else f"{receipt['file'][:mark]}_更正.csv"
        told[name].append(receipt["status"])
    return dict(sorted(told.items()))
