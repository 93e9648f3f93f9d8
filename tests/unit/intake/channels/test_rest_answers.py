"""Answers of REST sources: what is in them comes as it was written, what is wrong with them is said."""

import email.utils
import json
import time
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError
from tenacity import wait_none

from expectations.contract.catalogue import load_feed
from expectations.contract.channels.rest import ByCursor, ByLink
from expectations.contract.feed import Column
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.intake.canonical import read_record
from spark_jobs.intake.channels.rest import session
from spark_jobs.intake.channels.rest.address import Address, read_address
from spark_jobs.intake.channels.rest.documents import at, document, elements
from spark_jobs.intake.channels.rest.faults import Busy, Fault, Odd, TooLarge, Unreadable
from spark_jobs.intake.channels.rest.paging import Page, questions
from spark_jobs.intake.channels.rest.records import Records
from spark_jobs.intake.channels.rest.session import Answer, Question, Session
from tests.unit.intake.channels.rest_bureau import contract

CASES = load_feed("government_service/approval_case")
NESTED = CASES.model_copy(
    update={
        "columns": tuple(
            Column.model_validate(
                {"source": source, "name": name, "type": "string", "sensitivity": "internal", "title_en": name}
            )
            for source, name in (("id", "id"), ("guardian.name", "guardian"), ("guardian.phones", "phones"))
        ),
        "ignore": ("guardian.age",),
    }
)
AT = Address("bureau", "http://bureau", "/api", "lake", None, None, None, None)
QUESTION = Question("http://bureau/api/cases", {})


def record(text: str) -> Any:
    return Records(NESTED).record(document(Answer(text.encode())))


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('{"id":1,"guardian":{"name":"甲","phones":["1",2]}}', ("1", "甲", '["1",2]')),
        ('{"id":12345678901234567890.10,"guardian":null}', ("12345678901234567890.10", None, None)),
        ('{"id":true}', ("true", None, None)),
        ('{"id":"","guardian":{}}', ("", None, None)),
        ('{"id":"a","guardian":"nobody"}', ("a", '"nobody"', '"nobody"')),
    ],
)
def test_a_record_has_every_column_of_the_contract(text: str, row: tuple[str | None, ...]) -> None:
    assert tuple(record(text).values()) == row


def test_what_the_contract_does_not_name_stays_to_be_refused_or_rescued() -> None:
    found = record('{"id":"a","guardian":{"age":7,"town":"咸安"},"new":{"x":1}}')
    assert {name: value for name, value in found.items() if value} == {
        "id": "a",
        "guardian.age": "7",
        "guardian.town": "咸安",
        "new": '{"x":1}',
    }


@pytest.mark.parametrize("text", ['{"id":1,"id":2}', "[1]", "7", '"x"', '{"id":NaN}', '{"id":{"a":1,"a":2}}'])
def test_what_is_no_record_is_kept_as_it_is_and_is_a_defect_there(text: str) -> None:
    assert record(text) == text
    assert read_record(text) == text


