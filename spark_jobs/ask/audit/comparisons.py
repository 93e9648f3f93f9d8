"""I10 for comparisons: what went back to a department lies in its outbox as it was given."""

from collections.abc import Iterator, Mapping, Sequence

from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.ask.audit.outbox import content_sha256
from spark_jobs.control.schema import ComparisonReturn
from spark_jobs.lake.storage.objects import ObjectVersion, Store
from spark_jobs.receipts.outbox import HASHED

_PUT_BACK = (
    "put it back from the backup of the outbox; the table comparison_return of the control database has its hash"
)


def check(objects: Mapping[str, ObjectVersion], returns: Sequence[ComparisonReturn], store: Store) -> Iterator[Finding]:
    """Findings on the hits of comparisons in the outbox.

    Args:
        objects: what the outbox has beside receipts, by key.
        returns: all that went back.
        store: to read them by.
    """
    for given in returns:
        for key, content in given.outbox.items():
            place = f"outbox/{shown(key)}"
            if key not in objects:
                yield Finding("I10", place, f"is missing; it was given out for {given.comparison}", _PUT_BACK)
            elif content_sha256(store, objects[key]) not in {content.removeprefix(HASHED), None}:
                yield Finding("I10", place, "is not what was given out", _PUT_BACK)


def keys_of(returns: Sequence[ComparisonReturn]) -> set[str]:
    """What they have in the outbox."""
    return {key for given in returns for key in given.outbox}
