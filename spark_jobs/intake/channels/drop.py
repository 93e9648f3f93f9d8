"""Files that a department puts into its inbox: found by listing it against the ledger."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from expectations.contract.business_date import read_business_date
from expectations.contract.channels.drop import Drop
from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.counted import counted
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Interval, Known
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.file_dates import date_of_name
from spark_jobs.intake.listing import WITHDRAWN, is_still, news, refuse_too_large, seen_before, sighted
from spark_jobs.intake.manifest import SUFFIX, ManifestUnreadable, read_manifest
from spark_jobs.lake.storage.store import ObjectGone, ObjectVersion, Store, open_store

_AND = "+"
"""Between the marks of a file and of its manifest."""
_PASSING = {
    *(WITHDRAWN, "could_not_be_read"),
    *("manifest_unreadable", "manifest_invalid", "manifest_mismatch", "incomplete_upload"),
    "may_be_cut_off",
}
"""Answers whose cause may be gone though the file is the same, byte for byte."""


class DropChannel:
    """See Channel."""

    def find(self, contract: FeedContract, interval: Interval | None, now: datetime) -> Iterator[Arrival]:
        """See Channel.find."""
        store = open_store()
        return self.among(contract, store.look("inbox", f"{contract.id}/").objects, store, now)

    def among(
        self, contract: FeedContract, objects: Iterable[ObjectVersion], store: Store, now: datetime
    ) -> Iterator[Arrival]:
        """What is new among these objects of the feed's folder; those of its subfolders are not deliveries."""
        is_full = store.full_place("inbox", contract.id) is not None
        direct = [item for item in objects if item.key.count("/") == 2]
        manifests = {item.key.removesuffix(SUFFIX): item for item in direct if item.key.endswith(SUFFIX)}

        def look_at(item: ObjectVersion, row: Known | None) -> Arrival | None:
            arrival = self._look_at(contract, item, row, manifests.get(item.key), store, now, is_full)
            return arrival and replace(arrival, is_on_full_disk=is_full)

        files = (item for item in direct if not item.key.endswith(SUFFIX))
        return news(contract, (marked(item, manifests.get(item.key)) for item in files), look_at)

    def fetch(self, contract: FeedContract, delivery: Delivery, to: Path) -> str:
        """See Channel.fetch."""
        listed = ObjectVersion(
            "inbox", delivery.object_key, delivery.object_version, delivery.bytes, delivery.modified_at
        )
        try:
            return open_store().fetch(listed, to)
        except ObjectGone as gone:
            raise DeliveryRejected("withdrawn_before_processing") from gone

    def notes(self, contract: FeedContract, delivery: Delivery, path: Path) -> list[str]:
        """See Channel.notes; none."""
        return []

    def check(self, contract: FeedContract) -> str:
        """See Channel.check; an inbox that can be listed."""
        count = sum(1 for _ in open_store().look("inbox", f"{contract.id}/").objects)
        return f"inbox/{contract.id} can be listed, {counted(count, 'object')}"

    def _look_at(
        self,
        contract: FeedContract,
        item: ObjectVersion,
        row: Known | None,
        manifest: ObjectVersion | None,
        store: Store,
        now: datetime,
        is_full: bool,
    ) -> Arrival | None:
        """What the object is; None: it is what the ledger has, only touched."""
        assert isinstance(contract.arrival, Drop)  # noqa: S101  (for the type checker)
        is_done = row is not None and row.state != DeliveryState.SEEN and row.version == item.version
        # Also of what was recalled: an inbox that is copied or restored sends nothing again.
        if row is not None and is_done and _is_same_content(row, item, store):
            return None
        arrival = sighted(contract, item, row)
        try:
            said = _manifest(contract.arrival, manifest, store, now, is_full)
            dated = replace(arrival, business_date=_business_date(contract.arrival, item.key, said), manifest=said)
            if not _is_complete(contract.arrival, item, seen_before(arrival), said, now, is_full):
                return dated
            refuse_too_large(item)
            return replace(dated, is_complete=True)
        except ManifestUnreadable:
            return arrival
        except DeliveryRejected as rejected:
            return replace(arrival, rejection=rejected)


