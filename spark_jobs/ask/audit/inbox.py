"""Every object of the inbox has its answer: a ledger row or a notice; what has neither, or stays, is named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from expectations.contract.feed import FeedContract
from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.control.database import session
from spark_jobs.control.notices import standing
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.manifest import SUFFIX
from spark_jobs.intake.strays import Places, Stray, strays
from spark_jobs.lake.storage.objects import Look, ObjectGone, ObjectUnreadable, ObjectVersion, Store

Known = Mapping[tuple[str, str], Iterable[tuple[str | None, str | None]]]
"""Key and version of an object -> mark and hash of each ledger row that has them."""
_SWEEP = "lake sweep"


def check(look: Look, contracts: Iterable[FeedContract], store: Store, moment: datetime) -> Iterator[Finding]:
    """Findings on the whole inbox.

    Args:
        look: all that the inbox holds.
        contracts: of all feeds.
        store: to read objects by.
        moment: now.
    """
    known, said = _known(), standing()
    odd = {(one.key, one.version): one for one in strays(look, Places(contracts), moment)}
    for stray in odd.values():
        if (stray.key, stray.version) not in known:
            yield _of_stray(stray, (stray.key, stray.version) in said)
    keys = {item.key for item in look.objects} | {key for key, _ in known}
    for item in look.objects:
        place = (item.key, item.version)
        is_manifest = item.key.endswith(SUFFIX) and item.key.removesuffix(SUFFIX) in keys
        if place in odd or is_manifest:
            continue
        if place not in known:
            what = "has no ledger row and no notice: no sweep has entered it yet"
            yield Finding("inbox", f"inbox/{shown(item.key)}", what, _SWEEP)
        elif _is_other_content(item, known, store):
            what = "holds other bytes than the delivery of that name, size and time: no sweep has entered them yet"
            yield Finding("inbox", f"inbox/{shown(item.key)}", what, _SWEEP)


def _of_stray(stray: Stray, is_told: bool) -> Finding:
    place = f"inbox/{shown(stray.key)}"
    owner = stray.agency or "the operator"
    if is_told:
        what = f"is no delivery ({stray.code}), was told to {shown(owner)}, and is still there"
        return Finding("inbox", place, what, "see that it is taken away; the line stays until then")
    return Finding("inbox", place, f"has no ledger row and no notice: it is no delivery ({stray.code})", _SWEEP)


def _known() -> Known:
    columns = (Delivery.object_key, Delivery.object_version, Delivery.object_mark, Delivery.sha256)
    found: dict[tuple[str, str], list[tuple[str | None, str | None]]] = defaultdict(list)
    with session() as at:
        for key, version, mark, sha256 in at.execute(select(*columns)):
            found[key, version].append((mark, sha256))
    return found


def _is_other_content(item: ObjectVersion, known: Known, store: Store) -> bool:
    """Time and size are the delivery's, and the bytes are not: copying keeps times."""
    rows = list(known[item.key, item.version])
    if item.mark is None or any(mark in {None, item.mark} or sha256 is None for mark, sha256 in rows):
        return False
    try:
        return store.sha256(item) not in {sha256 for _, sha256 in rows}
    except (ObjectGone, ObjectUnreadable):
        return False
