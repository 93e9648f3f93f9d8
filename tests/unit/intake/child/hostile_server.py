"""A server whose decoder does what the delivery says: what decoders must not do, and files have made them do."""

import ctypes
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.child import server, worker


class Hostile:
    def __init__(self, path: Path, _: FeedContract) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._order = path.read_text("utf-8")

    def batches(self) -> Iterator[pa.RecordBatch]:
        while self._order == "flood":
            yield pa.record_batch({"a": [os.urandom(1 << 18)]})
        getattr(self, f"_{self._order}")()
        yield pa.record_batch({"a": ["row"]})

    def _behave(self) -> None:
        self.accounting.notes.append("behaved")
        self.accounting.rows_parsed = 1

    def _tell_environment(self) -> None:
        self.accounting.notes.extend(os.environ)

    def _tell_process(self) -> None:
        self.accounting.notes.append(str(os.getpid()))

    def _hog(self) -> None:
        kept = []
        while True:
            kept.append(bytearray(1 << 20))

    def _hog_in_one(self) -> None:
        bytearray(1 << 40)

    def _spin(self) -> None:
        while True:
            pass

    def _sleep(self) -> None:
        time.sleep(600)

    def _segfault(self) -> None:
        ctypes.string_at(0)

    def _exit(self) -> None:
        os._exit(3)

    def _raise(self) -> None:
        raise ValueError(self._order.upper())


if __name__ == "__main__":
    vars(worker)["open_decoder"] = Hostile
    server.main()
