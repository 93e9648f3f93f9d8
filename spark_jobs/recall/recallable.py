"""Whether a delivery can be recalled, and what to do instead where it cannot."""

from spark_jobs.base.errors import LakeError
from spark_jobs.control.schema import Delivery, DeliveryState

_DUPLICATE = "duplicate_delivery"


def require_recallable(delivery: Delivery) -> None:
    """Refuse what has no rows to take back.

    A delivery that another has replaced, and one that was turned away as a duplicate, have none either; recalled, they
    do not come back when the other one goes.

    Raises:
        LakeError: it was rejected, or it is still on its way.
    """
    state, name = DeliveryState(delivery.state), delivery.delivery_id
    if state in {DeliveryState.COMMITTED, DeliveryState.REPLACED}:
        return
    if state == DeliveryState.REJECTED:
        if (delivery.rejection or {}).get("code") == _DUPLICATE:
            return
        raise LakeError(
            f"{name} 整个文件未入库，没有可撤回的数据 (was rejected: nothing of it is in any table)",
            "无需撤回；更正后的文件请直接报送 (nothing; a corrected file is simply sent)",
        )
    raise LakeError(
        f"{name} 尚在处理中（{state.value}），还没有回执 (is still on its way)",
        f"处理完成后再撤回：lake deliver {delivery.feed}；还没有处理的文件，从收件箱中取走即可 (recall it once it has "
        "its receipt; a file that nobody has read yet is simply taken out of the inbox)",
    )


def require_correction(delivery: Delivery, newer: Delivery) -> Delivery:
    """The delivery that is to stand in another's place.

    Raises:
        LakeError: it cannot.
    """
    if newer.feed != delivery.feed:
        raise LakeError(
            f"{newer.delivery_id} is a delivery of {newer.feed}, not of {delivery.feed}",
            f"name a delivery of the same feed: lake receipts --feed {delivery.feed}",
        )
    if newer.delivery_id == delivery.delivery_id or newer.state != DeliveryState.COMMITTED:
        raise LakeError(
            f"{newer.delivery_id} is {newer.state}: it cannot stand in the place of {delivery.delivery_id}",
            f"have the correction taken in first, then recall: lake receipts --feed {delivery.feed}",
        )
    return newer
