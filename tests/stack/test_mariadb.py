"""Pulls of a real MariaDB: every row comes once, whatever its types; what is wrong is said in plain words."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable
from sqlalchemy import Engine, create_engine, text

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.database import engine
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.trial import tried
from spark_jobs.jobs.collect import collect
from tests.debian import installed
from tests.ports import free_port
from tests.stack.mariadb_server import SERVER, MariaDb, running

CASES = load_feed("government_service/approval_case")
TYPES = {
    **{"case_number": "varchar(64) primary key", "updated_at": "timestamp(6) null", "applied_at": "datetime"},
    **{
        "accepted_at": "time",
        "decided_at": "date",
        "item_name": "json",
        "is_online": "bit(1)",
        "visits": "decimal(9,2)",
    },
    **{"promised_days": "double", "applicant_resident_id": "blob", "applicant_type": "enum('1','2')"},
    **{"applicant_name": "text character set gbk"},
}
"""What a bureau may have in the place of texts."""
MARK = {
    **{"source": "gone", "name": "gone", "type": "code", "values": {"gone": "来源已无此行"}},
    **{"sensitivity": "internal", "title_en": "Gone"},
}


def contract() -> FeedContract:
    """Approval cases that are pulled from MariaDB, and whose keys are compared every day."""
    given = CASES.model_dump(by_alias=True)
    compared = {"compare_keys": {"every_days": 1, "mark": "gone"}, "connection": "bureau"}
    return FeedContract.model_validate(
        given
        | {
            "columns": [*given["columns"], MARK],
            "arrival": given["arrival"] | compared,
            "write": given["write"] | {"delete_mark": {"column": "gone", "values": ["gone"]}},
        }
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDb]:
    """A running server."""
    if not installed(SERVER, "mariadb-server"):
        pytest.skip("MariaDB is not installed and installing it needs root: apt-get install mariadb-server")
    with running(tmp_path_factory.mktemp("mariadb")) as made:
        yield made


@pytest.fixture
def bureau(server: MariaDb, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The bureau's own door to an empty table, and a lake that has taken in nothing and may read it."""
    for name in ("LAKE_PROFILE", "LAKE_S3_ENDPOINT", "LAKE_CONTROL_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LAKE_HOME", str(tmp_path / "lake"))
    monkeypatch.setenv("LAKE_SOURCES__BUREAU", server.url())
    (tmp_path / "lake").mkdir()
    settings.cache_clear()
    engine.cache_clear()
    owner = create_engine(server.url("owner", "owns it"))
    with owner.begin() as at:
        columns = ", ".join(f"{column.source} {TYPES.get(column.source, 'varchar(99)')}" for column in CASES.columns)
        at.execute(text("drop table if exists approval_case"))
        at.execute(text(f"create table approval_case ({columns})"))
    yield owner
    owner.dispose()
    settings.cache_clear()
    engine.cache_clear()


def insert(bureau: Engine, number: str, **values: object) -> None:
    """A case that was changed five minutes ago, where nothing else is said."""
    row: dict[str, object] = {"case_number": number} | values
    marks = ", ".join(f":{name}" for name in row)
    moment = "" if "updated_at" in row else ", now() - interval 5 minute"
    names = ", ".join(row) + ("" if "updated_at" in row else ", updated_at")
    with bureau.begin() as at:
        at.execute(text("set time_zone = '+08:00'"))
        at.execute(text(f"insert into approval_case ({names}) values ({marks}{moment})"), row)


def brought() -> dict[str, dict[str, Any]]:
    """Rows of bronze by their case."""
    table = DeltaTable(str(settings().home / "lake" / "bronze" / CASES.table)).to_pyarrow_table().to_pylist()
    return {row["case_number"]: row for row in sorted(table, key=lambda row: str(row["updated_at"]))}


def said(monkeypatch: pytest.MonkeyPatch, url: str) -> str:
    """What a trial says of the source at that URL."""
    monkeypatch.setenv("LAKE_SOURCES__BUREAU", url)
    settings.cache_clear()
    ((_, result),) = tried("bureau", [contract()])
    return str(result)


def test_every_type_has_a_text(bureau: Engine) -> None:
    values = {
        **{"updated_at": "2026-11-02 08:30:00.25", "applied_at": "2026-11-02 08:30:00", "accepted_at": "08:05:00"},
        **{"decided_at": "2026-11-02", "item_name": '{"名": [1]}', "is_online": 1, "visits": "7.50"},
        **{"promised_days": 0.1, "applicant_resident_id": b"\x00\xff", "applicant_type": "2", "applicant_name": "咸宁"},
    }
    insert(bureau, "types", **values)
    assert collect(contract()).rows == 1
    row = brought()["types"]
    expected = values | {
        "updated_at": "2026-11-02 08:30:00",
        **{"is_online": "\\x01", "promised_days": "0.1", "applicant_resident_id": "\\x00ff"},
    }
    names = {column.source: column.name for column in CASES.columns}
    assert {source: row[names[source]] for source in expected} == expected


def test_rows_come_once_and_again_when_they_change_also_without_a_time(bureau: Engine) -> None:
    insert(bureau, "A", applicant_name="甲")
    insert(bureau, "undated", updated_at=None)
    insert(bureau, "zero", updated_at="0000-00-00 00:00:00")
    insert(bureau, "to come", updated_at="2037-01-01 00:00:00")
    assert collect(contract()).rows == 4
    change = "update approval_case set applicant_name = '乙', updated_at = updated_at where case_number = 'A'"
    with bureau.begin() as at:
        at.execute(text(change))
    insert(bureau, "B")
    time.sleep(1)  # windows end with a second, and the next one begins there
    assert collect(contract()).rows == 2
    assert sorted(brought()) == ["A", "B", "to come", "undated", "zero"]


def test_what_is_deleted_without_a_mark_is_found(bureau: Engine) -> None:
    for number in "ABC":
        insert(bureau, number)
    collect(contract())
    with bureau.begin() as at:
        at.execute(text("delete from approval_case where case_number = 'B'"))
    collect(contract())
    assert {number: row["gone"] for number, row in brought().items()} == {"A": None, "B": "gone", "C": None}
    (found,) = [row for row in ledger.in_states(CASES.id, list(DeliveryState)) if row.window_to is None]
    assert "1 行在来源已不存在" in json.dumps((found.accounting or {})["notes"], ensure_ascii=False)


def test_what_is_wrong_is_said(server: MariaDb, bureau: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "table approval_case can be read" in said(monkeypatch, server.url())
    assert "it does not let us in" in said(monkeypatch, server.url(password="wrong"))
    assert "it does not let us in" in said(monkeypatch, server.url(database="elsewhere"))
    assert "may not read approval_case" in said(monkeypatch, server.url("blind"))
    assert "nothing listens there" in said(monkeypatch, MariaDb(free_port()).url())
    with bureau.begin() as at:
        at.execute(text("alter table approval_case drop column item_code, drop column visits"))
    assert "has no column item_code, visits" in said(monkeypatch, server.url())
    with bureau.begin() as at:
        at.execute(text("drop table approval_case"))
    assert "it has no table approval_case" in said(monkeypatch, server.url())
