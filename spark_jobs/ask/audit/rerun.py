"""I9: doing a delivery again makes the same of it. Deliveries are done again beside the lake, and compared.

The landing bytes of some deliveries are taken through intake and refine of today in a home of its own, with its own
ledger and its own lake server, and what comes out is compared with what the lake holds. Nothing is written to the lake.
"""

import hashlib
import heapq
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from expectations.contract.catalogue import feed_ids, load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.ask.audit import books
from spark_jobs.ask.audit.finding import Report, Unwatched, Watch, shown
from spark_jobs.ask.audit.likeness import NotDoneAgain, compare
from spark_jobs.ask.audit.rerun_worker import MOMENTS, ORDER
from spark_jobs.base.ending import dies_with_its_parent, leaving_in_order
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control.in_force import CORRECTS
from spark_jobs.control.provenance import contract_sha256, refine_fingerprint
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.lake.storage.paths import landing_key
from spark_jobs.lake.storage.store import FolderStore, Store, open_store

_FACTS = ("feed", "delivery_id", "sequence", "object_key", "object_version", "sight", "bytes", "sha256", "manifest")
_WAIT_SECONDS = 6 * 3600
_STOP_SECONDS = 60
"""What the worker has to stop its lake server."""


def rerun(number: int, feed: str | None = None, watch: Watch | None = None) -> Report:
    """Findings on deliveries that come out otherwise when they are done again.

    The choice is the same for the same lake: of all deliveries that today's contract and code closed, those with the
    least SHA-256 of their id.

    Args:
        number: how many.
        feed: only of this one.
        watch: told of each delivery that was compared.

    Raises:
        LakeError: there is none to choose.
        NotDoneAgain: the work beside the lake failed; its home is kept for a look.
    """
    watch = watch or Unwatched()
    chosen, others = _choose(number, [feed] if feed else feed_ids())
    if not chosen:
        raise LakeError(
            f"no delivery was closed by today's contracts and code ({others} by earlier ones)",
            "refine again what is to be compared: lake refine AGENCY/FEED --from … --to …",
        )
    report = Report(scope=_scope(chosen, others))
    with leaving_in_order(), _home_beside() as home:
        watch.begin("done again", len(chosen))
        _do_again(home, chosen, open_store())
        for row in chosen:
            report.add(compare(row, home))
            watch.step()
    return report


@contextmanager
def _home_beside() -> Iterator[Path]:
    """A home for the work, which holds data of persons; removed at the end, also of who is interrupted."""
    home = Path(tempfile.mkdtemp(prefix="lake-rerun-"))
    try:
        yield home
    except NotDoneAgain:
        raise
    except BaseException:
        shutil.rmtree(home)
        raise
    shutil.rmtree(home)


def _scope(chosen: Sequence[Delivery], others: int) -> list[str]:
    lines = [f"done again: {row.feed} {row.delivery_id}" for row in chosen]
    if others:
        lines.append(f"{others} deliveries were closed by an earlier contract or code and were not among the choice")
    return [f"{len(chosen)} deliveries done again, those with the least SHA-256 of their id", *lines]


def _choose(number: int, feeds: Sequence[str]) -> tuple[list[Delivery], int]:
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
    return [row for _, _, row in least], others


def _has_bytes(row: Delivery) -> bool:
    """It went through intake by itself: its end does not hang on other deliveries or on its time of arrival."""
    is_closed = row.state == DeliveryState.COMMITTED or (row.state == DeliveryState.REJECTED and row.accounting)
    stands_for_others = row.replaces or (row.manifest or {}).get(CORRECTS)
    return bool(is_closed and row.sha256 and not stands_for_others)


def _is_of_today(row: Delivery, contract: FeedContract) -> bool:
    if (row.receipt or {}).get("contract_sha256") != contract_sha256(contract):
        return False
    return row.state == DeliveryState.REJECTED or row.refine_fingerprint == refine_fingerprint(contract)


def _do_again(home: Path, chosen: Sequence[Delivery], store: Store) -> None:
    """Put the bytes into the landing beside and let a process of its own take them through.

    Raises:
        LakeError: the bytes are not in landing.
        NotDoneAgain: the process failed.
    """
    order = [_again(row, store, home) for row in chosen]
    (home / ORDER).write_text(json.dumps(order), encoding="utf-8")
    log = home / "rerun.log"
    with log.open("wb") as output:
        status = _worked(home, output)
    if status != 0:
        raise NotDoneAgain(f"the deliveries could not be done again beside the lake (exit status {status})", log, home)


def _worked(home: Path, output: BinaryIO) -> int:
    """Exit status of the worker, which stops what it has started where this process is interrupted, or dies."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "spark_jobs.ask.audit.rerun_worker"],
        env=_environment(home),
        stdout=output,
        stderr=output,
        # Ctrl-C is for us, and we tell it.
        start_new_session=True,
        preexec_fn=dies_with_its_parent(signal.SIGTERM),
    )
    try:
        return worker.wait(_WAIT_SECONDS)
    finally:
        if worker.poll() is None:
            _stop(worker)


def _stop(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def _again(row: Delivery, store: Store, home: Path) -> dict[str, Any]:
    """Copy the bytes; gives the ledger row that goes with them, as of a run that was interrupted after landing."""
    key = landing_key(row.feed, str(row.sha256))
    item = next((found for found in store.list("landing", key) if found.key == key), None)
    if item is None:
        raise LakeError(f"landing/{shown(key)} is missing", "find what else is missing: lake audit")
    path = home / "bytes"
    store.fetch(item, path)
    FolderStore(home).put_file("landing", key, path)
    path.unlink()
    moments = {name: getattr(row, name) for name in MOMENTS}
    return {
        **{name: getattr(row, name) for name in _FACTS},
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
        "business_date": row.business_date.isoformat() if row.business_date else None,
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
