"""What stands still: deliveries that do not go on, silver that is not published, leases that nobody can take."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from spark_jobs.ask.audit.books import Booked, superseded
from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.base.settings import settings
from spark_jobs.control import publication
from spark_jobs.control.database import engine, session
from spark_jobs.control.lease import look
from spark_jobs.control.schema import DeliveryState, Lease
from spark_jobs.lake.storage import tables

_NEXT = {
    DeliveryState.SEEN: "ask the department for the rest of the file or its manifest; lake sweep",
    DeliveryState.STABLE: "lake collect {feed}",
    DeliveryState.CLAIMED: "its worker is gone: lake collect {feed}",
    DeliveryState.PARSED: "lake refine {feed}",
}


def check(booked: Sequence[Booked], moment: datetime) -> Iterator[Finding]:
    """Findings on the deliveries of one feed that do not go on and on what of it is not published.

    Args:
        booked: all deliveries of the feed.
        moment: now.
    """
    for one in booked:
        if one.is_open and (age := moment - one.first_seen_at) > _limit():
            failed = f"; its last try failed, reference {shown(one.failure)}" if one.failure else ""
            what = f"is {one.state} for {_shown_age(age)}{failed}"
            step = _NEXT[DeliveryState(one.state)].format(feed=one.feed)
            yield Finding("standing", f"{one.feed} {one.delivery_id}", what, step, one.delivery_id)
    for delivery, newer in superseded(booked).items():
        feed = booked[0].feed
        what = f"its rows went with {newer}, the newer version of its file, and its second receipt is still to come"
        yield Finding("standing", f"{feed} {delivery}", what, f"lake refine {feed}", delivery)
    yield from _unpublished(booked, moment)
    yield from _published_unchecked(booked)
    yield from _lost_windows(booked, moment)


def _unpublished(booked: Sequence[Booked], moment: datetime) -> Iterator[Finding]:
    if not booked:
        return
    feed, published = booked[0].feed, publication.last_published(booked[0].feed)
    waiting = [
        one
        for one in booked
        if (one.state == DeliveryState.COMMITTED and one.accepted or _is_to_be_seen_gone(one, published))
        and one.silver_version is not None
        and (published is None or one.silver_version > published)
    ]
    ages = [moment - one.closed_at for one in waiting if one.closed_at is not None]
    if ages and max(ages) > _limit():
        until = "nothing is published" if published is None else f"version {published} is the last published one"
        what = f"{len(waiting)} deliveries came into or left silver, unpublished for {_shown_age(max(ages))}; {until}"
        yield Finding("standing", f"silver.{feed.replace('/', '__')}", what, f"lake verify {feed}")
    table = feed.replace("/", "__")
    if published is not None and tables.exists("silver", table) and (newest := _version(table)) < published:
        what = f"version {published} is published, the table ends at {newest}"
        yield Finding("I6", f"silver.{table}", what, "restore the table from its backup")


def _is_to_be_seen_gone(one: Booked, published: int | None) -> bool:
    """It was recalled, and readers may still see it."""
    return one.state == DeliveryState.RECALLED and not one.is_recall_begun and published is not None


def _published_unchecked(booked: Sequence[Booked]) -> Iterator[Finding]:
    """Publications that verify did not make: of a version that it did not check, or did not let through."""
    for row in publication.of_feed(booked[0].feed) if booked else ():
        checked, checks = row.checks.get(publication.CHECKED, row.silver_version), row.checks.get("checks", [])
        place, step = f"silver.{row.feed.replace('/', '__')}", f"lake verify {row.feed}"
        if checked != row.silver_version:
            what = f"version {row.silver_version} is booked as checked, the checks are of version {shown(str(checked))}"
            yield Finding("I6", place, what, step)
        elif row.published and not all(check.get("success") for check in checks):
            yield Finding("I6", place, f"version {row.silver_version} is published, and its checks failed", step)


def _version(table: str) -> float:
    """The newest version of a silver table; endless where none can be read, which other checks say."""
    try:
        return tables.version("silver", table)
    except Exception:  # delta-rs raises whatever its kernel does
        return float("inf")


def _lost_windows(booked: Sequence[Booked], moment: datetime) -> Iterator[Finding]:
    """Pulls: a window of which nothing was taken, and that no other pull has read, is lost to the lake.

    One that was recalled is to be read by the next run.
    """
    taken = sorted(one.window for one in booked if one.window and not _is_lost(one))
    for one in booked:
        if one.window and _is_lost(one) and not _is_covered(one.window, taken):
            if one.state == DeliveryState.RECALLED and moment - (one.closed_at or moment) <= _limit():
                continue
            start, end = (each.isoformat(timespec="seconds") for each in one.window)
            what = f"the rows changed from {start} to {end} were {one.state} and never read again"
            step = f"pull the window again: lake collect {one.feed}"
            yield Finding("pull", f"{one.feed} {one.delivery_id}", what, step, one.delivery_id)


def _is_lost(one: Booked) -> bool:
    if one.state == DeliveryState.RECALLED:
        return True
    return one.state == DeliveryState.REJECTED and one.rejection != "duplicate_delivery"


def _is_covered(window: tuple[datetime, datetime], taken: Sequence[tuple[datetime, datetime]]) -> bool:
    at, until = window
    for start, end in taken:
        if start <= at < end:
            at = end
    return at >= until


def leases(moment: datetime) -> Iterator[Finding]:
    """Leases that are held by nobody and that others still wait for.

    Args:
        moment: now.
    """
    with session() as at:
        held = list(at.scalars(select(Lease).where(Lease.expires_at > moment).order_by(Lease.name)))
    for lease in held:
        place = f"lease {shown(lease.name)}"
        ahead = lease.expires_at - moment
        if ahead > timedelta(seconds=3 * settings().lease_seconds):
            what = f"ends only in {_shown_age(ahead)}: nobody can take it until then"
            yield Finding("lease", place, what, "see that nothing runs, then remove its row from the control database")
        elif not _has_holder(lease.name):
            what = f"is held by process {lease.pid} of {shown(lease.host)}, which is dead"
            yield Finding("lease", place, what, "run the job again; it takes the lease over")


def _has_holder(name: str) -> bool:
    """The lease's process may be alive."""
    try:
        holder = look(engine(), name)
    except (AttributeError, ValueError):
        return False
    return holder is None or holder.is_live


def _limit() -> timedelta:
    return timedelta(hours=settings().standstill_hours)


def _shown_age(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours / 24:.0f} days" if hours >= 48 else f"{hours:.1f} hours"
