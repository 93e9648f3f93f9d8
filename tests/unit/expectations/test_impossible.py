"""What a single contract says that cannot be is named, with what it is."""

from typing import Any

import pytest

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.contract.feed import FeedContract
from expectations.contract.impossible import impossible

REGISTRY = load_feed("public_security/resident_registry")
RULE = {"name": "r", "severity": "warn", "message": "不合", "fix": "请改"}


def changed(**parts: Any) -> FeedContract:
    """The contract of the registry with other parts."""
    said = REGISTRY.model_dump(mode="json")
    for name, value in parts.items():
        said[name] = {**said[name], **value} if isinstance(value, dict) else value
    return FeedContract.model_validate(said)


@pytest.mark.parametrize(
    ("parts", "fault"),
    [
        ({"rules": [{**RULE, "sql": "lifted_on >= birth_date"}]}, "rule r: there is no column lifted_on"),
        ({"rules": [{**RULE, "sql": "birth_date >>= ethnic_code ("}]}, "rule r: this is no SQL expression"),
        (
            {"checks": {"totals": [{"name": "t", "sql": "count(nobody)", "message": "不合"}]}},
            "total t: there is no column nobody",
        ),
        (
            {"mentions": [{"entity": "person", "role": "holder", "attributes": {"code": "resident_id"}}]},
            "mention holder: a person has no attribute code",
        ),
        (
            {"arrival": {"pattern": r"a_(?P<business_date>\d{8})\.xlsx"}},
            "takes no name that ends as its format's: .csv",
        ),
        ({"catalogue": {"provider_code": "11421200MFXN014045"}}, "has a wrong check character"),
    ],
)
def test_it_is_named(parts: dict[str, Any], fault: str) -> None:
    (said,) = impossible(changed(**parts))
    assert fault in said


def test_what_a_rule_may_name() -> None:
    sql = "exists(split(person_name, ' '), part -> part = '') or _business_date >= birth_date"
    assert list(impossible(changed(rules=[{**RULE, "sql": sql}]))) == []


def test_no_contract_of_ours_has_any() -> None:
    assert [fault for feed in load_feeds() for fault in impossible(feed)] == []
