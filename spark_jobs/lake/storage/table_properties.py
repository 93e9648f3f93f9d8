"""What each Delta table that the lake server makes has in common."""

DELTA_TABLE_PROPERTIES = {
    # Every reader of the lake (delta-rs, DuckDB, Trino) reads protocol 1/2 with classic checkpoints.
    "delta.minReaderVersion": "1",
    "delta.minWriterVersion": "2",
    "delta.enableDeletionVectors": "false",
    "delta.checkpointPolicy": "classic",
    "delta.appendOnly": "false",
}
"""Properties of each Delta table that the lake server creates."""
