"""Whether a file that says in its manifest that it corrects another has something to correct."""

from expectations.rejections import DeliveryRejected
from spark_jobs.control import in_force, ledger
from spark_jobs.control.schema import Delivery, DeliveryState


def require_something_to_correct(delivery: Delivery) -> None:
    """Refuse a correction of what never came, was rejected, or has given way to another delivery.

    What was recalled may be corrected: the file then comes in its place.

    Raises:
        DeliveryRejected: `corrects_nothing`.
    """
    named = (delivery.manifest or {}).get(in_force.CORRECTS)
    if named and not any(_stands(old, delivery) for old in in_force.corrected_by(delivery)):
        raise DeliveryRejected("corrects_nothing", corrects=named)


def _stands(old: Delivery, delivery: Delivery) -> bool:
    if old.state == DeliveryState.REPLACED:
        # An earlier version of the correction may have taken its place.
        newer = (old.receipt or {}).get("replaced_by")
        return newer is not None and ledger.by_id(newer).object_key == delivery.object_key
    return old.state != DeliveryState.REJECTED
