"""Pulls of a real PostgreSQL: every row ends in silver, or in quarantine and in the bureau's list."""

import csv
import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, text

from expectations.contract.catalogue import load_feed
from expectations.samples import sample_rows
from tests.stack.running_stack import Stack, commands_of, lake, running_stack

FEED = load_feed("government_service/approval_case")
TYPES = {
    **{"updated_at": "timestamptz", "applied_at": "timestamp", "accepted_at": "timestamptz", "decided_at": "timestamp"},
    **{"item_name": "json", "is_online": "boolean", "visits": "numeric", "applicant_mobile": "text[]"},
    **{"promised_days": "interval", "applicant_resident_id": "bytea"},
}
"""What a bureau may have in the place of texts."""
GOOD = next(iter(sample_rows(FEED, 1))) | {
    **{"applicant_type": "2", "applicant_resident_id": None, "applicant_mobile": None, "promised_days": None},
    **{"item_name": '"许可"', "is_online": "true", "visits": "1", "accepted_at": None, "decided_at": None},
}
NOW = "date_trunc('second', now()) - interval '5 minutes'"
FIRST: dict[str, dict[str, str | None]] = {
    "good": {},
    "bad 1": {"state_code": "99"},
    "bad 2": {"applicant_name": None},
    "undated": {"updated_at": None},
    "to come": {"updated_at": "2999-01-01 00:00:00+08"},
    "never ends": {"updated_at": "infinity"},
    "never began": {"updated_at": "-infinity"},
    "changes": {"applicant_name": "甲"},
    "replacement": {"applicant_name": "甲\ufffd"},
    "half a pair": {"item_name": '"\\ud800"'},
    "infinite": {"applied_at": "infinity"},
    "before Christ": {"decided_at": "0044-03-15 12:00:00 BC"},
    "year 10000": {"accepted_at": "10000-01-01 00:00:00+08"},
    "days": {"promised_days": "3 days 02:00:00"},
    "array": {"applicant_mobile": '{13812345678,"x,\\"y"}'},
    "bytes": {"applicant_resident_id": "\\x00ff"},
    "=1+1": {"state_code": "99"},
}
BAD = {
    *("bad 1", "bad 2", "never ends", "never began", "replacement", "infinite", "before Christ", "year 10000"),
    *("undated", "days", "bytes", "'=1+1", ""),
}
"""Key in the list; an empty one is that of the row without a key."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack of its own, as its source is full of odd rows."""
    with running_stack() as running:
        yield running


@pytest.fixture(scope="module")
def env(stack: Stack) -> Iterator[dict[str, str]]:
    """Variables of a process on the stack."""
    with commands_of(stack) as made:
        yield made


def insert(source: Connection, number: str | None, **values: str | None) -> None:
    """A case, good but for these values; updated five minutes ago where nothing else is said."""
    row = GOOD | {"case_number": number} | values
    if "updated_at" not in values:
        row.pop("updated_at")
    names = ", ".join(row)
    places = ", ".join(f"cast(:{name} as {TYPES.get(name, 'text')})" for name in row)
    moment = "" if "updated_at" in row else ", updated_at"
    given = "" if "updated_at" in row else f", {NOW}"
    source.execute(text(f"insert into approval_case ({names}{moment}) values ({places}{given})"), row)


def pulled(env: dict[str, str]) -> None:
    for step in ("collect", "refine"):
        lake(env, step, FEED.id)


@pytest.fixture(scope="module")
def receipts(stack: Stack, env: dict[str, str]) -> list[dict[str, Any]]:
    """Receipts of three pulls: of the table, of what then changed within the same second, and of nothing new."""
    engine = create_engine(stack.source_owner_url)
    columns = ", ".join(f"{column.source} {TYPES.get(column.source, 'text')}" for column in FEED.columns)
    with engine.begin() as source:
        source.execute(text(f"create table approval_case ({columns})"))
        for number, values in FIRST.items():
            insert(source, number, **values)
        insert(source, None)
    with engine.connect() as open_transaction:
        insert(open_transaction, "late")
        pulled(env)
        open_transaction.commit()
    with engine.begin() as source:
        source.execute(text("update approval_case set applicant_name = '乙' where case_number = 'changes'"))
    pulled(env)
    pulled(env)
    engine.dispose()
    found: list[dict[str, Any]] = json.loads(lake(env, "receipts", "--json"))
    return sorted(found, key=lambda receipt: str(receipt["file"]))


def test_every_row_is_counted_and_what_is_the_same_comes_once(receipts: list[dict[str, Any]]) -> None:
    assert [receipt["rows_counted"] for receipt in receipts] == [len(FIRST) + 1, 2, 0]
    assert [receipt["quarantined"] for receipt in receipts] == [len(BAD), 0, 0]
    assert [receipt["accepted"] for receipt in receipts] == [len(FIRST) + 1 - len(BAD), 2, 0]
    assert [note.split(" ")[0] for note in receipts[0]["notes"]] == ["3", "1"]


def test_good_rows_are_in_silver_as_they_were_last(env: dict[str, str], receipts: list[dict[str, Any]]) -> None:
    assert receipts
    query = f"select case_number, applicant_name, item_name from silver.{FEED.table} where _is_current"
    rows = {row["case_number"]: row for row in json.loads(lake(env, "sql", query, "--unverified", "--format", "json"))}
    assert rows.keys() == (FIRST.keys() | {"late"}) - BAD - {"=1+1"}
    assert rows["changes"]["applicant_name"] == "乙"
    assert rows["half a pair"]["item_name"] == '"\\ud800"'


def test_bad_rows_are_in_the_bureau_s_list(stack: Stack, receipts: list[dict[str, Any]]) -> None:
    keys = stack.department("government_service")["outbox"]
    client = stack.client(keys["access_key"], keys["secret_key"])
    content = client.get_object(keys["bucket"], receipts[0]["outbox"]["key_list"]).data.decode("utf-8-sig")
    rows = list(csv.DictReader(content.splitlines()))
    assert {row["case_number"] for row in rows} == BAD
    assert all(row["错误原因"] and row["处理建议"] for row in rows)
    updated = {row["case_number"]: row["updated_at"] for row in rows}
    assert (updated["never ends"], updated["never began"]) == ("infinity", "'-infinity")


def test_the_audit_finds_nothing(env: dict[str, str], receipts: list[dict[str, Any]]) -> None:
    assert receipts
    assert "every byte and row is accounted for" in lake(env, "audit")
