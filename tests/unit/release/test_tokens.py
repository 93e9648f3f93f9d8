"""Tokens of persons: one a purpose and person, the same at every build, others after a rotation."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from typer.testing import CliRunner

from spark_jobs.base.settings import settings
from spark_jobs.cli import app
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.release import tokens

RUNNER = CliRunner()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A lake whose marts have tokens for two purposes."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    monkeypatch.setattr(tokens, "purposes", lambda: ("health", "housing"))
    yield tmp_path
    settings.cache_clear()


def put_persons(*ids: str) -> None:
    table = pa.table({"person_id": pa.array(ids, pa.string())})
    write_deltalake(table_uri("entities", "person"), table, mode="overwrite")


def written() -> dict[tuple[str, str], str]:
    """Token by purpose and person, after a build has asked for them."""
    tokens.write()
    rows = DeltaTable(table_uri("restricted", tokens.TABLE)).to_pyarrow_table().to_pylist()
    return {(row["purpose"], row["person_id"]): row["token"] for row in rows}


def test_a_token_is_hmac_sm3_by_the_purposes_key() -> None:
    # By OpenSSL: printf P-1 | openssl dgst -sm3 -mac HMAC -macopt key:k
    assert tokens.token(b"k", "P-1") == "T-226a15f9dbcee5be581c6c61fe20bc5b"


def test_each_purpose_knows_a_person_by_another_token(home: Path) -> None:
    put_persons("P-1", "P-2")
    found = written()
    assert set(found) == {(purpose, person) for purpose in ("health", "housing") for person in ("P-1", "P-2")}
    assert len(set(found.values())) == 4


def test_tokens_stay_while_persons_come_and_go(home: Path) -> None:
    put_persons("P-1", "P-2")
    before, version = written(), tables.version("restricted", tokens.TABLE)
    assert written() == before
    assert tables.version("restricted", tokens.TABLE) == version
    put_persons("P-2", "P-3")
    after = written()
    assert {person for _, person in after} == {"P-2", "P-3"}
    assert after["housing", "P-2"] == before["housing", "P-2"]


def test_a_rotation_gives_one_purpose_other_tokens_with_the_next_build(home: Path) -> None:
    put_persons("P-1")
    before = written()
    key = home / "secrets" / "tokens" / "housing.json"
    first = key.read_text()
    said = RUNNER.invoke(app, ["tokens", "rotate", "--purpose", "housing"])
    assert "next: lake warehouse build" in said.stdout
    assert first not in key.read_text()
    assert key.stat().st_mode & 0o777 == 0o600
    assert RUNNER.invoke(app, ["tokens", "show"]).stdout.splitlines() == [
        "health: 1 tokens",
        "housing: 0 tokens, 1 by an earlier key until the next build",
    ]
    after = written()
    assert after["health", "P-1"] == before["health", "P-1"]
    assert after["housing", "P-1"] != before["housing", "P-1"]
    assert len(after) == 2


def test_a_purpose_that_no_mart_has_is_refused(home: Path) -> None:
    said = RUNNER.invoke(app, ["tokens", "rotate", "--purpose", "gossip"])
    assert said.exception is not None
    assert "no mart has tokens for the purpose 'gossip'" in str(said.exception)
    assert not (home / "secrets").exists()
