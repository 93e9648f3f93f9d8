"""Once only: what another department leads is not collected again, or the contract says why."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from expectations import once_only
from expectations.contract.catalogue import ContractError, load_contract_file, load_feed, load_feeds
from expectations.contract.contradictions import contradictions
from expectations.contract.feed import FeedContract
from expectations.once_only import collected, repetitions, warnings
from spark_jobs.cli import app

Write = Callable[[str, str], Path]
REGISTRY = load_feed("public_security/resident_registry")
FIRMS = load_feed("market_regulation/enterprise_registration")
LAND = load_feed("natural_resources/real_estate_registration")
WITH_NUMBER = """\
  - {source: 编号, name: record_number, type: string, required: true, sensitivity: internal, title_en: Number}
  - {source: 证件号, name: resident_id, type: resident_id, sensitivity: direct, title_en: Number of the person}
"""
NUMBER = WITH_NUMBER.splitlines(keepends=True)[0]
MENTION = "mentions:\n  - {entity: person, role: holder, attributes: {%s}}\nchecks:"


@pytest.fixture
def pass_register(tmp_path: Path, contract_file: Write) -> Callable[..., FeedContract]:
    """A contract of another department with a person's number, name and sex."""

    def write(
        attributes: str = "resident_id: resident_id, name: person_name, sex_code: sex_code", **more: Any
    ) -> FeedContract:
        text = contract_file(NUMBER, WITH_NUMBER).read_text("utf-8").replace("checks:", MENTION % attributes, 1)
        path = tmp_path / "transport" / "pass_register.yml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("咸宁市公安局", "咸宁市交通运输局"), "utf-8")
        return load_contract_file(path).model_copy(update=more)

    return write


def test_what_the_police_lead_is_to_be_taken_from_them(pass_register: Callable[..., FeedContract]) -> None:
    found = repetitions((REGISTRY, pass_register()))
    assert [(each.collected.element, each.provider, each.state) for each in found] == [
        ("person.name", "咸宁市公安局", "repeated"),
        ("person.sex_code", "咸宁市公安局", "repeated"),
    ]
    assert warnings((REGISTRY, pass_register())) == [
        "transport/pass_register collects 姓名、性别, which 咸宁市公安局 leads: take it from "
        "public_security/resident_registry by 证件号, or say why not in collected_because"
    ]


def test_a_reason_is_accepted_for_what_it_names(pass_register: Callable[..., FeedContract]) -> None:
    stated = pass_register(collected_because={"person.name": "现场核对证件"})
    states = {each.collected.element: (each.state, each.reason) for each in repetitions((REGISTRY, stated))}
    assert states == {"person.name": ("justified", "现场核对证件"), "person.sex_code": ("repeated", None)}
    (line,) = warnings((REGISTRY, stated))
    assert line.startswith("transport/pass_register collects 性别, which")


def test_without_an_identifier_nothing_can_be_looked_up(pass_register: Callable[..., FeedContract]) -> None:
    nameless = pass_register("name: person_name")
    assert [each.state for each in repetitions((REGISTRY, nameless))] == ["unidentified"]
    assert warnings((REGISTRY, nameless)) == []


def test_the_identifier_itself_is_no_repetition(pass_register: Callable[..., FeedContract]) -> None:
    assert repetitions((REGISTRY, pass_register("resident_id: resident_id"))) == []


def test_a_department_does_not_repeat_itself() -> None:
    permit = load_feed("public_security/residence_permit")
    assert {each.element for each in collected(permit)} & set(REGISTRY.leads)
    assert repetitions((REGISTRY, permit)) == []


def test_nobody_leads_nothing(pass_register: Callable[..., FeedContract]) -> None:
    assert repetitions((pass_register(),)) == []


def test_a_column_may_say_which_element_it_is() -> None:
    found = repetitions((LAND, load_feed("housing/affordable_housing_allocation")))
    assert [(each.collected.element, each.collected.column.source) for each in found] == [
        ("real_estate_unit.floor_area", "建筑面积")
    ]
    assert [column.source for column in found[0].collected.identifiers] == ["不动产单元号"]
    representative = {each.element: each for each in collected(FIRMS)}["legal_entity.representative_name"]
    assert [column.name for column in representative.identifiers] == ["uscc", "registration_number"]


def test_leads_that_cannot_be_are_contradictions(pass_register: Callable[..., FeedContract]) -> None:
    rival = pass_register(leads=("person.name",))
    assert contradictions((REGISTRY, rival))[-1] == (
        "person.name is led by 咸宁市交通运输局、咸宁市公安局 at once: one department leads a data element"
    )
    (fault,) = once_only.faults((pass_register(leads=("person.mobile",)),))
    assert "person.mobile, which no mention and no column collects" in fault
    strange = pass_register()
    column = strange.columns[0].model_copy(update={"element": "ship.name"})
    odd = strange.model_copy(update={"columns": (column, *strange.columns[1:])})
    (fault,) = once_only.faults((odd,))
    assert "no data element ship.name" in fault


def test_every_lead_of_the_city_is_somebodys_and_every_reason_is_needed() -> None:
    feeds = load_feeds()
    assert list(once_only.faults(feeds)) == []
    justified = {(each.contract.id, each.collected.element) for each in repetitions(feeds) if each.state == "justified"}
    assert justified == {(feed.id, element) for feed in feeds for element in feed.collected_because}


def test_the_command_prints_a_table_and_json() -> None:
    table = CliRunner().invoke(app, ["once-only"]).output
    assert "一数一源" in table
    assert "应共享获取" in table
    done = CliRunner().invoke(app, ["once-only", "--feed", "health/outpatient_visit", "--json"])
    found = {each["element"]: each for each in json.loads(done.output)}
    assert found["person.birth_date"] == {
        "feed": "health/outpatient_visit",
        "column": "birth_date",
        "source": "birth_date",
        "element": "person.birth_date",
        "title": "自然人·出生日期",
        "state": "repeated",
        "lead": "咸宁市公安局",
        "take_from": ["public_security/resident_registry"],
        "by": ["resident_id"],
        "reason": None,
    }


def test_check_warns_and_is_content() -> None:
    done = CliRunner().invoke(app, ["check"])
    assert done.exit_code == 0
    assert "warning: health/outpatient_visit collects" in done.stderr
    assert "contracts are good" in done.stdout


def test_a_contract_is_checked_by_itself_while_another_is_half_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ContractError("feeds/odd/other.yml:1: columns: Field required")

    monkeypatch.setattr("expectations.contract.catalogue.load_feeds", broken)
    done = CliRunner().invoke(app, ["check", "health/epidemic_daily"])
    assert (done.exit_code, "health/epidemic_daily is good by itself" in done.stdout) == (0, True)
    assert "not compared with other contracts: feeds/odd/other.yml:1" in done.output
    assert CliRunner().invoke(app, ["check"]).exit_code != 0
