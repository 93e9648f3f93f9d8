"""Every contract as an ODCS document: valid by the standard's own library, and with all that the contract says."""

import json
from importlib.resources import files
from typing import Any

import yaml
from jsonschema_rs import validator_for
from open_data_contract_standard.model import OpenDataContractStandard

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.contract.feed import FeedContract
from expectations.render.odcs import logical_type, odcs_document, odcs_text

SCHEMA = json.loads(files("open_data_contract_standard").joinpath("schema.json").read_text("utf-8"))
VALIDATOR = validator_for(SCHEMA, validate_formats=True)


def by_name(things: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {thing["name"]: thing for thing in things}


def table_of(contract: FeedContract) -> dict[str, Any]:
    (found,) = odcs_document(contract)["schema"]
    return dict(found)


def test_every_contract_is_valid_by_the_standard_and_read_by_its_model() -> None:
    faults = {}
    for contract in load_feeds():
        document = yaml.load(odcs_text(contract), Loader=yaml.CSafeLoader)
        faults[contract.id] = [error.message for error in VALIDATOR.iter_errors(document)]
        ((table,), columns) = OpenDataContractStandard(**document).schema_ or [], contract.columns
        assert [each.name for each in table.properties or []] == [column.name for column in columns]
        assert {rule.name for rule in contract.rules} <= {check.name for check in table.quality or []}
    assert {feed: found for feed, found in faults.items() if found} == {}


def test_the_standard_refuses_what_it_does_not_have() -> None:
    document = odcs_document(load_feed("health/epidemic_daily"))
    for wrong in ({"status": 1}, {"slaProperties": [{"property": "latency"}]}, {"dimension": "可访问性"}):
        assert not VALIDATOR.is_valid(document | wrong)


def test_a_contract_by_hand() -> None:
    contract = load_feed("public_security/resident_registry")
    document, table = odcs_document(contract), table_of(contract)
    columns = by_name(table["properties"])
    number = columns["resident_id"]
    assert (number["businessName"], number["logicalType"], number["classification"]) == (
        "公民身份号码",
        "string",
        "direct",
    )
    assert (number["required"], number["primaryKeyPosition"], number["logicalTypeOptions"]) == (
        True,
        1,
        {"maxLength": 18},
    )
    checksum = by_name(number["quality"])["resident_id_checksum"]
    assert (checksum["severity"], checksum["dimension"], checksum["tags"]) == ("error", "accuracy", ["准确性"])
    assert {"value": "1", "label": "男性"} in columns["sex_code"]["enum"]
    assert by_name(columns["sex_code"]["quality"])["sex_code_is_filled"]["mustBeLessOrEqualTo"] == 5
    rules = by_name(table["quality"])
    assert rules["rows_per_delivery"]["mustBeBetween"] == [0, 5_000_000]
    assert rules["one_current_row_a_key"]["arguments"] == {"properties": ["resident_id"]}
    late = rules["changed_before_receipt"]
    assert late["query"].endswith("where not coalesce((changed_at < date_add(_business_date, 2)), false)")
    assert (late["mustBe"], late["dimension"], late["severity"]) == (0, "timeliness", "error")
    levels = {level["property"]: level for level in document["slaProperties"]}
    assert (levels["frequency"]["value"], levels["frequency"]["schedule"]) == (1, "0 3 * * *")
    assert (levels["latency"]["value"], levels["latency"]["unit"]) == (26.0, "h")
    assert document["team"]["members"] == [{"username": "resident-registry-desk@xianning.example", "role": "owner"}]
    assert [server["server"] for server in document["servers"]] == ["source", "lake"]


def test_a_value_of_several_parts_is_an_object() -> None:
    columns = by_name(table_of(load_feed("ecology/water_quality"))["properties"])
    parts = [(part["name"], part["logicalType"]) for part in columns["ammonia_nitrogen"]["properties"]]
    assert parts == [("value", "number"), ("detection_limit", "number"), ("is_below_limit", "boolean")]
    assert logical_type("bigint") == "integer"


def test_another_contract_is_another_version(contract: FeedContract) -> None:
    other = contract.model_copy(update={"title": "另一资源"})
    assert odcs_document(contract)["version"] != odcs_document(other)["version"]
    assert odcs_text(contract) == odcs_text(contract.model_copy())
