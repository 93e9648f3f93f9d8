"""Answer absences: what is due and has not come is told once for each period, and taken back by what comes."""

from collections.abc import Iterable
from datetime import date

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from expectations.contract.periods import Period
from spark_jobs.base.failures import keep_failure
from spark_jobs.base.logs import logger
from spark_jobs.control import absences, ledger
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.overdue import Absent, Look, look
from spark_jobs.control.schema import Absence, Delivery
from spark_jobs.receipts import absences as receipts
from spark_jobs.receipts.lateness import lateness

log = logger("absences")


def answer(on: date, feeds: Iterable[FeedContract] | None = None, is_replay: bool = False) -> Look:
    """Tell departments of what is absent and was not told, and take back what has come meanwhile; see `look`.

    Each absence is answered once, however often this runs; what fails for one feed keeps none of the others back.
    """
    contracts = list(feeds if feeds is not None else load_feeds())
    with exclusive("absences"):
        for contract in contracts:
            take_back(contract)
        found = look(on, contracts, is_replay)
        by_id = {contract.id: contract for contract in contracts}
        for each in found.absent:
            try:
                _answer(by_id[each.feed], each, on)
            except Exception as error:
                failure = keep_failure(error, "absent", each.feed)
                log.error("not told", feed=each.feed, error=failure["error"], reference=failure["reference"])
    return found


def _answer(contract: FeedContract, absent: Absent, on: date) -> None:
    told = absences.answered(contract.id).get(absent.period.first)
    # What had come was taken back, or replaced by something of another date: it is absent again.
    if told is None or told.came_with is not None:
        receipts.tell(contract, absent.period, absent.due_on, on)
        log.info("absent", feed=contract.id, period=absent.period.title, due_on=absent.due_on.isoformat())


def take_back(contract: FeedContract) -> None:
    """As `close_all`; what fails is noted, and done by the next morning's run."""
    try:
        close_all(contract)
    except Exception as error:
        failure = keep_failure(error, "absent", contract.id)
        log.error("not taken back", feed=contract.id, error=failure["error"], reference=failure["reference"])


def close_all(contract: FeedContract) -> list[str]:
    """Take back what was told of periods for which something has come; returns their titles."""
    standing = [each for each in absences.answered(contract.id).values() if each.came_with is None]
    closed = []
    for absence in standing:
        delivery = _first_of(contract, absence)
        if delivery is not None:
            receipts.close(contract, absence, lateness(delivery, contract), delivery)
            closed.append(absence.receipt["period"]["title"])
    return closed


def _first_of(contract: FeedContract, absence: Absence) -> Delivery | None:
    """The first delivery of the period that is closed by a receipt."""
    period = Period(absence.first, absence.last, "")
    for each in absences.came(contract.id):
        if period.holds(each.business_date):
            delivery = ledger.by_sequence(each.sequence)
            return delivery if delivery.receipt else None
    return None
