"""I9: doing a delivery again makes the same of it. Deliveries are done again beside the lake, and compared.

The landing bytes of some deliveries are taken through intake and refine of today in a home of its own, with its own
ledger and its own lake server, and what comes out is compared with what the lake holds. Nothing is written to the lake.
"""

import hashlib
import heapq
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.contract.catalogue import feed_ids, load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.ask.audit import books, landing
from spark_jobs.ask.audit.finding import Report, Unwatched, Watch, shown
from spark_jobs.ask.audit.likeness import compare
from spark_jobs.ask.audit.rerun_worker import ORDER
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control.provenance import contract_sha256, refine_fingerprint
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.lake.storage.objects import ObjectVersion, writable_key
from spark_jobs.lake.storage.store import FolderStore, Store, open_store

_WITHIN = ("feed", "delivery_id", "sequence", "bytes")
_MOMENTS = ("modified_at", "first_seen_at", "unchanged_since", "window_from", "window_to")
_WAIT_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Chosen:
    """A delivery that is done again."""

    row: Delivery
    object_key: str
    """Under which it is handed in again: its own, where a lake may write such a key."""

    @property
    def is_renamed(self) -> bool:
        """Its own key cannot be written, so names in its receipt will differ."""
        return self.object_key != self.row.object_key


def rerun(number: int, feed: str | None = None, watch: Watch | None = None) -> Report:
    """Findings on deliveries that come out otherwise when they are done again.

    The choice is the same for the same lake: of all deliveries that today's contract and code closed, those with the
    least SHA-256 of their id.

    Args:
        number: how many.
        feed: only of this one.
        watch: told of each delivery that was compared.

    Raises:
        LakeError: there is none to choose, or the work beside the lake failed.
    """
    watch = watch or Unwatched()
    chosen, others = _choose(number, [feed] if feed else feed_ids())
    if not chosen:
        raise LakeError(
            f"no delivery was closed by today's contracts and code ({others} by earlier ones)",
            "refine again what is to be compared: lake refine AGENCY/FEED --from … --to …",
        )
    home = Path(tempfile.mkdtemp(prefix="lake-rerun-"))
    watch.begin("done again", len(chosen))
    _do_again(home, chosen, open_store())
    report = Report(scope=_scope(chosen, others))
    for one in chosen:
        report.add(compare(one.row, home, is_renamed=one.is_renamed))
        watch.step()
    shutil.rmtree(home)
    return report


def _scope(chosen: Sequence[Chosen], others: int) -> list[str]:
    lines = [f"done again: {one.row.feed} {one.row.delivery_id}" for one in chosen]
    if others:
        lines.append(f"{others} deliveries were closed by an earlier contract or code and were not among the choice")
    return [f"{len(chosen)} deliveries done again, those with the least SHA-256 of their id", *lines]


def _choose(number: int, feeds: Sequence[str]) -> tuple[list[Chosen], int]:
    """The deliveries, and how many were not among the choice because other contracts or code closed them."""
    others = 0

    def candidates() -> Iterator[tuple[str, int, Delivery]]:
        nonlocal others
        for feed in feeds:
            contract = load_feed(feed)
            for row in books.rows(feed):
                if not _has_bytes(row):
                    continue
                if _is_of_today(row, contract):
                    yield hashlib.sha256(row.delivery_id.encode()).hexdigest(), row.sequence, row
                else:
                    others += 1

    least = heapq.nsmallest(number, candidates(), key=lambda candidate: candidate[:2])
    return [Chosen(row, _key_again(row)) for _, _, row in least], others


def _has_bytes(row: Delivery) -> bool:
    """It went through intake by itself: its end does not hang on other deliveries or on its time of arrival."""
    is_closed = row.state == DeliveryState.COMMITTED or (row.state == DeliveryState.REJECTED and row.accounting)
    return bool(is_closed and row.sha256 and not getattr(row, "replaces", None))


def _is_of_today(row: Delivery, contract: FeedContract) -> bool:
    if (row.receipt or {}).get("contract_sha256") != contract_sha256(contract):
        return False
    return row.state == DeliveryState.REJECTED or row.refine_fingerprint == refine_fingerprint(contract)


def _key_again(row: Delivery) -> str:
    try:
        return writable_key(row.object_key)
    except LakeError:
        return f"{row.feed}/{row.delivery_id}"


def _do_again(home: Path, chosen: Sequence[Chosen], store: Store) -> None:
    """Hand the bytes in beside the lake and let a process of its own take them through.

    Raises:
        LakeError: the bytes are not in landing, or the process failed; the home is kept for a look.
    """
    beside = FolderStore(home)
    landed = {item.key: item for feed in {one.row.feed for one in chosen} for item in store.list("landing", f"{feed}/")}
    order = [_hand_in(one, landed, store, beside, home) for one in chosen]
    (home / ORDER).write_text(json.dumps(order), encoding="utf-8")
    command = [sys.executable, "-m", "spark_jobs.ask.audit.rerun_worker"]
    log = home / "rerun.log"
    with log.open("wb") as output:
        done = subprocess.run(
            command, env=_environment(home), stdout=output, stderr=output, timeout=_WAIT_SECONDS, check=False
        )
    if done.returncode != 0:
        raise LakeError(
            f"the deliveries could not be done again beside the lake (exit status {done.returncode})",
            f"read {log}; remove {home} afterwards, it holds data of persons",
        )


def _hand_in(
    one: Chosen, landed: dict[str, ObjectVersion], store: Store, beside: FolderStore, home: Path
) -> dict[str, Any]:
    """Put the bytes into the inbox beside; gives the ledger row that goes with them."""
    key = landing.key_of(one.row.feed, str(one.row.sha256))
    if key not in landed:
        raise LakeError(f"landing/{shown(key)} is missing", "find what else is missing: lake audit")
    path = home / "bytes"
    store.fetch(landed[key], path)
    beside.put_file("inbox", one.object_key, path)
    path.unlink()
    (item,) = (found for found in beside.list("inbox", one.object_key) if found.key == one.object_key)
    moments = {name: getattr(one.row, name) for name in _MOMENTS}
    return {
        **{name: getattr(one.row, name) for name in _WITHIN},
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "business_date": one.row.business_date.isoformat() if one.row.business_date else None,
        "manifest": one.row.manifest,
        "object_key": one.object_key,
        "object_version": item.version,
    }


def _environment(home: Path) -> dict[str, str]:
    """An embedded lake of its own, whatever the profile of this one."""
    at = settings()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LAKE_")}
    return kept | {
        "LAKE_HOME": str(home),
        "LAKE_PROFILE": "embedded",
        "LAKE_SPARK_MASTER": "local[*]",
        "LAKE_DRIVER_MEMORY": at.driver_memory,
    }
