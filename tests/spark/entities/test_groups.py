"""First specs, with nothing fixed and no threshold set, on records of groups: what a group shares is no identity."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.spark.entities.files import SPECS, evaluated
from tests.spark.entities.groups import branches, siblings

pytestmark = pytest.mark.usefixtures("without_server")


@pytest.mark.parametrize(
    ("made", "shared", "differ"),
    [
        (branches, {"name", "website"}, {"address", "place", "phone"}),
        (siblings, {"surname", "phone", "email", "address", "town"}, {"first_name", "dob"}),
    ],
)
def test_members_of_a_group_are_told_apart_at_the_first_try(
    tmp_path: Path, made: Callable[[Path, int], Path], shared: set[str], differ: set[str]
) -> None:
    records = made(tmp_path / "records.csv", 17)
    figures = evaluated(SPECS / f"{made.__name__}.yml", [records], records)
    assert set(figures["groups"]["shared"]) == shared
    assert set(figures["groups"]["differ"]) == differ
    assert figures["pair_f1"] >= 0.95
    assert figures["pair_f1"] >= 0.98 * figures["pair_f1_best"]
    assert figures["b3_f1"] >= 0.98
