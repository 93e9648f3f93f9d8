"""`lake audit`: all checks over the whole lake, a feed at a time, so that one feed's books are in memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from spark_jobs.ask.audit import (
    absences,
    accounting,
    books,
    comparisons,
    current_rows,
    endings,
    entities,
    full_disks,
    inbox,
    landing,
    notices,
    outbox,
    reasons,
    repairs,
    standing,
    tables,
)
from spark_jobs.ask.audit.books import Booked
from spark_jobs.ask.audit.finding import Finding, Remark, Report, Unwatched, Watch, shown
from spark_jobs.base.counted import counted
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control.absences import all_answered
from spark_jobs.control.comparisons import returns
from spark_jobs.control.repairs import open_rows
from spark_jobs.lake.storage.objects import ObjectVersion, Store
from spark_jobs.lake.storage.paths import Zone
from spark_jobs.lake.storage.store import open_store

Objects = dict[str, dict[str, ObjectVersion]]
"""Feed (or agency, or nothing) -> key -> object."""
_LEDGER = "find out who edited the ledger; restore the row from the backup of the control database"


def audit(since: datetime | None = None, watch: Watch | None = None) -> Report:
    """All that is wrong in the lake, read from the things themselves.

    Landing is hashed, the rows of bronze, silver and quarantine are counted from their files, commits are read from
    the Delta logs, receipts from the outbox. What changed in the ledger while the audit ran is not held against it.

    Args:
        since: look only at what came, was closed or was written since then, and at all that stands still.
        watch: told how far it is.
    """
    watch = watch or Unwatched()
    moment, store, report = datetime.now(UTC), open_store(), Report()
    contracts = {contract.id: contract for contract in load_feeds()}
    feeds = sorted({*books.feeds(), *contracts})
    landed, given_out = _by_feed(store, "landing", feeds), _by_feed(store, "outbox", feeds)
    told = all_answered()
    report.add(absences.check({key: item for of in given_out.values() for key, item in of.items()}, told, store))
    for key in absences.keys_of(told):
        given_out["/".join(key.split("/")[:2])].pop(key, None)
    for feed in feeds:
        found = Report()
        found.add(
            _of_feed(feed, contracts.get(feed), landed.pop(feed, {}), given_out.pop(feed, {}), store, since, watch)
        )
        report.add(found.remarks)
        report.add(_settled(found.findings, moment))
    report.add(_of_no_feed(landed[""], given_out[""], store))
    report.add(tables.of_no_feed(feeds))
    report.add(inbox.check(store.look("inbox"), contracts.values(), store, datetime.now(UTC)))
    report.add(full_disks.check(contracts.values(), store))
    report.add(standing.leases(datetime.now(UTC)))
    due_since = None if since is None else since.astimezone(CITY_TIME).date()
    report.add(absences.unanswered(datetime.now(CITY_TIME).date(), due_since))
    watch.begin("entities", 1)
    report.add(entities.check())
    watch.step()
    scope = "everything" if since is None else f"what came, was closed or was written since {since.isoformat()}"
    to_fix = sum(open_rows().values())
    scope_lines = [scope, f"{counted(to_fix, 'quarantined row')} still to be fixed"] if to_fix else [scope]
    return Report(sorted(set(report.findings)), sorted(set(report.remarks)), scope_lines)


def _by_feed(store: Store, zone: Zone, feeds: Iterable[str]) -> Objects:
    known = set(feeds)
    found: Objects = defaultdict(dict)
    for item in store.list(zone):
        feed = "/".join(item.key.split("/")[:2])
        found[feed if feed in known else ""][item.key] = item
    return found


def _of_feed(
    feed: str,
    contract: FeedContract | None,
    landed: Mapping[str, ObjectVersion],
    given_out: Mapping[str, ObjectVersion],
    store: Store,
    since: datetime | None,
    watch: Watch,
) -> Iterator[Finding | Remark]:
    booked: list[Booked] = []
    for row in books.rows(feed):
        try:
            yield from accounting.check(row)
            booked.append(books.booked(row))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            what = f"a document of the row is not as the lake writes it ({type(error).__name__})"
            yield Finding("I10", f"ledger {shown(feed)} {shown(row.delivery_id)}", what, _LEDGER, row.delivery_id)
    yield from landing.check(landed, booked, store, since, watch)
    yield from outbox.check(given_out, booked, store, since, watch)
    yield from reasons.check(booked, contract)
    yield from repairs.check(booked)
    yield from standing.check(booked, datetime.now(UTC))
    yield from endings.check(feed.replace("/", "__"), booked)
    yield from current_rows.check(contract)
    watch.begin(feed, len(tables.LAYERS))
    for layer in tables.LAYERS:
        yield from tables.check(layer, feed.replace("/", "__"), booked, since)
        watch.step()


def _of_no_feed(
    landed: Mapping[str, ObjectVersion], given_out: Mapping[str, ObjectVersion], store: Store
) -> Iterator[Finding]:
    """Objects outside the folders of the feeds: in the outbox there are notices, and what comparisons found."""
    for key in landed:
        step = "find out who wrote to landing; move the object away"
        yield Finding("I1", f"landing/{shown(key)}", "no ledger row has these bytes", step)
    told = notices.told()
    yield from notices.check(given_out, told, store)
    returned = returns()
    yield from comparisons.check(given_out, returned, store)
    known = {key for notice in told for key in notices.keys_of(notice).values()} | comparisons.keys_of(returned)
    for key in given_out.keys() - known:
        step = "find out who wrote it; move it away"
        yield Finding(
            "I10", f"outbox/{shown(key)}", "no receipt, notice or comparison of the ledger names this object", step
        )


def _settled(findings: Iterable[Finding], began: datetime) -> Iterator[Finding | Remark]:
    """The findings, but for deliveries that went on while the audit ran: what was read of them is of two moments."""
    changed: dict[str, bool] = {}
    for finding in findings:
        key = finding.delivery
        if key is None:
            yield finding
            continue
        if key not in changed:
            row = books.now(key)
            changed[key] = row is not None and max(row.first_seen_at, row.closed_at or row.first_seen_at) > began
        if changed[key]:
            yield Remark(finding.place, "its delivery went on while the audit ran; audit again")
        else:
            yield finding
