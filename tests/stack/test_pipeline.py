"""The run on the stack: departments drop with their own keys; MinIO holds the lake, PostgreSQL books and source."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from minio import Minio
from sqlalchemy import create_engine, text

from spark_jobs.city import generate, load_source
from tests.java_options import INTERPRETED, QUICK_JAVA
from tests.stack.running_stack import Stack, commands_of, lake, running_stack, start
from tests.stack.spark_cluster import cluster

FEEDS = (
    "public_security/resident_registry",
    "market_regulation/enterprise_registration",
    "government_service/approval_case",
)


SNAPSHOT = "health/epidemic_daily"
"""Its rows of one day stand beside those of another."""


def put(stack: Stack, city: Path, feed: str) -> None:
    """The files of a feed, dropped by its department."""
    agency = feed.split("/")[0]
    client: Minio = stack.inbox_client(agency)
    for path in sorted((city / "inbox" / feed).iterdir()):
        client.fput_object(stack.department(agency)["inbox"]["bucket"], f"{feed}/{path.name}", str(path))


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of its own: objects that other tests put would be deliveries here, and findings of the audit."""
    with running_stack() as running:
        yield running


@pytest.fixture(scope="module")
def env(stack: Stack) -> Iterator[dict[str, str]]:
    """Variables of a process on the stack."""
    with commands_of(stack) as made:
        yield made


@pytest.fixture(scope="module")
def receipts(stack: Stack, env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """A small city, dropped by its departments, taken to published silver; gives the receipts."""
    city = tmp_path_factory.mktemp("city")
    generate(2000, 1, 3, city)
    load_source(stack.source_owner_url, city)
    for feed in FEEDS[:2]:
        put(stack, city, feed)
    for feed in FEEDS:
        # Objects without a manifest are complete after a minute; these have just come, with a manifest.
        for step in ("collect", "refine", "verify"):
            lake(env, step, feed)
    found: list[dict[str, object]] = json.loads(lake(env, "receipts", "--json"))
    return found


def test_every_feed_ends_in_receipts_that_balance(env: dict[str, str], receipts: list[dict[str, object]]) -> None:
    assert {receipt["feed"] for receipt in receipts} == set(FEEDS)
    assert all(receipt["status"] in {"accepted", "partly_accepted"} for receipt in receipts)
    assert "every byte and row is accounted for" in lake(env, "audit")


def test_the_books_are_in_postgresql(stack: Stack, receipts: list[dict[str, object]]) -> None:
    assert receipts
    with create_engine(stack.settings.control_database).connect() as control:
        assert control.dialect.name == "postgresql"
        assert control.execute(text("select count(*) from delivery where state = 'committed'")).scalar() == len(
            receipts
        )


def test_analysts_and_spark_read_the_lake_on_minio(env: dict[str, str], receipts: list[dict[str, object]]) -> None:
    accepted = sum(int(str(receipt["accepted"])) for receipt in receipts if receipt["feed"] == FEEDS[0])
    rows = json.loads(
        lake(
            env,
            "sql",
            "select count(*) n from silver.public_security__resident_registry",
            "--unverified",
            "--format",
            "json",
        )
    )
    assert rows == [{"n": accepted}]


def test_a_department_reads_its_receipt_and_nobody_elses(stack: Stack, receipts: list[dict[str, object]]) -> None:
    assert receipts
    keys = stack.department("public_security")["outbox"]
    client = stack.client(keys["access_key"], keys["secret_key"])
    own = [item.object_name for item in client.list_objects(keys["bucket"], "public_security/", recursive=True)]
    assert any(name.endswith(".receipt.html") for name in own)
    with pytest.raises(Exception, match="Access Denied"):
        list(client.list_objects(keys["bucket"], "medical_insurance/", recursive=True))


def test_doing_it_again_changes_nothing(env: dict[str, str], receipts: list[dict[str, object]]) -> None:
    for feed in FEEDS[:2]:
        for step in ("collect", "refine", "verify"):
            lake(env, step, feed)
    assert len(json.loads(lake(env, "receipts", "--json"))) == len(receipts)


def test_two_hosts_take_what_arrives_once(
    stack: Stack, env: dict[str, str], receipts: list[dict[str, object]], tmp_path: Path
) -> None:
    days = (2, 3, 4)
    generate(500, len(days), 5, tmp_path / "city")
    put(stack, tmp_path / "city", SNAPSHOT)
    hosts = [{**env, "LAKE_HOME": str(tmp_path / name), "LAKE_CONNECT_PORT": "1"} for name in ("one", "other")]
    at_once = [start(host, "deliver", SNAPSHOT) for host in hosts]
    # Who comes second is told to come again, as Airflow does.
    assert 0 in [process.wait(900) for process in at_once]
    for host in hosts:
        lake(host, "deliver", SNAPSHOT)
    found = [each for each in json.loads(lake(env, "receipts", "--json")) if each["feed"] == SNAPSHOT]
    assert len(found) == len({each["file"] for each in found}) == len(days)
    query = f"select count(*) n from silver.{SNAPSHOT.replace('/', '__')}"
    rows = json.loads(lake(env, "sql", query, "--unverified", "--format", "json"))
    assert rows == [{"n": sum(int(str(each["accepted"])) for each in found)}]
    assert "every byte and row is accounted for" in lake(env, "audit")


def resolved_and_built(env: dict[str, str]) -> dict[str, list[str]]:
    """Who is who, resolved anew, and what the warehouse makes of it: every row as text, in a fixed order."""
    lake(env, "server", "up")
    try:
        lake(env, "resolve", "--entity", "person", "--full")
        lake(env, "warehouse", "build", "--select", "+mart_business_environment__approval_duration", "--no-unit-tests")
    finally:
        lake(env, "server", "down")
    found = {}
    for table, columns in COMPARED.items():
        query = f"select {columns} from {table} order by all"
        found[table] = [
            json.dumps(row) for row in json.loads(lake(env, "sql", query, "--unverified", "--format", "json"))
        ]
    return found


COMPARED = {
    "entities.person": "*",
    "entities.person_member": "*",
    "marts.mart_business_environment__approval_duration": "*",
}


def test_sail_with_a_server_of_one_process_and_a_cluster_give_the_same_tables(
    stack: Stack, env: dict[str, str], receipts: list[dict[str, object]], tmp_path: Path
) -> None:
    assert receipts
    # What Spark generates is tried on the cluster.
    alone = {"LAKE_RESOLVE_ENGINE": "sail", "JDK_JAVA_OPTIONS": f"{QUICK_JAVA} {INTERPRETED}"}
    on_this_machine = resolved_and_built({**env, **alone})
    with cluster(tmp_path, workers=2) as master:
        found = resolved_and_built({**env, "LAKE_SPARK_MASTER": master, "LAKE_RESOLVE_ENGINE": "server"})
        executors = [path for work in tmp_path.glob("work-*/app-*") for path in work.iterdir()]
    assert len(executors) == 2
    assert all(on_this_machine.values())
    assert found == on_this_machine
