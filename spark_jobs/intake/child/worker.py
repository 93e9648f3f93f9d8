"""The process that decodes: a few deliveries one after another, each within its limits, told line by line."""

import errno
import faulthandler
import json
import os
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.child.decoded import DecodeTask
from spark_jobs.intake.child.request import Request
from spark_jobs.intake.formats import Decoder, open_decoder

_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE}
"""Errors of the machine, for which no delivery is to blame."""
_COMPRESSED = pa.ipc.IpcWriteOptions(compression="lz4")


def work(request: Request, answers: BinaryIO) -> None:
    """Decode the request's deliveries in order, an answer each; leave after one for which memory did not suffice."""
    with request.trace.open("wb") as trace:
        os.dup2(trace.fileno(), 2)
        faulthandler.enable(trace)
        request.limits.confine()
        _first_to_go()
        for task in request.tasks:
            request.limits.start_clock(task.path.stat().st_size)
            answer = _decode(task, request.contract)
            answers.write(json.dumps(answer).encode("ascii") + b"\n")
            answers.flush()
            if answer.get("limit") == "memory":
                return


def _first_to_go() -> None:
    """When the machine runs out of memory, its kernel is to end this process and not its parent."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def _decode(task: DecodeTask, contract: FeedContract) -> dict[str, Any]:
    try:
        decoder = open_decoder(task.path, contract)
        _write(decoder, task.rows_path)
        return {"accounting": asdict(decoder.accounting)}
    except DeliveryRejected as rejected:
        return {"rejected": rejected.code, "details": {name: _plain(v) for name, v in rejected.details.items()}}
    except (MemoryError, pa.ArrowMemoryError):
        return {"limit": "memory"}
    except OSError as error:
        if error.errno in _MACHINE:
            return {"machine": os.strerror(error.errno or 0)}
        return {"limit": "spool"} if error.errno == errno.EFBIG else _failure(error)
    except Exception as error:
        return _failure(error)


def _write(decoder: Decoder, path: Path) -> None:
    """All rows into an Arrow file; none where there are no rows."""
    batches: Iterator[pa.RecordBatch] = (batch for batch in decoder.batches() if batch.num_rows)
    first = next(batches, None)
    if first is None:
        return
    with path.open("wb") as sink, pa.ipc.new_file(sink, first.schema, options=_COMPRESSED) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)


def _failure(error: BaseException) -> dict[str, Any]:
    """Where and what, without the message, which may quote the delivery."""
    return {"failure": type(error).__name__, "trace": "".join(traceback.format_tb(error.__traceback__))}


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | str) else str(value)
