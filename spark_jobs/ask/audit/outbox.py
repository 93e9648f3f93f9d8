"""I10: what was given out is what the ledger says was given out, object by object."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from spark_jobs.ask.audit.books import Booked, document_sha256
from spark_jobs.ask.audit.finding import Finding, Watch, shown
from spark_jobs.base.errors import LakeError
from spark_jobs.control.schema import DeliveryState
from spark_jobs.lake.storage.objects import ObjectGone, ObjectUnreadable, ObjectVersion, Store
from spark_jobs.receipts.outbox import HASHED

_ISSUE_AGAIN = "put it back from the backup of the outbox; the ledger's copy is the reference: lake receipts --json"
UNREADABLE = "(unreadable)"
_MARK = re.compile(r"(?=([0-9a-f]{8}))")
"""The beginning of a delivery's id in a name, wherever the feed's pattern of names has room for it."""


def check(
    objects: Mapping[str, ObjectVersion], booked: Sequence[Booked], store: Store, since: datetime | None, watch: Watch
) -> Iterator[Finding]:
    """Findings on the outbox of one feed.

    Args:
        objects: all that the outbox has below the feed, by key.
        booked: all deliveries of the feed.
        store: to read receipts by.
        since: compare only receipts that were issued, or objects that were written, since then.
        watch: told of each receipt that was compared.
    """
    owners = {key: one for one in booked for key in one.outbox}
    for key in sorted(owners.keys() - objects.keys()):
        one = owners[key]
        yield Finding(
            "I10",
            f"outbox/{shown(key)}",
            f"is missing; it was given out for {one.delivery_id}",
            _ISSUE_AGAIN,
            one.delivery_id,
        )
    yield from _unknown(objects, owners, booked)
    yield from _contents([(objects[key], owners[key]) for key in sorted(owners.keys() & objects.keys())], store, since)
    compared = [
        one
        for one in booked
        if one.outbox and one.outbox[0] in objects and (one.is_since(since) or _is_newer(objects[one.outbox[0]], since))
    ]
    yield from _documents(compared, store, watch)


def _is_newer(item: ObjectVersion, since: datetime | None) -> bool:
    return since is None or item.modified >= since


def _unknown(
    objects: Mapping[str, ObjectVersion], owners: Mapping[str, Booked], booked: Sequence[Booked]
) -> Iterator[Finding]:
    """Objects that no receipt of the ledger names: foreign ones, or of a delivery that was not closed in the end."""
    again = {DeliveryState.REPLACED, DeliveryState.RECALLED}
    marks = {one.delivery_id[:8]: one for one in booked if one.is_open or one.state in again}
    for key in sorted(objects.keys() - owners.keys()):
        one = next((marks[mark] for mark in _MARK.findall(key.rsplit("/", 1)[-1]) if mark in marks), None)
        if one is None:
            step = "find out who wrote it; move it away"
            yield Finding("I10", f"outbox/{shown(key)}", "no receipt of the ledger names this object", step)
        elif one.is_open:
            what = f"was given out for {one.delivery_id}, which is still {one.state}"
            step = f"let the delivery be closed: lake refine {one.feed}"
            yield Finding("I10", f"outbox/{shown(key)}", what, step, one.delivery_id)
        # Else it goes with the first receipt of a delivery that has its second.


def _contents(given: Sequence[tuple[ObjectVersion, Booked]], store: Store, since: datetime | None) -> Iterator[Finding]:
    """Each object is the version that the ledger names, or has the hash; a receipt is compared by what it says."""
    hashed: list[tuple[ObjectVersion, Booked, str]] = []
    for item, one in given:
        version = one.outbox_versions.get(item.key)
        if version is not None and version.startswith(HASHED):
            if item.key != one.outbox[0] and (one.is_since(since) or _is_newer(item, since)):
                hashed.append((item, one, version.removeprefix(HASHED)))
        elif version is not None and version != item.version:
            what = f"the newest version {shown(item.version)} is not the one that the ledger names"
            yield Finding("I10", f"outbox/{shown(item.key)}", what, _ISSUE_AGAIN, one.delivery_id)
    with ThreadPoolExecutor(max_workers=4) as pool:
        digests = pool.map(lambda each: content_sha256(store, each[0]), hashed)
        for (item, one, stated), digest in zip(hashed, digests, strict=True):
            if digest not in {stated, None}:
                what = "cannot be read" if digest == UNREADABLE else "is not what was given out"
                yield Finding("I10", f"outbox/{shown(item.key)}", what, _ISSUE_AGAIN, one.delivery_id)


def content_sha256(store: Store, item: ObjectVersion) -> str | None:
    """Hash of an object's bytes, UNREADABLE, or None where it has gone since the outbox was listed."""
    try:
        return store.sha256(item)
    except ObjectGone:
        return None
    except ObjectUnreadable:
        return UNREADABLE


def _documents(compared: Sequence[Booked], store: Store, watch: Watch) -> Iterator[Finding]:
    """The receipt in the outbox says what the ledger's copy says."""
    watch.begin("receipts", len(compared))
    with ThreadPoolExecutor(max_workers=4) as pool:
        digests = pool.map(lambda one: _document_sha256(store, one.outbox[0]), compared)
        for one, digest in zip(compared, digests, strict=True):
            watch.step()
            if digest not in {one.receipt_sha256, None}:
                what = "cannot be read" if digest == UNREADABLE else "differs from the ledger's copy"
                place = f"outbox/{shown(one.outbox[0])}"
                yield Finding("I10", place, f"the receipt {what}", _ISSUE_AGAIN, one.delivery_id)


def _document_sha256(store: Store, key: str) -> str | None:
    """Hash of a receipt's content; None where it has gone since the outbox was listed."""
    try:
        return document_sha256(json.loads(store.read_bytes("outbox", key)))
    except LakeError:
        return None if not store.exists("outbox", key) else UNREADABLE
    except (ValueError, TypeError):
        return UNREADABLE
