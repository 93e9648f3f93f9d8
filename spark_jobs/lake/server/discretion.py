"""What programs on the lake server tell of an error that Spark met in rows: its kind, and no value.

Spark's message quotes what it could not cast (`[CAST_INVALID_INPUT] The value '…'`). The lake's own commands keep it in
a file of mode 0600; libraries log it and print it wherever they please.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OUT_OF_MEMORY = re.compile(
    r"Resources exhausted|MemError|MemoryError|OutOfMemory|Cannot allocate memory|can't start new thread"
    r"|memory allocation of \d+ bytes failed|Failed to allocate additional"
)
"""Words of an engine, and of the libraries that it is made of, for want of memory."""
_TOLD_TWICE = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")
"""PySpark writes each error to standard error as well, before whoever asked has it."""


class WithheldError(Exception):
    """What an engine met in rows, by its kind alone."""


@contextmanager
def withheld() -> Iterator[None]:
    """Within the block an engine reads rows, and each of its errors is told by its kind.

    Sail has names of faults of a query for what it could not cast as well.

    Raises:
        WithheldError: an engine's error.
    """
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        raise WithheldError(_kind(error)) from None


def silence_logs() -> None:
    """PySpark's client logs no error of its own accord: whoever asked is told anyway."""
    from pyspark.logger import PySparkLogger

    for name in _TOLD_TWICE:
        PySparkLogger.getLogger(name).disabled = True


def withhold_messages() -> None:
    """From here on in this process, an error of Spark as text is its kind, unless it speaks of the query alone."""
    from pyspark.errors import AnalysisException, PySparkException
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException

    def kind(error: Any) -> str:
        if isinstance(error, AnalysisException):
            return str(error.getMessage())
        return _kind(error)

    for each in (PySparkException, SparkConnectGrpcException):
        each.__str__ = kind
    silence_logs()


def _kind(error: Any) -> str:
    condition = error.getCondition()
    name = f"[{condition}] {type(error).__name__}" if condition else type(error).__name__
    if OUT_OF_MEMORY.search(str(error.getMessage() or "")):
        name += " (Resources exhausted)"
    return f"{name}; its message is withheld, as it may quote values of rows"


def silence_library(name: str) -> None:
    """A library that logs errors with their messages logs none; who calls it has to look at its result."""
    logging.getLogger(name).setLevel(logging.CRITICAL)
