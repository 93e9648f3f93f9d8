"""Every object of the inbox has its answer: a ledger row or a notice; what has neither, or stays, is named."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from expectations.contract.feed import FeedContract
from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.control.database import session
from spark_jobs.control.notices import standing
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.channels.drop import is_as_booked, marked
from spark_jobs.intake.manifest import SUFFIX
from spark_jobs.intake.strays import Places, Stray, strays
from spark_jobs.lake.storage.objects import Look, ObjectGone, ObjectUnreadable, ObjectVersion, Store

Booked = tuple[str | None, str | None, str | None]
"""Mark, code of the rejection, and hash of a ledger row."""
Known = Mapping[tuple[str, str], Sequence[Booked]]
"""Key and version of an object -> each ledger row that has them, oldest first."""
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
    taken = {key for key, _ in known}
    for stray in odd.values():
        # Of what came before its feed was fetched in another way, the manifest is in no row of its own.
        is_of_taken = stray.code == "pulled_feed" and stray.key.removesuffix(SUFFIX) in taken - {stray.key}
        if (stray.key, stray.version) not in known and not is_of_taken:
            yield _of_stray(stray, (stray.key, stray.version) in said)
    there = {item.key: item for item in look.objects}
    keys = there.keys() | taken
    for item in look.objects:
        place = (item.key, item.version)
        is_manifest = item.key.endswith(SUFFIX) and item.key.removesuffix(SUFFIX) in keys
        if place in odd or is_manifest:
            continue
        if place not in known:
            what = "has no ledger row and no notice: no sweep has entered it yet"
            yield Finding("inbox", f"inbox/{shown(item.key)}", what, _SWEEP)
        elif not _is_as_booked(marked(item, there.get(f"{item.key}{SUFFIX}")), known[place], store):
            what = "is not what the delivery of that name, size and time was: no sweep has entered it yet"
            yield Finding("inbox", f"inbox/{shown(item.key)}", what, _SWEEP)


def _of_stray(stray: Stray, is_told: bool) -> Finding:
    place = f"inbox/{shown(stray.key)}"
    owner = stray.agency or "the operator"
    if is_told:
        what = f"is no delivery ({stray.code}), was told to {shown(owner)}, and is still there"
        return Finding("inbox", place, what, "see that it is taken away; the line stays until then")
    return Finding("inbox", place, f"has no ledger row and no notice: it is no delivery ({stray.code})", _SWEEP)


def _known() -> Known:
    code: ColumnElement[str | None] = Delivery.rejection["code"].as_string()
    columns = (Delivery.object_key, Delivery.object_version, Delivery.object_mark, code, Delivery.sha256)
    found: dict[tuple[str, str], list[Booked]] = defaultdict(list)
    with session() as at:
        for key, version, mark, rejection, sha256 in at.execute(select(*columns).order_by(Delivery.sequence)):
            found[key, version].append((mark, rejection, sha256))
    return found


def _is_as_booked(item: ObjectVersion, rows: Sequence[Booked], store: Store) -> bool:
    """Time and size are the delivery's; the bytes may not be, as copying keeps times."""
    if item.mark is None:
        return True
    try:
        return any(is_as_booked(item, mark, rejection, sha256, store) for mark, rejection, sha256 in reversed(rows))
    except (ObjectGone, ObjectUnreadable):
        return True