def marked(item: ObjectVersion, manifest: ObjectVersion | None) -> ObjectVersion:
    """The file, marked anew where its manifest is: a corrected manifest may come without its file."""
    if manifest is None:
        return item
    return replace(item, mark=f"{item.mark or ''}{_AND}{manifest.mark or manifest.version}")


def is_as_booked(
    item: ObjectVersion, mark: str | None, rejection: str | None, sha256: str | None, store: Store
) -> bool:
    """Whether a file, as `marked`, is the delivery of its key and version, though it may have been touched.

    Args:
        item: the file.
        mark: of the delivery.
        rejection: code of its answer, if it was rejected.
        sha256: of its bytes, if they were read.
        store: to read the file by.
    """
    # Rows of an older ledger have no mark, or none of the manifest: what they name is taken to be what is there.
    of_older = None if rejection == "incomplete_upload" else str(item.mark).partition(_AND)[0]
    if mark in {None, item.mark, of_older}:
        return True
    if rejection in _PASSING:
        return False
    return sha256 is None or store.sha256(item) == sha256


def _is_same_content(row: Known, item: ObjectVersion, store: Store) -> bool:
    """Whether a file whose time and size are the same was only touched; a copy that keeps times is another content."""
    stored = ledger.by_sequence(row.sequence)
    if is_as_booked(item, row.mark, (stored.rejection or {}).get("code"), stored.sha256, store):
        ledger.change(row.sequence, object_mark=item.mark)
        return True
    return False


def _manifest(
    arrival: Drop, item: ObjectVersion | None, store: Store, now: datetime, is_full: bool
) -> dict[str, Any] | None:
    """What the manifest says; None where there is none.

    Raises:
        ManifestUnreadable: it may still be being written, or is cut off as the disk is full.
        DeliveryRejected: `manifest_unreadable`, `manifest_invalid`.
    """
    if item is None:
        return None
    try:
        return read_manifest(store, item)
    except ManifestUnreadable as unreadable:
        if is_full or abs(now - item.modified) < timedelta(seconds=arrival.stable_for_seconds):
            raise
        raise DeliveryRejected("manifest_unreadable") from unreadable


def _business_date(arrival: Drop, key: str, manifest: dict[str, Any] | None) -> date:
    """The day that a file speaks of, from its manifest or its name.

    Raises:
        DeliveryRejected: the name doesn't follow the pattern, or the date doesn't exist.
    """
    named = date_of_name(arrival, key.rsplit("/", 1)[-1])
    stated = (manifest or {}).get("business_date")
    return named if stated is None else read_business_date(str(stated))


def _is_complete(
    arrival: Drop,
    item: ObjectVersion,
    row: Delivery | None,
    manifest: dict[str, Any] | None,
    now: datetime,
    is_full: bool,
) -> bool:
    """Complete by manifest where there is one or must be, else by a size that has stopped changing.

    On a full disk every size stops changing, and the file stays cut off when there is room again.

    Raises:
        DeliveryRejected: the deadline for a file that differs from its manifest, or may be cut off, has passed.
    """
    first_seen = row.first_seen_at if row else now
    overdue = now - first_seen > timedelta(hours=arrival.incomplete_after_hours)
    if manifest is not None and "bytes" in manifest:
        if manifest["bytes"] == item.bytes:
            return True
        if overdue:
            raise DeliveryRejected("incomplete_upload", expected=manifest["bytes"], actual=item.bytes)
        return False
    if arrival.manifest == "required":
        if overdue:
            raise DeliveryRejected("incomplete_upload", expected="（缺少清单）", actual=item.bytes)
        return False
    if is_full or _has_stood_on_full_disk(item, row):
        if overdue:
            raise DeliveryRejected("may_be_cut_off", actual=item.bytes)
        return False
    return is_still(item, row, now, arrival.stable_for_seconds)


def _has_stood_on_full_disk(item: ObjectVersion, row: Delivery | None) -> bool:
    """This very version; one that is sent again is another."""
    return row is not None and row.full_disk_at is not None and row.object_version == item.version


CHANNEL = DropChannel()
