"""A file whose manifest says what it corrects: by the number of a receipt or by a file's name, of its feed alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest

from expectations.rejections import DeliveryRejected
from spark_jobs.control import in_force, ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.corrections import require_something_to_correct

FEED = "public_security/resident_registry"
_TESTS = count(1)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
Add = Callable[..., Delivery]


@pytest.fixture
def add(lake_home: object) -> Add:
    """Adds ledger rows, with names of the test's own."""
    test = next(_TESTS)

    def added(name: str, state: DeliveryState, corrects: str | None = None, **values: object) -> Delivery:
        key = f"{FEED}/test{test}_{name}"
        row = Delivery(
            delivery_id=f"test{test}_{name}_{values.get('sight', 1)}",
            feed=FEED,
            state=state,
            object_key=key,
            object_version="1",
            bytes=1,
            modified_at=NOW,
            first_seen_at=NOW,
            unchanged_since=NOW,
            claim_epoch=0,
            manifest={in_force.CORRECTS: corrects} if corrects else None,
            **{"sight": 1, **values},
        )
        ledger.add(row)
        return row

    return added


def name_of(row: Delivery) -> str:
    return row.object_key.rpartition("/")[2]


def corrected(row: Delivery) -> list[str]:
    require_something_to_correct(row)
    return [old.delivery_id for old in in_force.corrected_by(row)]


@pytest.mark.parametrize("state", ["seen", "stable", "claimed", "parsed", "committed", "recalled"])
def test_what_came_before_can_be_corrected(add: Add, state: str) -> None:
    old = add("old", DeliveryState(state))
    assert corrected(add("by_name", DeliveryState.CLAIMED, name_of(old))) == [old.delivery_id]
    assert corrected(add("by_number", DeliveryState.CLAIMED, old.delivery_id)) == [old.delivery_id]


def test_what_never_came_came_later_or_was_rejected_cannot(add: Add) -> None:
    rejected = add("old", DeliveryState.REJECTED)
    for named in ("nobody", name_of(rejected), "later"):
        with pytest.raises(DeliveryRejected, match="corrects_nothing"):
            corrected(add(f"of_{named[-5:]}", DeliveryState.CLAIMED, named))
    early = add("early", DeliveryState.CLAIMED, f"{name_of(rejected)[:-4]}_late")
    add("_late", DeliveryState.COMMITTED)
    with pytest.raises(DeliveryRejected, match="corrects_nothing"):
        corrected(early)


def test_what_has_given_way_to_another_cannot_but_to_an_earlier_version_of_the_correction(add: Add) -> None:
    old = add("old", DeliveryState.REPLACED)
    first = add("right", DeliveryState.COMMITTED, name_of(old))
    ledger.change(old.sequence, receipt={"replaced_by": first.delivery_id})
    second = add("right", DeliveryState.CLAIMED, name_of(old), sight=2)
    assert corrected(second) == [old.delivery_id]
    with pytest.raises(DeliveryRejected, match="corrects_nothing"):
        corrected(add("another", DeliveryState.CLAIMED, name_of(old)))


def test_what_is_corrected_counts_until_its_end_is_written(add: Add) -> None:
    old = add("old", DeliveryState.PARSED)
    right = add("right", DeliveryState.COMMITTED, name_of(old))
    assert right.delivery_id in {row.delivery_id for row in in_force.replacing(FEED)}
    ledger.change(old.sequence, state=DeliveryState.REPLACED, receipt={"replaced_by": right.delivery_id})
    assert right.delivery_id not in {row.delivery_id for row in in_force.replacing(FEED)}
    assert [row.delivery_id for row in in_force.in_place_of(FEED, right.delivery_id)] == [old.delivery_id]
