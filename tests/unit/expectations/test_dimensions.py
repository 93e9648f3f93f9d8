"""Each reason for which data lose points is of exactly one of the six dimensions of GB/T 36344-2018."""

from collections import defaultdict

import pytest
from pydantic import ValidationError

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract, Rule
from expectations.dimensions import TITLES, Dimension, of_predicate
from expectations.domain_types import BREACHES_OF_EVERY_ROW, Breach, load_domain_types
from expectations.rejections import Rejection, load_rejections
from expectations.severity import Severity

TEXTS = {"message": "错", "fix": "改"}
COLUMNS = {"name": "person_name", "count": "integer", "began": "timestamp", "ended": "date"}


def test_every_reason_has_one_dimension_wherever_it_is_defined() -> None:
    found: dict[str, set[Dimension]] = defaultdict(set)
    for code, breach in BREACHES_OF_EVERY_ROW.items():
        found[code].add(breach.dimension)
    for domain in load_domain_types().values():
        for code, breach in domain.breaches.items():
            found[code].add(breach.dimension)
    for code, rejection in load_rejections().items():
        found[code].add(rejection.dimension)
    assert {code: dimensions for code, dimensions in found.items() if len(dimensions) != 1} == {}
    for feed in load_feeds():
        assert {rule.name for rule in feed.rules} <= set(feed.breaches())
        assert all(feed.breaches()[code].dimension in found[code] for code in set(found) & set(feed.breaches()))


def test_a_new_reason_without_a_dimension_is_refused() -> None:
    with pytest.raises(ValidationError, match="dimension"):
        Breach.model_validate({"severity": "reject", **TEXTS})
    with pytest.raises(ValidationError, match="dimension"):
        Rejection.model_validate(TEXTS)


def test_every_dimension_has_its_name_in_the_standard_and_reasons() -> None:
    assert set(TITLES) == set(Dimension)
    used = {rejection.dimension for rejection in load_rejections().values()}
    used |= {breach.dimension for feed in load_feeds() for breach in feed.breaches().values()}
    assert used == set(Dimension)


@pytest.mark.parametrize(
    ("sql", "dimension"),
    [
        pytest.param("count >= 0", Dimension.ACCURACY, id="one column"),
        pytest.param("count is null or name is not null", Dimension.CONSISTENCY, id="columns compared"),
        pytest.param("name <> 'began'", Dimension.ACCURACY, id="a text is no column"),
        pytest.param("began is null or began <= ended", Dimension.TIMELINESS, id="order of times"),
        pytest.param("ended <= _business_date", Dimension.TIMELINESS, id="a time and the day"),
        pytest.param("count = 1 or ended is null", Dimension.CONSISTENCY, id="a time and something else"),
    ],
)
def test_what_a_rule_measures_follows_from_what_it_compares(sql: str, dimension: Dimension) -> None:
    assert of_predicate(sql, COLUMNS) is dimension


def test_a_rule_may_say_what_it_measures(contract: FeedContract) -> None:
    rule = Rule(name="r", sql="person_name is not null", severity=Severity.REJECT, **TEXTS)
    said = rule.model_copy(update={"dimension": Dimension.COMPLETENESS})
    for given, dimension in ((rule, Dimension.ACCURACY), (said, Dimension.COMPLETENESS)):
        assert contract.model_copy(update={"rules": (given,)}).breaches()["r"].dimension is dimension
