"""I1: each object of landing holds the bytes that its name says, and the ledger knows it; none is missing."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from spark_jobs.ask.audit.books import Booked
from spark_jobs.ask.audit.finding import Finding, Remark, Watch, shown
from spark_jobs.control.schema import DeliveryState
from spark_jobs.lake.storage.objects import ObjectGone, ObjectUnreadable, ObjectVersion, Store
from spark_jobs.lake.storage.paths import landing_key

_MAY_HAVE_NONE = {"duplicate_delivery", "manifest_mismatch"}
"""Rejections before the bytes are kept: of a duplicate they are there already, of a manifest's other file nobody's."""
_RESTORE = "restore the object from the backup of landing, or ask the department to send the file again"
_FOREIGN = "find out who wrote to landing; move the object away"


def check(
    objects: Mapping[str, ObjectVersion], booked: Sequence[Booked], store: Store, since: datetime | None, watch: Watch
) -> Iterator[Finding | Remark]:
    """Findings on the objects of one feed.

    Args:
        objects: all that landing has below the feed, by key.
        booked: all deliveries of the feed.
        store: to read them by.
        since: hash only objects that were written, or whose deliveries came or were closed, since then.
        watch: told of each object that was hashed.
    """
    owners: dict[str, list[Booked]] = defaultdict(list)
    for one in booked:
        if one.sha256:
            owners[landing_key(one.feed, one.sha256)].append(one)
    for key in sorted(owners.keys() - objects.keys()):
        for one in owners[key]:
            if _must_be_there(one):
                yield Finding(
                    "I1",
                    f"landing/{shown(key)}",
                    f"is missing; delivery {one.delivery_id} came in it",
                    _RESTORE,
                    one.delivery_id,
                )
    for key in sorted(objects.keys() - owners.keys()):
        yield Finding("I1", f"landing/{shown(key)}", "no ledger row has these bytes", _FOREIGN)
    known = [objects[key] for key in sorted(objects.keys() & owners.keys())]
    for item in known:
        yield from _is_as_booked(item, owners[item.key])
    looked_at = [item for item in known if _is_in_scope(item, owners[item.key], since)]
    yield from _hashes(looked_at, store, watch)


def _must_be_there(one: Booked) -> bool:
    if one.landing_version is not None:
        return True
    if one.state == DeliveryState.REJECTED:
        return one.rejection not in _MAY_HAVE_NONE
    if one.state == DeliveryState.RECALLED:
        return one.was != DeliveryState.REJECTED
    return one.state in {DeliveryState.PARSED, DeliveryState.COMMITTED, DeliveryState.REPLACED}


def _is_in_scope(item: ObjectVersion, owners: Sequence[Booked], since: datetime | None) -> bool:
    return since is None or item.modified >= since or any(one.is_since(since) for one in owners)


def _is_as_booked(item: ObjectVersion, owners: Sequence[Booked]) -> Iterator[Finding]:
    """Size and version are those of the ledger."""
    sizes = {one.bytes for one in owners}
    if item.bytes not in sizes:
        stated = ", ".join(map(str, sorted(sizes)))
        yield Finding("I1", f"landing/{item.key}", f"has {item.bytes} bytes, the ledger {stated}", _RESTORE)
    versions = {one.landing_version for one in owners} - {None}
    if versions and item.version not in versions:
        what = f"the newest version {shown(item.version)} is none that the ledger names"
        step = "remove the newer version: the one that the ledger names lies below it"
        yield Finding("I1", f"landing/{item.key}", what, step)


def _hashes(objects: Sequence[ObjectVersion], store: Store, watch: Watch) -> Iterator[Finding]:
    watch.begin("landing", len(objects))
    with ThreadPoolExecutor(max_workers=4) as pool:
        for item, digest in zip(objects, pool.map(lambda item: _sha256(store, item), objects), strict=True):
            watch.step()
            if digest is None:
                what = "cannot be read, or went away while it was read"
                yield Finding("I1", f"landing/{item.key}", what, "look at its permissions and the disk; audit again")
            elif digest != item.key.rsplit("/", 1)[-1]:
                yield Finding("I1", f"landing/{item.key}", f"holds other bytes: SHA-256 {digest}", _RESTORE)


def _sha256(store: Store, item: ObjectVersion) -> str | None:
    try:
        return store.sha256(item)
    except (ObjectGone, ObjectUnreadable):
        return None
