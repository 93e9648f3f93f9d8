"""The parent's side: deliveries go to a child in groups, and one that brings its child down is charged alone."""

import signal
from collections.abc import Generator, Iterable, Iterator
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.intake.accounting import Accounting, ByteRange
from spark_jobs.intake.child.connection import Death, answers
from spark_jobs.intake.child.decoded import Decoded, DecoderFailure, DecodeTask
from spark_jobs.intake.child.limits import Limits
from spark_jobs.intake.child.request import Request

GROUP_TASKS = 64
GROUP_BYTES = 64 << 20
"""A group is closed by the delivery that reaches either, so that a large one is its last."""


def decode_all(tasks: Iterable[DecodeTask], contract: FeedContract) -> Generator[Decoded, None, None]:
    """Each task's end, in order; tasks are taken a group at a time, so they may be fetched as they are taken.

    The rows lie beside the task's file until `Decoded.discard`.

    Raises:
        LakeError: the machine cannot decode: no space, no process. No delivery is to blame.
    """
    for group in _groups(tasks):
        waiting = group
        while waiting:
            ended = 0
            for decoded in _decode(waiting, contract):
                ended += 1
                yield decoded
            waiting = waiting[ended:]


def _groups(tasks: Iterable[DecodeTask]) -> Iterator[tuple[DecodeTask, ...]]:
    group: list[DecodeTask] = []
    size = 0
    for task in tasks:
        group.append(task)
        size += task.path.stat().st_size
        if len(group) >= GROUP_TASKS or size >= GROUP_BYTES:
            yield tuple(group)
            group, size = [], 0
    if group:
        yield tuple(group)


def _decode(tasks: tuple[DecodeTask, ...], contract: FeedContract) -> Iterator[Decoded]:
    """The ends of the first tasks, at least one, by one process: as far as it lives."""
    limits = Limits.of(settings())
    trace = tasks[0].path.with_name(f"{tasks[0].path.name}.trace")
    ended, is_spent = 0, False
    try:
        for answer in answers(Request(contract, tasks, limits, trace)):
            if isinstance(answer, Death):
                if ended < len(tasks) and not is_spent:
                    yield _killed(tasks[ended], answer, limits, trace.read_text("utf-8", "replace"))
            else:
                yield _decoded(tasks[ended], answer, limits)
                ended += 1
                is_spent = answer.get("limit") == "memory"
    finally:
        trace.unlink(missing_ok=True)


def _decoded(task: DecodeTask, answer: dict[str, Any], limits: Limits) -> Decoded:
    """What the process says of a delivery.

    Raises:
        LakeError: the machine is at fault.
    """
    if "accounting" in answer:
        return Decoded(task, accounting=_accounting(answer["accounting"]))
    Decoded(task).discard()
    if "machine" in answer:
        raise LakeError(
            f"{task.delivery}: decoding stopped: {answer['machine']} at {task.path.parent}",
            "make room or mend the disk, then run it again; nothing was committed of this delivery",
        )
    if "rejected" in answer:
        return Decoded(task, rejected=DeliveryRejected(answer["rejected"], **answer["details"]))
    if "limit" in answer:
        return Decoded(task, rejected=limits.exceeded(answer["limit"], task.path.stat().st_size))
    return Decoded(task, failure=DecoderFailure(answer["failure"], answer["trace"]))


def _accounting(answer: dict[str, Any]) -> Accounting:
    ranges = {name: [ByteRange(**each) for each in answer[name]] for name in ("ranges", "stream_ranges")}
    return Accounting(**{**answer, **ranges})


def _killed(task: DecodeTask, death: Death, limits: Limits, trace: str) -> Decoded:
    """The end of a delivery whose process a signal ended, or that left without an answer."""
    Decoded(task).discard()
    limit = limits.by_death(death.status, death.peak_memory)
    if limit:
        return Decoded(task, rejected=limits.exceeded(limit, task.path.stat().st_size))
    what = signal.Signals(death.status & 0x7F).name if death.status & 0x7F else f"exit {death.status >> 8}"
    return Decoded(task, failure=DecoderFailure(what, trace))
