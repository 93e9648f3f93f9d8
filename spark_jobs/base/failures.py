"""What went wrong unexpectedly: kept where its owner alone reads it, and known by a reference everywhere else."""

import os
import traceback
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from spark_jobs.base.settings import settings

MOST_BYTES = 200_000


def keep_failure(error: BaseException, step: str, subject: str) -> dict[str, Any]:
    """Write an error's traceback to `logs/failures/<reference>.txt`; returns what may be told of it.

    A traceback may hold values, so it goes nowhere else; the reference tells nothing and can go anywhere.
    """
    reference = f"{datetime.now(UTC):%Y%m%d}-{uuid4().hex[:10]}"
    folder = settings().home / "logs" / "failures"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = "".join([f"{step} of {subject}\n", *traceback.format_exception(error)])
    handle = os.open(folder / f"{reference}.txt", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
        # The end says what went wrong; a recursion fills the beginning.
        file.write(text[-MOST_BYTES:])
    return {"step": step, "error": type(error).__name__, "reference": reference}