def test_text_that_is_not_utf_8_is_a_defect_of_its_record_alone() -> None:
    found = document(Answer(b'[{"id":"\xb9\xa4"},{"id":"b"}]'))
    assert [each["id"] for each in found] == ["\udcb9\udca4", "b"]


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"data": [', b"[" * 100_000])
def test_what_is_no_json_is_said_without_quoting_it(body: bytes) -> None:
    with pytest.raises(Unreadable):
        document(Answer(body))


@pytest.mark.parametrize(
    ("text", "records", "found"),
    [
        ("[1,2]", "item", ["1", "2"]),
        ('{"data":{"rows":[1]}}', "data.rows.item", ["1"]),
        ('{"data":[{"rows":[1]},{"rows":[2]}]}', "data.item.rows.item", ["1", "2"]),
        ('{"data":null}', "data.rows.item", []),
    ],
)
def test_records_are_where_the_contract_says(text: str, records: str, found: list[str]) -> None:
    assert elements(document(Answer(text.encode())), records) == found


@pytest.mark.parametrize("text", ['{"rows":[]}', '{"data":{"list":[]}}', '{"data":{"rows":{}}}', "[]"])
def test_an_answer_without_an_array_there_is_not_taken_for_an_empty_one(text: str) -> None:
    with pytest.raises(Odd):
        elements(document(Answer(text.encode())), "data.rows.item")


def test_a_place_that_is_not_there_says_nothing() -> None:
    assert at(document(Answer(b'{"a":[1]}')), "a.b") is None


@pytest.mark.parametrize(
    "next_page", ["https://elsewhere/api/2", "http://bureau/other", "http://bureau/apis", "//evil/api/"]
)
def test_a_link_that_leads_elsewhere_is_not_followed(next_page: str) -> None:
    asking = questions(ByLink(by="link"), QUESTION, "http://bureau/api")
    next(asking)
    with pytest.raises(Odd, match="leads elsewhere"):
        asking.send(Page([1], next=next_page))


def test_a_cursor_that_leads_to_itself_is_said() -> None:
    asking = questions(ByCursor(by="cursor", next="next"), QUESTION, "http://bureau/api")
    next(asking)
    assert asking.send(Page([1], next="2")).parameters == {"cursor": "2"}
    with pytest.raises(Odd, match="leads to itself"):
        asking.send(Page([1], next="2"))


def asked(*responses: httpx2.Response) -> Any:
    """What comes of a question that a source answers so, one time after the other."""
    left = list(responses)
    client = httpx2.Client(transport=httpx2.MockTransport(lambda _: left.pop(0)))
    return Session(AT, client, attempts=3).ask(QUESTION, lambda answer: json.loads(answer.body))


@pytest.mark.parametrize(("header", "least"), [("7", 7), ("in a minute", 50), ("soon", 0), ("-1", 0)])
def test_a_busy_source_is_asked_again_when_it_said(header: str, least: float, monkeypatch: pytest.MonkeyPatch) -> None:
    if header == "in a minute":
        header = email.utils.formatdate(time.time() + 60, usegmt=True)
    waits: list[float] = []
    monkeypatch.setattr(session, "_BACKOFF", wait_none())
    monkeypatch.setattr("time.sleep", waits.append)
    assert asked(httpx2.Response(503, headers={"Retry-After": header}), httpx2.Response(200, json=[])) == []
    assert least <= waits[0] <= least + 10


def test_a_source_that_wants_to_be_left_alone_for_longer_than_we_wait_is_left_alone() -> None:
    with pytest.raises(Busy):
        asked(httpx2.Response(429, headers={"Retry-After": "86400"}))


@pytest.mark.parametrize(
    ("status", "said"), [(404, "nothing at the contract's path"), (302, "sends us elsewhere"), (418, "status 418")]
)
def test_an_answer_that_another_attempt_would_not_change_is_said_at_once(status: int, said: str) -> None:
    with pytest.raises(Fault, match=said):
        asked(httpx2.Response(status))


def test_a_page_larger_than_is_read_at_once_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_PAGE_BYTES", 10)
    with pytest.raises(TooLarge):
        asked(httpx2.Response(200, content=b"[" + b" " * 20 + b"]"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://host/x", "no https:// URL"),
        ("https://host/x?token=/t", "no password for the token"),
        ("https://host/x?secret=1", "its query may name"),
        ("https://host:99999/x", "its port is no number"),
    ],
)
def test_a_url_that_cannot_be_used_is_not_quoted(url: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_SOURCES__BUREAU", url)
    settings.cache_clear()
    with pytest.raises(LakeError, match=said) as raised:
        read_address("bureau")
    assert url not in str(raised.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"updated_at": None}, "name the column, updated_at"),
        ({"records": "item"}, "a bare array has no place"),
        ({"path": "/v1"}, "a plain relative path"),
        ({"path": "v1?x=1"}, "a plain relative path"),
        ({"paging": {"by": "pages"}}, "does not match any of the expected tags"),
        ({"paging": {"by": "cursor"}}, "Field required"),
    ],
)
def test_options_that_do_not_agree_are_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        contract("refused", **change)
