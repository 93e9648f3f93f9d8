"""Columns of a Parquet file that nobody has described."""

from pathlib import Path

from expectations.outline import Outline
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES
from spark_jobs.intake.formats.parquet.file import opened

_MAGIC = b"PAR1"


def outline_of(path: Path) -> Outline | None:
    """What a contract of it would say; None where it is no Parquet file.

    Raises:
        DeliveryRejected: it is damaged.
    """
    with path.open("rb") as file:
        if not file.read(HEAD_BYTES).startswith(_MAGIC):
            return None
    with opened(path) as parquet:
        return Outline({"format": "parquet"}, list(parquet.schema_arrow.names), ".parquet")
