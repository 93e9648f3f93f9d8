"""What identifies a person or a firm is written down once, and contracts must agree with it."""

import pytest
from pydantic import ValidationError

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import Mention
from expectations.entity_spec import EntitySpec, load_entities, load_entity


def test_persons_and_legal_entities_have_specs() -> None:
    assert [(spec.entity, spec.id_prefix) for spec in load_entities()] == [("legal_entity", "L"), ("person", "P")]


def test_the_mentions_of_every_contract_fit_the_specs() -> None:
    roles = {(feed.id, m.role) for feed in load_feeds() for spec in load_entities() for m in spec.mentions_of(feed)}
    assert ("civil_affairs/marriage_registration", "wife") in roles
    assert ("market_regulation/enterprise_registration", "enterprise") in roles


def test_a_mention_of_an_unknown_attribute_is_refused() -> None:
    feed = load_feeds()[0].model_copy(
        update={"mentions": (Mention(entity="person", role="holder", attributes={"shoe_size": "shoe_size"}),)}
    )
    with pytest.raises(ValueError, match="person has no attribute shoe_size"):
        load_entity("person").mentions_of(feed)


def test_an_identifier_must_be_an_attribute() -> None:
    spec = load_entity("person").model_dump() | {"identifiers": ("passport",)}
    with pytest.raises(ValidationError, match="identifiers names no attribute: passport"):
        EntitySpec.model_validate(spec)


def test_an_entity_without_a_spec_is_named() -> None:
    with pytest.raises(ValueError, match="no entity vehicle"):
        load_entity("vehicle")
