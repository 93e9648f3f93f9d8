"""How a batch becomes a file: fast writers of whole columns by the format's name; of others their sample writer."""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from expectations.contract.feed import FeedContract
from expectations.contract.format_options import FormatOptions
from spark_jobs.city.batch import Batch
from spark_jobs.city.world.texts import Ints
from spark_jobs.intake.formats import FORMATS, open_decoder

_FAST: dict[str, Any] = {
    module.name: import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)
}
"""Modules with `write(batch, options, path)` and `first_row(options)`; `writes(options)` if not whatever they are."""


def write_batch(batch: Batch, contract: FeedContract, path: Path) -> Ints:
    """Write the batch as the contract says; returns the row number of each record, as bronze counts.

    Raises:
        ValueError: a row has a fault that the format's writer cannot write.
        UnicodeEncodeError: a value holds a character that the encoding lacks.
    """
    options = contract.layout
    fast = _FAST.get(options.format)
    if fast is None or not getattr(fast, "writes", _everything)(options):
        return _write_rows(batch, contract, path)
    fast.write(batch, options, path)
    return np.arange(batch.rows) + int(fast.first_row(options))


def write_sample_rows(rows: list[dict[str, str]], contract: FeedContract, path: Path) -> None:
    """Write rows by their source columns, as every format can."""
    header = [column.source for column in contract.columns]
    FORMATS[contract.layout.format].write_sample(path, contract.layout, header, rows)


def _everything(_: FormatOptions) -> bool:
    return True


def _write_rows(batch: Batch, contract: FeedContract, path: Path) -> Ints:
    if batch.faults or any(kinds.any() for kinds in batch.cells.values()):
        raise ValueError(f"{contract.id}: {contract.layout.format} has no lines or cells that could be at fault")
    header, columns = list(batch.columns), [texts.to_pylist() for texts in batch.columns.values()]
    rows = (dict(zip(header, row, strict=True)) for row in zip(*columns, strict=True))
    FORMATS[contract.layout.format].write_sample(path, contract.layout, header, rows)
    numbers = [each["_row_number"].to_numpy() for each in open_decoder(path, contract).batches()]
    return np.sort(np.concatenate(numbers)) if numbers else np.zeros(0, np.int64)
