"""What a served source does wrong while it is switched on, so that it can be seen what the lake makes of it."""

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from time import sleep

from spark_jobs.base.errors import LakeError

KINDS = {
    "slow": "an answer comes three seconds late",
    "busy": "too many requests, come back in a second",
    "failing": "the server fails with an error of its own",
    "cut": "the connection breaks off in the middle of an answer",
    "expired": "the token is valid no longer",
}
"""Each kind, and what it is."""
SLOW_SECONDS = 3.0


class Faults:
    """Which answers of a source go wrong, and how; may be changed while the source is served.

    Args:
        every: kind -> each so manieth answer has it.
    """

    def __init__(self, every: Mapping[str, int] | None = None) -> None:
        self._every = dict(every or {})
        self._next: deque[str] = deque()
        self._lock = threading.Lock()
        self._answers = 0

    @property
    def kinds(self) -> frozenset[str]:
        """Which kinds come again and again."""
        return frozenset(self._every)

    def next(self, *kinds: str) -> None:
        """The answers that come next have these, one each."""
        self._next.extend(kinds)

    def take(self) -> str | None:
        """The fault of the answer that is due; a slow one has been waited for when this returns."""
        with self._lock:
            self._answers += 1
            due = (kind for kind, every in self._every.items() if self._answers % every == 0)
            kind = self._next.popleft() if self._next else next(due, None)
        if kind == "slow":
            sleep(SLOW_SECONDS)
        return kind


def read_faults(texts: Iterable[str]) -> dict[str, dict[str, int]]:
    """Faults by source, of texts such as `credit:busy=5`: each fifth answer of the source credit.

    Raises:
        LakeError: a text is not of that form.
    """
    found: dict[str, dict[str, int]] = {}
    for text in texts:
        source, _, fault = text.partition(":")
        kind, _, every = fault.partition("=")
        if kind not in KINDS or not (every or "1").isdecimal() or int(every or "1") == 0:
            raise LakeError(f"{text!r} names no fault", f"write SOURCE:KIND=EVERY; kinds are {', '.join(KINDS)}")
        found.setdefault(source, {})[kind] = int(every or "1")
    return found
