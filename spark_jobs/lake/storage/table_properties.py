"""What each Delta table of the lake has in common, and which values of rows its log may hold."""

from collections.abc import Iterable, Mapping

from deltalake import WriterProperties

STATISTICS = "delta.dataSkippingStatsColumns"
"""Columns whose least and greatest values stand in the log: ids and dates by which rows are looked for, never what a
row says of a person."""
_LEADING_COLUMNS = "delta.dataSkippingNumIndexedCols"

DELTA_TABLE_PROPERTIES = {
    # Every reader of the lake (delta-rs, DuckDB, Trino) reads protocol 1/2 with classic checkpoints.
    "delta.minReaderVersion": "1",
    "delta.minWriterVersion": "2",
    "delta.enableDeletionVectors": "false",
    "delta.checkpointPolicy": "classic",
    "delta.appendOnly": "false",
    # 32 by default: the log would hold names and numbers of persons. STATISTICS goes before it.
    _LEADING_COLUMNS: "0",
}
"""Properties of each Delta table that the lake server creates."""

REFINED_LOOKED_FOR = ("_delivery_id", "_row_number", "_business_date")
"""What refine looks for by file in silver and quarantine. Least and greatest values of the others cost a tenth of a
write, and would put personal values into the table's log."""
DICTIONARY_BYTES = 64 << 10
"""A column with more than so much of distinct values in a row group is written without a dictionary. With the usual
mebibyte, a million residents took three times as long to write, were an eighth larger and no quicker to read."""
WRITER = WriterProperties(
    compression="ZSTD",
    compression_level=1,
    # A row group is what one core reads at a time; a million rows, the default, would leave all cores but one idle.
    max_row_group_size=131_072,
    dictionary_page_size_limit=DICTIONARY_BYTES,
)
"""How delta-rs writes the files of silver and quarantine."""


def statistics(columns: Iterable[str]) -> dict[str, str]:
    """The property that keeps values of all but these columns out of a table's log."""
    return {STATISTICS: ",".join(columns)}


def missing_statistics(configuration: Mapping[str, str], columns: Iterable[str] = ()) -> dict[str, str]:
    """What a table that was made without them lacks to keep values out of its log; nothing where it has it."""
    if STATISTICS in configuration or configuration.get(_LEADING_COLUMNS) == "0":
        return {}
    wanted = statistics(columns)
    return wanted if wanted[STATISTICS] else {_LEADING_COLUMNS: "0"}
