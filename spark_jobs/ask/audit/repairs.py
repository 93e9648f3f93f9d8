"""I5 for rows that were fixed: what later deliveries closed are quarantined rows of deliveries that are in force."""

from collections.abc import Iterator, Sequence

from spark_jobs.ask.audit.books import Booked
from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.control import repairs
from spark_jobs.control.repairs import HOWS, size
from spark_jobs.control.schema import DeliveryState, Repair

_STEP = "find out who edited the table repair of the control database; restore its rows from the backup"


def check(booked: Sequence[Booked]) -> Iterator[Finding]:
    """Findings on what deliveries of a feed say that they closed.

    Args:
        booked: all deliveries of the feed.
    """
    if not booked:
        return
    feed, rows = booked[0].feed, {one.delivery_id: one for one in booked}
    closed: dict[str, int] = {}
    for repair in repairs.closings_of(feed):
        place = f"repair {feed} {shown(repair.delivery_id)} by {shown(repair.by_delivery)}"
        of, by = rows.get(repair.delivery_id), rows.get(repair.by_delivery)
        if of is None or by is None:
            yield Finding("I5", place, "names a delivery that the feed does not have", _STEP)
            continue
        counted = _counted(repair)
        if counted != repair.closed:
            yield Finding("I5", place, f"says {repair.closed} rows, its ranges hold {counted}", _STEP, by.delivery_id)
        if of.state == DeliveryState.COMMITTED:
            closed[of.delivery_id] = closed.get(of.delivery_id, 0) + counted
    for name, count in closed.items():
        if count > rows[name].quarantined:
            what = f"{count} rows are closed, {rows[name].quarantined} were quarantined"
            yield Finding("I5", f"{feed} {name}", what, _STEP, name)


def _counted(repair: Repair) -> int:
    try:
        return sum(size((first, last) for first, last in repair.rows.get(how, ())) for how in HOWS)
    except (TypeError, ValueError, AttributeError):
        return -1
