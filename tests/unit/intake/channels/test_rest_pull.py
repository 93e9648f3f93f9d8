"""Pulls by REST: whatever the paging and whatever goes wrong on the way, each record comes once."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from tenacity import wait_none

from expectations.contract.channels.rest import Rest
from spark_jobs.base.errors import LakeError
from spark_jobs.control import ledger
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.channels.rest import reading, session
from tests.unit.intake.channels.rest_bureau import OPTIONS, PAGINGS, Bureau, bureau

FIVE = [(name, "甲") for name in "ABCDE"]


WITHIN = "2026-11-02 00:30:00"
"""A moment of the first hour, which the first pull reads."""
_numbers = count()


@pytest.fixture(autouse=True)
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was to be waited for another attempt; nobody waits."""
    seconds: list[float] = []
    monkeypatch.setattr(session, "_BACKOFF", wait_none())
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


@pytest.fixture
def paged(lake_home: Path, request: pytest.FixtureRequest) -> Iterator[Bureau]:
    """A bureau of its own, with five cases on pages of two."""
    marker = request.node.get_closest_marker("parametrize")
    options = request.getfixturevalue("options") if marker and "options" in marker.args[0] else {}
    with bureau(lake_home, f"case_{next(_numbers)}", **options) as made:
        for number, item in FIVE:
            made.say(number, item)
        yield made


@pytest.mark.parametrize("options", [pytest.param({"paging": each}, id=name) for name, each in PAGINGS.items()])
def test_every_kind_of_paging_brings_every_record_once(paged: Bureau, options: dict[str, Any], tmp_path: Path) -> None:
    assert paged.read(tmp_path) == FIVE


def test_pulls_join_and_what_is_the_same_comes_once(paged: Bureau) -> None:
    assert paged.pull() == FIVE
    assert paged.pull() == []
    paged.say("C", "乙")
    paged.say("F", "甲")
    assert sorted(paged.pull()) == [("C", "乙"), ("F", "甲")]


@pytest.mark.parametrize("options", [{"changed": None}])
def test_all_of_an_interface_that_cannot_be_asked_for_changes_is_compared(
    paged: Bureau, options: dict[str, Any]
) -> None:
    assert paged.pull() == FIVE
    paged.say("C", "乙", "2020-01-01 00:00:00")
    assert paged.pull() == [("C", "乙")]


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"changed": {"since": "from", "form": "rfc3339"}}, id="rfc3339, without an end"),
        pytest.param({"changed": {"since": "from", "until": "to", "form": "milliseconds"}}, id="milliseconds"),
        pytest.param({"method": "post"}, id="post"),
        pytest.param({"records": "item", "paging": {"by": "page", "rows": 2}}, id="bare array"),
        pytest.param({"answers": {"code": "code", "good": ["200"], "expired": ["401"], "busy": ["429"]}}, id="codes"),
    ],
)
def test_every_way_to_ask_brings_what_has_changed(paged: Bureau, options: dict[str, Any], tmp_path: Path) -> None:
    paged.faults.next("expired", "busy")
    paged.say("before", "甲", "2026-10-01 00:00:00")
    paged.say("after", "甲", "2026-11-02 02:00:00")
    assert paged.read(tmp_path) == FIVE


@pytest.mark.parametrize("kind", ["busy", "failing", "cut", "expired"])
def test_what_goes_wrong_in_the_middle_is_asked_for_again(
    paged: Bureau, kind: str, waited: list[float], tmp_path: Path
) -> None:
    paged.faults.next("none", kind, "none", kind)
    assert paged.read(tmp_path) == FIVE
    expected = {"busy": [1.0, 1.0], "expired": []}  # a second is what the source asks for; another token is no attempt
    assert waited == expected.get(kind, [0.0, 0.0])


def test_a_source_that_fails_for_good_is_named_and_its_window_is_read_later(paged: Bureau) -> None:
    paged.faults.next(*["failing"] * session.ATTEMPTS)
    with pytest.raises(LakeError, match=r"gateway: the server fails \(status 500\)") as raised:
        paged.pull()
    assert "127.0.0.1" not in str(raised.value)
    (waiting,) = ledger.in_states(paged.feed.id, list(DeliveryState))
    assert waiting.state == DeliveryState.CLAIMED
    paged.pull()
    assert [row["case_number"] for row in paged.rows()] == list("ABCDE")


def changing(monkeypatch: pytest.MonkeyPatch, after_page: int, change: Any) -> None:
    """Change the source once, behind so manieth page of a reading."""
    seen = 0
    ask = session.Session.ask

    def asked(*args: Any) -> Any:
        nonlocal seen
        given = ask(*args)
        seen += 1
        if seen == after_page:
            change()
        return given

    monkeypatch.setattr(session.Session, "ask", asked)


@pytest.mark.parametrize("options", [{"paging": PAGINGS[name]} for name in ("page", "page without total", "offset")])
def test_a_record_that_goes_while_pages_are_read_hides_no_other(
    paged: Bureau, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changing(monkeypatch, 1, lambda: paged.remove("A"))  # C moves to the first page, which has been read
    assert paged.read(tmp_path) == FIVE[1:]


def test_a_record_that_moves_to_the_end_is_not_taken_for_another(
    paged: Bureau, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changing(monkeypatch, 1, lambda: paged.say("A", "乙", WITHIN))  # the total stays, the key comes twice, C is missed
    assert paged.read(tmp_path) == [*FIVE[1:], ("A", "乙")]


def test_records_that_never_stand_still_are_said_to(
    paged: Bureau, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[None] = []
    ask = session.Session.ask

    def asked(*args: Any) -> Any:
        seen.append(None)
        paged.say(f"more {len(seen)}", "甲", WITHIN)
        return ask(*args)

    monkeypatch.setattr(session.Session, "ask", asked)
    monkeypatch.setattr(reading, "READINGS", 2)
    with pytest.raises(LakeError, match="change faster than they can be read"):
        paged.read(tmp_path)


def test_an_interface_that_does_not_page_as_the_contract_says_is_found(paged: Bureau, tmp_path: Path) -> None:
    paging = {"by": "page", "page": "nobody_knows_it", "rows": 2}
    paged.feed = paged.feed.model_copy(update={"arrival": Rest.model_validate(OPTIONS | {"paging": paging})})
    with pytest.raises(LakeError, match="gives the same page again and again"):
        paged.read(tmp_path)


def test_numbers_truths_and_what_is_nested_come_as_they_are_written(paged: Bureau) -> None:
    nested = json.dumps({"单位": ["甲", 12345678901234567890]}, ensure_ascii=False, separators=(",", ":"))
    paged.say("N", nested, visits="7", is_online="true", promised_days="007")
    paged.pull()
    (row,) = [row for row in paged.rows() if row["case_number"] == "N"]
    names = ("item_name", "visit_count", "is_online", "promised_days")
    assert [row[name] for name in names] == [nested, "7", "true", "007"]


def test_what_text_cannot_hold_is_a_defect_of_its_record_alone(paged: Bureau) -> None:
    paged.say("B", "甲\ufffd")
    paged.say("C", "甲\x00")
    assert sorted(str(name) for name, _ in paged.pull()) == ["A", "D", "E", *["control_character"] * 2]
    assert paged.pull() == []
