"""The suite of a feed states counts, shares, keys and shapes, and nothing that refine only warns of."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from expectations.contract.catalogue import load_contract_file, load_feeds
from expectations.contract.feed import FeedContract
from expectations.render.suites import CURRENT_ROWS_WITH_KEY, suite


def expected(contract: FeedContract, kind: str, column: str) -> list[dict[str, Any]]:
    return [
        each["kwargs"]
        for each in suite(contract)["expectations"]
        if each["type"] == kind and each["kwargs"].get("column") == column
    ]


def test_the_batch_has_the_rows_that_the_receipts_accepted(contract: FeedContract) -> None:
    first = suite(contract)["expectations"][0]
    assert first["type"] == "expect_table_row_count_to_equal"
    assert first["kwargs"] == {"value": {"$PARAMETER": "accepted_rows"}}


def test_required_columns_are_full_and_fill_rates_are_shares(contract: FeedContract) -> None:
    kind = "expect_column_values_to_not_be_null"
    assert expected(contract, kind, "record_number") == [{"column": "record_number"}]
    assert expected(contract, kind, "person_name") == [{"column": "person_name", "mostly": 0.9}]
    assert expected(contract, kind, "sex_code") == []


def test_codes_are_in_the_set_that_the_contract_gives(contract: FeedContract) -> None:
    (found,) = expected(contract, "expect_column_values_to_be_in_set", "sex_code")
    assert found["value_set"] == ["1", "2"]


def test_a_key_has_one_current_row(contract: FeedContract) -> None:
    (found,) = expected(contract, "expect_column_values_to_be_between", CURRENT_ROWS_WITH_KEY)
    assert found["max_value"] == 1


def test_appended_rows_have_no_key_to_be_unique(contract_file: Callable[[str, str], Path]) -> None:
    contract = load_contract_file(contract_file("mode: merge", "mode: append"))
    assert expected(contract, "expect_column_values_to_be_between", CURRENT_ROWS_WITH_KEY) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "column"),
    [
        pytest.param(
            "required: true, sensitivity",
            "required: true, severities: {missing_value: warn}, sensitivity",
            "expect_column_values_to_not_be_null",
            "record_number",
            id="absent value",
        ),
        pytest.param(
            "type: code,",
            "type: code, severities: {unknown_code: warn},",
            "expect_column_values_to_be_in_set",
            "sex_code",
            id="unknown code",
        ),
    ],
)
def test_what_is_only_a_warning_does_not_stop_a_publication(
    contract_file: Callable[[str, str], Path], old: str, new: str, kind: str, column: str
) -> None:
    assert expected(load_contract_file(contract_file(old, new)), kind, column) == []


@pytest.mark.parametrize("feed", load_feeds(), ids=lambda feed: str(feed.id))
def test_every_suite_is_plain_and_names_known_columns(feed: FeedContract) -> None:
    document = suite(feed)
    assert json.loads(json.dumps(document)) == document
    assert document["name"] == feed.id
    known = {column.name for column in feed.columns} | {None, CURRENT_ROWS_WITH_KEY}
    assert {each["kwargs"].get("column") for each in document["expectations"]} <= known
