"""Columns of a Parquet file that nobody has described."""

from expectations.outline import Outline
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.parquet.file import opened

_MAGIC = b"PAR1"


def outline_of(sample: Sample) -> Outline | None:
    """What a contract of it would say; None where it is no Parquet file.

    Raises:
        DeliveryRejected: it is damaged.
    """
    if not sample.head.startswith(_MAGIC):
        return None
    with opened(sample.path) as parquet:
        return Outline({"format": "parquet"}, list(parquet.schema_arrow.names), ".parquet")
