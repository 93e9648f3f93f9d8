"""Who is who in a lake's tables, found by Sail and by the lake server: the same, and the catalogue shows it."""

from pathlib import Path
from typing import Any

import pytest
from pyspark.sql import SparkSession

from spark_jobs.entities import state
from spark_jobs.entities.explain.chain import verify_chain
from spark_jobs.entities.resolution import decisions
from spark_jobs.lake.engine.choice import ENGINES
from spark_jobs.lake.server.registration import register_layer
from tests.spark.entities.deliveries import Mentions, content, ids_of_records, person_as


def told(engine: str, folder: Path) -> dict[str, Any]:
    """What the tables say after two increments, a decision and a delivery that was withdrawn."""
    spec = person_as(f"by_{engine}")
    with ENGINES[engine].joining("agree") as bench:
        if ENGINES[engine].needs_server:
            # A story of many steps on few rows.
            bench.spark.conf.set("spark.sql.shuffle.partitions", "4")
        mentions = Mentions(bench, folder, 150, 11)
        outcomes = [mentions.resolve(spec, mentions.deliveries[::2])]
        golden = state.read(bench, spec, "").orderBy("oldest_profile_id").limit(2).collect()
        one, other = (row["oldest_profile_id"] for row in golden)
        decisions.decide(bench, spec, "must-link", one, other, "同一人", "steward")
        outcomes.append(mentions.resolve(spec, mentions.deliveries))
        outcomes.append(mentions.resolve(spec, mentions.deliveries[1:]))
        said = {"ids": ids_of_records(bench, spec), **content(bench, spec)}
    return said | {
        "happened": [outcome.events for outcome in outcomes],
        "totals": [(each.records, each.profiles, each.entities) for each in outcomes],
        "chain": verify_chain(spec),
    }


@pytest.mark.usefixtures("lake_home")
def test_the_tables_say_the_same(server_session: SparkSession, tmp_path: Path) -> None:
    by_sail, by_server = told("sail", tmp_path / "sail"), told("server", tmp_path / "server")
    assert by_sail["ids"]
    assert all(by_sail["happened"])
    assert by_sail == by_server
    assert {"by_sail", "by_server_member"} <= set(register_layer(server_session, "entities"))
    shown = server_session.table("entities.by_sail").count()
    assert shown == by_sail["totals"][-1][2] == server_session.table("entities.by_server").count()
