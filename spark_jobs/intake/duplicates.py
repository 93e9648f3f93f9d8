"""Whether the bytes of a delivery are in the lake already: the same bytes count once."""

from expectations.contract.feed import FeedContract
from spark_jobs.control import in_force
from spark_jobs.control.schema import Delivery


def duplicate_of(delivery: Delivery, sha256: str, contract: FeedContract) -> Delivery | None:
    """An earlier delivery with these bytes whose rows hold; None: they are news.

    A snapshot that is put back is news where another came between, and so is one of another business date. The bytes
    of an older version of an object that a newer one replaces are news too, and those of what the delivery corrects:
    they are about to go, or gone. Rows that were read are news always: they are what has changed since, be it back to
    what it was.
    """
    if contract.arrival.yields == "rows":
        return None
    passing = {delivery.sequence, *(old.sequence for old in in_force.corrected_by(delivery))}
    for earlier in in_force.with_content(contract.id, sha256):
        if earlier.sequence not in passing and _holds(earlier, delivery, contract):
            return earlier
    return None


def _holds(earlier: Delivery, delivery: Delivery, contract: FeedContract) -> bool:
    if contract.write.mode == "snapshot":
        if earlier.business_date != delivery.business_date:
            return False
        newest = in_force.newest(contract.id, business_date=delivery.business_date)
        return newest == earlier.sequence
    if contract.on_new_version == "add":
        return True
    return in_force.newest(contract.id, key=earlier.object_key) == earlier.sequence
